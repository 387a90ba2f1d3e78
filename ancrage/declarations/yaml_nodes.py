"""The tree that the strict reader gives: mappings, sequences and scalars, each of which knows where it stands.

A scalar keeps its *text*. What it means is decided by whoever reads it: a shape asks for a number, a date, a text. Where nobody
says (scenario files, importers), `plain` applies these rules, in this order:

========================================  =======================================================
written                                   read as
========================================  =======================================================
in quotes, or as a block (``|``, ``>``)   text
nothing, ``~``, ``null``                  None
``true``, ``false``                       a boolean
``0``, ``12``, ``-3``                     an integer: no leading zero, no plus sign, no ``_``
``1.5``, ``-0.25``                        a decimal: no zero at its end, so that ``1.10`` stays a version
anything else                             text: ``no`` ``on`` ``yes`` ``1.10`` ``007`` ``09:00`` ``1e3`` ``2026-01-01``
========================================  =======================================================

The rule behind the table is that a value is read as a number only where writing that number gives the same text again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

NULLS = frozenset({"", "~", "null"})
BOOLEANS = {"true": True, "false": False}
_INTEGER = re.compile(r"(?:0|-?[1-9][0-9]{0,17})\Z")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,17})\.(?:0|[0-9]{0,17}[1-9])\Z")
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,18})(?:\.[0-9]{1,18})?\Z")

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]
"""What a tree means without a shape: the values JSON has."""


class Mark(Protocol):
    """Where something starts: line and column from 0, as the C parser counts them."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Node:
    """A value and its place. `key_mark` is where its key starts, when it is the value of a mapping's key."""

    __slots__ = ("key_mark", "mark")
    mark: Mark
    key_mark: Mark | None

    def plain(self) -> Plain:
        """The value by the rules of this module, mappings in written order; what the reader refused is None."""
        return None

    def get(self, *path: str | int) -> Node | None:
        """The node reached by keys and positions, or None where the path leaves the tree; an empty path is this node."""
        return self if not path else None


class ScalarNode(Node):
    """A text. `style` is "" when it was written without quotes, otherwise its quote or block sign."""

    __slots__ = ("style", "text")

    def __init__(self, text: str, style: str, mark: Mark, key_mark: Mark | None) -> None:
        self.text = text
        self.style = style
        self.mark = mark
        self.key_mark = key_mark

    @property
    def is_null(self) -> bool:
        return not self.style and self.text in NULLS

    def number(self) -> int | float | None:
        """The number this text writes in decimal digits (`1.50` and `+3` too), or None; quoted text is never a number."""
        if self.style or not _NUMBER.match(self.text):
            return None
        return float(self.text) if "." in self.text else int(self.text)

    def boolean(self) -> bool | None:
        """True or False for `true` and `false` without quotes, otherwise None."""
        return None if self.style else BOOLEANS.get(self.text)

    def plain(self) -> Plain:
        if self.style:
            return self.text
        if self.text in NULLS:
            return None
        if self.text in BOOLEANS:
            return BOOLEANS[self.text]
        if _INTEGER.match(self.text):
            return int(self.text)
        return float(self.text) if _DECIMAL.match(self.text) else self.text


class SequenceNode(Node):
    """Values in order."""

    __slots__ = ("items",)

    def __init__(self, items: list[Node], mark: Mark, key_mark: Mark | None) -> None:
        self.items = items
        self.mark = mark
        self.key_mark = key_mark

    def plain(self) -> Plain:
        return [item.plain() for item in self.items]

    def get(self, *path: str | int) -> Node | None:
        if not path:
            return self
        first = path[0]
        inside = isinstance(first, int) and 0 <= first < len(self.items)
        return self.items[int(first)].get(*path[1:]) if inside else None


class MappingNode(Node):
    """Values by key, in written order; every key is a text and stands once."""

    __slots__ = ("entries",)

    def __init__(self, entries: dict[str, Node], mark: Mark, key_mark: Mark | None) -> None:
        self.entries = entries
        self.mark = mark
        self.key_mark = key_mark

    def plain(self) -> Plain:
        return {key: value.plain() for key, value in self.entries.items()}

    def get(self, *path: str | int) -> Node | None:
        if not path:
            return self
        found = self.entries.get(path[0]) if isinstance(path[0], str) else None
        return found.get(*path[1:]) if found is not None else None


class RefusedNode(Node):
    """In the place of a value that the reader refused (an alias): its problem is reported, shapes say nothing more about it."""

    __slots__ = ()

    def __init__(self, mark: Mark, key_mark: Mark | None) -> None:
        self.mark = mark
        self.key_mark = key_mark


def scalars(nodes: Iterable[Node]) -> list[ScalarNode]:
    """Those of `nodes` that are scalars, in order."""
    return [node for node in nodes if isinstance(node, ScalarNode)]
