"""Reads the bare file of ratings: a CSV with a header, any of the usual separators, every bad row noted by its line.

What the cells mean is the business of the method; here a file becomes a `Sheet` of stripped cells in the columns that a method
knows, or is refused as a whole (no header, a column missing, not text, too large).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from io import StringIO
from pathlib import Path
from typing import NoReturn

from ancrage.domain.assessment.sheets.base import Column, Row, Sheet, folded
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.errors import Place, Problem, ProblemsFound
from ancrage.language import Message, say

MOST_BYTES = 32 * 1024 * 1024
MOST_ROWS = 250_000
MOST_COLUMNS = 200
LONGEST_CELL = 4_000
SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class RatingsFile:
    """The sheet, and the problems of its rows that do not depend on the method."""

    sheet: Sheet
    problems: tuple[Problem, ...]


def read_ratings_csv(path: Path, columns: Sequence[Column]) -> RatingsFile:
    """Read the rows of a CSV file in the columns a method knows; rows without any filled cell are left out.

    UTF-8 with or without mark, separated by comma, semicolon, tab or bar, whichever makes most sense of the header. Raises
    ProblemsFound with everything that keeps the file from being read at all; bad rows are returned with the good ones, so that
    they can be reported together with bad cells.
    """
    return read_ratings_text(_text_of(path), str(path), columns)


def read_ratings_text(text: str, name: str, columns: Sequence[Column]) -> RatingsFile:
    """The same from a text; `name` is how problems call it."""
    separator = _separator(text, columns)
    faults = Faults(name)
    records = _records(text, separator, faults)
    header_line, header = next(records, (1, []))
    places, unused = _match_header(header, header_line, name, columns)
    rows = tuple(_rows(records, len(header), list(places.values()), _required_places(places, columns), faults))
    if not rows and not len(faults):
        _refuse(name, "E-FILE-EMPTY", say("the file has no row to score"), say("under the header comes one row per answer"))
    return RatingsFile(Sheet(name, tuple(places), rows, unused), faults.problems())


def _text_of(path: Path) -> str:
    name = str(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            _refuse(name, "E-FILE-LARGE", say("the file has more than {count} bytes", count=MOST_BYTES))
        data = path.read_bytes()
    except OSError as error:
        _refuse(name, "E-FILE-MISSING", say("the file cannot be read: {reason}", reason=error.strerror or type(error).__name__))
    if b"\0" in data:
        _refuse(name, "E-FILE-BINARY", say("this is not a text file"), say("save the sheet as CSV UTF-8"))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        _refuse(name, "E-FILE-ENCODING", say("the file is not written in UTF-8"), say("save the sheet as CSV UTF-8"), line)


def _refuse(name: str, code: str, message: Message, hint: Message | None = None, line: int = 0) -> NoReturn:
    raise ProblemsFound(say("{path} cannot be read", path=name), [Problem(code, message, Place(name, line, min(line, 1)), hint=hint)])


def _separator(text: str, columns: Sequence[Column]) -> str:
    """The separator under which most columns of the first line are known; comma where none helps."""
    first = next((line for line in text[:100_000].splitlines() if line.strip()), "")
    known = {folded(name) for column in columns for name in column.names()}
    return max(SEPARATORS, key=lambda separator: sum(folded(cell) in known for cell in first.split(separator)))


def _records(text: str, separator: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of every record that is not blank; what CSV cannot read is noted, and reading goes on with the next line."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.add(line, "E-ROW-CSV", say("this row is no valid CSV: {reason}", reason=str(error)), say("close every quotation mark"))
            continue
        stripped = [cell.strip() for cell in cells]
        if any(stripped):
            yield line, stripped


def _match_header(header: Sequence[str], line: int, name: str, columns: Sequence[Column]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Position of each known column, and the names that are not used. A column's own name goes before its synonyms."""
    places: dict[str, int] = {}
    problems: list[Problem] = []
    names = [folded(cell) for cell in header]
    if len(header) > MOST_COLUMNS:
        _refuse(name, "E-FILE-LARGE", say("the file has more than {count} columns", count=MOST_COLUMNS), line=line)
    for column in columns:
        found = _positions(names, column)
        if len(found) > 1:
            shown = ", ".join(header[place] for place in found)
            problems.append(
                Problem(
                    "E-COLUMN-TWICE",
                    say("column {column} stands twice: {names}", column=column.name, names=shown),
                    Place(name, line, min(line, 1)),
                )
            )
        elif found:
            places[column.name] = found[0]
        elif column.required:
            problems.append(
                Problem(
                    "E-COLUMN-MISSING",
                    say("column {column} is missing", column=column.name),
                    Place(name, line, min(line, 1)),
                    hint=_hint(column, header),
                )
            )
    if problems:
        raise ProblemsFound(say("{path}: the header does not suit the method", path=name), problems)
    return places, tuple(cell for place, cell in enumerate(header) if cell and place not in places.values())


def _positions(names: Sequence[str], column: Column) -> list[int]:
    own = [place for place, name in enumerate(names) if name == folded(column.name)]
    synonyms = {folded(name) for name in column.synonyms}
    return own or [place for place, name in enumerate(names) if name in synonyms]


def _hint(column: Column, header: Sequence[str]) -> Message:
    close = get_close_matches(column.name, [cell.casefold() for cell in header], n=1)
    if close:
        return say("did you mean {close}? it may be called {names}", close=close[0], names=", ".join(column.names()))
    return say("it may be called {names}; the file has {found}", names=", ".join(column.names()), found=", ".join(header)[:300] or "-")


def _required_places(places: dict[str, int], columns: Sequence[Column]) -> int:
    """The number of cells a row needs so that no required one is missing."""
    return 1 + max((places[column.name] for column in columns if column.required and column.name in places), default=0)


def _rows(records: Iterator[tuple[int, list[str]]], width: int, wanted: Sequence[int], needed: int, faults: Faults) -> Iterator[Row]:
    same: dict[str, str] = {}  # the same text is one object: a large file repeats its processes and values
    for number, (line, cells) in enumerate(records):
        if number >= MOST_ROWS:
            _refuse(faults.path, "E-FILE-LARGE", say("the file has more than {count} rows", count=MOST_ROWS), line=line)
        problem = _row_problem(cells, width, needed)
        if problem is not None:
            faults.add(line, "E-ROW-CELLS", problem, say("a cell that holds the separator stands between quotation marks"))
            continue
        yield Row(line, tuple([same.setdefault(cell, cell) for cell in (cells[place] if place < len(cells) else "" for place in wanted)]))


def _row_problem(cells: Sequence[str], width: int, needed: int) -> Message | None:
    if any(cells[width:]):
        return say("the row has {count} cells, the header {width}", count=len(cells), width=width)
    if len(cells) < needed:
        return say("the row has {count} cells and needs {width}", count=len(cells), width=needed)
    if max(map(len, cells)) > LONGEST_CELL:
        return say("a cell has more than {count} characters", count=LONGEST_CELL)
    return None
