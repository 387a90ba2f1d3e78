"""What every calculator is made of: columns it reads, fields it answers with, and the sheet itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ancrage.domain.assessment.methods.base import MethodOption
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.domain.assessment.types import MethodStamp, ModelStamp
from ancrage.domain.reference_model import ReferenceModel
from ancrage.language import Message

Record = dict[str, object]
"""One line of an answer: text, numbers (Fraction becomes float at the edge), None for "no score", lists, messages."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file; `synonyms` are other names it may bear. Case, spaces, `-` and `_` in names make no difference."""

    name: str
    help: Message
    required: bool = False
    synonyms: tuple[str, ...] = ()

    def names(self) -> tuple[str, ...]:
        return (self.name, *self.synonyms)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an answer."""

    name: str
    help: Message


@dataclass(frozen=True, slots=True)
class Part:
    """A list of records in the answer (`single`: one record): its name in JSON, its title in text, its fields in order."""

    name: str
    title: Message
    fields: tuple[Field, ...]
    single: bool = False
    key: tuple[str, ...] = ()
    """Fields that name a record."""
    main: tuple[str, ...] = ()
    """Fields a reader must see even where nothing is in them: no score is worth saying."""


class Row(NamedTuple):
    """A row by its line in the file, and its cells in the order of `Sheet.columns`, stripped; absent columns have no cell."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file in the columns that a method knows. `path` is what the user typed."""

    path: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    unused: tuple[str, ...] = ()
    """Columns of the file that the method does not know; said beside the answer."""

    def has(self, column: str) -> bool:
        """True when the file has this column, filled or not."""
        return column in self.columns

    def pick(self, *names: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Line and cells of each row in the columns asked for; a column the file lacks reads as empty."""
        places = [self.columns.index(name) if name in self.columns else None for name in names]
        for line, cells in self.rows:
            yield line, tuple(["" if place is None else cells[place] for place in places])

    def fingerprint(self) -> str:
        """SHA-256 of the rows, the same whatever their order, the order of columns, or the file's layout."""
        named = sorted(range(len(self.columns)), key=self.columns.__getitem__)
        lines = sorted("\x1f".join([row.cells[place] for place in named]) for row in self.rows)
        return hashlib.sha256("\n".join(["\x1f".join(sorted(self.columns)), *lines]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a calculator found: records by part name, and notes that a reader must see beside the figures."""

    parts: Mapping[str, Sequence[Record]]
    notes: Sequence[Message] = ()


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """An answer with everything needed to dispute or recompute it."""

    method: MethodStamp
    model: ModelStamp | None
    inputs_fingerprint: str
    rows: int
    answer: Answer
    rules: tuple[str, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Spec:
    """What a user must know of a calculator: what it reads, what it answers, by which rules."""

    name: str
    version: str
    rounding: str
    about: Message
    rules: tuple[str, ...]
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]
    example: tuple[tuple[str, ...], ...]
    """A small file that works: a header and a few rows."""
    options: tuple[MethodOption, ...] = ()
    uses_model: bool = False


ScoreSheet = Callable[[Sheet, Mapping[str, str], "ReferenceModel | None", Faults], Answer]
"""Scores a sheet with settled options; bad rows go to the faults, and the answer is used only when there are none."""


def folded(name: str) -> str:
    """A column name as it is compared: lower case, without spaces, `-`, `_`, `/`."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def natural(key: Iterable[str]) -> tuple[tuple[tuple[int, int, str], ...], ...]:
    """A sort key in which numbers inside texts count as numbers, so that the order of rows never shows in an answer."""
    return tuple(_pieces(text) for text in key)


@lru_cache(maxsize=65_536)
def _pieces(text: str) -> tuple[tuple[int, int, str], ...]:
    pieces: list[tuple[int, int, str]] = []
    number = letters = ""
    for character in text + "\0":
        if character.isascii() and character.isdigit():
            number += character
            continue
        if number:
            pieces += [(1, 0, letters)] if letters else []
            pieces.append((0, int(number[:18]), number))
            number = letters = ""
        letters += character
    return (*pieces, (1, 0, letters))
