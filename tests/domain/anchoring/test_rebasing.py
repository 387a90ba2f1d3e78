"""New phases are proposed where the level changed: the cheapest of all partitions, compared with trying each of them."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import log
from statistics import fmean

import pytest

from ancrage.domain.anchoring.rebasing import SHORTEST, best_cuts, propose_rebases
from ancrage.domain.anchoring.series import Point

START = date(2025, 1, 6)


def weekly(values: Sequence[float | None]) -> list[Point]:
    return [Point(START + timedelta(days=7 * week), value) for week, value in enumerate(values)]


def partitions(count: int) -> Iterator[tuple[int, ...]]:
    """Every way to cut `count` points into phases of SHORTEST points or more."""
    def after(start: int) -> Iterator[tuple[int, ...]]:
        yield ()
        for cut in range(start + SHORTEST, count - SHORTEST + 1):
            for rest in after(cut):
                yield (cut, *rest)

    return after(0)


def price(values: Sequence[float], cuts: tuple[int, ...]) -> float:
    sigma = fmean(abs(later - earlier) for earlier, later in itertools.pairwise(values)) / 1.128
    edges = (0, *cuts, len(values))
    phases = [values[start:end] for start, end in itertools.pairwise(edges)]
    errors = sum(sum((value - fmean(phase)) ** 2 for value in phase) for phase in phases)
    return errors + 3 * sigma**2 * log(len(values)) * len(phases)


@pytest.mark.parametrize("seed", range(60))
def test_the_cut_is_the_cheapest_of_all(seed: int) -> None:
    chance = random.Random(seed)
    levels = [chance.choice([0.0, 0.0, 3.0]) for _ in range(3)]
    values = [chance.gauss(levels[place // 5 % 3], 1.0) for place in range(chance.randint(4, 14))]
    cheapest = min(price(values, cuts) for cuts in partitions(len(values)))
    assert price(values, best_cuts(values)) == pytest.approx(cheapest)


def test_a_lasting_shift_is_found_on_its_first_day() -> None:
    steady = [10.0, 11, 9, 10, 12, 10, 9, 11, 10, 11]
    (proposal,) = propose_rebases(weekly([*steady, *(value + 6 for value in steady)]), date(2026, 1, 1))
    assert proposal.day == START + timedelta(days=70)
    assert (proposal.points_before, proposal.points_after) == (10, 10)
    assert proposal.after - proposal.before == pytest.approx(6)


@pytest.mark.parametrize("values", [[], [5.0], [5.0] * 20, [1.0, 2.0, 3.0], [10.0, 11, 9, 10, 30, 10, 9, 11, 10, 11, 10, 9]])
def test_steady_constant_or_short_series_and_single_outliers_propose_nothing(values: list[float]) -> None:
    assert propose_rebases(weekly(values), date(2026, 1, 1)) == ()


def test_nothing_later_than_the_day_asked_for_is_looked_at() -> None:
    steady = [10.0, 11, 9, 10, 12, 10, 9, 11, 10, 11]
    series = weekly([*steady, *(value + 6 for value in steady)])
    assert propose_rebases(series, START + timedelta(days=69)) == ()


def test_what_people_decided_is_not_cut_again() -> None:
    steady = [10.0, 11, 9, 10, 12, 10, 9, 11, 10, 11]
    series = weekly([*steady, *(value + 6 for value in steady)])
    assert propose_rebases(series, date(2026, 1, 1), since=START + timedelta(days=70)) == ()


def test_missing_points_do_not_move_the_day() -> None:
    steady: list[float | None] = [10.0, 11, 9, None, 12, 10, 9, 11, 10, 11]
    (proposal,) = propose_rebases(weekly([*steady, *(None if value is None else value + 6 for value in steady)]), date(2026, 1, 1))
    assert proposal.day == START + timedelta(days=70)


def test_scale_and_direction_change_nothing() -> None:
    chance = random.Random(5)
    values = [chance.gauss(0 if place < 12 else 2.5, 1) for place in range(30)]
    assert best_cuts(values) == best_cuts([-7 * value + 1000 for value in values])
