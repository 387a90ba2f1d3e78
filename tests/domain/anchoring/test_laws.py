"""The laws of the verdict (anchoring.md), on random series of every kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ancrage.domain.anchoring.course import Course, oriented_pairs, standings
from ancrage.domain.anchoring.lifecycle import State
from ancrage.domain.anchoring.rank_cusum import RankCusum
from ancrage.domain.anchoring.series import Point
from ancrage.domain.anchoring.verdict import evaluate_verdict
from ancrage.domain.indicators import Direction, ValueKind

TARGET = 64
# Whole numbers around a baseline of 0, the target and beyond: exact in floating point, so that a law that holds is seen to hold.
baselines = st.lists(st.integers(-32, 32), min_size=6, max_size=14)
phase = st.tuples(st.sampled_from([0, 40, 96, 128]), st.integers(3, 24))
noise = st.integers(-40, 40)


@st.composite
def lives(draw: st.DrawFn) -> list[int]:
    """A few phases at different levels, with noise: changes begin, stick, fade and come back."""
    phases = draw(st.lists(phase, min_size=1, max_size=4))
    return [level + draw(noise) for level, length in phases for _ in range(length)]


def played(before: Sequence[float], after: Sequence[float], target: float, direction: Direction) -> list[tuple[object, ...]]:
    samples = oriented_pairs(list(before) + list(after), (), direction, ValueKind.VALUE)
    valid = [sample for sample in samples[: len(before)] if sample is not None]
    found = standings(valid, samples[len(before) :], target=target, direction=direction)
    return [(each.state, each.detail, each.target_met, each.caveats) for each in found]


@given(baselines, lives(), st.sampled_from([0.25, 2.0, 1024.0]), st.integers(-1000, 1000))
def test_another_unit_and_another_zero_change_nothing(before: list[int], after: list[int], scale: float, offset: int) -> None:
    def moved(values: list[int]) -> list[float]:
        return [scale * value + offset for value in values]

    plain = played(before, after, TARGET, Direction.INCREASE)
    assert played(moved(before), moved(after), scale * TARGET + offset, Direction.INCREASE) == plain


@given(baselines, lives())
def test_turning_the_indicator_upside_down_changes_nothing(before: list[int], after: list[int]) -> None:
    flipped = played([-value for value in before], [-value for value in after], -TARGET, Direction.DECREASE)
    assert flipped == played(before, after, TARGET, Direction.INCREASE)


@given(st.lists(st.integers(0, 20), min_size=20, max_size=60))
def test_counting_the_bad_cases_instead_of_the_good_ones_changes_nothing(good: list[int]) -> None:
    cases = [20.0] * len(good)

    def states(counted: list[float], target: float, direction: Direction) -> list[tuple[State, bool | None]]:
        samples = oriented_pairs(counted, cases, direction, ValueKind.PROPORTION)
        before = [sample for sample in samples[:12] if sample is not None]
        return [(each.state, each.target_met) for each in standings(before, samples[12:], target=target, direction=direction)]

    bad = [20.0 - hits for hits in good]
    assert states([float(hits) for hits in good], 0.75, Direction.INCREASE) == states(bad, 0.25, Direction.DECREASE)


@given(baselines, lives(), st.data())
def test_the_verdict_never_looks_ahead(before: list[int], after: list[int], data: st.DataObject) -> None:
    seen = data.draw(st.integers(1, len(after)))
    other = data.draw(lives())
    whole = played(before, after, TARGET, Direction.INCREASE)
    assert played(before, after[:seen] + other, TARGET, Direction.INCREASE)[:seen] == whole[:seen]


@given(baselines, lives(), st.integers(0, 60))
def test_what_comes_after_as_of_does_not_exist(before: list[int], after: list[int], weeks: int) -> None:
    event = date(2026, 1, 1)
    days = [event + timedelta(weeks=number - len(before)) for number in range(len(before) + len(after))]
    points = [Point(day, float(value)) for day, value in zip(days, [*before, *after], strict=True)]
    as_of = event + timedelta(weeks=weeks)

    def judged(known: list[Point]) -> object:
        return evaluate_verdict(known, event, TARGET, Direction.INCREASE, ValueKind.VALUE, as_of)

    assert judged(points) == judged([point for point in points if point.day <= as_of])
    assert judged(points) == judged(list(reversed(points)))


@given(baselines, lives(), st.randoms(use_true_random=False))
def test_permuting_the_baseline_changes_nothing(before: list[int], after: list[int], dice: object) -> None:
    shuffled = list(before)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert played(shuffled, after, TARGET, Direction.INCREASE) == played(before, after, TARGET, Direction.INCREASE)


@given(baselines, lives(), st.integers(0, 200))
def test_a_favourable_point_never_creates_eroding(before: list[int], after: list[int], better: int) -> None:
    samples = oriented_pairs([float(value) for value in [*before, *after]], (), Direction.INCREASE, ValueKind.VALUE)
    valid = [sample for sample in samples if sample is not None]
    course = Course(valid[: len(before)], target=TARGET, direction=Direction.INCREASE)
    for sample in valid[len(before) :]:
        reference, state = course.life.reference, course.life.state
        course.feed(sample)
        created = course.life.state is State.ERODING and state is not State.ERODING
        if created:
            # Favourable: at least in the middle of what it is compared with.
            assert RankCusum(reference, upwards=True).score(sample.level) < 0


@given(baselines, lives())
def test_anchored_means_twenty_points_since_the_change(before: list[int], after: list[int]) -> None:
    samples = oriented_pairs([float(value) for value in [*before, *after]], (), Direction.INCREASE, ValueKind.VALUE)
    valid = [sample for sample in samples if sample is not None]
    course = Course(valid[: len(before)], target=TARGET, direction=Direction.INCREASE)
    for sample in valid[len(before) :]:
        course.feed(sample)
        if course.life.state is State.ANCHORED:
            assert course.life.since.count >= 20


@given(baselines, lives())
def test_anchored_is_only_said_of_what_meets_its_target(before: list[int], after: list[int]) -> None:
    steps = played(before, after, TARGET, Direction.INCREASE)
    became = [now for last, now in pairwise(steps) if now[0] is State.ANCHORED is not last[0]]
    assert all(met is True for _, _, met, _ in became)
