"""The report of a campaign: one page for the sponsor, everything for the lead; as a page here, and as a file that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import Response

from ancrage.domain.access import AccessRole
from ancrage.language import Label, Message
from ancrage.notices.dates import Clock
from ancrage.services.campaign_desk import owner_names
from ancrage.services.campaign_reports import CampaignReport, Promised, report_campaign
from ancrage.services.campaign_views import CellView, LevelView
from ancrage.services.programme import current_programme
from ancrage.services.status import CommitmentView
from ancrage.storage.unit_of_work import UnitOfWork
from ancrage.web.campaign_page import ACTION_STATES, SEVERITIES, level_pictures
from ancrage.web.lead import require_role
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import STATIC, render_file, show

WORST_SHOWN = 4
STALLED_SHOWN = 5
MOVED_SHOWN = 2
"""Lines of one contract: the page of the sponsor stays one page."""
MOST_CELLS = 1000

router = APIRouter()


class Audience(StrEnum):
    """Who reads the report."""

    SPONSOR = "sponsor"
    LEAD = "lead"


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The report for one audience. `cells`: at most MOST_CELLS of them, largest disagreements first."""

    title: str
    programme: str
    report: CampaignReport
    audience: Audience
    heat: Markup | None
    radar: Markup | None
    practices: dict[str, Label]
    owners: dict[str, str]
    severities: dict[str, Message]
    states: dict[str, Message]

    @property
    def worst(self) -> tuple[LevelView, ...]:
        return self.report.worst_first[:WORST_SHOWN]

    @property
    def stalled(self) -> tuple[CommitmentView, ...]:
        return self.report.stalled[:STALLED_SHOWN] if self.audience is Audience.SPONSOR else self.report.stalled

    @property
    def cells(self) -> tuple[CellView, ...]:
        return self.report.detail.cells[:MOST_CELLS]

    def moved(self, promised: Promised) -> tuple[Message, ...]:
        """What moved since a contract came into force, the newest last; the newest few for the sponsor."""
        return promised.moved[-MOVED_SHOWN:] if self.audience is Audience.SPONSOR else promised.moved


@router.api_route("/campaigns/{campaign}/report", methods=["GET", "HEAD"])
def report(request: Request, campaign: str, project: Annotated[ProjectLike, Depends(project_of)]) -> Response:
    """Show the report; `?for=lead` shows everything, and is for leads."""
    audience = Audience.LEAD if request.query_params.get("for") == Audience.LEAD else Audience.SPONSOR
    require_role(request, *((AccessRole.LEAD,) if audience is Audience.LEAD else (AccessRole.LEAD, AccessRole.SPONSOR)))
    with project.reading() as work:
        found = report_campaign(work, campaign, project.now())
        clock = Clock(language_of(request), found.detail.zone)
        page = report_page(work, found, audience, clock)
    return show(request, "report.html", page, clock)


def report_page(work: UnitOfWork, found: CampaignReport, audience: Audience, clock: Clock) -> ReportPage:
    """The report for one audience, in one language."""
    heat, radar = level_pictures(found, clock.language)
    programme = current_programme(work)
    names = {owner: name.text(clock.language) for owner, name in owner_names(programme)}
    practices = {cell.practice: cell.practice_name for cell in found.detail.cells}
    return ReportPage(
        found.detail.campaign.name.text(clock.language), found.programme.text(clock.language), found, audience, heat, radar, practices,
        names, SEVERITIES, ACTION_STATES,
    )  # fmt: skip


def render_report(work: UnitOfWork, found: CampaignReport, audience: Audience, language: str) -> str:
    """The report as one HTML file: style and pictures inside, nothing asked of any server."""
    clock = Clock(language, found.detail.zone)
    style = Markup((STATIC / "ancrage.css").read_text("utf-8"))  # noqa: S704 - our own file
    return render_file("report_file.html", report_page(work, found, audience, clock), clock, style=style)
