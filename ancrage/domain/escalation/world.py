"""The world of a scenario while it is played: commitments, waiting notices, what has left; how events and passes change it.

Decides nothing itself: every change comes from `ladder`, `periodic`, `sending` and `measures`, as in the engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from ancrage.domain import working_time
from ancrage.domain.escalation import ladder, periodic
from ancrage.domain.escalation.facts import Action, ActionKind, Decision, LadderState, Notice, Reason, Status, Terms
from ancrage.domain.escalation.measures import MeasureReport, report_measure
from ancrage.domain.escalation.rungs import SECOND
from ancrage.domain.escalation.scenario import (
    DeclaredMeasure,
    Entry,
    Event,
    EventKind,
    Promise,
    Rejection,
    Running,
    Scenario,
    SentMessage,
)
from ancrage.domain.escalation.sending import LeftMessage, OutgoingMessage, SendingPlan, plan_sending, waiting_notice
from ancrage.domain.organisation import Organisation
from ancrage.domain.working_time import Budget
from ancrage.language import say

NOT_OPEN = "not_open"
"""Code of an action on a commitment that nothing has opened."""
NOT_ALLOWED = "not_allowed"
AT_ONCE = datetime.min.replace(tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)


def notice_key(notice: Notice) -> str:
    """The key of a notice apart from its channel (ESC-G1)."""
    return f"{notice.commitment}/{notice.step}/{notice.occurrence}/{notice.person}"


class World:
    """Everything that is true at one moment of a play. `story` grows with every decision."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.organisation: Organisation = scenario.organisation
        self.policies = dict(scenario.policies)
        self.measures: dict[str, DeclaredMeasure] = dict(scenario.measures)
        self.running: dict[str, Running] = {}
        self.refused_early: dict[str, list[Rejection]] = {}
        self.waiting: dict[str, Notice] = {}
        self.left: list[LeftMessage] = []
        self.messages: list[SentMessage] = []
        self.story: list[Entry] = []
        self._accepted: set[tuple[bool, str]] = set()
        self._to_open: list[Promise] = []
        self._wake: dict[str, datetime | None] = {}
        self._leave_at: dict[str, datetime] = {}
        self._hours_changed: dict[str, datetime] = {}
        self._idle_until = AT_ONCE

    # What happens between passes

    def happen(self, event: Event, *, engine_up: bool = True) -> None:
        """Take one event at its instant. While the engine is down, what it must detect waits for its first pass (ESC-C4)."""
        self._idle_until = AT_ONCE
        match event.kind:
            case EventKind.TRIGGER:
                self._trigger(event)
            case EventKind.ROLE_CHANGE:
                self._set_organisation(self.organisation.handed_over(event.role, event.holder, event.at, event.until))
            case EventKind.CALENDAR_CHANGE:
                self._change_calendar(event)
            case EventKind.POLICY_CHANGE:
                assert event.policy is not None, "a policy change carries the new policy"
                self.policies[event.policy.id] = event.policy
            case EventKind.MEASURE_CLOSED:
                self._close_measure(event)
            case _:
                self._act(event)
        if engine_up:
            self._open_found(event.at)

    def _is_new(self, event: Event) -> bool:
        """ESC-A11: an action id or an event id that has been taken has no second effect."""
        key = (event.kind is EventKind.TRIGGER, event.id)
        if event.id and key in self._accepted:
            return False
        self._accepted.add(key)
        return True

    def _trigger(self, event: Event) -> None:
        promise = self.scenario.commitments.get(event.commitment)
        if promise is not None and not promise.is_monthly and self._is_new(event):
            self._to_open.append(promise)

    def _change_calendar(self, event: Event) -> None:
        """ESC-K2 for every running commitment on that calendar."""
        assert event.calendar is not None, "a calendar change carries the new calendar"
        before = self.organisation
        self._set_organisation(replace(before, calendars={**before.calendars, event.calendar.id: event.calendar}))
        readers = {name for name, person in before.people.items() if person.calendar == event.calendar.id}
        self._hours_changed.update({key: event.at for key, notice in self.waiting.items() if notice.person in readers})
        for name, found in list(self.running.items()):
            if found.terms.calendar == event.calendar.id:
                self._take(name, ladder.replan(found.terms, found.state, before, self.organisation, event.at), event.at)

    def _set_organisation(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self._wake.clear()
        self._leave_at.clear()

    def _close_measure(self, event: Event) -> None:
        """ESC-X2: a series that still runs ends now; a disagreement opens the `reconcile` commitment."""
        declared = self.measures[event.measure]
        measure = declared.measure
        internal, supplier = (
            series if series.end is not None else replace(series, end=event.at) for series in (measure.internal, measure.supplier)
        )
        declared = replace(declared, measure=replace(measure, internal=internal, supplier=supplier))
        self.measures[event.measure] = declared
        promise = self.scenario.commitments.get(declared.reconcile)
        if promise is not None and self._report(declared, event.at).disagreement:
            self._to_open.append(promise)

    def _report(self, declared: DeclaredMeasure, as_of: datetime) -> MeasureReport:
        return report_measure(self.organisation.calendars[declared.calendar], declared.measure, as_of)

    def reports(self, as_of: datetime) -> dict[str, MeasureReport]:
        """Every measure as it stands at `as_of`."""
        return {name: self._report(declared, as_of) for name, declared in self.measures.items()}

    # Actions

    def _act(self, event: Event) -> None:
        if not self._is_new(event):
            return
        name = self._named(event)
        found = self.running.get(name)
        if found is None:
            self.refused_early.setdefault(name, []).append(Rejection(event.at, event.kind, NOT_OPEN, event.by))
            return
        action = _action(event)
        if found.clause and event.kind is EventKind.FULFIL and event.by:
            keeper = periodic.keeper(found.terms, found.state, self.organisation, event.by, event.at)
            if not keeper.allowed and found.state.status is not Status.CLOSED:
                self.running[name] = found.refused(Rejection(event.at, event.kind, NOT_ALLOWED, event.by))
                return
            action = replace(action, by_backup=keeper.by_backup)
        decision = ladder.act(found.terms, found.state, action, self.organisation)
        if decision.refused is not None:
            self.running[name] = found.refused(Rejection(event.at, event.kind, decision.refused, event.by))
        self._take(name, decision, event.at)

    def _named(self, event: Event) -> str:
        """The commitment an action is about. An answer to a monthly clause counts for the month that contains it (ESC-M3)."""
        clause, _, month = event.commitment.partition("@")
        promise = self.scenario.commitments.get(clause)
        if promise is None or not promise.is_monthly:
            return event.commitment
        current = periodic.month_of(clause, self.organisation.calendars[promise.calendar], event.at).id
        if month and event.kind is not EventKind.FULFIL:
            return event.commitment
        if event.kind is EventKind.FULFIL:
            return current
        overdue = [name for name, found in self._months_of(clause).items() if found.state.is_overdue(event.at)]
        return overdue[-1] if overdue else current

    # Passes

    def make_pass(self, at: datetime) -> None:
        """One pass of the engine: open what is found, advance every ladder, send what leaves (ESC-A2)."""
        if at < self._idle_until:
            return
        self._open_found(at)
        self._open_months(at)
        for clause in {found.clause for found in self.running.values() if found.clause}:
            months = [(found.terms, found.state) for found in self._months_of(clause).values()]
            for name, decision in periodic.settle_older_months(months, at).items():
                self._take(name, decision, at)
        for name, found in list(self.running.items()):
            wake = self._wake_of(name)
            if wake is not None and wake <= at:
                self._take(name, ladder.advance_ladder(found.terms, found.state, self.organisation, at), at)
        self._send(at)
        self._idle_until = self.wake_after(at) or NEVER

    def _open_found(self, at: datetime) -> None:
        for promise in self._to_open:
            self._open(promise.id, promise, promise.budget, at, at)
        self._to_open.clear()

    def _months_of(self, clause: str) -> Mapping[str, Running]:
        return {name: found for name, found in self.running.items() if found.clause == clause}

    def _open_months(self, at: datetime) -> None:
        for promise in self.scenario.commitments.values():
            if promise.is_monthly:
                calendar = self.organisation.calendars[promise.calendar]
                for month in periodic.months_to_open(promise.id, calendar, self.scenario.start, at):
                    self._open(month.id, promise, month.budget, month.opens_at, at)

    def _open(self, name: str, promise: Promise, budget: Budget | None, start: datetime, at: datetime) -> None:
        if name in self.running or budget is None:
            return
        policy = self.policies[promise.policy]
        policy = replace(policy, waiver_roles=promise.waiver_roles or policy.waiver_roles)
        terms = Terms(name, promise.calendar, promise.responsible, budget, policy, start)
        state = ladder.open_ladder(terms, self.organisation)
        refused = tuple(self.refused_early.pop(name, ()))
        self.running[name] = Running(terms, state, promise.id if promise.is_monthly else "", refused)
        self._tell(at, name, (Reason("ESC-D1", say("opened at {start}, due {due}", start=start, due=state.due)),))

    def _wake_of(self, name: str) -> datetime | None:
        if name not in self._wake:
            found = self.running[name]
            self._wake[name] = ladder.wake_at(found.terms, found.state, self.organisation)
        return self._wake[name]

    def wake_after(self, last: datetime) -> datetime | None:
        """The next instant after `last` at which a pass could change something; None when nothing more will happen."""
        instants = [self._awake(name, last) for name in self.running]
        instants += [max(at, last + SECOND) for at in self._leave_at.values()]
        if any(promise.is_monthly for promise in self.scenario.commitments.values()):
            instants += [
                periodic.next_month_at(self.organisation.calendars[promise.calendar], last)
                for promise in self.scenario.commitments.values()
                if promise.is_monthly
            ]
        if self._to_open or any(key not in self._leave_at for key in self.waiting):
            instants.append(last + SECOND)
        return min((at for at in instants if at is not None), default=None)

    def _awake(self, name: str, last: datetime) -> datetime | None:
        """When the ladder can move after `last`: a step that waits, for working time or for the next pass (ESC-L3, L5), moves then."""
        at = self._wake_of(name)
        if at is None or at > last:
            return at
        return working_time.next_working(self.organisation.calendars[self.running[name].terms.calendar], last + SECOND)

    # What comes of decisions

    def _take(self, name: str, decision: Decision, at: datetime) -> None:
        """Keep a decision: the state, its notices, its reasons. A changed state makes its notices worth another look."""
        found = self.running[name]
        if decision.state != found.state:
            self.running[name] = replace(self.running[name], state=decision.state)
            self._wake.pop(name, None)
            for key, notice in self.waiting.items():
                if notice.commitment == name:
                    self._leave_at.pop(key, None)
        for notice in decision.notices:
            self.waiting[notice_key(notice)] = notice
        self._tell(at, name, decision.reasons)

    def _tell(self, at: datetime, name: str, reasons: Iterable[Reason]) -> None:
        self.story.extend(Entry(at, name, reason) for reason in reasons)

    def _send(self, at: datetime) -> None:
        due = {notice.person for key, notice in self.waiting.items() if self._leave_at.get(key, AT_ONCE) <= at}
        if not due:
            return
        items = [
            waiting_notice(key, notice, self._state_of(notice), self._hours_changed.get(key))
            for key, notice in self.waiting.items()
            if notice.person in due
        ]
        plan = plan_sending(items, self.left, self.organisation, self.scenario.down, at)
        self._settle(plan, at)

    def _state_of(self, notice: Notice) -> LadderState:
        return self.running[notice.commitment].state

    def _settle(self, plan: SendingPlan, at: datetime) -> None:
        for message in plan.messages:
            self._leave(message)
        gone = [key for message in plan.messages for key in message.keys]
        for key in (*gone, *plan.cancelled, *plan.superseded, *plan.stuck):
            self._tell(at, self.waiting.pop(key).commitment, plan.reasons.get(key, ()))
            self._leave_at.pop(key, None)
        self._leave_at.update(plan.next_at)
        self._leave_at.update(dict.fromkeys(plan.held, NEVER))

    def _leave(self, message: OutgoingMessage) -> None:
        items = tuple(self.waiting[key] for key in message.keys)
        self.messages.append(SentMessage(message.at, message.person, message.urgent, items))
        self.left.append(LeftMessage(message.person, message.at, message.urgent))


def _action(event: Event) -> Action:
    return Action(
        id=event.id, kind=ActionKind(event.kind.value), at=event.at, by=event.by, until=event.until, to=event.to, step=event.step,
        reason=event.reason,
    )  # fmt: skip
