"""From gaps to a ranked plan: candidates with reasons, an order that can be defended, and the actions people accept."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ancrage.domain.assessment.gaps import find_gaps
from ancrage.domain.assessment.types import Gap
from ancrage.domain.prioritisation.candidates import ActionCandidate, Weakness, propose_actions
from ancrage.domain.prioritisation.ranking import RankedAction, Ranking, Weights, rank
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import DueDate
from ancrage.errors import NotFound, Refused
from ancrage.language import Label, say
from ancrage.services.campaigns import pinned_model
from ancrage.services.commitments import NewCommitment, open_commitment
from ancrage.services.determinations import stored_determination
from ancrage.services.engagement import sponsors_answering
from ancrage.services.programme import current_programme
from ancrage.storage.campaigns import fetch_action, fetch_actions, fetch_campaign, fetch_campaigns, fetch_levels, fetch_rankings
from ancrage.storage.codec import pack_message
from ancrage.storage.unit_of_work import UnitOfWork
from models.actions import ActionRow, ActionStatus, RankingRow
from models.campaigns import CampaignRow
from models.commitments import CommitmentKind

IMPROVEMENT_SEGMENT = "improvement"
DONE = ActionStatus.DONE


def prioritise_campaign(work: UnitOfWork, campaign_id: str, as_of: datetime, by: str = "engine") -> Ranking:
    """Propose and rank improvement actions from the gaps of a closed campaign; the inputs of the last ranking change nothing.

    Actions that people have accepted, done or dropped keep their state; only their rank and reasons are renewed.
    """
    programme = current_programme(work)
    campaign = fetch_campaign(work, campaign_id)
    if campaign is None:
        raise NotFound(say("there is no campaign {campaign}", campaign=campaign_id))
    candidates = _candidates(work, programme, campaign, as_of)
    ranking = rank(candidates, Weights(objectives={objective.id: objective.weight for objective in programme.objectives.values()}))
    fingerprint = _fingerprint(ranking)
    earlier = fetch_rankings(work, campaign_id)
    if earlier and earlier[-1].inputs_fingerprint == fingerprint:
        return ranking
    known = next((row for row in earlier if row.inputs_fingerprint == fingerprint), None)
    row = known or RankingRow(
        programme_id=work.programme_id, campaign_id=campaign_id, inputs_fingerprint=fingerprint, ranked_at=as_of, result={}
    )
    row.ranked_at = as_of  # inputs that come back are the newest ranking again
    row.result = {"criterion": ranking.criterion.value, "actions": [_packed(ranked) for ranked in ranking.actions]}
    work.session.add(row)
    for ranked in ranking.actions:
        _save_action(work, programme, campaign, ranked, as_of)
    work.record(
        as_of, by, "ranked", f"campaign:{campaign_id}", inputs=fingerprint, order=[ranked.candidate.id for ranked in ranking.actions[:10]]
    )
    return ranking


def _candidates(work: UnitOfWork, programme: Programme, campaign: CampaignRow, as_of: datetime) -> tuple[ActionCandidate, ...]:
    determination = stored_determination(work, campaign.id)
    model = pinned_model(work, campaign)
    area_names = {area.id: area.name for area in model.areas}
    downstream = _downstream(programme)
    sponsors = {process: contract.sponsor for contract in programme.contracts.values() for process in contract.perimeter}
    weaknesses = [
        _weakness(programme, gap, area_names[gap.area], downstream.get(gap.process, ()), sponsors.get(gap.process))
        for gap in find_gaps(determination)
        if gap.size
    ]
    return propose_actions(weaknesses, sponsors_answering(work, programme, as_of))


def _weakness(programme: Programme, gap: Gap, area_name: Label, blocks: tuple[str, ...], sponsor: str | None) -> Weakness:
    process = programme.processes[gap.process]
    return Weakness(
        process=gap.process, area=gap.area, gap=float(gap.size or 0), objectives=process.objectives,
        practices=tuple(blocker.practice for blocker in gap.blockers), blocks=blocks, sponsor=sponsor,
        process_name=process.name, area_name=area_name,
    )


def _downstream(programme: Programme) -> dict[str, tuple[str, ...]]:
    """Processes that directly consume what each process produces: what waits for it to improve."""
    found: dict[str, set[str]] = defaultdict(set)
    for link in programme.links.values():
        if link.source in programme.processes and link.target in programme.processes and link.source != link.target:
            found[link.source].add(link.target)
    return {process: tuple(sorted(targets)) for process, targets in found.items()}


def _fingerprint(ranking: Ranking) -> str:
    """Content hash of what the ranking saw: candidates with their scores, and the weights."""
    seen = [_packed(ranked) for ranked in ranking.actions]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def _packed(ranked: RankedAction) -> dict[str, Any]:
    weight, score = ranked.weight_change, ranked.score_change
    return {
        "id": ranked.candidate.id,
        "position": ranked.position,
        "value": round(ranked.value, 6),
        "merit": round(ranked.merit, 6),
        "effort_days": ranked.effort_days,
        "effort_is_estimated": ranked.candidate.effort_is_estimated,
        "margin": None if ranked.margin is None else round(ranked.margin, 6),
        "is_clear": ranked.is_clear,
        "terms": [[term.name, term.weight, term.score, round(term.contribution, 6)] for term in ranked.terms],
        "weight_change": [weight.term, weight.frm, round(weight.to, 6)] if weight else None,
        "score_change": [score.action, score.term, score.frm, score.to] if score else None,
        "practices": list(ranked.candidate.practices),
        "title": pack_message(ranked.candidate.title),
    }


def _save_action(work: UnitOfWork, programme: Programme, campaign: CampaignRow, ranked: RankedAction, at: datetime) -> None:
    candidate = ranked.candidate
    action_id = f"{campaign.id}:{candidate.id}"
    row = fetch_action(work, action_id)
    if row is None:
        title = candidate.title.label()
        row = ActionRow(
            programme_id=work.programme_id, id=action_id, segment=IMPROVEMENT_SEGMENT, title_fr=title.fr, title_en=title.en,
            process_id=candidate.process, area_id=candidate.area, campaign_id=campaign.id,
            owner=programme.processes[candidate.process].owner if candidate.process else None,
            status=ActionStatus.PROPOSED, reasons={}, proposed_at=at, changed_at=at,
        )
    row.rank, row.value, row.effort_days, row.reasons = ranked.position, ranked.value, ranked.effort_days, _packed(ranked)
    work.session.add(row)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Who does an action, and by when."""

    action_id: str
    owner: str
    due_on: date


