"""Sources of readings: a word where somebody hands them in, or what is collected from where (anchoring.md)."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from ancrage.declarations.building import Building
from ancrage.declarations.composites import Field, Record
from ancrage.declarations.kinds import Choice, Kind, Reference, Schema, Text
from ancrage.declarations.reading import REFUSED, Reading, Refused
from ancrage.declarations.schedules import Zone
from ancrage.declarations.suggestions import did_you_mean
from ancrage.declarations.yaml_nodes import MappingNode, Node, ScalarNode
from ancrage.domain.finding import Finding
from ancrage.domain.indicator_sources import CollectedFrom, DropSource, HttpSource, OwnFigure, OwnSource, SqlSource
from ancrage.domain.indicators import ValueKind
from ancrage.language import N_, say

WORDS = ("manual", "csv", "sql", "http", "ancrage")
OWN_KINDS = {
    OwnFigure.TIME_TO_ANSWER: ValueKind.VALUE,
    OwnFigure.ANSWERED_IN_TIME: ValueKind.PROPORTION,
    OwnFigure.CAMPAIGN_PARTICIPATION: ValueKind.PROPORTION,
    OwnFigure.ACTION_DELAY: ValueKind.VALUE,
}
_CONNECTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}\Z")
_POINTER = re.compile(r"(/([^~/]|~[01])*)*\Z")
_STATEMENT = re.compile(r"\s*(select|with)\b", re.IGNORECASE)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")


class Pattern(Text):
    """Files below the drop folder, as in `tickets/*.csv`."""

    expected = say("a pattern of files below the drop folder")

    def read(self, node: Node, reading: Reading) -> str | Refused:
        found = super().read(node, reading)
        if not isinstance(found, str):
            return found
        path = PurePosixPath(found)
        if path.is_absolute() or ".." in path.parts or "\\" in found or "**" in found or ":" in found or not path.parts:
            message, hint = say('"{text}" leaves the drop folder', text=found), say("write a pattern below it, as in tickets/*.csv")
            return reading.refuse(node, "E-SOURCE-PATTERN", message, say("not below the drop folder"), hint)
        return found


class ConnectionName(Text):
    """The NAME of a section [sources.NAME] of ancrage.toml."""

    expected = say("the name of a connection")

    def read(self, node: Node, reading: Reading) -> str | Refused:
        found = super().read(node, reading)
        if isinstance(found, str) and not _CONNECTION.match(found):
            # never the text itself: whoever writes an address here may have written a password with it
            message = say("a connection is named here, its address is not written")
            hint = say("write the name of a section [sources.NAME] of ancrage.toml, and the address there")
            return reading.refuse(node, "E-SOURCE-CONNECTION", message, say("not a name"), hint)
        return found


class Query(Text):
    """One SELECT or WITH statement."""

    expected = say("one SELECT statement")

    def read(self, node: Node, reading: Reading) -> str | Refused:
        found = super().read(node, reading)
        if isinstance(found, str) and not is_one_select(found):
            message = say("a source reads: this is not one SELECT statement")
            hint = say("write one statement that begins with SELECT or WITH")
            return reading.refuse(node, "E-SOURCE-QUERY", message, say("not one SELECT"), hint)
        return found


def is_one_select(query: str) -> bool:
    """Whether a text is one statement that begins with SELECT or WITH; what else keeps it from writing is the connection's business."""
    bare = _QUOTED.sub("''", _COMMENT.sub(" ", query)).strip().removesuffix(";")
    return bool(_STATEMENT.match(bare)) and ";" not in bare


class AddressPath(Text):
    """The path of an address, below that of its connection."""

    expected = say("a path such as /api/tickets")

    def read(self, node: Node, reading: Reading) -> str | Refused:
        found = super().read(node, reading)
        if isinstance(found, str) and (not found.startswith("/") or found.startswith("//") or "\\" in found or ".." in found.split("/")):
            message = say("this is not a path below the address of a connection")
            hint = say("begin it with one /, as in /api/tickets?open=1")
            return reading.refuse(node, "E-SOURCE-PATH", message, say("not a path"), hint)
        return found


class Pointer(Text):
    """A JSON pointer (RFC 6901): `/data/0/open`."""

    expected = say("a JSON pointer such as /data/open")

    def read(self, node: Node, reading: Reading) -> str | Refused:
        if isinstance(node, ScalarNode) and node.style and not node.text:
            return ""  # the whole answer
        found = super().read(node, reading)
        if isinstance(found, str) and not _POINTER.match(found):
            message, hint = say('"{text}" is not a JSON pointer', text=found), say("begin every step with /, as in /data/open")
            return reading.refuse(node, "E-SOURCE-POINTER", message, say("not a pointer"), hint)
        return found


