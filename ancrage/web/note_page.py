"""The steward's page of a note or a public line: look at it, add a sentence, send it with one button. GET shows, only POST sends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.responses import Response

from ancrage.errors import Refused
from ancrage.language import Label, Message, say
from ancrage.notices.dates import Clock
from ancrage.notices.links import Page
from ancrage.notices.plain import one_line
from ancrage.services.desk import reader_of
from ancrage.services.engagement_notes import FeedbackNote, PublicNote, contracts_sponsored, prepare_feedback, prepare_public_line
from ancrage.services.note_sending import Sending, may_tell, publish_line, send_feedback, stakeholders_of
from ancrage.services.programme import current_programme
from ancrage.storage.unit_of_work import UnitOfWork
from ancrage.web.commitment_page import open_link
from ancrage.web.forms import LONGEST_REASON, quarter_of_form
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show

router = APIRouter()


class Sentence(BaseModel):
    """The fields of the form."""

    sentence: str = ""
    quarter: str = ""


@dataclass(frozen=True, slots=True)
class NotePage:
    """What a steward is about to send: a note to a sponsor, or a public line with whom it reaches. `sent`: the button was pressed."""

    title: str
    programme: str
    back: str
    feedback: FeedbackNote | None
    line: PublicNote | None
    told: tuple[str, ...]
    sent: bool
    longest: int


@router.api_route("/p/{token}/feedback/{person}", methods=["GET", "HEAD"])
def feedback(
    request: Request, token: str, person: str, project: Annotated[ProjectLike, Depends(project_of)], quarter: str = "", sent: str = ""
) -> Response:
    """Show the note prepared for a sponsor."""
    claims = open_link(project, token, Page.PERSON)
    as_of = project.now()
    with project.reading() as work:
        programme = current_programme(work)
        note = prepare_feedback(work, person, as_of, quarter_of_form(quarter))
        _require(work, tuple(contract.id for contract in contracts_sponsored(programme, person, as_of)), claims.person, project)
        reader = reader_of(programme, claims.person)
    clock = Clock(language_of(request, reader.language), reader.zone)
    title = say("What the answers of {name} changed", name=note.name).text(clock.language)
    page = NotePage(title, programme.name.text(clock.language), f"/p/{token}", note, None, (note.name,), bool(sent), LONGEST_REASON)
    return show(request, "note_page.html", page, clock)


@router.post("/p/{token}/feedback/{person}")
def send(
    token: str, person: str, form: Annotated[Sentence, Form()], project: Annotated[ProjectLike, Depends(project_of)]
) -> Response:
    """Send the note, once, then show the page again."""
    claims = open_link(project, token, Page.PERSON)
    with project.units() as work:
        send_feedback(work, person, _sending(project, claims.person, form))
    return RedirectResponse(f"/p/{token}/feedback/{person}?sent=1&quarter={form.quarter}", status_code=303)


@router.api_route("/p/{token}/publish/{contract}", methods=["GET", "HEAD"])
def line(
    request: Request, token: str, contract: str, project: Annotated[ProjectLike, Depends(project_of)], quarter: str = "", sent: str = ""
) -> Response:
    """Show the public line prepared for the stakeholders of a contract."""
    claims = open_link(project, token, Page.PERSON)
    as_of = project.now()
    with project.reading() as work:
        programme = current_programme(work)
        note = prepare_public_line(work, contract, as_of, quarter_of_form(quarter))
        _require(work, (contract,), claims.person, project)
        reader = reader_of(programme, claims.person)
        people = programme.organisation.people
        told = tuple(people[who].name for who in stakeholders_of(programme, programme.contracts[contract], as_of))
    clock = Clock(language_of(request, reader.language), reader.zone)
    title = say("The public line of a contract").text(clock.language)
    page = NotePage(title, programme.name.text(clock.language), f"/p/{token}", None, note, told, bool(sent), LONGEST_REASON)
    return show(request, "note_page.html", page, clock)


@router.post("/p/{token}/publish/{contract}")
def publish(
    token: str, contract: str, form: Annotated[Sentence, Form()], project: Annotated[ProjectLike, Depends(project_of)]
) -> Response:
    """Send the line, once, then show the page again."""
    claims = open_link(project, token, Page.PERSON)
    with project.units() as work:
        publish_line(work, contract, _sending(project, claims.person, form))
    return RedirectResponse(f"/p/{token}/publish/{contract}?sent=1&quarter={form.quarter}", status_code=303)


def _sending(project: ProjectLike, person: str, form: Sentence) -> Sending:
    sentence = one_line(form.sentence, LONGEST_REASON)
    return Sending(person, project.now(), project.personal_channels, sentence, quarter_of_form(form.quarter))


def _require(work: UnitOfWork, contracts: tuple[str, ...], person: str, project: ProjectLike) -> None:
    programme = current_programme(work)
    if not may_tell(programme, [programme.contracts[contract] for contract in contracts], person, project.now()):
        raise Refused("not_allowed", say("Only a steward sends it: nothing was sent."))


@dataclass(frozen=True, slots=True)
class ToGiveBack:
    """What a steward may send: one address per sponsor and per contract."""

    address: str
    title: Message | Label


def to_give_back(work: UnitOfWork, person: str, token: str, project: ProjectLike) -> tuple[ToGiveBack, ...]:
    """Everything this person may send as a steward, in declared order; empty for everybody else."""
    programme, at = current_programme(work), project.now()
    mine = [contract for contract in programme.contracts.values() if may_tell(programme, (contract,), person, at)]
    sponsors = dict.fromkeys(
        who for contract in mine for role in (contract.sponsor, contract.co_sponsor) if role
        if (who := programme.organisation.holder(role, at)) is not None and who != person
    )  # fmt: skip
    names = {who: programme.organisation.people[who].name for who in sponsors}
    notes = [ToGiveBack(f"/p/{token}/feedback/{who}", say("To {name}: what their answers changed", name=names[who])) for who in sponsors]
    return (*notes, *(ToGiveBack(f"/p/{token}/publish/{contract.id}", contract.name) for contract in mine))