def accept_action(work: UnitOfWork, accepted: Acceptance, by: str, at: datetime) -> None:
    """Take a proposed action into the plan: its owner owes it by a date. Accepting twice changes nothing."""
    programme = current_programme(work)
    row = fetch_action(work, accepted.action_id)
    if row is None:
        raise NotFound(say("there is no action {action}", action=accepted.action_id))
    if row.status is ActionStatus.ACCEPTED:
        return
    if row.status is not ActionStatus.PROPOSED:
        raise Refused("state", say("an action that is {found} cannot be accepted; allowed from: proposed", found=row.status.value))
    defaults = programme.defaults
    opened = open_commitment(
        work, programme,
        NewCommitment(
            id=f"action:{row.id}", kind=CommitmentKind.ACTION, title=Label(row.title_fr, row.title_en), event_id=f"accepted:{row.id}",
            responsible=accepted.owner, calendar=defaults.calendar, budget=DueDate(accepted.due_on),
            policy=programme.policies[defaults.action], subject={"action": row.id, "campaign": row.campaign_id},
        ),
        at, by,
    )  # fmt: skip
    row.status, row.owner, row.due_on, row.changed_at = ActionStatus.ACCEPTED, accepted.owner, accepted.due_on, at
    row.commitment_id = opened.id if opened else row.commitment_id
    work.session.add(row)
    work.record(at, by, "action_accepted", f"action:{row.id}", owner=accepted.owner, due=accepted.due_on.isoformat())


def finish_action(work: UnitOfWork, action_id: str, status: ActionStatus, by: str, at: datetime, why: str = "") -> None:
    """Record that an accepted action is done, verified or dropped. An action ends verified, by an indicator or a re-rating."""
    row = fetch_action(work, action_id)
    if row is None:
        raise NotFound(say("there is no action {action}", action=action_id))
    allowed = TRANSITIONS[row.status]
    if status not in allowed:
        names = ", ".join(sorted(allowed)) or "-"
        raise Refused("state", say("an action that is {found} cannot become {wanted}; allowed: {names}",
                                   found=row.status.value, wanted=status.value, names=names))
    row.status, row.changed_at = status, at
    work.session.add(row)
    work.record(at, by, f"action_{status.value}", f"action:{action_id}", why=why)


TRANSITIONS: dict[ActionStatus, frozenset[ActionStatus]] = {
    ActionStatus.PROPOSED: frozenset({ActionStatus.ACCEPTED, ActionStatus.DROPPED}),
    ActionStatus.ACCEPTED: frozenset({ActionStatus.DONE, ActionStatus.DROPPED}),
    ActionStatus.DONE: frozenset({ActionStatus.VERIFIED, ActionStatus.ACCEPTED}),
    ActionStatus.VERIFIED: frozenset(),
    ActionStatus.DROPPED: frozenset({ActionStatus.PROPOSED}),
}
"""What an action may become. Done goes back to accepted when its effect was not seen."""


@dataclass(frozen=True, slots=True)
class ActionProgress:
    """An action of the plan with the dates that move it. `closed_at` is when its campaign closed."""

    id: str
    rank: int | None
    status: ActionStatus
    owner: str | None
    due_on: date | None
    commitment: str | None
    closed_at: datetime | None


def action_progress(work: UnitOfWork) -> tuple[ActionProgress, ...]:
    """Every ranked action, in the order of its ranking."""
    closed = {row.id: row.closed_at for row in fetch_campaigns(work)}
    return tuple(
        ActionProgress(row.id, row.rank, row.status, row.owner, row.due_on, row.commitment_id, closed.get(row.campaign_id or ""))
        for row in fetch_actions(work)
    )


def verify_actions(work: UnitOfWork, campaign_id: str, by: str, at: datetime) -> tuple[int, int]:
    """Judge by the new levels the actions that were done before this campaign: (verified, without the effect hoped for).

    An action whose area has reached its target is verified (product.md J, ASM-K7). One whose area stays below remains done and
    unverified, and the campaign proposes the area again.
    """
    levels = {(row.process_id, row.area_id): row for row in fetch_levels(work, campaign_id)}
    verified = unseen = 0
    for row in fetch_actions(work, status=ActionStatus.DONE):
        level = levels.get((row.process_id or "", row.area_id or ""))
        if level is None or row.campaign_id == campaign_id or level.value is None or level.target is None:
            continue
        why = f"{campaign_id}: level {level.value}, target {level.target}"
        if level.value >= level.target:
            finish_action(work, row.id, ActionStatus.VERIFIED, by, at, why)
            verified += 1
        else:
            work.record(at, by, "effect_not_seen", f"action:{row.id}", why=why)
            unseen += 1
    return verified, unseen
