"""The metrics referential: what is measured, for whom, and what is decided from it (anchoring.md)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ancrage.domain.indicator_sources import CollectedFrom
from ancrage.language import Label


class ValueKind(StrEnum):
    """What a reading is: a value, a proportion of cases (numerator and denominator), or a count of events."""

    VALUE = "value"
    PROPORTION = "proportion"
    COUNT = "count"


class Direction(StrEnum):
    """Which way is good."""

    INCREASE = "increase"
    DECREASE = "decrease"


class Cadence(StrEnum):
    """How often a reading is due."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Phase(StrEnum):
    """Life of an indicator: followed closely until a date, then only watched, then retired."""

    FOLLOW = "follow"
    WATCH = "watch"
    RETIRE = "retire"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`alert` opens an alert when crossed on the bad side (strictly); `target` is what was promised."""

    target: float | None = None
    alert: float | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of the referential. `owner` and `reports_to` are role ids; `decision` is the clause id decided from it."""

    id: str
    name: Label
    objective: str
    definition: Label
    type: str
    kind: ValueKind
    unit: str
    direction: Direction
    source: str
    cadence: Cadence
    owner: str
    reports_to: str
    thresholds: Thresholds
    criterion: str = ""
    decision: str | None = None
    cost_minutes: float = 0.0
    minimum_volume: int = 0
    phase: Phase = Phase.FOLLOW
    follow_until: date | None = None
    process: str | None = None
    transformation: str | None = None
    clock: str | None = None
    """The clock whose actual date is this indicator's event: `tool_delivered` by default for adoption, `adopted` for effects."""
    formula: Label = field(default_factory=Label)
    collected: CollectedFrom | None = None
    """Where its readings are fetched from; None where somebody hands them in. `source` is the word for it."""


@dataclass(frozen=True, slots=True)
class Transformation:
    """A change with four clocks. Planned dates are declared; actual ones are facts or verdicts (anchoring.md)."""

    id: str
    name: Label
    objectives: tuple[str, ...]
    processes: tuple[str, ...]
    planned_defined: date | None = None
    planned_tool_delivered: date | None = None
    planned_adopted: date | None = None
    planned_effects: date | None = None
    effects_lag_days: int = 0
    adoption_indicators: tuple[str, ...] = ()
    effect_indicators: tuple[str, ...] = ()
    contract: str | None = None
