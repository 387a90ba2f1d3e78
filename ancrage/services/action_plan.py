"""The one action plan as people work with it: read with the reasons of each rank, and moved on together with what is owed for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ancrage.domain.escalation.facts import Action, ActionKind, Reason
from ancrage.domain.prioritisation.explanation import term_name
from ancrage.domain.prioritisation.ranking import SPONSOR
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound
from ancrage.language import Label, say
from ancrage.services.commitments import act_on_commitment
from ancrage.services.prioritisation import finish_action, prioritise_campaign
from ancrage.services.programme import current_programme
from ancrage.services.status import ActionView, view_actions
from ancrage.storage.campaigns import fetch_action, fetch_actions
from ancrage.storage.unit_of_work import UnitOfWork
from models.actions import ActionRow, ActionStatus

STATUSES = tuple(status.value for status in ActionStatus)
ENDS = {ActionStatus.DONE: ActionKind.FULFIL, ActionStatus.DROPPED: ActionKind.CANCEL}
"""What becomes of the commitment of an action that is done or dropped."""


@dataclass(frozen=True, slots=True)
class RankTerm:
    """One line of the sum that gives an action its value: `contribution` = weight x score."""

    name: str
    weight: float
    score: int
    contribution: float


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action with what its rank rests on. `margin` is the share by which it is ahead of the next one, None for the last."""

    view: ActionView
    campaign: str | None
    process: str | None
    area: str | None
    commitment: str | None
    practices: tuple[str, ...]
    terms: tuple[RankTerm, ...]
    margin: float | None
    reasons: tuple[Reason, ...]


def list_plan(
    work: UnitOfWork,
    *,
    campaign_id: str | None = None,
    segment: str | None = None,
    status: str | None = None,
    owner: str | None = None,
    as_of: datetime,
) -> tuple[PlannedAction, ...]:
    """The plan in the order of the ranking of each campaign, with its reasons. `owner` is a role id, or a person who holds one at `as_of`.

    NotFound for a status or an owner that does not exist, naming what does.
    """
    if status is not None and status not in STATUSES:
        raise NotFound(say("there is no status {found}; allowed: {known}", found=status, known=", ".join(STATUSES)))
    programme = current_programme(work)
    wanted = ActionStatus(status) if status else None
    roles = _roles_of(programme, owner, as_of) if owner else None
    views = {view.id: view for view in view_actions(work, programme, campaign_id=campaign_id, segment=segment, status=wanted)}
    rows = fetch_actions(work, campaign_id=campaign_id, segment=segment, status=wanted)
    return tuple(_planned(programme, row, views[row.id]) for row in rows if roles is None or row.owner in roles)


def _roles_of(programme: Programme, owner: str, as_of: datetime) -> frozenset[str]:
    organisation = programme.organisation
    if owner in organisation.roles:
        return frozenset({owner})
    if owner in organisation.people:
        return frozenset({f"person:{owner}", *organisation.roles_of(owner, as_of)})
    raise NotFound(say("there is no person or role {owner}", owner=owner))


def _planned(programme: Programme, row: ActionRow, view: ActionView) -> PlannedAction:
    return PlannedAction(
        view,
        row.campaign_id,
        row.process_id,
        row.area_id,
        row.commitment_id,
        tuple(row.reasons.get("practices", [])),
        tuple(RankTerm(*term) for term in row.reasons.get("terms", [])),
        row.reasons.get("margin"),
        tuple(_reasons(programme, row)),
    )


def _reasons(programme: Programme, row: ActionRow) -> Iterator[Reason]:
    """The stored ranking in sentences, by the rules of docs/reference/ranking.md."""
    names = {objective.id: objective.name for objective in programme.objectives.values()}
    for name, weight, score, contribution in row.reasons.get("terms", []):
        yield Reason("RNK-2" if name == SPONSOR else "RNK-1", _term(names, name, weight, score, contribution))
    if row.value is not None and row.effort_days:
        yield Reason("RNK-3", say("value {value} for {days} days of work", value=f"{row.value:.3g}", days=f"{row.effort_days:.3g}"))
    if row.reasons.get("margin") is not None:
        percent = round(100 * row.reasons["margin"])
        clear = row.reasons.get("is_clear", True)
        yield Reason("RNK-4", say("ahead of the next one by {percent} percent", percent=percent) if clear
                     else say("no clear order: ahead of the next one by {percent} percent only", percent=percent))  # fmt: skip


def _term(names: dict[str, Label], name: str, weight: float, score: int, contribution: float) -> Any:
    if name == SPONSOR:
        return say("{lost}: a silent sponsor", lost=f"{contribution:.3g}")
    return say("{contribution} = {weight} x {score}: {name}", contribution=f"{contribution:.3g}", weight=f"{weight:.3g}", score=score,
               name=term_name(name, names))  # fmt: skip


def end_action(work: UnitOfWork, action_id: str, status: str, by: str, at: datetime, channels: Sequence[str], why: str = "") -> None:
    """Record that an action is done, verified or dropped; what was owed for it ends with it, kept or cancelled.

    NotFound for an unknown action; Refused when its present state does not allow it.
    """
    wanted = ActionStatus(status)
    finish_action(work, action_id, wanted, by, at, why)
    row = fetch_action(work, action_id)
    if row is None or row.commitment_id is None or wanted not in ENDS:
        return
    act = Action(id=f"action:{action_id}:{wanted.value}:{at.isoformat()}", kind=ENDS[wanted], at=at, by=by, reason=why)
    act_on_commitment(work, current_programme(work), row.commitment_id, act, channels)


def default_owner(work: UnitOfWork, action_id: str) -> str | None:
    """The role or person that the ranking proposed for an action, or None. NotFound when there is no such action."""
    row = fetch_action(work, action_id)
    if row is None:
        raise NotFound(say("there is no action {action}; `ancrage actions list` shows them", action=action_id))
    return row.owner


def known_owner(work: UnitOfWork, owner: str) -> str:
    """`owner` as it is stored: a role id, or `person:ID`. NotFound for anything else."""
    organisation = current_programme(work).organisation
    if owner in organisation.roles:
        return owner
    person = owner.removeprefix("person:")
    if person in organisation.people:
        return f"person:{person}"
    raise NotFound(say("there is no person or role {owner}", owner=owner))


@dataclass(frozen=True, slots=True)
class RankedAgain:
    """The new order of a campaign's actions, and the ids whose rank differs from before: (id, rank before or None, rank now)."""

    actions: tuple[PlannedAction, ...]
    moved: tuple[tuple[str, int | None, int | None], ...]


def rank_again(work: UnitOfWork, campaign_id: str, by: str, at: datetime) -> RankedAgain:
    """Rank the actions of a closed campaign with what is known today; states that people gave stay. NotFound while it is open."""
    before = {row.id: row.rank for row in fetch_actions(work, campaign_id=campaign_id)}
    prioritise_campaign(work, campaign_id, at, by)
    work.flush()
    actions = list_plan(work, campaign_id=campaign_id, as_of=at)
    moved = tuple((it.view.id, before.get(it.view.id), it.view.rank) for it in actions if before.get(it.view.id) != it.view.rank)
    return RankedAgain(actions, moved)
