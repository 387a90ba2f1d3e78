"""Reading cells: what is empty, what does not apply, numbers, yes and no. Each refusal says what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from typing import Generic, TypeVar

from ancrage.domain.assessment.sheets.base import Sheet
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.domain.assessment.types import Standing
from ancrage.language import Message, say

Parsed = TypeVar("Parsed")

_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})?")

_STANDINGS = {
    "": Standing.NOT_RATED,
    "-": Standing.NOT_RATED,
    "?": Standing.NOT_RATED,
    "not rated": Standing.NOT_RATED,
    "non noté": Standing.NOT_RATED,
    "na": Standing.NOT_APPLICABLE,
    "n/a": Standing.NOT_APPLICABLE,
    "n.a.": Standing.NOT_APPLICABLE,
    "not applicable": Standing.NOT_APPLICABLE,
    "non applicable": Standing.NOT_APPLICABLE,
    "sans objet": Standing.NOT_APPLICABLE,
    "not assessed": Standing.NOT_ASSESSED,
    "non évalué": Standing.NOT_ASSESSED,
}

STANDINGS_HELP = say("empty: asked, no answer yet; NA: does not apply; not assessed: nobody was asked, as when the row is missing")


def standing_in(cell: str) -> Standing | None:
    """The standing that a cell names instead of a value; None when it holds something else."""
    return _STANDINGS.get(cell) or _STANDINGS.get(cell.casefold())


@lru_cache(maxsize=4_096)
def number_in(cell: str) -> Fraction | None:
    """The number in a cell, with `.` or `,` before its decimals; None when it is no plain number (no exponent, no infinity)."""
    return Fraction(cell.replace(",", ".")) if _NUMBER.fullmatch(cell) else None


def percent_in(cell: str) -> Fraction | None:
    """The percentage in a cell, with or without `%`."""
    return number_in(cell.removesuffix("%").rstrip())


def yes_no_in(cell: str) -> bool | None:
    """True or False of yes/no, true/false, 1/0, oui/non, in/out; None when it is neither."""
    return _YES_NO.get(cell.casefold())


_YES_NO = {
    "yes": True, "y": True, "true": True, "1": True, "oui": True, "o": True, "vrai": True, "x": True, "in": True,
    "no": False, "n": False, "false": False, "0": False, "non": False, "faux": False, "out": False,
}  # fmt: skip


def day_in(cell: str) -> date | None:
    """The day in a cell written 2026-03-01; None when it is none."""
    try:
        return date.fromisoformat(cell)
    except ValueError:
        return None


class CellReader:
    """Reads cells of one sheet and notes what cannot be read."""

    def __init__(self, sheet: Sheet, faults: Faults) -> None:
        self.sheet = sheet
        self.faults = faults

    def wrong(self, line: int, column: str, cell: str, allowed: Message) -> None:
        """Note that a cell holds nothing the method can use."""
        found = repr(_short(cell))
        message = say("{column} cannot be {found}; allowed: {allowed}", column=column, found=found, allowed=allowed)
        self.faults.add(line, "E-CELL-VALUE", message)

    def required(self, line: int, column: str, cell: str) -> bool:
        """True when the cell is filled; otherwise noted."""
        if not cell:
            self.faults.add(line, "E-CELL-EMPTY", say("{column} is empty", column=column))
        return bool(cell)

    def value(self, line: int, column: str, cell: str, parse: Callable[[str], Parsed | None], allowed: Message) -> Parsed | Standing | None:
        """The parsed value or the standing of a cell; None when it was refused."""
        standing = standing_in(cell)
        if standing is not None:
            return standing
        return self.filled(line, column, cell, parse, allowed)

    def filled(self, line: int, column: str, cell: str, parse: Callable[[str], Parsed | None], allowed: Message) -> Parsed | None:
        """The parsed value of a cell that holds one; None when it was refused."""
        parsed = parse(cell)
        if parsed is None:
            self.wrong(line, column, cell, allowed)
        return parsed

    def optional(self, line: int, column: str, cell: str, parse: Callable[[str], Parsed | None], allowed: Message) -> Parsed | None:
        """The parsed value of a cell that may be empty; None when it is, or was refused."""
        return self.filled(line, column, cell, parse, allowed) if cell else None

    def twice(self, line: int, what: Message, first: int) -> None:
        """Note that a row says again what another row has said."""
        self.faults.add(
            line, "E-ROW-TWICE", say("{what} has a row already, at line {first}", what=what, first=first), say("keep one of them")
        )

    def contradicts(self, line: int, column: str, cell: str, first: int, known: object) -> None:
        """Note that a row says otherwise than an earlier one about the same thing."""
        self.faults.add(
            line,
            "E-ROW-CONTRADICTS",
            say("{column} is {found} here and {known} at line {first}", column=column, found=_short(cell), known=known, first=first),
        )


class Agreed(Generic[Parsed]):
    """A fact that several rows may repeat (the goal of a group, the target of an item) and none may contradict."""

    def __init__(self, reader: CellReader, column: str) -> None:
        self._reader = reader
        self._column = column
        self._known: dict[object, tuple[int, Parsed]] = {}

    def note(self, key: object, line: int, value: Parsed | None) -> None:
        """Take the value of `key` from a row; None says nothing."""
        if value is None:
            return
        first, known = self._known.setdefault(key, (line, value))
        if known != value:
            self._reader.contradicts(line, self._column, str(value), first, known)

    def get(self, key: object) -> Parsed | None:
        """What the rows say about `key`; None when none does."""
        known = self._known.get(key)
        return known[1] if known else None


@cache
def one_of(codes: tuple[str, ...]) -> Callable[[str], str | None]:
    """A parser that takes these codes in any case and gives them as they are written here."""
    known = {code.casefold(): code for code in codes}
    return lambda cell: known.get(cell.casefold())


def _short(cell: str) -> str:
    return cell if len(cell) <= 60 else cell[:60] + "…"
