"""How a view becomes a row: one column per field, nothing left out. A test compares the columns with the fields of the views."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from operator import attrgetter
from typing import Any

from ancrage.exchange.tables import Column, Kind, Table, Value
from ancrage.language import Message


@dataclass(frozen=True, slots=True)
class Field:
    """One column and the field it shows. `source` is the path of the field in the view, `form` what is made of its value."""

    column: Column
    source: str
    form: Callable[[Any], Value] | None = None

    def of(self, view: Any) -> Value:
        """The value of this column for one view."""
        value: Any = attrgetter(self.source)(view)
        if self.form is not None:
            return self.form(value)
        found: Value = value.value if isinstance(value, Enum) else value
        return found


def field(
    name: str, head: Message, kind: Kind = Kind.TEXT, width: int = 16, source: str = "", form: Callable[[Any], Value] | None = None
) -> Field:
    """A column of that name; `source` where the field of the view is called otherwise."""
    return Field(Column(name, head, kind, width), source or name, form)


SPECS: dict[str, TableSpec] = {}
"""Every table by name, in the order of the loop."""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table without its rows: which views it shows, and how."""

    name: str
    title: Message
    view: type
    fields: tuple[Field, ...]

    def __post_init__(self) -> None:
        SPECS[self.name] = self

    def table(self, views: Iterable[Any], zone: str, facts: tuple[tuple[str, Message, Value], ...] = ()) -> Table:
        """The table of these views, a row each, in their order."""
        rows = [tuple(field.of(view) for field in self.fields) for view in views]
        return Table(self.name, self.title, tuple(field.column for field in self.fields), rows, zone, facts)


def texts(values: Iterable[object]) -> tuple[str, ...]:
    """A list of ids or names."""
    return tuple(map(str, values))
