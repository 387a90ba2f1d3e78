"""Reads YAML that others publish: through the strict reader, whose refusals become defects, and never further than is safe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ancrage.declarations.reading import form_of
from ancrage.declarations.strict_yaml import Document, Limits, read_yaml
from ancrage.declarations.yaml_nodes import MappingNode, Node, RefusedNode, ScalarNode, SequenceNode
from ancrage.errors import Place, Problem
from ancrage.exchange.sources.defects import Defects
from ancrage.language import Message, say

LIMITS = Limits(bytes=4 * 1024 * 1024, depth=24, events=200_000, problems=200)
"""Ten times the largest file of the sources known."""
MOST_FILES = 2000
SUFFIXES = (".yml", ".yaml")

_TRUTH_ELSEWHERE = frozenset({"y", "n", "yes", "no", "on", "off"})
_DONE = {
    "E-YAML-DUPLICATE": say("the first was taken"),
    "E-YAML-ANCHOR": say("the value itself was taken"),
    "E-YAML-TAG": say("the value itself was taken"),
    "E-YAML-ALIAS": say("the alias was not followed; the value is left out"),
    "E-YAML-MERGE": say("the keys it would bring were left out"),
    "E-YAML-KEY": say("the key and its value were left out"),
}


def yaml_files(folder: Path, defects: Defects, suffixes: tuple[str, ...] = SUFFIXES) -> list[Path]:
    """The files of these suffixes below a folder, sorted, at most MOST_FILES; symbolic links are told and left out."""
    found: list[Path] = []
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in suffixes:
            continue
        if path.is_symlink() or not path.is_file():
            defects.tell("W-LEFT-OUT", say("{path} is no plain file", path=str(path)), Place(str(path)), say("left out"))
        elif len(found) == MOST_FILES:
            message = say("more than {count} files in {path}", count=MOST_FILES, path=str(folder))
            defects.take(Problem("E-SOURCE-MANY", message, Place(str(folder)), hint=say("name the folder of the model itself")))
            break
        else:
            found.append(path)
    return found


def read_source(path: Path, defects: Defects, limits: Limits = LIMITS) -> Document:
    """One file, all its documents. What the strict reader refuses is told, with what was done; what it could read is there."""
    document = read_yaml(path, str(path), many=True, limits=limits)
    for problem in document.problems:
        done = _DONE.get(problem.code, say("what stands before it was taken") if document.roots else say("the file was left out"))
        defects.take(replace(problem, code="W-SOURCE-YAML", hint=done))
    document.problems.clear()
    for root in document.roots:
        _tell_traps(document, root, defects)
    return document


def _tell_traps(document: Document, root: Node, defects: Defects) -> None:
    """What other readers would take for something else, and values that a comment has taken the place of."""
    for node in _scalars(root):
        if not node.style and node.text.lower() in _TRUTH_ELSEWHERE:
            message = say("{text} is a truth value to YAML 1.1 readers", text=node.text)
            defects.repeat("W-SOURCE-BOOLEAN", message, document.place(node), say("taken as the text it is"))
        elif node.is_null and node.key_mark is not None and _comment_in_its_place(document, node):
            key = document.source_line(node.key_mark.line + 1).strip().partition(":")[0]
            message = say("{key} is empty: what follows it is a comment", key=key)
            defects.repeat("W-SOURCE-EMPTY", message, document.key_place(node), say("taken as empty"))


def _scalars(root: Node) -> Iterator[ScalarNode]:
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, ScalarNode):
            yield node
        elif isinstance(node, MappingNode):
            stack.extend(reversed(node.entries.values()))
        elif isinstance(node, SequenceNode):
            stack.extend(reversed(node.items))


def _comment_in_its_place(document: Document, node: ScalarNode) -> bool:
    """Whether a comment stands right where the value would, deeper than the key."""
    if node.key_mark is None or node.text:
        return False
    line = node.key_mark.line + 1
    beside = document.source_line(line)[node.key_mark.column :].partition(":")[2].strip()
    below = document.source_line(line + 1)
    depth = len(below) - len(below.lstrip())
    return bool(re.match(r"#\S", beside)) or (not beside and below.lstrip().startswith("#") and depth > node.key_mark.column)


@dataclass(frozen=True, slots=True)
class Item:
    """A mapping of a source; what is read from it is a value or None, and None because of a wrong form is told."""

    document: Document
    node: MappingNode
    defects: Defects

    def has(self, key: str) -> bool:
        """Whether the key stands there with something behind it."""
        found = self.node.entries.get(key)
        return found is not None and not (isinstance(found, ScalarNode) and found.is_null)

    def place(self, key: str = "") -> Place:
        """Where the value of a key stands, or the mapping itself."""
        found = self.node.entries.get(key)
        if found is not None:
            return self.document.place(found)
        return self.document.key_place(self.node) if self.node.key_mark is not None else self.document.place(self.node)

    def text(self, key: str) -> str | None:
        """A text, stripped; a number is taken as it is written; None where it is empty."""
        found = self.node.entries.get(key)
        if isinstance(found, ScalarNode):
            return None if found.is_null else found.text.strip() or None
        self._wrong(key, found, say("a text"))
        return None

    def number(self, key: str) -> float | None:
        """A number, also one in quotes or as a percentage."""
        text = self.text(key)
        if text is None:
            return None
        number = number_in(text)
        if number is None:
            self._wrong(key, self.node.entries[key], say("a number"))
        return number

    def whole(self, key: str, least: int, most: int) -> int | None:
        """A whole number within bounds."""
        number = self.number(key)
        if number is None or (number == int(number) and least <= number <= most):
            return None if number is None else int(number)
        self._wrong(key, self.node.entries[key], say("a whole number from {least} to {most}", least=least, most=most))
        return None

    def truth(self, key: str) -> bool | None:
        """True or False, as any YAML reader would take it."""
        text = (self.text(key) or "").lower()
        return True if text in ("true", "yes", "on", "y") else False if text in ("false", "no", "off", "n") else None

    def nodes(self, key: str) -> list[Node]:
        """The entries of a list; one scalar in its place is taken as its only entry."""
        found = self.node.entries.get(key)
        if isinstance(found, SequenceNode):
            return found.items
        if isinstance(found, ScalarNode) and not found.is_null:
            return [found]
        self._wrong(key, found, say("a list"))
        return []

    def texts(self, key: str) -> list[str]:
        """The texts of a list; other entries are told."""
        found = []
        for node in self.nodes(key):
            if isinstance(node, ScalarNode) and not node.is_null:
                found.append(node.text.strip())
            else:
                self._wrong(key, node, say("a text"))
        return [text for text in found if text]

    def mapping(self, key: str) -> Item | None:
        """A mapping inside."""
        found = self.node.entries.get(key)
        if isinstance(found, MappingNode):
            return Item(self.document, found, self.defects)
        self._wrong(key, found, say("a mapping"))
        return None

    def items(self, key: str) -> Iterator[Item]:
        """The mappings of a list; other entries are told."""
        for node in self.nodes(key):
            if isinstance(node, MappingNode):
                yield Item(self.document, node, self.defects)
            else:
                self._wrong(key, node, say("a mapping"))

    def entries(self) -> Iterator[tuple[str, Item]]:
        """Keys with the mappings behind them; other values are told."""
        for key, node in self.node.entries.items():
            if isinstance(node, MappingNode):
                yield key, Item(self.document, node, self.defects)
            else:
                self._wrong(key, node, say("a mapping"))

    def left_out(self, *known: str) -> None:
        """Tell every filled key that the importer does not take over."""
        for key in self.node.entries:
            if key not in known and self.has(key):
                message = say('key "{key}" is not taken over', key=key)
                self.defects.repeat("W-LEFT-OUT", message, self.document.key_place(self.node.entries[key]), say("left out"))

    def _wrong(self, key: str, found: Node | None, expected: Message) -> None:
        if found is None or isinstance(found, RefusedNode) or (isinstance(found, ScalarNode) and found.is_null):
            return
        message = say("{key}: {expected} is expected here, not {found}", key=key, expected=expected, found=form_of(found))
        self.defects.tell("W-SOURCE-VALUE", message, self.document.place(found), say("left out"))


_NUMBER = re.compile(r"[-+]?[0-9]{1,12}(?:\.[0-9]{1,12})?\Z")


def number_in(text: str) -> float | None:
    """The plain number in a text; `20%` is 0.2."""
    plain = text.strip()
    if plain.endswith("%"):
        share = number_in(plain[:-1])
        return None if share is None else share / 100
    return float(plain) if _NUMBER.match(plain) else None


def roots(document: Document, defects: Defects) -> list[Item]:
    """The documents of a file that are mappings."""
    return [Item(document, root, defects) for root in document.roots if isinstance(root, MappingNode)]
