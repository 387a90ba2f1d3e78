"""The rank CUSUM: scores, limit, and what it hears."""

from __future__ import annotations

import random
from statistics import NormalDist

import pytest

from ancrage.domain.anchoring.rank_cusum import RankCusum, alarm_limit, autocorrelation, normal_scores, stretch_for

REFERENCE = [float(number) for number in range(12)]


def test_the_score_of_a_rank_is_its_normal_quantile() -> None:
    # better than all 12: Phi^-1(12.5/13); worse than all: Phi^-1(0.5/13); in the middle: 0
    best = NormalDist().inv_cdf(12.5 / 13)
    up = RankCusum(REFERENCE, upwards=True)
    assert (up.score(99.0), up.score(5.5)) == (best, 0.0)
    assert up.score(-1.0) == pytest.approx(-best, abs=1e-15)
    assert RankCusum(REFERENCE, upwards=False).score(-1.0) == pytest.approx(best, abs=1e-15)


def test_a_tie_counts_one_half() -> None:
    assert RankCusum(REFERENCE, upwards=True).score(6.0) == NormalDist().inv_cdf((6 + 0.5 + 0.5) / 13)
    assert len(normal_scores(12)) == 25


def test_a_small_reference_needs_a_higher_sum() -> None:
    assert (alarm_limit(6), alarm_limit(12)) == (5.85, 4.975)


def test_four_points_better_than_all_twelve_sound_the_alarm_three_do_not() -> None:
    # each adds 1.7688 - 0.5 = 1.2688; 4 x 1.2688 = 5.075 > 4.975
    up = RankCusum(REFERENCE, upwards=True)
    assert [up.feed(99.0) for _ in range(4)] == [False, False, False, True]


def test_the_sum_never_falls_below_zero() -> None:
    up = RankCusum(REFERENCE, upwards=True)
    up.feed(-5.0)
    assert up.sum == 0.0


def test_autocorrelation_is_corrected_for_a_short_series() -> None:
    # 1 2 3 ... 12: deviations d, r1 = sum d(i)d(i+1) / sum d^2 = 107.25/143 = 0.75; (12 x 0.75 + 1) / 8 = 1.25
    assert autocorrelation(REFERENCE) == pytest.approx(1.25)
    assert autocorrelation([1.0, -1.0] * 6) == pytest.approx((12 * (-11 / 12) + 1) / 8)


def test_autocorrelation_of_a_constant_or_short_series_is_zero() -> None:
    assert autocorrelation([3.0] * 12) == 0.0
    assert autocorrelation([1.0, 2.0, 3.0, 4.0, 5.0]) == 0.0


def test_autocorrelation_correction_takes_out_the_bias_of_independent_points() -> None:
    dice = random.Random(5)
    found = [autocorrelation([dice.gauss(0, 1) for _ in range(20)]) for _ in range(2000)]
    assert sum(found) / len(found) == pytest.approx(0.0, abs=0.02)


def test_a_negative_autocorrelation_never_lowers_the_limit() -> None:
    assert stretch_for(-0.5) == 1.0
    assert stretch_for(0.6) == 2.0
    assert stretch_for(5.0) == stretch_for(0.9)
