"""Calendars, budgets and the arithmetic of working time (ESC-B and ESC-D), in UTC and right across clock changes."""

from __future__ import annotations

import calendar as months_of_the_year
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from ancrage.domain import calendars
from ancrage.domain.calendars import NoWorkingTime, instant_of, seconds_of

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


LONGEST_DAYS = 36_600
"""A hundred years: a longer budget is a typing error."""

_HOURS = re.compile(r"PT(?=\d)(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,9})S)?")
_SPAN = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?( roll none)?")
_DAYS = re.compile(r"(\d{1,5})wd")


def parse_budget(text: str) -> Budget | None:
    """A budget from its text: `PT4H`, `PT1H30M`, `PT90S` (ESC-D1), `3wd` (D2), `P10D`, `P2W`, `P1M`, `P1M10D`, `P1Y` (D3), `2026-03-31`.

    None when the text is none of these, mixes days with hours (`P1DT2H`), or is zero or longer than a hundred years (E-BUDGET).
    `P10D roll none` is what `format_budget` writes for a span that does not roll.
    """
    found = _HOURS.fullmatch(text)
    if found:
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        total = 3600 * hours + 60 * minutes + seconds
        return WorkingTime(total) if 0 < total <= LONGEST_DAYS * calendars.DAY else None
    found = _DAYS.fullmatch(text)
    if found:
        return WorkingDays(int(found[1])) if 0 < int(found[1]) <= LONGEST_DAYS else None
    return _parse_span(text) or _parse_date(text)


def _parse_span(text: str) -> CalendarSpan | None:
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    years, months, weeks, days = (int(part or 0) for part in found.groups()[:4])
    span = CalendarSpan(months=12 * years + months, days=7 * weeks + days, roll=found[5] is None)
    return span if 0 < 31 * span.months + span.days <= LONGEST_DAYS else None


def _parse_date(text: str) -> DueDate | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return DueDate(date.fromisoformat(text))
    except ValueError:
        return None


