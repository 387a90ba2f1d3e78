"""The rest of what the reference folder publishes: every run test, every phase, every flag and colour of a point; and n = 5.

Two things the references do are not imitated, on purpose (README of the folder): a missing last value that flags innocent points, and a
constant series without limits. What happens here instead is in `test_charts`: `test_a_missing_last_point_flags_nobody_else` and
`test_a_constant_series_is_a_state_without_a_signal`. Of the published fields only `short_group_warning` (a hint to the drawer) is not made.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from ancrage.domain.anchoring.chart import Chart, draw_chart
from ancrage.domain.anchoring.limits import ChartKind, Limits
from ancrage.domain.anchoring.profiles import PROFILES, crossings_and_runs, fewest_crossings_allowed, longest_run_allowed
from ancrage.domain.anchoring.run_rules import Rule
from ancrage.domain.anchoring.series import Point
from tests.domain.anchoring.test_charts import START, cdi_points, daily, nhs_chart

CDI = {
    "run_all": (ChartKind.RUN, None, False), "c_all": (ChartKind.C, None, False), "u_all_per_10000": (ChartKind.U, None, False),
    "i_freeze24": (ChartKind.XMR, 24, False), "i_part24": (ChartKind.XMR, None, True), "run_freeze24": (ChartKind.RUN, 24, False),
}  # fmt: skip


def cdi_chart(folder: Path, name: str) -> tuple[Chart, dict[str, Any]]:
    reference = json.loads((folder / "indicators" / "cdi.json").read_text())
    kind, first, split = CDI[name]
    counts = [Point(date.fromisoformat(row["month"]), row["n"]) for row in reference["input"]]
    points = cdi_points(reference) if kind in (ChartKind.C, ChartKind.U) else counts
    rebase = [points[24].day] if split else []
    return draw_chart(points, "anhoej", kind=kind, first=first, rebase=rebase), reference["reference"][name]


def runs_of(chart: Chart) -> list[dict[str, Any]]:
    """The Anhøj counts of each phase, under their published names."""
    found = []
    for number, phase in enumerate(chart.phases, start=1):
        points = [point for point in chart.points if phase.first <= point.day <= phase.last]
        centres = [(point.value or 0.0) - (point.centre or 0.0) for point in points]
        useful, longest, crossings = crossings_and_runs(centres, Limits(0.0, None))
        signal = longest > longest_run_allowed(useful) or crossings < fewest_crossings_allowed(useful)
        flags = {rule for point in points for rule in point.rules} & {Rule.LONG_RUN, Rule.FEW_CROSSINGS}
        assert bool(flags) is signal
        found.append({
            "part": number, "n.obs": len(points), "n.useful": useful,
            "longest.run": longest, "longest.run.max": longest_run_allowed(useful),
            "n.crossings": crossings, "n.crossings.min": fewest_crossings_allowed(useful), "runs.signal": signal,
        })  # fmt: skip
    return found


@pytest.mark.reference_data
@pytest.mark.parametrize("name", sorted(CDI))
def test_every_run_test_and_phase_of_the_infections_matches_qicharts2(reference_data: Path, name: str) -> None:
    chart, expected = cdi_chart(reference_data, name)
    scale = 10_000.0 if name.startswith("u_") else 1.0
    assert runs_of(chart) == expected["runs"]
    assert [scale * (point.centre or 0.0) for point in chart.points] == pytest.approx(expected["cl"], rel=1e-6)
    starts = [phase.first for phase in chart.phases]
    assert [sum(start <= point.day for start in starts) for point in chart.points] == expected["part"]


@pytest.mark.reference_data
@pytest.mark.parametrize(("name", "kind"), [("p", ChartKind.P), ("p_prime", ChartKind.P_PRIME), ("i", ChartKind.XMR)])
def test_every_run_test_of_the_accidents_matches_qicharts2(reference_data: Path, name: str, kind: ChartKind) -> None:
    reference = json.loads((reference_data / "indicators" / "nhs_accidents.json").read_text())
    points = [Point(START + timedelta(weeks=row["i"]), None, row["r"], row["n"]) for row in reference["input"]]
    assert runs_of(draw_chart(points, "anhoej", kind=kind)) == reference["reference"][name]["runs"]


@pytest.mark.reference_data
@pytest.mark.parametrize("number", range(5))
def test_every_flag_of_every_point_matches_plotthedots(reference_data: Path, number: int) -> None:
    case = json.loads((reference_data / "indicators" / "nhs_ae_rrk.json").read_text())[number]
    chart, expected = nhs_chart(case), case["expected"]
    starts = [phase.first for phase in chart.phases]
    assert [sum(start <= point.day for start in starts) - 1 for point in chart.points] == expected["rebase_group"]
    assert [Rule.OUTSIDE in point.rules for point in chart.points] == expected["outside_limits"]
    assert [is_close(chart, place) for place in range(len(chart.points))] == expected["close_to_limits"]
    assert [colour(chart, place) for place in range(len(chart.points))] == expected["point_type"]


def is_close(chart: Chart, place: int) -> bool:
    """Beyond two thirds of the way to a limit and inside it."""
    point = chart.points[place]
    assert point.value is not None
    assert point.centre is not None
    assert point.upper is not None
    reach = point.upper - point.centre
    return 2 / 3 * reach < abs(point.value - point.centre) <= reach


def colour(chart: Chart, place: int) -> str:
    """What a point means: the side of its signal against the good direction; a trend by where it stands."""
    point = chart.points[place]
    if not point.rules:
        return "common_cause"
    good = "above" if chart.direction == "increase" else "below"
    return "special_cause_improvement" if point.side == good else "special_cause_concern"


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_five_points_have_limits_and_are_too_few_for_most_rules(profile: str) -> None:
    chart = draw_chart(daily([10.0, 11.0, 9.0, 10.0, 12.0]), profile)
    (phase,) = chart.phases
    assert phase.points == 5
    if profile != "anhoej":
        # mean moving range (1 + 2 + 1 + 2) / 4 = 1.5; limits 10.4 +- 2.66 x 1.5
        assert phase.centre == pytest.approx(10.4)
        assert phase.upper == pytest.approx(10.4 + 2.66 * 1.5, rel=1e-3)
    assert all(not point.rules for point in chart.points)


@pytest.mark.parametrize("profile", ["nhs", "western_electric", "nelson", "wheeler"])
def test_a_value_exactly_on_a_limit_is_inside_for_every_profile(profile: str) -> None:
    rules = PROFILES[profile].rules[Rule.OUTSIDE]
    limits = Limits(10.0, (3.0, 3.0, 3.0), 1.128)
    assert rules([10.0, 13.0, 10.0], limits) == frozenset()
    assert rules([10.0, 7.0, 13.0000001], limits) == {2}


@pytest.mark.parametrize(("profile", "length"), [("nhs", 7), ("western_electric", 8), ("nelson", 9), ("wheeler", 8)])
def test_a_tie_with_the_mean_breaks_a_run_for_every_profile(profile: str, length: int) -> None:
    run = PROFILES[profile].rules[Rule.RUN]
    limits = Limits(10.0, (3.0,) * (length + 1), 1.128)
    assert run([11.0] * length + [10.0], limits)
    assert not run([11.0] * (length - 1) + [10.0] + [11.0], limits)
