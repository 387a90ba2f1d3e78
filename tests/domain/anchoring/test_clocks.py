"""The four clocks of a transformation: plan, forecast, actual."""

from __future__ import annotations

from datetime import date, timedelta

from ancrage.domain.anchoring.clocks import Clock, evaluate_effects, reached_on, read_clocks, weakest
from ancrage.domain.anchoring.series import Point
from ancrage.domain.anchoring.verdict import Detail, State, Verdict
from ancrage.domain.indicators import Direction, Transformation, ValueKind
from ancrage.language import Label, say

PRACTICE = Transformation(
    id="incident", name=Label.same("Incidents"), objectives=(), processes=(), planned_defined=date(2026, 1, 31),
    planned_tool_delivered=date(2026, 3, 1), planned_adopted=date(2026, 6, 30), planned_effects=date(2026, 9, 30), effects_lag_days=60,
)  # fmt: skip
TODAY = date(2026, 4, 15)


def verdict(state: State, adopted_on: date | None = None) -> Verdict:
    return Verdict(TODAY, state, None, None, say("wait"), adopted_on=adopted_on)


def test_a_clock_that_has_struck_has_no_forecast() -> None:
    defined, delivered, *_ = read_clocks(PRACTICE, TODAY, defined_on=date(2026, 2, 10), delivered_on=date(2026, 3, 20))
    assert (defined.actual, defined.forecast, defined.slip_days) == (date(2026, 2, 10), None, 10)
    assert (delivered.actual, delivered.slip_days) == (date(2026, 3, 20), 19)


def test_the_slip_of_one_clock_moves_the_forecast_of_the_next() -> None:
    _, _, adopted, effects = read_clocks(PRACTICE, TODAY, defined_on=date(2026, 2, 10), delivered_on=date(2026, 3, 20))
    assert adopted.forecast == date(2026, 6, 30) + timedelta(days=19)
    assert effects.forecast == date(2026, 9, 30) + timedelta(days=19)


def test_a_forecast_is_never_in_the_past() -> None:
    late = read_clocks(PRACTICE, date(2026, 8, 1), defined_on=date(2026, 1, 31))
    assert [clock.forecast for clock in late[1:3]] == [date(2026, 8, 1), date(2026, 6, 30) + timedelta(days=153)]


def test_being_early_does_not_promise_more() -> None:
    _, delivered, *_ = read_clocks(PRACTICE, date(2026, 1, 20), defined_on=date(2026, 1, 10))
    assert delivered.forecast == date(2026, 3, 1)


def test_an_actual_day_to_come_has_not_struck() -> None:
    assert read_clocks(PRACTICE, TODAY, delivered_on=date(2026, 5, 1))[1].actual is None


def test_adoption_is_reached_when_the_last_indicator_is_adopted() -> None:
    both = [verdict(State.ANCHORED, date(2026, 5, 1)), verdict(State.ADOPTED, date(2026, 6, 1))]
    assert reached_on(both) == date(2026, 6, 1)
    assert reached_on([*both, verdict(State.EMERGING)]) is None
    assert reached_on([]) is None


def test_the_weakest_indicator_speaks_for_the_practice() -> None:
    assert weakest([verdict(State.ANCHORED), verdict(State.ERODING)]) is State.ERODING
    assert weakest([verdict(State.ANCHORED), verdict(State.EMERGING)]) is State.EMERGING
    assert weakest([]) is None
    assert read_clocks(PRACTICE, TODAY, adoption=[verdict(State.EMERGING)])[2].state is State.EMERGING


def test_an_eroding_practice_was_adopted_all_the_same() -> None:
    clocks = read_clocks(PRACTICE, TODAY, adoption=[verdict(State.ERODING, date(2026, 4, 1))])
    assert (clocks[2].clock, clocks[2].actual, clocks[2].state) == (Clock.ADOPTED, date(2026, 4, 1), State.ERODING)


def effects(adopted_on: date | None, as_of: date) -> Verdict:
    weekly = [Point(date(2025, 10, 1) + timedelta(weeks=week), 10.0 + week % 5) for week in range(60)]
    return evaluate_effects(
        weekly, adopted_on, 60, 5.0, Direction.DECREASE, ValueKind.VALUE, as_of, delivered_on=date(2026, 3, 1)
    )


def test_effects_are_too_early_until_adoption_and_its_lag() -> None:
    assert effects(None, TODAY).detail is Detail.TOO_EARLY
    assert effects(date(2026, 4, 1), date(2026, 5, 30)).detail is Detail.TOO_EARLY
    assert "60 days" in str(effects(None, TODAY).next_change)


def test_effects_are_compared_with_what_was_before_the_tool() -> None:
    judged = effects(date(2026, 4, 1), date(2026, 9, 1))
    assert judged.state is State.NOT_STARTED
    assert judged.numbers["baseline_points"] == 22  # 1 October 2025 to 25 February 2026, weekly
