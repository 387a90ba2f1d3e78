"""The metrics referential as people read it, and readings taken from a file as a whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from pathlib import Path

from ancrage.domain.assessment.sheets.base import Column
from ancrage.domain.indicators import Indicator
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Place, Problem, ProblemsFound, Refused
from ancrage.exchange.ratings_csv import read_ratings_csv
from ancrage.language import Label, Message, say
from ancrage.services.collecting_views import CollectionView, view_collections, view_late
from ancrage.services.contract_views import role_label
from ancrage.services.programme import current_programme
from ancrage.services.readings import NewReading, check_reading, record_reading
from ancrage.services.status import AlertView, VerdictView, view_alerts, view_verdicts
from ancrage.storage.indicators import fetch_alerts, fetch_readings
from ancrage.storage.unit_of_work import UnitOfWork

COLUMNS = (
    Column("indicator", say("id of the indicator"), required=True),
    Column("date", say("a day of the period, as 2026-03-31"), required=True, synonyms=("day", "period")),
    Column("value", say("the figure")),
    Column("numerator", say("cases counted, of a proportion")),
    Column("denominator", say("cases looked at, of a proportion")),
    Column("note", say("anything to add"), synonyms=("comment",)),
)
THOUSANDS = 3
"""Digits behind a comma that could as well separate thousands."""


@dataclass(frozen=True, slots=True)
class ReadingView:
    """One current reading; `figure` is the value, or numerator by denominator."""

    day: date
    value: float | None
    numerator: float | None
    denominator: float | None
    recorded_at: datetime
    recorded_by: str
    source: str
    revision: int
    note: str

    @property
    def figure(self) -> float | None:
        if self.value is not None or self.numerator is None:
            return self.value
        return self.numerator / self.denominator if self.denominator else self.numerator


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """One indicator with what is known of it; `readings` and `alerts` oldest first, `verdict` None before the first."""

    indicator: Indicator
    objective: Label
    owner: Label
    readings: tuple[ReadingView, ...]
    alerts: tuple[AlertView, ...]
    verdict: VerdictView | None
    collection: CollectionView | None = None
    """The last attempt to collect its readings; None where they are handed in, or nothing was tried."""
    late_since: datetime | None = None
    """Since when it is known that a reading is late."""

    @property
    def last(self) -> ReadingView | None:
        return self.readings[-1] if self.readings else None


def list_indicators(work: UnitOfWork) -> tuple[IndicatorView, ...]:
    """Every declared indicator, in declared order."""
    programme = current_programme(work)
    verdicts = {view.indicator_id: view for view in view_verdicts(work, programme)}
    collections, late = view_collections(work), {one.indicator_id: one.since for one in view_late(work)}
    owners = {alert.id: alert.indicator_id for alert in fetch_alerts(work)}
    alerts = view_alerts(work, programme)
    return tuple(
        IndicatorView(
            indicator,
            programme.objectives[indicator.objective].name,
            role_label(programme, indicator.owner),
            _readings(work, indicator.id),
            tuple(alert for alert in alerts if owners[alert.id] == indicator.id),
            verdicts.get(indicator.id),
            collections.get(indicator.id),
            late.get(indicator.id),
        )
        for indicator in programme.indicators.values()
    )


def show_indicator(work: UnitOfWork, indicator_id: str) -> IndicatorView:
    """One indicator. NotFound names those declared."""
    for view in list_indicators(work):
        if view.indicator.id == indicator_id:
            return view
    known = ", ".join(current_programme(work).indicators) or "-"
    raise NotFound(say("there is no indicator {indicator}; declared: {known}", indicator=indicator_id, known=known))


def _readings(work: UnitOfWork, indicator_id: str) -> tuple[ReadingView, ...]:
    return tuple(
        ReadingView(
            row.day, row.value, row.numerator, row.denominator, row.recorded_at, row.recorded_by, row.source, row.revision, row.note
        )
        for row in fetch_readings(work, indicator_id)
    )


@dataclass(frozen=True, slots=True)
class ImportedReadings:
    """What a file brought: rows read, readings recorded (new or corrected), and rows that were known already."""

    rows: int
    recorded: int
    known: int


def import_readings(work: UnitOfWork, path: Path, by: str, at: datetime) -> ImportedReadings:
    """Record every reading of a CSV file `indicator,date,value` or `indicator,date,numerator,denominator`.

    A row that says what is known changes nothing; other figures for a known period are a correction. ProblemsFound lists every bad row
    by its line; then none is taken.
    """
    programme = current_programme(work)
    file = read_ratings_csv(path, COLUMNS)
    problems, found, seen = list(file.problems), [], dict[tuple[str, str], int]()
    for line, (name, day, *figures, note) in file.sheet.pick(*(column.name for column in COLUMNS)):
        place = Place(str(path), line, 1)
        first = seen.setdefault((name, day), line)
        reading = _reading(programme, name, day, figures, note, at, place, problems)
        if first != line:
            problems.append(Problem("E-ROW-TWICE", say("{indicator} of {day} stands on line {first} already", indicator=name, day=day,
                                                       first=first), place))  # fmt: skip
        elif reading is not None:
            found.append(reading)
    if problems:
        problems.sort(key=lambda problem: problem.place.line if problem.place else 0)
        raise ProblemsFound(say("{path}: {count} problems; no reading was taken", path=str(path), count=len(problems)), problems)
    recorded = sum(record_reading(work, programme, reading, by, "csv", at) for reading in found)
    return ImportedReadings(len(found), recorded, len(found) - recorded)


def _reading(
    programme: Programme, name: str, day: str, figures: list[str], note: str, at: datetime, place: Place, problems: list[Problem]
) -> NewReading | None:
    """The reading of one row, or None with what is wrong with the row added to `problems`."""
    before = len(problems)
    on = _day(day)
    if on is None:
        problems.append(_wrong(say("{found} is not a day", found=day or "-"), place, say("write it as 2026-03-31")))
    value, numerator, denominator = (_number(text) for text in figures)
    for text, number in zip(figures, (value, numerator, denominator), strict=True):
        if text and number is None:
            problems.append(_wrong(say("{found} is not a number", found=text), place, say("write it as 1234.5, without separators")))
    if on is None or len(problems) > before:
        return None
    reading = NewReading(name, on, value, numerator, denominator, note)
    try:
        check_reading(programme, reading, at)
    except (NotFound, Refused) as error:
        problems.append(_wrong(error.message, place))
        return None
    return reading


def _wrong(message: Message, place: Place, hint: Message | None = None) -> Problem:
    return Problem("E-CELL-VALUE", message, place, hint=hint)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> float | None:
    """The number in a cell; a decimal comma is read where it cannot separate thousands. None when it is no finite number."""
    whole, comma, rest = text.partition(",")
    if comma and len(rest) == THOUSANDS:
        return None
    try:
        number = float(f"{whole}.{rest}" if comma else text)
    except ValueError:
        return None
    return number if isfinite(number) else None
