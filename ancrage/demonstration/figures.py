"""The readings of the half year: for each indicator a course in a few legs, and noise from a fixed seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from ancrage.domain.indicators import Cadence, Indicator, ValueKind
from ancrage.services.readings import NewReading

SEED = 7


@dataclass(frozen=True, slots=True)
class Leg:
    """From `since` on, readings move around `level` (a share for proportions) with a standard deviation of `noise`."""

    since: date
    level: float
    noise: float


@dataclass(frozen=True, slots=True)
class Course:
    """One indicator's half year. `volume` is the usual denominator of a proportion; `surprises` are single readings as they were."""

    legs: tuple[Leg, ...]
    volume: int = 0
    surprises: tuple[tuple[date, float], ...] = ()


COURSES: dict[str, Course] = {
    # The practice that sticks: tooled on 16 February, a habit by spring.
    "incidents_triaged": Course(
        (Leg(date(2025, 9, 1), 0.63, 0.03), Leg(date(2026, 2, 16), 0.83, 0.03), Leg(date(2026, 3, 9), 0.92, 0.02)), 140
    ),
    # The practice that fades: it takes hold in spring and is lost from the middle of May on.
    "causes_recorded": Course(
        (
            Leg(date(2025, 9, 1), 0.45, 0.03), Leg(date(2026, 2, 16), 0.74, 0.03), Leg(date(2026, 3, 2), 0.86, 0.02),
            Leg(date(2026, 5, 18), 0.7, 0.03), Leg(date(2026, 6, 1), 0.56, 0.03),
        ),
        110,
    ),
    # What the sponsor promised to answer: over 60 late incidents.
    "incident_backlog": Course(
        (Leg(date(2025, 9, 1), 51, 2.5), Leg(date(2026, 3, 30), 46, 2.5), Leg(date(2026, 5, 11), 68, 1.5), Leg(date(2026, 6, 8), 44, 2.5)),
        surprises=((date(2026, 1, 23), 66), (date(2026, 3, 13), 64), (date(2026, 4, 17), 63)),
    ),
    # The change board, adopted a year ago, under surveillance.
    "changes_reviewed": Course((Leg(date(2024, 9, 2), 0.62, 0.03), Leg(date(2024, 12, 16), 0.93, 0.02)), 45),
    "changes_succeeded": Course((Leg(date(2024, 9, 2), 0.86, 0.03), Leg(date(2025, 7, 1), 0.93, 0.02)), 45),
    # The single front door is being defined: only a baseline can be collected.
    "demands_through_front_door": Course((Leg(date(2025, 3, 1), 0.42, 0.04),), 60),
    "demands_qualified_in_time": Course((Leg(date(2025, 3, 1), 0.62, 0.04),), 60),
    "milestones_met": Course((Leg(date(2025, 3, 1), 0.78, 0.05),), 24, surprises=((date(2026, 3, 31), 0.5),)),
    "supplier_service_met": Course((Leg(date(2025, 3, 1), 0.93, 0.02),), 80),
    "forecast_gap": Course((Leg(date(2025, 3, 1), 7, 1.5),)),
    "critical_patches_in_time": Course((Leg(date(2025, 3, 1), 0.91, 0.02),), 70, surprises=((date(2026, 2, 28), 0.66),)),
}
"""Indicators that Ancrage computes from its own figures have no course."""

FORGOTTEN = {("supplier_service_met", date(2026, 4, 30)): timedelta(days=16)}
"""Readings that come in late, and by how much."""


def periods(cadence: Cadence, first: date, last: date) -> list[date]:
    """The days that name the periods from `first` to `last`: Fridays for weeks, last days for months."""
    day, found = first, []
    while day <= last:
        if cadence is Cadence.WEEK and day.weekday() == 4:
            found.append(day)
        if cadence is Cadence.MONTH and (day + timedelta(days=1)).month != day.month:
            found.append(day)
        day += timedelta(days=1)
    return found


def reading(indicator: Indicator, day: date) -> NewReading:
    """The reading of one period; the same for the same indicator and day."""
    course = COURSES[indicator.id]
    leg = [leg for leg in course.legs if leg.since <= day][-1]
    chance = random.Random(f"{SEED}:{indicator.id}:{day.isoformat()}")  # noqa: S311 - a demonstration, not a secret
    level = dict(course.surprises).get(day, leg.level + leg.noise * _bounded(chance))
    if indicator.kind is ValueKind.PROPORTION:
        volume = max(5, round(course.volume * (0.9 + 0.2 * chance.random())))
        return NewReading(indicator.id, day, numerator=float(min(volume, round(volume * level))), denominator=float(volume))
    return NewReading(indicator.id, day, value=float(round(level)))


def _bounded(chance: random.Random) -> float:
    """Normal noise cut at two standard deviations: a demonstration has no outliers it does not tell about."""
    return max(-2.0, min(2.0, chance.gauss(0.0, 1.0)))
