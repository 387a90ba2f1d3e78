"""Findings of a closed campaign, and what became of them: finding, action, re-rating on one page (ASM-K7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ancrage.domain.assessment.gaps import find_gaps, find_strengths, find_weaknesses
from ancrage.domain.assessment.types import AreaKey, CellKey, Determination
from ancrage.domain.programme import Programme
from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import NotFound
from ancrage.language import Label, say
from ancrage.services.action_plan import known_owner
from ancrage.services.campaigns import pinned_model
from ancrage.services.programme import current_programme
from ancrage.storage.campaigns import fetch_actions, fetch_agreed, fetch_campaigns, fetch_finding, fetch_findings, fetch_levels
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRow, CampaignStatus, FindingKind, FindingRow


class Severity(StrEnum):
    """How much a finding weighs. HIGH keeps an area from its target, MEDIUM from its next level, LOW neither; NONE is a strength."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"


ORDER = tuple(Severity)


def record_findings(
    work: UnitOfWork, programme: Programme, campaign: CampaignRow, determination: Determination, at: datetime, by: str
) -> int:
    """Write down what the levels of a campaign say, once; the owner of the process owns its findings. Returns how many."""
    rows = list(_rows(work, programme, campaign, determination, at, by))
    for row in rows:
        if fetch_finding(work, row.id) is None:
            work.session.add(row)
    work.flush()
    return len(rows)


def _rows(
    work: UnitOfWork, programme: Programme, campaign: CampaignRow, determination: Determination, at: datetime, by: str
) -> Iterator[FindingRow]:
    behind = {AreaKey(gap.process, gap.area) for gap in find_gaps(determination)}

    def row(kind: FindingKind, severity: Severity, area: AreaKey, practice: str | None = None, value: str | None = None) -> FindingRow:
        named = "/".join(filter(None, (campaign.id, area.process, area.area, practice)))
        process = programme.processes.get(area.process)
        return FindingRow(
            programme_id=work.programme_id, id=named, campaign_id=campaign.id, kind=kind, severity=severity.value, process_id=area.process,
            area_id=area.area, practice_id=practice, value=value, owner=process.owner if process else None, found_at=at, changed_at=at,
            changed_by=by,
        )

    for strength in find_strengths(determination):
        yield row(FindingKind.STRENGTH, Severity.NONE, AreaKey(strength.process, strength.area))
    seen: set[tuple[AreaKey, str]] = set()
    for weakness in find_weaknesses(determination):
        area = AreaKey(weakness.process, weakness.area)
        if (area, weakness.cell.practice) not in seen:
            seen.add((area, weakness.cell.practice))
            yield row(FindingKind.WEAKNESS, _severity(area in behind, weakness.decides), area, weakness.cell.practice, weakness.cell.value)


def _severity(below_target: bool, decides: bool) -> Severity:
    if not decides:
        return Severity.LOW
    return Severity.HIGH if below_target else Severity.MEDIUM


