"""A small organisation and its ladders, with defaults for everything a test does not care about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from ancrage.domain.escalation.facts import Action, ActionKind, Decision, LadderState, Terms
from ancrage.domain.escalation.ladder import act, advance_ladder, wake_at
from ancrage.domain.organisation import Absence, Organisation, Person, Role, RolePeriod
from ancrage.domain.policies import Offset, Origin, Policy, Repeat, Step
from ancrage.domain.working_time import Budget, Calendar, WorkingDays, WorkingTime

OFFICE = Calendar("fr", "Europe/Paris", (((540, 720), (840, 1080)),) * 5 + ((), ()))
TORONTO = Calendar("ca", "America/Toronto", (((540, 1020),),) * 5 + ((), ()))
START = datetime.fromisoformat("2026-02-12T16:00:00+01:00")
"""A Thursday: two working days end at 24:00 of Monday 16."""


def at(text: str) -> datetime:
    """An instant of February 2026 in Paris, from day and time: "17 09:00"."""
    day, clock = text.split()
    return datetime.fromisoformat(f"2026-02-{day}T{clock}:00+01:00")


def organisation(
    holders: Mapping[str, str] | None = None,
    *,
    backups: Mapping[str, str] | None = None,
    absences: Sequence[Absence] = (),
    calendars: Sequence[Calendar] = (OFFICE, TORONTO),
    digest_at: time | None = None,
    max_per_day: int | None = None,
) -> Organisation:
    """Ann is the sponsor, Ben the steward and fallback, Eva works in Toronto; Ann has the digest and the daily limit."""
    held = {"sponsor": "ann", "steward": "ben", "director": "eva"} if holders is None else dict(holders)
    ann = Person("ann", "Ann", "fr", digest_at=digest_at, max_per_day=max_per_day)
    people = [ann, Person("ben", "Ben", "fr"), Person("eva", "Eva", "ca")]
    roles = [Role(role, periods=(RolePeriod(person),), backup=(backups or {}).get(role)) for role, person in held.items()]
    return Organisation(
        {person.id: person for person in people},
        {role.id: role for role in roles},
        {calendar.id: calendar for calendar in calendars},
        "ben",
        absences=tuple(absences),
    )


def step(name: str, offset: str, *to: str, urgent: bool = False) -> Step:
    """A step from `-1wd`, `0` (both from due) or `2wd`, `PT4H` (from the previous step)."""
    before, amount = offset.startswith("-"), offset.removeprefix("-")
    if amount == "0":
        return Step(name, Offset(), Origin.DUE, to or ("responsible",), urgent)
    found = WorkingDays(int(amount[:-2])) if amount.endswith("wd") else WorkingTime(3600 * int(amount[2:-1]))
    return Step(name, Offset(found, before), Origin.DUE if before else Origin.PREVIOUS, to or ("responsible",), urgent)


def ladder(*steps: Step, repeat: Repeat | None = None, ack_ttl: Budget | None = None, grace: int = 3600) -> Policy:
    return Policy("p", steps, ack_ttl, repeat, grace_seconds=grace)


def terms(policy: Policy, budget: Budget | None = None, *, started_at: datetime = START, responsible: str = "sponsor") -> Terms:
    return Terms("c1", "fr", responsible, budget or WorkingDays(2), policy, started_at)


def action(
    kind: ActionKind, when: str, *, by: str = "ann", until: str | None = None, to: str | None = None, step: str | None = None,
    reason: str = "",
) -> Action:
    return Action(f"{kind} {when}", kind, at(when), by, at(until) if until else None, to, step, reason)


def take(about: Terms, state: LadderState, done: Action, who: Organisation) -> LadderState:
    """The state after an action that must be accepted."""
    decision = act(about, state, done, who)
    assert decision.refused is None, decision.refused
    return decision.state


def walk(about: Terms, state: LadderState, who: Organisation, until: datetime) -> list[tuple[datetime, Decision]]:
    """Passes at each wake-up until an instant: (instant, decision) of those that changed something."""
    found = []
    wake = wake_at(about, state, who)
    while wake is not None and wake <= until:
        decision = advance_ladder(about, state, who, wake)
        assert decision.state != state, "a wake-up that changes nothing would come again for ever"
        found.append((wake, decision))
        state = decision.state
        wake = wake_at(about, state, who)
    return found
