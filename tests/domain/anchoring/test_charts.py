"""Charts against published results (read in place), the toy vectors of each rule, and the boundary cases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ancrage.domain.anchoring.chart import Assurance, Chart, ChartPoint, Variation, draw_chart
from ancrage.domain.anchoring.limits import ChartKind, Limits
from ancrage.domain.anchoring.profiles import (
    ANHOEJ,
    NELSON,
    NHS,
    PROFILES,
    WESTERN_ELECTRIC,
    WHEELER,
    crossings_and_runs,
    fewest_crossings_allowed,
    longest_run_allowed,
)
from ancrage.domain.anchoring.run_rules import Rule, alternating, hugging, shunning
from ancrage.domain.anchoring.series import Point
from ancrage.domain.indicators import Direction
from ancrage.errors import NotFound, Refused

START = date(2026, 1, 1)


def daily(values: Sequence[float | None]) -> list[Point]:
    return [Point(START + timedelta(days=number), value) for number, value in enumerate(values)]


def flagged(chart: Chart, rule: Rule) -> list[int]:
    """1-based places of the points a rule flags."""
    return [number for number, point in enumerate(chart.points, start=1) if rule in point.rules]


def standing_at(centre: float, sigma: float, size: int) -> Limits:
    return Limits(centre, (3 * sigma,) * size, sigma * 1.128)


# --- published results -----------------------------------------------------------------------------------------------------


def nhs_rule(words: str) -> Rule | None:
    if words == "Common Cause":
        return None
    if words.endswith(("UCL", "LCL")):
        return Rule.OUTSIDE
    if words.startswith("2 in 3"):
        return Rule.TWO_IN_THREE
    return Rule.TREND if "Trend" in words else Rule.RUN


def nhs_chart(case: dict[str, Any]) -> Chart:
    given, call = case["input"], case["call"]
    days = [date.fromisoformat(day) for day in given["period"]] if "period" in given else None
    points = [Point(day, value) for day, value in zip(days, given["value"], strict=True)] if days else daily(given["value"])
    rebase = [date(2018, 4, 1)] if "rebase at 2018-04-01" in call else []
    direction = Direction.DECREASE if call.startswith("decrease") else Direction.INCREASE
    return draw_chart(points, "nhs", rebase=rebase, target=7000 if "target=7000" in call else None, direction=direction)


@pytest.mark.reference_data
@pytest.mark.parametrize("number", range(5))
def test_nhs_profile_matches_plotthedots(reference_data: Path, number: int) -> None:
    case = json.loads((reference_data / "indicators" / "nhs_ae_rrk.json").read_text())[number]
    chart, expected = nhs_chart(case), case["expected"]
    assert [point.centre for point in chart.points] == pytest.approx(expected["mean"], rel=1e-9)
    assert [point.lower for point in chart.points] == pytest.approx(expected["lpl"], rel=1e-9)
    assert [point.upper for point in chart.points] == pytest.approx(expected["upl"], rel=1e-9)
    first_rules = [point.rules[0] if point.rules else None for point in chart.points]
    assert first_rules == [nhs_rule(words) for words in expected["special_cause_type"]]
    sides = {"above": 1, "below": -1, "on": 0}
    assert [sides[str(point.side)] for point in chart.points] == expected["relative_to_mean"]
    assert chart.variation == expected["variation_last"]
    assert chart.assurance == expected["assurance"]


@pytest.mark.reference_data
def test_western_electric_profile_matches_qcc(reference_data: Path) -> None:
    (case,) = json.loads((reference_data / "indicators" / "boiler_t1.json").read_text())
    chart = draw_chart(daily(case["input"]["x"]), "western_electric")
    (phase,), expected = chart.phases, case["expected"]
    assert phase.centre == expected["center"]
    assert [phase.lower, phase.upper] == pytest.approx(expected["limits"][0], rel=1e-9)
    order = {Rule.OUTSIDE: 1, Rule.TWO_IN_THREE: 2, Rule.FOUR_IN_FIVE: 3, Rule.RUN: 4}
    assert [order[point.rules[0]] if point.rules else None for point in chart.points] == expected["violations_rule_by_index"]


def is_outside(point: ChartPoint) -> bool:
    assert point.value is not None
    assert point.lower is not None
    assert point.upper is not None
    return not point.lower <= point.value <= point.upper


def cdi_points(reference: dict[str, Any]) -> list[Point]:
    return [Point(date.fromisoformat(row["month"]), None, row["n"], row["days"]) for row in reference["input"]]


@pytest.mark.reference_data
@pytest.mark.parametrize(("name", "kind", "scale"), [("c_all", ChartKind.C, 1.0), ("u_all_per_10000", ChartKind.U, 10_000.0)])
def test_count_charts_match_qicharts2(reference_data: Path, name: str, kind: ChartKind, scale: float) -> None:
    reference = json.loads((reference_data / "indicators" / "cdi.json").read_text())
    chart, expected = draw_chart(cdi_points(reference), "wheeler", kind=kind), reference["reference"][name]
    assert [scale * point.centre for point in chart.points if point.centre] == pytest.approx(expected["cl"], rel=1e-6)
    assert [scale * point.lower for point in chart.points if point.lower] == pytest.approx(expected["lcl"], rel=1e-6)
    assert [scale * point.upper for point in chart.points if point.upper] == pytest.approx(expected["ucl"], rel=1e-6)
    assert [Rule.OUTSIDE in point.rules for point in chart.points] == expected["sigma_signal"]


@pytest.mark.reference_data
@pytest.mark.parametrize(("name", "first", "split"), [("i_freeze24", 24, False), ("i_part24", None, True)])
def test_individuals_chart_frozen_or_split_matches_qicharts2(
    reference_data: Path, name: str, first: int | None, split: bool
) -> None:
    reference = json.loads((reference_data / "indicators" / "cdi.json").read_text())
    points = [Point(date.fromisoformat(row["month"]), row["n"]) for row in reference["input"]]
    chart = draw_chart(points, "anhoej", kind=ChartKind.XMR, first=first, rebase=[points[24].day] if split else [])
    expected = reference["reference"][name]
    assert [point.centre for point in chart.points] == pytest.approx(expected["cl"], rel=1e-6)
    assert [point.lower for point in chart.points] == pytest.approx(expected["lcl"], rel=1e-6)
    assert [point.upper for point in chart.points] == pytest.approx(expected["ucl"], rel=1e-6)
    assert [is_outside(point) for point in chart.points] == expected["sigma_signal"]


@pytest.mark.reference_data
@pytest.mark.parametrize(("name", "kind"), [("p", ChartKind.P), ("p_prime", ChartKind.P_PRIME), ("i", ChartKind.XMR)])
def test_very_large_denominators_match_qicharts2(reference_data: Path, name: str, kind: ChartKind) -> None:
    reference = json.loads((reference_data / "indicators" / "nhs_accidents.json").read_text())
    points = [Point(START + timedelta(weeks=row["i"]), None, row["r"], row["n"]) for row in reference["input"]]
    chart, expected = draw_chart(points, "anhoej", kind=kind), reference["reference"][name]
    assert [point.centre for point in chart.points] == pytest.approx(expected["cl"], rel=1e-6)
    assert [point.lower for point in chart.points] == pytest.approx(expected["lcl"], rel=1e-6)
    assert [point.upper for point in chart.points] == pytest.approx(expected["ucl"], rel=1e-6)
    assert [is_outside(point) for point in chart.points] == expected["sigma_signal"]


@pytest.mark.reference_data
@pytest.mark.parametrize("name", ["run_all", "c_all", "run_freeze24"])
def test_anhoej_counts_match_qicharts2(reference_data: Path, name: str) -> None:
    reference = json.loads((reference_data / "indicators" / "cdi.json").read_text())
    values = [float(row["n"]) for row in reference["input"]]
    expected = reference["reference"][name]
    (runs,) = expected["runs"]
    useful, longest, crossings = crossings_and_runs(values, Limits(expected["cl"][0], None))
    assert (useful, longest, crossings) == (runs["n.useful"], runs["longest.run"], runs["n.crossings"])
    assert (longest_run_allowed(useful), fewest_crossings_allowed(useful)) == (runs["longest.run.max"], runs["n.crossings.min"])
    if name == "run_all":
        chart = draw_chart(daily(values), "anhoej")
        assert all(set(point.rules) == {Rule.LONG_RUN, Rule.FEW_CROSSINGS} for point in chart.points) is runs["runs.signal"]


# --- toy vectors of each rule ----------------------------------------------------------------------------------------------

TOYS = [
    (Rule.OUTSIDE, 10.0, 1.0, [10, 11, 13.1, 10], [3], "outside"),
    (Rule.OUTSIDE, 10.0, 1.0, [10, 13.0, 10], [], "a value on the limit is inside"),
    (Rule.RUN, 10.0, 1.0, [9, 11, 11, 11, 11, 11, 11, 11, 9], [2, 3, 4, 5, 6, 7, 8], "seven on one side"),
    (Rule.RUN, 10.0, 1.0, [11, 11, 11, 11, 10, 11, 11, 11], [], "a tie with the mean breaks a run"),
    (Rule.TREND, 0.0, 1.0, [1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7], "seven of one direction"),
    (Rule.TREND, 0.0, 1.0, [1, 2, 3, 3, 4, 5, 6], [], "equal neighbours break a trend"),
    (Rule.TWO_IN_THREE, 0.0, 1.0, [0.5, 2.2, 0.4, 2.3, -1], [2, 4], "two close ones in three"),
    (Rule.TWO_IN_THREE, 0.0, 1.0, [0.5, 2.2, -0.4, 2.3, -1], [], "the third must be on the same side"),
    (Rule.TWO_IN_THREE, 0.0, 1.0, [0.5, 3.2, 0.4, 2.3, 0.1], [], "an outside point is not a close one"),
]


@pytest.mark.parametrize(("rule", "centre", "sigma", "values", "points", "why"), TOYS, ids=[toy[-1] for toy in TOYS])
def test_nhs_rule(rule: Rule, centre: float, sigma: float, values: list[float], points: list[int], why: str) -> None:
    found = NHS.rules[rule](values, standing_at(centre, sigma, len(values)))
    assert sorted(index + 1 for index in found) == points, why


@pytest.mark.reference_data
def test_the_toys_are_those_of_the_reference_folder(reference_data: Path) -> None:
    cases = json.loads((reference_data / "indicators" / "rule_toys.json").read_text())["cases"]
    assert [(case["y"], case["points"]) for case in cases] == [(values, points) for _, _, _, values, points, _ in TOYS]


def test_western_electric_takes_the_third_point_anywhere() -> None:
    values = [0.5, 2.2, -0.4, 2.3, -1]
    assert WESTERN_ELECTRIC.rules[Rule.TWO_IN_THREE](values, standing_at(0, 1, 5)) == {3}


def test_four_in_five_flags_the_point_that_completes_it() -> None:
    values = [1.1, 1.2, 0.0, 1.3, 1.4, 0.2]
    assert WESTERN_ELECTRIC.rules[Rule.FOUR_IN_FIVE](values, standing_at(0, 1, 6)) == {4}


def test_nelson_needs_nine_on_one_side_and_western_electric_eight() -> None:
    limits = standing_at(0, 1, 9)
    assert WESTERN_ELECTRIC.rules[Rule.RUN]([0.5] * 9, limits) == {7, 8}
    assert NELSON.rules[Rule.RUN]([0.5] * 9, limits) == {8}


def test_nelson_trend_needs_six_points() -> None:
    assert NELSON.rules[Rule.TREND]([1, 2, 3, 4, 5, 6, 5], standing_at(0, 9, 7)) == {5}


def test_fourteen_alternating_points_are_a_signal_thirteen_are_not() -> None:
    values = [(-1.0) ** number for number in range(14)]
    assert alternating(14)(values, standing_at(0, 1, 14)) == {13}
    assert not alternating(14)(values[:13], standing_at(0, 1, 13))


def test_fifteen_points_near_the_centre_are_too_good() -> None:
    assert hugging(15, 1)([0.9] * 15, standing_at(0, 1, 15)) == {14}
    assert not hugging(15, 1)([0.9] * 14 + [1.1], standing_at(0, 1, 15))


def test_eight_points_away_from_the_centre_need_both_sides() -> None:
    assert shunning(8, 1)([1.5, -1.5] * 4, standing_at(0, 1, 8)) == {7}
    assert not shunning(8, 1)([1.5] * 8, standing_at(0, 1, 8))


def test_wheeler_flags_a_large_range_and_three_of_four_nearer_the_limit() -> None:
    limits = standing_at(0, 1, 4)
    assert WHEELER.rules[Rule.RANGE]([0.0, 3.8, 0.1, 0.2], limits) == {1, 2}
    assert WHEELER.rules[Rule.THREE_IN_FOUR]([1.6, 0.1, 1.7, 1.8], limits) == {3}


def test_fewest_crossings_are_the_five_percent_quantile() -> None:
    # binom.ppf(0.05, n - 1, 0.5) as published for 10, 20 and 30 useful points
    assert [fewest_crossings_allowed(useful) for useful in (10, 20, 30)] == [2, 6, 10]


# --- boundary cases --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_one_point_has_a_centre_and_no_limits(profile: str) -> None:
    chart = draw_chart(daily([5.0]), profile, target=4.0, direction=Direction.INCREASE)
    (phase,) = chart.phases
    assert (phase.centre, phase.lower, phase.upper) == (5.0, None, None)
    assert chart.points[0].rules == ()
    assert (chart.variation, chart.assurance) == (Variation.COMMON_CAUSE, None)


def test_two_points_have_limits_from_one_range() -> None:
    (phase,) = draw_chart(daily([4.0, 6.0])).phases
    assert phase.centre == 5.0
    assert phase.upper == pytest.approx(5.0 + 2.66 * 2.0)


def test_a_constant_series_is_a_state_without_a_signal() -> None:
    chart = draw_chart(daily([3.0] * 9), target=3.0, direction=Direction.INCREASE)
    assert chart.phases[0].is_constant
    assert (chart.phases[0].lower, chart.phases[0].upper) == (3.0, 3.0)
    assert not any(point.rules for point in chart.points)
    assert chart.assurance is Assurance.INCONSISTENT


def test_no_point_at_all_gives_an_empty_chart() -> None:
    chart = draw_chart(daily([None, None]))
    assert (chart.phases, chart.variation) == ((), None)
    assert [point.value for point in chart.points] == [None, None]


def test_a_missing_point_is_not_zero_and_no_moving_range_crosses_it() -> None:
    with_gap = draw_chart(daily([1.0, 2.0, None, 9.0, 10.0]))
    assert with_gap.phases[0].centre == 5.5
    assert with_gap.phases[0].upper == pytest.approx(5.5 + 2.66 * 1.0)
    assert Rule.RANGE not in draw_chart(daily([1.0, 1.1, 1.0, None, 9.0, 9.1]), "wheeler").points[4].rules


def test_a_missing_last_point_flags_nobody_else() -> None:
    values: list[float | None] = [5, 4, 6, 5, 4, 6, 5, 4, 6]
    assert not any(point.rules for point in draw_chart(daily([*values, None])).points)


def test_a_rebase_starts_a_phase_and_no_rule_looks_across() -> None:
    values = [5.0, 6, 5, 6, 7, 7.1, 7.2, 7.3, 7.4, 7.5, 7.6, 7.3]
    points = daily(values)
    assert flagged(draw_chart(points), Rule.TREND) == [3, 4, 5, 6, 7, 8, 9, 10, 11]
    split = draw_chart(points, rebase=[points[8].day])
    assert [(phase.first, phase.points) for phase in split.phases] == [(START, 8), (points[8].day, 4)]
    assert not flagged(split, Rule.TREND)


def test_limits_can_be_frozen_on_the_first_points() -> None:
    points = daily([5.0, 6.0, 5.0, 6.0, 20.0])
    (phase,) = draw_chart(points, first=4).phases
    assert phase.centre == 5.5
    assert phase.upper == pytest.approx(5.5 + 2.66)
    assert flagged(draw_chart(points, first=4), Rule.OUTSIDE) == [5]


def test_one_screening_pass_takes_out_a_large_range() -> None:
    values = [1.0, 2, 1, 2, 1, 2, 1, 30, 29, 28]
    (phase,) = draw_chart(daily(values)).phases
    assert phase.upper == pytest.approx(sum(values) / 10 + 2.66 * 1.0)  # eight ranges of 1; the jump of 29 is left out


@pytest.mark.parametrize(("direction", "last", "expected"), [
    (Direction.INCREASE, 30.0, Variation.IMPROVEMENT),
    (Direction.DECREASE, 30.0, Variation.CONCERN),
    (None, 30.0, Variation.NEUTRAL),
    (Direction.INCREASE, 10.5, Variation.COMMON_CAUSE),
])  # fmt: skip
def test_variation_is_what_the_last_point_says(direction: Direction | None, last: float, expected: Variation) -> None:
    assert draw_chart(daily([10.0, 11, 10, 11, 10, 11, 10, 11, 10, last]), direction=direction).variation is expected


@pytest.mark.parametrize(("target", "expected"), [(5.0, Assurance.MET), (10.0, Assurance.INCONSISTENT), (20.0, Assurance.MISSED)])
def test_assurance_compares_the_target_with_the_last_limits(target: float, expected: Assurance) -> None:
    values = [10.0, 11, 10, 11, 10, 11, 10, 11]
    assert draw_chart(daily(values), target=target, direction=Direction.INCREASE).assurance is expected


def test_anhoej_tests_drop_points_on_the_median() -> None:
    values = [1.0, 2, 3, 2, 3, 2, 1]
    assert crossings_and_runs(values, Limits(2.0, None)) == (4, 2, 2)
    assert set(ANHOEJ.rules) == {Rule.LONG_RUN, Rule.FEW_CROSSINGS}


def test_unknown_profile_duplicate_day_and_bad_first_are_refused() -> None:
    with pytest.raises(NotFound, match="known: nhs"):
        draw_chart(daily([1.0]), "six_sigma")
    with pytest.raises(Refused, match="two points"):
        draw_chart([Point(START, 1.0), Point(START, 2.0)])
    with pytest.raises(Refused, match="at least 2"):
        draw_chart(daily([1.0, 2.0]), first=1)