COLUMNS = Record(
    Field("indicator", Text(), N_("Name of the column with ids of indicators, where one file serves several.")),
    Field("date", Text(), N_("Name of the column with the day.")),
    Field("value", Text(), N_("Name of the column with the figure.")),
    Field("numerator", Text(), N_("Name of the column with cases counted.")),
    Field("denominator", Text(), N_("Name of the column with cases looked at.")),
    Field("note", Text(), N_("Name of the column with notes.")),
)
DROP = Record(
    Field("drop", Pattern(), N_("Files below the drop folder, as in `tickets/*.csv`."), required=True),
    Field("columns", COLUMNS, N_("What the file calls its columns.")),
    Field("decimal", Choice(".", ","), N_("The decimal sign of the file; the other one is then refused.")),
    Field("zone", Zone(), N_("The zone that times of the file are written in; another offset is then refused.")),
    Field("sheet", Text(), N_("The sheet of a workbook; else its first one.")),
)
SQL = Record(
    Field("connection", ConnectionName(), N_("Name of a section [sources.NAME] of ancrage.toml."), required=True),
    Field("query", Query(), N_("One SELECT whose columns are called date, value, or date, numerator, denominator."), required=True),
)
HTTP = Record(
    Field("connection", ConnectionName(), N_("Name of a section [sources.NAME] of ancrage.toml."), required=True),
    Field("path", AddressPath(), N_("Path below the address of the connection."), required=True),
    Field("rows", Pointer(), N_("Where the list of readings is; else the answer is one reading.")),
    Field("date", Pointer(), N_("Where the day is in a reading; else it is the day of collection.")),
    Field("value", Pointer(), N_("Where the figure is in a reading.")),
    Field("numerator", Pointer(), N_("Where the cases counted are in a reading.")),
    Field("denominator", Pointer(), N_("Where the cases looked at are in a reading.")),
)
OWN = Record(
    Field("own", Choice(*OwnFigure), N_("The figure of Ancrage itself."), required=True),
    Field("contract", Reference("contract"), N_("Commitments of this contract only.")),
)
SQL_FORM = Record(Field("sql", SQL, N_("A query through a read-only connection."), required=True))
HTTP_FORM = Record(Field("http", HTTP, N_("A JSON answer."), required=True))
FORMS = {"drop": DROP, "sql": SQL_FORM, "http": HTTP_FORM, "own": OWN}


class SourceKind(Kind):
    """A word, or a mapping with one of `drop`, `sql`, `http`, `own`."""

    expected = say("a word ({words}), or what is collected ({forms})", words=", ".join(WORDS), forms=", ".join(FORMS))
    _word = Choice(*WORDS)

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, ScalarNode):
            return self._word.read(node, reading)
        if not isinstance(node, MappingNode):
            return reading.wrong_type(node, self.expected)
        named = [form for form in FORMS if form in node.entries]
        if len(named) != 1:
            message = say("a source says one of {forms}; here it says {found}", forms=", ".join(FORMS), found=", ".join(named) or "-")
            hint = did_you_mean(next(iter(node.entries), ""), FORMS)
            return reading.refuse(node, "E-SOURCE-FORM", message, say("not one form"), hint)
        found = FORMS[named[0]].read(node, reading)
        return found if found is REFUSED else {"form": named[0], **found}

    def schema(self) -> Schema:
        return {"anyOf": [self._word.schema(), *(form.schema() for form in FORMS.values())]}


def build_source(raw: Any) -> tuple[str, CollectedFrom | None]:
    """The word for a source, and what is collected; None where somebody hands readings in."""
    if isinstance(raw, str):
        return raw, None
    match raw["form"]:
        case "drop":
            columns = tuple(raw.get("columns", {}).items())
            return "csv", DropSource(raw["drop"], columns, raw.get("decimal", ""), raw.get("zone", ""), raw.get("sheet", ""))
        case "sql":
            return "sql", SqlSource(**raw["sql"])
        case "http":
            return "http", HttpSource(**raw["http"])
        case _:
            return "ancrage", OwnSource(OwnFigure(raw["own"]), raw.get("contract"))


def check_source(name: str, kind: ValueKind, collected: CollectedFrom | None, building: Building) -> None:
    """E-SOURCE-KIND: what is collected must give what the indicator is made of."""
    fits = True
    match collected:
        case OwnSource(figure):
            fits = OWN_KINDS[figure] is kind
        case HttpSource():
            pair = collected.numerator is not None and collected.denominator is not None
            fits = pair or (collected.value is not None and kind is not ValueKind.PROPORTION)
    if not fits:
        message = say("the source of {indicator} does not give a {kind}", indicator=name, kind=kind.value)
        hint = say("a proportion has numerator and denominator, a value has value; see the kinds of the own figures in the manual")
        building.findings.append(Finding("E-SOURCE-KIND", message, ("indicators", name, "source"), say("another kind of figure"), hint))
