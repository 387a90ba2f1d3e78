"""From answers to levels and gaps: agree each cell, determine, freeze, compare with the cycle before."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ancrage.domain.assessment.comparison import Comparison, compare
from ancrage.domain.assessment.determination import determine
from ancrage.domain.assessment.gaps import find_gaps
from ancrage.domain.assessment.proposal import Proposal, combine, largest_disagreements_first
from ancrage.domain.assessment.types import (
    JUDGE,
    AreaKey,
    AreaResult,
    CellKey,
    Determination,
    Gap,
    Judgement,
    MethodStamp,
    ModelStamp,
    Target,
)
from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.programme import Programme
from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import NotFound, Refused
from ancrage.language import say
from ancrage.services.campaigns import open_campaign_row, pinned_model
from ancrage.services.commitments import act_on_commitment
from ancrage.services.programme import current_programme
from ancrage.services.progress import Progress, quiet
from ancrage.storage.campaigns import (
    fetch_campaign,
    fetch_campaigns,
    fetch_determination,
    fetch_judgements,
    fetch_requests,
)
from ancrage.storage.codec import dump, load
from ancrage.storage.ratings import AgreedValue, fetch_agreed_values, fetch_values, save_agreed, save_levels
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import AgreedRatingRow, CampaignRow, CampaignStatus, DeterminationRow

ANY_AREA = "*"
CLOSING_STEPS = 5
"""Pieces of work of which the end of a campaign is made, for those who wait for it."""


def propose_values(work: UnitOfWork, campaign: CampaignRow, model: ReferenceModel) -> dict[CellKey, Proposal]:
    """What the tool proposes for each cell from everybody's answers, largest disagreements first (ASM-N1, C2)."""
    answers: dict[CellKey, list[str]] = {
        CellKey(process, practice): [] for request in fetch_requests(work, campaign.id) for process, practice in request.cells
    }
    for process, practice, value in fetch_values(work, campaign.id):
        if (given := answers.get(CellKey(process, practice))) is not None:  # what is no longer asked counts for nothing
            given.append(value)
    return dict(largest_disagreements_first(_combined(answers, model)))


def _combined(answers: Mapping[CellKey, Sequence[str]], model: ReferenceModel) -> dict[CellKey, Proposal]:
    """One proposal for each mix of answers, shared by every cell that has the same mix."""
    mixes: dict[tuple[str, ...], Proposal] = {}
    for values in answers.values():
        if (mix := tuple(values)) not in mixes:
            mixes[mix] = combine(mix, model)
    return {cell: mixes[tuple(values)] for cell, values in answers.items()}


def decide_cell(work: UnitOfWork, campaign_id: str, cell: CellKey, value: str, by: str, why: str, at: datetime) -> None:
    """Record the value people agreed on for one cell, who decided and why; it wins over what the tool proposes."""
    campaign = open_campaign_row(work, campaign_id)
    model = pinned_model(work, campaign)
    if value not in {entry.code for entry in model.scale} | {"NA"}:
        raise Refused("value", say("{value} is not on the scale", value=value))
    row = AgreedRatingRow(
        programme_id=work.programme_id, campaign_id=campaign_id, process_id=cell.process, practice_id=cell.practice, value=value,
        method="decision", decided_by=by, why=why, agreed_at=at,
    )
    work.session.merge(row)
    work.record(at, by, "cell_decided", f"campaign:{campaign_id}", process=cell.process, practice=cell.practice, value=value, why=why)


def close_campaign(
    work: UnitOfWork, campaign_id: str, by: str, at: datetime, channels: Sequence[str], progress: Progress = quiet
) -> tuple[Determination, tuple[Gap, ...]]:
    """Agree, determine, store levels with their blockers, end what is still asked, and freeze the cycle (ASM-K2)."""
    campaign = open_campaign_row(work, campaign_id)
    programme = current_programme(work)
    model = pinned_model(work, campaign)
    progress(say("The answers are agreed on"), 0, CLOSING_STEPS)
    _save_agreed(work, campaign, model, at)
    progress(say("The levels are determined"), 1, CLOSING_STEPS)
    determination = determine_now(work, campaign, model)
    gaps = find_gaps(determination)
    progress(say("The levels are written down"), 2, CLOSING_STEPS)
    _save_determination(work, campaign, determination, at)
    _end_open_requests(work, programme, campaign, by, at, channels)
    work.flush()  # what belongs to the cycle is written before it is frozen
    campaign.status, campaign.closed_at = CampaignStatus.CLOSED, at
    work.session.add(campaign)
    work.record(
        at, by, "campaign_closed", f"campaign:{campaign_id}", method=determination.method.name,
        inputs=determination.inputs_fingerprint, areas=len(determination.results), gaps=len(gaps),
    )
    return determination, gaps


