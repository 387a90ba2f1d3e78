"""A control chart as a value: phases with their limits, points with the rules that flag them, variation and assurance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from ancrage.domain.anchoring.limits import ChartKind, Limits, Reading, determine_limits
from ancrage.domain.anchoring.profiles import PROFILES, Profile
from ancrage.domain.anchoring.run_rules import Rule
from ancrage.domain.anchoring.series import Point
from ancrage.domain.indicators import Direction
from ancrage.errors import NotFound, Refused
from ancrage.language import say


class Variation(StrEnum):
    """What the last point says."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT = "special_cause_improvement"
    CONCERN = "special_cause_concern"
    NEUTRAL = "special_cause_neutral"
    """A signal where no direction is good."""


class Assurance(StrEnum):
    """Will the target be met while nothing changes? From the limits of the last phase."""

    MET = "consistent_pass"
    MISSED = "consistent_fail"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True, slots=True)
class ChartPhase:
    """A stretch judged by one set of limits; `lower` and `upper` are those of its last point (None: nothing to judge by). `first`
    and `last` are days of the first and last valid point."""

    first: date
    last: date
    points: int
    centre: float
    lower: float | None
    upper: float | None

    @property
    def is_constant(self) -> bool:
        """Several points, all the same figure: a state of its own, without spread to judge by."""
        return self.points > 1 and self.lower is not None and self.lower == self.upper


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One point. `value` is None where it is missing. `rules` are in order of precedence; `side` is above, below or on the centre."""

    day: date
    value: float | None
    rules: tuple[Rule, ...] = ()
    side: str | None = None
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole picture, oldest point first. `variation` is None without a valid point, `assurance` without a target or limits."""

    profile: str
    kind: ChartKind
    phases: tuple[ChartPhase, ...]
    points: tuple[ChartPoint, ...]
    variation: Variation | None
    assurance: Assurance | None
    target: float | None = None
    direction: Direction | None = None


def draw_chart(
    points: Sequence[Point],
    profile: str = "nhs",
    *,
    kind: ChartKind | None = None,
    rebase: Sequence[date] = (),
    target: float | None = None,
    direction: Direction | None = None,
    first: int | None = None,
) -> Chart:
    """The chart of `points` by a profile (anchoring.md, Charts). `kind` is XmR by default, a run chart for `anhoej`.

    Each day of `rebase` is the first of a new phase; no rule looks across it. `first` takes the limits of each phase from its first n
    points. A missing point is no point: it is drawn as a gap, and no moving range crosses it. NotFound for an unknown profile; Refused
    for two points on one day, or a `first` below 2.
    """
    rules = _profile(profile)
    chosen = kind or (ChartKind.RUN if profile == "anhoej" else ChartKind.XMR)
    ordered = _in_order(points)
    if first is not None and first < 2:
        raise Refused("first", say("limits need at least 2 points, not {first}", first=first))
    drawn: list[ChartPoint] = []
    phases: list[ChartPhase] = []
    for stretch in _stretches(ordered, sorted(set(rebase))):
        phase, its_points = _draw_phase(stretch, rules, chosen, first)
        drawn.extend(its_points)
        if phase is not None:
            phases.append(phase)
    variation = _variation(drawn, direction)
    return Chart(profile, chosen, tuple(phases), tuple(drawn), variation, _assurance(phases, target, direction), target, direction)


def _profile(name: str) -> Profile:
    if name not in PROFILES:
        raise NotFound(say("there is no profile {name}; known: {known}", name=name, known=", ".join(PROFILES)))
    return PROFILES[name]


def _in_order(points: Sequence[Point]) -> list[Point]:
    ordered = sorted(points, key=lambda point: point.day)
    for earlier, later in pairwise(ordered):
        if earlier.day == later.day:
            raise Refused("duplicate", say("two points on {day}", day=later.day))
    return ordered


def _stretches(points: Sequence[Point], rebase: Sequence[date]) -> Iterator[Sequence[Point]]:
    """The points of each phase; a phase without any is left out."""
    edges = [date.min, *rebase, date.max]
    for start, end in pairwise(edges):
        stretch = [point for point in points if start <= point.day < end]
        if stretch:
            yield stretch


def _draw_phase(
    stretch: Sequence[Point], profile: Profile, kind: ChartKind, first: int | None
) -> tuple[ChartPhase | None, tuple[ChartPoint, ...]]:
    readings = [
        Reading(place, value, point.denominator or 1.0)
        for place, point in enumerate(stretch)
        if (value := _figure(point, kind)) is not None
    ]
    if not readings:
        return None, tuple(ChartPoint(point.day, None) for point in stretch)
    limits = determine_limits(kind, readings, readings[:first], profile.factor, profile.screen)
    values = [reading.value for reading in readings]
    flags = {rule: find(values, limits) for rule, find in profile.rules.items()}
    by_place = {reading.place: index for index, reading in enumerate(readings)}
    drawn = tuple(_drawn(point, by_place.get(place), values, limits, flags) for place, point in enumerate(stretch))
    last = len(readings) - 1
    days = [stretch[reading.place].day for reading in readings]
    return ChartPhase(days[0], days[-1], len(readings), limits.centre, limits.lower(last), limits.upper(last)), drawn


def _figure(point: Point, kind: ChartKind) -> float | None:
    if kind is ChartKind.C and point.numerator is not None:
        return point.numerator
    return point.reading


def _drawn(point: Point, index: int | None, values: Sequence[float], limits: Limits, flags: dict[Rule, frozenset[int]]) -> ChartPoint:
    if index is None:
        return ChartPoint(point.day, None)
    value = values[index]
    side = ("on", "above", "below")[limits.beyond(index, value, 0)]
    rules = tuple(rule for rule, found in flags.items() if index in found)
    return ChartPoint(point.day, value, rules, side, limits.centre, limits.lower(index), limits.upper(index))


def _variation(points: Sequence[ChartPoint], direction: Direction | None) -> Variation | None:
    last = next((point for point in reversed(points) if point.value is not None), None)
    if last is None:
        return None
    if not last.rules:
        return Variation.COMMON_CAUSE
    if direction is None:
        return Variation.NEUTRAL
    good = "above" if direction is Direction.INCREASE else "below"
    return Variation.IMPROVEMENT if last.side == good else Variation.CONCERN


def _assurance(phases: Sequence[ChartPhase], target: float | None, direction: Direction | None) -> Assurance | None:
    if target is None or direction is None or not phases:
        return None
    lower, upper = phases[-1].lower, phases[-1].upper
    if lower is None or upper is None:
        return None
    if lower <= target <= upper:
        return Assurance.INCONSISTENT
    always_above = target < lower
    return Assurance.MET if always_above == (direction is Direction.INCREASE) else Assurance.MISSED
