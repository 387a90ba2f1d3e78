"""What changes around a running commitment: who holds the responsible role (ESC-W7), and its calendar (ESC-K2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from ancrage.domain import working_time
from ancrage.domain.escalation.facts import Decision, Firing, LadderState, Notice, Status, Terms
from ancrage.domain.escalation.firing import ASSIGNED_STEP, Draft
from ancrage.domain.escalation.rungs import REPEAT_KEY, REPEAT_RULE, SECOND, next_rung, planned_instant, steps_to_come
from ancrage.domain.organisation import Organisation
from ancrage.domain.policies import Origin
from ancrage.domain.working_time import Calendar, WorkingTime
from ancrage.language import say


def assign(draft: Draft, person: str, at: datetime) -> None:
    """Tell `person` that this commitment is now theirs; clock and ladder stay as they are (ESC-W7)."""
    occurrence = 1 + sum(firing.to == (person,) for firing in draft.state.assigned)
    firing = Firing(ASSIGNED_STEP, occurrence, at, at, at, (person,), "ESC-W7")
    draft.state = replace(draft.state, assigned=(*draft.state.assigned, firing))
    draft.notices.append(Notice(draft.terms.commitment, ASSIGNED_STEP, occurrence, person, at))
    draft.explain("ESC-W7", say("{person} answers for this from {at} and is told so", person=person, at=at))


def holder_changes(terms: Terms, state: LadderState, organisation: Organisation) -> Iterator[datetime]:
    """Instants after the start, not looked at yet, at which the responsible role passes to another person, in order."""
    role = organisation.roles.get(terms.responsible)
    if role is None:
        return
    seen = max(terms.started_at, state.holder_seen_at or terms.started_at)
    bounds = {bound for period in role.periods for bound in (period.since, period.until) if bound is not None and bound > seen}
    for bound in sorted(bounds):
        holder = role.holder(bound)
        if holder is not None and holder != role.holder(bound - SECOND):
            yield bound


def next_holder_change(terms: Terms, state: LadderState, organisation: Organisation) -> datetime | None:
    """The first change of the responsible role that nobody has looked at, or None."""
    return next(holder_changes(terms, state, organisation), None)


def assign_new_holder(draft: Draft, as_of: datetime) -> None:
    """ESC-W7 for changes that the responsibility log shows: each new holder is told as of the instant of the change.

    Somebody who held the role only for a while inside a gap of the engine is not told any more.
    """
    for at in [change for change in holder_changes(draft.terms, draft.state, draft.organisation) if change <= as_of]:
        draft.state = replace(draft.state, holder_seen_at=at)
        holder = draft.organisation.holder(draft.terms.responsible, at)
        recent = as_of - at <= timedelta(seconds=draft.terms.policy.grace_seconds)
        if holder is not None and (recent or holder == draft.organisation.holder(draft.terms.responsible, as_of)):
            assign(draft, holder, at)


def reassign(terms: Terms, state: LadderState, organisation: Organisation, as_of: datetime) -> Decision:
    """The responsible role has passed to its holder at `as_of`, who is told once (ESC-W7). Nobody is told where nobody holds it.

    The caller knows that the holder has changed. What the responsibility log itself shows is told as of the instant it names, and
    not again by later passes.
    """
    draft = Draft(terms, organisation, state)
    if state.status is Status.CLOSED:
        return draft.decision()
    assign_new_holder(draft, as_of)
    holder = organisation.holder(terms.responsible, as_of)
    told = state.holder_seen_at is not None and state.holder_seen_at >= as_of
    if draft.state.assigned == state.assigned and holder is not None and not told:
        assign(draft, holder, as_of)
    draft.state = replace(draft.state, holder_seen_at=max(as_of, draft.state.holder_seen_at or as_of))
    return draft.decision()


def replan(terms: Terms, state: LadderState, before: Organisation, after: Organisation, as_of: datetime) -> Decision:
    """A calendar has changed: due and planned instants move later or stay, never earlier than announced (ESC-K2).

    A deadline that has passed keeps its instant, and what was on time by the old calendar stays the measure of on time.
    """
    draft = Draft(terms, after, state)
    if state.status is Status.CLOSED:
        return draft.decision()
    old, new = before.calendars[terms.calendar], after.calendars[terms.calendar]
    announced = tuple(_announced_instants(terms, state, old))
    if _clock_stands_at(state, as_of) > state.due:
        until = state.on_time_until or _last_on_time(terms, state, old)
        draft.state = replace(state, planned=announced, on_time_until=until)
        draft.explain("ESC-K2", say("the calendar changed at {at}; the deadline {due} had passed and stays", at=as_of, due=state.due))
        return draft.decision()
    due = max(state.due, working_time.due_instant(new, terms.started_at, terms.budget, state.pauses))
    draft.state = replace(state, planned=announced, due=due)
    draft.explain(
        "ESC-K2", say("the calendar changed at {at}: deadline {old} becomes {due}, never earlier", at=as_of, old=state.due, due=due)
    )
    return draft.decision()


def _clock_stands_at(state: LadderState, as_of: datetime) -> datetime:
    """A paused clock has not moved since the pause began (ESC-P1)."""
    return state.pauses[-1].since if state.status is Status.PAUSED else as_of


def _announced_instants(terms: Terms, state: LadderState, calendar: Calendar) -> Iterator[tuple[str, datetime]]:
    """Planned instants that are known today: steps counted from due, and the one that comes next."""
    rung = next_rung(terms, replace(state, forced_at=None), calendar)
    for step in steps_to_come(terms, state):
        if step.origin is Origin.DUE or (rung is not None and rung.step == step):
            yield step.id, planned_instant(terms, state, calendar, step)
    if rung is not None and rung.rule == REPEAT_RULE:
        yield REPEAT_KEY, rung.planned_at


def _last_on_time(terms: Terms, state: LadderState, calendar: Calendar) -> datetime:
    """The last instant at which an answer would have been on time (ESC-D5): for hours, the next moment of work after `due`."""
    if not isinstance(terms.budget, WorkingTime):
        return state.due
    at = working_time.next_working(calendar, state.due)
    for pause in state.pauses:
        if pause.until is not None and pause.since <= at < pause.until:
            at = working_time.next_working(calendar, pause.until)
    return at
