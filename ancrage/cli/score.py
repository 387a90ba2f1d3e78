"""`ancrage score`: the calculator of assessment methods on a bare file; no project, no database."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from ancrage.cli.attribution import attribution_json
from ancrage.cli.invocation import Invocation, Json
from ancrage.cli.score_help import describe_all, describe_method, method_record
from ancrage.cli.score_model import load_reference_model
from ancrage.domain.assessment.sheets.base import Part, Record, ScoreResult, Spec
from ancrage.domain.assessment.sheets.registry import CALCULATORS, calculator_spec, score_sheet
from ancrage.errors import Problem, ProblemsFound
from ancrage.exchange.ratings_csv import read_ratings_csv
from ancrage.language import N_, Message, say

SHAPE = "score"
SHAPE_VERSION = 1

HELP = N_(
    "Determine levels, scores, gaps and blockers from a file of ratings (CSV with a header), by a named method. "
    "No project is needed. `--help-method NAME` says which columns, options and answers a method has."
)


def command(
    ctx: typer.Context,
    ratings: Annotated[Path | None, typer.Argument(help=N_("CSV file of ratings, one row per answer."), show_default=False)] = None,
    method: Annotated[str | None, typer.Option("--method", help=N_("samm, dsomm, iso33020, assessors, cmmi, fitsm6 or weighted."))] = None,
    model: Annotated[Path | None, typer.Option("--model", help=N_("YAML file with the reference model the ratings answer."))] = None,
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help=N_("Setting of the method; may be repeated."))
    ] = None,
    help_method: Annotated[
        str | None, typer.Option("--help-method", metavar="NAME", help=N_("Describe a method, or `all` of them, and stop."))
    ] = None,
    json: Json = False,
) -> None:
    asked = Invocation.of(ctx)
    if help_method is not None:
        _show_help(asked, help_method)
        return
    if ratings is None:
        raise typer.BadParameter(asked.text(say("name the file of ratings")), ctx=ctx, param_hint="RATINGS")
    if method is None:
        raise typer.BadParameter(asked.text(say("take one of {known}", known=", ".join(CALCULATORS))), ctx=ctx, param_hint="--method")
    spec = calculator_spec(method)
    options = _options(option or [])
    reference_model = load_reference_model(model) if model else None
    read = read_ratings_csv(ratings, spec.columns)
    result = score_sheet(read.sheet, method, options, reference_model, read.problems)
    if json:
        record = score_record(result, read.sheet.unused, spec)
        owner = reference_model.attribution if reference_model is not None else None
        asked.emit(SHAPE, SHAPE_VERSION, {**record, "attribution": attribution_json(owner)})
        return
    _show(asked, result, read.sheet.unused, spec)
    if reference_model is not None and reference_model.attribution is not None:
        asked.show()
        asked.show(reference_model.attribution.line())


def _show_help(asked: Invocation, name: str) -> None:
    if asked.json:
        specs = [spec for spec, _ in CALCULATORS.values()] if name == "all" else [calculator_spec(name)]
        asked.emit("score_methods", 1, {"methods": [method_record(spec) for spec in specs]})
    elif name == "all":
        asked.show(describe_all([spec for spec, _ in CALCULATORS.values()], asked.language))
    else:
        asked.show(describe_method(calculator_spec(name), asked.language))


def _options(given: Sequence[str]) -> dict[str, str]:
    """Settings by name; ProblemsFound with every one that is not NAME=VALUE or comes twice."""
    options: dict[str, str] = {}
    problems = []
    for text in given:
        name, separator, value = (part.strip() for part in text.partition("="))
        if not separator or not name:
            problems.append(Problem("E-OPTION-FORM", say("option {option} is not NAME=VALUE", option=repr(text))))
        elif options.setdefault(name, value) != value:
            problems.append(Problem("E-OPTION-TWICE", say("option {option} is given twice", option=name)))
    if problems:
        raise ProblemsFound(say("the options cannot be used"), problems)
    return options


def score_record(result: ScoreResult, unused: Sequence[str], spec: Spec) -> Record:
    """The fields of shape `ancrage.score` 1: what was computed how, then one list per part of the method's answer."""
    parts = {part.name: _plain(result.answer.parts[part.name], part) for part in spec.parts}
    model = result.model
    return {
        "method": {
            "name": result.method.name, "version": result.method.version, "rounding": result.method.rounding,
            "options": dict(result.method.options),
        },
        "model": None if model is None else {"id": model.id, "version": model.version, "fingerprint": model.fingerprint},
        "inputs_fingerprint": result.inputs_fingerprint,
        "rows": result.rows,
        "rules": list(result.rules),
        **parts,
        "notes": list(_notes(result, unused)),
    }  # fmt: skip


