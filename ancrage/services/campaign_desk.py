"""The desk of the lead while a campaign runs: what to talk about, what to judge, whose answers were given back, and decisions that are
refused where somebody else has decided meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.assessment.types import NOT_APPLICABLE, CellKey
from ancrage.domain.programme import Programme
from ancrage.domain.reference_model import ReferenceModel, ScaleValue
from ancrage.errors import NotFound, Refused
from ancrage.language import Label, say
from ancrage.services.campaign_closing import ClosedCampaign, end_campaign
from ancrage.services.campaign_reports import CampaignReport, report_campaign
from ancrage.services.campaign_views import CellView, existing_campaign, person_name, practices_of, process_name
from ancrage.services.campaigns import open_campaign_row, pinned_model
from ancrage.services.determinations import decide_cell
from ancrage.services.judgements import GroupView, groups_to_judge
from ancrage.services.programme import current_programme
from ancrage.storage.campaigns import fetch_agreed, fetch_request_events, fetch_requests
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRow, CampaignStatus

DOES_NOT_APPLY = ScaleValue(NOT_APPLICABLE, say("It does not apply here").label())


@dataclass(frozen=True, slots=True)
class CellToTalk:
    """A cell that people must talk about, with the values they may agree on in the words of its question."""

    view: CellView
    scale: tuple[ScaleValue, ...]

    def words(self, code: str | None) -> Label:
        """A value in the words of the question; the code where it has none."""
        return next((value.label for value in self.scale if value.code == code), Label.same(code or "–"))

    @property
    def decided(self) -> str:
        """What was decided so far; empty: nothing."""
        return (self.view.counts or "") if self.view.decided_by else ""


@dataclass(frozen=True, slots=True)
class GroupToJudge:
    """A group of practices whose weaknesses a team may judge, with names."""

    view: GroupView
    process_name: Label
    area_name: Label
    weaknesses: tuple[tuple[Label, str | None], ...]


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What happened last to the request of a person that was handed in at least once; names are names."""

    person: str
    name: str
    what: str
    at: datetime
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Cockpit:
    """Everything the lead needs of one campaign. `cells`: those to talk about, largest disagreements first (all where asked for)."""

    report: CampaignReport
    cells: tuple[CellToTalk, ...]
    to_talk: int
    groups: tuple[GroupToJudge, ...]
    given_back: tuple[GivenBack, ...]
    owners: tuple[tuple[str, Label], ...]
    """Who may own a finding: roles, then people."""


def view_cockpit(work: UnitOfWork, campaign_id: str, as_of: datetime, *, everything: bool, most: int) -> Cockpit:
    """The desk of one campaign; at most `most` cells. Reads only. NotFound names the campaigns there are."""
    report, programme = report_campaign(work, campaign_id, as_of), current_programme(work)
    row = existing_campaign(work, campaign_id)
    model = pinned_model(work, row)
    to_talk = [cell for cell in report.detail.cells if cell.judge or cell.disagreement > 0]
    shown = list(report.detail.cells) if everything else to_talk
    is_open = row.status is CampaignStatus.OPEN
    return Cockpit(
        report, tuple(_with_words(model, shown[:most])), len(to_talk), _groups(work, programme, row, model) if is_open else (),
        _given_back(work, programme, campaign_id), owner_names(programme),
    )


def _with_words(model: ReferenceModel, cells: Sequence[CellView]) -> list[CellToTalk]:
    practices = practices_of(model)
    return [CellToTalk(cell, (*model.scale_of(practices[cell.practice]), DOES_NOT_APPLY)) for cell in cells]


def _groups(work: UnitOfWork, programme: Programme, row: CampaignRow, model: ReferenceModel) -> tuple[GroupToJudge, ...]:
    practices = practices_of(model)
    return tuple(
        GroupToJudge(
            it, process_name(programme, it.process), model.area(it.area).name,
            tuple((practices[practice].name, value) for practice, value in it.weaknesses),
        )
        for it in groups_to_judge(work, row.id)
    )  # fmt: skip


def _given_back(work: UnitOfWork, programme: Programme, campaign_id: str) -> tuple[GivenBack, ...]:
    last = {row.person_id: row for row in fetch_request_events(work, campaign_id)}
    return tuple(
        GivenBack(person, person_name(programme, person), row.what.value, row.at, person_name(programme, row.by), row.why)
        for person, row in last.items()
    )


def owner_names(programme: Programme) -> tuple[tuple[str, Label], ...]:
    """Who may own a finding, as it is stored, and by name: roles, then people."""
    organisation = programme.organisation
    roles = tuple((role.id, role.name) for role in organisation.roles.values())
    return roles + tuple((f"person:{person.id}", Label.same(person.name)) for person in organisation.people.values())


@dataclass(frozen=True, slots=True)
class Decision:
    """What people agreed on for one cell, and why. `known` is the decision the lead had before their eyes, empty: none."""

    cell: CellKey
    value: str
    why: str
    known: str = ""


def decide(work: UnitOfWork, campaign_id: str, decision: Decision, by: str, at: datetime) -> None:
    """Record a decision. Refused `reason_missing` without words, `meanwhile` where another one was recorded since, `closed`, `value`."""
    open_campaign_row(work, campaign_id)
    if not decision.why.strip():
        raise Refused("reason_missing", say("say why: a decision without a reason cannot be explained"))
    if decision.cell not in {CellKey(*cell) for request in fetch_requests(work, campaign_id) for cell in request.cells}:
        raise NotFound(say("campaign {campaign} does not ask about practice {practice} of process {process}", campaign=campaign_id,
                           practice=decision.cell.practice, process=decision.cell.process))  # fmt: skip
    if _decided(work, campaign_id).get(decision.cell, "") not in (decision.known, decision.value):
        raise Refused("meanwhile", say("Somebody has decided this cell meanwhile: look at it again. Nothing was changed."))
    decide_cell(work, campaign_id, decision.cell, decision.value, by, decision.why.strip(), at)


def _decided(work: UnitOfWork, campaign_id: str) -> Mapping[CellKey, str]:
    return {CellKey(row.process_id, row.practice_id): row.value or "" for row in fetch_agreed(work, campaign_id) if row.decided_by}


def close_by_hand(
    work: UnitOfWork, campaign_id: str, by: str, at: datetime, channels: Sequence[str], *, waiting: int
) -> ClosedCampaign:
    """End a campaign. `waiting` people were shown as not having handed in: Refused `meanwhile` when it is another number by now."""
    open_campaign_row(work, campaign_id)
    if sum(request.submitted_at is None for request in fetch_requests(work, campaign_id)) != waiting:
        raise Refused("meanwhile", say("Who has handed in has changed meanwhile: look at it again. Nothing was changed."))
    return end_campaign(work, campaign_id, by, at, channels)
