"""Kinds of single values that fields of a declaration hold: how each is read, and how JSON Schema says the same.

Nothing here is particular to one section; `shapes` puts these kinds together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from sys import intern
from typing import Any

from ancrage.declarations.reading import REFUSED, Reading, Refused
from ancrage.declarations.suggestions import did_you_mean
from ancrage.declarations.yaml_nodes import NULLS, MappingNode, Node, ScalarNode
from ancrage.language import LANGUAGES, Label, Message, say

Schema = dict[str, Any]

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?\Z")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\Z")
_EMAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\Z")


class Kind:
    """One kind of value. `expected` completes "... is expected here"."""

    expected: Message = say("a value")

    def read(self, node: Node, reading: Reading) -> Any:
        raise NotImplementedError

    def read_many(self, nodes: list[Node], reading: Reading) -> list[Any]:
        """The values of the entries of a list; those that were refused are left out, an empty entry is reported."""
        found = []
        for node in nodes:
            value = self.read(node, reading)
            if value is not REFUSED:
                found.append(value)
            elif isinstance(node, ScalarNode) and node.is_null:
                reading.refuse(node, "E-TYPE", say("an entry of this list is empty"), hint=say("write a value, or take the entry away"))
        return found

    def schema(self) -> Schema:
        raise NotImplementedError


class Text(Kind):
    """Any text that is not empty; a number or a date is taken as it is written."""

    expected = say("a text")

    def read(self, node: Any, reading: Reading) -> str | Refused:
        if node.__class__ is not ScalarNode:
            return reading.wrong_type(node, self.expected)
        text: str = node.text
        if text in NULLS and node.is_null:
            return REFUSED
        return text.rstrip("\n") if node.style in ("|", ">") else text

    def schema(self) -> Schema:
        return {"type": ["string", "number", "boolean"]}


class QuotedText(Text):
    """A text that other YAML readers would turn into a number: `1.10` would become 1.1, so quotes are asked for."""

    expected = say("a text in quotes")

    def read(self, node: Node, reading: Reading) -> str | Refused:
        found = super().read(node, reading)
        if isinstance(node, ScalarNode) and not node.style and node.number() is not None:
            label, hint = say("reads as a number elsewhere"), say('write "{text}", with quotes', text=node.text)
            return reading.refuse(node, "E-VERSION-UNQUOTED", say("a version must stand in quotes"), label, hint)
        return found

    def schema(self) -> Schema:
        return {"type": "string"}


class Email(Text):
    expected = say("a mail address")

    def read(self, node: Node, reading: Reading) -> str | Refused:
        found = super().read(node, reading)
        if isinstance(found, str) and not _EMAIL.match(found):
            message, hint = say('"{text}" is not a mail address', text=found), say("write one address, as in anne.martin@example.org")
            return reading.refuse(node, "E-EMAIL", message, say("no single @ here"), hint)
        return found

    def schema(self) -> Schema:
        return {"type": "string", "format": "email"}


class LabelKind(Kind):
    """A text in both languages: `{fr: ..., en: ...}`, or one text for both."""

    expected = say("a text, or a text per language")

    def read(self, node: Any, reading: Reading) -> Label | Refused:
        if node.__class__ is ScalarNode:
            return REFUSED if node.is_null else Label(node.text.rstrip("\n"), node.text.rstrip("\n"))
        if not isinstance(node, MappingNode):
            return reading.wrong_type(node, self.expected)
        fr, en = node.entries.get("fr"), node.entries.get("en")
        if len(node.entries) == 2 and isinstance(fr, ScalarNode) and isinstance(en, ScalarNode) and NULLS.isdisjoint((fr.text, en.text)):
            return Label(fr.text.rstrip("\n"), en.text.rstrip("\n"))  # the usual case, in one step
        return self._read_texts(node, reading)

    def _read_texts(self, node: MappingNode, reading: Reading) -> Label | Refused:
        texts: dict[str, str] = {}
        for language, child in node.entries.items():
            if language not in LANGUAGES:
                message = say('"{language}" is not a language of Ancrage', language=language)
                reading.refuse_key(child, "E-LABEL-LANGUAGE", message, say("unknown language"), did_you_mean(language, LANGUAGES))
            elif not isinstance(child, ScalarNode):
                reading.wrong_type(child, say("a text"))
            elif not child.is_null:
                texts[language] = child.text.rstrip("\n")
        if len(texts) < len(reading.languages) or not texts:
            return self._short_of_languages(node, texts, reading)
        return Label(**texts)

    def _short_of_languages(self, node: MappingNode, texts: dict[str, str], reading: Reading) -> Label | Refused:
        if not texts:
            hint = say("write {{fr: ..., en: ...}}, or one text for both languages")
            return reading.refuse(node, "E-LABEL-EMPTY", say("this text is empty in both languages"), hint=hint)
        for language in reading.languages:
            if language not in texts:
                message = say('this text is missing in the language "{language}"', language=language)
                reading.refuse(node, "W-LABEL-MISSING", message, hint=say("add {language}: ... beside it", language=language))
        return Label(**texts)

    def schema(self) -> Schema:
        return {"$ref": "#/$defs/label"}


class Choice(Kind):
    """One of a closed list of words."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.expected = say("one of {words}", words=", ".join(words))

    def read(self, node: Node, reading: Reading) -> str | Refused:
        if isinstance(node, ScalarNode) and node.text in self.words:
            return node.text
        if not isinstance(node, ScalarNode) or node.is_null:
            return reading.wrong_type(node, self.expected)
        message = say('"{text}" is not allowed here', text=node.text)
        return reading.refuse(node, "E-CHOICE", message, say("not one of the allowed words"), did_you_mean(node.text, self.words))

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