def _plain(records: Sequence[Record], part: Part) -> object:
    """Records with their fractions as numbers; one record instead of a list where the part is single."""
    plain = [{field.name: as_number(record[field.name]) for field in part.fields} for record in records]
    return plain[0] if part.single and plain else plain


def as_number(value: object) -> object:
    """A fraction as the whole number or the nearest double it is; anything else unchanged."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    return value


def _notes(result: ScoreResult, unused: Sequence[str]) -> list[Message]:
    left = [say("columns that method {method} does not use: {names}", method=result.method.name, names=", ".join(unused))] if unused else []
    return [*result.answer.notes, *left]


def _show(asked: Invocation, result: ScoreResult, unused: Sequence[str], spec: Spec) -> None:
    stamp = result.method
    options = ", ".join(f"{name}={value}" for name, value in stamp.options.items()) or "-"
    asked.show(
        say("Method {name} {version} · rounding: {rounding} · options: {options}",
            name=stamp.name, version=stamp.version, rounding=stamp.rounding, options=options)
    )  # fmt: skip
    if result.model:
        asked.show(say("Reference model {model} {version}", model=result.model.id, version=result.model.version))
    asked.show(say("{count} rows · inputs {fingerprint}", count=result.rows, fingerprint=result.inputs_fingerprint[:16]))
    asked.show(say("Rules: {rules}", rules=", ".join(result.rules)))
    for part in spec.parts:
        _show_part(asked, part, result.answer.parts[part.name])
    for note in _notes(result, unused):
        asked.show()
        asked.show(say("Note: {note}", note=note))


def _show_part(asked: Invocation, part: Part, records: Sequence[Record]) -> None:
    if not records:
        return
    asked.show()
    asked.show(part.title)
    names = [field.name for field in part.fields if field.name in part.main or _says_something(field.name, records)]
    if part.single:
        for name in names:
            asked.show(f"  {name}: {_cell(records[0][name])}")
        return
    table = [names, *([_cell(record[name]) for name in names] for record in records)]
    widths = [max(len(row[index]) for row in table) for index in range(len(names))]
    for row in table:
        asked.show("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    _show_reasons(asked, part.key, records)


def _says_something(name: str, records: Sequence[Record]) -> bool:
    return name != "why" and any(record[name] not in ("", None, []) for record in records)


def _show_reasons(asked: Invocation, key: Sequence[str], records: Sequence[Record]) -> None:
    for record in records:
        reasons = record.get("why")
        if isinstance(reasons, list) and reasons:
            asked.show("  " + (" ".join(_cell(record[name]) for name in key if record[name] != "") or "–") + ":")
            for reason in reasons:
                asked.show(say("    {rule}: {text}", rule=reason["rule"], text=reason["text"]))


def _cell(value: object) -> str:
    """A value as a reader sees it: no score is a dash, never 0."""
    match as_number(value):
        case None:
            return "–"
        case bool() as truth:
            return "yes" if truth else "no"
        case float() as number:
            return f"{number:.4f}".rstrip("0").rstrip(".")
        case list() as items:
            return ", ".join(map(str, items))
        case other:
            return str(other)
