"""Decisions of people, and the day on which we will know: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ancrage.domain.anchoring.course import Detail
from ancrage.domain.anchoring.decisions import (
    AnchoringDecision,
    Circumstances,
    DecisionKind,
    accepted_rebases,
    asks_for_a_lifetime,
    judge,
    with_lifetime,
)
from ancrage.domain.anchoring.next_date import next_date
from ancrage.domain.anchoring.series import Point
from ancrage.domain.anchoring.verdict import State
from ancrage.domain.indicators import Cadence, Direction, Indicator, Phase, Thresholds, ValueKind
from ancrage.language import Label

INDICATOR = Indicator(
    "triaged", Label.same("Triaged"), "reliability", Label.same("-"), "reactivity", ValueKind.VALUE, "h", Direction.INCREASE, "manual",
    Cadence.WEEK, "owner", "sponsor", Thresholds(30.0), follow_until=date(2026, 6, 30),
)  # fmt: skip
EVENT = date(2026, 3, 2)


def decision(kind: DecisionKind, day: date, until: date | None = None) -> AnchoringDecision:
    return AnchoringDecision(kind, "triaged", day, until, datetime(2026, 1, 1, tzinfo=UTC), "anne", "why")


def weekly(first: date, values: list[float]) -> list[Point]:
    return [Point(first + timedelta(weeks=week), value) for week, value in enumerate(values)]


def test_life_goes_one_way_and_the_declaration_may_be_further_along() -> None:
    watch = [decision(DecisionKind.WATCH, date(2026, 7, 1), date(2027, 7, 1))]
    assert with_lifetime(INDICATOR, watch, date(2026, 6, 30)).phase is Phase.FOLLOW
    watched = with_lifetime(INDICATOR, watch, date(2026, 7, 1))
    assert (watched.phase, watched.follow_until) == (Phase.WATCH, date(2027, 7, 1))
    retired = replace(INDICATOR, phase=Phase.RETIRE)
    assert with_lifetime(retired, watch, date(2026, 7, 1)) is retired


@pytest.mark.parametrize(("phase", "today", "asked"), [
    (Phase.FOLLOW, date(2026, 6, 30), None), (Phase.FOLLOW, date(2026, 7, 1), date(2026, 6, 30)),
    (Phase.WATCH, date(2026, 7, 1), date(2026, 6, 30)), (Phase.RETIRE, date(2026, 7, 1), None),
])  # fmt: skip
def test_a_lifetime_is_asked_for_the_day_after_its_last(phase: Phase, today: date, asked: date | None) -> None:
    assert asks_for_a_lifetime(replace(INDICATOR, phase=phase), today) == asked


def test_the_last_decision_about_a_day_counts() -> None:
    one, other = date(2026, 1, 5), date(2026, 2, 2)
    decided = [decision(DecisionKind.REBASE_ACCEPTED, other), decision(DecisionKind.REBASE_ACCEPTED, one),
               decision(DecisionKind.REBASE_REFUSED, other), decision(DecisionKind.LEVEL_ACCEPTED, one)]  # fmt: skip
    assert accepted_rebases(decided) == (one,)


@pytest.mark.parametrize(("known", "as_of", "detail"), [
    (Circumstances(), EVENT, Detail.NO_EVENT),
    (Circumstances(lag_days=60), EVENT, Detail.TOO_EARLY),
    (Circumstances(event=EVENT, lag_days=60), EVENT + timedelta(days=59), Detail.TOO_EARLY),
    (Circumstances(event=EVENT, lag_days=60), EVENT + timedelta(days=60), Detail.TOO_FEW_POINTS),
])  # fmt: skip
def test_an_effect_is_too_early_until_its_lag_is_over_and_never_without_an_event(known: Circumstances, as_of: date, detail: Detail) -> None:
    assert judge(INDICATOR, weekly(EVENT - timedelta(weeks=12), [10.0, 12.0] * 10), known, as_of).detail is detail


@pytest.mark.parametrize(("known", "weeks", "state", "expected"), [
    (Circumstances(), 0, State.INSUFFICIENT_DATA, None),
    # five readings since Monday 2 March, the last of the week from 30 March; three more end on 26 April, and four days may pass
    (Circumstances(event=EVENT), 5, State.EMERGING, date(2026, 4, 30)),
    # adopted after 10: 2 are missing to the reference, and 8 more: ten weeks after that of 4 May; but six months end on 2 September
    (Circumstances(event=EVENT), 10, State.ADOPTED, date(2026, 9, 2)),
    (Circumstances(event=EVENT, support_ended=date(2026, 1, 5)), 10, State.ADOPTED, date(2026, 7, 23)),
    (Circumstances(lag_days=60), 5, State.INSUFFICIENT_DATA, None),
])  # fmt: skip
def test_the_day_on_which_we_will_know_is_counted_in_periods(
    known: Circumstances, weeks: int, state: State, expected: date | None
) -> None:
    before = weekly(EVENT - timedelta(weeks=12), [14.0, 17.0, 11.0, 20.0, 13.0, 19.0, 12.0, 21.0, 15.0, 18.0, 10.0, 16.0])
    points = before + weekly(EVENT, ([40.0, 42.0, 39.0, 43.0, 41.0] * 3)[:weeks])
    verdict = judge(INDICATOR, points, known, points[-1].day)
    assert verdict.state is state
    assert next_date(INDICATOR, known, verdict).day == expected
