"""One open alert per cause: what is wrong now, under a name that stays the same as long as it lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from ancrage.domain.anchoring.periods import period_of
from ancrage.domain.anchoring.series import Point
from ancrage.domain.anchoring.signals import AlertKind, find_alerts, is_beyond, late_periods
from ancrage.domain.anchoring.verdict import State, Verdict, evaluate_verdict
from ancrage.domain.indicators import Cadence, Direction, Indicator, Phase, Thresholds, ValueKind
from ancrage.language import Label, say

BACKLOG = Indicator(
    id="backlog", name=Label.same("Backlog"), objective="reliability", definition=Label.same("open tickets"), type="reactivity",
    kind=ValueKind.VALUE, unit="tickets", direction=Direction.DECREASE, source="manual", cadence=Cadence.MONTH, owner="owner",
    reports_to="sponsor", thresholds=Thresholds(target=40, alert=60),
)  # fmt: skip


def monthly(values: Sequence[float | None], first_month: int = 1) -> list[Point]:
    return [Point(date(2026, first_month + number, 28), value) for number, value in enumerate(values)]


def keys(readings: Sequence[Point], as_of: date, verdict: Verdict | None = None, indicator: Indicator = BACKLOG) -> list[str]:
    return [cause.key for cause in find_alerts(indicator, readings, as_of, verdict)]


def test_a_threshold_is_crossed_strictly_on_the_bad_side() -> None:
    assert is_beyond(60.1, 60, Direction.DECREASE)
    assert not is_beyond(60, 60, Direction.DECREASE)
    assert not is_beyond(60.1, 60, Direction.INCREASE)
    assert is_beyond(59.9, 60, Direction.INCREASE)


def test_a_reading_beyond_the_limit_is_a_cause_named_after_its_first_day() -> None:
    (cause,) = find_alerts(BACKLOG, monthly([50, 61, 65]), date(2026, 3, 31))
    assert (cause.kind, cause.key, cause.value) == (AlertKind.THRESHOLD, "threshold:2026-02-28", 65)
    assert str(cause.message) == "Backlog: 65 is beyond the alert limit of 60, since 2026-02-28"


def test_the_same_cause_keeps_its_key_and_a_new_one_gets_another() -> None:
    readings = monthly([50, 61, 65, 58, 70])
    assert keys(readings[:2], date(2026, 3, 1)) == keys(readings[:3], date(2026, 3, 31)) == ["threshold:2026-02-28"]
    assert keys(readings[:4], date(2026, 4, 30)) == []
    assert keys(readings, date(2026, 5, 31)) == ["threshold:2026-05-28"]


def test_a_reading_back_on_the_limit_ends_the_cause() -> None:
    assert keys(monthly([70, 60]), date(2026, 2, 28)) == []


def test_a_missing_reading_does_not_end_a_cause() -> None:
    assert keys(monthly([70, None]), date(2026, 2, 28)) == ["threshold:2026-01-28"]


def test_without_an_alert_limit_nothing_is_crossed() -> None:
    assert keys(monthly([99]), date(2026, 1, 31), indicator=replace(BACKLOG, thresholds=Thresholds(target=40))) == []


def test_a_month_is_late_ten_days_after_its_end() -> None:
    readings = monthly([50, 50])  # January and February
    assert keys(readings, date(2026, 4, 10)) == []
    assert keys(readings, date(2026, 4, 11)) == ["missing:2026-03"]


def test_more_missing_months_are_the_same_cause() -> None:
    (cause,) = find_alerts(BACKLOG, monthly([50, 50]), date(2026, 7, 1))
    assert cause.key == "missing:2026-03"
    assert str(cause.message) == "Backlog: 3 readings missing since 2026-03"


def test_a_reading_of_a_later_month_ends_the_wait() -> None:
    assert keys([*monthly([50, 50]), Point(date(2026, 6, 30), 50)], date(2026, 7, 1)) == []


def test_an_indicator_never_read_is_late_from_the_period_it_was_expected() -> None:
    assert late_periods(Cadence.MONTH, (), date(2026, 5, 1)) == ()
    assert [period.name for period in late_periods(Cadence.MONTH, (), date(2026, 5, 11), date(2026, 3, 15))] == ["2026-03", "2026-04"]


@pytest.mark.parametrize(("cadence", "name", "first", "last"), [
    (Cadence.DAY, "2026-12-31", date(2026, 12, 31), date(2026, 12, 31)),
    (Cadence.WEEK, "2026-W53", date(2026, 12, 28), date(2027, 1, 3)),
    (Cadence.MONTH, "2026-12", date(2026, 12, 1), date(2026, 12, 31)),
])  # fmt: skip
def test_periods_survive_the_turn_of_the_year(cadence: Cadence, name: str, first: date, last: date) -> None:
    period = period_of(date(2026, 12, 31), cadence)
    assert (period.name, period.first, period.last) == (name, first, last)


def test_an_erosion_is_a_cause_named_after_the_first_point_of_the_fall() -> None:
    before = [Point(date(2023 + month // 12, month % 12 + 1, 28), 60.0 + month % 5) for month in range(12)]
    held = [Point(date(2024 + month // 12, month % 12 + 1, 28), 30.0 + (23 - month) % 5) for month in range(24)]
    fall = monthly([37.0, 38.0, 37.5, 38.5, 38.0])
    readings = before + held + fall
    verdict = evaluate_verdict(readings, date(2024, 1, 1), 45, Direction.DECREASE, ValueKind.VALUE, date(2026, 5, 31))
    assert verdict.state is State.ERODING
    (cause,) = find_alerts(BACKLOG, readings, date(2026, 5, 31), verdict)
    assert cause.key == "erosion:2026-01-28"
    assert "while the target is still met" in str(cause.message)


def test_no_verdict_but_erosion_raises_an_alert() -> None:
    verdict = Verdict(date(2026, 1, 31), State.NOT_STARTED, None, None, say("wait"))
    assert keys(monthly([50]), date(2026, 1, 31), verdict) == []


def test_a_retired_indicator_raises_nothing() -> None:
    assert keys(monthly([99]), date(2026, 12, 31), indicator=replace(BACKLOG, phase=Phase.RETIRE)) == []


def test_nothing_later_than_as_of_is_seen() -> None:
    assert keys(monthly([50, 99]), date(2026, 2, 1)) == []
