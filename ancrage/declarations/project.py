"""Reads the files of a project: project.yaml, and what it includes, in order; every file once."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from ancrage.declarations.building import Building
from ancrage.declarations.folders import Folder, is_pattern, leaves_the_folder
from ancrage.declarations.reading import Reading
from ancrage.declarations.registry import Registry
from ancrage.declarations.section_reader import SectionReader
from ancrage.declarations.sections import PROJECT_FILE
from ancrage.declarations.strict_yaml import Document
from ancrage.declarations.suggestions import closest, listed
from ancrage.declarations.yaml_nodes import ScalarNode, SequenceNode
from ancrage.errors import Place, Problem
from ancrage.language import Message, say

MAX_FILES = 5000
_KEY_IN_TEXT = re.compile(r"^[ \t]*[\"']?([A-Za-z0-9][A-Za-z0-9_.-]*)[\"']?[ \t]*:", re.MULTILINE)


class ProjectReader:
    """Walks the files. What they declare goes to the registry and the building, what is wrong with them to `problems`."""

    def __init__(self, folder: Folder, registry: Registry, building: Building) -> None:
        self.folder = folder
        self.registry = registry
        self.building = building
        self.sections = SectionReader(registry, building)
        self.problems: list[Problem] = []

    def read_all(self) -> None:
        """Read project.yaml and everything it includes."""
        if not self.folder.has(PROJECT_FILE):
            shown = self.folder.shown(PROJECT_FILE)
            hint = say("name the folder that holds project.yaml, or start one with `ancrage init`")
            self._tell("E-NO-PROJECT", say("there is no file {path}", path=shown), Place(shown), hint)
            return
        self._read_file(PROJECT_FILE, ())
        self.sections.finish()

    def _read_file(self, name: str, chain: tuple[str, ...]) -> None:
        document = self.folder.read(name)
        number = len(self.registry.documents)
        self.registry.documents.append(document)
        self.registry.names.append(name)
        self.problems.extend(document.problems)
        reading = Reading(document, tuple(self.building.settings.get("languages", ())), self.registry.used)
        root = document.mapping()
        if root is None:
            self._read_nothing(document, reading)
        else:
            if number == 0:
                self.sections.read_settings(root, reading)
            self.sections.read_sections(root, reading, number)
        self.problems.extend(reading.problems)
        includes = root.entries.get("include") if root is not None else None
        document.roots.clear()  # the tree of a file is needed no longer: what a large project takes is its values, not its trees
        if isinstance(includes, SequenceNode):
            for node in includes.items:
                if isinstance(node, ScalarNode):
                    self._include(node, document, (*chain, name))

    def _read_nothing(self, document: Document, reading: Reading) -> None:
        if document.root is not None:
            hint = say("start the file with a section, as in processes:")
            reading.refuse(document.root, "E-TYPE", say("a file is a mapping of sections"), hint=hint)
        elif not document.is_whole:
            self.registry.maybe_declared.update(_KEY_IN_TEXT.findall(document.text))

    def _include(self, node: ScalarNode, document: Document, chain: tuple[str, ...]) -> None:
        pattern, here = node.text, document.place(node)
        if leaves_the_folder(pattern):
            hint = say("name a file below the project folder, relative to this one, with / between folders")
            self._tell("E-INCLUDE-OUTSIDE", say('"{name}" is not below the project folder', name=pattern), here, hint)
            return
        full = (PurePosixPath(chain[-1]).parent / pattern).as_posix()
        if is_pattern(pattern):
            for name in self._matching(full, pattern, here):
                self._read_included(name, here, chain)
        elif self._may_be_read(full, here, chain):
            self._read_included(full, here, chain)

    def _matching(self, full: str, pattern: str, here: Place) -> list[str]:
        read = set(self.registry.names)
        names = [name for name in self.folder.matching(full) if name not in read]
        if not names:
            hint = say("take it away, or check the folder")
            self._tell("W-INCLUDE-EMPTY", say('"{name}" matches no further file', name=pattern), here, hint)
        return names

    def _may_be_read(self, name: str, here: Place, chain: tuple[str, ...]) -> bool:
        if name in chain:
            loop = " -> ".join((*chain[chain.index(name) :], name))
            self._tell("E-INCLUDE-LOOP", say("files include each other in a loop: {loop}", loop=loop), here, say("take this entry away"))
        elif name in self.registry.names:
            self._tell("W-INCLUDE-TWICE", say('"{name}" is included twice', name=name), here, say("keep one of the two"))
        elif not self.folder.has(name):
            self._tell_missing(name, here)
        else:
            return True
        return False

    def _tell_missing(self, name: str, here: Place) -> None:
        parent = PurePosixPath(name).parent
        beside = [found for found in self.folder.matching((parent / "*.yaml").as_posix()) if found not in self.registry.names]
        close = closest(name, beside)
        known = say("files beside it that are not included yet: {names}", names=listed(beside) or "-")
        hint = say('did you mean "{close}"?', close=close) if close else known
        self.registry.missing_files += 1
        self._tell("E-FILE-MISSING", say("there is no file {path}", path=self.folder.shown(name)), here, hint, say("no such file"))

    def _read_included(self, name: str, here: Place, chain: tuple[str, ...]) -> None:
        if self.folder.escapes(name):
            message = say('"{name}" is a link to a file outside the project folder', name=name)
            self._tell("E-INCLUDE-OUTSIDE", message, here, say("copy the file into the project folder"))
        elif len(self.registry.documents) >= MAX_FILES:
            self._tell("E-INCLUDE-TOO-MANY", say("more than {count} files", count=MAX_FILES), here, say("put several things into one file"))
        else:
            self._read_file(name, chain)

    def _tell(self, code: str, message: Message, place: Place, hint: Message, label: Message | None = None) -> None:
        self.problems.append(Problem(code, message, place, label, hint))
