"""Reads the sections of one file into declared things."""

from __future__ import annotations

from typing import Any

from ancrage.declarations.building import Building
from ancrage.declarations.composites import check_id, is_id
from ancrage.declarations.reading import Reading, Refused
from ancrage.declarations.registry import Registry
from ancrage.declarations.sections import EVERYWHERE, PROJECT_FILE, SECTIONS, SETTINGS, Section
from ancrage.declarations.suggestions import did_you_mean
from ancrage.declarations.targets import CLAUSES
from ancrage.declarations.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode
from ancrage.errors import Problem
from ancrage.language import say


class SectionReader:
    """Collects what files declare; `late` holds what can be made only when every file is read."""

    def __init__(self, registry: Registry, building: Building) -> None:
        self.registry = registry
        self.building = building
        self.late: list[tuple[Section, str, dict[str, Any]]] = []
        building.declared = {name: {} for name in SECTIONS}

    def finish(self) -> None:
        """Make what had to wait: roles and absences need the zone of the default calendar, wherever that is declared."""
        for section, name, raw in self.late:
            self.building.declared[section.name][name] = section.build(name, raw, self.building)

    def read_settings(self, root: MappingNode, reading: Reading) -> None:
        """The settings of project.yaml; when some are wrong, the others are kept, so that more problems are found in the same run."""
        written = {key: node for key, node in root.entries.items() if key in SETTINGS.fields}
        if "languages" in written:
            languages = SETTINGS.fields["languages"].kind.read(written["languages"], Reading(reading.document))
            reading.languages = () if isinstance(languages, Refused) else languages
        settings = SETTINGS.read(MappingNode(written, root.mark, root.key_mark), reading)
        if isinstance(settings, Refused):
            silent = Reading(reading.document)
            parts = {key: SETTINGS.fields[key].kind.read(node, silent) for key, node in written.items()}
            settings = {key: value for key, value in parts.items() if not isinstance(value, Refused)}
        self.building.settings = settings

    def read_sections(self, root: MappingNode, reading: Reading, number: int) -> None:
        """Every section of file `number`; other keys are refused."""
        for key, node in root.entries.items():
            section = SECTIONS.get(key)
            if section is not None and section.is_list:
                self._read_list(section, node, reading, number)
            elif section is not None:
                self._read_section(section, node, reading, number)
            elif key not in SETTINGS.fields:
                message = say('"{key}" is neither a section nor a setting', key=key)
                hint = did_you_mean(key, [*SECTIONS, *SETTINGS.fields])
                reading.refuse_key(node, "E-KEY-UNKNOWN", message, say("unknown key"), hint)
            elif number and key not in EVERYWHERE:
                message, hint = say('"{key}" is a setting of the whole project', key=key), say("move it to {file}", file=PROJECT_FILE)
                reading.refuse_key(node, "E-SETTING-PLACE", message, say("not in this file"), hint)

    def _read_section(self, section: Section, node: Node, reading: Reading, number: int) -> None:
        if not isinstance(node, MappingNode):
            reading.wrong_type(node, say("a mapping from ids"))
            return
        declared_in = self.registry.declared_in[section.name]
        for name, child in node.entries.items():
            if name in declared_in:
                self._duplicate(section.name, name, child, reading)
                continue
            declared_in[name] = number
            if not is_id(name):
                check_id(name, child, reading)
            if section.name == "contracts":
                self._note_clauses(name, child, reading, number)
            self._read_item(section, name, child, reading)

    def _read_item(self, section: Section, name: str, node: Node, reading: Reading) -> None:
        raw = section.record.read(node, reading)
        if raw.__class__ is not dict:
            self.registry.refused[section.name].add(name)
            if isinstance(node, ScalarNode) and node.is_null:
                message = say('nothing is said about "{name}"', name=name)
                reading.refuse_key(node, "E-KEY-MISSING", message, hint=say("declare it, or take it away"))
        elif section.late:
            self.late.append((section, name, raw))
        else:
            self.building.declared[section.name][name] = section.build(name, raw, self.building)

    def _read_list(self, section: Section, node: Node, reading: Reading, number: int) -> None:
        if not isinstance(node, SequenceNode):
            reading.wrong_type(node, say("a list"))
            return
        for position, child in enumerate(node.items):
            raw = section.record.read(child, reading)
            self.registry.absence_places.append((number, position))
            if not isinstance(raw, Refused):
                self.late.append((section, str(len(self.registry.absence_places) - 1), raw))

    def _note_clauses(self, contract: str, node: Node, reading: Reading, number: int) -> None:
        clauses = node.get("clauses")
        if not isinstance(clauses, MappingNode):
            return
        contract_of = self.registry.contract_of
        for name, child in clauses.entries.items():
            if name not in contract_of:
                contract_of[name] = contract
                self.registry.declared_in[CLAUSES][name] = number
                continue
            message = say('clause "{name}" is declared twice in the programme', name=name)
            hint = say('the first is in contract "{contract}"; clause ids are unique in the programme', contract=contract_of[name])
            first = self.registry.place_of(("clauses", name))
            reading.tell(Problem("E-CLAUSE-DUPLICATE", message, reading.document.key_place(child), say("again"), hint, (first,)))

    def _duplicate(self, section: str, name: str, node: Node, reading: Reading) -> None:
        first = self.registry.place_of((section, name))
        message = say('"{name}" is declared twice in {section}', name=name, section=section)
        hint = say("the first is at {place}; keep one, or give one another id", place=first)
        reading.tell(Problem("E-DUPLICATE", message, reading.document.key_place(node), say("again"), hint, (first,)))
