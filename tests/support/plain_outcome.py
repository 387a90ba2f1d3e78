"""What the product makes of a scenario, as plain values that can be compared: sets of notices, and final states (ESC-F)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from ancrage.declarations.scenario import read_scenarios
from ancrage.domain.escalation.playing import play
from ancrage.domain.escalation.scenario import Outcome, Scenario


def read_one(path: Path, text: str) -> Scenario:
    """The only scenario of a text, read through a file as a person would have it read."""
    path.write_text(text, encoding="utf-8")
    (scenario,) = read_scenarios(path).scenarios
    return scenario


def plain_notices(outcome: Outcome) -> set[tuple[Any, ...]]:
    """Each message as (epoch second, person, urgent, items)."""
    return {
        (
            int(message.at.timestamp()),
            message.to,
            message.urgent,
            frozenset((notice.commitment, notice.step, notice.occurrence, notice.in_place_of) for notice in message.items),
        )
        for message in outcome.messages
    }


def plain_final(outcome: Outcome) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "state": found.state.status.value,
            "result": found.state.result.value if found.state.result else None,
            "due": int(found.state.due.timestamp()),
            "overdue": found.state.is_overdue(outcome.as_of),
            "skipped": {skip.step: skip.reason.value for skip in found.state.skipped},
            "rejected": [refused.code for refused in found.rejected],
            "by_backup": found.state.by_backup,
        }
        for name, found in outcome.commitments.items()
    }


def played(scenario: Scenario, passes: Sequence[datetime] | None = None) -> tuple[set[tuple[Any, ...]], dict[str, dict[str, Any]]]:
    outcome = play(scenario, passes)
    return plain_notices(outcome), plain_final(outcome)
