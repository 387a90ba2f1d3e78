"""The request form: what one campaign asks one person, on one page, by process and area. GET shows, only its buttons keep anything.

Answers are saved together. One that somebody gave meanwhile (in a workbook, in another window) is shown and stays until its reader saves
again; nothing that was typed is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import Response

from ancrage.domain.assessment.types import NOT_APPLICABLE, CellKey
from ancrage.errors import NotFound, Refused
from ancrage.language import Label, Message, say
from ancrage.notices.dates import Clock
from ancrage.notices.links import LinkClaims, Page
from ancrage.notices.notice import Addressee
from ancrage.notices.plain import one_line
from ancrage.services.answering import Kept, PageAnswer, confirm_earlier, keep_answers, plain_lines
from ancrage.services.campaign_requests import RequestEvent, reopen_request
from ancrage.services.campaigns import submit
from ancrage.services.desk import reader_of
from ancrage.services.evidence import list_evidence
from ancrage.services.programme import current_programme
from ancrage.services.request_views import QuestionView, RequestView, requests_of
from ancrage.storage.unit_of_work import UnitOfWork
from ancrage.web.commitment_page import open_link
from ancrage.web.forms import LONGEST_REASON
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show

LONGEST_COMMENT = 2000
MOST_FIELDS = 20_000
SAVE, HAND_IN, CONFIRM, EVIDENCE = "save", "submit", "confirm ", "evidence "
DOES_NOT_APPLY = say("It does not apply here")
AFTER: Mapping[str, Message] = {
    "saved": say("Your answers are saved."),
    "submitted": say("Your answers are handed in. Thank you."),
    "reopened": say("You can change your answers again; hand them in when you are done."),
}
EVENTS: Mapping[str, Message] = {
    "submitted": say("handed in"), "changes_requested": say("given back, with what should change"), "reopened": say("taken up again"),
}

router = APIRouter()
Project = Annotated[ProjectLike, Depends(project_of)]


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that may be chosen, in the words of the question's own answer set."""

    code: str
    label: Label


@dataclass(frozen=True, slots=True)
class Question:
    """One question as the form shows it. `value` and `comment` are what its reader typed, where that is not kept yet."""

    view: QuestionView
    key: str
    anchor: str
    choices: tuple[Choice, ...]
    value: str
    comment: str
    meanwhile: Label | None
    """The answer that somebody gave since the page was shown."""
    lacks_value: bool
    evidence: tuple[str, ...]
    earlier: Label | None


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """The questions of one practice area of one process."""

    name: Label
    questions: tuple[Question, ...]

    @property
    def answered(self) -> int:
        return sum(question.view.value is not None for question in self.questions)


