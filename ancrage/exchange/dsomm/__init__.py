"""Imports OWASP DSOMM: `model.yaml` as a reference model (overlays applied), progress of teams as ratings, evidence as a table.

The way of the data: `documents` tells which file is which by what it holds, `activities` lays overlays over the model, `model` makes the
reference model, `progress` the dated states.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ancrage.exchange.dsomm.activities import gather_activities
from ancrage.exchange.dsomm.documents import Documents, read_documents
from ancrage.exchange.dsomm.evidence import evidence_rows, evidence_text
from ancrage.exchange.dsomm.model import dsomm_model
from ancrage.exchange.dsomm.progress import gather_progress, ratings_text, team_names
from ancrage.exchange.sources.defects import Defects, nothing_found
from ancrage.exchange.sources.model_text import model_text
from ancrage.exchange.sources.outcome import SourceImport
from ancrage.language import say

WANTED = say("model.yaml of DSOMM, with meta, teams, team-progress and team-evidence beside it")


def import_dsomm(paths: Sequence[Path], overlays: Sequence[Path] = ()) -> SourceImport:
    """What these files and folders hold, as files of a project. `overlays` rename, move, add or ignore activities, in their order.

    A file named itself is read whatever it holds; in a folder, overlays are told and left out unless named. Several files of progress
    are merged: of two dates of one state the earlier counts (ASM-D3). NotFound for a path that is not there; ProblemsFound when nothing
    could be used.
    """
    defects = Defects()
    documents = read_documents(paths, overlays, defects)
    activities = gather_activities(documents, defects)
    files, counts = dict[str, str](), dict[str, int]()
    model = dsomm_model(documents, activities, defects)
    if model is not None:
        counts |= {"activities": len(activities), "dependencies": len(model.prerequisites()), "sub_dimensions": len(model.areas)}
        files["reference_models/dsomm.yaml"] = model_text(model, say("OWASP DSOMM, imported by Ancrage.").text())
    teams = team_names(documents, defects)
    if documents.teams:
        counts["teams"] = len(teams)
    if documents.progress:
        progress = gather_progress(documents, activities, teams, defects)
        counts["states"] = len(progress.states)
        if progress.states:
            files["ratings/dsomm.csv"] = ratings_text(progress, activities)
    if documents.evidence:
        rows = evidence_rows(documents, activities, defects)
        counts["evidence"] = len(rows)
        if rows:
            files["ratings/dsomm-evidence.csv"] = evidence_text(rows)
    _refuse_nothing(documents, paths, defects)
    attributions = (model.attribution,) if model is not None and model.attribution is not None else ()
    return SourceImport(files, counts, defects.all(), attributions, "dsomm" if "ratings/dsomm.csv" in files else "")


def _refuse_nothing(documents: Documents, paths: Sequence[Path], defects: Defects) -> None:
    shown = ", ".join(map(str, paths))
    if not documents.found:
        defects.take(nothing_found(shown, WANTED))
    defects.refuse_errors(shown)
