"""How a commitment is listed by `status` and `commitments`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ancrage.cli.opening import local
from ancrage.cli.state_words import state_word as worded
from ancrage.cli.tables import Cell
from ancrage.language import Message, say

if TYPE_CHECKING:
    from ancrage.services.status import CommitmentView

COMMITMENT_HEADS = (say("Due"), say("Who"), say("What"), say("State"), say("Goes on at"), say("Steps"), say("Id"))


def state_word(view: CommitmentView) -> Message:
    """The state in words that say who acts next."""
    if view.result is not None:
        return say("closed: {result}", result=worded(view.result.value))
    if view.status.value == "open":
        return say("overdue") if view.overdue else say("waits for {person}", person=view.person or "-")
    state = worded(view.status.value)
    return say("overdue, {status}", status=state) if view.overdue else state


def commitment_row(view: CommitmentView, zone: str) -> tuple[Cell, ...]:
    """One line of the list."""
    return (
        local(zone, view.due_at), view.person, view.title, state_word(view), local(zone, view.next_at),
        f"{view.steps_fired}/{view.steps}", view.id,
    )  # fmt: skip


def commitment_json(view: CommitmentView) -> dict[str, object]:
    """Every field of one commitment."""
    return {
        "id": view.id, "kind": view.kind.value, "title": view.title, "contract": view.contract, "clause": view.clause_id,
        "contract_version": view.contract_version,
        "person": view.person_id, "person_name": view.person, "started_at": view.started_at, "due_at": view.due_at,
        "status": view.status.value, "result": view.result.value if view.result else None, "closed_at": view.closed_at,
        "overdue": view.overdue, "held_until": view.held_until, "next_at": view.next_at, "steps_fired": view.steps_fired,
        "steps": view.steps,
    }  # fmt: skip
