"""Imports the FitSM process data: five JSON files in, a whole project out, or every problem of the source and nothing.

The way of the data: `shapes` say what the files may hold, `source` reads them and keeps places, `checks` finds where they contradict
themselves, `facts` makes plain values, `files` turns those into the files of a project.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ancrage.declarations.loading import load_programme_from_texts
from ancrage.errors import NotFound, Problem, ProblemsFound, Severity
from ancrage.exchange.fitsm.checks import contradictions
from ancrage.exchange.fitsm.facts import facts_of
from ancrage.exchange.fitsm.files import ATTRIBUTION, ATTRIBUTION_TEXT, counts_of, project_files
from ancrage.exchange.fitsm.source import FitsmSource, read_fitsm
from ancrage.exchange.new_folder import refuse_existing, write_new_folder
from ancrage.language import DEFAULT_LANGUAGE, say


@dataclass(frozen=True, slots=True)
class Imported:
    """A project that was written. `files` are names relative to `folder`, sorted; `counts` what the source holds, by kind; `warnings`
    what the source disagrees with itself about, or what was left out of it; `to_check` how many warnings `ancrage check` will show."""

    folder: Path
    files: tuple[str, ...]
    counts: Mapping[str, int]
    warnings: tuple[Problem, ...]
    to_check: int


def import_fitsm(data: Path, into: Path, as_of: date, language: str = DEFAULT_LANGUAGE) -> Imported:
    """Make a project in `into`, a folder that does not exist yet, of the FitSM data in `data`; comments are in `language`.

    All or nothing: ProblemsFound with everything that is wrong with the source, Refused when `into` exists or cannot be written,
    NotFound when `data` is no folder; then nothing is written. The same source gives the same files. `as_of` is the date at which
    the new project is checked before it is written.
    """
    refuse_existing(into)
    if not data.is_dir():
        raise NotFound(say("there is no folder {path}", path=str(data)))
    source = read_fitsm(data)
    problems = _in_file_order(source, [*source.problems, *contradictions(source)])
    _refuse_errors(data, problems)
    facts = facts_of(source)
    texts = project_files(facts, language)
    loaded = load_programme_from_texts({name: text for name, text in texts.items() if name.endswith(".yaml")}, as_of)
    _refuse_errors(data, loaded.errors)
    write_new_folder(into, texts)
    return Imported(into, tuple(sorted(texts)), counts_of(facts), problems, len(loaded.warnings))


def _refuse_errors(data: Path, problems: tuple[Problem, ...]) -> None:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    if errors:
        raise ProblemsFound(say("{path} cannot be imported: errors: {count}; nothing was written", path=str(data), count=errors), problems)


def _in_file_order(source: FitsmSource, problems: list[Problem]) -> tuple[Problem, ...]:
    """Each problem once, by file in reading order, then line and column."""
    order = {document.name: number for number, document in enumerate(source.documents.values())}
    unique = {(problem.code, problem.place, str(problem.message)): problem for problem in problems}

    def key(problem: Problem) -> tuple[int, int, int, str]:
        place = problem.place
        return (order.get(place.path, len(order)), place.line, place.column, problem.code) if place else (-1, 0, 0, problem.code)

    return tuple(sorted(unique.values(), key=key))


__all__ = ["ATTRIBUTION", "ATTRIBUTION_TEXT", "Imported", "import_fitsm"]
