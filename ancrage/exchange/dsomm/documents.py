"""Which file of a DSOMM installation is which: told by what it holds, because files bear any name. No path in a file is followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ancrage.declarations.yaml_nodes import MappingNode, ScalarNode
from ancrage.errors import NotFound, Place
from ancrage.exchange.sources.defects import Defects
from ancrage.exchange.sources.yaml_source import Item, read_source, roots, yaml_files
from ancrage.language import say


@dataclass(slots=True)
class Documents:
    """The documents by what they are, in the order they were met."""

    models: list[Item] = field(default_factory=list)
    overlays: list[Item] = field(default_factory=list)
    metas: list[Item] = field(default_factory=list)
    settings: list[Item] = field(default_factory=list)
    teams: list[Item] = field(default_factory=list)
    progress: list[Item] = field(default_factory=list)
    evidence: list[Item] = field(default_factory=list)

    @property
    def found(self) -> bool:
        return any((self.models, self.overlays, self.settings, self.teams, self.progress, self.evidence))


def read_documents(paths: Sequence[Path], overlays: Sequence[Path], defects: Defects) -> Documents:
    """Every document of these files, and of the YAML files in these folders."""
    documents = Documents()
    for path in (*paths, *overlays):
        if not path.exists():
            raise NotFound(say("there is no file {path}", path=str(path)))
    for path in paths:
        for name in yaml_files(path, defects) if path.is_dir() else [path]:
            if not any(name.samefile(other) for other in overlays):
                _sort_file(name, documents, defects, named=name == path)
    for path in overlays:
        _sort_file(path, documents, defects, named=True, overlay=True)
    return documents


def _sort_file(path: Path, documents: Documents, defects: Defects, *, named: bool, overlay: bool = False) -> None:
    document = read_source(path, defects)
    found = roots(document, defects)
    if len(document.roots) > 1:
        message = say("the file holds {count} YAML documents: many readers see the first one only", count=len(document.roots))
        defects.tell("W-SOURCE-YAML", message, document.place(document.roots[1]), say("all were read"))
    metas = [item for item in found if _is_meta(item)]
    documents.metas += metas
    for item in found:
        if item not in metas:
            _sort(item, path, documents, named=named, overlay=overlay or (not metas and bool(documents.models)))


def _sort(item: Item, path: Path, documents: Documents, *, named: bool, overlay: bool) -> None:
    entries = item.node.entries
    if "progress" in entries and len(entries) <= 2:
        documents.progress.append(item)
    elif "evidence" in entries and len(entries) <= 2:
        documents.evidence.append(item)
    elif "teams" in entries and "teamGroups" in entries and "progressDefinition" not in entries:
        documents.teams.append(item)
    elif "progressDefinition" in entries or "activityFiles" in entries:
        documents.settings.append(item)
    elif not _holds_activities(item):
        message = say("{path} holds nothing of DSOMM", path=path.name)
        item.defects.tell("W-LEFT-OUT", message, Place(str(path)), say("left out"))
    elif not overlay and not _is_custom(path, item):
        documents.models.append(item)
    elif named:
        documents.overlays.append(item)
    else:
        message = say("{path} changes activities, and was not named", path=path.name)
        item.defects.tell("W-LEFT-OUT", message, Place(str(path)), say("left out; name it with --overlay to lay it over the model"))


def _is_meta(item: Item) -> bool:
    meta = item.node.entries.get("meta")
    return isinstance(meta, MappingNode) and "version" in meta.entries


def _holds_activities(item: Item) -> bool:
    """Dimension, sub-dimension, activity: three mappings deep."""
    for dimension in item.node.entries.values():
        for sub in dimension.entries.values() if isinstance(dimension, MappingNode) else ():
            if isinstance(sub, MappingNode) and any(isinstance(activity, MappingNode) for activity in sub.entries.values()):
                return True
    return False


def _is_custom(path: Path, item: Item) -> bool:
    """Whether a file is meant to be laid over a model: it is called so, or it ignores activities."""
    if "custom" in path.stem.casefold():
        return True
    return any(
        isinstance(activity, MappingNode) and isinstance(activity.entries.get("ignore"), ScalarNode)
        for dimension in item.node.entries.values() if isinstance(dimension, MappingNode)
        for sub in dimension.entries.values() if isinstance(sub, MappingNode)
        for activity in sub.entries.values()
    )  # fmt: skip
