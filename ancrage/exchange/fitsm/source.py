"""The FitSM process data as values: what the five files say, before anybody decides what becomes of it.

Flows are joined here: a row stands in the interface table of one process, and the same flow in both tables is one flow listed by two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ancrage.declarations.composites import Record
from ancrage.declarations.reading import Reading, form_of
from ancrage.declarations.strict_yaml import Document, Limits
from ancrage.declarations.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode
from ancrage.errors import Place, Problem
from ancrage.exchange.fitsm import shapes
from ancrage.exchange.fitsm.shapes import Placed
from ancrage.exchange.json_files import read_json
from ancrage.language import Message, say

FILES = ("processes.json", "interfaces.json", "requirements.json", "roles.json", "records.json")
LIMITS = Limits(bytes=1024 * 1024, depth=16, events=100_000)
"""Twenty times the largest file of the published data."""
UNDERLINED = 40

Raw = Mapping[str, Any]
"""One entry of a file as its shape read it: by key, what is `Placed` with its node."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list of the source, and where it stands."""

    raw: Raw
    node: Node

    def value(self, key: str) -> Any:
        """The value of a key, without its node; None where the key is left out."""
        found = self.raw.get(key)
        return found.value if isinstance(found, Placed) else found


@dataclass(frozen=True, slots=True)
class Section:
    """The entries of one list of one file. `nodes` are all of them, readable or not, or None where there is no list to be read."""

    document: Document
    entries: tuple[Entry, ...] = ()
    nodes: tuple[Node, ...] | None = None

    def place(self, found: Placed | Entry) -> Place:
        """Where a value or an entry stands; of a long text, its beginning is underlined."""
        place = self.document.place(found.node)
        return replace(place, length=min(place.length, UNDERLINED))

    def named(self, key: str) -> frozenset[str] | None:
        """Every text under `key`, in unreadable entries too; None where that cannot be known."""
        if self.nodes is None:
            return None
        found = (node.get(key) for node in self.nodes)
        return frozenset(node.text for node in found if isinstance(node, ScalarNode))


@dataclass(slots=True)
class FitsmSource:
    """Everything that was read, and every problem of it. With an error among them nothing may be made of it."""

    folder: Path
    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    processes: Section = field(init=False)
    interfaces: Section = field(init=False)
    general: Section = field(init=False)
    groups: Section = field(init=False)
    roles: Section = field(init=False)
    records: Section = field(init=False)
    generic_roles: dict[str, Raw] = field(default_factory=dict)
    """What every role of a kind does, by kind."""


def read_fitsm(folder: Path) -> FitsmSource:
    """Read the five files of the data in `folder`; never raises for bad input."""
    source = FitsmSource(folder)
    source.documents = {name: _read(folder, name) for name in FILES}
    for document in source.documents.values():
        source.problems += document.problems
    source.processes = _list(source, "processes.json", shapes.PROCESS)
    source.interfaces = _list(source, "interfaces.json", shapes.INTERFACE)
    requirements = _parts(source, "requirements.json", {"general": say("a list"), "process": say("a list")})
    source.general = _list_at(source, "requirements.json", shapes.GENERAL_GROUP, requirements["general"])
    source.groups = _list_at(source, "requirements.json", shapes.PROCESS_GROUP, requirements["process"])
    roles = _parts(source, "roles.json", {"generic": say("a mapping"), "roles": say("a list")})
    source.generic_roles = _generic(source, roles["generic"])
    source.roles = _list_at(source, "roles.json", shapes.ROLE, roles["roles"])
    source.records = _list(source, "records.json", shapes.RECORD)
    source.problems += _further_files(folder)
    return source


def _read(folder: Path, name: str) -> Document:
    document = read_json(folder / name, str(folder / name), LIMITS)
    if [problem.code for problem in document.problems] == ["E-FILE-MISSING"]:
        message = say("there is no file {path}", path=document.name)
        hint = say("the data is five files in one folder: {names}", names=", ".join(FILES))
        document.problems[:] = [Problem("E-FILE-MISSING", message, document.whole_file(), hint=hint)]
    return document


def _further_files(folder: Path) -> Iterator[Problem]:
    for path in sorted(folder.glob("*.json")):
        if path.name not in FILES:
            message = say("the file {name} is not taken over", name=path.name)
            yield Problem("W-LEFT-OUT", message, Place(str(path)), hint=say("read are {names}", names=", ".join(FILES)))


def _parts(source: FitsmSource, name: str, wanted: Mapping[str, Message]) -> dict[str, Node | None]:
    """The parts of a file that is a mapping; None for what is missing. `wanted` says by key what is expected there."""
    document = source.documents[name]
    root = document.root
    found: dict[str, Node | None] = dict.fromkeys(wanted)
    if root is None:
        return found
    if not isinstance(root, MappingNode):
        _wrong_form(source, document, root, say("a mapping"))
        return found
    for key, node in root.entries.items():
        if key in found:
            found[key] = node
        else:
            source.problems.append(shapes.left_out(document.key_place(node), key, wanted))
    for key, expected in wanted.items():
        if found[key] is None:
            hint = say("add {key}: {expected}", key=key, expected=expected)
            source.problems.append(Problem("E-KEY-MISSING", say('key "{key}" is missing', key=key), document.place(root), hint=hint))
    return found


def _wrong_form(source: FitsmSource, document: Document, node: Node, expected: Message) -> None:
    message = say("{expected} is expected here, not {found}", expected=expected, found=form_of(node))
    hint = say("write {expected}", expected=expected)
    source.problems.append(Problem("E-TYPE", message, document.place(node), say("not {expected}", expected=expected), hint))


def _list(source: FitsmSource, name: str, shape: Record) -> Section:
    return _list_at(source, name, shape, source.documents[name].root)


def _list_at(source: FitsmSource, name: str, shape: Record, part: Node | None) -> Section:
    """The entries of a list; those with an error are left out and told."""
    document = source.documents[name]
    if not isinstance(part, SequenceNode):
        if part is not None:
            _wrong_form(source, document, part, say("a list"))
        return Section(document)
    entries = []
    for child in part.items:
        reading = Reading(document)
        raw = shape.read(child, reading)
        source.problems += reading.problems
        if isinstance(raw, dict):
            entries.append(Entry(raw, child))
        elif not reading.problems:
            _wrong_form(source, document, child, shape.expected)
    return Section(document, tuple(entries), tuple(part.items))


def _generic(source: FitsmSource, node: Node | None) -> dict[str, Raw]:
    document = source.documents["roles.json"]
    if node is None:
        return {}
    if not isinstance(node, MappingNode):
        _wrong_form(source, document, node, say("a mapping"))
        return {}
    reading = Reading(document)
    found: dict[str, Raw] = {}
    for kind, child in node.entries.items():
        raw = shapes.GENERIC_ROLE.read(child, reading)
        if kind not in shapes.ROLE_KINDS:
            reading.tell(shapes.left_out(document.key_place(child), kind, shapes.ROLE_KINDS))
        elif isinstance(raw, dict):
            found[kind] = raw
    source.problems += reading.problems
    return found
