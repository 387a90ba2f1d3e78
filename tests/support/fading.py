"""A practice that was adopted and fades: a project in the middle of its life, with a year of weekly readings behind it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ancrage.project import open_project
from ancrage.services.advance import advance
from ancrage.services.programme import current_programme, record_clock
from ancrage.services.readings import NewReading, record_reading
from tests.support.story import DUE, project_in_the_middle

FADING = "incidents_triaged"
"""Followed until 2027-06-30, decided from by the support team and its sponsor; owner Sofia, steward Chloé."""
EFFECT = "incident_backlog"
DELIVERED = date(2025, 4, 7)
FALLING = date(2025, 11, 3)
NOW = DUE


def weeks(first: date, count: int) -> list[date]:
    return [first + timedelta(weeks=number) for number in range(count)]


def course() -> list[tuple[date, int]]:
    """Cases in time of a hundred, week by week: twelve before the tool, thirty at a good level, twelve that slide but meet the target."""
    before = [(day, 58 + (number * 5) % 7) for number, day in enumerate(weeks(DELIVERED - timedelta(weeks=12), 12))]
    good = [(day, 94 + (number * 3) % 5) for number, day in enumerate(weeks(DELIVERED, 30))]
    slide = [(day, 87 + number % 2) for number, day in enumerate(weeks(FALLING, 12))]
    return before + good + slide


def fading_project(folder: Path, *, delivered: bool = True) -> Path:
    """The folder of a project whose last pass, at `NOW`, has found the erosion. Without `delivered` no clock has struck."""
    project_in_the_middle(folder)
    with closing(open_project(folder)) as project:
        with project.units() as work:
            programme = current_programme(work)
            if delivered:
                struck = datetime(DELIVERED.year, DELIVERED.month, DELIVERED.day, 12, tzinfo=UTC)
                record_clock(work, "incident_triage", "tool_delivered", struck, "chloe", NOW - timedelta(days=1))
            for day, good in course():
                new = NewReading(FADING, day, numerator=good, denominator=100)
                record_reading(work, programme, new, "sofia", "csv", NOW - timedelta(days=1))
        advance(project, NOW)
    return folder
