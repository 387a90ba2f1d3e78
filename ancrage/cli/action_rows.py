"""How the action plan is listed by `actions` and `prioritise`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ancrage.cli.invocation import Invocation
from ancrage.cli.state_words import state_word
from ancrage.cli.tables import show_table
from ancrage.language import say

if TYPE_CHECKING:
    from ancrage.services.action_plan import PlannedAction


def action_json(action: PlannedAction) -> dict[str, object]:
    """One action with the reasons of its rank."""
    view = action.view
    return {
        "id": view.id, "rank": view.rank, "title": view.title, "segment": view.segment, "status": view.status, "owner": view.owner,
        "due_on": view.due_on, "value": view.value, "effort_days": view.effort_days, "is_clear": view.is_clear, "margin": action.margin,
        "campaign": action.campaign, "process": action.process, "area": action.area, "practices": list(action.practices),
        "commitment": action.commitment,
        "terms": [{"name": it.name, "weight": it.weight, "score": it.score, "contribution": it.contribution} for it in action.terms],
        "reasons": [{"rule": reason.rule, "what": reason.message} for reason in action.reasons],
    }  # fmt: skip


def show_actions(asked: Invocation, actions: Sequence[PlannedAction], *, explain: bool) -> None:
    """The plan as a table; with `explain` each action is followed by the reasons of its rank."""
    if explain:
        for action in actions:
            view = action.view
            state = state_word(view.status)
            asked.show(say("{rank}. {title} ({id}, {status})", rank=view.rank or "-", title=view.title, id=view.id, status=state))
            for reason in action.reasons:
                asked.show(f"   {reason.rule:<6} {asked.text(reason.message)}")
        return
    show_table(
        asked, (say("Rank"), say("Action"), say("State"), say("Owner"), say("Due"), say("Value"), say("Days"), say("Id")),
        [(it.view.rank, it.view.title, state_word(it.view.status), it.view.owner, it.view.due_on.isoformat() if it.view.due_on else None,
          None if it.view.value is None else f"{it.view.value:.3g}", None if it.view.effort_days is None else f"{it.view.effort_days:.3g}",
          it.view.id) for it in actions],
        say("No action."),
    )  # fmt: skip
