"""Reads the cells of somebody else's workbook: looked at as a package first, then values only; nothing in it is run or followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from ancrage.errors import Place
from ancrage.exchange.answer_workbook.package import LARGEST_FILE, damaged, open_package, refuse, refuse_large
from ancrage.exchange.answer_workbook.shapes import place_of
from ancrage.exchange.answer_workbook.sheet_scan import formulas_of
from ancrage.language import say

LONGEST_CELL = 4_000
MOST_ROWS = 20_000
MOST_CELLS = 1_000_000
MOST_CONTENT = 64 * 1024 * 1024
"""Forty times the official toolbox workbook, unpacked."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet as texts, rows and columns from 0."""

    file: str
    sheet: str
    rows: list[list[str]] = field(default_factory=list)
    formulas: frozenset[str] = frozenset()

    def cell(self, row: int, column: int) -> str:
        """The text of a cell; empty beyond the sheet."""
        return self.rows[row][column] if row < len(self.rows) and column < len(self.rows[row]) else ""

    def place(self, row: int, column: int) -> Place:
        """Where a cell is, as people name it: `plan.xlsx: Interview!F18`."""
        return Place(place_of(self.file, self.sheet, address(row, column)))

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Cells with exactly this text, whatever its capitals."""
        wanted = text.casefold()
        for row, cells in enumerate(self.rows):
            for column, cell in enumerate(cells):
                if cell.casefold() == wanted:
                    yield row, column


def read_grids(path: Path, wanted: tuple[str, ...] = ()) -> dict[str, Grid]:
    """The sheets of a workbook by name (those `wanted`, or all). ProblemsFound when it cannot be opened, or is too large inside."""
    name = str(path)
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            refuse_large(name, size)
        data = path.read_bytes()
    except OSError as error:
        refuse(name, "E-FILE-UNREADABLE", say("{path} cannot be read: {reason}", path=name, reason=error.strerror or str(error)))
    package = open_package(data, name, MOST_CONTENT)
    grids: dict[str, Grid] = {}
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as workbook:
            for sheet in [known for known in package.sheets if not wanted or known in wanted]:
                formulas = formulas_of(package.xml_of(sheet), name, sheet)
                found = workbook.get_sheet_by_name(sheet)
                end = found.end or (0, 0)
                if end[0] >= MOST_ROWS or (end[0] + 1) * (end[1] + 1) > MOST_CELLS:
                    refuse(name, "E-FILE-LARGE", say("sheet {sheet} reaches to cell {cell}", sheet=sheet, cell=address(*end)))
                rows = [[_text(cell) for cell in row] for row in found.to_python(skip_empty_area=False)]
                grids[sheet] = Grid(name, sheet, rows, formulas)
    except (CalamineError, KeyError, ValueError, OverflowError) as error:
        damaged(name, error)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # the reader of cells is not Python: what it cannot bear ends in this
            raise
        damaged(name, ValueError("unreadable"))
    return grids


def _text(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value == int(value) if abs(value) < 1e15 else False:
            return str(int(value))
        case datetime():
            return value.date().isoformat() if value.time().isoformat() == "00:00:00" else value.isoformat()
        case date():
            return value.isoformat()
        case _:
            return str(value).strip()[:LONGEST_CELL]


def address(row: int, column: int) -> str:
    """`F18` for row 17 and column 5."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row + 1}"
