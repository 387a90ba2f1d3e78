"""`ancrage import samm | dsomm | ciso | nplf`: reference models and ratings that others publish, into the project."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import Invocation, Json
from ancrage.language import N_, Message, say

if TYPE_CHECKING:
    from ancrage.errors import Place, Problem
    from ancrage.exchange.sources.outcome import SourceImport
    from ancrage.exchange.sources.placing import PlacedFile

Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help=N_("Folders and files to read; nothing in them is changed."))]
Into = Annotated[
    Path | None, typer.Option("--into", metavar="DIR", help=N_("Folder to write to (default: the project)."), show_default=False)
]
Replace = Annotated[bool, typer.Option("--replace", help=N_("Write over files that differ; without it the difference is shown."))]
SHOWN_PLACES = 3

WORDS: Mapping[str, Message] = {
    "functions": say("business functions"), "practices": say("practices"), "streams": say("streams"), "levels": say("levels"),
    "practice_levels": say("levels of practices"), "activities": say("activities"), "questions": say("questions"),
    "answer_sets": say("answer sets"), "prerequisites": say("prerequisites"), "workbooks": say("workbooks"),
    "workbook_questions": say("questions in workbooks"), "answers": say("answers"), "assessments": say("assessments"),
    "schemas": say("schemas"), "dependencies": say("dependencies"), "sub_dimensions": say("sub-dimensions"), "teams": say("teams"),
    "states": say("dated states"), "evidence": say("pieces of evidence"), "requirement_nodes": say("nodes of requirements"),
    "requirements": say("requirements that can be assessed"), "metrics": say("metrics"), "tables": say("tables"),
    "ratings": say("ratings"), "organization": say("organisation"), "team": say("team"), "date": say("date"), "lead": say("lead"),
    "contributors": say("contributors"),
}  # fmt: skip
"""What counts and facts of a source are called; a test asks for every one of them."""

SAMM_HELP = N_(
    "OWASP SAMM: the core model folder becomes a reference model, toolbox workbooks (.xlsx) and .samm files (.json) become ratings for "
    "`ancrage score --method samm`."
)
DSOMM_HELP = N_(
    "OWASP DSOMM: model.yaml becomes a reference model, team-progress becomes ratings for `ancrage score --method dsomm`. Several files "
    "of progress are merged: the earlier date counts."
)
CISO_HELP = N_("CISO Assistant libraries: a framework becomes a reference model, metric definitions become indicators.")
NPLF_HELP = N_(
    "Tables of N P L F ratings (CSV or xlsx), process attributes in columns or one rating in each row, become ratings for `ancrage score "
    "--method iso33020`."
)


def samm(
    ctx: typer.Context,
    paths: Paths,
    version: Annotated[str, typer.Option("--source-version", help=N_("Version of the model, where its folder does not say it."))] = "",
    team: Annotated[str, typer.Option("--team", help=N_("Whom the answers are about (default: as the workbook says)."))] = "",
    into: Into = None,
    replace: Replace = False,
    json: Json = False,
) -> None:
    from ancrage.exchange.samm import import_samm

    _finish(Invocation.of(ctx), "samm", import_samm(paths, version, team), into, replace=replace, json=json)


def dsomm(
    ctx: typer.Context,
    paths: Paths,
    overlay: Annotated[
        list[Path] | None, typer.Option("--overlay", metavar="FILE", help=N_("Custom activities to lay over the model; repeatable."))
    ] = None,
    into: Into = None,
    replace: Replace = False,
    json: Json = False,
) -> None:
    from ancrage.exchange.dsomm import import_dsomm

    _finish(Invocation.of(ctx), "dsomm", import_dsomm(paths, overlay or []), into, replace=replace, json=json)


def ciso(
    ctx: typer.Context,
    paths: Paths,
    objective: Annotated[str, typer.Option("--objective", help=N_("Objective that imported metrics serve."))] = "",
    owner: Annotated[str, typer.Option("--owner", help=N_("Role that answers for imported metrics."))] = "",
    reports_to: Annotated[str, typer.Option("--reports-to", help=N_("Role that is told of imported metrics."))] = "",
    into: Into = None,
    replace: Replace = False,
    json: Json = False,
) -> None:
    from ancrage.exchange.ciso_assistant import import_ciso
    from ancrage.exchange.ciso_assistant.metrics import Answerable

    found = import_ciso(paths, Answerable(objective, owner, reports_to))
    _finish(Invocation.of(ctx), "ciso", found, into, replace=replace, json=json)


def nplf(ctx: typer.Context, paths: Paths, into: Into = None, replace: Replace = False, json: Json = False) -> None:
    from ancrage.exchange.nplf import import_nplf

    _finish(Invocation.of(ctx), "nplf", import_nplf(paths), into, replace=replace, json=json)


def _finish(asked: Invocation, name: str, found: SourceImport, into: Path | None, *, replace: bool, json: bool) -> None:
    """Write the files, then say everything; exit code 1 when one of them is there with another content."""
    from ancrage.exchange.sources.placing import Fate, place_files

    folder = into or asked.project
    placed = place_files(folder, found.files, replace=replace)
    refused = any(one.fate is Fate.DIFFERENT for one in placed)
    to_include = [] if refused else _to_include(folder, found)
    if json:
        asked.emit("import.source", 1, _payload(asked, name, found, placed, to_include, written=not refused))
    else:
        _show(asked, found, placed, to_include, refused=refused)
    if refused:
        raise typer.Exit(1)


def _to_include(folder: Path, found: SourceImport) -> list[str]:
    """Declarations written that project.yaml does not include yet."""
    from ancrage.declarations.loading import load_programme

    names = [name for name in found.files if name.endswith(".yaml")]
    if not names or not (folder / "project.yaml").is_file():
        return []
    known = load_programme(folder, datetime.now(UTC).date()).files
    return [name for name in names if name not in known]


def _payload(
    asked: Invocation, name: str, found: SourceImport, placed: Sequence[PlacedFile], to_include: list[str], *, written: bool
) -> dict[str, object]:
    """What `--json` says: shape `ancrage.import.source`, version 1."""
    from ancrage.declarations.rendering import problem_as_json

    return {
        "format": name,
        "written": written,
        "files": [{"path": one.path, "fate": one.fate.value, "difference": one.difference} for one in placed],
        "counts": dict(found.counts),
        "about": dict(found.notes),
        "problems": [
            {**problem_as_json(problem, asked.language), "done": problem.hint.text(asked.language) if problem.hint else ""}
            for problem in found.defects
        ],
        "method": found.method or None,
        "attributions": [
            {"owner": one.owner, "licence": one.licence, "source": one.source, "version": one.version} for one in found.attributions
        ],
        "to_include": to_include,
    }


def _show(asked: Invocation, found: SourceImport, placed: Sequence[PlacedFile], to_include: list[str], *, refused: bool) -> None:
    for problem in found.defects:
        _show_defect(asked, problem)
    if found.defects:
        asked.show(say("defects of the source: {count}, above; each says what was done", count=len(found.defects)))
        asked.show()
    asked.show(say("in the source:"))
    for name, count in found.counts.items():
        asked.show(say("  {name}: {count}", name=WORDS[name], count=count))
    for name, text in found.notes.items():
        asked.show(say("  {name}: {count}", name=WORDS[name], count=text))
    _show_files(asked, placed)
    for attribution in found.attributions:
        asked.show(attribution.line())
    if refused:
        asked.show(say("nothing was written: a file differs; look at the difference, then repeat with --replace"))
    if to_include:
        asked.show(say("next: add to include in project.yaml: {names}", names=", ".join(to_include)))
    ratings = [one.path for one in placed if one.path.suffix == ".csv" and not one.path.stem.endswith("-evidence")]
    if found.method and not refused:
        for path in ratings:
            asked.show(say("next: `ancrage score {path} --method {method}`", path=str(path), method=found.method))


def _show_files(asked: Invocation, placed: Sequence[PlacedFile]) -> None:
    from ancrage.exchange.sources.placing import Fate

    words = {
        Fate.NEW: say("written"), Fate.SAME: say("unchanged"), Fate.REPLACED: say("replaced"), Fate.DIFFERENT: say("differs, not written"),
    }  # fmt: skip
    for one in placed:
        asked.show(say("  {path}: {fate}", path=str(one.path), fate=words[one.fate]))
        if one.difference:
            asked.show(one.difference)
    if not placed:
        asked.show(say("  nothing to write: the source holds no model and no answer"))


def _show_defect(asked: Invocation, problem: Problem) -> None:
    """One defect on two lines: what was found and where, and what was done about it."""
    places: list[Place] = [place for place in (problem.place, *problem.related) if place is not None]
    shown, more = ", ".join(str(place) for place in places[:SHOWN_PLACES]), len(places) - SHOWN_PLACES
    asked.show(f"[{problem.code}] {problem.message.text(asked.language)}")
    asked.show(say("    {places} and {count} more places (all with --json)", places=shown, count=more) if more > 0 else f"    {shown}")
    if problem.hint is not None:
        asked.show(f"    = {problem.hint.text(asked.language)}")
