"""The four clocks as a picture, and a series in the space of a word."""

from __future__ import annotations

from datetime import date

import pytest

from ancrage.domain.anchoring.clocks import Clock, ClockReading
from ancrage.pictures import clocks, sparkline
from ancrage.pictures.svg import inline

TODAY = date(2026, 4, 1)
READINGS = (
    ClockReading(Clock.DEFINED, date(2026, 1, 23), None, date(2026, 1, 30)),
    ClockReading(Clock.TOOL_DELIVERED, date(2026, 2, 16), date(2026, 4, 1), None),
    ClockReading(Clock.ADOPTED, date(2026, 6, 12), date(2026, 7, 26), None),
    ClockReading(Clock.EFFECTS, None, None, None),
)


@pytest.mark.parametrize("width", [clocks.WIDE, clocks.NARROW])
def test_plan_actual_and_forecast_have_shapes_of_their_own(width: float) -> None:
    drawn = inline(clocks.draw(clocks.lay_out(READINGS, TODAY, "Triage", "en", width)))
    legend = 1
    assert drawn.count('class="before"') == 3 + legend
    assert drawn.count('class="level"') == 1 + legend
    assert drawn.count('class="aimed"') == 2 + legend
    assert "no date" in drawn
    assert "actual: Jan 30, 2026" in drawn or "actual: 30 Jan 2026" in drawn


def test_the_clocks_are_spoken_in_order() -> None:
    spoken = clocks.lay_out(READINGS, TODAY, "Triage", "en").spoken
    assert [spoken.index(words) for words in ("Process defined", "Tool delivered: expected on", "Effects observed: no date.")] == sorted(
        spoken.index(words) for words in ("Process defined", "Tool delivered: expected on", "Effects observed: no date.")
    )


def test_a_later_day_lies_further_right_and_everything_on_paper() -> None:
    layout = clocks.lay_out(READINGS, TODAY, "Triage", "fr", clocks.NARROW)
    days = sorted(day for one in READINGS for day in (one.planned, one.forecast, one.actual) if day is not None)
    places = [layout.at(day) for day in days]
    assert places == sorted(places)
    assert places[0] > 0
    assert places[-1] < layout.width


def test_clocks_without_a_day_are_a_picture_with_today() -> None:
    drawn = inline(clocks.draw(clocks.lay_out([ClockReading(clock, None, None, None) for clock in Clock], TODAY, "<b>", "en")))
    assert drawn.count("no date") >= 4
    assert "<b>" not in drawn


@pytest.mark.parametrize("values", [(), (None,), (3.0,), (3.0, 3.0), (1.0, None, 2.0, 4.0)])
def test_a_sparkline_of_nearly_nothing_is_still_a_picture(values: tuple[float | None, ...]) -> None:
    drawn = inline(sparkline.draw(values, None, "Triage", "said", "spark-a"))
    known = [value for value in values if value is not None]
    assert drawn.count("<circle") == bool(known)
    assert ("class=\"series\"" in drawn) is bool(known)
    assert 'id="spark-a-title"' in drawn


def test_a_sparkline_is_broken_where_a_reading_is_missing_and_shows_its_target() -> None:
    drawn = inline(sparkline.draw((1.0, 2.0, None, 4.0), 3.0, "Triage", "said", "spark-a"))
    assert drawn.count('class="series"') == 2
    assert drawn.count('class="target"') == 1
