"""The SAMM core model folder as entities by id: what the files say, before anything is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ancrage.errors import Place
from ancrage.exchange.sources.defects import Defects
from ancrage.exchange.sources.yaml_source import Item, read_source, roots, yaml_files
from ancrage.language import say

KINDS = {
    "Function": "functions", "Practice": "practices", "Stream": "streams", "MaturityLevel": "levels", "PracticeLevel": "practice_levels",
    "Activity": "activities", "Question": "questions", "AnswerSet": "answer_sets",
}  # fmt: skip
"""What `type` says, and how it is counted."""
FOLDERS = {
    "business_functions": "Function", "security_practices": "Practice", "streams": "Stream", "maturity_levels": "MaturityLevel",
    "practice_levels": "PracticeLevel", "activities": "Activity", "questions": "Question", "answer_sets": "AnswerSet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entity:
    """One file of the model. `stem` is its file name without the suffix."""

    id: str
    stem: str
    item: Item

    @property
    def place(self) -> Place:
        """Where its id stands."""
        return self.item.place("id")


@dataclass(slots=True)
class Core:
    """Entities by kind and id; ids are compared without regard to capitals."""

    of_kind: dict[str, dict[str, Entity]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    licence: str = ""

    @property
    def found(self) -> bool:
        return any(self.of_kind.values())

    def counts(self) -> dict[str, int]:
        """How many of each kind, by the words of KINDS."""
        return {word: len(self.of_kind[kind]) for kind, word in KINDS.items()}

    def link(self, entity: Entity, key: str, kind: str, defects: Defects) -> Entity | None:
        """The entity that `entity` names under `key`; one that is not there is told."""
        named = entity.item.text(key)
        if named is None:
            message = say("{file} names no {key}", file=entity.stem, key=key)
            defects.tell("W-SOURCE-MISSING", message, entity.item.place(), say("what depends on it is left out"))
            return None
        found = self.of_kind[kind].get(named.casefold())
        if found is None:
            message = say("{key} {id} is in no file", key=key, id=named[:60])
            defects.tell("W-SOURCE-REFERENCE", message, entity.item.place(key), say("what depends on it is left out"))
        return found


def read_core(folder: Path, defects: Defects) -> Core:
    """Every entity below a folder; never raises for bad input."""
    core = Core()
    for path in yaml_files(folder, defects):
        for item in roots(read_source(path, defects), defects):
            _take(core, path, item, defects)
    core.licence = _licence(folder)
    return core


def _take(core: Core, path: Path, item: Item, defects: Defects) -> None:
    kind = item.text("type") or FOLDERS.get(path.parent.name, "")
    if kind not in KINDS:
        defects.tell("W-LEFT-OUT", say("{path} is no part of the SAMM model", path=str(path)), item.place("type"), say("left out"))
        return
    identifier = item.text("id")
    if identifier is None:
        defects.tell("W-SOURCE-MISSING", say("{file} has no id", file=path.name), item.place(), say("left out: nothing can refer to it"))
        return
    entity = Entity(identifier, path.stem, item)
    first = core.of_kind[kind].setdefault(identifier.casefold(), entity)
    if first is not entity:
        message = say("id {id} stands twice", id=identifier[:60])
        defects.tell("W-SOURCE-TWICE", message, entity.place, say("the first was taken"), [first.place])


def _licence(folder: Path) -> str:
    """The first line of a licence file in the folder or beside it; empty without one."""
    for place in (folder, folder.parent):
        for name in ("license.txt", "LICENSE", "LICENSE.txt", "LICENSE.md"):
            path = place / name
            if path.is_file():
                with path.open("rb") as stream:
                    head = stream.read(200).decode("utf-8", "replace").strip().splitlines()
                return head[0].strip() if head else ""
    return ""
