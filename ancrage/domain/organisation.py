"""Units, people, roles and who is there: the organisation as the rules see it.

A role is held by persons over half-open periods. `person:ID` is accepted wherever a role is expected and means that person,
whatever the period: what a campaign asks is asked of somebody, not of a position.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time

from ancrage.domain.working_time import Calendar
from ancrage.language import Label

PERSON_PREFIX = "person:"
LATER = {"later": True}
"""Marks a field that the language did not have from the start: left at its default, it does not change a fingerprint."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the organisation; `parent` is a unit id or None at the top."""

    id: str
    name: Label
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who promises, answers or is told. `digest_at` is a local time, `max_per_day` counts non-urgent messages (ESC-S3, S4)."""

    id: str
    name: str
    calendar: str
    email: str = ""
    unit: str | None = None
    language: str = "en"
    digest_at: time | None = None
    max_per_day: int | None = None
    hours_per_month: float | None = None
    """Hours a month this person has for commitments; None where nobody said."""
    assessment_minutes: float | None = field(default=None, metadata=LATER)
    """Most minutes a campaign may ask of this person (ASM-K10); None: the project's own bound."""


@dataclass(frozen=True, slots=True)
class RolePeriod:
    """`person` holds a role from `since` (None: always) until just before `until` (None: for ever). UTC instants."""

    person: str
    since: datetime | None = None
    until: datetime | None = None

    def covers(self, at: datetime) -> bool:
        return (self.since is None or self.since <= at) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Role:
    """A responsibility with its holders in time and the role that stands in for it (ESC-W3)."""

    id: str
    name: Label = field(default_factory=Label)
    periods: tuple[RolePeriod, ...] = ()
    backup: str | None = None

    def holder(self, at: datetime) -> str | None:
        return next((period.person for period in self.periods if period.covers(at)), None)


@dataclass(frozen=True, slots=True)
class Absence:
    """`person` is away from `since` until just before `until`, UTC."""

    person: str
    since: datetime
    until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Everything the rules need to know about people. Mappings are keyed by id; `fallback` is a person id (ESC-W6)."""

    people: Mapping[str, Person]
    roles: Mapping[str, Role]
    calendars: Mapping[str, Calendar]
    fallback: str
    units: Mapping[str, Unit] = field(default_factory=dict)
    absences: tuple[Absence, ...] = ()

    def holder(self, role: str, at: datetime) -> str | None:
        """The person who holds `role` at `at`, or None (ESC-W1, W2). `person:ID` is that person."""
        if role.startswith(PERSON_PREFIX):
            person = role.removeprefix(PERSON_PREFIX)
            return person if person in self.people else None
        known = self.roles.get(role)
        return known.holder(at) if known else None

    def backup_role(self, role: str) -> str | None:
        """The role declared to stand in for `role`, or None."""
        known = self.roles.get(role)
        return known.backup if known else None

    def is_absent(self, person: str, at: datetime) -> bool:
        return any(gone.person == person and gone.since <= at < gone.until for gone in self.absences)

    def calendar_of(self, person: str) -> Calendar:
        return self.calendars[self.people[person].calendar]

    def roles_of(self, person: str, at: datetime) -> tuple[str, ...]:
        """Ids of the roles this person holds at `at`, in declared order."""
        return tuple(role.id for role in self.roles.values() if role.holder(at) == person)

    def with_facts(self, *, absences: Iterable[Absence] = (), periods: Mapping[str, Iterable[RolePeriod]] | None = None) -> Organisation:
        """This organisation with recorded facts added to declared ones; a role with recorded periods uses those alone."""
        roles = dict(self.roles)
        for role, recorded in (periods or {}).items():
            known = roles.get(role, Role(id=role))
            roles[role] = replace(known, periods=tuple(recorded))
        return replace(self, roles=roles, absences=self.absences + tuple(absences))

    def handed_over(self, role: str, holder: str | None, at: datetime, until: datetime | None = None) -> Organisation:
        """This organisation with `role` passed to `holder` from `at` on (None: to nobody), `until` an instant or for good.

        The period that runs ends, the new one begins; one that was planned for later still begins then (ESC-W1).
        """
        known = self.roles.get(role, Role(role))
        kept = [replace(period, until=at) if period.covers(at) else period for period in known.periods]
        kept = [period for period in kept if period.since is None or period.until is None or period.since < period.until]
        later = min((period.since for period in kept if period.since is not None and period.since > at), default=None)
        end = min((bound for bound in (until, later) if bound is not None), default=None)
        if holder is not None:
            kept.append(RolePeriod(holder, at, end))
        return replace(self, roles={**self.roles, role: replace(known, periods=tuple(kept))})
