"""Quantiles and bounds against published tables."""

from __future__ import annotations

import pytest

from ancrage.domain.anchoring.bounds import mean_lower_bound, normal_quantile, t_distribution, t_quantile, wilson_lower_bound

# Student's t, one-sided, as printed in Abramowitz and Stegun, table 26.10, and in every statistics book.
PUBLISHED_T = [
    (0.90, 1, 3.078), (0.90, 2, 1.886), (0.90, 3, 1.638), (0.90, 4, 1.533), (0.90, 7, 1.415), (0.90, 11, 1.363), (0.90, 19, 1.328),
    (0.90, 30, 1.310), (0.90, 120, 1.289), (0.95, 1, 6.314), (0.95, 5, 2.015), (0.95, 10, 1.812), (0.95, 60, 1.671),
    (0.975, 2, 4.303), (0.975, 9, 2.262), (0.975, 29, 2.045), (0.99, 1, 31.821), (0.99, 8, 2.896), (0.995, 3, 5.841),
    (0.9995, 1, 636.62), (0.9995, 4, 8.610), (0.9995, 20, 3.850),
]  # fmt: skip


@pytest.mark.parametrize(("share", "freedom", "value"), PUBLISHED_T)
def test_t_quantile_agrees_with_the_printed_table(share: float, freedom: int, value: float) -> None:
    assert t_quantile(share, freedom) == pytest.approx(value, abs=0.5 * 10 ** -(2 if value > 100 else 3) * 1.001)


@pytest.mark.parametrize("freedom", [1, 2, 3, 6, 7, 50, 499, 500])
@pytest.mark.parametrize("share", [0.51, 0.6, 0.9, 0.99, 0.9999])
def test_t_quantile_inverts_the_distribution(share: float, freedom: int) -> None:
    assert t_distribution(t_quantile(share, freedom), freedom) == pytest.approx(share, abs=1e-12)


def test_t_distribution_has_closed_forms_for_one_and_two_degrees() -> None:
    assert t_distribution(1.0, 1) == pytest.approx(0.75, abs=1e-15)  # Cauchy
    assert t_distribution(2.0**0.5, 2) == pytest.approx(0.5 + 0.5 * 2.0**0.5 / 2.0, abs=1e-15)


def test_t_quantile_is_symmetric_and_joins_the_expansion_smoothly() -> None:
    assert t_quantile(0.1, 7) == -t_quantile(0.9, 7)
    assert t_quantile(0.9, 500) > t_quantile(0.9, 501) > t_quantile(0.9, 10**6) > normal_quantile(0.9)
    assert t_quantile(0.9, 500) - t_quantile(0.9, 501) == pytest.approx(t_quantile(0.9, 501) - t_quantile(0.9, 502), rel=1e-2)


def test_mean_bound_of_a_published_example() -> None:
    # 8 values of mean 10 with squared deviations 7: standard deviation 1, standard error 1/sqrt 8, t(0.90; 7) = 1.4149
    assert mean_lower_bound(8, 10.0, 7.0, 0.9) == pytest.approx(10 - 1.41492 / 8**0.5, abs=1e-5)


def test_mean_bound_without_spread_is_the_mean() -> None:
    assert mean_lower_bound(8, 0.25, 0.0, 0.9) == 0.25


def test_wilson_bound_of_published_examples() -> None:
    # Newcombe (Statistics in Medicine 17, 1998), table I, two-sided 95%: 81/263 -> 0.2553, 15/148 -> 0.0624, 0/20 -> 0, 1/29 -> 0.0061
    assert wilson_lower_bound(81, 263, 0.975) == pytest.approx(0.2553, abs=5e-5)
    assert wilson_lower_bound(15, 148, 0.975) == pytest.approx(0.0624, abs=5e-5)
    assert wilson_lower_bound(0, 20, 0.975) == 0.0
    assert wilson_lower_bound(1, 29, 0.975) == pytest.approx(0.0061, abs=5e-5)