@dataclass(frozen=True, slots=True)
class ProcessGroup:
    """The areas asked about one process."""

    name: Label
    areas: tuple[AreaGroup, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history of a request: `by` is a name."""

    event: RequestEvent
    what: Message
    by: str


@dataclass(frozen=True, slots=True)
class AnswerPage:
    """What one campaign asks one person. `said` is what became of the last button; `first_open` the anchor of the first question
    without an answer, empty where there is none."""

    title: str
    programme: str
    reader: Addressee
    address: str
    back: str
    request: RequestView
    groups: tuple[ProcessGroup, ...]
    history: tuple[Event, ...]
    said: Message | None
    wrong: bool
    can_answer: bool
    first_open: str
    longest_comment: int
    longest_reason: int

    @property
    def asked(self) -> int:
        return len(self.request.questions)

    @property
    def answered(self) -> int:
        return self.asked - self.request.unanswered


@dataclass(frozen=True, slots=True)
class Typed:
    """What a reader sent that is not kept yet."""

    answers: Mapping[CellKey, PageAnswer] = field(default_factory=dict)
    kept: Kept = field(default_factory=lambda: Kept(0))


@router.api_route("/p/{token}/campaigns/{campaign}", methods=["GET", "HEAD"])
def form(request: Request, token: str, campaign: str, project: Project, after: str = "") -> Response:
    """Show the questions with the answers given so far. Changes nothing."""
    claims = open_link(project, token, Page.PERSON)
    return _answer(request, project, claims, campaign, AFTER.get(after))


@router.post("/p/{token}/campaigns/{campaign}")
async def save(request: Request, token: str, campaign: str, project: Project) -> Response:
    """Keep the answers of the page, then do what the button asks. The link is checked before the form is read."""
    claims = open_link(project, token, Page.PERSON)
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as sent:
        return await run_in_threadpool(_save, request, project, claims, campaign, sent)


def _save(request: Request, project: ProjectLike, claims: LinkClaims, campaign: str, sent: FormData) -> Response:
    then, at = str(sent.get("then") or SAVE), project.now()
    with project.units() as work:
        given = tuple(_given(_request_of(work, claims.person, campaign), sent))
        kept = keep_answers(work, campaign, claims.person, given, at)
        if then.startswith(CONFIRM):
            confirm_earlier(work, campaign, claims.person, _cell(then.removeprefix(CONFIRM)), at)
    if not kept.is_whole:
        return _answer(request, project, claims, campaign, _unkept(kept), Typed({answer.cell: answer for answer in given}, kept))
    if then == HAND_IN:
        return _hand_in(request, project, claims, campaign)
    base = request.url.path
    if then.startswith(EVIDENCE):
        process, practice = _cell(then.removeprefix(EVIDENCE))
        return RedirectResponse(f"{base}/evidence?process={quote(process)}&practice={quote(practice)}", status_code=303)
    anchor = f"#q-{quote(then.removeprefix(CONFIRM))}" if then.startswith(CONFIRM) else ""
    return RedirectResponse(f"{base}?after=saved{anchor}", status_code=303)


def _hand_in(request: Request, project: ProjectLike, claims: LinkClaims, campaign: str) -> Response:
    """The answers are kept already: what is missing does not cost them."""
    try:
        with project.units() as work:
            submit(work, campaign, claims.person, project.now(), project.first_channels)
    except Refused as refusal:
        if refusal.code != "incomplete":
            raise
        said = say("Your answers are saved, but not handed in yet: some questions have no answer.")
        return _answer(request, project, claims, campaign, said, wrong=True)
    return RedirectResponse(f"{request.url.path}?after=submitted", status_code=303)


@router.post("/p/{token}/campaigns/{campaign}/reopen")
def reopen(token: str, campaign: str, project: Project, why: Annotated[str, Form()] = "") -> Response:
    """Take answers up again that were handed in."""
    claims = open_link(project, token, Page.PERSON)
    with project.units() as work:
        reopen_request(work, campaign, claims.person, claims.person, project.now(), one_line(why, LONGEST_REASON))
    return RedirectResponse(f"/p/{token}/campaigns/{quote(campaign)}?after=reopened", status_code=303)


def _unkept(kept: Kept) -> Message:
    if kept.meanwhile:
        return say(
            "{count} questions were answered differently since you opened this page. Those answers stay; yours are shown beside them, "
            "and replace them when you save again.", count=len(kept.meanwhile),
        )  # fmt: skip
    return say("{count} comments have no answer beside them yet: choose one, then save again.", count=len(kept.without_value))


def _request_of(work: UnitOfWork, person: str, campaign: str) -> RequestView:
    found = requests_of(work, person, campaign)
    if not found:
        raise NotFound(say("This campaign asks you nothing."))
    return found[0]


def _given(view: RequestView, sent: FormData) -> Iterator[PageAnswer]:
    """The answers that are in the form; a question the form does not know is left as it is."""
    for question in view.questions:
        key = _key(question)
        known = str(sent.get(f"known/{key}", ""))
        if known.isdecimal() and len(known) < 7:
            comment = plain_lines(str(sent.get(f"comment/{key}") or ""))[:LONGEST_COMMENT]
            cell = CellKey(question.process, question.practice)
            yield PageAnswer(cell, _value(question, str(sent.get(f"answer/{key}") or "")), comment, int(known))


def _value(question: QuestionView, value: str) -> str:
    if value and value not in {NOT_APPLICABLE, *(known.code for known in question.scale)}:
        raise Refused("form", say("This form is not complete. Open the link of your message again."))
    return value


def _key(question: QuestionView) -> str:
    return f"{question.process}/{question.practice}"


def _cell(key: str) -> CellKey:
    process, _, practice = key.partition("/")
    return CellKey(process, practice)


def _answer(
    request: Request, project: ProjectLike, claims: LinkClaims, campaign: str, said: Message | None, typed: Typed | None = None, *,
    wrong: bool = False,
) -> Response:  # fmt: skip
    """The page, whatever led to it."""
    with project.reading() as work:
        programme = current_programme(work)
        reader, view = reader_of(programme, claims.person), _request_of(work, claims.person, campaign)
        names = {piece.id: piece.name for piece in list_evidence(work)}
    typed = typed or Typed()
    questions = tuple(_question(it, names, typed) for it in view.questions)
    people = programme.organisation.people
    clock = Clock(language_of(request, reader.language), reader.zone)
    base = f"/p/{request.path_params['token']}"
    page = AnswerPage(
        title=view.campaign.name.text(clock.language), programme=programme.name.text(clock.language), reader=reader,
        address=f"{base}/campaigns/{quote(campaign)}", back=base, request=view, groups=_groups(questions),
        history=tuple(Event(it, EVENTS[it.what], people[it.by].name if it.by in people else it.by) for it in view.history),
        said=said, wrong=wrong or not typed.kept.is_whole, can_answer=view.submitted_at is None and view.campaign.status == "open",
        first_open=next((it.anchor for it in questions if it.view.value is None), ""),
        longest_comment=LONGEST_COMMENT, longest_reason=LONGEST_REASON,
    )
    return show(request, "answers.html", page, clock, status_code=409 if page.wrong else 200)


def _question(it: QuestionView, names: Mapping[str, str], typed: Typed) -> Question:
    cell = CellKey(it.process, it.practice)
    choices = (*(Choice(value.code, value.label) for value in it.scale), Choice(NOT_APPLICABLE, DOES_NOT_APPLY.label()))
    words = {choice.code: choice.label for choice in choices}
    sent = typed.answers.get(cell)
    newer = cell in typed.kept.meanwhile
    lacks = cell in typed.kept.without_value
    value, comment = (sent.value, sent.comment) if sent and (newer or lacks) else (it.value or "", it.comment)
    return Question(
        view=it, key=_key(it), anchor=f"q-{_key(it)}", choices=choices, value=value, comment=comment,
        meanwhile=words.get(it.value or "") if newer else None, lacks_value=lacks,
        evidence=tuple(names.get(piece, piece) for piece in it.evidence),
        earlier=words.get(it.earlier.value, Label.same(it.earlier.value)) if it.earlier else None,
    )


def _groups(questions: tuple[Question, ...]) -> tuple[ProcessGroup, ...]:
    """By process, then by area, in the order of asking."""
    return tuple(
        ProcessGroup(mine[0].view.process_name, tuple(_areas(mine)))
        for _, found in groupby(questions, key=lambda it: it.view.process) if (mine := tuple(found))
    )  # fmt: skip


def _areas(questions: tuple[Question, ...]) -> Iterator[AreaGroup]:
    for _, found in groupby(questions, key=lambda it: it.view.area_name):
        mine = tuple(found)
        yield AreaGroup(mine[0].view.area_name, mine)