def format_budget(budget: Budget) -> str:
    """The text of a budget; `parse_budget` of it is the same budget."""
    match budget:
        case WorkingTime(seconds):
            hours, rest = divmod(seconds, 3600)
            parts = zip((hours, rest // 60, rest % 60), "HMS", strict=True)
            return "PT" + "".join(f"{amount}{unit}" for amount, unit in parts if amount)
        case WorkingDays(days):
            return f"{days}wd"
        case DueDate(day):
            return day.isoformat()
        case CalendarSpan(months, days, roll):
            text = "P" + (f"{months}M" if months else "") + (f"{days}D" if days else "")
            return text if roll else f"{text} roll none"


def elapsed_seconds(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> int:
    """Worked seconds from `start` to `end`, 0 when `end` is not after `start` (ESC-B5), less what was worked while paused (ESC-P2)."""
    return _elapsed(calendar, seconds_of(start), seconds_of(end), _spans(pauses))


def next_working(calendar: Calendar, at: datetime) -> datetime:
    """`at` when it lies in working time, otherwise the next opening (ESC-B5). NoWorkingTime when none comes within 366 days."""
    return instant_of(calendars.next_working(calendar, seconds_of(at)))


def next_opening(calendar: Calendar, at: datetime) -> datetime:
    """The first opening strictly after `at`."""
    return instant_of(calendars.next_opening(calendar, seconds_of(at)))


def is_working(calendar: Calendar, at: datetime) -> bool:
    """Whether `at` lies in working time; the opening does, the closing does not (ESC-B2)."""
    second = seconds_of(at)
    return calendars.layout_of(calendar, second, second).is_working(second)


def working_day(calendar: Calendar, day: date) -> bool:
    """Whether the local date has working time (ESC-B6)."""
    return calendars.is_working_day(calendar, day.toordinal())


def next_working_day(calendar: Calendar, day: date) -> date:
    """The first working day after `day`."""
    return date.fromordinal(calendars.nth_day_after(calendar, day.toordinal(), 1))


def intervals(calendar: Calendar, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """The working intervals of a local date, as UTC pairs `[opening, closing)` in order (ESC-B2 to B4)."""
    return tuple((instant_of(opens), instant_of(closes)) for opens, closes in calendars.day_intervals(calendar, day))


def opening_of(calendar: Calendar, day: date) -> datetime:
    """The first opening of a working day. NoWorkingTime when the date is not one."""
    found = calendars.day_intervals(calendar, day)
    if not found:
        raise NoWorkingTime(calendar.id, day)
    return instant_of(found[0][0])


def local_date(calendar: Calendar, at: datetime) -> date:
    """The date `at` the place of the calendar."""
    return date.fromordinal(calendars.local_day(calendar, seconds_of(at)))


def end_of_day(calendar: Calendar, day: date) -> datetime:
    """24:00 local, the first instant of the next date (ESC-D2)."""
    return instant_of(calendars.end_of_day(calendar, day.toordinal()))


def start_of_day(calendar: Calendar, day: date) -> datetime:
    """The first instant of the local date."""
    return instant_of(calendars.end_of_day(calendar, day.toordinal() - 1))


def due_instant(calendar: Calendar, start: datetime, budget: Budget, pauses: Sequence[Pause] = ()) -> datetime:
    """The printed deadline of `budget` from `start` (ESC-D1, D2, D3), moved by the pauses that have ended (ESC-P2, P3)."""
    begin = seconds_of(start)
    match budget:
        case WorkingTime(seconds):
            return instant_of(_after(calendar, begin, seconds, _spans(pauses)))
        case WorkingDays(days):
            last = nth_working_day(calendar, local_date(calendar, start), days, pauses)
            return end_of_day(calendar, last)
        case CalendarSpan():
            return end_of_day(calendar, _last_day(calendar, local_date(calendar, start), budget))
        case DueDate(day):
            return end_of_day(calendar, day)


def nth_working_day(calendar: Calendar, day: date, count: int, pauses: Sequence[Pause] = ()) -> date:
    """The `count`-th working day after `day` (before it when negative), `day` itself not counted (ESC-D2, L2).

    A working day during whose working intervals the clock was paused is not counted (ESC-P3).
    """
    spans = _spans(pauses)
    if not spans:
        step = calendars.nth_day_after if count > 0 else calendars.nth_day_before
        return date.fromordinal(step(calendar, day.toordinal(), abs(count)))
    step = calendars.nth_day_after if count > 0 else calendars.nth_day_before
    found = day.toordinal()
    for _ in range(abs(count)):
        found = step(calendar, found, 1)
        while _paused_on(calendar, found, spans):
            found = step(calendar, found, 1)
    return date.fromordinal(found)


def before(calendar: Calendar, end: datetime, seconds: int, pauses: Sequence[Pause] = ()) -> datetime:
    """The latest instant from which `seconds` are worked until `end`, paused time not counted (ESC-D4, P2)."""
    finish, left = seconds_of(end), seconds
    for since, until in reversed(_spans(pauses)):
        if since >= finish:
            continue
        free = _elapsed(calendar, min(until, finish), finish, ())
        if free >= left:
            break
        left, finish = left - free, since
    return instant_of(calendars.before(calendar, finish, left))


def is_on_time(calendar: Calendar, start: datetime, event: datetime, budget: Budget, pauses: Sequence[Pause] = ()) -> bool:
    """Whether `event` keeps the budget (ESC-D5): an answer given outside working hours is not late by zero seconds of work."""
    if isinstance(budget, WorkingTime):
        return elapsed_seconds(calendar, start, event, ended_pauses(pauses, event)) <= budget.seconds
    return event <= due_instant(calendar, start, budget, ended_pauses(pauses, event))


def ended_pauses(pauses: Sequence[Pause], at: datetime) -> tuple[Pause, ...]:
    """The pauses as they stand at `at`: one that still runs is taken to end there."""
    return tuple(pause if pause.until is not None else Pause(pause.since, max(at, pause.since), pause.by, pause.why) for pause in pauses)


def _spans(pauses: Sequence[Pause]) -> tuple[tuple[int, int], ...]:
    """Ended pauses as epoch seconds in order; one that still runs moves nothing before it ends (ESC-P4)."""
    if not pauses:
        return ()
    return tuple(sorted((seconds_of(pause.since), seconds_of(pause.until)) for pause in pauses if pause.until is not None))


def _elapsed(calendar: Calendar, start: int, end: int, spans: Sequence[tuple[int, int]]) -> int:
    if end <= start:
        return 0
    layout = calendars.layout_of(calendar, start, end)
    total = layout.worked_until(end) - layout.worked_until(start)
    for since, until in spans:
        since, until = max(since, start), min(until, end)
        if since < until:
            total -= layout.worked_until(until) - layout.worked_until(since)
    return total


def _after(calendar: Calendar, start: int, seconds: int, spans: Sequence[tuple[int, int]]) -> int:
    left = seconds
    for since, until in spans:
        if until <= start:
            continue
        free = _elapsed(calendar, start, since, ())
        if free >= left:
            break
        left, start = left - free, until
    return calendars.after(calendar, start, left)


def _paused_on(calendar: Calendar, day: int, spans: Sequence[tuple[int, int]]) -> bool:
    worked = calendars.day_intervals(calendar, date.fromordinal(day))
    return any(max(since, opens) < min(until, closes) for since, until in spans for opens, closes in worked)


def _last_day(calendar: Calendar, start: date, span: CalendarSpan) -> date:
    """Months first (same day number, or the last of a shorter month), then days, then the roll (ESC-D3)."""
    years, month = divmod(start.month - 1 + span.months, 12)
    year = start.year + years
    number = min(start.day, months_of_the_year.monthrange(year, month + 1)[1])
    last = date.fromordinal(date(year, month + 1, number).toordinal() + span.days)
    return next_working_day(calendar, last) if span.roll and not working_day(calendar, last) else last
