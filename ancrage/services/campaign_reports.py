"""What a campaign says to its audiences: levels and their movement, the worst area first, what is stalled, what moved since (ASM-K5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ancrage.domain.assessment.types import AreaKey
from ancrage.domain.engagement import Contract
from ancrage.domain.engagement_versions import in_force
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Refused
from ancrage.language import Label, Message, say
from ancrage.services.campaign_views import CampaignDetail, CycleView, LevelView, compare_campaigns, detail_campaign
from ancrage.services.campaigns import pinned_model
from ancrage.services.engagement_effects import Span, movement_of
from ancrage.services.findings import FindingView, list_findings
from ancrage.services.programme import current_programme
from ancrage.services.status import CommitmentView, view_commitment, zone_of_programme
from ancrage.storage.campaigns import fetch_action, fetch_campaign
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.contracts import fetch_contract_versions
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRow
from models.commitments import CommitmentRow

AT_ONCE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Promised:
    """A contract whose perimeter meets the scope of the campaign: who sponsors it, since when, and what moved in it since then.

    `since` is None while it is not in force: then nothing is said of an engagement that nobody has given.
    """

    contract: Label
    sponsor: str
    since: datetime | None
    moved: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class CampaignReport:
    """Everything a report of one campaign is made of, as of one instant. `before` holds levels of the cycle before, on the same rows."""

    programme: Label
    as_of: datetime
    detail: CampaignDetail
    model_name: Label
    previous_name: Label | None
    top: int
    """The highest level there is, for pictures."""
    comparison: CycleView | None
    before: Mapping[AreaKey, int] = field(default_factory=dict)
    findings: tuple[FindingView, ...] = ()
    stalled: tuple[CommitmentView, ...] = ()
    promised: tuple[Promised, ...] = ()

    @property
    def worst_first(self) -> tuple[LevelView, ...]:
        """Levels that were determined, the lowest first; of equal ones, the furthest below its target (ASM-K5)."""
        known = [level for level in self.detail.levels if level.value is not None]
        return tuple(sorted(known, key=lambda it: (it.value or 0, -missing(it), it.process, it.area)))

    @property
    def below(self) -> tuple[LevelView, ...]:
        """Levels below their target, worst first."""
        return tuple(level for level in self.worst_first if missing(level) > 0)

    def movement(self, level: LevelView) -> int | None:
        """By how many levels it moved since the cycle before; None where one of the two is missing."""
        before = self.before.get(AreaKey(level.process, level.area))
        return None if before is None or level.value is None else level.value - before

    @property
    def headline(self) -> Message:
        """The one sentence of the report: an overall figure is the worst area, never an average (ASM-K5)."""
        worst = next(iter(self.worst_first), None)
        if worst is None:
            return say("No level has been determined yet.")
        return say(
            "{below} of {count} levels are below their target. The lowest is {level}: {area}, {process}.", below=len(self.below),
            count=len(self.worst_first), level=worst.value, area=worst.area_name, process=worst.process_name,
        )  # fmt: skip

    @property
    def moved(self) -> Message | None:
        """What moved since the cycle before, on the same rows only (ASM-K4); None for a first cycle."""
        if self.comparison is None:
            return None
        levels = self.comparison.levels
        return say(
            "Since {before}, on the same {rows} rows: {up} levels rose, {down} fell.", before=self.previous_name or self.comparison.before,
            rows=len(levels.movements), up=len(levels.improved), down=len(levels.declined),
        )  # fmt: skip


def missing(level: LevelView) -> int:
    """Levels that lie between a level and its target; 0 where it is met, or there is none."""
    return max(0, (level.target or 0) - (level.value or 0)) if level.value is not None else 0


def report_campaign(work: UnitOfWork, campaign_id: str, as_of: datetime) -> CampaignReport:
    """The report of one campaign, open or closed; levels, movement and findings are empty while it is open. Reads only.

    NotFound names the campaigns there are.
    """
    detail, programme = detail_campaign(work, campaign_id), current_programme(work)
    row = fetch_campaign(work, campaign_id)
    assert row is not None, "it was found a line before"
    model, previous = pinned_model(work, row), fetch_campaign(work, row.previous_id or "")
    comparison = _comparison(work, campaign_id)
    before = {it.row: int(it.before) for it in comparison.levels.movements} if comparison else {}
    levels = [level for view in detail.levels for level in (view.value, view.target) if level is not None]
    declared = max((practice.level for area in model.areas for practice in area.practices), default=1)
    return CampaignReport(
        programme=programme.name, as_of=as_of, detail=detail, model_name=model.name,
        previous_name=Label(previous.name_fr, previous.name_en) if previous else None,
        top=max(declared, *levels, *before.values(), 1), comparison=comparison, before=before,
        findings=list_findings(work, campaign_id) if detail.closed_at else (),
        stalled=_stalled(work, programme, row, as_of), promised=_promised(work, programme, row, as_of),
    )


def _comparison(work: UnitOfWork, campaign_id: str) -> CycleView | None:
    try:
        return compare_campaigns(work, campaign_id)
    except Refused:  # a first cycle, or one that is not closed yet
        return None


def _perimeters(programme: Programme, campaign: CampaignRow) -> tuple[Contract, ...]:
    scope = set(campaign.scope)
    return tuple(contract for contract in programme.contracts.values() if scope & set(contract.perimeter))


def _stalled(work: UnitOfWork, programme: Programme, campaign: CampaignRow, as_of: datetime) -> tuple[CommitmentView, ...]:
    """Open and overdue, by deadline: promises of contracts whose perimeter meets the scope, and actions on processes in scope."""
    contracts = {contract.id for contract in _perimeters(programme, campaign)}
    concerned = [
        row for row in fetch_commitments(work, only_open=True)
        if row.contract_id in contracts or _acts_on(work, row, campaign)
    ]  # fmt: skip
    return tuple(view for row in concerned if (view := view_commitment(programme, row, as_of)).overdue)


def _acts_on(work: UnitOfWork, row: CommitmentRow, campaign: CampaignRow) -> bool:
    action = fetch_action(work, str(row.subject["action"])) if "action" in row.subject else None
    return action is not None and action.process_id in campaign.scope


def _promised(work: UnitOfWork, programme: Programme, campaign: CampaignRow, as_of: datetime) -> tuple[Promised, ...]:
    versions, found = fetch_contract_versions(work), []
    for contract in _perimeters(programme, campaign):
        signed = min((it.complete_at for it in versions.get(contract.id, ()) if it.complete_at), default=None)
        holds = in_force(versions.get(contract.id, ())) is not None
        since = signed if holds else None
        holder = programme.organisation.holder(contract.sponsor, as_of)
        people = programme.organisation.people
        name = people[holder].name if holder is not None and holder in people else ""
        span = Span(since or as_of, as_of + AT_ONCE, zone_of_programme(programme))
        found.append(Promised(contract.name, name, since, movement_of(work, programme, contract, span).lines if since else ()))
    return tuple(found)


def require_levels(report: CampaignReport) -> None:
    """NotFound while the campaign is open: there is nothing to draw."""
    if not report.detail.levels:
        raise NotFound(say("campaign {campaign} has no levels yet: it is not closed", campaign=report.detail.campaign.id))
