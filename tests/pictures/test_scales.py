"""Axes: round steps, and dates as their reader writes them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancrage.pictures.scales import Scale, date_ticks, figure, round_ticks


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0.0, 1.0, (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        (0.31, 0.97, (0.2, 0.4, 0.6, 0.8, 1.0)),
        (12, 47, (10, 20, 30, 40, 50)),
        (-3, 3, (-4, -2, 0, 2, 4)),
        (7, 7, (7, 8)),
    ],
)
def test_ticks_are_round_and_hold_everything(low: float, high: float, ticks: tuple[float, ...]) -> None:
    assert round_ticks(low, high) == pytest.approx(ticks)


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1e6))
def test_ticks_enclose_any_span_and_are_few(low: float, span: float) -> None:
    high = low + span
    ticks = round_ticks(low, high)
    slack = 1e-6 * max(1.0, abs(low), abs(high))
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= 8


def test_a_scale_without_span_keeps_to_its_start() -> None:
    assert Scale(3, 3, 10, 90).at(3) == 10


def test_months_are_named_in_french_and_years_where_they_begin() -> None:
    ticks = date_ticks(date(2025, 1, 6), date(2026, 3, 1), "fr", 12)
    assert [tick.text for tick in ticks] == ["mars 2025", "mai", "juil.", "sept.", "nov.", "janv. 2026", "mars"]


def test_a_few_weeks_are_told_by_days() -> None:
    ticks = date_ticks(date(2026, 3, 2), date(2026, 3, 30), "en", 4)
    assert [tick.text for tick in ticks] == ["2 Mar", "9 Mar", "16 Mar", "23 Mar", "30 Mar"]


def test_ten_years_are_told_by_years() -> None:
    assert {len(tick.text) for tick in date_ticks(date(2010, 1, 1), date(2026, 1, 1), "en", 9)} == {4}


@pytest.mark.parametrize(
    ("value", "language", "share", "text"),
    [
        (0.8512, "fr", True, "85,1\u00a0%"),
        (0.8512, "en", True, "85.1%"),
        (1234.567, "fr", False, "1\u202f235"),
        (0.0123456, "en", False, "0.01235"),
    ],
)
def test_figures_are_written_as_their_reader_writes_them(value: float, language: str, share: bool, text: str) -> None:
    assert figure(value, language, share=share) == text
