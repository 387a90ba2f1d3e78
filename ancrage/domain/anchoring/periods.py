"""Periods of a cadence: the day, the ISO week, the month that a reading is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ancrage.domain.indicators import Cadence

GRACE_DAYS = {Cadence.DAY: 2, Cadence.WEEK: 4, Cadence.MONTH: 10}
"""Days after the end of a period in which its reading is not yet late: time to collect it."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `first` to `last`, both included. `name` is stable: 2026-05, 2026-W22, 2026-05-28."""

    first: date
    last: date
    name: str


def period_of(day: date, cadence: Cadence) -> Period:
    """The period of `cadence` that contains `day`."""
    if cadence is Cadence.DAY:
        return Period(day, day, day.isoformat())
    if cadence is Cadence.WEEK:
        year, week, weekday = day.isocalendar()
        monday = day - timedelta(days=weekday - 1)
        return Period(monday, monday + timedelta(days=6), f"{year:04d}-W{week:02d}")
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return Period(first, last, f"{day:%Y-%m}")


def periods_after(period: Period, cadence: Cadence) -> Iterator[Period]:
    """The periods that follow, without end."""
    while True:
        period = period_of(period.last + timedelta(days=1), cadence)
        yield period
