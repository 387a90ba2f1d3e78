"""Reads readings of indicators from bare files: one series by date, or many undated ones in two files (anchoring.md, calculators)."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from io import StringIO
from math import isfinite
from pathlib import Path
from typing import NoReturn, TypeVar

from ancrage.domain.anchoring.series import Point
from ancrage.domain.assessment.sheets.base import Column
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.domain.indicators import Direction, ValueKind
from ancrage.errors import Place, Problem, ProblemsFound
from ancrage.exchange.ratings_csv import read_ratings_csv
from ancrage.language import Message, say

MOST_BYTES = 256 * 1024 * 1024
MISSING = {"", "-", "na", "n/a", "nan", "null", "none"}
"""What stands for a reading that is not there, in any case."""

SERIES_COLUMNS = (
    Column("date", say("day of the reading, YYYY-MM-DD"), required=True, synonyms=("day", "period", "month", "jour")),
    Column("value", say("the reading; empty where it is missing"), synonyms=("valeur",)),
    Column("numerator", say("cases counted"), synonyms=("numerateur",)),
    Column("denominator", say("cases in all, or opportunities"), synonyms=("denominateur",)),
)
PARAMETER_COLUMNS = (
    Column("series_id", say("which series"), required=True),
    Column("type", say("value, proportion or count"), required=True, synonyms=("kind",)),
    Column("direction", say("increase or decrease: which way is good"), required=True),
    Column("target", say("the target; empty where there is none"), required=True),
    Column("baseline_points", say("how many points lie before the event"), required=True),
)

Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class LongSeries:
    """One undated series: readings in order, None where one is missing; `denominators` is empty for plain values."""

    values: tuple[float | None, ...]
    denominators: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class SeriesParameters:
    """How one undated series is to be judged; the event lies between the last baseline point and the next."""

    series: str
    kind: ValueKind
    direction: Direction
    target: float | None
    baseline_points: int


def read_series(path: Path) -> tuple[Point, ...]:
    """The dated readings of one indicator, oldest first: columns `date,value` or `date,numerator,denominator`.

    An empty cell is a missing reading. Raises ProblemsFound with every bad row: no date, no number, a day twice.
    """
    read = read_ratings_csv(path, SERIES_COLUMNS)
    faults = Faults(str(path), read.problems)
    points: dict[date, Point] = {}
    for line, (day, *cells) in read.sheet.pick("date", "value", "numerator", "denominator"):
        found = _day(day, line, faults)
        value, numerator, denominator = (_number(cell, line, faults) for cell in cells)
        if found in points:
            faults.add(line, "E-ROW-TWICE", say("{day} stands twice", day=day), say("keep one reading for each day"))
        elif found is not None:
            points[found] = Point(found, value, numerator, denominator)
    if not (read.sheet.has("value") or (read.sheet.has("numerator") and read.sheet.has("denominator"))):
        faults.add(1, "E-COLUMN-MISSING", say("column {column} is missing", column="value"), say("or numerator and denominator"))
    _refuse_bad(faults)
    return tuple(points[day] for day in sorted(points))


def read_parameters(path: Path) -> tuple[SeriesParameters, ...]:
    """The parameters of many series, in file order; further columns are ignored. Raises ProblemsFound with every bad row."""
    read = read_ratings_csv(path, PARAMETER_COLUMNS)
    faults = Faults(str(path), read.problems)
    found: dict[str, SeriesParameters] = {}
    for line, (name, kind, direction, target, baseline) in read.sheet.pick(*(column.name for column in PARAMETER_COLUMNS)):
        chosen = _choice(kind, ValueKind, line, faults), _choice(direction, Direction, line, faults)
        number = _number(target, line, faults)
        if not baseline.isascii() or not baseline.isdigit():
            faults.add(line, "E-CELL-VALUE", say("{cell} is not a number of points", cell=repr(baseline)))
        elif name in found:
            faults.add(line, "E-ROW-TWICE", say("series {series} stands twice", series=name))
        elif chosen[0] is not None and chosen[1] is not None:
            found[name] = SeriesParameters(name, chosen[0], chosen[1], number, int(baseline))
    _refuse_bad(faults)
    return tuple(found.values())


def read_long_series(path: Path) -> Mapping[str, LongSeries]:
    """Many undated series by id: columns `series_id, values_or_numerators, denominators`, numbers separated by spaces.

    Raises ProblemsFound with every bad row: a word that is no number, more denominators than numerators, an id twice.
    """
    name = str(path)
    faults = Faults(name)
    found: dict[str, LongSeries] = {}
    for line, row in _long_rows(path):
        values = _numbers(row.get("values_or_numerators") or "", line, faults)
        sizes = _numbers(row.get("denominators") or "", line, faults)
        series = row.get("series_id") or ""
        if sizes and len(sizes) != len(values):
            counts = {"values": len(values), "sizes": len(sizes)}
            faults.add(line, "E-ROW-CELLS", say("{values} numerators and {sizes} denominators", **counts))
        elif series in found:
            faults.add(line, "E-ROW-TWICE", say("series {series} stands twice", series=series))
        else:
            found[series] = LongSeries(values, sizes)
    _refuse_bad(faults)
    return found


def _long_rows(path: Path) -> Iterator[tuple[int, dict[str, str | None]]]:
    reader = csv.DictReader(StringIO(_text_of(path), newline=""), strict=True, restkey="")
    missing = [column for column in ("series_id", "values_or_numerators") if column not in (reader.fieldnames or [])]
    if missing:
        _refuse(path, "E-COLUMN-MISSING", say("column {column} is missing", column=missing[0]), 1)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        _refuse(path, "E-ROW-CSV", say("this row is no valid CSV: {reason}", reason=str(error)), reader.line_num)


def _text_of(path: Path) -> str:
    # The reader of ratings takes cells of a sheet; here one cell holds a whole series.
    try:
        if path.stat().st_size > MOST_BYTES:
            _refuse(path, "E-FILE-LARGE", say("the file has more than {count} bytes", count=MOST_BYTES))
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        _refuse(path, "E-FILE-MISSING", say("the file cannot be read: {reason}", reason=error.strerror or type(error).__name__))
    except UnicodeDecodeError:
        _refuse(path, "E-FILE-ENCODING", say("the file is not written in UTF-8"))


def _refuse(path: Path, code: str, message: Message, line: int = 0) -> NoReturn:
    raise ProblemsFound(say("{path} cannot be read", path=path), [Problem(code, message, Place(str(path), line, min(line, 1)))])


def _refuse_bad(faults: Faults) -> None:
    if len(faults):
        raise ProblemsFound(say("{path}: {count} problems; nothing was judged", path=faults.path, count=len(faults)), faults.problems())


def _day(cell: str, line: int, faults: Faults) -> date | None:
    try:
        return datetime.fromisoformat(cell).date()
    except ValueError:
        faults.add(line, "E-CELL-VALUE", say("{cell} is not a date", cell=repr(cell)), say("write it as 2026-03-31"))
        return None


def _number(cell: str, line: int, faults: Faults) -> float | None:
    """A number with a decimal point or comma; None where it is missing, or bad and noted."""
    if cell.lower() in MISSING:
        return None
    try:
        number = float(cell.replace(",", "."))
    except ValueError:
        number = float("nan")
    if not isfinite(number) or "_" in cell:
        faults.add(line, "E-CELL-VALUE", say("{cell} is not a number", cell=repr(cell)), say("leave it empty where the reading is missing"))
        return None
    return number


def _numbers(cell: str, line: int, faults: Faults) -> tuple[float | None, ...]:
    words: Sequence[str] = cell.split()
    try:
        numbers = tuple(map(float, words))  # nearly always; a word that is missing or wrong is looked at one by one
    except ValueError:
        return tuple(_number(word, line, faults) for word in words)
    return numbers if all(map(isfinite, numbers)) else tuple(_number(word, line, faults) for word in words)


def _choice(cell: str, kind: type[Choice], line: int, faults: Faults) -> Choice | None:
    try:
        return kind(cell.lower())
    except ValueError:
        allowed = ", ".join(kind)
        faults.add(line, "E-CELL-VALUE", say("{cell} is not known here", cell=repr(cell)), say("take one of {allowed}", allowed=allowed))
        return None
