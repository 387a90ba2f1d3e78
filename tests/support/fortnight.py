"""A project made by code: forty people in two zones, five hundred running commitments at every place of their ladders, and an engine
that stops for a fortnight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from ancrage.domain.engagement import Clause, Contract, Trigger, TriggerKind
from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.organisation import Organisation, Person, Role, RolePeriod
from ancrage.domain.policies import Policy, Repeat
from ancrage.domain.programme import DefaultPolicies, Programme
from ancrage.domain.working_time import (
    Budget,
    Calendar,
    CalendarSpan,
    DueDate,
    WorkingDays,
    WorkingTime,
    is_working,
    next_working,
)
from ancrage.language import Label
from ancrage.notices.channels import Accepted, Outcome
from ancrage.notices.message import Envelope
from ancrage.project import Project, open_project
from ancrage.services.advance import advance
from ancrage.services.commitments import NewCommitment, act_on_commitment, open_commitment
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.services.programme import sign_contract
from ancrage.settings import read_settings
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind
from tests.support.ladders import step

PEOPLE, RUNNING, MONTHLY, CLOSED = 40, 490, 10, 20
"""490 opened by hand and 10 of every month make the five hundred; 20 more are closed before the gap."""
WEEK = timedelta(days=7)
LIFE = timedelta(days=12)
"""How long the project has lived before the engine stops."""
BEFORE = timedelta(days=2)
"""Between two passes of that life: few passes, so that the test is short."""
TICK = timedelta(minutes=5)

CALENDARS = {
    calendar.id: calendar
    for calendar in (
        Calendar("paris", "Europe/Paris", (((540, 720), (840, 1080)),) * 5 + ((), ())),
        Calendar("toronto", "America/Toronto", (((540, 1020),),) * 5 + ((), ())),
        Calendar("early", "Europe/Paris", (((480, 960),),) * 4 + (((480, 720),), (), ())),
        Calendar("late", "America/Toronto", (((660, 1140),),) * 5 + (((600, 780),), ())),
    )
}
OWED_ON = ("paris", "toronto")
FULL = Policy(
    "full",
    (
        step("week_before", "-5wd"), step("remind", "-1wd"), step("due", "0"), step("lead", "PT4H", "accountable", "role00"),
        step("boss", "2wd", "role01", "responsible"),
    ),
    ack_ttl=WorkingDays(3), repeat_last=Repeat(WorkingDays(3), 4),
)
SHORT = Policy("short", (step("due", "0"), step("shout", "1wd", "responsible", "role02", urgent=True)), ack_ttl=WorkingTime(4 * 3600))
BUDGETS: Sequence[Budget] = (
    WorkingDays(2), WorkingTime(16 * 3600), WorkingDays(9), CalendarSpan(days=20), WorkingDays(14), WorkingTime(120 * 3600),
    WorkingDays(25), CalendarSpan(months=2),
)


def programme(last_day: date) -> Programme:
    """The organisation, two ladders, and a contract with promises of every month; one budget ends on `last_day`."""
    people = {person.id: person for person in map(_person, range(PEOPLE))}
    roles = {
        f"role{number:02}": Role(
            f"role{number:02}", Label.same(f"Role {number}"), (RolePeriod(f"p{number:02}"),), f"role{(number + 1) % PEOPLE:02}"
        )
        for number in range(PEOPLE)
    }
    clauses = tuple(
        Clause(f"month{number}", Label.same(f"Promise {number}"), f"role{number + 3:02}", Trigger(TriggerKind.PERIODIC, every="month"),
               DueDate(last_day), "full")
        for number in range(MONTHLY)
    )  # fmt: skip
    contract = Contract("c", Label.same("C"), "role03", "role00", "paris", clauses=clauses, fingerprint="c1")
    return Programme(
        "fortnight", Label.same("A fortnight"), "role00", Organisation(people, roles, CALENDARS, "p00"),
        DefaultPolicies("paris", "full", "full", "full"), policies={"full": FULL, "short": SHORT}, contracts={"c": contract},
        fingerprint="1",
    )


def _person(number: int) -> Person:
    """Hours, language, digest and daily limit in every mixture."""
    calendars = tuple(CALENDARS)
    return Person(
        f"p{number:02}", f"Person {number:02}", calendars[number % 4], f"p{number:02}@example.org", language=("en", "fr")[number // 4 % 2],
        digest_at=time(11, 30) if number % 5 == 4 else None, max_per_day={3: 1, 5: 2}.get(number % 7),
    )


@dataclass
class Handed:
    """A channel that takes everything and keeps it."""

    name: str = "file"
    envelopes: list[Envelope] = field(default_factory=list)

    def deliver(self, envelope: Envelope) -> Outcome:
        self.envelopes.append(envelope)
        return Accepted()


@dataclass
class Fortnight:
    """The project, what has been handed to its channel since the engine came back, and the gap."""

    project: Project
    since: datetime
    until: datetime
    channel: Handed = field(default_factory=Handed)

    def pass_at(self, as_of: datetime) -> None:
        advance(self.project, as_of)

    def tick(self, first: datetime, last: datetime, rhythm: timedelta = TICK) -> None:
        """A pass every five minutes, or in another rhythm, from `first` to `last`, both included."""
        while first <= last:
            self.pass_at(first)
            first += rhythm


def stopped_for_a_fortnight(folder: Path, since: datetime, back: datetime, running: int = RUNNING, url: str = "") -> Fortnight:
    """The project whose engine made its last pass at `since` and is about to make the first one since, at `back`.

    `running` commitments were opened by hand and still run when it stops. `url`: its database (empty: the embedded one).
    """
    folder.mkdir()
    (folder / "project.yaml").write_text("programme: fortnight\n", encoding="utf-8")
    settings = read_settings(folder, {"ANCRAGE_DATABASE_URL": url})
    found = programme(since.date())
    lived = open_project(folder, settings=replace(settings, rhythm_minutes=int(2 * BEFORE.total_seconds() // 60)))
    lived.__dict__["channels"] = {"file": Handed()}
    _begin(lived, found, since - LIFE)
    _live(lived, found, since, running)
    lived.close()
    fortnight = Fortnight(open_project(folder, settings=settings), since, back)
    fortnight.project.__dict__["channels"] = {"file": fortnight.channel}
    with fortnight.project.units() as work:
        for number in range(5, running, 49):  # the pages are open while the engine is off
            _do(work, found, number, ActionKind.FULFIL, since + WEEK)
    return fortnight


def _begin(project: Project, found: Programme, at: datetime) -> None:
    with project.units() as work:
        apply_plan(work, plan_apply(work, found), "p00", at)
    with project.units() as work:
        for role in found.contracts["c"].parties():
            sign_contract(work, "c", role, found.organisation.holder(role, at) or "", at)


def _live(project: Project, found: Programme, since: datetime, running: int) -> None:
    """From the first day to the last pass: what opens, what people do, and a pass every other day."""
    at = since - LIFE
    opened = 0
    while at <= since:
        with project.units() as work:
            share = (running + CLOSED) * (1 + (at - since + LIFE) // BEFORE) // (1 + LIFE // BEFORE)
            for number in range(opened, share):
                _open(work, found, number, at)
            opened = share
        advance(project, at)
        with project.units() as work:
            if at == since:
                _act(work, found, running, at)
        at += BEFORE


def name_of(number: int) -> str:
    return f"owed{number:03}"


def _open(work: UnitOfWork, found: Programme, number: int, at: datetime) -> None:
    calendar = OWED_ON[number // 3 % 2]
    opens = next_working(found.organisation.calendars[calendar], at - (number % 9) * timedelta(hours=1))
    open_commitment(
        work, found,
        NewCommitment(
            name_of(number), CommitmentKind.ACTION, Label(f"Affaire {number}", f"Matter {number}"), f"event{number}",
            f"role{number % PEOPLE:02}", calendar, BUDGETS[number % len(BUDGETS)], SHORT if number % 6 == 5 else FULL, {},
        ),
        min(opens, at),
    )  # fmt: skip


DEEDS = {
    2: (ActionKind.ACK, timedelta(days=5)), 4: (ActionKind.ACK, timedelta(days=30)), 6: (ActionKind.SNOOZE, timedelta(days=6)),
    8: (ActionKind.PAUSE, None), 10: (ActionKind.DELEGATE, None),
}  # fmt: skip
"""What becomes of each eleventh commitment on the last day before the stop; holds end inside the gap, or after it."""


def _act(work: UnitOfWork, found: Programme, running: int, at: datetime) -> None:
    for number in range(running + CLOSED):
        kind, lasts = DEEDS.get(number % 11, (None, None))
        if number >= running:
            _do(work, found, number, ActionKind.FULFIL, at)
        elif kind is not None:
            _do(work, found, number, kind, at, until=at + lasts if lasts else None)


def _do(work: UnitOfWork, found: Programme, number: int, kind: ActionKind, at: datetime, until: datetime | None = None) -> None:
    person = f"p{number % PEOPLE:02}"
    to = f"p{(number + 7) % PEOPLE:02}" if kind is ActionKind.DELEGATE else None
    action = Action(f"{kind.value}{number}", kind, at, person, until=until, to=to)
    decision = act_on_commitment(work, found, name_of(number), action, ("file",))
    assert decision.refused is None, (number, decision.refused)


def works(person: Person, at: datetime) -> bool:
    """Whether `person` is at work."""
    return is_working(CALENDARS[person.calendar], at)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
