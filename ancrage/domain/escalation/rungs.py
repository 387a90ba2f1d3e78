"""When each step of a ladder is planned (ESC-L2), which one is next, and from when it may fire (ESC-L4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ancrage.domain import working_time
from ancrage.domain.escalation.facts import Firing, LadderState, SkipReason, Terms
from ancrage.domain.policies import Origin, Step
from ancrage.domain.working_time import Calendar, WorkingDays, WorkingTime

SECOND = timedelta(seconds=1)
REPEAT_RULE = "ESC-L7"
REPEAT_KEY = "repeat of the last step"
"""Under this name the announced instant of a repeat is kept by a calendar change; no step id has a space."""


@dataclass(frozen=True, slots=True)
class Rung:
    """What fires next if nobody moves: a step, its occurrence, its planned instant and the rule that makes it fire."""

    step: Step
    occurrence: int
    planned_at: datetime
    rule: str


def is_reminder(step: Step) -> bool:
    """A step before the due instant (ESC-L1)."""
    return step.origin is Origin.DUE and step.offset.before


def steps_to_come(terms: Terms, state: LadderState) -> tuple[Step, ...]:
    """The steps that have neither fired nor been skipped, in order."""
    handled = {firing.step for firing in state.fired} | {skip.step for skip in state.skipped}
    return tuple(step for step in terms.policy.steps if step.id not in handled)


def occurrences(state: LadderState, step: str) -> int:
    """How often a step has fired (ESC-L8)."""
    return sum(firing.step == step for firing in state.fired)


def next_rung(terms: Terms, state: LadderState, calendar: Calendar) -> Rung | None:
    """The next unfired step, or after the last one its next repeat (ESC-L7); None when nothing more will fire by itself."""
    for step in steps_to_come(terms, state):
        if state.forced_at is not None:
            return Rung(step, 1, state.forced_at, "ESC-A10")
        return Rung(step, 1, planned_instant(terms, state, calendar, step), "ESC-L4")
    repeat, last = terms.policy.repeat_last, _last_of(terms, state)
    if repeat is None or last is None or sum(firing.rule == REPEAT_RULE for firing in state.fired) >= repeat.times:
        return None
    planned = _counted_from(calendar, last.at, repeat.every, state)
    return Rung(terms.policy.steps[-1], occurrences(state, last.step) + 1, _announced(state, REPEAT_KEY, planned), REPEAT_RULE)


def _last_of(terms: Terms, state: LadderState) -> Firing | None:
    """The latest firing of the last step."""
    last = terms.policy.steps[-1].id if terms.policy.steps else None
    return next((firing for firing in reversed(state.fired) if firing.step == last), None)


def planned_instant(terms: Terms, state: LadderState, calendar: Calendar, step: Step) -> datetime:
    """ESC-L2, never earlier than what was announced before a calendar changed (ESC-K2)."""
    if step.origin is Origin.DUE:
        planned = _around_due(state, calendar, step)
    else:
        assert step.offset.amount is not None, "a step `from: previous` has a positive offset (ESC-L1)"
        planned = _counted_from(calendar, anchor(terms, state, step), step.offset.amount, state)
    return _announced(state, step.id, planned)


def _announced(state: LadderState, key: str, planned: datetime) -> datetime:
    return max((planned, *(at for known, at in state.planned if known == key)))


def _around_due(state: LadderState, calendar: Calendar, step: Step) -> datetime:
    amount = step.offset.amount
    if amount is None:
        return working_time.next_working(calendar, state.due)
    if isinstance(amount, WorkingTime):
        start = working_time.before(calendar, state.due, amount.seconds, state.pauses)
        return working_time.next_working(calendar, start)
    day = working_time.nth_working_day(calendar, due_day(calendar, state), -amount.days, state.pauses)
    return working_time.opening_of(calendar, day)


def due_day(calendar: Calendar, state: LadderState) -> date:
    """The local date of `due` - 1 second, or the last working day before it (ESC-L2)."""
    day = working_time.local_date(calendar, state.due - SECOND)
    return day if working_time.working_day(calendar, day) else working_time.nth_working_day(calendar, day, -1)


def _counted_from(calendar: Calendar, start: datetime, amount: WorkingTime | WorkingDays, state: LadderState) -> datetime:
    return working_time.next_working(calendar, working_time.due_instant(calendar, start, amount, state.pauses))


def anchor(terms: Terms, state: LadderState, step: Step) -> datetime:
    """What a step `from: previous` is counted from: the latest firing instant of the step before it (ESC-L4).

    A skipped reminder has no firing instant; the rules leave this open. One planned before the start counts from the start, one
    overtaken by the deadline from the deadline: in both cases nobody loses the time between two steps (the reason of ESC-C2).
    """
    index = terms.policy.steps.index(step)
    before = terms.policy.steps[index - 1].id if index else None
    latest = state.fired[-1].at if state.fired else terms.started_at
    if any(firing.step == before for firing in state.fired):
        return latest
    late = any(skip.step == before and skip.reason is SkipReason.LATE for skip in state.skipped)
    return max(latest, state.due) if late else latest


def eligible_instant(state: LadderState, calendar: Calendar, planned_at: datetime) -> datetime:
    """`next_working` of the latest of the planned instant, the lapse of a hold, and the end of a pause (ESC-L4)."""
    resumed = (pause.until for pause in state.pauses if pause.until is not None)
    lapsed = (state.lapsed_at,) if state.lapsed_at is not None else ()
    return working_time.next_working(calendar, max((planned_at, *lapsed, *resumed)))
