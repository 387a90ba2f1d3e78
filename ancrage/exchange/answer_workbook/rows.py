"""From the cells of one sheet to answers: each row is known by the ids it carries, wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ancrage.errors import Place, Problem
from ancrage.exchange.answer_workbook.shapes import (
    ANSWER,
    CHECK,
    COMMENT,
    EVIDENCE,
    FIRST_ROW,
    WIDTH,
    Checks,
    FilledRow,
    place_of,
)
from ancrage.language import Message, say

LONGEST_TEXT = 10_000
_CONTROLS = {code: " " for code in range(32) if chr(code) not in "\n\t"} | {127: " "} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


class RowReader:
    """Collects the rows of one sheet and what is wrong with the others."""

    def __init__(self, file: str, sheet: str, formulas: frozenset[str]) -> None:
        self.file, self.sheet = file, sheet
        self.rows: list[FilledRow] = []
        self.problems: list[Problem] = []
        self.unreadable: set[tuple[str, str]] = set()
        self._formulas = frozenset(cell for cell in formulas if cell[0] in (ANSWER, COMMENT, EVIDENCE))
        self._sum_of = Checks().of
        self._first: dict[tuple[str, str], FilledRow] = {}
        self._torn: set[tuple[str, str]] = set()

    def read(self, grid: Sequence[Sequence[Any]]) -> None:
        """Read every row below the heads."""
        for number, cells in enumerate(grid[FIRST_ROW - 1 :], start=FIRST_ROW):
            if len(cells) != WIDTH:
                cells = [*cells, *[""] * (WIDTH - len(cells))][:WIDTH]
            self._row(number, cells)
        if self._torn:
            self.rows = [row for row in self.rows if (row.process, row.practice) not in self._torn]
            self.unreadable |= self._torn
        self.problems.sort(key=_row_of)

    def _row(self, number: int, cells: Sequence[Any]) -> None:
        process_name, practice_name, question, answer, comment, evidence, process, practice, check = cells
        answer = answer and text_of(answer)  # this is done for every row of a large workbook: what is empty costs nothing
        comment = comment and text_of(comment)
        evidence = evidence and text_of(evidence)
        if not process and not practice:
            if answer or comment or evidence:
                what = say("this row holds an answer and no question")
                self._bad(number, ANSWER, "E-CELL-UNKNOWN", what, say("answer in the rows that ask"))
            return
        key = (process, practice) if type(process) is type(practice) is str else (text_of(process), text_of(practice))
        if check != self._sum_of(*key, str(process_name), str(practice_name), str(question)):
            self.unreadable.add(key)
            what = say("the question of this row is not the one that was written here: cells were moved or changed")
            self._bad(number, CHECK, "E-ROW-MOVED", what, say("undo it, or copy your answers into a new workbook"))
            return
        row = FilledRow(number, *key, answer, comment, evidence)
        if (answer and not self._formulas and len(comment) + len(evidence) + len(answer) < LONGEST_TEXT) or self._is_plain(row):
            self._add(key, row)

    def _is_plain(self, row: FilledRow) -> bool:
        """Whether the answers are values, and no longer than what can be kept; else the problem is noted."""
        before = len(self.problems)
        for letter, text in ((ANSWER, row.answer), (COMMENT, row.comment), (EVIDENCE, row.evidence)):
            if self._formulas and f"{letter}{row.row}" in self._formulas:
                what = say("this cell holds a formula; it shows {found}", found=repr(text[:60]))
                self._bad(row.row, letter, "E-CELL-FORMULA", what, say("write the answer itself"))
            elif len(text) > LONGEST_TEXT:
                self._bad(row.row, letter, "E-CELL-VALUE", say("this text has {size} characters, and {count} are allowed", size=len(text),
                                                               count=LONGEST_TEXT), say("shorten it, or name a document"))  # fmt: skip
        if not row.answer and (row.comment or row.evidence):
            what = say("there is a comment or evidence, and no answer")
            self._bad(row.row, ANSWER, "E-CELL-EMPTY", what, say("choose an answer from the list"))
        if len(self.problems) > before:
            self.unreadable.add((row.process, row.practice))
        return len(self.problems) == before

    def _add(self, key: tuple[str, str], row: FilledRow) -> None:
        first = self._first.setdefault(key, row)
        if first is row:
            self.rows.append(row)
            return
        differs = first[3:] != row[3:]
        what = say("this question stands in row {first} already, with another answer: none of them is taken", first=first.row)
        same = say("this question stands in row {first} already, with the same answer", first=first.row)
        self._bad(row.row, ANSWER, "E-ROW-TWICE", what if differs else same, say("delete the row that was copied"))
        if differs:
            self._torn.add(key)

    def _bad(self, row: int, letter: str, code: str, message: Message, hint: Message) -> None:
        place = Place(place_of(self.file, self.sheet, f"{letter}{row}"))
        self.problems.append(Problem(code, message, place, hint=hint))


def _row_of(problem: Problem) -> int:
    assert problem.place is not None
    return int(problem.place.path.rpartition("!")[2].lstrip("ABCDEFGHI"))


def text_of(cell: Any) -> str:
    """What a cell says, without blanks around it and without characters that no database keeps; a whole number without its `.0`."""
    if isinstance(cell, str):
        text = cell.strip()
        return text if text.isprintable() else text.replace("\r\n", "\n").translate(_CONTROLS).strip()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).upper() if isinstance(cell, bool) else str(cell)
