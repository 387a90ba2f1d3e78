"""The rows of exported campaign tables, where no page has the same: single ratings, levels with what they rest on, moved levels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.assessment.types import NOT_APPLICABLE, AreaKey, AreaResult, Counts, Determination, MethodStamp, ModelStamp, Standing
from ancrage.domain.reference_model import PracticeArea, ReferenceModel
from ancrage.errors import NotFound
from ancrage.language import Label, say
from ancrage.services.campaign_views import CycleView, LevelView, compare_campaigns, detail_campaign, person_name
from ancrage.services.campaigns import pinned_model
from ancrage.services.determinations import stored_determination
from ancrage.services.programme import current_programme
from ancrage.services.workbook_evidence import evidence_lines
from ancrage.storage.campaigns import fetch_agreed, fetch_campaign, fetch_campaigns, fetch_rating_history, fetch_requests
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import AgreedRatingRow, CampaignRequestRow, CampaignRow, RatingRow


@dataclass(frozen=True, slots=True)
class RatingLine:
    """One answer of one person, or one question without an answer; `counts` is what the campaign counts for the cell, once it is agreed."""

    campaign: str
    process: str
    process_name: Label
    area: str
    area_name: Label
    practice: str
    practice_name: Label
    question: Label
    person: str
    person_name: str
    standing: Standing
    value: str | None
    comment: str
    revision: int | None
    current: bool
    rated_at: datetime | None
    handed_in_at: datetime | None
    counts: str | None
    agreed_by: str | None
    """Who decided; None where the value was proposed by the method."""
    agreed_method: str | None
    agreed_why: str | None
    agreed_at: datetime | None
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level with its score, the counts of its cells, and what it was determined from."""

    campaign: str
    level: LevelView
    at_least: bool
    score: float | None
    counts: Counts
    method: MethodStamp
    model: ModelStamp
    inputs_fingerprint: str


@dataclass(frozen=True, slots=True)
class ComparisonLine:
    """One row of two cycles; `standing` says why there is no change to speak of (ASM-K4): compared, new, gone, N/A, undetermined."""

    before_campaign: str
    after_campaign: str
    process: str
    process_name: Label
    area: str
    area_name: Label
    standing: str
    before: float | None
    after: float | None
    change: float | None


def rating_lines(work: UnitOfWork, campaign_id: str, *, history: bool = False) -> tuple[RatingLine, ...]:
    """Every question asked in a campaign with its answer, by person and in asking order; with `history` also superseded answers."""
    row = _campaign(work, campaign_id)
    desk = _Desk.of(work, row)
    return tuple(line for request in fetch_requests(work, row.id) for line in _lines(work, desk, request, history=history))


def _campaign(work: UnitOfWork, campaign_id: str) -> CampaignRow:
    row = fetch_campaign(work, campaign_id)
    if row is None:
        known = ", ".join(found.id for found in fetch_campaigns(work)) or "-"
        raise NotFound(say("there is no campaign {campaign}; there are: {known}", campaign=campaign_id, known=known))
    return row


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the lines of one campaign share."""

    campaign: str
    areas: Mapping[str, PracticeArea]
    """By practice."""
    names: Mapping[str, tuple[Label, Label]]
    """Name and question by practice."""
    processes: Mapping[str, Label]
    people: Mapping[str, str]
    agreed: Mapping[tuple[str, str], AgreedRatingRow]
    evidence: Mapping[tuple[str, str], tuple[str, ...]]

    @classmethod
    def of(cls, work: UnitOfWork, row: CampaignRow) -> _Desk:
        programme, model = current_programme(work), pinned_model(work, row)
        people = [request.person_id for request in fetch_requests(work, row.id)]
        return cls(
            row.id,
            _areas(model),
            {practice.id: (practice.name, practice.question) for area in model.areas for practice in area.practices},
            {process.id: process.name for process in programme.processes.values()},
            {person: person_name(programme, person) for person in people},
            {(found.process_id, found.practice_id): found for found in fetch_agreed(work, row.id)},
            evidence_lines(work, row.id),
        )


def _areas(model: ReferenceModel) -> dict[str, PracticeArea]:
    return {practice.id: area for area in model.areas for practice in area.practices}


def _lines(work: UnitOfWork, desk: _Desk, request: CampaignRequestRow, *, history: bool) -> Iterator[RatingLine]:
    given: dict[tuple[str, str], list[RatingRow]] = {}
    for row in fetch_rating_history(work, request.campaign_id, request.person_id):
        if history or row.current:
            given.setdefault((row.process_id, row.practice_id), []).append(row)
    for process, practice in request.cells:
        rows: Sequence[RatingRow | None] = given.get((process, practice)) or [None]
        yield from (_line(desk, request, process, practice, row) for row in rows)


def _line(desk: _Desk, request: CampaignRequestRow, process: str, practice: str, row: RatingRow | None) -> RatingLine:
    area, (name, question), agreed = desk.areas[practice], desk.names[practice], desk.agreed.get((process, practice))
    return RatingLine(
        desk.campaign, process, desk.processes.get(process, Label.same(process)), area.id, area.name, practice, name, question,
        request.person_id, desk.people[request.person_id], _standing(row),
        value=row.value if row else None,
        comment=row.comment if row else "",
        revision=row.revision if row else None,
        current=row.current if row else True,
        rated_at=row.rated_at if row else None,
        handed_in_at=request.submitted_at,
        counts=agreed.value if agreed else None,
        agreed_by=agreed.decided_by if agreed else None,
        agreed_method=agreed.method if agreed else None,
        agreed_why=agreed.why if agreed else None,
        agreed_at=agreed.agreed_at if agreed else None,
        evidence=desk.evidence.get((process, practice), ()),
    )  # fmt: skip


def _standing(row: RatingRow | None) -> Standing:
    if row is None:
        return Standing.NOT_RATED
    return Standing.NOT_APPLICABLE if row.value == NOT_APPLICABLE else Standing.RATED


def level_lines(work: UnitOfWork, campaign_id: str) -> tuple[LevelLine, ...]:
    """Every level of a closed campaign, in the order of scope and model. NotFound while it is open."""
    found = stored_determination(work, _campaign(work, campaign_id).id)
    detail = detail_campaign(work, campaign_id)
    return tuple(_level(campaign_id, view, found.results[AreaKey(view.process, view.area)], found) for view in detail.levels)


def _level(campaign: str, view: LevelView, result: AreaResult, found: Determination) -> LevelLine:
    return LevelLine(
        campaign, view, result.level.at_least, result.score, result.counts, found.method, found.model, found.inputs_fingerprint
    )


def comparison_lines(work: UnitOfWork, campaign_id: str, before_id: str | None) -> tuple[CycleView, tuple[ComparisonLine, ...]]:
    """Every row that is in either of two cycles: compared ones first, then those that cannot be, each kind in its own order."""
    cycle = compare_campaigns(work, campaign_id, before_id)
    levels = cycle.levels
    lines = [_moved(cycle, it.row, "compared", it.before, it.after, it.change) for it in levels.movements]
    others = (("new", levels.new), ("gone", levels.gone), ("not_applicable", levels.not_applicable), ("undetermined", levels.undetermined))
    lines += [_moved(cycle, row, standing) for standing, rows in others for row in rows]
    return cycle, tuple(lines)


def _moved(
    cycle: CycleView, row: AreaKey, standing: str, before: float | None = None, after: float | None = None, change: float | None = None
) -> ComparisonLine:
    process_name, area_name = cycle.names[row]
    return ComparisonLine(cycle.before, cycle.after, row.process, process_name, row.area, area_name, standing, before, after, change)
