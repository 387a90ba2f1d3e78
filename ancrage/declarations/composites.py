"""Kinds of values made of others: lists, things by id, and records with named fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ancrage.declarations.kinds import Kind, Schema
from ancrage.declarations.reading import REFUSED, Reading, Refused
from ancrage.declarations.suggestions import did_you_mean
from ancrage.declarations.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode
from ancrage.language import Message, say

ID_PATTERN = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$"
is_id = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\Z").match


class ListOf(Kind):
    """Values of one kind in order. Texts stand once, unless `repeats`."""

    def __init__(self, item: Kind, *, repeats: bool = False, least: int = 0) -> None:
        self.item = item
        self.repeats = repeats
        self.least = least
        self.expected = say("a list")

    def read(self, node: Any, reading: Reading) -> tuple[Any, ...] | Refused:
        if node.__class__ is not SequenceNode:
            return reading.wrong_type(node, self.expected)
        found = self.item.read_many(node.items, reading)
        if not self.repeats and len(found) > 1 and isinstance(found[0], str) and len(set(found)) < len(found):
            self._report_repeated(node, reading)
        if len(node.items) < self.least:
            reading.refuse(node, "E-LIST-EMPTY", say("this list is empty"), hint=say("write at least one entry"))
            return REFUSED
        return tuple(found)

    def _report_repeated(self, node: SequenceNode, reading: Reading) -> None:
        seen: set[str] = set()
        for child in node.items:
            if not isinstance(child, ScalarNode):
                continue
            if child.text in seen:
                message = say('"{text}" stands twice in this list', text=child.text)
                reading.refuse(child, "E-LIST-DUPLICATE", message, say("again"), say("take one of the two away"))
            seen.add(child.text)

    def schema(self) -> Schema:
        unique = {} if self.repeats else {"uniqueItems": True}
        least = {"minItems": self.least} if self.least else {}
        return {"type": "array", "items": self.item.schema(), **unique, **least}


class MapOf(Kind):
    """Things of one kind by their id, in written order."""

    expected = say("a mapping from ids")

    def __init__(self, item: Kind) -> None:
        self.item = item

    def read(self, node: Node, reading: Reading) -> Mapping[str, Any] | Refused:
        if not isinstance(node, MappingNode):
            return reading.wrong_type(node, self.expected)
        found = {}
        for name, child in node.entries.items():
            check_id(name, child, reading)
            value = self.item.read(child, reading)
            if value is not REFUSED:
                found[name] = value
            elif isinstance(child, ScalarNode) and child.is_null:
                message = say('nothing is said about "{name}"', name=name)
                reading.refuse_key(child, "E-KEY-MISSING", message, hint=say("declare it, or take it away"))
        return found

    def schema(self) -> Schema:
        return {"type": "object", "propertyNames": {"pattern": ID_PATTERN}, "additionalProperties": self.item.schema()}


def check_id(name: str, node: Node, reading: Reading) -> None:
    """Report an id that cannot stand in links, file names and messages."""
    if not is_id(name):
        message = say('"{name}" cannot be an id', name=name)
        hint = say("an id has letters without accents, digits, and _ . - inside; at most 100 characters")
        reading.refuse_key(node, "E-ID", message, say("not an id"), hint)


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a record. `meaning` is the hover of editors and the text of the reference page."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False


class Record(Kind):
    """A mapping with known keys. Gives what was written, by key; a default is the business of whoever builds the value."""

    expected = say("a mapping")

    def __init__(self, *fields: Field, check: Callable[[MappingNode, dict[str, Any], Reading], bool] | None = None) -> None:
        self.fields = {field.name: field for field in fields}
        self.required = frozenset(field.name for field in fields if field.required)
        self._asked = tuple(self.required)
        self._readers = {field.name: field.kind.read for field in fields}
        self._check = check

    def read(self, node: Any, reading: Reading) -> dict[str, Any] | Refused:
        if node.__class__ is not MappingNode:
            return reading.wrong_type(node, self.expected)
        readers = self._readers
        found = {}
        for key, child in node.entries.items():
            read = readers.get(key)
            if read is None:
                self._unknown_key(key, child, reading)
                continue
            value = read(child, reading)
            if value is not REFUSED:
                found[key] = value
        for name in self._asked:
            if name not in found:
                self._report_missing(node, reading)
                return REFUSED
        if self._check is not None and not self._check(node, found, reading):
            return REFUSED
        return found

    def _unknown_key(self, key: str, child: Node, reading: Reading) -> None:
        message = say('key "{key}" is not known here', key=key)
        reading.refuse_key(child, "E-KEY-UNKNOWN", message, say("unknown key"), did_you_mean(key, self.fields))

    def _report_missing(self, node: MappingNode, reading: Reading) -> None:
        """Keys that are absent are told at the record, keys that are empty where they stand, others were told already."""
        for name in self.fields:
            child = node.entries.get(name)
            if name in self.required and child is None:
                self._missing_key(node, name, reading)
            elif name in self.required and isinstance(child, ScalarNode) and child.is_null:
                message, hint = say('key "{key}" is empty', key=name), say("write {expected}", expected=self._expected(name))
                reading.refuse_key(child, "E-KEY-MISSING", message, say("nothing follows"), hint)

    def _missing_key(self, node: MappingNode, name: str, reading: Reading) -> None:
        message, hint = say('key "{key}" is missing', key=name), say("add {key}: {expected}", key=name, expected=self._expected(name))
        if node.key_mark is None:
            reading.refuse(node, "E-KEY-MISSING", message, hint=hint)
        else:
            reading.refuse_key(node, "E-KEY-MISSING", message, say('lacks "{key}"', key=name), hint)

    def _expected(self, name: str) -> Message:
        return self.fields[name].kind.expected

    def schema(self) -> Schema:
        properties = {field.name: {**field.kind.schema(), "description": field.meaning} for field in self.fields.values()}
        required = {"required": sorted(self.required)} if self.required else {}
        return {"type": "object", "properties": properties, "additionalProperties": False, **required}

