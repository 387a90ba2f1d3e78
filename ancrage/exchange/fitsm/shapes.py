"""What the five files of the FitSM process data may hold, in the shapes of the strict reader.

Every value that something else refers to keeps its node (`Placed`), so that what contradicts it can be shown where it stands.
These shapes only read: nobody asks them for a JSON Schema.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ancrage.declarations.composites import Field, ListOf, Record, check_id
from ancrage.declarations.kinds import Boolean, Choice, Kind, Number
from ancrage.declarations.reading import REFUSED, Reading, Refused
from ancrage.declarations.yaml_nodes import Node, ScalarNode, SequenceNode
from ancrage.errors import Place, Problem
from ancrage.language import say

OWNER = "owner"
ROLE_KINDS = (OWNER, "manager", "case-owner", "staff", "specific")


def left_out(place: Place, key: str, known: Iterable[str]) -> Problem:
    """The warning about a key that the importer does not know."""
    message, hint = say('key "{key}" is not taken over', key=key), say("known here: {names}", names=", ".join(known))
    return Problem("W-LEFT-OUT", message, place, say("left out"), hint)


@dataclass(frozen=True, slots=True)
class Placed:
    """A value and the node it was read from."""

    value: Any
    node: Node


class PlacedKind(Kind):
    """A value of another kind that keeps its node."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.expected = kind.expected

    def read(self, node: Node, reading: Reading) -> Placed | Refused:
        value = self.kind.read(node, reading)
        return REFUSED if value is REFUSED else Placed(value, node)


class QuotedWords(Kind):
    """A JSON text that says something; a number, `true` and a text of spaces are none."""

    expected = say("a text")

    def read(self, node: Node, reading: Reading) -> str | Refused:
        if not isinstance(node, ScalarNode) or not node.style:
            return reading.wrong_type(node, self.expected)
        if not node.text.strip():
            return reading.refuse(node, "E-TYPE", say("this text is empty"), hint=say("write {expected}", expected=self.expected))
        return node.text


class Code(QuotedWords):
    """A text that becomes an id of the declarations, as it stands."""

    expected = say("an id")

    def read(self, node: Node, reading: Reading) -> str | Refused:
        found = super().read(node, reading)
        if isinstance(found, str):
            check_id(found, node, reading)
        return found


class SourceRecord(Record):
    """A mapping of a source that is not ours: a key we do not know is told and left out, not refused."""

    def _unknown_key(self, key: str, child: Node, reading: Reading) -> None:
        reading.tell(left_out(reading.document.key_place(child), key, self.fields))


class Nothing(Kind):
    """A list that the importer knows only empty."""

    expected = say("a list")

    def read(self, node: Node, reading: Reading) -> Refused | None:
        if not isinstance(node, SequenceNode):
            return reading.wrong_type(node, self.expected)
        for child in node.items:
            message = say("this entry is not taken over")
            reading.tell(Problem("W-LEFT-OUT", message, reading.document.place(child), say("left out")))
        return None


def _asked(name: str, kind: Kind) -> Field:
    return Field(name, kind, "", required=True)


def _may(name: str, kind: Kind) -> Field:
    return Field(name, kind, "")


def _all(kind: Kind, least: int = 0) -> ListOf:
    return ListOf(kind, repeats=True, least=least)


_TEXT = QuotedWords()
_ID = PlacedKind(Code())
_SOURCE = _asked("source", SourceRecord(_asked("doc", _TEXT), _asked("section", _TEXT), _asked("page", Number(1, whole=True))))
_SAID = SourceRecord(_asked("text", _TEXT), _SOURCE)

_EXTERNAL_FLOW = SourceRecord(
    _asked("direction", Choice("in", "out")), _asked("party", PlacedKind(_TEXT)), _asked("item", PlacedKind(_TEXT)), _SOURCE
)
PROCESS = SourceRecord(
    _asked("code", _ID),
    _may("number", Number(1, whole=True)),
    _asked("name", _TEXT),
    _asked("requirements", _ID),
    _asked("objective", _SAID),
    _asked("inputs", _all(_SAID)),
    _asked("outputs", _all(_SAID)),
    _asked("externalFlows", _all(_EXTERNAL_FLOW)),
)

_FLOW = SourceRecord(_asked("from", _ID), _asked("to", _ID), _asked("item", PlacedKind(_TEXT)), _asked("listedBy", _ID), _SOURCE)
INTERFACE = SourceRecord(
    _asked("id", _ID), _asked("processes", _all(_ID)), _may("descriptions", Nothing()), _asked("flows", _all(_FLOW)),
    _may("note", PlacedKind(_TEXT)),
)  # fmt: skip

_REQUIREMENT = SourceRecord(_asked("id", _ID), _asked("text", _TEXT), _SOURCE)
GENERAL_GROUP = SourceRecord(_asked("id", _ID), _asked("name", _TEXT), _SOURCE, _asked("items", _all(_REQUIREMENT, least=1)))
PROCESS_GROUP = SourceRecord(_asked("id", _ID), _asked("process", _ID), _SOURCE, _asked("items", _all(_REQUIREMENT, least=1)))

GENERIC_ROLE = SourceRecord(_asked("name", _TEXT), _SOURCE, _asked("tasks", _all(_TEXT)))
ROLE = SourceRecord(
    _asked("id", _ID), _asked("process", _ID), _asked("kind", Choice(*ROLE_KINDS)), _asked("name", _TEXT), _may("count", _TEXT), _SOURCE,
    _asked("tasks", _all(_SAID)),
)  # fmt: skip

_USE = SourceRecord(_asked("process", _ID), _may("basis", _TEXT), _may("derived", Boolean()), _SOURCE)
RECORD = SourceRecord(_asked("id", _ID), _asked("name", _TEXT), _asked("definition", _SAID), _asked("usedBy", _all(_USE)))
