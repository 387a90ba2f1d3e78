"""Evidence behind one answer: a link or a file, given on a page of its own. GET shows and hands out, only POST adds.

A file is known by its content, kept under its digest in the data folder, which no page serves, and handed out as an attachment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.responses import Response

from ancrage.domain.assessment.types import CellKey
from ancrage.errors import NotFound, Refused
from ancrage.exchange.evidence_files import keep_file, read_file
from ancrage.exchange.file_kinds import KNOWN, kind_of
from ancrage.language import Message, say
from ancrage.notices.dates import Clock
from ancrage.notices.links import LinkClaims, Page
from ancrage.notices.notice import Addressee
from ancrage.services.anchoring_watch import local_day
from ancrage.services.desk import reader_of
from ancrage.services.evidence import LARGEST_FILE, EvidenceView, NewEvidence, add_evidence, list_evidence, plain_name, use_evidence
from ancrage.services.programme import current_programme
from ancrage.services.request_views import QuestionView, requests_of
from ancrage.storage.unit_of_work import UnitOfWork
from ancrage.web.commitment_page import open_link
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show

EVIDENCE_FOLDER = "evidence"
LONGEST_LINK = 2000

router = APIRouter()
Project = Annotated[ProjectLike, Depends(project_of)]


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece behind the answer; `address` is where it is read: the link itself, or our page that hands out the file."""

    view: EvidenceView
    address: str
    expired: bool


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """What stands behind one answer, and the form that adds to it. `refused` is why the last piece was not taken."""

    title: str
    programme: str
    reader: Addressee
    address: str
    back: str
    question: QuestionView
    pieces: tuple[Piece, ...]
    today: date
    can_add: bool
    added: bool
    refused: Message | None
    largest_megabytes: int
    longest_link: int
    kinds: str


@router.api_route("/p/{token}/campaigns/{campaign}/evidence", methods=["GET", "HEAD"])
def shown(
    request: Request, token: str, campaign: str, project: Project, process: str = "", practice: str = "", added: str = ""
) -> Response:
    """Show the evidence of one answer. Changes nothing."""
    claims = open_link(project, token, Page.PERSON)
    return _answer(request, project, claims, campaign, CellKey(process, practice), added=bool(added))


@router.post("/p/{token}/campaigns/{campaign}/evidence")
async def give(
    request: Request, token: str, campaign: str, project: Project, process: str = "", practice: str = ""
) -> Response:
    """Put a link or a file behind the answer. The link is checked before the form is read."""
    claims = open_link(project, token, Page.PERSON)
    try:
        async with request.form(max_files=1, max_fields=8) as sent:
            content, name = await _file_of(sent)
            return await run_in_threadpool(_give, request, project, claims, campaign, CellKey(process, practice), sent, content, name)
    except MultiPartException:
        raise Refused("form", say("This form is not complete. Open the link of your message again.")) from None


async def _file_of(sent: FormData) -> tuple[bytes | None, str]:
    given = sent.get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        return None, ""
    return await given.read(LARGEST_FILE + 1), plain_name(given.filename)


def _give(
    request: Request, project: ProjectLike, claims: LinkClaims, campaign: str, cell: CellKey, sent: FormData, content: bytes | None,
    file_name: str,
) -> Response:  # fmt: skip
    at = project.now()
    with project.reading() as work:
        _question_of(work, claims.person, campaign, cell)
        today = local_day(current_programme(work), at)
    try:
        new = _new(sent, content, file_name, today)
        with project.units() as work:
            evidence = add_evidence(work, new, claims.person, at)
            use_evidence(work, campaign, cell, evidence, claims.person, at)
            if content is not None:
                keep_file(project.data_folder / EVIDENCE_FOLDER, content)
    except Refused as refusal:
        if refusal.code == "closed":
            raise
        return _answer(request, project, claims, campaign, cell, refused=refusal.message)
    return RedirectResponse(f"{_address(request, campaign, cell)}&added=1", status_code=303)