@dataclass(frozen=True, slots=True)
class ActionOfFinding:
    """An action of the plan that answers a finding: that of its area, proposed by the same campaign."""

    id: str
    title: Label
    status: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Rerating:
    """The same cell, or the level of the same area, in a later closed cycle."""

    campaign: str
    value: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with what became of it. `value` is the rating that was found, or the level of a strength."""

    id: str
    campaign: str
    kind: str
    severity: str
    process: str
    process_name: Label
    area: str
    area_name: Label
    practice: str | None
    practice_name: Label | None
    value: str | None
    cause: str
    owner: str | None
    due_on: date | None
    found_at: datetime
    changed_at: datetime
    changed_by: str
    actions: tuple[ActionOfFinding, ...]
    rerated: tuple[Rerating, ...]

    @property
    def is_answered(self) -> bool:
        """An action for it was verified, or a later cycle rated the practice better than it was found."""
        return any(action.status == "verified" for action in self.actions)


def list_findings(work: UnitOfWork, campaign_id: str | None = None, *, weaknesses_only: bool = False) -> tuple[FindingView, ...]:
    """Findings, heaviest first, then by campaign, process, area, practice. NotFound for a campaign that does not exist."""
    programme = current_programme(work)
    campaigns = {row.id: row for row in fetch_campaigns(work)}
    if campaign_id is not None and campaign_id not in campaigns:
        raise NotFound(say("there is no campaign {campaign}", campaign=campaign_id))
    models = {row.id: pinned_model(work, row) for row in campaigns.values()}
    later = _Later(work, list(campaigns.values()))
    actions = _actions(work)
    rows = [row for row in fetch_findings(work, campaign_id) if row.kind is FindingKind.WEAKNESS or not weaknesses_only]
    views = [
        _view(programme, models[row.campaign_id], row, actions.get((row.campaign_id, row.process_id, row.area_id), ()), later.of(row))
        for row in rows
    ]
    return tuple(sorted(views, key=lambda view: (ORDER.index(Severity(view.severity)), view.id)))


def _actions(work: UnitOfWork) -> dict[tuple[str, str, str], tuple[ActionOfFinding, ...]]:
    found: dict[tuple[str, str, str], tuple[ActionOfFinding, ...]] = {}
    for row in fetch_actions(work):
        key = (row.campaign_id or "", row.process_id or "", row.area_id or "")
        found[key] = (*found.get(key, ()), ActionOfFinding(row.id, Label(row.title_fr, row.title_en), row.status.value, row.due_on))
    return found


class _Later:
    """What later closed cycles of the same reference model rated; each cycle is fetched once."""

    def __init__(self, work: UnitOfWork, campaigns: list[CampaignRow]) -> None:
        closed = [row for row in campaigns if row.status is CampaignStatus.CLOSED]
        self._order = {row.id: place for place, row in enumerate(closed)}
        self._closed = closed
        self._cells = {
            row.id: {CellKey(it.process_id, it.practice_id): it.value for it in fetch_agreed(work, row.id)} for row in closed[1:]
        }
        self._levels = {row.id: {AreaKey(it.process_id, it.area_id): it.value for it in fetch_levels(work, row.id)} for row in closed[1:]}

    def of(self, finding: FindingRow) -> tuple[Rerating, ...]:
        here = self._order.get(finding.campaign_id, len(self._closed))
        model = self._closed[here].model_id if here < len(self._closed) else None
        found = [(row.id, self._value(row.id, finding)) for row in self._closed[here + 1 :] if row.model_id == model]
        return tuple(Rerating(campaign, value) for campaign, value in found if value is not None)

    def _value(self, campaign: str, finding: FindingRow) -> str | None:
        if finding.practice_id is not None:
            return self._cells[campaign].get(CellKey(finding.process_id, finding.practice_id))
        level = self._levels[campaign].get(AreaKey(finding.process_id, finding.area_id))
        return None if level is None else str(level)


def _view(
    programme: Programme, model: ReferenceModel, row: FindingRow, actions: tuple[ActionOfFinding, ...], rerated: tuple[Rerating, ...]
) -> FindingView:
    process = programme.processes.get(row.process_id)
    area = next((area for area in model.areas if area.id == row.area_id), None)
    practices = {practice.id: practice.name for practice in area.practices} if area else {}
    return FindingView(
        id=row.id, campaign=row.campaign_id, kind=row.kind.value, severity=row.severity, process=row.process_id,
        process_name=process.name if process else Label.same(row.process_id), area=row.area_id,
        area_name=area.name if area else Label.same(row.area_id), practice=row.practice_id,
        practice_name=practices.get(row.practice_id or ""), value=row.value, cause=row.cause, owner=row.owner, due_on=row.due_on,
        found_at=row.found_at, changed_at=row.changed_at, changed_by=row.changed_by, actions=actions, rerated=rerated,
    )


@dataclass(frozen=True, slots=True)
class FindingChange:
    """What people add to a finding; None leaves a part as it is."""

    cause: str | None = None
    owner: str | None = None
    due_on: date | None = None


def change_finding(work: UnitOfWork, finding_id: str, change: FindingChange, by: str, at: datetime) -> None:
    """Record the cause of a finding, who answers for it and by when. NotFound for an unknown finding, person or role."""
    row = fetch_finding(work, finding_id)
    if row is None:
        raise NotFound(say("there is no finding {finding}; `ancrage campaign findings` lists them", finding=finding_id))
    owner = known_owner(work, change.owner) if change.owner is not None else row.owner
    row.cause = change.cause if change.cause is not None else row.cause
    row.owner, row.due_on = owner, change.due_on or row.due_on
    row.changed_at, row.changed_by = at, by
    work.session.add(row)
    due = row.due_on.isoformat() if row.due_on else None
    work.record(at, by, "finding_changed", f"finding:{finding_id}", cause=row.cause, owner=row.owner, due=due)
