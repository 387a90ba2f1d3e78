"""Answering offline: the workbook of one person to download, and a filled one given back, looked at, then accepted.

The first POST keeps the file and shows what it would change; only the second one changes answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.responses import Response

from ancrage.errors import NotFound, Problem, ProblemsFound, Refused
from ancrage.exchange.answer_workbook import LARGEST_FILE
from ancrage.language import Label, Message, say
from ancrage.notices.dates import Clock
from ancrage.notices.links import LinkClaims, Page
from ancrage.notices.notice import Addressee
from ancrage.notices.plain import one_line
from ancrage.services.answer_workbooks import answer_workbook
from ancrage.services.desk import reader_of
from ancrage.services.programme import current_programme
from ancrage.services.request_views import RequestView, requests_of
from ancrage.services.workbook_intake import (
    CellDifference,
    CellState,
    WorkbookDifference,
    answers_taken,
    examine_workbook,
    take_workbook,
)
from ancrage.storage.unit_of_work import UnitOfWork
from ancrage.web.commitment_page import open_link
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show
from ancrage.web.uploads import Uploads

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_FILE_NAME = 120
SHOWN = (CellState.NEW, CellState.CHANGED, CellState.NEWER)
STATES = {
    CellState.NEW: say("new"),
    CellState.CHANGED: say("changed"),
    CellState.NEWER: say("a newer answer is known"),
}

router = APIRouter()


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One answer of the file that differs from what is known."""

    cell: str
    process: Label
    practice: Label
    state: Message
    newer: bool
    known: tuple[str, str] | None
    found: tuple[str, str] | None
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was given: what it would change, line by line, and what is wrong in it. `upload` names it for the second button."""

    file: str
    upload: str
    lines: tuple[ChangeLine, ...]
    problems: tuple[Problem, ...]
    takes: int
    newer: int
    same: int
    empty: int


@dataclass(frozen=True, slots=True)
class WorkbookPage:
    """What is asked of one person, with the workbook to answer it in. `taken` counts the answers of the file just accepted."""

    title: str
    programme: str
    reader: Addressee
    address: str
    back: str
    requests: tuple[RequestView, ...]
    looked: Looked | None
    refused: tuple[Problem, ...]
    taken: int | None
    largest_megabytes: int


class Acceptance(BaseModel):
    """The second form: which file, and whether answers given in the meantime are replaced."""

    upload: str = ""
    file: str = ""
    over: str = ""


@router.api_route("/p/{token}/answers.xlsx", methods=["GET", "HEAD"])
def download(token: str, project: Annotated[ProjectLike, Depends(project_of)]) -> Response:
    """The workbook of the person a link was made for. Changes nothing."""
    claims = open_link(project, token, Page.PERSON)
    with project.reading() as work:
        written = answer_workbook(work, claims.person, project.link_keys, project.now())
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(written.file)}"}
    return Response(written.content, media_type=XLSX, headers=headers)


@router.api_route("/p/{token}/answers", methods=["GET", "HEAD"])
def answers(request: Request, token: str, project: Annotated[ProjectLike, Depends(project_of)], taken: str = "") -> Response:
    """How to answer offline, and the form that takes the file back. Changes nothing."""
    claims = open_link(project, token, Page.PERSON)
    return _answer(request, project, claims, taken=taken)


@router.post("/p/{token}/answers")
async def upload(request: Request, token: str, project: Annotated[ProjectLike, Depends(project_of)]) -> Response:
    """Show what a filled workbook would change; no answer changes yet. The link is checked before the file is read."""
    claims = open_link(project, token, Page.PERSON)
    data, name = await _file_of(request)
    return await run_in_threadpool(_look, request, project, claims, data, name)


async def _file_of(request: Request) -> tuple[bytes, str]:
    try:
        async with request.form(max_files=1, max_fields=4) as form:
            given = form.get("workbook")
            if not isinstance(given, UploadFile) or not given.filename:
                raise Refused("form", say("No file was chosen. Go back, choose your workbook, and send it."))
            return await given.read(LARGEST_FILE + 1), _plain_name(given.filename)
    except MultiPartException:
        raise Refused("form", say("This form is not complete. Open the link of your message again.")) from None


def _plain_name(name: str) -> str:
    """The name as it is shown and kept in the journal: its last part, on one line, no longer than is read."""
    return one_line(name.replace("\\", "/").rpartition("/")[2], LONGEST_FILE_NAME) or "-"


def _look(request: Request, project: ProjectLike, claims: LinkClaims, data: bytes, name: str) -> Response:
    try:
        with project.reading() as work:
            difference = examine_workbook(work, data, name, project.link_keys, claims.person)
            names = _names(requests_of(work, claims.person))
    except ProblemsFound as found:
        return _answer(request, project, claims, refused=found.problems)
    kept = _uploads(project).keep(data)
    looked = Looked(
        file=name, upload=kept, lines=tuple(_lines(difference, names)), problems=difference.problems,
        takes=difference.count(CellState.NEW, CellState.CHANGED), newer=difference.count(CellState.NEWER),
        same=difference.count(CellState.SAME, CellState.KEPT), empty=difference.count(CellState.EMPTY),
    )  # fmt: skip
    return _answer(request, project, claims, looked=looked)


@router.post("/p/{token}/answers/take")
def accept(
    request: Request, token: str, form: Annotated[Acceptance, Form()], project: Annotated[ProjectLike, Depends(project_of)]
) -> Response:
    """Take a file that was looked at: looked at again, in the transaction that writes."""
    claims = open_link(project, token, Page.PERSON)
    uploads, at = _uploads(project), project.now()
    data = uploads.read(form.upload)
    with project.units() as work:
        difference = examine_workbook(work, data, _plain_name(form.file), project.link_keys, claims.person)
        take_workbook(work, difference, at, overwrite_newer=bool(form.over))
    uploads.forget(form.upload)
    return RedirectResponse(f"{request.url.path.removesuffix('/take')}?taken={difference.sha256}", status_code=303)


def _uploads(project: ProjectLike) -> Uploads:
    return Uploads(project.data_folder / "uploads")


Names = dict[tuple[str, str], tuple[Label, Label]]


def _names(requests: tuple[RequestView, ...]) -> Names:
    questions = (question for request in requests for question in request.questions)
    return {(it.process, it.practice): (it.process_name, it.practice_name) for it in questions}


def _lines(difference: WorkbookDifference, names: Names) -> Iterator[ChangeLine]:
    for sheet in difference.sheets:
        for cell in sheet.cells:
            if cell.state in SHOWN:
                yield _line(cell, sheet.sheet, names)


def _line(cell: CellDifference, sheet: str, names: Names) -> ChangeLine:
    process, practice = names.get((cell.process, cell.practice), (Label.same(cell.process), Label.same(cell.practice)))
    newer = cell.state is CellState.NEWER
    return ChangeLine(f"{sheet}!{cell.cell}", process, practice, STATES[cell.state], newer, cell.known, cell.found, cell.links)


def _answer(
    request: Request, project: ProjectLike, claims: LinkClaims, *, looked: Looked | None = None, refused: tuple[Problem, ...] = (),
    taken: str = "",
) -> Response:  # fmt: skip
    """The page, whatever led to it."""
    with project.reading() as work:
        programme = current_programme(work)
        reader = reader_of(programme, claims.person)
        requests = tuple(it for it in _asked(work, claims.person) if it.submitted_at is None)
        count = answers_taken(work, claims.person, taken) if taken else None
    clock = Clock(language_of(request, reader.language), reader.zone)
    base = f"/p/{request.path_params['token']}"
    page = WorkbookPage(
        title=say("Answer offline").text(clock.language), programme=programme.name.text(clock.language), reader=reader,
        address=f"{base}/answers", back=base, requests=requests, looked=looked, refused=refused, taken=count,
        largest_megabytes=LARGEST_FILE // 1024**2,
    )  # fmt: skip
    return show(request, "workbook.html", page, clock, status_code=422 if refused else 200)


def _asked(work: UnitOfWork, person_id: str) -> tuple[RequestView, ...]:
    try:
        return requests_of(work, person_id)
    except NotFound:
        return ()


