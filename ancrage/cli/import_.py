"""`ancrage import`: take what others publish, in their formats, into declarations of our own."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli import import_sources
from ancrage.cli.invocation import Invocation, Json
from ancrage.language import N_, say

if TYPE_CHECKING:
    from ancrage.exchange.fitsm import Imported

app = typer.Typer(no_args_is_help=True, help=N_("Take a reference model, a map or answers from other formats. Nothing is overwritten."))


@app.callback()
def formats() -> None:
    """One sub-command per format."""


@app.command(
    help=N_(
        "Make a whole project of the FitSM process data (five JSON files): processes, flows, roles, records, and the requirements as a "
        "reference model. People, calendar and ladder are placeholders to replace. With an error in the data nothing is written."
    )
)
def fitsm(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=N_("Folder with the five files of the data."))],
    into: Annotated[Path, typer.Option("--into", metavar="DIR", help=N_("Folder of the new project; it must not exist yet."))],
    json: Json = False,
) -> None:
    """Import, then say what there is and what the source disagrees with itself about."""
    from ancrage.exchange.fitsm import ATTRIBUTION_TEXT, import_fitsm

    asked = Invocation.of(ctx)
    imported = import_fitsm(folder, into, datetime.now(UTC).date(), asked.language)
    if json:
        asked.emit("import.fitsm", 1, {**_payload(asked, imported), "attribution": ATTRIBUTION_TEXT})
        return
    _show(asked, imported)
    asked.show()
    asked.show(ATTRIBUTION_TEXT)
    asked.show()
    asked.show(say("next: `ancrage check {folder}`, which will show {count} warnings", folder=str(into), count=imported.to_check))


app.command("samm", help=import_sources.SAMM_HELP)(import_sources.samm)
app.command("dsomm", help=import_sources.DSOMM_HELP)(import_sources.dsomm)
app.command("ciso", help=import_sources.CISO_HELP)(import_sources.ciso)
app.command("nplf", help=import_sources.NPLF_HELP)(import_sources.nplf)


def _payload(asked: Invocation, imported: Imported) -> dict[str, object]:
    """What `--json` says: shape `ancrage.import.fitsm`, version 1."""
    from ancrage.declarations.rendering import problem_as_json

    return {
        "folder": imported.folder,
        "files": list(imported.files),
        "counts": dict(imported.counts),
        "problems": [problem_as_json(problem, asked.language) for problem in imported.warnings],
        "to_check": imported.to_check,
    }


def _show(asked: Invocation, imported: Imported) -> None:
    from ancrage.declarations.rendering import render_problem

    for problem in imported.warnings:
        asked.show(render_problem(problem, asked.language))
    for name in imported.files:
        asked.show(f"  {imported.folder / name}")
    counts = imported.counts
    asked.show(
        say(
            "{processes} processes, {flows} flows ({one_sided_flows} of them listed by one side only), {roles} roles, {records} records, "
            "{requirements} requirements in {groups} groups",
            **counts,
        )
    )
    asked.show(say("placeholders to replace: {people} people, the calendar, the ladder, the programme's id (README.md)", **counts))
    if imported.warnings:
        asked.show(say("what the source does not agree on, or was left out of it: {count}, above", count=len(imported.warnings)))
