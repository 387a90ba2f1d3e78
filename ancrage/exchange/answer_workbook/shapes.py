"""What goes into an answer workbook, and what comes back; and where things stand in it, which writer and reader must agree on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zlib import crc32

from ancrage.domain.reference_model import Attribution, ScaleValue
from ancrage.errors import Problem
from ancrage.exchange.answer_workbook.seal import Seal
from ancrage.language import Label

SEAL_SHEET = "ancrage"
SEAL_FORMAT = "ancrage-answers-1"
HEADER_ROW = 5
"""Row of the column heads, from 1; the first question stands below it."""
FIRST_ROW = HEADER_ROW + 1
PROCESS, PRACTICE, QUESTION, ANSWER, COMMENT, EVIDENCE, PROCESS_ID, PRACTICE_ID, CHECK = "ABCDEFGHI"
WIDTH = 9
NO_WORDS = Label()
SPLIT = "\x1f"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """One question with the answer known so far; `revision` is that of the answer, 0 while there is none.

    `scale` is in the words of the question's own answer set.
    """

    process: str
    process_name: Label
    practice: str
    practice_name: Label
    question: Label
    scale: tuple[ScaleValue, ...]
    guidance: Label = NO_WORDS
    value: str | None = None
    comment: str = ""
    evidence: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class AskedRequest:
    """The questions of one campaign to one person, in asking order. `fingerprint` is that of what is asked, not of the answers."""

    campaign: str
    name: Label
    due_on: date
    model: Label
    questions: tuple[AskedQuestion, ...]
    fingerprint: str
    attribution: Attribution | None = None

    @property
    def scales(self) -> tuple[tuple[ScaleValue, ...], ...]:
        """Every scale of its questions, each once, in asking order."""
        return tuple(dict.fromkeys(question.scale for question in self.questions))


@dataclass(frozen=True, slots=True)
class AskedWorkbook:
    """Everything a workbook shows and signs: the requests of one person, in the person's language."""

    programme: str
    programme_name: Label
    person: str
    person_name: str
    language: str
    written_at: datetime
    zone: str
    requests: tuple[AskedRequest, ...]


class FilledRow(NamedTuple):
    """One row as somebody left it; `answer` is the text of the cell, not yet a value of the scale. Row numbers count from 1."""

    row: int
    process: str
    practice: str
    answer: str
    comment: str
    evidence: str


@dataclass(frozen=True, slots=True)
class FilledSheet:
    """The sheet of one request: rows that can be understood, in the order of the sheet, and a problem for each of the others."""

    campaign: str
    name: str
    fingerprint: str
    revisions: tuple[int, ...]
    rows: tuple[FilledRow, ...]
    problems: tuple[Problem, ...]
    unreadable: frozenset[tuple[str, str]]
    """(process, practice) of the rows with a problem, where they can be told: they are not missing."""


@dataclass(frozen=True, slots=True)
class FilledWorkbook:
    """A workbook that was made here and has come back. `problems` are those of the file as a whole; they keep no row from being read."""

    file: str
    sha256: str
    size: int
    seal: Seal
    sheets: tuple[FilledSheet, ...]
    problems: tuple[Problem, ...]


class Checks:
    """Short sums over what a row shows and what it is about. They find rows that were shifted or sorted apart; they are no signature.

    Blanks do not count. Each text is summed once: a large workbook repeats its processes and questions.
    """

    def __init__(self) -> None:
        self._sums: dict[str, int] = {}

    def of(self, process: str, practice: str, process_name: str, practice_name: str, question: str) -> str:
        """The sum of one row, as it stands in its last column."""
        sum_of = self._sum
        texts = 3 * sum_of(process_name) + 5 * sum_of(practice_name) + 7 * sum_of(question)
        return f"c{(texts + crc32((process + SPLIT + practice).encode())) & 0xFFFFFFFF:08x}"

    def _sum(self, text: str) -> int:
        found = self._sums.get(text)
        if found is None:
            found = self._sums[text] = crc32(" ".join(text.split()).encode())
        return found


def place_of(file: str, sheet: str, cell: str = "") -> str:
    """How a problem names a cell: `answers.xlsx: Answers!D12`."""
    return f"{file}: {sheet}!{cell}" if cell else f"{file}: {sheet}"