def _new(sent: FormData, content: bytes | None, file_name: str, today: date) -> NewEvidence:
    link, name = _text(sent, "link"), _text(sent, "name")
    if bool(link) == (content is not None):
        raise Refused("one", say("Give a link or a file, one of them."))
    if content is not None and content and kind_of(content) is None:
        raise Refused("kind", say("{name} is of no kind that is taken; taken are: {kinds}", name=file_name, kinds=", ".join(KNOWN)))
    return NewEvidence(
        name or file_name or link, _day(sent, "dated") or today, _day(sent, "expires"), content=content, address=link
    )


def _text(sent: FormData, name: str) -> str:
    value = sent.get(name)
    return value.strip() if isinstance(value, str) else ""


def _day(sent: FormData, name: str) -> date | None:
    text = _text(sent, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("form", say("{text} is not a date.", text=repr(text[:40]))) from None


@router.api_route("/p/{token}/campaigns/{campaign}/evidence/{evidence}", methods=["GET", "HEAD"])
def handed_out(token: str, campaign: str, evidence: str, project: Project) -> Response:
    """The file of a piece that stands behind what this person is asked, as an attachment."""
    claims = open_link(project, token, Page.PERSON)
    with project.reading() as work:
        asked = {piece for request in requests_of(work, claims.person, campaign) for it in request.questions for piece in _behind(it)}
        view = next((piece for piece in list_evidence(work) if piece.id == evidence and piece.id in asked), None)
    return evidence_file(project.data_folder, view)


def _behind(question: QuestionView) -> tuple[str, ...]:
    earlier = question.earlier
    return question.evidence + (earlier.evidence + earlier.expired if earlier else ())


def evidence_file(data_folder: Path, view: EvidenceView | None) -> Response:
    """A kept file as a download: its media type by its content, never shown inside a page of ours. NotFound without a file."""
    if view is None or not view.sha256:
        raise NotFound(say("the file of this evidence is no longer there"))
    content = read_file(data_folder / EVIDENCE_FOLDER, view.sha256)
    kind = kind_of(content)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(view.name)}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(content, media_type=kind.media_type if kind else "application/octet-stream", headers=headers)


def _question_of(work: UnitOfWork, person: str, campaign: str, cell: CellKey) -> tuple[QuestionView, bool]:
    """The question, and whether its answers may still change."""
    for request in requests_of(work, person, campaign):
        for question in request.questions:
            if (question.process, question.practice) == cell:
                return question, request.campaign.status == "open"
    raise NotFound(say("This campaign does not ask you that."))


def _address(request: Request, campaign: str, cell: CellKey) -> str:
    query = urlencode({"process": cell.process, "practice": cell.practice})
    return f"/p/{request.path_params['token']}/campaigns/{quote(campaign)}/evidence?{query}"


def _answer(
    request: Request, project: ProjectLike, claims: LinkClaims, campaign: str, cell: CellKey, *, added: bool = False,
    refused: Message | None = None,
) -> Response:  # fmt: skip
    """The page, whatever led to it."""
    with project.reading() as work:
        programme = current_programme(work)
        reader = reader_of(programme, claims.person)
        question, can_add = _question_of(work, claims.person, campaign, cell)
        today = local_day(programme, project.now())
        pieces: Sequence[EvidenceView] = [piece for piece in list_evidence(work) if piece.id in question.evidence]
    clock = Clock(language_of(request, reader.language), reader.zone)
    base = f"/p/{request.path_params['token']}/campaigns/{quote(campaign)}"
    page = EvidencePage(
        title=say("Evidence").text(clock.language), programme=programme.name.text(clock.language), reader=reader,
        address=_address(request, campaign, cell), back=f"{base}#q-{quote(f'{cell.process}/{cell.practice}')}", question=question,
        pieces=tuple(Piece(it, it.address or f"{base}/evidence/{quote(it.id)}", it.is_expired(today)) for it in pieces), today=today,
        can_add=can_add, added=added, refused=refused, largest_megabytes=LARGEST_FILE // 1024**2, longest_link=LONGEST_LINK,
        kinds=", ".join(KNOWN),
    )
    return show(request, "evidence.html", page, clock, status_code=422 if refused else 200)
