"""The page behind the link of a message: what was promised, by when, why now, and the buttons. GET shows, only POST acts (ESC-A12)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from ancrage.domain.escalation.facts import ActionKind
from ancrage.domain.indicators import Phase
from ancrage.language import Message, say
from ancrage.notices.dates import Clock
from ancrage.notices.links import LinkClaims, LinkRefused, Page, read_link, sign_link
from ancrage.services.alert_answers import AlertAnswer, Answerable, Plan, answer_alert, answers_to
from ancrage.services.anchoring_decisions import asked_lifetime, decide_asked_lifetime
from ancrage.services.answering import campaign_of_request
from ancrage.services.contract_desk import ContractSheet, fetch_contract_sheet
from ancrage.services.desk import CommitmentSheet, act_by_link, fetch_sheet, reader_of
from ancrage.services.programme import current_programme
from ancrage.services.waivers import ask_for_waiver, refuse_waivers
from ancrage.web.contract_words import contract_said, contract_standing
from ancrage.web.errors import LinkUnusableError
from ancrage.web.forms import ABOUT_WAIVERS, ASK_WAIVER, FURTHEST_DAYS, LONGEST_REASON, REFUSE_WAIVER, Answer, action_of, day_of_form
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show
from ancrage.web.words import DONE, REFUSALS, heading, standing, tone

router = APIRouter()


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """The page of one commitment for one reader. `act` names this showing of its forms; `said` is what became of the last button."""

    title: str
    programme: str
    sheet: CommitmentSheet
    standing: Message
    tone: str
    said: Message | None
    refused: bool
    act: str
    first_day: date
    last_day: date
    longest_reason: int
    contract: ContractSheet | None = None
    """The version of a contract that it asks to sign: then its buttons stand beside, or in place of, the ordinary ones."""
    contract_standing: Message | None = None
    alert: Answerable | None = None
    """What the reader may answer to the alert it asks about."""
    lifetime: str = ""
    """Id of the indicator whose lifetime it asks to decide."""
    form_address: str = ""
    """Where the questions of a campaign are answered, for a request that asks to answer them."""


@router.api_route("/c/{token}", methods=["GET", "HEAD"])
def commitment(request: Request, token: str, project: Annotated[ProjectLike, Depends(project_of)], after: str = "") -> Response:
    """Show the commitment of a link. Changes nothing, however often it is opened."""
    claims = open_link(project, token, Page.COMMITMENT)
    with project.reading() as work:
        sheet = fetch_sheet(work, claims.subject, claims.person, project.now(), after or None)
        contract = fetch_contract_sheet(work, claims.subject, claims.person, project.now())
        campaign = campaign_of_request(work, claims.subject, claims.person)
        alert = answers_to(work, claims.subject, claims.person, project.now())
        lifetime = asked_lifetime(work, claims.subject)
    clock = Clock(language_of(request, sheet.reader.language), sheet.reader.zone)
    page = with_contract(_page(sheet, clock, project, after), contract, after)
    return show(request, "commitment.html", replace(
        page, form_address=_form(project, claims, campaign), alert=alert, lifetime=lifetime
    ), clock)  # fmt: skip


def _form(project: ProjectLike, claims: LinkClaims, campaign: str | None) -> str:
    """The person's own way to the questions; it lives as long as the link that brought them here."""
    if campaign is None:
        return ""
    mine = LinkClaims(Page.PERSON, claims.person, "", claims.issued, claims.expires)
    return f"/p/{sign_link(project.link_keys, mine)}/campaigns/{quote(campaign)}"


@router.post("/c/{token}")
def answer(
    request: Request, token: str, form: Annotated[Answer, Form()], project: Annotated[ProjectLike, Depends(project_of)]
) -> Response:
    """Do what a button asks, once, then show the page again."""
    claims = open_link(project, token, Page.COMMITMENT)
    at = project.now()
    with project.units() as work:
        zone = reader_of(current_programme(work), claims.person).zone
        action = action_of(form, claims.subject, claims.person, zone, at)
        if form.deed == ASK_WAIVER:
            ask_for_waiver(work, claims.subject, action, project.first_channels)
        elif form.deed == REFUSE_WAIVER:
            refuse_waivers(work, claims.subject, action, form.read_up_to, project.first_channels)
        elif form.deed in set(AlertAnswer):
            plan = Plan(action.reason, day_of_form(form.until))
            answer_alert(work, claims.subject, action, AlertAnswer(form.deed), project.first_channels, plan)
        elif form.deed in (Phase.WATCH, Phase.RETIRE) and asked_lifetime(work, claims.subject):
            decide_asked_lifetime(work, claims.subject, Phase(form.deed), day_of_form(form.until), action, project.first_channels)
        else:
            act_by_link(work, claims.subject, project.first_channels, action)
    after = f"waiver-{form.deed}" if form.deed in ABOUT_WAIVERS else action.id
    return RedirectResponse(f"{request.url.path}?after={quote(after)}", status_code=303)


def open_link(project: ProjectLike, token: str, page: Page) -> LinkClaims:
    """What a link says. LinkUnusableError for one that was not made here or has expired."""
    opened = read_link(project.link_keys, token, page, project.now())
    if isinstance(opened, LinkRefused):
        raise LinkUnusableError(opened)
    return opened


def _page(sheet: CommitmentSheet, clock: Clock, project: ProjectLike, after: str) -> CommitmentPage:
    today = clock.local(project.now()).date()
    said, refused = _said(sheet, after)
    return CommitmentPage(
        title=heading(sheet.view, clock.language), programme=sheet.programme.text(clock.language), sheet=sheet,
        standing=standing(sheet.view, clock), tone=tone(sheet.view), said=said, refused=refused, act=secrets.token_hex(16),
        first_day=today, last_day=today + timedelta(days=FURTHEST_DAYS - 1), longest_reason=LONGEST_REASON,
    )


def with_contract(page: CommitmentPage, contract: ContractSheet | None, after: str) -> CommitmentPage:
    """The page of a request to sign shows the contract, and what became of the last of its buttons."""
    if contract is None:
        return page
    said = contract_said(contract, after.removeprefix("contract-"), page.sheet.reader.person_id)
    return replace(page, contract=contract, contract_standing=contract_standing(contract), said=page.said or said)


def _said(sheet: CommitmentSheet, after: str) -> tuple[Message | None, bool]:
    """What became of the last button, from stored facts, and whether it was refused."""
    if after == f"waiver-{ASK_WAIVER}" and any(one.mine for one in sheet.waivers_asked):
        return say("Noted: those who may waive it are told of your request and its reason. Until they decide, everything goes on."), False
    if after == f"waiver-{REFUSE_WAIVER}" and any(one.refused_by == sheet.reader.name for one in sheet.waivers_asked):
        return say("Noted: it is not waived, and who asked is told your reason."), False
    if sheet.outcome is None:
        return None, False
    if sheet.outcome.refused is None and sheet.outcome.counted_for is not None:
        month = sheet.outcome.counted_for.rpartition("@")[2]
        return say("Noted for the month {month}: an answer counts for the month in which it is given.", month=month), False
    if sheet.outcome.refused is None:
        return Message(DONE.get(sheet.outcome.kind, DONE[ActionKind.FULFIL])), False
    return Message(REFUSALS[sheet.outcome.refused]) if sheet.outcome.refused in REFUSALS else say("Nothing was changed."), True
