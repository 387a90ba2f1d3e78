"""What a load knows: its files, which file declares which id, and where any declared thing stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from ancrage.declarations.sections import SECTIONS
from ancrage.declarations.strict_yaml import Document, read_yaml_text
from ancrage.declarations.targets import CLAUSES
from ancrage.declarations.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode
from ancrage.domain.finding import Finding, Subject
from ancrage.errors import Place, Problem


@dataclass(slots=True)
class Registry:
    """`documents` are the files in the order they were read, their trees dropped and their texts kept, `names` how they were included.

    `declared_in` says which file (by number) declares an id; `refused` which ids are declared but unusable; `used` every id that is
    named somewhere, by target. Trees are built again, from the same text, only to say where something stands.
    """

    documents: list[Document] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    declared_in: dict[str, dict[str, int]] = field(default_factory=lambda: {name: {} for name in (*SECTIONS, CLAUSES)})
    absence_places: list[tuple[int, int]] = field(default_factory=list)
    """(file, position in its list) of each absence, in the order they were read."""
    contract_of: dict[str, str] = field(default_factory=dict)
    """Contract id by clause id."""
    refused: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    used: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    maybe_declared: set[str] = field(default_factory=set)
    """What the text of a file that cannot be read seems to declare: not reported as unknown elsewhere."""
    missing_files: int = 0
    """How many included files were not found or not taken."""
    _copies: dict[int, Document] = field(default_factory=dict)

    def is_complete(self, section: str) -> bool:
        """Whether everything that the project may declare in `section` was read."""
        return not self.refused[section] and not self.missing_files and not any(document.problems for document in self.documents)

    def copy_of(self, number: int) -> Document:
        """File `number` with its tree, read again from the text that was loaded (the file may have changed since)."""
        if number not in self._copies:
            original = self.documents[number]
            self._copies[number] = read_yaml_text(original.text, original.name)
        return self._copies[number]

    def place_of(self, subject: Subject) -> Place:
        """Where a declared thing stands: the value of a single field, otherwise its key; the nearest enclosing key where a part is not
        written at all; the first file as a whole for what belongs to no section."""
        document, node, depth = self._find(subject)
        if node is None or depth == 0:
            return document.whole_file()
        return document.place(node) if isinstance(node, ScalarNode) and depth > 2 else document.key_place(node)

    def lines_of(self, subject: Subject) -> tuple[str, range]:
        """The file and the lines of a declared thing with all its parts; no line for a single value and for what is not written."""
        document, node, depth = self._find(subject)
        if node is None or isinstance(node, ScalarNode) or depth < len(subject):
            return document.name, range(0)
        first = node.key_mark or node.mark
        return document.name, range(first.line + 1, _last_line(node) + 2)

    def _find(self, subject: Subject) -> tuple[Document, Node | None, int]:
        """The file, the node, and how many steps of the subject led to it (the rest is not written)."""
        number, path = self._file_and_path(subject)
        document = self.copy_of(number)
        node = document.root
        for depth, step in enumerate(path):
            inner = _step(node, step)
            if inner is None:
                return document, node, depth
            node = inner
        return document, node, len(path)

    def _file_and_path(self, subject: Subject) -> tuple[int, Subject]:
        match subject:
            case ("absences", index, *rest):
                number, position = self.absence_places[int(index)]
                return number, ("absences", str(position), *rest)
            case ("clauses", clause, *rest):
                return self._file_and_path(("contracts", self.contract_of[clause], "clauses", clause, *rest))
            case (section, name, *_) if section in self.declared_in:
                return self.declared_in[section].get(name, 0), subject
            case _:
                return 0, subject

    def problem_of(self, finding: Finding) -> Problem:
        """The finding with its places."""
        others = tuple(self.place_of(other) for other in finding.others)
        return Problem(finding.code, finding.message, self.place_of(finding.subject), finding.label, finding.hint, others)

    def in_file_order(self, problems: list[Problem]) -> tuple[Problem, ...]:
        """Each problem once, by file in reading order, then line, column and code."""
        order = {document.name: number for number, document in enumerate(self.documents)}
        unique = {(problem.code, problem.place, str(problem.message)): problem for problem in problems}

        def key(problem: Problem) -> tuple[int, int, int, str, str]:
            place = problem.place or Place("")
            return order.get(place.path, -1), place.line, place.column, problem.code, str(problem.message)

        return tuple(sorted(unique.values(), key=key))


def _last_line(node: Node) -> int:
    inner = node.entries.values() if isinstance(node, MappingNode) else node.items if isinstance(node, SequenceNode) else ()
    return max((_last_line(child) for child in inner), default=node.mark.line)


def _step(node: Node | None, key: str) -> Node | None:
    if isinstance(node, MappingNode):
        return node.entries.get(key)
    if isinstance(node, SequenceNode) and key.isdigit() and int(key) < len(node.items):
        return node.items[int(key)]
    return None
