"""Charts of many series at once are the charts of each, to the last bit; a tick flags what the whole chart flags at its end."""

from __future__ import annotations

import random
from datetime import date, timedelta
from statistics import fmean

import numpy as np
import pytest

from ancrage.domain.anchoring.arrays import FINDERS, TOGETHER, ChartArrays, Watch, draw_charts, exact_means
from ancrage.domain.anchoring.chart import Chart, draw_chart
from ancrage.domain.anchoring.profiles import PROFILES
from ancrage.domain.anchoring.series import Point
from ancrage.errors import NotFound

DAY = date(2020, 1, 6)
POINTS = 40


def some_series(seed: int, points: int = POINTS) -> list[float]:
    """A series of any shape: noise, steps of whole numbers with ties, a slope, a saw, a constant, one point; gaps in some."""
    dice = random.Random(seed)
    level, scale = dice.choice((0.0, 10.0, 1e6, -3.3)), dice.choice((0.02, 1.0, 40.0))
    shapes = (
        lambda n: level + scale * dice.gauss(0, 1),
        lambda n: level + dice.randint(-2, 2),
        lambda n: level + scale * (n / 4 + dice.gauss(0, 1)),
        lambda n: level + scale * ((-1) ** n * 2 + dice.gauss(0, 0.5)),
        lambda n: level + scale * (dice.gauss(0, 1) + 3 * (n > points // 2)),
        lambda n: level + scale * (dice.gauss(0, 0.1) + 9 * (n == 5)),
        lambda _: level,
    )
    shape = dice.choice(shapes)
    gaps = dice.choice((0.0, 0.0, 0.1, 0.5, 0.97, 1.0))
    return [float("nan") if dice.random() < gaps else shape(number) for number in range(points)]


SERIES = [some_series(seed) for seed in range(400)]
READINGS = np.array(SERIES)


def drawn_alone(series: list[float], profile: str, first: int | None) -> Chart:
    days = [DAY + timedelta(weeks=number) for number in range(len(series))]
    points = [Point(day, None if value != value else value) for day, value in zip(days, series, strict=True)]
    return draw_chart(points, profile, first=first)


def differences(charts: ChartArrays, number: int, alone: Chart) -> list[object]:
    """What of one series is not the same both ways."""
    limits = {(point.centre, point.lower, point.upper) for point in alone.points if point.value is not None}
    centre, reach = float(charts.centre[number]), float(charts.reach[number])
    expected = set() if not limits else {(centre, *((None, None) if np.isnan(reach) else (centre - reach, centre + reach)))}
    found: list[object] = [limits ^ expected] if limits != expected else []
    for time, point in enumerate(alone.points):
        if charts.rules_at(number, time) != point.rules:
            found.append((time, point.rules))
        if ("on", "above", "below")[charts.sides[number, time]] != (point.side or "on"):
            found.append((time, point.side))
    return found


@pytest.mark.parametrize("first", [None, 12])
@pytest.mark.parametrize("profile", PROFILES)
def test_limits_and_flags_are_those_of_each_series_alone(profile: str, first: int | None) -> None:
    assert len(SERIES) > TOGETHER
    charts = draw_charts(READINGS, profile, first=first)
    told = {number: differences(charts, number, drawn_alone(series, profile, first)) for number, series in enumerate(SERIES)}
    assert {number: found for number, found in told.items() if found} == {}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_random_series_try_every_rule(profile: str) -> None:
    charts = draw_charts(READINGS, profile)
    seen = int(np.bitwise_or.reduce(charts.flags, axis=None))
    assert seen == 2 ** len(PROFILES[profile].rules) - 1
    assert tuple(FINDERS[profile]) == tuple(PROFILES[profile].rules)


@pytest.mark.parametrize("profile", [name for name in PROFILES if name != "anhoej"])
def test_a_tick_flags_what_the_chart_with_the_same_limits_flags_at_its_end(profile: str) -> None:
    known = 20
    watch = Watch(draw_charts(READINGS[:, :known], profile, first=12), READINGS[:, :known])
    # Where the first 20 hold fewer than 12 readings, the limits of the longer chart rest on more than those of the shorter.
    settled = np.count_nonzero(~np.isnan(READINGS[:, :known]), axis=1) >= 12
    for time in range(known, POINTS):
        whole = draw_charts(READINGS[:, : time + 1], profile, first=12)
        newest = watch.feed(READINGS[:, time])
        assert (newest[settled] == whole.flags[settled, -1]).all()


def test_a_phase_that_is_judged_as_a_whole_cannot_be_watched() -> None:
    with pytest.raises(NotFound, match="anhoej"):
        Watch(draw_charts(READINGS, "anhoej"), READINGS)


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(NotFound, match="western_electric"):
        draw_charts(READINGS, "juran")


def test_means_are_rounded_once() -> None:
    rows = np.array([[1e16, 1.0, -1e16, 1.0], [0.1] * 4, [1.0, float("nan"), 2.0, float("nan")]])
    assert exact_means(rows, ~np.isnan(rows)).tolist() == [fmean([1e16, 1.0, -1e16, 1.0]), fmean([0.1] * 4), 1.5]


@pytest.mark.parametrize("shape", [(0, 5), (3, 0), (2, 1)])
def test_charts_without_points_have_no_limits(shape: tuple[int, int]) -> None:
    charts = draw_charts(np.full(shape, np.nan))
    assert np.isnan(charts.centre).all()
    assert not charts.flags.any()


@pytest.mark.parametrize("size", [1, 2, 3, 15, 260])
def test_means_of_any_magnitudes_are_those_of_the_standard_library(size: int) -> None:
    dice = random.Random(size)
    rows = np.array([[dice.gauss(0, 1) * 10.0 ** dice.randint(-12, 12) for _ in range(size)] for _ in range(300)])
    rows = np.concatenate([rows, np.round(rows, 1), np.trunc(rows), -np.abs(rows)])
    assert exact_means(rows, np.ones(rows.shape, np.bool_)).tolist() == [fmean(row) for row in rows.tolist()]
