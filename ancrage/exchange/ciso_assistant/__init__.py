"""Imports CISO Assistant libraries: a framework as a reference model, metric definitions as indicators of the referential."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ancrage.domain.reference_model import Attribution
from ancrage.errors import NotFound
from ancrage.exchange.ciso_assistant.framework import framework_model
from ancrage.exchange.ciso_assistant.metrics import Answerable, indicator_entries, indicators_text
from ancrage.exchange.sources.defects import Defects, nothing_found
from ancrage.exchange.sources.model_text import model_text
from ancrage.exchange.sources.names import Names
from ancrage.exchange.sources.outcome import SourceImport
from ancrage.exchange.sources.yaml_source import Item, read_source, roots, yaml_files
from ancrage.language import say

WANTED = say("CISO Assistant libraries: objects with a framework, or with metric definitions")
LIBRARY = ("urn", "locale", "ref_id", "name", "description", "copyright", "version", "publication_date", "provider", "packager",
           "translations", "objects", "convert_library_version", "dependencies")  # fmt: skip


def import_ciso(paths: Sequence[Path], answerable: Answerable) -> SourceImport:
    """What these libraries hold, as files of a project: one file for each framework and each list of metrics.

    `answerable` says what a library never does: which objective its metrics serve and which roles answer for them. NotFound for a path
    that is not there; ProblemsFound when nothing could be used.
    """
    defects, names = Defects(), Names()
    files, counts = dict[str, str](), dict[str, int]()
    attributions: list[Attribution] = []
    for path in paths:
        if not path.exists():
            raise NotFound(say("there is no file {path}", path=str(path)))
        for name in yaml_files(path, defects) if path.is_dir() else [path]:
            for library in roots(read_source(name, defects), defects):
                _library(library, answerable, names, files, counts, attributions)
    if not counts:
        defects.take(nothing_found(", ".join(map(str, paths)), WANTED))
    defects.refuse_errors(", ".join(map(str, paths)))
    return SourceImport(files, counts, defects.all(), tuple(attributions))


def _library(
    library: Item, answerable: Answerable, names: Names, files: dict[str, str], counts: dict[str, int], attributions: list[Attribution]
) -> None:
    objects = library.mapping("objects")
    frameworks = [found for key in ("framework", "frameworks") if objects for found in _several(objects, key)]
    metrics = list(objects.items("metric_definitions")) if objects else []
    if not frameworks and not metrics:
        message = say("{path} is no library with a framework or metrics", path=library.document.name)
        library.defects.tell("W-LEFT-OUT", message, library.document.whole_file(), say("left out"))
        return
    library.left_out(*LIBRARY)
    attribution = _attribution(library)
    attributions.append(attribution)
    for framework in frameworks:
        model = framework_model(framework, names, attribution, counts)
        if model is not None:
            head = say("Imported by Ancrage from a CISO Assistant library.").text()
            files[f"reference_models/{model.id}.yaml"] = model_text(model, head)
    if metrics:
        entries = indicator_entries(metrics, answerable, counts)
        files[f"indicators/{names.give(library.text('ref_id') or 'metrics')}.yaml"] = indicators_text(entries, attribution)
    if objects is not None:
        objects.left_out("framework", "frameworks", "metric_definitions")


def _several(objects: Item, key: str) -> list[Item]:
    """One framework, or a list of them."""
    if not objects.has(key):
        return []
    return list(objects.items(key)) if objects.node.get(key, 0) is not None else [it for it in [objects.mapping(key)] if it]


def _attribution(library: Item) -> Attribution:
    def said(key: str, otherwise: str) -> str:
        text = library.text(key)
        if text is None:
            message = say("the library does not say its {key}", key=key)
            library.defects.tell("W-SOURCE-MISSING", message, library.place(), say("taken as {text}", text=otherwise))
        return (text or otherwise)[:500]

    return Attribution(said("provider", "unknown"), said("copyright", "unknown"), said("urn", "unknown"), said("version", "1"))