def targets_of(campaign: CampaignRow, model: ReferenceModel, processes: Container[str] | None = None) -> dict[AreaKey, Target]:
    """The level wanted of each area of each process in scope, or of these `processes`; areas without a target are left out."""
    wanted: dict[AreaKey, Target] = {}
    if not campaign.targets:
        return wanted
    for process in campaign.scope:
        if processes is not None and process not in processes:
            continue
        for area in model.areas_for(process):
            level = campaign.targets.get(area.id, campaign.targets.get(ANY_AREA))
            if level is not None:
                wanted[AreaKey(process, area.id)] = Target(level, owner=campaign.opened_by, due=campaign.closes_on)
    return wanted


def counted_values(work: UnitOfWork, campaign: CampaignRow, model: ReferenceModel) -> dict[CellKey, str | None]:
    """The value that counts of each cell as things stand: what people decided or carried over, else what the tool proposes."""
    stored = {
        CellKey(process, practice): JUDGE if value is None and how == JUDGE else value
        for process, practice, value, how in fetch_agreed_values(work, campaign.id)
    }
    if stored and all(CellKey(*cell) in stored for request in fetch_requests(work, campaign.id) for cell in request.cells):
        return stored  # a closed campaign, or one of which every cell was decided
    proposed = {cell: JUDGE if it.judge else it.value for cell, it in propose_values(work, campaign, model).items()}
    return proposed | stored


def determine_now(work: UnitOfWork, campaign: CampaignRow, model: ReferenceModel) -> Determination:
    """Levels as they would be if the campaign closed now; those of a closed campaign computed again from what is stored."""
    values = counted_values(work, campaign, model)
    judged = [
        Judgement(row.process_id, row.area_id, row.level, row.significant, row.decided_by, row.why)
        for row in fetch_judgements(work, campaign.id)
    ]
    return determine(model, values, campaign.scope, judgements=judged, targets=targets_of(campaign, model))


def _save_agreed(work: UnitOfWork, campaign: CampaignRow, model: ReferenceModel, at: datetime) -> None:
    """Write down what the tool proposed for the cells that nobody decided, so that the levels can be computed again."""
    decided = _decided_cells(work, campaign)
    reasons: dict[int, AgreedValue] = {}
    agreed: dict[CellKey, AgreedValue] = {}
    for cell, proposal in propose_values(work, campaign, model).items():
        if cell in decided:
            continue
        if id(proposal) not in reasons:  # many cells share one proposal: its reason is put into words once
            reasons[id(proposal)] = _as_agreed(proposal)
        agreed[cell] = reasons[id(proposal)]
    save_agreed(work, campaign.id, agreed, at)


def _as_agreed(proposal: Proposal) -> AgreedValue:
    if proposal.judge:
        return AgreedValue(None, JUDGE, proposal.why.text())
    return AgreedValue(proposal.value, proposal.method, proposal.why.text())


def _decided_cells(work: UnitOfWork, campaign: CampaignRow) -> set[CellKey]:
    """The cells that people decided, or that an earlier answer stands in for."""
    work.flush()  # decisions of the same unit of work count
    return {CellKey(process, practice) for process, practice, _, _ in fetch_agreed_values(work, campaign.id)}


def _save_determination(work: UnitOfWork, campaign: CampaignRow, determination: Determination, at: datetime) -> None:
    work.session.add(
        DeterminationRow(
            programme_id=work.programme_id, campaign_id=campaign.id, method=determination.method.name,
            inputs_fingerprint=determination.inputs_fingerprint, determined_at=at, result=_packed(determination),
        )
    )
    save_levels(work, campaign.id, determination.results, determination.targets)


