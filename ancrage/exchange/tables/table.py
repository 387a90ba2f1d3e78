"""A table that leaves the project: columns with their kind and their words, and rows of plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ancrage.language import Label, Message

Value = None | str | bool | int | float | date | datetime | Label | Message | tuple[str | Label | Message, ...]
"""What a cell may hold. None: there is nothing, which is neither 0 nor an empty text."""


class Kind(StrEnum):
    """What a column holds; the form of its cells follows from it."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    INSTANT = "instant"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `name` is stable and is for programs, `head` is for people; `width` is in characters."""

    name: str
    head: Message
    kind: Kind = Kind.TEXT
    width: int = 16


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `facts` say what holds for all rows (name, words, value); `zone` is where instants are shown in Excel, which has none."""

    name: str
    title: Message
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Value]]
    zone: str
    facts: tuple[tuple[str, Message, Value], ...] = ()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) < len(names):
            raise ValueError(f"two columns of table {self.name} have one name")


Plain = None | str | bool | int | float | date | datetime | tuple[str, ...]
"""A value with its words in one language."""


def plain(value: Value, language: str) -> Plain:
    """The value with its words in one language."""
    if isinstance(value, tuple):
        return tuple(part if isinstance(part, str) else part.text(language) for part in value)
    return value.text(language) if isinstance(value, Label | Message) else value
