"""An assessment by SAMM as ratings that `ancrage score --method samm` reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ancrage.domain.reference_model import Attribution
from ancrage.exchange.sources.outcome import csv_text

CODES = ("0", "0.25", "0.5", "1")


@dataclass(frozen=True, slots=True)
class Answered:
    """One activity: codes of the scale, empty where nobody answered."""

    activity: str
    answer: str = ""
    baseline: str = ""
    phases: tuple[str, ...] = ()
    notes: str = ""

    @property
    def has_answer(self) -> bool:
        return bool(self.answer or self.baseline or any(self.phases))


@dataclass(frozen=True, slots=True)
class Assessment:
    """One workbook or file. `name` is what its ratings are called, `team` whom they are about, `phases` the titles of the road map."""

    name: str
    team: str
    rows: tuple[Answered, ...]
    phases: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    attribution: Attribution | None = None

    @property
    def answered(self) -> bool:
        """Whether there is anything to write: a blank workbook has questions only."""
        return any(row.has_answer for row in self.rows)


def ratings_text(assessment: Assessment, team: str = "") -> str:
    """The rows as CSV. The target of an activity is its answer in the last phase planned; each phase has a column of its own beside it."""
    columns = [slot for slot in range(len(assessment.phases)) if any(row.phases[slot] for row in assessment.rows)]
    last = columns[-1] if columns else None
    rows: list[Sequence[str]] = []
    for row in assessment.rows:
        target = "" if last is None else row.phases[last]
        phases = [row.phases[slot] for slot in columns]
        rows.append((team or assessment.team, row.activity, row.answer, target, row.baseline, *phases, row.notes))
    header = ("team", "activity", "answer", "target", "baseline", *(f"phase_{slot + 1}" for slot in columns), "notes")
    return csv_text(header, rows)
