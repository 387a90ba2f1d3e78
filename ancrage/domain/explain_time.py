"""Why a deadline is where it is, line by line: the stretches of work that were counted, and those that were not (ESC-B, D, P)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ancrage.domain import working_time
from ancrage.domain.calendars import zone_of
from ancrage.domain.working_time import Budget, Calendar, CalendarSpan, DueDate, Pause, WorkingDays, WorkingTime
from ancrage.language import Message, say

MOST_LINES = 12
"""Stretches or days shown of a long deadline; the others are summed up."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: the rule, and what it gave. Instants are local to the calendar."""

    rule: str
    message: Message


def explain_due(calendar: Calendar, start: datetime, budget: Budget, pauses: Sequence[Pause] = ()) -> tuple[Line, ...]:
    """The lines behind `due_instant`, the result last."""
    due = working_time.due_instant(calendar, start, budget, pauses)
    zone = zone_of(calendar.zone)
    words = {"start": start.astimezone(zone), "calendar": calendar.id, "zone": calendar.zone}
    begin = Line("ESC-B1", say("start {start}, calendar {calendar} ({zone})", **words))
    end = Line(_rule(budget), say("due {due}", due=due.astimezone(zone)))
    match budget:
        case WorkingTime():
            inner = _stretches(calendar, start, due, pauses)
        case WorkingDays(days):
            inner = _days(calendar, working_time.local_date(calendar, start), days, pauses)
        case CalendarSpan():
            inner = _rolled(calendar, start, budget)
        case DueDate(day):
            inner = iter([Line("ESC-D3", say("agreed for {day}: due at its end", day=day))])
    return (begin, *_shortened(list(inner)), end)


def _rule(budget: Budget) -> str:
    return {WorkingTime: "ESC-D1", WorkingDays: "ESC-D2", CalendarSpan: "ESC-D3", DueDate: "ESC-D3"}[type(budget)]


def _shortened(lines: list[Line]) -> list[Line]:
    left_out = len(lines) - MOST_LINES
    if left_out <= 1:
        return lines
    half = MOST_LINES // 2
    return [*lines[:half], Line(lines[half].rule, say("... {count} more ...", count=left_out)), *lines[-half:]]


def explain_elapsed(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Pause] = ()) -> tuple[Line, ...]:
    """The lines behind `elapsed_seconds`, the sum last."""
    total = working_time.elapsed_seconds(calendar, start, end, pauses)
    return (*_shortened(list(_stretches(calendar, start, end, pauses))), Line("ESC-B5", say("{seconds} s worked in all", seconds=total)))


def _stretches(calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Pause]) -> Iterator[Line]:
    """Each worked stretch between two instants, with the seconds it gave once pauses are taken off (ESC-B5, P2)."""
    zone = zone_of(calendar.zone)
    total, day, last = 0, working_time.local_date(calendar, start), working_time.local_date(calendar, end)
    while day <= last:
        for opens, closes in working_time.intervals(calendar, day):
            since, until = max(opens, start), min(closes, end)
            if since >= until:
                continue
            counted = working_time.elapsed_seconds(calendar, since, until, pauses)
            total += counted
            paused = int((until - since).total_seconds()) - counted
            words = {"since": since.astimezone(zone), "until": until.astimezone(zone), "seconds": counted, "total": total, "paused": paused}
            if paused:
                yield Line("ESC-P2", say("{since} to {until}: {seconds} s counted, {paused} s paused, {total} s so far", **words))
            else:
                yield Line("ESC-B5", say("{since} to {until}: {seconds} s counted, {total} s so far", **words))
        day += timedelta(days=1)


def _days(calendar: Calendar, start: date, count: int, pauses: Sequence[Pause]) -> Iterator[Line]:
    yield Line("ESC-D2", say("{day}, the date of the start, is not counted", day=start))
    counted, day = 0, start
    while counted < count:
        day += timedelta(days=1)
        if not working_time.working_day(calendar, day):
            yield Line("ESC-B6", say("{day} is not a working day", day=day))
        elif working_time.nth_working_day(calendar, day - timedelta(days=1), 1, pauses) != day:
            yield Line("ESC-P3", say("{day} is not counted: the clock was paused in its working time", day=day))
        else:
            counted += 1
            yield Line("ESC-D2", say("{day} is working day {number} of {count}", day=day, number=counted, count=count))


def _rolled(calendar: Calendar, start: datetime, span: CalendarSpan) -> Iterator[Line]:
    plain = _last_day(calendar, start, CalendarSpan(span.months, span.days, roll=False))
    last = _last_day(calendar, start, span)
    words = {"months": span.months, "days": span.days, "day": plain}
    yield Line("ESC-D3", say("{months} months and {days} days after the date of the start: {day}", **words))
    if last != plain:
        yield Line("ESC-D3", say("{day} is not a working day: it moves to {last}", day=plain, last=last))


def _last_day(calendar: Calendar, start: datetime, span: CalendarSpan) -> date:
    return working_time.local_date(calendar, working_time.due_instant(calendar, start, span) - timedelta(seconds=1))
