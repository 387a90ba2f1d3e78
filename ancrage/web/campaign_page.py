"""The campaign cockpit: coverage and silence, disagreements first, groups to judge, levels and what they say. GET shows, only POST acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from pydantic import BaseModel
from starlette.responses import Response

from ancrage.domain.access import AccessRole
from ancrage.domain.assessment.types import CellKey
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Refused
from ancrage.language import Message, say
from ancrage.notices.dates import Clock
from ancrage.notices.plain import one_line
from ancrage.pictures.svg import inline
from ancrage.services.campaign_desk import Cockpit, Decision, close_by_hand, decide, view_cockpit
from ancrage.services.campaign_pictures import heat_map_of, radar_of
from ancrage.services.campaign_reports import CampaignReport
from ancrage.services.campaign_requests import request_changes
from ancrage.services.campaign_views import list_campaigns
from ancrage.services.evidence import list_evidence
from ancrage.services.findings import FindingChange, FindingView, change_finding
from ancrage.services.judgements import GroupJudgement, judge_group
from ancrage.services.programme import current_programme
from ancrage.services.status import CampaignView, zone_of_programme
from ancrage.storage.unit_of_work import UnitOfWork
from ancrage.web.answer_page import EVENTS
from ancrage.web.evidence_page import evidence_file
from ancrage.web.forms import LONGEST_REASON
from ancrage.web.lead import Acting, acting_lead, person_who_acts, require_role
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show

CELLS_SHOWN = 12
MOST_CELLS = 500
SAID = {
    "decided": say("Noted: this value counts, with your reason."),
    "judged": say("Noted: your judgement counts, with its reason."),
    "returned": say("Given back: the person is asked again, with your words."),
    "closed": say("The campaign is closed: its levels are below, and never change."),
    "launched": say("The campaign is open: everybody who is asked gets a message with the next pass of the engine."),
    "finding": say("Noted."),
}
SEVERITIES = {"high": say("high"), "medium": say("medium"), "low": say("low"), "none": say("strength")}
ACTION_STATES = {
    "proposed": say("proposed"), "accepted": say("accepted"), "done": say("done"), "verified": say("verified"),
    "dropped": say("dropped"),
}

router = APIRouter()
Project = Annotated[ProjectLike, Depends(project_of)]


@dataclass(frozen=True, slots=True)
class CampaignListPage:
    """Every campaign, the newest first."""

    title: str
    programme: str
    campaigns: tuple[CampaignView, ...]
    may_launch: bool


@dataclass(frozen=True, slots=True)
class CockpitPage:
    """One campaign as its lead sees it. `everything`: cells without disagreement are shown too."""

    title: str
    programme: str
    cockpit: Cockpit
    acting: Acting
    said: Message | None
    everything: bool
    heat: Markup | None
    radar: Markup | None
    events: dict[str, Message]
    longest_reason: int

    @property
    def report(self) -> CampaignReport:
        return self.cockpit.report

    @property
    def waiting(self) -> int:
        """People who have not handed in."""
        return sum(who.submitted_at is None for who in self.report.detail.respondents)


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """The loop of one campaign: what was found, which action answers it, how it was rated again (ASM-K7)."""

    title: str
    programme: str
    campaign: CampaignView
    findings: tuple[FindingView, ...]
    chosen: FindingView | None
    """The finding that more is to be said about."""
    owners: tuple[tuple[str, str], ...]
    names: dict[str, str]
    severities: dict[str, Message]
    states: dict[str, Message]
    acting: Acting
    said: Message | None
    longest_reason: int


@router.api_route("/campaigns", methods=["GET", "HEAD"])
def campaigns(request: Request, project: Project) -> Response:
    """Show every campaign and how far it is."""
    with project.reading() as work:
        programme, found = current_programme(work), list_campaigns(work)
    clock = _clock(request, programme)
    may_launch = acting_lead(request, programme, project.now()).may_act
    title = say("Campaigns").text(clock.language)
    return show(request, "campaigns.html", CampaignListPage(title, programme.name.text(clock.language), found[::-1], may_launch), clock)


@router.api_route("/campaigns/{campaign}", methods=["GET", "HEAD"])
def cockpit(request: Request, campaign: str, project: Project, after: str = "", cells: str = "") -> Response:
    """Show one campaign; `?cells=all` shows the cells without disagreement too."""
    require_role(request, AccessRole.LEAD)
    everything, at = cells == "all", project.now()
    with project.reading() as work:
        programme = current_programme(work)
        view = view_cockpit(work, campaign, at, everything=everything, most=MOST_CELLS if everything else CELLS_SHOWN)
    clock = _clock(request, programme)
    heat, radar = level_pictures(view.report, clock.language)
    page = CockpitPage(
        view.report.detail.campaign.name.text(clock.language), programme.name.text(clock.language), view,
        acting_lead(request, programme, at), SAID.get(after), everything, heat, radar, dict(EVENTS), LONGEST_REASON,
    )  # fmt: skip
    return show(request, "cockpit.html", page, clock)


def level_pictures(report: CampaignReport, language: str) -> tuple[Markup | None, Markup | None]:
    """Heat map and radar of a closed campaign; None where there is nothing to draw."""
    if not report.detail.levels:
        return None, None
    radar = radar_of(report, language)
    heat = Markup(inline(heat_map_of(report, language)))  # noqa: S704 - every text is escaped by `pictures.svg`
    return heat, Markup(inline(radar)) if radar else None  # noqa: S704


def _clock(request: Request, programme: Programme) -> Clock:
    return Clock(language_of(request), zone_of_programme(programme))


class Deed(BaseModel):
    """The fields of the buttons of the cockpit as they came; each button sends some of them."""

    by: str = ""
    why: str = ""
    process: str = ""
    practice: str = ""
    area: str = ""
    level: int = 0
    value: str = ""
    known: str = ""
    significant: str = ""
    person: str = ""
    sure: str = ""
    waiting: int = 0

    @property
    def reason(self) -> str:
        return one_line(self.why, LONGEST_REASON)


Sent = Annotated[Deed, Form()]


@router.post("/campaigns/{campaign}/decide")
def decide_(request: Request, campaign: str, form: Sent, project: Project) -> Response:
    """Record the value people agreed on."""
    decision = Decision(CellKey(form.process, form.practice), form.value, form.reason, form.known)
    with project.units() as work:
        decide(work, campaign, decision, _by(request, work, project, form.by), project.now())
    return _back(campaign, "decided", "talk")


@router.post("/campaigns/{campaign}/judge")
def judge(request: Request, campaign: str, form: Sent, project: Project) -> Response:
    """Record what a team judged of a group."""
    if form.significant not in ("yes", "no"):
        raise Refused("form", say("Choose whether the weaknesses hurt the goal: nothing was changed."))
    judgement = GroupJudgement(form.process, form.area, form.level, form.significant == "yes", form.reason)
    with project.units() as work:
        judge_group(work, campaign, judgement, _by(request, work, project, form.by), project.now())
    return _back(campaign, "judged", "judge")


@router.post("/campaigns/{campaign}/return")
def give_back(request: Request, campaign: str, form: Sent, project: Project) -> Response:
    """Give answers back to a person, with what should change."""
    with project.units() as work:
        request_changes(work, campaign, form.person, _by(request, work, project, form.by), form.reason, project.now())
    return _back(campaign, "returned", "people")


@router.post("/campaigns/{campaign}/close")
def close(request: Request, campaign: str, form: Sent, project: Project) -> Response:
    """Close the campaign, for good."""
    if form.sure != "yes":
        raise Refused("form", say("Tick the box to say that you are sure: nothing was changed."))
    with project.units() as work:
        by = _by(request, work, project, form.by)
        close_by_hand(work, campaign, by, project.now(), project.first_channels, waiting=form.waiting)
    return _back(campaign, "closed", "")


@router.api_route("/campaigns/{campaign}/findings", methods=["GET", "HEAD"])
def findings(request: Request, campaign: str, project: Project, after: str = "", finding: str = "") -> Response:
    """Show what was found, and what became of it; `?finding=` names the one that more is to be said about."""
    require_role(request, AccessRole.LEAD)
    with project.reading() as work:
        programme = current_programme(work)
        view = view_cockpit(work, campaign, project.now(), everything=False, most=0)
    clock = _clock(request, programme)
    owners = tuple((owner, name.text(clock.language)) for owner, name in view.owners)
    title = say("Findings of {campaign}", campaign=view.report.detail.campaign.name).text(clock.language)
    page = FindingsPage(
        title, programme.name.text(clock.language), view.report.detail.campaign, view.report.findings,
        next((it for it in view.report.findings if it.id == finding), None), owners, dict(owners), SEVERITIES,
        ACTION_STATES, acting_lead(request, programme, project.now()), SAID.get(after), LONGEST_REASON,
    )  # fmt: skip
    return show(request, "findings.html", page, clock)


class FindingForm(BaseModel):
    """What people add to a finding."""

    by: str = ""
    finding: str = ""
    cause: str = ""
    owner: str = ""
    due: str = ""


@router.post("/campaigns/{campaign}/findings")
def add_to_finding(request: Request, campaign: str, form: Annotated[FindingForm, Form()], project: Project) -> Response:
    """Record cause, owner and due date of a finding of this campaign."""
    if not form.finding.startswith(f"{campaign}/"):
        raise NotFound(say("there is no finding {finding}", finding=one_line(form.finding, LONGEST_REASON)))
    change = FindingChange(one_line(form.cause, LONGEST_REASON), form.owner or None, _day(form.due))
    with project.units() as work:
        change_finding(work, form.finding, change, _by(request, work, project, form.by), project.now())
    return RedirectResponse(f"/campaigns/{quote(campaign)}/findings?after=finding#f-{quote(form.finding)}", status_code=303)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("form", say("{text} is not a date.", text=repr(one_line(text, 40)))) from None


@router.api_route("/campaigns/{campaign}/evidence/{evidence}", methods=["GET", "HEAD"])
def evidence_of(request: Request, campaign: str, evidence: str, project: Project) -> Response:
    """The file of a piece of evidence behind a cell of the campaign."""
    require_role(request, AccessRole.LEAD)
    with project.reading() as work:
        view = next((piece for piece in list_evidence(work, campaign) if piece.id == evidence), None)
    return evidence_file(project.data_folder, view)


def _by(request: Request, work: UnitOfWork, project: ProjectLike, chosen: str) -> str:
    return person_who_acts(request, current_programme(work), project.now(), chosen)


def _back(campaign: str, after: str, anchor: str) -> Response:
    return RedirectResponse(f"/campaigns/{quote(campaign)}?after={after}{'#' if anchor else ''}{anchor}", status_code=303)
