"""How problems are shown: text for people, JSON for programs, and the forms that GitHub and code scanners read.

Each is a function of the problems alone; nothing here looks at a file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ancrage.errors import Place, Problem, Severity
from ancrage.language import Message, say, translate

WIDTH = 120
"""Characters of a source line shown at once; a longer line is cut around the place."""
SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
JSON_VERSION = 1


def render_text(problems: Sequence[Problem], language: str) -> str:
    """Every problem in the layout of the compilers people know, a blank line between two; empty without problems."""
    return "\n".join(render_problem(problem, language) for problem in problems)


def render_problem(problem: Problem, language: str) -> str:
    """One problem: what, where, the source line with the place underlined, and what to do; ends with a newline."""
    severity = translate(_SEVERITY[problem.severity].template, language)
    lines = [f"{severity}[{problem.code}]: {problem.message.text(language)}"]
    gutter = max([len(str(place.line)) for place in (problem.place, *problem.related) if place is not None], default=1)
    if problem.place is not None:
        lines += _excerpt(problem.place, problem.label.text(language) if problem.label else "", gutter, "-->")
    for place in problem.related:
        lines += _excerpt(place, translate(_OTHER_END.template, language), gutter, "::>")
    if problem.hint is not None:
        first, *rest = say("help: {hint}", hint=problem.hint).text(language).splitlines()
        lines += [f"{' ' * gutter} = {first}", *(f"{' ' * gutter}   {line}" for line in rest)]
    return "\n".join(lines) + "\n"


_SEVERITY: dict[Severity, Message] = {Severity.ERROR: say("error"), Severity.WARNING: say("warning")}
_OTHER_END = say("see also")


def _excerpt(place: Place, label: str, gutter: int, arrow: str) -> list[str]:
    margin = " " * gutter
    lines = [f"{margin}{arrow} {place}"]
    if not place.line or not place.source:
        return lines
    source, column, length = _window(place)
    padding = "".join("\t" if sign == "\t" else " " for sign in source[: column - 1])  # a tab is as wide below as above
    underline = f"{padding}{'^' * length} {label}".rstrip()
    return [*lines, f"{margin} |", f"{place.line:>{gutter}} | {source}", f"{margin} | {underline}"]


def _window(place: Place) -> tuple[str, int, int]:
    """The part of the source line that is shown, and column and length of the place in it."""
    start = 0 if place.column <= WIDTH - 20 else place.column - WIDTH // 2
    shown = place.source[start : start + WIDTH]
    column = place.column - start
    before, after = "..." if start else "", "..." if start + WIDTH < len(place.source) else ""
    length = max(1, min(place.length, len(shown) - column + 1))
    return before + shown + after, column + len(before), length


def summary(problems: Sequence[Problem], counts: Mapping[str, int]) -> Message:
    """The last line: how many errors and warnings in how many files. `counts` are things declared, by section."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    warnings = len(problems) - errors
    files = counts["files"]
    if problems:
        return say("errors: {errors}, warnings: {warnings} (files: {files})", errors=errors, warnings=warnings, files=files)
    return say(
        "clean (files: {files}, people: {people}, processes: {processes}, flows: {links}, contracts: {contracts}, "
        "indicators: {indicators})",
        **counts,
    )


def problem_as_json(problem: Problem, language: str) -> dict[str, Any]:
    """One problem for `--format json`: every field always there, null where it says nothing."""
    return {
        "code": problem.code,
        "severity": str(problem.severity),
        "message": problem.message.text(language),
        "place": _place_as_json(problem.place) if problem.place else None,
        "label": problem.label.text(language) if problem.label else None,
        "hint": problem.hint.text(language) if problem.hint else None,
        "related": [_place_as_json(place) for place in problem.related],
    }


def _place_as_json(place: Place) -> dict[str, Any]:
    return {"path": place.path, "line": place.line, "column": place.column, "length": place.length, "source": place.source}


def render_github(problems: Sequence[Problem], language: str) -> str:
    """Workflow commands: one line per problem, shown by GitHub beside the line of the change."""
    return "".join(f"{_github_line(problem, language)}\n" for problem in problems)


def _github_line(problem: Problem, language: str) -> str:
    place = problem.place or Place("")
    where = {"file": place.path, "line": place.line or 1, "col": place.column or 1, "title": problem.code}
    hint = f"\n{problem.hint.text(language)}" if problem.hint else ""
    properties = ",".join(f"{name}={_escaped(str(value), _PROPERTY)}" for name, value in where.items())
    return f"::{problem.severity} {properties}::{_escaped(problem.message.text(language) + hint, _DATA)}"


_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(sign, sign) for sign in text)


def as_sarif(problems: Sequence[Problem], language: str, version: str, title_of: Callable[[str], str]) -> dict[str, Any]:
    """The problems as one SARIF 2.1.0 run. `title_of` gives the title of a code's page."""
    codes = sorted({problem.code for problem in problems})
    rules = [{"id": code, "shortDescription": {"text": title_of(code)}} for code in codes]
    results = [_sarif_result(problem, language, codes) for problem in problems]
    tool = {"driver": {"name": "ancrage", "version": version, "rules": rules}}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [{"tool": tool, "columnKind": "unicodeCodePoints", "results": results}]}


def _sarif_result(problem: Problem, language: str, codes: Sequence[str]) -> dict[str, Any]:
    hint = f" ({problem.hint.text(language)})" if problem.hint else ""
    return {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": str(problem.severity),
        "message": {"text": problem.message.text(language) + hint},
        "locations": [_sarif_location(problem.place)] if problem.place else [],
        "relatedLocations": [_sarif_location(place) for place in problem.related],
    }


def _sarif_location(place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": place.path.replace("\\", "/")}}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": place.column, "endColumn": place.column + place.length}
    return {"physicalLocation": physical}
