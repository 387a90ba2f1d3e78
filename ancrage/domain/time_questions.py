"""Questions of working time and their answers, with reasons: what people ask before they promise a deadline (ESC-F, `--time`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from ancrage.domain import working_time
from ancrage.domain.calendars import zone_of
from ancrage.domain.explain_time import Line, explain_due, explain_elapsed
from ancrage.domain.working_time import Budget, Calendar, Pause, WorkingDays, WorkingTime
from ancrage.language import say

Pairs = tuple[tuple[datetime, datetime], ...]
AnswerValue = datetime | int | bool | Pairs


class Op(StrEnum):
    """What may be asked."""

    DEADLINE = "deadline"
    BEFORE = "before"
    ELAPSED = "elapsed"
    NEXT_WORKING = "next_working"
    INTERVALS = "intervals"
    WORKING_DAY = "working_day"


NEEDED = {
    Op.DEADLINE: ("start", "budget"),
    Op.BEFORE: ("end", "amount"),
    Op.ELAPSED: ("start", "end"),
    Op.NEXT_WORKING: ("at",),
    Op.INTERVALS: ("date",),
    Op.WORKING_DAY: ("date",),
}
"""Keys a case must have, by what it asks."""


@dataclass(frozen=True, slots=True)
class Question:
    """One case. Which fields count depends on `op` (NEEDED); `amount` is hours, or working days as for a reminder (ESC-L2)."""

    id: str
    op: Op
    calendar: Calendar
    start: datetime | None = None
    end: datetime | None = None
    at: datetime | None = None
    day: date | None = None
    budget: Budget | None = None
    amount: WorkingTime | WorkingDays | None = None
    pauses: tuple[Pause, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer (instants in the calendar's own time), and the lines that lead to it."""

    question: Question
    value: AnswerValue
    lines: tuple[Line, ...]


def answer(question: Question) -> Answer:
    """The answer to one question. NoWorkingTime where the calendar gives none."""
    zone = zone_of(question.calendar.zone)
    value, lines = _ANSWERS[question.op](question)
    match value:
        case datetime():
            value = value.astimezone(zone)
        case tuple():
            value = tuple((opens.astimezone(zone), closes.astimezone(zone)) for opens, closes in value)
    return Answer(question, value, lines)


Found = tuple[AnswerValue, tuple[Line, ...]]


def _deadline(asked: Question) -> Found:
    assert asked.start is not None, NEEDED
    assert asked.budget is not None, NEEDED
    due = working_time.due_instant(asked.calendar, asked.start, asked.budget, asked.pauses)
    return due, explain_due(asked.calendar, asked.start, asked.budget, asked.pauses)


def _before(asked: Question) -> Found:
    assert asked.end is not None, NEEDED
    assert asked.amount is not None, NEEDED
    calendar, amount = asked.calendar, asked.amount
    if isinstance(amount, WorkingDays):
        day = working_time.local_date(calendar, asked.end - timedelta(seconds=1))
        if not working_time.working_day(calendar, day):
            day = working_time.nth_working_day(calendar, day, -1)
        first = working_time.nth_working_day(calendar, day, -amount.days, asked.pauses)
        line = Line("ESC-L2", say("{days} working days before {day}: {first}", days=amount.days, day=day, first=first))
        return working_time.opening_of(calendar, first), (line,)
    found = working_time.before(calendar, asked.end, amount.seconds, asked.pauses)
    line = Line("ESC-D4", say("the latest instant from which {seconds} s are worked until the end", seconds=amount.seconds))
    return found, (line, *explain_elapsed(calendar, found, asked.end, asked.pauses))


def _elapsed(asked: Question) -> Found:
    assert asked.start is not None, NEEDED
    assert asked.end is not None, NEEDED
    seconds = working_time.elapsed_seconds(asked.calendar, asked.start, asked.end, asked.pauses)
    return seconds, explain_elapsed(asked.calendar, asked.start, asked.end, asked.pauses)


def _next_working(asked: Question) -> Found:
    assert asked.at is not None, NEEDED
    found = working_time.next_working(asked.calendar, asked.at)
    inside = say("this instant is in working time")
    outside = say("this instant is not in working time: the next opening")
    return found, (Line("ESC-B5", inside if found == asked.at else outside),)


def _intervals(asked: Question) -> Found:
    assert asked.day is not None, NEEDED
    return working_time.intervals(asked.calendar, asked.day), (_source_of_hours(asked.calendar, asked.day),)


def _working_day(asked: Question) -> Found:
    assert asked.day is not None, NEEDED
    return working_time.working_day(asked.calendar, asked.day), (_source_of_hours(asked.calendar, asked.day),)


def _source_of_hours(calendar: Calendar, day: date) -> Line:
    if day in calendar.exceptions:
        return Line("ESC-B4", say("{day} has an exception, which replaces its weekly hours", day=day))
    if day in calendar.holidays:
        return Line("ESC-B4", say("{day} is a holiday", day=day))
    return Line("ESC-B6", say("{day} has the hours of its day of the week", day=day))


_ANSWERS = {
    Op.DEADLINE: _deadline,
    Op.BEFORE: _before,
    Op.ELAPSED: _elapsed,
    Op.NEXT_WORKING: _next_working,
    Op.INTERVALS: _intervals,
    Op.WORKING_DAY: _working_day,
}
