"""`ancrage check`: read the declarations and report every problem at once."""

from __future__ import annotations

import json as json_text
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import ancrage
from ancrage.cli.invocation import Invocation, Json
from ancrage.declarations import rendering
from ancrage.errors import NotFound
from ancrage.language import N_, say, translate

if TYPE_CHECKING:
    from ancrage.declarations.loading import Loaded
    from ancrage.domain.programme import Programme

HELP = N_(
    "Read the declarations of a project and report every problem at once, each with its place and what to do. "
    "Warnings alone leave the exit code at 0. `ancrage explain CODE` says more about a code."
)
PROBLEMS_FOUND = 1


class Format(StrEnum):
    """Forms of the answer."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"


def day(text: str) -> date:
    """A date (`2026-03-31`); an instant is taken by its date."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise NotFound(say("{found} is not a date, as in 2026-03-31", found=text)) from error


Folder = Annotated[
    Path | None, typer.Argument(metavar="PATH", help=N_("Folder of the project, or its project.yaml (default: --project)."))
]
Day = Annotated[
    date | None, typer.Option("--as-of", parser=day, metavar="DATE", help=N_("Judge the declarations as they stand at this date."))
]


def command(
    ctx: typer.Context,
    path: Folder = None,
    format_: Annotated[Format, typer.Option("--format", help=N_("Form of the answer."))] = Format.TEXT,
    as_of: Day = None,
    json: Json = False,
) -> int:
    """Report the problems; the exit code is 1 when there is an error."""
    asked = Invocation.of(ctx)
    form = Format.JSON if json else format_
    asked.json |= form is Format.JSON
    loaded = load(asked, path, as_of)
    counts = counts_of(loaded)
    match form:
        case Format.TEXT:
            for problem in loaded.problems:
                asked.show(rendering.render_problem(problem, asked.language))
            asked.show(rendering.summary(loaded.problems, counts))
        case Format.JSON:
            asked.emit("check", rendering.JSON_VERSION, payload(loaded, counts, asked.language))
        case Format.GITHUB:
            sys.stdout.write(rendering.render_github(loaded.problems, asked.language))
        case Format.SARIF:
            report = rendering.as_sarif(loaded.problems, asked.language, ancrage.__version__, _titles(asked.language))
            sys.stdout.write(json_text.dumps(report, ensure_ascii=False, indent=2) + "\n")
    return PROBLEMS_FOUND if loaded.errors else 0


def load(asked: Invocation, path: Path | None, as_of: date | None) -> Loaded:
    """The project that was asked for, at the date that was asked for (default: today). NotFound when there is no such path."""
    from ancrage.declarations.loading import load_programme

    folder = path or asked.project
    if not folder.exists():
        raise NotFound(say("there is no folder {path}; start a project with `ancrage init`", path=folder))
    return load_programme(folder, as_of or datetime.now(UTC).date())


def counts_of(loaded: Loaded) -> dict[str, int]:
    """How many things of each kind are declared; zeros when there are errors, for then nothing is loaded."""
    programme = loaded.programme
    return {"files": len(loaded.files), **{name: len(_things(programme, name)) for name in COUNTED}}


COUNTED = (
    "processes", "links", "units", "people", "roles", "objectives", "reference_models", "policies", "contracts", "indicators",
    "transformations",
)  # fmt: skip


def _things(programme: Programme | None, section: str) -> Mapping[str, object]:
    if programme is None:
        return {}
    owner = programme.organisation if section in ("units", "people", "roles") else programme
    things: Mapping[str, object] = getattr(owner, section)
    return things


def payload(loaded: Loaded, counts: Mapping[str, int], language: str) -> dict[str, object]:
    """What `--format json` says: shape `ancrage.check`, version 1."""
    programme = loaded.programme
    return {
        "programme": programme.id if programme else None,
        "fingerprint": programme.fingerprint if programme else None,
        "errors": len(loaded.errors),
        "warnings": len(loaded.warnings),
        "problems": [rendering.problem_as_json(problem, language) for problem in loaded.problems],
        "declared": dict(counts),
    }


def _titles(language: str) -> Callable[[str], str]:
    from ancrage.declarations.codes import PAGES

    return lambda code: translate(PAGES[code].title, language) if code in PAGES else code
