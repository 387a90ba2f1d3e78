"""DSOMM: dated states of activities per team, shares of sectors (ASM-D1 to D3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from ancrage.domain.assessment.methods.numbers import mean, total

DEFAULT_STATES = "Not implemented=0, Started=20, Partly implemented=50, Fully implemented=100"
"""States and percentages that the application starts with; every organisation may set its own."""


class StateKey(NamedTuple):
    """A team reached a state of an activity."""

    team: str
    activity: str
    state: str


Progress = Mapping[StateKey, date | None]
"""Dates by state; None is a state without a date: not reached."""


def merge_progress(first: Progress, second: Progress) -> dict[StateKey, date | None]:
    """Two records in one; where both have a date the earlier wins (ASM-D3). Neither the order nor a repetition matters."""
    merged = dict(first)
    for key, day in second.items():
        merged[key] = earlier(merged.get(key), day)
    return merged


def earlier(first: date | None, second: date | None) -> date | None:
    """The earlier of two dates of one state; a date goes before none."""
    return min(first, second) if first and second else first or second


def highest_share(states: Iterable[tuple[Fraction, date | None]], as_of: date | None = None) -> Fraction | None:
    """The share of a team's highest dated state (ASM-D1), whatever the order of its dates; None without any dated state.

    `states` are (share, date); `as_of` leaves later dates out.
    """
    reached = [share for share, day in states if day is not None and (as_of is None or day <= as_of)]
    return max(reached, default=None)


def activity_share(shares: Sequence[Fraction | None], silent_teams: int = 0) -> Fraction | None:
    """Mean of an activity over teams (ASM-D2). None in a team's place is no dated state, which counts 0; so do `silent_teams`.

    Teams for which the activity does not apply are in neither; None where no team is left.
    """
    teams = len(shares) + silent_teams
    return total(share for share in shares if share is not None) / teams if teams else None


def sector_share(activities: Iterable[Fraction | None]) -> Fraction | None:
    """Mean over the activities of a sub-dimension and level (ASM-D2); those without a share are left out; None: nothing is left."""
    return mean(share for share in activities if share is not None)
