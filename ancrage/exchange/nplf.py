"""Imports tables of N P L F ratings (CSV or xlsx): processes in rows, process attributes in columns, or one rating in each row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path

from ancrage.domain.assessment.methods.iso33020 import attribute_in
from ancrage.domain.assessment.sheets.cells import percent_in, standing_in
from ancrage.errors import NotFound, Place, Problem
from ancrage.exchange.ratings_csv import MOST_BYTES, SEPARATORS
from ancrage.exchange.sources.defects import Defects, nothing_found
from ancrage.exchange.sources.names import Names, slug
from ancrage.exchange.sources.outcome import SourceImport, csv_text
from ancrage.exchange.sources.workbook import Grid, read_grids
from ancrage.language import say

WANTED = say("a table with process attributes (1.1, PA 2.1 ...) as columns, or with columns process, attribute, rating")
MOST_ROWS = 50_000
MOST_COLUMNS = 500
PROCESS = ("process", "processus", "process id", "process name", "team", "id")
ATTRIBUTE = ("attribute", "process attribute", "pa", "attribut")
RATING = ("rating", "value", "achievement", "score", "nplf", "note", "valeur")
WORDS = {
    "not achieved": "N", "not": "N", "none": "N", "non atteint": "N", "partially achieved": "P", "partially": "P", "partial": "P",
    "partiellement": "P", "partiellement atteint": "P", "largely achieved": "L", "largely": "L", "largement": "L",
    "largement atteint": "L", "fully achieved": "F", "fully": "F", "full": "F", "totalement": "F", "pleinement": "F",
    "totalement atteint": "F", "pleinement atteint": "F",
}  # fmt: skip
_LETTER = re.compile(r"([NPLF])\s*([+-]?)(?:\s*[(/].*)?\Z", re.IGNORECASE)
Row = tuple[str, str, str]


def import_nplf(paths: Sequence[Path]) -> SourceImport:
    """The ratings of these tables, each as a file for `ancrage score --method iso33020`. NotFound for a path that is not there;
    ProblemsFound when a file cannot be opened or no table was found; cells that are no rating are told and left out."""
    defects, names, files = Defects(), Names(), dict[str, str]()
    ratings = tables = 0
    for path in paths:
        if not path.is_file():
            raise NotFound(say("there is no file {path}", path=str(path)))
        grids = read_grids(path).values() if path.suffix.lower() in (".xlsx", ".xlsm") else [_csv_grid(path, defects)]
        rows: list[Row] = []
        for grid in grids:
            found = list(_ratings(grid, defects))
            tables += bool(found)
            rows += found
        ratings += len(rows)
        if rows:
            files[f"ratings/{names.give(slug(path.stem))}.csv"] = csv_text(("process", "attribute", "rating"), rows)
    if not files:
        defects.take(nothing_found(", ".join(map(str, paths)), WANTED))
    defects.refuse_errors(", ".join(map(str, paths)))
    return SourceImport(files, {"tables": tables, "ratings": ratings}, defects.all(), method="iso33020")


def _csv_grid(path: Path, defects: Defects) -> Grid:
    """A CSV file as a grid; what is not UTF-8 is read as Western European, and told."""
    with path.open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    place = Place(str(path))
    if len(data) > MOST_BYTES:
        defects.take(Problem("E-FILE-LARGE", say("the file has more than {count} bytes", count=MOST_BYTES), place))
        return Grid(str(path), "")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
        defects.tell("W-SOURCE-VALUE", say("the file is not written in UTF-8"), place, say("read as Western European"))
    lines = text.replace("\0", "").splitlines(keepends=True)
    head = next((line for line in lines if line.strip()), "")
    separator = max(SEPARATORS, key=head.count)
    return Grid(str(path), "", list(_records(lines, separator, place, defects)))


def _records(lines: list[str], separator: str, place: Place, defects: Defects) -> Iterator[list[str]]:
    reader = csv.reader(StringIO("".join(lines)), delimiter=separator)
    for number in range(MOST_ROWS):
        try:
            yield [cell.strip()[:200] for cell in next(reader)[:MOST_COLUMNS]]
        except StopIteration:
            return
        except csv.Error as error:
            message = say("this row is no valid CSV: {reason}", reason=str(error))
            defects.tell("W-SOURCE-VALUE", message, Place(place.path, reader.line_num, 1), say("left out"))
            yield []
        if number == MOST_ROWS - 1:
            defects.tell("W-SOURCE-MANY", say("more than {count} rows", count=MOST_ROWS), place, say("the others are left out"))


def _ratings(grid: Grid, defects: Defects) -> Iterator[Row]:
    for number, cells in enumerate(grid.rows[:50]):
        titles = [cell.casefold().replace("_", " ") for cell in cells]
        columns = {place: attribute for place, cell in enumerate(cells) if (attribute := _attribute(cell))}
        if {*titles} & {*ATTRIBUTE} and {*titles} & {*RATING}:
            yield from _long(grid, number, titles, defects)
            return
        if columns:
            yield from _wide(grid, number, titles, columns, defects)
            return


def _attribute(cell: str) -> str | None:
    return attribute_in(cell.split(":")[0].strip()) if cell else None


def _first(titles: Sequence[str], wanted: Sequence[str], otherwise: int) -> int:
    return next((place for name in wanted for place, title in enumerate(titles) if title == name), otherwise)


def _wide(grid: Grid, header: int, titles: list[str], columns: dict[int, str], defects: Defects) -> Iterator[Row]:
    named = _first(titles, PROCESS, 0)
    seen: dict[tuple[str, str], tuple[int, int]] = {}
    for row in range(header + 1, len(grid.rows)):
        process = grid.cell(row, named)
        for column, attribute in columns.items():
            yield from _one(grid, (row, column), process, attribute, seen, defects)


def _long(grid: Grid, header: int, titles: list[str], defects: Defects) -> Iterator[Row]:
    process_at, rating_at = _first(titles, PROCESS, 0), _first(titles, RATING, 2)
    attribute_at = _first(titles, ATTRIBUTE, 1)
    seen: dict[tuple[str, str], tuple[int, int]] = {}
    for row in range(header + 1, len(grid.rows)):
        written = grid.cell(row, attribute_at)
        attribute = _attribute(written)
        if attribute is not None:
            yield from _one(grid, (row, rating_at), grid.cell(row, process_at), attribute, seen, defects)
        elif any(grid.rows[row]):
            message = say("{text} is no process attribute", text=written[:40] or "-")
            defects.tell("W-SOURCE-REFERENCE", message, _place(grid, row, attribute_at), say("the row is left out"))


def _one(
    grid: Grid, at: tuple[int, int], process: str, attribute: str, seen: dict[tuple[str, str], tuple[int, int]], defects: Defects
) -> Iterator[Row]:
    text, place = grid.cell(*at), _place(grid, *at)
    if not process:
        if text:
            defects.tell("W-SOURCE-MISSING", say("a rating stands in a row without a process"), place, say("left out"))
        return
    rating = rating_in(text)
    if rating is None:
        message = say("{text} is no rating: N P L F, a percentage, NA, or empty", text=text[:40])
        defects.tell("W-SOURCE-VALUE", message, place, say("left out, which is not assessed"))
        return
    first = seen.setdefault((process, attribute), at)
    if first != at:
        message = say("{process} has a rating of {attribute} already", process=process[:60], attribute=attribute)
        defects.tell("W-SOURCE-TWICE", message, place, say("the first was taken"), [_place(grid, *first)])
        return
    yield process, attribute, rating


def _place(grid: Grid, row: int, column: int) -> Place:
    return grid.place(row, column) if grid.sheet else Place(grid.file, row + 1, column + 1)


def rating_in(text: str) -> str | None:
    """A rating as the calculator reads it; empty where the cell is; None where it is none.

    Letters in any case with a refinement (`L+`), words in two languages, percentages with or without sign, shares from a spreadsheet
    only with their sign: 0.7 is seven tenths of a percent, or 70 of them, and nobody can tell.
    """
    plain = text.strip()
    standing = standing_in(plain)
    if standing is not None:
        return "NA" if standing.value == "not_applicable" else ""
    found = _LETTER.match(plain)
    if found:
        letter, sign = found[1].upper(), found[2]
        return f"{letter}{sign}" if letter in "PL" else letter
    if plain.casefold() in WORDS:
        return WORDS[plain.casefold()]
    percent = percent_in(plain)
    if percent is None or not 0 <= percent <= 100 or (0 < percent < 1 and not plain.endswith("%")):
        return None
    return f"{float(percent):g}"
