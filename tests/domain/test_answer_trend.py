"""Fading answers are heard before they stall; a steady sponsor is left in peace. The full table: `python -m benchmarks.prove_erosion`."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancrage.domain.answer_trend import AnswerTrend, Listener, alarm_limit, determine_answer_trend, waits_of
from ancrage.domain.engagement_record import Promise
from ancrage.domain.escalation.facts import Result
from benchmarks.prove_erosion import DELAY_DAYS, START, USUAL, Asked, first_alarm, is_falsely_alarmed, is_found, percent, simulate


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def promises_of(shares: Sequence[float | None], every: float = 7, delay: float = 5) -> list[Promise]:
    """One promise every week, answered after these shares of its delay; None: never."""
    found = []
    for number, share in enumerate(shares):
        opened = number * every
        answered = None if share is None else day(opened + share * delay)
        result = None if share is None else Result.KEPT
        found.append(Promise(f"c{number:03}", "react", "anne", day(opened), day(opened + delay), answered, answered, result))
    return found


STEADY = [0.2, 0.25, 0.15, 0.22, 0.18, 0.3, 0.12, 0.21, 0.19, 0.24, 0.16, 0.23, 0.26, 0.2, 0.17]


def test_a_steady_sponsor_has_no_trend() -> None:
    trend = determine_answer_trend(promises_of(STEADY), day(120))
    assert (trend.is_eroding, trend.promises, trend.since) == (False, 15, None)
    assert str(trend.message) == "Answers come as they used to."


def test_slower_answers_are_heard_before_one_is_late() -> None:
    # Each slower than all before it: scores of the highest of 16, 17, ... less one half; the limit for weekly promises is about 5.6.
    slow = [0.4, 0.45, 0.5, 0.55, 0.6]
    trend = determine_answer_trend(promises_of(STEADY + slow), day(140))
    assert trend.is_eroding
    assert trend.since == day(15 * 7)
    assert trend.usual_share == pytest.approx(0.2)
    assert trend.recent_share == pytest.approx(0.5)
    assert str(trend.message) == "Answers slow down since 2026-04-16: 50 percent of the delay is used, 20 percent before."


def test_answers_that_thin_out_are_heard_too() -> None:
    assert determine_answer_trend(promises_of([*STEADY, None, None, None, None, None]), day(140)).is_eroding


def test_a_promise_still_open_counts_only_once_it_has_waited_long() -> None:
    promises = promises_of([*STEADY, None])
    opened = day(15 * 7)
    assert determine_answer_trend(promises, opened + timedelta(hours=1)).strength == determine_answer_trend(promises[:-1], opened).strength
    assert determine_answer_trend(promises, opened + timedelta(days=4)).strength > 1


def test_waived_and_cancelled_promises_leave_no_trace() -> None:
    waived = Promise("c900", "react", "anne", day(50), day(55), day(54), day(54), Result.WAIVED)
    assert determine_answer_trend([*promises_of(STEADY), waived], day(120)) == determine_answer_trend(promises_of(STEADY), day(120))


def test_clauses_with_different_delays_speak_together() -> None:
    assert [wait.share for wait in waits_of(promises_of([0.2, 0.4], delay=10), day(90))] == pytest.approx([0.2, 0.4])


def test_few_promises_only_teach() -> None:
    trend = determine_answer_trend(promises_of([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]), day(90))
    assert (trend.strength, trend.is_eroding) == (0.0, False)
    assert str(trend.message) == "8 promises so far: too few to tell a trend."
    assert determine_answer_trend([], day(0)) == AnswerTrend(False, 0.0, alarm_limit(0, 0), 0)


def test_more_promises_need_a_higher_limit() -> None:
    assert alarm_limit(96, 730) == 5.7
    assert alarm_limit(192, 730) == pytest.approx(6.45)
    assert alarm_limit(1, 730) == 3.8
    assert alarm_limit(10, 1) == alarm_limit(10, 90)


@given(st.lists(st.floats(0.01, 3.0), min_size=1, max_size=40), st.integers(0, 300))
def test_nothing_later_than_as_of_is_seen(shares: list[float], seen: int) -> None:
    promises, as_of = promises_of(shares), day(seen)
    known = [promise.seen(as_of) for promise in promises if promise.opened_at <= as_of]
    assert determine_answer_trend(promises, as_of) == determine_answer_trend(known, as_of)


@given(st.lists(st.integers(1, 64), min_size=9, max_size=40))
def test_only_the_order_of_waits_counts(shares: list[int]) -> None:
    plain, curved = Listener(), Listener()
    for wait, other in zip(waits_of(promises_of([share / 64 for share in shares]), day(9999)),
                           waits_of(promises_of([(share / 64) ** 2 for share in shares]), day(9999)), strict=True):  # fmt: skip
        plain.hear(wait)
        curved.hear(other)
    assert plain.strength == pytest.approx(curved.strength)


def as_promises(asked: Sequence[Asked]) -> list[Promise]:
    found = []
    for number, each in enumerate(asked):
        answer = day(each.answered) if each.answered is not None else None
        result = None if answer is None else Result.LATE if each.is_stalled else Result.KEPT
        opened = day(each.opened)
        found.append(Promise(f"c{number:04}", "react", "x", opened, opened + timedelta(days=DELAY_DAYS), answer, answer, result))
    return found


@pytest.mark.parametrize(("seed", "alarmed"), [(3, False), (4, True)])
def test_the_benchmark_looks_with_the_same_eyes_as_the_record(seed: int, alarmed: bool) -> None:
    asked = simulate(USUAL, 400, random.Random(seed), slows=200)
    promises = as_promises(asked)
    mornings = (number for number in range(1, 400) if determine_answer_trend(promises, day(number)).is_eroding)
    first = next(mornings, None)
    assert (first is not None) is alarmed
    assert first_alarm(asked, 399) == first


def test_a_share_of_the_simulation_meets_its_goals() -> None:
    names = [f"suite:{number}" for number in range(60)]
    assert percent([is_falsely_alarmed((USUAL, name)) for name in names]) <= 12  # 5% of 60 is 3; 7 are very unlikely
    found = [is_found((USUAL, name, False)) for name in names]
    assert percent([each for each in found if each is not None]) >= 65
