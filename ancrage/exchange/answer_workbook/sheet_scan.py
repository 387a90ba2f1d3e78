"""Looks at the raw XML of one sheet before its cells are read: how far it reaches, and which cells hold a formula.

Ordinary files are looked at by regular expressions that run at the speed of C; whatever is written in another way is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from ancrage.exchange.answer_workbook.package import damaged, plain, refuse
from ancrage.language import say

MOST_ROWS = 250_000
MOST_CELLS = 8_000_000

_ROWS = rb"(?:[0-9]{1,5}|1[0-9]{5}|2[0-4][0-9]{4})"
_UNUSUAL_CELL = re.compile(rb'<c(?=[\s/>])(?! r="[A-Z]' + _ROWS + rb'"[ />])')
"""A cell beyond column Z or the last row allowed, or one that is not written as spreadsheet programs write it."""
_PREFIXED = re.compile(rb":(?:c|f|row)[\s/>]")
_FORMULA = re.compile(rb"<f[\s>/]")
_CELL = re.compile(rb'<c r="([A-Z][0-9]+)"[^>]*>\s*\Z')
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")


def formulas_of(content: bytes, name: str, sheet: str) -> frozenset[str]:
    """The cells of a sheet that hold a formula, as `D12`.

    ProblemsFound (E-FILE-LARGE) when the sheet reaches further than is allowed, (E-WORKBOOK-DAMAGED) when it is no XML.
    """
    plain(content, name)
    if _UNUSUAL_CELL.search(content) is not None or _PREFIXED.search(content) is not None:
        return _parsed(content, name, sheet)
    found = [_cell_before(content, match.start()) for match in _FORMULA.finditer(content)]
    return _parsed(content, name, sheet) if None in found else frozenset(filter(None, found))


def _cell_before(content: bytes, formula: int) -> str | None:
    """The cell that a formula stands in; None where that is not plain to see."""
    found = _CELL.match(content, content.rfind(b"<c ", 0, formula), formula)
    return found[1].decode() if found else None


@dataclass(slots=True)
class _Walk:
    """Where the parser is, and what it has met. A cell without a place of its own stands right of the one before."""

    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0
    formulas: list[str] = field(default_factory=list)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                self.row, self.column = int(attributes.get("r", self.row + 1)), 0
            case "c":
                self.row, self.column = self._place(attributes.get("r"))
                self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
            case "f":
                self.formulas.append(f"{_letters(self.column)}{self.row}")

    def _place(self, reference: str | None) -> tuple[int, int]:
        if reference is None:
            return self.row, self.column + 1
        found = _REFERENCE.match(reference)
        if found is None:
            raise ValueError(reference[:40])
        return int(found[2]), _number(found[1])


def _parsed(content: bytes, name: str, sheet: str) -> frozenset[str]:
    walk, parser = _Walk(), expat.ParserCreate()
    parser.StartElementHandler = walk.start
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError) as error:
        damaged(name, error)
    if walk.last_row > MOST_ROWS or walk.last_row * walk.last_column > MOST_CELLS:
        last = f"{_letters(walk.last_column)}{walk.last_row}"
        what = say("sheet {sheet} reaches to cell {cell}", sheet=sheet, cell=last)
        refuse(name, "E-FILE-LARGE", what, say("delete what stands far below or beside the questions"))
    return frozenset(walk.formulas)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _letters(column: int) -> str:
    return "".join(reversed(list(_digits(column))))


def _digits(column: int) -> Iterator[str]:
    while column > 0:
        column, rest = divmod(column - 1, 26)
        yield chr(65 + rest)
