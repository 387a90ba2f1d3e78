"""Imports OWASP SAMM: the core model folder as a reference model; toolbox workbooks and `.samm` files as ratings.

The way of the data: `core` reads the entities of the folder, `model` makes a reference model of them; `workbook` and `interchange` read
answers, `ratings` writes them for `ancrage score --method samm`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ancrage.domain.reference_model import Attribution
from ancrage.errors import NotFound
from ancrage.exchange.samm.core import read_core
from ancrage.exchange.samm.interchange import SUFFIXES, is_interchange, read_interchange
from ancrage.exchange.samm.model import samm_model
from ancrage.exchange.samm.ratings import Assessment, ratings_text
from ancrage.exchange.samm.workbook import read_samm_workbook
from ancrage.exchange.sources.defects import Defects, nothing_found
from ancrage.exchange.sources.model_text import model_text
from ancrage.exchange.sources.names import Names
from ancrage.exchange.sources.outcome import SourceImport
from ancrage.exchange.sources.yaml_source import yaml_files
from ancrage.language import say

WANTED = say("the folder of the SAMM core model, toolbox workbooks (.xlsx), .samm files (.json)")


def import_samm(paths: Sequence[Path], version: str = "", team: str = "") -> SourceImport:
    """What these folders and files hold, as files of a project: a reference model, and ratings for each assessment with an answer.

    `version` is that of the model where the folder does not say it, `team` names whom a workbook or file is about. NotFound for a path
    that is not there; ProblemsFound when nothing could be used, or a workbook cannot be opened; everything else is told and left out.
    """
    defects, files, counts = Defects(), dict[str, str](), dict[str, int]()
    attributions: list[Attribution] = []
    assessments: list[Assessment] = []
    for path in paths:
        if not path.exists():
            raise NotFound(say("there is no file {path}", path=str(path)))
        if path.is_dir():
            _folder(path, version, defects, files, counts, attributions)
            assessments += [found for name in yaml_files(path, defects, SUFFIXES) if (found := read_interchange(name, defects, counts))]
        elif is_interchange(path):
            assessments += filter(None, [read_interchange(path, defects, counts)])
        else:
            assessments.append(read_samm_workbook(path, defects, counts))
    names = Names()
    for found in assessments:
        attributions += [found.attribution] if found.attribution and found.attribution not in attributions else []
        if found.answered:
            files[f"ratings/{names.give('samm-' + found.name)}.csv"] = ratings_text(found, team)
    if not counts:
        defects.take(nothing_found(", ".join(map(str, paths)), WANTED))
    defects.refuse_errors(", ".join(map(str, paths)))
    notes = {key: text for found in assessments for key, text in found.notes.items() if text}
    method = "samm" if any(found.answered for found in assessments) else ""
    return SourceImport(files, counts, defects.all(), tuple(attributions), method, notes)


def _folder(
    path: Path, version: str, defects: Defects, files: dict[str, str], counts: dict[str, int], attributions: list[Attribution]
) -> None:
    core = read_core(path, defects)
    if not core.found:
        return
    counts.update(core.counts())
    model = samm_model(core, path, version, defects)
    if model is None:
        return
    counts["prerequisites"] = len(model.prerequisites())
    files["reference_models/samm.yaml"] = model_text(model, say("OWASP SAMM, imported by Ancrage.").text())
    if model.attribution is not None:
        attributions.append(model.attribution)
