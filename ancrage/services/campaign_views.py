"""A campaign as its lead reads it: who is silent, where people disagree, what awaits a judgement, what moved since the last cycle."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.assessment.comparison import Comparison, compare
from ancrage.domain.assessment.types import AreaKey, CellKey
from ancrage.domain.map_graph import ProcessMap
from ancrage.domain.programme import Programme
from ancrage.domain.reference_model import Attribution, Practice, ReferenceModel
from ancrage.errors import NotFound, Refused
from ancrage.language import Label, Message, say
from ancrage.services.campaigns import pinned_model
from ancrage.services.determinations import propose_values, stored_determination
from ancrage.services.programme import current_programme
from ancrage.services.status import CampaignView, view_campaign, zone_of_programme
from ancrage.storage.campaigns import (
    count_ratings,
    fetch_agreed,
    fetch_campaign,
    fetch_campaigns,
    fetch_levels,
    fetch_ratings,
    fetch_requests,
)
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import AgreedRatingRow, CampaignRow, CampaignStatus


@dataclass(frozen=True, slots=True)
class RespondentView:
    """One person asked: questions, answers given so far, and the minutes all questions cost by the reference model (ASM-K10)."""

    person: str
    name: str
    asked: int
    rated: int
    minutes: float
    submitted_at: datetime | None

    @property
    def is_silent(self) -> bool:
        """Not one answer yet."""
        return self.rated == 0


@dataclass(frozen=True, slots=True)
class CellView:
    """One cell: what each person answered, what the tool proposes, and what people decided.

    `counts` is the value the campaign counts: the decision, else the proposal; None while nobody has answered or a judgement is open.
    """

    process: str
    process_name: Label
    practice: str
    practice_name: Label
    answers: tuple[tuple[str, str], ...]
    """(name of the person, value), by person id."""
    asked: int
    counts: str | None
    judge: bool
    """People must still decide (ASM-C2)."""
    disagreement: float
    why: Message | str
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class LevelView:
    """One capability level of a closed campaign; `value` is None where none was determined, `blockers` are practice ids."""

    process: str
    process_name: Label
    area: str
    area_name: Label
    value: int | None
    state: str
    target: int | None
    blockers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CampaignDetail:
    """Everything about one campaign. `cells`: largest disagreements first; `levels`: empty while it is open."""

    campaign: CampaignView
    model: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    previous: str | None
    scope: tuple[str, ...]
    targets: dict[str, int]
    respondents: tuple[RespondentView, ...]
    cells: tuple[CellView, ...]
    levels: tuple[LevelView, ...]
    zone: str
    """Zone of the programme's own calendar, in which instants are shown."""
    attribution: Attribution | None = None
    """Whose texts the names of areas and practices are; None where they are the organisation's own."""

    @property
    def to_judge(self) -> tuple[CellView, ...]:
        """Cells whose people must still decide."""
        return tuple(cell for cell in self.cells if cell.judge)


def scope_serving(programme: Programme, objective: str, *, with_interfaces: bool = False) -> tuple[str, ...]:
    """Ids of the processes that serve an objective, in declared order; with their direct interfaces: what feeds them or is fed by them.

    NotFound for an unknown objective, or when no process serves it.
    """
    if objective not in programme.objectives:
        raise NotFound(
            say("there is no objective {objective}; declared: {known}", objective=objective, known=", ".join(programme.objectives))
        )
    serving = {process.id for process in programme.processes.values() if objective in process.objectives}
    if not serving:
        raise NotFound(say("no process serves objective {objective}", objective=objective))
    wanted = set(serving)
    if with_interfaces:
        graph = ProcessMap(programme).graph
        wanted |= {end for process in serving for end in (*graph.predecessors(process), *graph.successors(process))}
    return tuple(process for process in programme.processes if process in wanted)


def list_campaigns(work: UnitOfWork) -> tuple[CampaignView, ...]:
    """Every campaign, oldest first."""
    programme = current_programme(work)
    return tuple(view_campaign(work, programme, row) for row in fetch_campaigns(work))


def campaign_exists(work: UnitOfWork, campaign_id: str) -> bool:
    """Whether a campaign of this id has ever been opened."""
    return fetch_campaign(work, campaign_id) is not None


def detail_campaign(work: UnitOfWork, campaign_id: str) -> CampaignDetail:
    """One campaign with its people, cells and levels. Reads only. NotFound names the campaigns there are."""
    programme, row = current_programme(work), existing_campaign(work, campaign_id)
    model = pinned_model(work, row)
    return CampaignDetail(
        campaign=view_campaign(work, programme, row),
        model=row.model_id,
        opened_at=row.opened_at,
        opened_by=row.opened_by,
        closed_at=row.closed_at,
        previous=row.previous_id,
        scope=tuple(row.scope),
        targets=dict(row.targets),
        respondents=_respondents(work, programme, row, model),
        cells=_cells(work, programme, row, model),
        levels=_levels(work, programme, row, model),
        zone=zone_of_programme(programme),
        attribution=model.attribution,
    )


