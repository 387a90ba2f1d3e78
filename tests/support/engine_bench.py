"""A scenario lived through by the real engine: a programme in a real database, actions by the services, passes at given instants.

Nothing here decides anything: what a commitment does, who is told and when comes out of the product's services alone. The bench
translates what format ESC-F says into calls of them, and stops where the scenario says that the engine is down.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import merge

from ancrage.domain.engagement import Clause, Contract, Trigger, TriggerKind
from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.escalation.periodic import month_of
from ancrage.domain.escalation.scenario import Event, EventKind, Promise, Rejection, Scenario
from ancrage.domain.organisation import Organisation, Person, Role, RolePeriod
from ancrage.domain.policies import Policy
from ancrage.domain.programme import DefaultPolicies, Programme
from ancrage.errors import NotFound
from ancrage.language import Label
from ancrage.notices.channels import Accepted, Channel, Outcome
from ancrage.notices.message import Envelope
from ancrage.notices.notice import MailSettings
from ancrage.services.advance import Stage, advance
from ancrage.services.commitments import ENGINE, NewCommitment, act_on_commitment, ladder_of, open_commitment
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.services.measures import NewMeasure, close_measure, open_measure
from ancrage.services.programme import current_programme, sign_contract
from ancrage.storage.commitments import fetch_commitment, fetch_commitments
from ancrage.storage.database import Database
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind
from tests.support.engine_measures import OWNER, measure_records, measure_terms

STAGES = (Stage.COMMITMENTS, Stage.DELIVERY)
CHANNEL = "record"

@dataclass
class RecordingChannel:
    """Accepts everything and remembers it."""

    name: str = CHANNEL
    handed: list[Envelope] = field(default_factory=list)

    def deliver(self, envelope: Envelope) -> Outcome:
        self.handed.append(envelope)
        return Accepted()


@dataclass
class BenchPlace:
    """What the engine needs from the outside (`services.workplace.Workplace`): a database, and a channel that remembers."""

    database: Database
    programme_id: str
    rhythm: timedelta
    channel: RecordingChannel = field(default_factory=RecordingChannel)
    engine_id: str = "bench"
    first_channels: Sequence[str] = (CHANNEL,)
    alarm_channel: str = CHANNEL

    @property
    def channels(self) -> Mapping[str, Channel]:
        return {CHANNEL: self.channel}

    def units(self) -> AbstractContextManager[UnitOfWork]:
        return self.database.unit(self.programme_id)

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        return self.database.unit(self.programme_id, reading=True)

    def engine_lock(self) -> AbstractContextManager[bool]:
        return self.database.engine_lock(self.programme_id)

    def wall_now(self) -> datetime:
        return datetime.now(UTC).replace(microsecond=0)

    def mail_settings(self, programme: Label) -> MailSettings:
        return MailSettings("ancrage@example.org", "example.org", programme)

    def person_link(self, person_id: str, issued: datetime) -> str:
        return f"https://example.org/p/{person_id}/{issued:%Y%m%dT%H%M%S}"

    def link(self, person_id: str, commitment_id: str, issued: datetime) -> str:
        return f"https://example.org/c/{person_id}/{commitment_id}/{issued:%Y%m%dT%H%M%S}"


def pass_instants(scenario: Scenario, passes: Sequence[datetime]) -> list[datetime]:
    """When an engine with these ticks looks: not in a gap, and as soon as it starts (ESC-C6), and at the end."""
    starts = (scenario.start, *(gap.until for gap in scenario.down), scenario.until)
    return sorted({at for at in (*passes, *starts) if at <= scenario.until and is_up(scenario, at)})


def is_up(scenario: Scenario, at: datetime) -> bool:
    """Whether the engine of the scenario runs at `at`."""
    return at >= scenario.start and not any(gap.since <= at < gap.until for gap in scenario.down)


class EngineBench:
    """One scenario in one database, under a programme id of its own."""

    def __init__(self, scenario: Scenario, database: Database, rhythm: timedelta, name: str) -> None:
        self.scenario = scenario
        self.place = BenchPlace(database, name[:80], rhythm)
        self.organisation = with_owner(scenario)
        self.policies = dict(scenario.policies)
        self.unopened: dict[str, list[Rejection]] = {}
        self._triggers: list[Event] = []
        self._unnamed = 0
        self._refused_early: set[str] = set()
        self._apply(scenario.start)
        with self.place.units() as work:
            for contract in current_programme(work).contracts.values():
                sign_contract(work, contract.id, OWNER, OWNER, scenario.start)
            for name, declared in scenario.measures.items():
                terms = measure_terms(scenario, declared)
                open_measure(work, current_programme(work), NewMeasure(name, Label.same(name), terms), scenario.start, OWNER)

    def play(self, passes: Sequence[datetime]) -> None:
        """Every event and every pass, in order; at one second events come first (ESC-A2)."""
        for _ in self.moments(passes):
            pass

    def moments(self, passes: Sequence[datetime]) -> Iterator[datetime]:
        """The same, stopping after each instant."""
        events = sorted((event for event in self.scenario.events if event.at <= self.scenario.until), key=lambda it: (it.at, it.kind.rank))
        records = sorted(measure_records(self.scenario), key=lambda record: record[0])
        said = ((record[0], 0, number) for number, record in enumerate(records))
        happenings = ((event.at, 1, number) for number, event in enumerate(events))
        looks = ((at, 2, 0) for at in pass_instants(self.scenario, passes))
        for at, what, number in merge(said, happenings, looks):
            match what:
                case 0:
                    with self.place.units() as work:
                        records[number][1](work)
                case 1:
                    self.happen(events[number])
                case _:
                    self.make_pass(at)
            yield at

    def make_pass(self, at: datetime) -> None:
        """One pass of the product's engine; triggers that waited for it are found first (ESC-C4)."""
        self.find_triggers(at)
        advance(self.place, at, STAGES)

    def find_triggers(self, at: datetime) -> None:
        """Open what was triggered while the engine was down (ESC-C4)."""
        for event in self._triggers:
            self._open(event, at)
        self._triggers.clear()

    # What happens between passes

    def happen(self, event: Event) -> None:
        """One event of the scenario, by the door of the product that is meant for it."""
        match event.kind:
            case EventKind.TRIGGER if is_up(self.scenario, event.at):
                self._open(event, event.at)
            case EventKind.TRIGGER:
                self._triggers.append(event)
            case EventKind.ROLE_CHANGE:
                self.organisation = self.organisation.handed_over(event.role, event.holder, event.at, event.until)
                self._apply(event.at)
            case EventKind.CALENDAR_CHANGE:
                assert event.calendar is not None
                self.organisation = replace(self.organisation, calendars={**self.organisation.calendars, event.calendar.id: event.calendar})
                self._apply(event.at)
            case EventKind.POLICY_CHANGE:
                assert event.policy is not None
                self.policies[event.policy.id] = event.policy
                self._apply(event.at)
            case EventKind.MEASURE_CLOSED:
                with self.place.units() as work:
                    close_measure(work, current_programme(work), event.measure, event.at, OWNER)
            case _:
                self._act(event)

    def _apply(self, at: datetime) -> None:
        with self.place.units() as work:
            apply_plan(work, plan_apply(work, self._programme()), OWNER, at)

    def _open(self, event: Event, at: datetime) -> None:
        promise = self.scenario.commitments[event.commitment]
        assert promise.budget is not None
        with self.place.units() as work:
            if fetch_commitment(work, promise.id) is not None:
                return  # the scenario names one occurrence; another event of the same promise would be another commitment
            new = NewCommitment(
                id=promise.id, kind=CommitmentKind.CLAUSE, title=Label.same(promise.id), event_id=event.id or f"trigger:{promise.id}",
                responsible=promise.responsible, calendar=promise.calendar, budget=promise.budget, policy=self._policy_of(promise),
                subject={},
            )
            open_commitment(work, current_programme(work), new, at)

    def _act(self, event: Event) -> None:
        identity, name = event.id or f"act:{self._unnamed}", self._named(event)
        self._unnamed += 1
        if identity in self._refused_early:
            return  # format ESC-F counts it as taken; the product has no commitment to remember it by
        action = Action(
            id=identity, kind=ActionKind(event.kind.value), at=event.at, by=event.by or ENGINE, until=event.until, to=event.to,
            step=event.step, reason=event.reason,
        )
        try:
            with self.place.units() as work:
                act_on_commitment(work, current_programme(work), name, action, self.place.first_channels)
        except NotFound:
            self._refused_early.add(identity)
            self.unopened.setdefault(name, []).append(Rejection(event.at, event.kind, "not_open", event.by))

    def _named(self, event: Event) -> str:
        """The commitment of a monthly clause that somebody means who names no month: the newest overdue one, else the month that runs."""
        promise = self.scenario.commitments.get(event.commitment)
        if promise is None or not promise.is_monthly:
            return event.commitment
        current = month_of(promise.id, self.organisation.calendars[promise.calendar], event.at).id
        if event.kind is EventKind.FULFIL:
            return current
        with self.place.reading() as work:
            rows = fetch_commitments(work, only_open=True, clause_ids=[promise.id])
            overdue = [row.id for row in rows if ladder_of(row).is_overdue(event.at)]
        return overdue[-1] if overdue else current

    # What is declared

    def _policy_of(self, promise: Promise) -> Policy:
        """The policy in force. Where neither promise nor policy names who may waive, format ESC-F lets anybody."""
        policy = self.policies[promise.policy]
        anybody = tuple(f"person:{person}" for person in self.organisation.people)
        return replace(policy, waiver_roles=promise.waiver_roles or policy.waiver_roles or anybody)

    def _programme(self) -> Programme:
        promises = self.scenario.commitments.values()
        monthly = [promise for promise in promises if promise.is_monthly]
        calendar = next(iter(self.scenario.organisation.calendars))
        programme = Programme(
            id=self.place.programme_id, name=Label.same(self.scenario.id), steward=OWNER, organisation=self.organisation,
            defaults=DefaultPolicies(calendar, "", "", ""), policies=self.policies | {it.id: self._policy_of(it) for it in promises},
            contracts={calendar: _contract(calendar, [it for it in monthly if it.calendar == calendar]) for calendar in
                       dict.fromkeys(it.calendar for it in monthly)},
        )
        return replace(programme, fingerprint=hashlib.sha256(repr(programme).encode()).hexdigest())


def with_owner(scenario: Scenario) -> Organisation:
    """The organisation of the scenario with the bench's own person and role."""
    known = scenario.organisation
    owner = Person(OWNER, OWNER, next(iter(known.calendars)))
    role = Role(OWNER, periods=(RolePeriod(OWNER),))
    return replace(known, people={**known.people, OWNER: owner}, roles={**known.roles, OWNER: role})


def _contract(calendar: str, promises: Sequence[Promise]) -> Contract:
    monthly = Trigger(TriggerKind.PERIODIC, every="month")
    clauses = tuple(Clause(it.id, Label.same(it.id), it.responsible, monthly, None, it.id) for it in promises)
    return Contract(calendar, Label.same(calendar), OWNER, OWNER, calendar, clauses=clauses, fingerprint=calendar)