class Number(Kind):
    """A number in decimal digits, within bounds (inclusive)."""

    expected = say("a number")

    def __init__(self, least: float | None = None, most: float | None = None, *, whole: bool = False) -> None:
        self.least = least
        self.most = most
        self.whole = whole
        if whole:
            self.expected = say("a whole number")

    def read(self, node: Node, reading: Reading) -> float | Refused:
        number = node.number() if isinstance(node, ScalarNode) else None
        if number is None or (self.whole and not isinstance(number, int)):
            return reading.wrong_type(node, self.expected)
        if (self.least is not None and number < self.least) or (self.most is not None and number > self.most):
            message = say("{number} is out of range", number=number)
            return reading.refuse(node, "E-RANGE", message, say("out of range"), self._allowed())
        return number

    def _allowed(self) -> Message:
        if self.least is not None and self.most is not None:
            return say("allowed: from {least} to {most}", least=self.least, most=self.most)
        if self.least is not None:
            return say("allowed: {least} or more", least=self.least)
        return say("allowed: {most} or less", most=self.most)

    def schema(self) -> Schema:
        bounds = {"minimum": self.least, "maximum": self.most}
        return {"type": "integer" if self.whole else "number", **{key: value for key, value in bounds.items() if value is not None}}


class Boolean(Kind):
    """`true` or `false`; `yes`, `no`, `on` are texts."""

    expected = say("true or false")

    def read(self, node: Node, reading: Reading) -> bool | Refused:
        found = node.boolean() if isinstance(node, ScalarNode) else None
        return reading.wrong_type(node, self.expected) if found is None else found

    def schema(self) -> Schema:
        return {"type": "boolean"}


class Day(Kind):
    """A date: year, month, day."""

    expected = say("a date such as 2026-03-31")

    def read(self, node: Node, reading: Reading) -> date | Refused:
        if not isinstance(node, ScalarNode) or node.is_null:
            return reading.wrong_type(node, self.expected)
        found = read_day(node.text)
        return found if found is not None else self._not_a_date(node, reading)

    def _not_a_date(self, node: ScalarNode, reading: Reading) -> Refused:
        message = say('"{text}" is not a date of the calendar', text=node.text)
        return reading.refuse(node, "E-DATE", message, say("no such date"), say("write year-month-day, as in 2026-03-31"))

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}$"}


class Moment(Day):
    """A date (its first instant, in the zone of the default calendar) or an instant with its offset (ESC-B1)."""

    expected = say("a date, or an instant with its offset")

    def read(self, node: Node, reading: Reading) -> date | datetime | Refused:
        if not isinstance(node, ScalarNode) or node.is_null:
            return reading.wrong_type(node, self.expected)
        day = read_day(node.text)
        if day is not None:
            return day
        instant = _read_instant(node.text)
        if instant is None:
            return self._not_a_date(node, reading)
        if instant.tzinfo is None:
            message = say('"{text}" does not say its offset from UTC', text=node.text)
            hint = say("add it, as in {text}+01:00 or {text}Z, or write a date alone", text=node.text)
            return reading.refuse(node, "E-TIME-NAIVE", message, say("an instant without offset"), hint)
        return instant

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2}(:\\d{2})?(Z|[+-]\\d{2}:\\d{2}))?$"}


class TimeOfDay(Kind):
    """A local time, `HH:MM`."""

    expected = say("a time such as 09:00")

    def read(self, node: Node, reading: Reading) -> time | Refused:
        if not isinstance(node, ScalarNode) or node.is_null:
            return reading.wrong_type(node, self.expected)
        found = _TIME.match(node.text)
        if found is None:
            message = say('"{text}" is not a time of day', text=node.text)
            return reading.refuse(node, "E-TIME", message, say("no such time"), say("write hours and minutes, as in 09:00"))
        return time(int(found[1]), int(found[2]))

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^([01]\\d|2[0-3]):[0-5]\\d$"}


class Reference(Kind):
    """The id of something declared in some file, earlier or later. `target` is a name of `targets.TARGETS`."""

    def __init__(self, target: str, *, also: Sequence[str] = ()) -> None:
        self.target = target
        self.also = frozenset(also)
        self.expected = say("an id")

    def read(self, node: Any, reading: Reading) -> str | Refused:
        if node.__class__ is not ScalarNode:
            return reading.wrong_type(node, self.expected)
        name = intern(node.text)  # a name is used a thousand times: it is kept once, and found faster
        if name in NULLS and node.is_null:
            return REFUSED
        if name in self.also:
            return name
        reading.used[self.target].add(name)
        if reading.unknown is not None and name in reading.unknown.get(self.target, ()):
            reading.dangle(node, self.target, name)
        return name

    def read_many(self, nodes: list[Any], reading: Reading) -> list[str]:
        """In one step where nothing is special: lists of names are most of what a large map is made of."""
        names = [intern(node.text) for node in nodes if node.__class__ is ScalarNode]
        if len(names) < len(nodes) or reading.unknown is not None or self.also or not NULLS.isdisjoint(names):
            return super().read_many(nodes, reading)
        reading.used[self.target].update(names)
        return names

    def schema(self) -> Schema:
        return {"type": ["string", "integer"], "description": f"id of: {self.target.replace('_', ' ')}"}


def read_day(text: str) -> date | None:
    """The date that `text` writes as year-month-day, or None."""
    if not _DATE.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _read_instant(text: str) -> datetime | None:
    if not _INSTANT.match(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