def existing_campaign(work: UnitOfWork, campaign_id: str) -> CampaignRow:
    """The campaign, open or closed. NotFound names those there are."""
    row = fetch_campaign(work, campaign_id)
    if row is None:
        known = ", ".join(found.id for found in fetch_campaigns(work)) or "-"
        raise NotFound(say("there is no campaign {campaign}; there are: {known}", campaign=campaign_id, known=known))
    return row


def _respondents(work: UnitOfWork, programme: Programme, row: CampaignRow, model: ReferenceModel) -> tuple[RespondentView, ...]:
    rated, practices = count_ratings(work, row.id), practices_of(model)
    return tuple(
        RespondentView(
            request.person_id,
            person_name(programme, request.person_id),
            len(request.cells),
            rated.get(request.person_id, 0),
            sum(practices[practice].minutes for _, practice in request.cells),
            request.submitted_at,
        )
        for request in fetch_requests(work, row.id)
    )


def person_name(programme: Programme, person_id: str) -> str:
    """The name of a person, or the id of one who is no longer declared."""
    person = programme.organisation.people.get(person_id)
    return person.name if person else person_id


def practices_of(model: ReferenceModel) -> dict[str, Practice]:
    """Every practice of a reference model, by id."""
    return {practice.id: practice for area in model.areas for practice in area.practices}


def process_name(programme: Programme, process_id: str) -> Label:
    """The name of a process, or the id of one that is no longer declared."""
    process = programme.processes.get(process_id)
    return process.name if process else Label.same(process_id)


def _cells(work: UnitOfWork, programme: Programme, row: CampaignRow, model: ReferenceModel) -> tuple[CellView, ...]:
    practices, asked = practices_of(model), defaultdict[CellKey, int](int)
    for request in fetch_requests(work, row.id):
        for process, practice in request.cells:
            asked[CellKey(process, practice)] += 1
    given = defaultdict[CellKey, list[tuple[str, str]]](list)
    for rating in fetch_ratings(work, row.id):
        given[CellKey(rating.process_id, rating.practice_id)].append((person_name(programme, rating.person_id), rating.value))
    decided = {CellKey(found.process_id, found.practice_id): found for found in fetch_agreed(work, row.id) if found.decided_by}
    found = []
    for cell, proposal in propose_values(work, row, model).items():
        agreed: AgreedRatingRow | None = decided.get(cell)
        found.append(
            CellView(
                process=cell.process,
                process_name=process_name(programme, cell.process),
                practice=cell.practice,
                practice_name=practices[cell.practice].name,
                answers=tuple(given[cell]),
                asked=asked[cell],
                counts=agreed.value if agreed else proposal.value,
                judge=proposal.judge and agreed is None,
                disagreement=proposal.disagreement,
                why=agreed.why if agreed else proposal.why,
                decided_by=agreed.decided_by if agreed else None,
            )
        )
    return tuple(found)


def _levels(work: UnitOfWork, programme: Programme, row: CampaignRow, model: ReferenceModel) -> tuple[LevelView, ...]:
    areas = {area.id: area.name for area in model.areas}
    order = {(process, area.id): place for place, (process, area) in enumerate((p, a) for p in row.scope for a in model.areas_for(p))}
    rows = sorted(fetch_levels(work, row.id), key=lambda level: order.get((level.process_id, level.area_id), len(order)))
    return tuple(
        LevelView(
            level.process_id,
            process_name(programme, level.process_id),
            level.area_id,
            areas[level.area_id],
            level.value,
            level.state,
            level.target,
            tuple(str(blocker[0]) for blocker in level.blockers),
        )
        for level in rows
    )


@dataclass(frozen=True, slots=True)
class CycleView:
    """Two cycles on the same rows only (ASM-K4), with the names their rows bear."""

    before: str
    after: str
    levels: Comparison[AreaKey]
    names: dict[AreaKey, tuple[Label, Label]]
    """(process, area) names of every row that is in either cycle."""
    attribution: Attribution | None = None


def compare_campaigns(work: UnitOfWork, campaign_id: str, before_id: str | None = None) -> CycleView:
    """What moved from one closed campaign to another; by default from the previous cycle of the same reference model.

    Refused `first_cycle` when there is none before; Refused `open` while one of the two is not closed.
    """
    programme, after = current_programme(work), existing_campaign(work, campaign_id)
    wanted = before_id or after.previous_id
    if wanted is None:
        raise Refused("first_cycle", say("campaign {campaign} is the first of its reference model: name another with --before",
                                         campaign=campaign_id))  # fmt: skip
    before = existing_campaign(work, wanted)
    for row in (before, after):
        if row.status is not CampaignStatus.CLOSED:
            raise Refused("open", say("campaign {campaign} is not closed yet: it has no levels to compare", campaign=row.id))
    levels = compare(stored_determination(work, before.id), stored_determination(work, after.id))
    names: dict[AreaKey, tuple[Label, Label]] = {}
    for row in (before, after):
        for view in _levels(work, programme, row, pinned_model(work, row)):
            names[AreaKey(view.process, view.area)] = (view.process_name, view.area_name)
    return CycleView(before.id, after.id, levels, names, pinned_model(work, after).attribution)