def _end_open_requests(
    work: UnitOfWork, programme: Programme, campaign: CampaignRow, by: str, at: datetime, channels: Sequence[str]
) -> None:
    """A request that was never handed in is cancelled when its campaign closes: its ladder must not go on."""
    for request in fetch_requests(work, campaign.id):
        if request.submitted_at is None:
            action = Action(id=f"close:{campaign.id}:{request.person_id}", kind=ActionKind.CANCEL, at=at, by=by, reason="campaign_closed")
            act_on_commitment(work, programme, request.commitment_id, action, channels)


def _packed(determination: Determination) -> dict[str, Any]:
    return {
        "method": dump(determination.method),
        "model": dump(determination.model),
        "results": [dump(result) for result in determination.results.values()],
        "targets": [[*key, dump(target)] for key, target in determination.targets.items()],
        "ignored": [list(cell) for cell in determination.ignored],
    }


def stored_determination(work: UnitOfWork, campaign_id: str) -> Determination:
    """What a closed campaign determined, as stored. NotFound while it is open."""
    row = fetch_determination(work, campaign_id)
    if row is None:
        raise NotFound(say("campaign {campaign} has no levels yet: it is not closed", campaign=campaign_id))
    return Determination(
        method=load(MethodStamp, row.result["method"]),
        model=load(ModelStamp, row.result["model"]),
        inputs_fingerprint=row.inputs_fingerprint,
        results={result.key: result for result in (load(AreaResult, data) for data in row.result["results"])},
        targets={AreaKey(process, area): load(Target, data) for process, area, data in row.result["targets"]},
        ignored=tuple(CellKey(*cell) for cell in row.result["ignored"]),
    )


def recompute_determination(work: UnitOfWork, campaign_id: str) -> Determination:
    """The same levels computed again from the stored answers; equal to the stored ones, or something was changed behind our back."""
    campaign = fetch_campaign(work, campaign_id)
    if campaign is None:
        raise NotFound(say("there is no campaign {campaign}", campaign=campaign_id))
    return determine_now(work, campaign, pinned_model(work, campaign))


@dataclass(frozen=True, slots=True)
class CycleComparison:
    """Two cycles on the same rows only (ASM-K4)."""

    before: str
    after: str
    levels: Comparison[AreaKey]


def compare_with_previous(work: UnitOfWork, campaign_id: str) -> CycleComparison | None:
    """The differences from the previous closed cycle of the same reference model; None for the first cycle."""
    campaign = fetch_campaign(work, campaign_id)
    if campaign is None:
        raise NotFound(say("there is no campaign {campaign}", campaign=campaign_id))
    if campaign.previous_id is None:
        return None
    before, after = stored_determination(work, campaign.previous_id), stored_determination(work, campaign_id)
    return CycleComparison(campaign.previous_id, campaign_id, compare(before, after))


def due_campaigns(work: UnitOfWork, as_of: datetime) -> tuple[str, ...]:
    """Ids of the open campaigns that a pass at `as_of` closes, oldest first. Reads only."""
    campaigns = fetch_campaigns(work, only_open=True)
    if not campaigns:
        return ()
    programme = current_programme(work)
    return tuple(row.id for row in campaigns if _last_day_is_over(programme, row, as_of) or _is_settled(work, row))


def _is_settled(work: UnitOfWork, campaign: CampaignRow) -> bool:
    """Everybody has handed in and nothing is left for people to decide (ASM-C2); otherwise the last day closes it."""
    return is_complete(work, campaign) and not cells_to_judge(work, campaign)


def cells_to_judge(work: UnitOfWork, campaign: CampaignRow) -> tuple[CellKey, ...]:
    """Cells whose people must still decide, largest disagreements first."""
    decided = _decided_cells(work, campaign)
    proposals = propose_values(work, campaign, pinned_model(work, campaign))
    return tuple(cell for cell, proposal in proposals.items() if proposal.judge and cell not in decided)


def is_complete(work: UnitOfWork, campaign: CampaignRow) -> bool:
    """Whether everybody who was asked has handed in."""
    requests = fetch_requests(work, campaign.id)
    return bool(requests) and all(request.submitted_at is not None for request in requests)


def _last_day_is_over(programme: Programme, campaign: CampaignRow, as_of: datetime) -> bool:
    zone = programme.organisation.calendars[programme.defaults.calendar].zone
    return as_of.astimezone(ZoneInfo(zone)).date() > campaign.closes_on
