"""Kinds of values of scenario files (ESC-F): instants, spans of time, amounts that may be zero; and records that bear unknown keys.

A scenario is written by hand to ask a question, and read by several programs. So an unknown key is a warning here, and spans are
taken in every natural form; what would change the answer (a name, an instant, an amount) is as strict as in declarations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from ancrage.declarations.budgets import BudgetKind
from ancrage.declarations.composites import Record
from ancrage.declarations.kinds import Kind, Schema, read_day
from ancrage.declarations.reading import REFUSED, Reading, Refused
from ancrage.declarations.suggestions import did_you_mean
from ancrage.declarations.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode
from ancrage.domain.working_time import Budget, WorkingTime
from ancrage.language import say

BEGINNINGS = ("from", "start", "since")
ENDS = ("to", "end", "until")


class TolerantRecord(Record):
    """A record that reports unknown keys as warnings, and gives what it could read, so that every problem is found in one run."""

    def read(self, node: Node, reading: Reading) -> dict[str, Any] | Refused:
        if not isinstance(node, MappingNode):
            return reading.wrong_type(node, self.expected)
        found = {}
        for key, child in node.entries.items():
            if key not in self.fields:
                self._unknown_key(key, child, reading)
                continue
            value = self._readers[key](child, reading)
            if not isinstance(value, Refused):
                found[key] = value
        if not self.required <= found.keys():
            self._report_missing(node, reading)
        return found

    def is_complete(self, found: Mapping[str, Any]) -> bool:
        """Whether every required key was there and could be read."""
        return self.required <= found.keys()

    def _unknown_key(self, key: str, child: Node, reading: Reading) -> None:
        message = say('key "{key}" is not known here: it is ignored', key=key)
        reading.refuse_key(child, "W-KEY-UNKNOWN", message, say("unknown key"), did_you_mean(key, self.fields))


class Instant(Kind):
    """An instant with its offset, to the second (ESC-B1)."""

    expected = say("an instant with its offset, as in 2026-03-31T09:00:00+02:00")

    def read(self, node: Node, reading: Reading) -> datetime | Refused:
        if not isinstance(node, ScalarNode) or node.is_null:
            return reading.wrong_type(node, self.expected)
        return _instant(node, reading)

    def schema(self) -> Schema:
        return {"type": "string", "format": "date-time"}


def _instant(node: ScalarNode, reading: Reading) -> datetime | Refused:
    try:
        found = datetime.fromisoformat(node.text)
    except ValueError:
        message, hint = say('"{text}" is not an instant', text=node.text), say("write it as in 2026-03-31T09:00:00+02:00")
        return reading.refuse(node, "E-DATE", message, say("no such instant"), hint)
    if found.tzinfo is None:
        message = say('"{text}" does not say its offset from UTC', text=node.text)
        hint = say("add the time and its offset, as in 2026-03-31T09:00:00+02:00 or 2026-03-31T07:00:00Z")
        return reading.refuse(node, "E-TIME-NAIVE", message, say("an instant without offset"), hint)
    return found.astimezone(UTC).replace(microsecond=0)


class DateOrInstant(Kind):
    """A date (its first instant, in the zone of whoever it is about) or an instant with its offset."""

    expected = say("a date, or an instant with its offset")

    def read(self, node: Node, reading: Reading) -> date | datetime | Refused:
        if not isinstance(node, ScalarNode) or node.is_null:
            return reading.wrong_type(node, self.expected)
        day = read_day(node.text)
        return day if day is not None else _instant(node, reading)

    def schema(self) -> Schema:
        return {"type": "string"}


Moment = date | datetime | None


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time as written; None: open at that end."""

    since: Moment
    until: Moment


class SpanKind(Kind):
    """A stretch of time: a pair `[from, to]`, or a mapping with `from`/`start`/`since` and `to`/`end`/`until`."""

    expected = say("a pair of instants, or a mapping with from and to")

    def __init__(self, *, whole: bool = True, moment: Kind | None = None) -> None:
        self.whole = whole
        """Whether both ends must be there."""
        self.moment = moment or Instant()

    def read(self, node: Node, reading: Reading) -> Span | Refused:
        ends = self._ends(node)
        if ends is None:
            return reading.wrong_type(node, self.expected)
        since, until = (self._read_end(end, reading) for end in ends)
        if isinstance(since, Refused) or isinstance(until, Refused):
            return REFUSED
        if self.whole and (since is None or until is None):
            return reading.refuse(node, "E-KEY-MISSING", say("a span needs both its ends"), hint=say("write from and to"))
        if since is not None and until is not None and type(since) is type(until) and not since < until:
            return reading.refuse(node, "E-SPAN", say("this span ends before it begins"), say("nothing lies between"))
        return Span(since, until)

    def _read_end(self, node: Node | None, reading: Reading) -> Moment | Refused:
        if node is None or (isinstance(node, ScalarNode) and node.is_null):
            return None
        found: Moment | Refused = self.moment.read(node, reading)
        return found

    def _ends(self, node: Node) -> tuple[Node | None, Node | None] | None:
        if isinstance(node, SequenceNode) and len(node.items) == 2:
            return node.items[0], node.items[1]
        if isinstance(node, MappingNode):
            return _first(node, BEGINNINGS), _first(node, ENDS)
        return None

    def schema(self) -> Schema:
        return {"type": ["array", "object"]}


def _first(node: MappingNode, names: tuple[str, ...]) -> Node | None:
    return next((node.entries[name] for name in names if name in node.entries), None)


class OneOrMany(Kind):
    """A list, or one value alone."""

    def __init__(self, item: Kind) -> None:
        self.item = item
        self.expected = item.expected

    def read(self, node: Node, reading: Reading) -> tuple[Any, ...] | Refused:
        nodes = node.items if isinstance(node, SequenceNode) else [node]
        found = [self.item.read(child, reading) for child in nodes]
        return REFUSED if any(value is REFUSED for value in found) else tuple(found)

    def schema(self) -> Schema:
        return {"anyOf": [self.item.schema(), {"type": "array", "items": self.item.schema()}]}


class Seconds(Kind):
    """A number of seconds, written as a duration (`PT15M`, `PT0S`) or as the number itself."""

    expected = say("a duration such as PT15M, or a number of seconds")
    _budget = BudgetKind(WorkingTime)

    def read(self, node: Node, reading: Reading) -> int | Refused:
        if not isinstance(node, ScalarNode) or node.is_null:
            return reading.wrong_type(node, self.expected)
        number = node.number()
        if isinstance(number, int) and number >= 0:
            return number
        if node.text in ("PT0S", "PT0M", "PT0H"):
            return 0
        budget: Budget | Refused = self._budget.read(node, reading)
        return budget.seconds if isinstance(budget, WorkingTime) else REFUSED

    def schema(self) -> Schema:
        return {"type": ["string", "integer"]}
