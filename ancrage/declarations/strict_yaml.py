"""The strict YAML reader, and the only place that parses YAML (declarations, scenario files, importers).

Built straight from the events of libyaml, so that every key and value keeps its line and column at little more than the cost
of the bare parse. It is strict where YAML is generous: a key stands once; there are no aliases, anchors, tags or merge keys
(so no file can blow up when it is read); keys are texts; one document, unless the caller asks for more; a bound on size,
depth and number of values. Scalars keep their text (`yaml_nodes`): `no`, `1.10` and `09:00` never turn into something else.

Nothing is raised for bad input: the problems stand in the document, all of them, each with its place. A document with a
syntax error keeps only the roots that were complete before it (usually none), and its `is_whole` is False.

    document = read_yaml(Path("map.yaml"))
    if document.problems: ...
    for key, node in document.mapping().entries.items(): document.place(node)
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from ancrage.declarations import yaml_problems as say_yaml
from ancrage.declarations.yaml_nodes import MappingNode, Mark, Node, RefusedNode, ScalarNode, SequenceNode
from ancrage.errors import Place, Problem

_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what libyaml counts as the end of a line
_DROPPED = "\0"  # key of a value nobody may see; a NUL never comes out of the parser
_LONGEST_SOURCE_LINE = 2000


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one file: bytes before it is opened; nesting, parser events (roughly keys + values) and problems while it is read."""

    bytes: int = 8 * 1024 * 1024
    depth: int = 64
    events: int = 1_000_000
    problems: int = 1000


DEFAULT_LIMITS = Limits()


class Document:
    """One file that was read: its name as shown to people, its text, the root of each YAML document in it, and every problem found.

    `is_whole` is False when reading stopped before the end (missing, binary, too big, syntax error); what `roots` lacks then may
    well be in the file.
    """

    def __init__(self, name: str, text: str = "") -> None:
        self.name = name
        self.text = text
        self.roots: list[Node] = []
        self.problems: list[Problem] = []
        self.is_whole = False
        self._lines: list[str] | None = None

    @property
    def root(self) -> Node | None:
        """The root of the first document; None when there is none."""
        return self.roots[0] if self.roots else None

    def mapping(self) -> MappingNode | None:
        """The root when it is a mapping, otherwise None."""
        root = self.root
        return root if isinstance(root, MappingNode) else None

    def source_line(self, line: int) -> str:
        """The text of line `line` (from 1), empty beyond the end and for a line too long to be shown."""
        if self._lines is None:
            self._lines = _LINE_END.split(self.text)
        found = self._lines[line - 1] if 0 < line <= len(self._lines) else ""
        return found if len(found) <= _LONGEST_SOURCE_LINE else ""

    def place(self, node: Node) -> Place:
        """Where the value of `node` stands, underlined as far as it goes on its first line."""
        return self.place_of_mark(node.mark, _shown_length(node))

    def key_place(self, node: Node) -> Place:
        """Where the key of `node` stands; the value's own place when it has no key."""
        if node.key_mark is None:
            return self.place(node)
        source = self.source_line(node.key_mark.line + 1)
        written = re.match(r"\"[^\"]*\"|'[^']*'|[^:]+", source[node.key_mark.column :])
        return self.place_of_mark(node.key_mark, len(written[0].rstrip()) if written else 1)

    def place_of_mark(self, mark: Mark | None, length: int = 1) -> Place:
        """The place of a parser's mark; the file as a whole without one."""
        if mark is None:
            return self.whole_file()
        source = self.source_line(mark.line + 1)
        rest = len(source) - mark.column
        return Place(self.name, mark.line + 1, mark.column + 1, source, max(1, min(length, rest)))

    def whole_file(self) -> Place:
        return Place(self.name)


