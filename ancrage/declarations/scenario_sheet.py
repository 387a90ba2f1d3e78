"""One scenario of a file while it is read: its nodes, its problems, and names looked up where they are used."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from ancrage.declarations.reading import Reading, Refused
from ancrage.declarations.scenario_kinds import TolerantRecord
from ancrage.declarations.strict_yaml import Document
from ancrage.declarations.suggestions import did_you_mean
from ancrage.declarations.targets import TARGETS
from ancrage.declarations.yaml_nodes import MappingNode, Node, ScalarNode
from ancrage.domain.finding import Finding, Subject
from ancrage.errors import Problem, Severity
from ancrage.language import Message, say

_OWN_CODES = {
    "commitment": ("E-COMMITMENT-UNKNOWN", say('commitment "{name}" is not declared')),
    "measure": ("E-MEASURE-UNKNOWN", say('measure "{name}" is not declared')),
}


class Sheet:
    """The part of a document that is one scenario. `faulty` once an error has been reported: then nothing may be made of it."""

    def __init__(self, document: Document, root: MappingNode) -> None:
        self.root = root
        self.reading = Reading(document)

    @property
    def problems(self) -> list[Problem]:
        return self.reading.problems

    @property
    def is_faulty(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def section(self, name: str, record: TolerantRecord) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each entry of a section with what could be read of it; incomplete ones too, for their names to be looked up."""
        for key, child in self.entries(name):
            found = record.read(child, self.reading)
            if not isinstance(found, Refused):
                yield key, found

    def entries(self, name: str) -> list[tuple[str, Node]]:
        """The entries of a section that is a mapping; what is written in another form is reported."""
        node = self.root.entries.get(name)
        if node is None or (isinstance(node, ScalarNode) and node.is_null):
            return []
        if isinstance(node, MappingNode):
            return list(node.entries.items())
        self.reading.wrong_type(node, say("a mapping from ids"))
        return []

    def node(self, *path: str | int) -> Node:
        """The node at a path, or the nearest one above it that is written."""
        found: Node = self.root
        for end in range(1, len(path) + 1):
            deeper = self.root.get(*path[:end])
            if deeper is None:
                break
            found = deeper
        return found

    def check_name(self, kind: str, name: str, known: Collection[str], *path: str | int) -> bool:
        """Whether `name` is declared; otherwise reported at `path`, with the nearest known name."""
        if name in known:
            return True
        code, message = _unknown(kind, name)
        self.reading.refuse(self.node(*path), code, message, say("not declared"), did_you_mean(name, known) if known else None)
        return False

    def missing(self, key: str, *path: str | int) -> None:
        """Report a key that is needed at `path`."""
        self.reading.refuse_key(self.node(*path), "E-KEY-MISSING", say('key "{key}" is missing', key=key), hint=say("add {key}", key=key))

    def refuse(self, code: str, message: Message, *path: str | int, hint: Message | None = None) -> None:
        self.reading.refuse(self.node(*path), code, message, hint=hint)

    def report(self, findings: Iterable[Finding], *path: str | int) -> None:
        """Findings of the domain, each at the place of its subject, or all at `path`."""
        for finding in findings:
            node = self.node(*(path or _path(finding.subject)))
            others = tuple(self.reading.document.place(self.node(*_path(other))) for other in finding.others)
            place = self.reading.document.place(node) if isinstance(node, ScalarNode) else self.reading.document.key_place(node)
            self.reading.tell(Problem(finding.code, finding.message, place, finding.label, finding.hint, others))


def _unknown(kind: str, name: str) -> tuple[str, Message]:
    if kind in _OWN_CODES:
        code, message = _OWN_CODES[kind]
        return code, Message(message.template, {"name": name})
    return TARGETS[kind].code, TARGETS[kind].message(name)


def _path(subject: Subject) -> list[str | int]:
    """A subject of the domain as a path of this file, where a role is its list of holders, and positions are numbers."""
    keys = [key for key in subject if not (key == "holders" and subject[0] == "roles")]
    return [int(key) if position > 1 and key.isdigit() else key for position, key in enumerate(keys)]
