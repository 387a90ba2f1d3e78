"""People as a lead looks at them: roles, absences, and how much is asked of each."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from ancrage.domain.organisation import Absence
from ancrage.domain.working_time import end_of_day, start_of_day
from ancrage.errors import NotFound
from ancrage.language import Label, say
from ancrage.services.programme import current_programme, record_absence
from ancrage.services.status import view_commitments
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person at an instant. `absences` are those not over yet, `owed` counts open commitments, `overdue` those of them past due."""

    id: str
    name: str
    unit: Label | None
    email: str
    language: str
    calendar: str
    roles: tuple[tuple[str, Label], ...]
    absences: tuple[Absence, ...]
    is_absent: bool
    owed: int
    overdue: int
    hours_per_month: float | None
    zone: str
    promised_hours: float
    """Hours a month that the clauses of this person's roles cost."""


def list_people(work: UnitOfWork, as_of: datetime) -> tuple[PersonView, ...]:
    """Everybody declared, in declared order, as of one instant."""
    programme = current_programme(work)
    organisation = programme.organisation
    open_ones = view_commitments(work, programme, as_of, only_open=True)
    owed = Counter(view.person_id for view in open_ones)
    overdue = Counter(view.person_id for view in open_ones if view.overdue)
    promised: Counter[str | None] = Counter()
    for _, clause in programme.clauses():
        promised[organisation.holder(clause.by, as_of)] += clause.cost_hours_per_month  # type: ignore[assignment]
    views = []
    for person in organisation.people.values():
        unit = organisation.units.get(person.unit or "")
        views.append(
            PersonView(
                id=person.id,
                name=person.name,
                unit=unit.name if unit else None,
                email=person.email,
                language=person.language,
                calendar=person.calendar,
                roles=tuple((role, organisation.roles[role].name) for role in organisation.roles_of(person.id, as_of)),
                absences=tuple(gone for gone in organisation.absences if gone.person == person.id and gone.until > as_of),
                is_absent=organisation.is_absent(person.id, as_of),
                owed=owed[person.id],
                overdue=overdue[person.id],
                hours_per_month=person.hours_per_month,
                promised_hours=promised[person.id],
                zone=organisation.calendar_of(person.id).zone,
            )
        )
    return tuple(views)


def record_days_away(
    work: UnitOfWork, person_id: str, since: date | datetime, until: date | datetime, reason: str, by: str, at: datetime
) -> tuple[datetime, datetime]:
    """Record an absence between two instants, or over whole local days of the person's calendar, the last one included.

    Returns its beginning and end. NotFound for an unknown person; Refused when it ends before it begins.
    """
    organisation = current_programme(work).organisation
    if person_id not in organisation.people:
        raise NotFound(say("there is no person {person}", person=person_id))
    calendar = organisation.calendar_of(person_id)
    begins = since if isinstance(since, datetime) else start_of_day(calendar, since)
    ends = until if isinstance(until, datetime) else end_of_day(calendar, until)
    record_absence(work, person_id, begins, ends, reason, by, at)
    return begins, ends
