"""One commitment and its ladder: opened, advanced by passes (ESC-L, W, A4), and when it must be looked at again.

| status | what a pass may do | what ends it |
| --- | --- | --- |
| open | skip reminders (L6), fire one step (L4, L5) or repeat (L7) | fulfil, waive, cancel -> closed; ack; snooze; pause |
| acknowledged | nothing until the hold lapses; then A4 | lapse or escalate -> open |
| snoozed | nothing until the hold lapses; then A5 | lapse or escalate -> open |
| paused | nothing (P1) | resume -> open, acknowledged or snoozed |
| closed | nothing, ever | - |

What people do stands in `actions`, what changes around a commitment in `changes`; both are offered here too, because a caller
needs them together. Everything is decided from the stored state (ESC-C1): a pass repeated for the same instant changes nothing.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from ancrage.domain import working_time
from ancrage.domain.calendars import NoWorkingTime
from ancrage.domain.escalation.actions import act
from ancrage.domain.escalation.changes import assign_new_holder, next_holder_change, reassign, replan
from ancrage.domain.escalation.facts import ActionKind, Decision, LadderState, SkipReason, Status, Terms
from ancrage.domain.escalation.firing import Draft, FiringInstants, fire
from ancrage.domain.escalation.rungs import (
    SECOND,
    Rung,
    eligible_instant,
    is_reminder,
    next_rung,
    occurrences,
    planned_instant,
    steps_to_come,
)
from ancrage.domain.organisation import Organisation
from ancrage.domain.working_time import Calendar
from ancrage.language import say

__all__ = ["act", "advance_ladder", "open_ladder", "reassign", "replan", "settle_before", "wake_at"]


def open_ladder(terms: Terms, organisation: Organisation) -> LadderState:
    """The state of a commitment at its start: its deadline (ESC-D), and the reminders that come too late to be sent (ESC-L6)."""
    calendar = organisation.calendars[terms.calendar]
    draft = Draft(terms, organisation, LadderState(working_time.due_instant(calendar, terms.started_at, terms.budget)))
    for step in filter(is_reminder, terms.policy.steps):
        if planned_instant(terms, draft.state, calendar, step) <= terms.started_at:
            draft.skip(step, SkipReason.PAST, terms.started_at)
    return draft.state


def advance_ladder(terms: Terms, state: LadderState, organisation: Organisation, as_of: datetime) -> Decision:
    """What one pass at `as_of` changes: at most one step fires (ESC-L5, except W5). An unchanged state means nothing was due."""
    if state.status is Status.CLOSED:
        return Decision(state)
    draft = Draft(terms, organisation, state)
    assign_new_holder(draft, as_of)
    if draft.state.status is Status.PAUSED:  # ESC-P1
        return draft.decision()
    try:
        _skip_overtaken_reminders(draft, as_of)
        _let_hold_lapse(draft, as_of)
        if draft.state.hold is None and not _has_fired_in(draft.state, as_of):
            act_now = _fire_one if working_time.is_working(draft.calendar, as_of) else _note_lateness
            act_now(draft, as_of)
    except NoWorkingTime as error:  # one calendar that has run out must not stop the pass for all others; `doctor` reports it
        draft.explain("ESC-V1", error.message)
    return draft.decision()


def _has_fired_in(state: LadderState, as_of: datetime) -> bool:
    """Whether this pass, or a later one, has already fired a step: two engines, or one run twice (ESC-L5, C1)."""
    return any(firing.recorded_at is not None and firing.recorded_at >= as_of for firing in state.fired[-1:])


def _skip_overtaken_reminders(draft: Draft, as_of: datetime) -> None:
    """ESC-L6: a reminder not yet fired when `due` has passed is never sent."""
    if as_of <= draft.state.due:
        return
    for step in filter(is_reminder, steps_to_come(draft.terms, draft.state)):
        draft.skip(step, SkipReason.LATE, as_of)
        draft.explain("ESC-L6", say("reminder {step} is skipped: the deadline {due} has passed", step=step.id, due=draft.state.due))


def _let_hold_lapse(draft: Draft, as_of: datetime) -> None:
    """ESC-A3, A5: the commitment is open again from the lapse on; only an acknowledgement leaves an answer owed (A4)."""
    hold = draft.state.hold
    if hold is None or as_of < hold.until:
        return
    owed = hold.kind is ActionKind.ACK
    draft.state = replace(draft.state, hold=None, lapsed_at=hold.until, answer_owed=owed)
    rule = "ESC-A4" if owed else "ESC-A5"
    draft.explain(rule, say("the {kind} of {person} lapsed at {until}", kind=hold.kind.value, person=hold.by, until=hold.until))


def _fire_one(draft: Draft, as_of: datetime) -> None:
    """The one step this pass may fire: the repeat that a lapsed acknowledgement leaves owed, else what is due by plan."""
    _skip_crowded_reminders(draft, as_of)
    rung = next_rung(draft.terms, draft.state, draft.calendar)
    judged_at = as_of
    if draft.state.answer_owed and draft.state.lapsed_at is not None:
        open_again = eligible_instant(draft.state, draft.calendar, draft.state.lapsed_at)
        judged_at = _firing_instant(draft, open_again, as_of)
        if rung is None or rung.planned_at > judged_at:
            rung = _owed_repeat(draft, draft.state.lapsed_at)
    draft.state = replace(draft.state, answer_owed=False)
    if rung is not None and rung.planned_at <= judged_at:
        eligible = eligible_instant(draft.state, draft.calendar, rung.planned_at)
        fire(draft, rung, FiringInstants(rung.planned_at, eligible, _firing_instant(draft, eligible, as_of), as_of))


def _owed_repeat(draft: Draft, lapsed_at: datetime) -> Rung | None:
    """ESC-A4: the last fired step once more; nothing when nothing has fired yet."""
    if not draft.state.fired:
        draft.explain("ESC-A4", say("nothing has fired before the acknowledgement: nothing is repeated"))
        return None
    last = draft.state.fired[-1].step
    step = next(step for step in draft.terms.policy.steps if step.id == last)
    return Rung(step, occurrences(draft.state, last) + 1, lapsed_at, "ESC-A4")


def _note_lateness(draft: Draft, as_of: datetime) -> None:
    """After a gap that ends outside working time: remember this pass, so that what follows does not depend on the tick (ESC-C6)."""
    rung = next_rung(draft.terms, draft.state, draft.calendar)
    since = draft.state.lapsed_at if draft.state.answer_owed else rung.planned_at if rung is not None else None
    if since is None or since > as_of:
        return
    eligible = eligible_instant(draft.state, draft.calendar, since)
    if eligible <= as_of and _firing_instant(draft, eligible, as_of) == as_of:
        draft.state = replace(draft.state, found_late_at=as_of)
        draft.explain("ESC-C6", say("found late at {at}, outside working time: counted from the next working instant", at=as_of))


def _firing_instant(draft: Draft, eligible: datetime, as_of: datetime) -> datetime:
    """The eligible instant if the pass comes at most `grace` after it, otherwise the pass (ESC-L4, C2).

    Where an earlier pass has found the step late, its next working instant stands for the eligible one.
    """
    grace = timedelta(seconds=draft.terms.policy.grace_seconds)
    start = _counts_from(draft.state, draft.calendar, eligible)
    return start if as_of - start <= grace else as_of


def _counts_from(state: LadderState, calendar: Calendar, eligible: datetime) -> datetime:
    found = state.found_late_at
    return eligible if found is None or found < eligible else working_time.next_working(calendar, found)


def _skip_crowded_reminders(draft: Draft, as_of: datetime) -> None:
    """ESC-L6: of several reminders whose planned instants have passed, only the last is fired. What was forced by hand fires."""
    if draft.state.forced_at is not None:
        return
    reminders = [step for step in steps_to_come(draft.terms, draft.state) if is_reminder(step)]
    passed = [step for step in reminders if planned_instant(draft.terms, draft.state, draft.calendar, step) <= as_of]
    for step in reminders[: reminders.index(passed[-1])] if passed else ():
        draft.skip(step, SkipReason.LATE, as_of)
        draft.explain("ESC-L6", say("reminder {step} is skipped: a later one, {later}, is due too", step=step.id, later=passed[-1].id))


def settle_before(terms: Terms, state: LadderState, organisation: Organisation, at: datetime) -> Decision:
    """What a pass just before an action at `at` decides, so that the action finds what was due strictly before it (ESC-A2, C1).

    For a running engine only: when the engine was down before `at`, nothing was decided then, and nothing is made up afterwards.
    """
    return advance_ladder(terms, state, organisation, at - SECOND)


def wake_at(terms: Terms, state: LadderState, organisation: Organisation) -> datetime | None:
    """The earliest instant at which a pass could change something, if nobody moves; None when nothing more will happen.

    Never later than the truth. It may lie in the past: a step that waits for the next pass in working time.
    """
    if state.status is Status.CLOSED:
        return None
    instants = [next_holder_change(terms, state, organisation)]
    if state.status is not Status.PAUSED:
        with suppress(NoWorkingTime):  # its calendar has run out: it moves again when the calendar does (ESC-K2)
            instants.append(_wake_of_ladder(terms, state, organisation))
        if any(is_reminder(step) for step in steps_to_come(terms, state)):
            instants.append(state.due + SECOND)
    return min((instant for instant in instants if instant is not None), default=None)


def _wake_of_ladder(terms: Terms, state: LadderState, organisation: Organisation) -> datetime | None:
    if state.hold is not None:
        return state.hold.until
    calendar = organisation.calendars[terms.calendar]
    if state.answer_owed and state.lapsed_at is not None:
        return _counts_from(state, calendar, eligible_instant(state, calendar, state.lapsed_at))
    rung = next_rung(terms, state, calendar)
    return None if rung is None else _counts_from(state, calendar, eligible_instant(state, calendar, rung.planned_at))
