"""What makes a policy, a calendar or a role unfit to run a commitment (ESC-V1), before any commitment exists.

The loader of declarations and the reader of scenario files ask the same questions here, so they refuse the same things. Subjects
name the part as it stands in YAML; a position in a list is its number from 0 as text. What a reader can only see while it
reads (an unknown zone, an instant without offset, an unknown name) is refused there, under the codes of V1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise

from ancrage.domain import working_time
from ancrage.domain.calendars import SEARCH_DAYS, NoWorkingTime, zone_of
from ancrage.domain.escalation.facts import LadderState, Terms
from ancrage.domain.escalation.rungs import is_reminder, planned_instant
from ancrage.domain.finding import Finding, Subject
from ancrage.domain.organisation import Organisation, Person, Role, RolePeriod
from ancrage.domain.policies import Origin, Policy, Step
from ancrage.domain.working_time import Budget, Calendar, MinuteInterval, WorkingTime
from ancrage.language import say

NOMINAL_DAY_SECONDS = 8 * 3600
"""A working day, only to compare a reminder in hours with one in days before any calendar is known."""


def policy_faults(policy: Policy) -> tuple[Finding, ...]:
    """E-STEP-DUPLICATE, E-STEP-ORDER and E-BUDGET of a ladder (ESC-L1); empty when it can be walked."""
    return (*_duplicate_steps(policy), *_misplaced_steps(policy), *_reminders_out_of_order(policy))


def _step_subject(policy: Policy, index: int, *keys: str) -> Subject:
    return ("policies", policy.id, "steps", str(index), *keys)


def _duplicate_steps(policy: Policy) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, step in enumerate(policy.steps):
        if step.id in first:
            message, others = say('step "{step}" stands twice in this ladder', step=step.id), (_step_subject(policy, first[step.id], "id"),)
            hint = say("a notice is known by its step: give each step its own id")
            yield Finding("E-STEP-DUPLICATE", message, _step_subject(policy, index, "id"), say("again"), hint, others)
        first.setdefault(step.id, index)


def _misplaced_steps(policy: Policy) -> Iterator[Finding]:
    """One finding for each step that stands where its kind cannot stand (ESC-L1)."""
    seen_due = seen_previous = False
    for index, step in enumerate(policy.steps):
        message = None
        if step.origin is Origin.PREVIOUS:
            if step.offset.amount is None or step.offset.before:
                message = say('step "{step}" counts from the previous step: its offset must be positive', step=step.id)
            elif index == 0:
                message = say('step "{step}" counts from the previous step, and there is none', step=step.id)
            seen_previous = True
        elif seen_previous:
            message = say('step "{step}" counts from due: it must stand before the steps that count from the previous one', step=step.id)
        elif step.offset.amount is not None and not step.offset.before:
            message = say('step "{step}" counts from due: its offset must be negative or 0', step=step.id)
        elif seen_due:
            message = say('step "{step}" stands after the step at due', step=step.id)
        seen_due |= step.origin is Origin.DUE and step.offset.amount is None
        if message is not None:
            hint = say("the order is: reminders before due, at most one step at due, then steps from the previous one")
            yield Finding("E-STEP-ORDER", message, _step_subject(policy, index), say("out of place"), hint)


def _reminders_out_of_order(policy: Policy) -> Iterator[Finding]:
    reminders = [(index, step) for index, step in enumerate(policy.steps) if is_reminder(step)]
    for (first, earlier), (index, later) in pairwise(reminders):
        if _distance(later) >= _distance(earlier):
            message = say('reminder "{later}" does not come after reminder "{earlier}"', later=later.id, earlier=earlier.id)
            hint = say("write reminders in the order of time: the farthest from due first")
            subject, others = _step_subject(policy, index, "offset"), (_step_subject(policy, first, "offset"),)
            yield Finding("E-STEP-ORDER", message, subject, say("too far from due"), hint, others)


def _distance(step: Step) -> int:
    amount = step.offset.amount
    assert amount is not None, "a reminder has an amount"
    return amount.seconds if isinstance(amount, WorkingTime) else amount.days * NOMINAL_DAY_SECONDS


def calendar_faults(calendar: Calendar, from_date: date) -> tuple[Finding, ...]:
    """E-TZ, E-CAL-OVERLAP and E-CAL-EMPTY of a calendar, judged at `from_date` (ESC-B2, V1)."""
    subject = ("calendars", calendar.id)
    try:
        zone_of(calendar.zone)
    except (KeyError, ValueError, OSError):
        message = say('"{name}" is not a time zone', name=calendar.zone)
        return (Finding("E-TZ", message, (*subject, "tz"), say("no such zone"), say("write a zone of the IANA list, as in Europe/Paris")),)
    overlaps = tuple(_overlaps(calendar, subject))
    days = (from_date + timedelta(days=step) for step in range(SEARCH_DAYS))
    if overlaps or any(working_time.working_day(calendar, day) for day in days):
        return overlaps
    message = say("calendar {calendar} has no working day in the 366 days from {day}", calendar=calendar.id, day=from_date)
    return (Finding("E-CAL-EMPTY", message, subject, say("nothing is ever worked"), say("give at least one day of the week an interval")),)


def _overlaps(calendar: Calendar, subject: Subject) -> Iterator[Finding]:
    days: list[tuple[tuple[str, ...], tuple[MinuteInterval, ...]]] = [(("week",), intervals) for intervals in calendar.week]
    days += [(("exceptions", day.isoformat()), intervals) for day, intervals in calendar.exceptions.items()]
    for keys, intervals in days:
        if any(later[0] < earlier[1] for earlier, later in pairwise(sorted(intervals))):
            label, hint = say("overlap"), say("join the two intervals, or part them")
            yield Finding("E-CAL-OVERLAP", say("two intervals of this day overlap"), (*subject, *keys), label, hint)


def role_faults(role: Role) -> tuple[Finding, ...]:
    """E-ROLE-OVERLAP: two persons hold the role at one instant (ESC-W1)."""
    return tuple(
        Finding(
            "E-ROLE-OVERLAP",
            say("{first} and {second} both hold role {role}", first=earlier.person, second=later.person, role=role.id),
            ("roles", role.id, "holders", str(role.periods.index(later))),
            say("overlaps the period before"),
            say("a period ends just before its `to`: write the same instant as `to` of one and `from` of the next"),
            (("roles", role.id, "holders", str(role.periods.index(earlier))),),
        )
        for earlier, later in pairwise(sorted(role.periods, key=_beginning))
        if _overlap(earlier, later)
    )


def _beginning(period: RolePeriod) -> float:
    return period.since.timestamp() if period.since else float("-inf")


def _overlap(earlier: RolePeriod, later: RolePeriod) -> bool:
    return earlier.until is None or later.since is None or later.since < earlier.until


def fallback_faults(fallback: str, people: Mapping[str, Person]) -> tuple[Finding, ...]:
    """E-NO-FALLBACK: somebody must be left to tell when a ladder reaches nobody (ESC-W6)."""
    if fallback in people:
        return ()
    message = say("the fallback person is not declared: {fallback}", fallback=fallback) if fallback else say("there is no fallback person")
    hint = say("name a person under `fallback`, who is told when the last step reaches nobody")
    return (Finding("E-NO-FALLBACK", message, ("fallback",), say("nobody"), hint),)


def unknown_roles(policy: Policy, organisation: Organisation) -> tuple[Finding, ...]:
    """E-ROLE-UNKNOWN: a step is addressed to a role that nothing declares (ESC-W2)."""
    known = {"responsible", "accountable", *organisation.roles}
    return tuple(
        Finding("E-ROLE-UNKNOWN", say('role "{name}" is not declared', name=name), _step_subject(policy, index, "to"), say("no such role"))
        for index, step in enumerate(policy.steps)
        for name in step.to
        if name not in known and not name.startswith("person:")
    )


def reminders_longer(policy: Policy, budget: Budget, calendar: Calendar, from_date: date) -> tuple[str, ...]:
    """Ids of reminders that would always be `skipped_past`, for a start at the opening of every working day of the next 366 days.

    The measure of W-REMINDER-LONGER (ESC-V1, L6). Empty for a calendar without working days, which is E-CAL-EMPTY.
    """
    waiting = list(filter(is_reminder, policy.steps))
    for day in (from_date + timedelta(days=step) for step in range(SEARCH_DAYS)):
        if not waiting:
            break
        if working_time.working_day(calendar, day):
            terms = Terms("", calendar.id, "", budget, policy, working_time.opening_of(calendar, day))
            waiting = [step for step in waiting if _comes_too_late(terms, calendar, step)]
    else:
        worked = any(working_time.working_day(calendar, from_date + timedelta(days=step)) for step in range(SEARCH_DAYS))
        return tuple(step.id for step in waiting) if worked else ()
    return ()


def _comes_too_late(terms: Terms, calendar: Calendar, step: Step) -> bool:
    try:
        state = LadderState(working_time.due_instant(calendar, terms.started_at, terms.budget))
        return planned_instant(terms, state, calendar, step) <= terms.started_at
    except NoWorkingTime:  # the far end of a calendar that stops: no answer there, so nothing to hold against the reminder
        return True


def reminder_warnings(policy: Policy, budget: Budget, calendar: Calendar, from_date: date, subject: Subject) -> tuple[Finding, ...]:
    """W-REMINDER-LONGER for what stands at `subject` (a clause, a commitment), one warning for each reminder never sent."""
    return tuple(
        Finding(
            "W-REMINDER-LONGER",
            say('reminder "{step}" of policy {policy} comes before the start: it will never be sent', step=step, policy=policy.id),
            subject,
            say("shorter than its reminder"),
            say("give more time, or remind later"),
        )
        for step in reminders_longer(policy, budget, calendar, from_date)
    )
