"""`ancrage simulate --time`: the answers counted by hand, and files that cannot be answered (ESC-B, D, F)."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
import yaml

from ancrage.declarations.time_questions import answer_questions
from ancrage.domain.time_questions import Answer
from ancrage.errors import ProblemsFound

FILE = Path(__file__).parents[1] / "scenarios" / "questions" / "working_time.yaml"
CASES = {case["id"]: case for case in yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)["cases"]}


@cache
def answers() -> dict[str, Answer]:
    found, warnings = answer_questions(FILE)
    assert not warnings
    return {answer.question.id: answer for answer in found}


def as_written(value: object) -> object:
    """An answer as the file writes it."""
    match value:
        case datetime():
            return value.isoformat()
        case tuple():
            return [[opens.isoformat(), closes.isoformat()] for opens, closes in value]
        case bool():
            return str(value).lower()
        case _:
            return str(value)


@pytest.mark.parametrize("case", CASES)
def test_the_answer_is_what_was_counted_by_hand(case: str) -> None:
    assert as_written(answers()[case].value) == CASES[case]["answer"]


def test_every_answer_is_explained_with_rules() -> None:
    for answer in answers().values():
        assert answer.lines
        assert all(line.rule.startswith("ESC-") for line in answer.lines)


def test_an_explanation_adds_up() -> None:
    lines = [f"{line.rule} {line.message}" for line in answers()["P3-a-paused-day"].lines]
    assert lines == [
        "ESC-B1 start 2026-02-12 16:00:00+01:00, calendar fr (Europe/Paris)",
        "ESC-D2 2026-02-12, the date of the start, is not counted",
        "ESC-P3 2026-02-13 is not counted: the clock was paused in its working time",
        "ESC-B6 2026-02-14 is not a working day",
        "ESC-B6 2026-02-15 is not a working day",
        "ESC-D2 2026-02-16 is working day 1 of 2",
        "ESC-D2 2026-02-17 is working day 2 of 2",
        "ESC-D2 due 2026-02-18 00:00:00+01:00",
    ]


def test_a_long_explanation_is_shortened_in_its_middle(tmp_path: Path) -> None:
    file = tmp_path / "long.yaml"
    file.write_text(
        'calendars: {c: {tz: UTC, week: {mon-sun: ["09:00-10:00"]}}}\n'
        "cases: [{op: elapsed, start: 2026-01-01T00:00:00Z, end: 2026-02-01T00:00:00Z}]\n",
        encoding="utf-8",
    )
    ((answer,), _) = answer_questions(file)
    assert answer.value == 31 * 3600
    assert len(answer.lines) == 14
    assert str(answer.lines[6].message) == "... 19 more ..."


def test_every_problem_of_a_file_at_once(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(
        'calendars: {c: {tz: UTC, week: {mon: ["09:00-10:00"]}}, never: {tz: UTC, week: {}}}\n'
        "cases:\n"
        "  - {id: a, calendar: d, op: deadline, start: 2026-01-01T00:00:00Z, budget: 1wd}\n"
        "  - {id: b, calendar: c, op: deadline, start: 2026-01-01T00:00:00, budget: 1wd}\n"
        "  - {id: c, calendar: c, op: deadlin, start: 2026-01-01T00:00:00Z, budget: 1wd}\n"
        "  - {id: d, calendar: c, op: deadline, start: 2026-01-01T00:00:00Z}\n"
        "  - {id: e, calendar: c, op: deadline, start: 2026-01-01T00:00:00Z, budget: PT}\n"
        "  - {id: f, calendar: never, op: next_working, at: 2026-01-01T00:00:00Z}\n"
        "  - {id: g, op: next_working, at: 2026-01-01T00:00:00Z}\n",
        encoding="utf-8",
    )
    with pytest.raises(ProblemsFound) as found:
        answer_questions(file)
    told = [(problem.code, problem.place.line if problem.place else 0) for problem in found.value.problems]
    assert told == [
        ("E-CAL-UNKNOWN", 3), ("E-TIME-NAIVE", 4), ("E-CHOICE", 5), ("E-KEY-MISSING", 6), ("E-BUDGET", 7), ("E-CAL-EMPTY", 8),
        ("E-KEY-MISSING", 9),
    ]  # fmt: skip
