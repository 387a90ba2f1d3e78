"""Calendars, budgets and the arithmetic of working time (ESC-B and ESC-D), in UTC and right across clock changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

MinuteInterval = tuple[int, int]
"""Opening and closing in minutes of the local day, half open, closing up to 1440 (ESC-B2)."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Working intervals of a place. `week[0]` is Monday; holidays are explicit dates (ESC-B7); an exception replaces its date (ESC-B4)."""

    id: str
    zone: str
    week: tuple[tuple[MinuteInterval, ...], ...]
    holidays: frozenset[date] = frozenset()
    exceptions: Mapping[date, tuple[MinuteInterval, ...]] = field(default_factory=dict)
    holiday_source: str = ""
    """Where the dates came from: country, subdivision, library and version; empty for an explicit list."""


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """Hour budget: elapsed working seconds (ESC-D1)."""

    seconds: int


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Working-day budget: the start date is not counted (ESC-D2)."""

    days: int


@dataclass(frozen=True, slots=True)
class CalendarSpan:
    """Calendar budget in months and days (ESC-D3); `roll` moves a last day that is not worked to the next working day."""

    months: int = 0
    days: int = 0
    roll: bool = True


@dataclass(frozen=True, slots=True)
class DueDate:
    """A date agreed in advance: due at 24:00 local of that date, without rolling (the day of ESC-M1 and of campaign requests)."""

    day: date


Budget = WorkingTime | WorkingDays | CalendarSpan | DueDate


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still from `since` until `until` (None: still paused)."""

    since: datetime
    until: datetime | None = None
    by: str = ""
    why: str = ""
