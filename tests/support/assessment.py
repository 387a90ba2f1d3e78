"""Reference models and sheets in one line, for the tests of assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ancrage.domain.assessment.sheets.base import Record, ScoreResult
from ancrage.domain.assessment.sheets.registry import calculator_spec, score_sheet
from ancrage.domain.reference_model import Practice, PracticeArea, ReferenceModel, ScaleValue
from ancrage.exchange.ratings_csv import read_ratings_text
from ancrage.language import Label

CMMI_CODES = ("FI", "LI", "PI", "NI", "NY")
FITSM_CODES = ("0", "1", "2", "3", "4")
SAMM_CODES = ("0", "0.25", "0.5", "1")
NPLF_CODES = ("N", "P", "L", "F")

Practices = Mapping[str, int]
"""Capability level by practice id."""


def reference_model(
    areas: Mapping[str, Practices],
    method: str = "cmmi",
    codes: Sequence[str] = CMMI_CODES,
    processes: Mapping[str, Sequence[str]] | None = None,
) -> ReferenceModel:
    """A model of these areas; `processes` limits an area to some processes."""
    limited = processes or {}
    return ReferenceModel(
        id="model",
        name=Label.same("Model"),
        version="1.0",
        method=method,
        scale=tuple(ScaleValue(code, Label.same(code), float(code) if method == "samm" else None) for code in codes),
        areas=tuple(
            PracticeArea(
                area,
                Label.same(area),
                practices=tuple(Practice(practice, Label.same(practice), level=level) for practice, level in practices.items()),
                processes=tuple(limited.get(area, ())),
            )
            for area, practices in areas.items()
        ),
        fingerprint="text-1",
    )


def score(method: str, text: str, model: ReferenceModel | None = None, **options: str) -> ScoreResult:
    """The result of a sheet written as CSV (indentation is taken away)."""
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    read = read_ratings_text(lines, "ratings.csv", calculator_spec(method).columns)
    return score_sheet(read.sheet, method, options, model, read.problems)


def records(result: ScoreResult, part: str) -> list[Record]:
    """The records of a part, fractions as numbers that are easy to compare."""
    return [{name: _number(value) for name, value in record.items()} for record in result.answer.parts[part]]


def one(result: ScoreResult, part: str, **key: object) -> Record:
    """The only record of a part that matches."""
    found = [record for record in records(result, part) if all(record[name] == value for name, value in key.items())]
    assert len(found) == 1, (part, key, records(result, part))
    return found[0]


def pick(record: Record, *names: str) -> tuple[object, ...]:
    """Some fields of a record."""
    return tuple(record[name] for name in names)


def _number(value: object) -> object:
    return round(float(value), 10) if isinstance(value, Fraction) else value