def read_yaml(path: Path, name: str | None = None, *, many: bool = False, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read one YAML file. `name` is how problems call it (default: the path as given); `many` allows several documents.

    A file that is missing, not a plain file, bigger than `limits.bytes` (asked before a byte is read), binary, or not UTF-8 gives
    a document without root and one problem that says so.
    """
    document = Document(name if name is not None else str(path))
    try:
        size = _size_of_plain_file(path)
        if size > limits.bytes:
            document.problems.append(say_yaml.too_big(document.whole_file(), size, limits.bytes))
            return document
        with path.open("rb") as stream:
            data = stream.read(limits.bytes + 1)
    except OSError as error:
        document.problems.append(say_yaml.not_readable(document.whole_file(), path, error))
        return document
    return _read_bytes(document, data, many=many, limits=limits)


def read_yaml_text(text: str, name: str = "text", *, many: bool = False, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read YAML from a text under the same rules as a file."""
    document = Document(name)
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError:
        document.problems.append(say_yaml.not_utf8(document.whole_file()))
        return document
    return _read_bytes(document, data, many=many, limits=limits)


def _size_of_plain_file(path: Path) -> int:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise IsADirectoryError if stat.S_ISDIR(found.st_mode) else OSError("not a plain file")
    return found.st_size


def _read_bytes(document: Document, data: bytes, *, many: bool, limits: Limits) -> Document:
    if len(data) > limits.bytes:
        document.problems.append(say_yaml.too_big(document.whole_file(), len(data), limits.bytes))
    elif b"\0" in data:
        document.problems.append(say_yaml.binary(document.whole_file()))
    else:
        try:
            document.text = data.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as error:
            before = data[: error.start]
            line, column = before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1
            document.problems.append(say_yaml.not_utf8(Place(document.name, line, column)))
        else:
            _Builder(document, limits, many=many).build()
    return document


class _TooManyProblems(Exception):
    """A file in which everything is wrong; more of the same helps nobody."""


class _Builder:
    """Fills one document from the parser's events."""

    def __init__(self, document: Document, limits: Limits, *, many: bool) -> None:
        self.document = document
        self.limits = limits
        self.many = many
        self.dropped = False
        self.complete = 0
        self.stack: list[tuple[dict[str, Node] | None, list[Node], str | None]] = []

    def build(self) -> None:
        try:
            self._read_events()
        except yaml.YAMLError as error:
            self._tell(say_yaml.syntax(error, self.document))
        except _TooManyProblems:
            self.document.problems.append(say_yaml.too_many_problems(self.document.whole_file(), self.limits.problems))
        if not self.document.is_whole:
            del self.document.roots[self.complete :]
        if not self.document.roots and not self.document.problems:
            self._tell(say_yaml.empty(self.document.whole_file()))

    def _tell(self, problem: Problem) -> None:
        if len(self.document.problems) >= self.limits.problems:
            raise _TooManyProblems
        self.document.problems.append(problem)

    def _read_events(self) -> None:  # noqa: C901 - one loop, because a call per event would cost as much as the parse
        """The hot loop of loading: every line of it costs in proportion to the size of the project."""
        document, stack = self.document, self.stack
        entries: dict[str, Node] | None = None  # the mapping being filled; None while a sequence (or the stream) is
        items: list[Node] = document.roots
        key: str | None = None
        key_mark: Mark | None = None
        get_event: Callable[[], Any] = yaml.CSafeLoader(document.text).get_event
        for event in islice(iter(get_event, None), self.limits.events):
            kind = event.__class__
            if kind is ScalarEvent:
                if event.anchor is not None or event.tag is not None:
                    self._refuse_properties(event)
                if entries is None:
                    items.append(ScalarNode(event.value, event.style, event.start_mark, None))
                elif key is None:
                    key, key_mark = event.value, event.start_mark
                    if key in entries or key == "<<" or not key:
                        key = self._refused_key(event, entries)
                else:
                    entries[key] = ScalarNode(event.value, event.style, event.start_mark, key_mark)
                    key = None
            elif kind is MappingStartEvent or kind is SequenceStartEvent or kind is AliasEvent:
                node: Any = self._node(event, None if entries is None else key_mark)
                after = None
                if entries is None:
                    items.append(node)
                elif key is None:
                    after = self._refused_key(event, entries)
                else:
                    entries[key] = node
                if kind is AliasEvent:
                    key = after
                    continue
                stack.append((entries, items, after))
                if len(stack) > self.limits.depth:
                    return self._tell(say_yaml.too_deep(document.place_of_mark(event.start_mark), self.limits.depth))
                entries, items = (node.entries, []) if kind is MappingStartEvent else (None, node.items)
                key = None
            elif kind is MappingEndEvent or kind is SequenceEndEvent:
                if self.dropped and entries is not None:
                    entries.pop(_DROPPED, None)
                entries, items, key = stack.pop()
            elif kind is DocumentStartEvent:
                self.complete = len(document.roots)
                if self.complete and not self.many:
                    return self._tell(say_yaml.several_documents(document.place_of_mark(event.start_mark, 3)))
            elif kind is StreamEndEvent:
                document.is_whole = True
                return None
        return self._tell(say_yaml.too_many(document.whole_file(), self.limits.events))

    def _node(self, event: Any, key_mark: Mark | None) -> Node:
        kind: Any = event.__class__
        if kind is AliasEvent:
            self._tell(say_yaml.alias(self.document.place_of_mark(event.start_mark, len(event.anchor) + 1), event.anchor))
            return RefusedNode(event.start_mark, key_mark)
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event)
        if kind is MappingStartEvent:
            return MappingNode({}, event.start_mark, key_mark)
        return SequenceNode([], event.start_mark, key_mark)

    def _refuse_properties(self, event: Any) -> None:
        if event.anchor is not None:
            self._tell(say_yaml.anchor(self.document.place_of_mark(event.start_mark, len(event.anchor) + 1), event.anchor))
        if event.tag is not None:
            self._tell(say_yaml.tag(self.document.place_of_mark(event.start_mark), event.tag))

    def _refused_key(self, event: Any, entries: dict[str, Node]) -> str:
        """Report a key that may not stand; its value is read and dropped, under a key that is taken away at the end."""
        self.dropped = True
        if event.__class__ is ScalarEvent and event.value:
            here = self.document.place_of_mark(event.start_mark, len(event.value))
            if event.value == "<<":
                self._tell(say_yaml.merge_key(here))
            else:
                self._tell(say_yaml.duplicate_key(here, event.value, self.document.key_place(entries[event.value])))
        elif event.__class__ is not AliasEvent:
            self._tell(say_yaml.odd_key(self.document.place_of_mark(event.start_mark)))
        return _DROPPED


def _shown_length(node: Node) -> int:
    if not isinstance(node, ScalarNode):
        return 1
    first = node.text.split("\n", 1)[0]
    return max(1, len(first) + (2 if node.style in ("'", '"') else 0))
