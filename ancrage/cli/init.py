"""`ancrage init`: start a project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ancrage.cli.invocation import Invocation, Json
from ancrage.language import N_, say

HELP = N_(
    "Write a small commented project into a folder: one file per kind of declaration, and the JSON Schemas that editors complete from. "
    "Nothing is overwritten."
)


def command(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=N_("Where to write; made when it does not exist."))],
    example: Annotated[bool, typer.Option("--example", help=N_("Copy the example organisation instead of the templates."))] = False,
    json: Json = False,  # noqa: ARG001 - its callback has already told the invocation
) -> None:
    """Write the files and say what to do next."""
    from ancrage.declarations.starting import copy_example, start_project

    asked = Invocation.of(ctx)
    written = copy_example(folder) if example else start_project(folder, asked.language)
    if asked.json:
        asked.emit("init", 1, {"folder": folder, "files": [str(path.relative_to(folder).as_posix()) for path in written]})
        return
    for path in written:
        asked.show(f"  {path}")
    asked.show(say("{count} files written; next: `ancrage check {folder}`", count=len(written), folder=folder))
