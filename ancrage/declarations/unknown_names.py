"""Names that are used and that nothing declares: found when all files are read, reported where each one stands."""

from __future__ import annotations

from ancrage.declarations.reading import Reading
from ancrage.declarations.registry import Registry
from ancrage.declarations.sections import SECTIONS, SETTINGS
from ancrage.declarations.suggestions import closest, listed
from ancrage.declarations.targets import TARGETS, Target
from ancrage.declarations.yaml_nodes import MappingNode, ScalarNode, SequenceNode
from ancrage.domain.organisation import PERSON_PREFIX
from ancrage.errors import Problem
from ancrage.language import Message, say


def unknown_names(registry: Registry) -> dict[str, frozenset[str]]:
    """By target (`unit`, `role`, ...): names in use that no file declares, nor seems to declare where a file is broken."""
    found = {}
    for target, names in registry.used.items():
        declared = (registry.declared_in[section] for section in TARGETS[target].sections)
        missing = names.difference(*declared) - registry.maybe_declared
        if target == "role":
            missing = {name for name in missing if not _is_person(name, registry)}
        if missing:
            found[target] = frozenset(missing)
    return found


def _is_person(name: str, registry: Registry) -> bool:
    """`person:ID` is accepted wherever a role is expected."""
    return name.startswith(PERSON_PREFIX) and name.removeprefix(PERSON_PREFIX) in registry.declared_in["people"]


def report_unknown_names(registry: Registry) -> list[Problem]:
    """One problem per use. Only files that use such a name are read again; a project without one costs nothing here."""
    unknown = unknown_names(registry)
    names = {name for missing in unknown.values() for name in missing}
    explanation = _Explanation(registry)
    problems = []
    for number, document in enumerate(registry.documents):
        if any(name in document.text for name in names):
            reading = Reading(registry.copy_of(number), unknown=unknown, explain=explanation.problem)
            _read_references(reading, is_project=number == 0)
            problems.extend(reading.dangling)
    return problems


def _read_references(reading: Reading, *, is_project: bool) -> None:
    """Read every field again, for the names in it; what else is wrong is known already."""
    root = reading.document.mapping()
    for key, node in root.entries.items() if root is not None else ():
        section = SECTIONS.get(key)
        if section is None:
            if is_project and key in SETTINGS.fields:
                SETTINGS.fields[key].kind.read(node, reading)
            continue
        children = node.items if isinstance(node, SequenceNode) else node.entries.values() if isinstance(node, MappingNode) else ()
        for child in children:
            section.record.read(child, reading)


class _Explanation:
    """Words for a name that nothing declares: what it may have meant, how many there are and where."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def problem(self, reading: Reading, node: ScalarNode, target: str, name: str) -> Problem:
        words = TARGETS[target]
        return Problem(words.code, words.message(name), reading.document.place(node), words.label, self._hint(name, words))

    def _hint(self, name: str, words: Target) -> Message:
        declared = {known: number for section in words.sections for known, number in self.registry.declared_in[section].items()}
        if not declared:
            return say("none is declared; add it under {section}", section=words.sections[0])
        files = listed((self.registry.names[number] for number in sorted(set(declared.values()))), limit=3)
        close = closest(name, declared)
        if close is not None:
            return say('did you mean "{close}"? ({count} declared in {files})', close=close, count=len(declared), files=files)
        return say("declared in {files}: {names}", files=files, names=listed(declared))
