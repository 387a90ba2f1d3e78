"""The declared part of a scenario: every section made into values of the domain, every problem at its place (ESC-F, V1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from ancrage.declarations import scenario_shapes as shapes
from ancrage.declarations.holiday_dates import holiday_dates
from ancrage.declarations.reading import Refused
from ancrage.declarations.scenario_kinds import BEGINNINGS, ENDS, Moment, Span
from ancrage.declarations.scenario_sheet import Sheet
from ancrage.domain.calendars import zone_of
from ancrage.domain.escalation import checks
from ancrage.domain.escalation.measures import Measure, Series
from ancrage.domain.escalation.scenario import DeclaredMeasure, Promise
from ancrage.domain.finding import Finding, Subject
from ancrage.domain.organisation import PERSON_PREFIX, Absence, Organisation, Person, Role, RolePeriod
from ancrage.domain.policies import Offset, Origin, Policy, Repeat, Step
from ancrage.domain.working_time import Budget, Calendar, CalendarSpan, Pause, start_of_day
from ancrage.language import say

NO_HOURS = Calendar("", "UTC", ((),) * 7)


@dataclass(slots=True)
class Declared:
    """What a scenario declares, as far as it could be read."""

    calendars: dict[str, Calendar] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    absences: list[Absence] = field(default_factory=list)
    fallback: str = ""
    policies: dict[str, Policy] = field(default_factory=dict)
    commitments: dict[str, Promise] = field(default_factory=dict)
    measures: dict[str, DeclaredMeasure] = field(default_factory=dict)

    def organisation(self) -> Organisation:
        return Organisation(self.people, self.roles, self.calendars, self.fallback, absences=tuple(self.absences))


def build_calendar(sheet: Sheet, name: str, raw: Mapping[str, Any], year: int) -> Calendar:
    """A calendar from a complete record, its public holidays resolved to dates (ESC-B7)."""
    days, source = _holidays(sheet, name, raw.get("holidays", {}), year)
    return Calendar(name, raw["tz"], raw["week"], days, raw.get("exceptions", {}), source)


def _holidays(sheet: Sheet, name: str, written: Mapping[str, Any], year: int) -> tuple[frozenset[date], str]:
    dates = frozenset(written.get("dates", ()))
    if "country" not in written:
        return dates, ""
    try:
        found = holiday_dates(written["country"], written.get("subdivision"), year)
    except KeyError as unknown:
        message = say('"{word}" has no public holidays that are known', word=str(unknown.args[0]))
        sheet.refuse("E-HOLIDAYS", message, "calendars", name, "holidays")
        return dates, ""
    return dates | found.dates, found.source


def build_policy(name: str, raw: Mapping[str, Any]) -> Policy:
    """A policy from a complete record; steps that lack something are left out (they are reported)."""
    repeat = raw.get("repeat_last")
    return Policy(
        id=name,
        steps=tuple(_step(step) for step in raw["steps"] if shapes.STEP.is_complete(step)),
        ack_ttl=raw.get("ack_ttl"),
        repeat_last=Repeat(repeat["every"], int(repeat["times"])) if repeat and shapes.REPEAT.is_complete(repeat) else None,
        max_snoozes=int(raw.get("max_snoozes", 1)),
        grace_seconds=raw.get("grace", 3600),
        waiver_roles=raw.get("waiver", ()),
    )


def _step(raw: Mapping[str, Any]) -> Step:
    offset: Offset = raw["offset"]
    usual = Origin.DUE if offset.before or offset.amount is None else Origin.PREVIOUS
    return Step(raw["id"], offset, Origin(raw.get("from", usual)), raw["to"], raw.get("urgent", False))


def instant_of(moment: Moment, zone: str) -> datetime | None:
    """The UTC instant of a written moment; a date begins at midnight in `zone`."""
    if moment is None or isinstance(moment, datetime):
        return moment
    return start_of_day(Calendar("", zone, NO_HOURS.week), moment)


def pauses_of(spans: tuple[Span, ...]) -> tuple[Pause, ...]:
    """Pauses from spans that have both ends and are instants."""
    whole = ((span.since, span.until) for span in spans)
    return tuple(Pause(since, until) for since, until in whole if isinstance(since, datetime) and isinstance(until, datetime))


class Sections:
    """All sections but engine and events, read in the order in which they need each other.

    `as_of`: when the scenario begins, which is when calendars are judged (ESC-V1).
    """

    def __init__(self, sheet: Sheet, as_of: datetime) -> None:
        self.sheet = sheet
        self.declared = Declared()
        self.as_of = as_of
        sections = ("calendars", "people", "roles", "policies", "commitments", "measures")
        self.names = {section: [key for key, _ in sheet.entries(section)] for section in sections}

    def read(self) -> Declared:
        self._calendars()
        self._people()
        self._roles()
        self._backups()
        self._fallback()
        self._policies()
        self._commitments()
        self._measures()
        return self.declared

    def _calendars(self) -> None:
        for name, raw in self.sheet.section("calendars", shapes.CALENDAR):
            if shapes.CALENDAR.is_complete(raw):
                calendar = build_calendar(self.sheet, name, raw, self.as_of.year)
                self.declared.calendars[name] = calendar
                self.sheet.report(checks.calendar_faults(calendar, self.as_of.astimezone(zone_of(calendar.zone)).date()))

    def _only(self, section: str, raw: Mapping[str, Any], key: str, *path: str) -> str:
        """The named calendar or policy, or the only one there is; its name is looked up. Empty where there is none to be had."""
        known = self.names[section]
        name = raw.get(key)
        if name is None and len(known) == 1:
            return known[0]
        if name is None:
            if key not in _written(self.sheet, *path):
                self.sheet.missing(key, *path)
            return ""
        kind = {"calendars": "calendar", "policies": "policy"}[section]
        return str(name) if self.sheet.check_name(kind, name, known, *path, key) else ""

    def _zone(self, person: str) -> str:
        found = self.declared.people.get(person)
        calendar = self.declared.calendars.get(found.calendar if found else "")
        first = next(iter(self.declared.calendars.values()), NO_HOURS)
        return (calendar or first).zone

    def _people(self) -> None:
        for name, raw in self.sheet.section("people", shapes.PERSON):
            calendar = self._only("calendars", raw, "calendar", "people", name)
            most = raw.get("max_per_day")
            self.declared.people[name] = Person(
                name, raw.get("name", name), calendar, raw.get("email", ""), None, raw.get("language", "en"), raw.get("digest_at"),
                int(most) if most is not None else None,
            )  # fmt: skip
            for span in raw.get("absences", ()):
                since, until = (instant_of(moment, self._zone(name)) for moment in (span.since, span.until))
                if since is not None and until is not None:
                    self.declared.absences.append(Absence(name, since, until))

    def _roles(self) -> None:
        for name, node in self.sheet.entries("roles"):
            rows = shapes.RoleOrHoldings().read(node, self.sheet.reading)
            periods = () if isinstance(rows, Refused) else self._periods(rows, "roles", name)
            self.declared.roles[name] = Role(name, periods=periods)
            self.sheet.report(checks.role_faults(self.declared.roles[name]))

    def _periods(self, rows: tuple[Mapping[str, Any], ...], *path: str, people: bool = True) -> tuple[RolePeriod, ...]:
        """The log of a role or of a measure, whose holders need not be people."""
        periods = []
        for position, row in enumerate(rows):
            holder = row.get("holder", row.get("person"))
            if holder is None:
                self.sheet.missing("holder", *path, position)
                continue
            if people:
                self.sheet.check_name("person", holder, self.names["people"], *path, position, "holder")
            since, until = (
                instant_of(next((row[name] for name in names if name in row), None), self._zone(holder)) for names in (BEGINNINGS, ENDS)
            )
            if since is not None and until is not None and since >= until:
                self.sheet.refuse("E-SPAN", say("this span ends before it begins"), *path, position)
            periods.append(RolePeriod(holder, since, until))
        return tuple(periods)

    def _backups(self) -> None:
        known = self.names["roles"]
        for name, node in self.sheet.entries("backups"):
            backup = node.text if hasattr(node, "text") else ""
            right = self.sheet.check_name("role", name, known, "backups", name)
            if self.sheet.check_name("role", backup, known, "backups", name) and right:
                self.declared.roles[name] = replace(self.declared.roles[name], backup=backup)

    def _fallback(self) -> None:
        node = self.sheet.root.entries.get("fallback")
        self.declared.fallback = getattr(node, "text", "") or ""
        self.sheet.report(checks.fallback_faults(self.declared.fallback, self.declared.people))

    def _policies(self) -> None:
        for name, raw in self.sheet.section("policies", shapes.POLICY):
            self.declared.policies[name] = build_policy(name, {"steps": (), **raw})
            readable = [position for position, step in enumerate(raw.get("steps", ())) if shapes.STEP.is_complete(step)]
            self.check_policy(self.declared.policies[name], readable)

    def check_policy(self, policy: Policy, positions: Sequence[int], *path: str | int) -> None:
        """Everything wrong with a ladder, at the place of its parts, or at `path` when an event changes it.

        `positions`: where in the file the steps of the policy stand, among others that could not be read.
        """
        found = (*checks.policy_faults(policy), *checks.unknown_roles(policy, self.declared.organisation()))
        self.sheet.report((_moved(finding, positions) for finding in found), *path)
        for role in policy.waiver_roles:
            self._check_role(role, *(path or ("policies", policy.id, "waiver")))

    def _check_role(self, role: str, *path: str | int) -> None:
        if role.startswith(PERSON_PREFIX):
            self.sheet.check_name("person", role.removeprefix(PERSON_PREFIX), self.names["people"], *path)
        elif role not in ("responsible", "accountable"):
            self.sheet.check_name("role", role, self.names["roles"], *path)

    def _commitments(self) -> None:
        for name, raw in self.sheet.section("commitments", shapes.COMMITMENT):
            path = ("commitments", name)
            calendar = self._only("calendars", raw, "calendar", *path)
            policy = self._only("policies", raw, "policy", *path)
            if "responsible" in raw:
                self._check_role(raw["responsible"], *path, "responsible")
            for role in raw.get("waiver", ()):
                self._check_role(role, *path, "waiver")
            budget: Budget | None = raw.get("budget")
            if budget is None and not {"budget", "every"} & _written(self.sheet, *path):
                self.sheet.missing("budget", *path)
            if isinstance(budget, CalendarSpan) and raw.get("roll") == "none":
                budget = replace(budget, roll=False)
            budget = None if "every" in raw else budget
            self.declared.commitments[name] = Promise(name, calendar, raw.get("responsible", ""), policy, budget, raw.get("waiver", ()))
            self._warn_of_reminders(self.declared.commitments[name])

    def _warn_of_reminders(self, promise: Promise) -> None:
        calendar, policy = self.declared.calendars.get(promise.calendar), self.declared.policies.get(promise.policy)
        if calendar is None or policy is None or promise.budget is None or checks.policy_faults(policy):
            return
        day = self.as_of.astimezone(zone_of(calendar.zone)).date()
        self.sheet.report(checks.reminder_warnings(policy, promise.budget, calendar, day, ("commitments", promise.id)))

    def _measures(self) -> None:
        for name, raw in self.sheet.section("measures", shapes.MEASURE):
            calendar = self._only("calendars", raw, "calendar", "measures", name)
            key = next((key for key in shapes.LOGS if key in raw), shapes.LOGS[0])
            log = self._periods(raw.get(key, ()), "measures", name, key, people=False)
            self.sheet.report(
                replace(finding, subject=("measures", name, key), others=()) for finding in checks.role_faults(Role(name, periods=log))
            )
            both = [self._series(name, {**raw.get("series", {}), **raw}, side) for side in ("internal", "supplier")]
            if calendar and shapes.MEASURE.is_complete(raw) and both[0] is not None and both[1] is not None:
                measure = Measure(name, raw["budget"], raw.get("tolerance", 0), both[0], both[1], log)
                self.declared.measures[name] = DeclaredMeasure(measure, calendar, raw.get("reconcile", "reconcile"))

    def _series(self, name: str, raw: Mapping[str, Any], side: str) -> Series | None:
        if side not in raw:
            self.sheet.missing(side, "measures", name)
        return build_series(raw.get(side, {}))


def _moved(finding: Finding, positions: Sequence[int]) -> Finding:
    """The finding, with positions of steps as they are in the file."""
    return replace(finding, subject=_at(finding.subject, positions), others=tuple(_at(other, positions) for other in finding.others))


def _at(subject: Subject, positions: Sequence[int]) -> Subject:
    section, name, steps, position, *keys = subject
    index = int(position)
    return (section, name, steps, str(positions[index]) if index < len(positions) else position, *keys)


def build_series(raw: Mapping[str, Any]) -> Series | None:
    """One series of a measure, or None where its start could not be read."""
    if not shapes.SERIES.is_complete(raw):
        return None
    return Series(raw["start"], raw.get("end"), pauses_of(raw.get("pauses", ())))


def _written(sheet: Sheet, *path: str) -> set[str]:
    node = sheet.root.get(*path)
    return set(getattr(node, "entries", ()))
