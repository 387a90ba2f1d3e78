"""Readings of indicators: recorded once per period; a correction supersedes and never overwrites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ancrage.domain.anchoring.series import Point
from ancrage.domain.indicators import ValueKind
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Refused
from ancrage.language import say
from ancrage.storage.indicators import fetch_figures, fetch_reading, fetch_readings
from ancrage.storage.unit_of_work import UnitOfWork
from models.indicators import ReadingRow


@dataclass(frozen=True, slots=True)
class NewReading:
    """One reading of one period: `value`, or `numerator` and `denominator` for proportions and counts. `day` names the period."""

    indicator_id: str
    day: date
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    note: str = ""


def record_reading(work: UnitOfWork, programme: Programme, new: NewReading, by: str, source: str, at: datetime) -> bool:
    """Store a reading. The same figures again change nothing; other figures for the same period are a new revision.

    Returns whether anything was stored. NotFound for an unknown indicator; Refused for a day to come or figures of the wrong kind.
    """
    check_reading(programme, new, at)
    old = fetch_reading(work, new.indicator_id, new.day)
    if old is not None:
        if (old.value, old.numerator, old.denominator) == (new.value, new.numerator, new.denominator):
            return False
        old.current = False
        work.session.add(old)
    work.session.add(
        ReadingRow(
            programme_id=work.programme_id, indicator_id=new.indicator_id, day=new.day, revision=old.revision + 1 if old else 1,
            value=new.value, numerator=new.numerator, denominator=new.denominator, recorded_at=at, recorded_by=by, source=source,
            note=new.note,
        )
    )
    work.record(
        at, by, "reading_corrected" if old else "reading_recorded", f"indicator:{new.indicator_id}", day=new.day.isoformat(),
        value=new.value, numerator=new.numerator, denominator=new.denominator,
    )
    work.flush()
    return True


def is_news(work: UnitOfWork, new: NewReading) -> bool:
    """Whether recording a reading would store anything."""
    old = fetch_reading(work, new.indicator_id, new.day)
    return old is None or (old.value, old.numerator, old.denominator) != (new.value, new.numerator, new.denominator)


def check_reading(programme: Programme, new: NewReading, at: datetime) -> None:
    """Raise what keeps a reading from being recorded: NotFound or Refused, as `record_reading` does."""
    indicator = programme.indicators.get(new.indicator_id)
    if indicator is None:
        known = ", ".join(programme.indicators)
        raise NotFound(say("there is no indicator {indicator}; declared: {known}", indicator=new.indicator_id, known=known))
    zone = ZoneInfo(programme.organisation.calendars[programme.defaults.calendar].zone)
    if new.day > at.astimezone(zone).date():
        raise Refused("future", say("a reading of {day} cannot be recorded before that day", day=new.day))
    if indicator.kind is ValueKind.PROPORTION and new.value is None and not new.denominator:
        raise Refused("denominator", say("a proportion needs its denominator, and it cannot be 0"))
    if new.value is None and new.numerator is None:
        raise Refused("empty", say("a reading needs a figure; a missing reading is simply not recorded"))


def points_of(work: UnitOfWork, indicator_id: str) -> tuple[Point, ...]:
    """Current readings as points in time, oldest first."""
    return tuple(Point(row.day, row.value, row.numerator, row.denominator) for row in fetch_readings(work, indicator_id))


def points_of_each(work: UnitOfWork, indicator_ids: Sequence[str]) -> dict[str, tuple[Point, ...]]:
    """`points_of` for several indicators in one question; nothing where nothing was recorded."""
    found: dict[str, list[Point]] = {indicator_id: [] for indicator_id in indicator_ids}
    for indicator_id, day, value, numerator, denominator in fetch_figures(work, indicator_ids):
        found[indicator_id].append(Point(day, value, numerator, denominator))
    return {indicator_id: tuple(points) for indicator_id, points in found.items()}
