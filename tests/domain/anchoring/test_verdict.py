"""Has it stuck? Hand-made series with the verdict expected at each point, argued from the steps of anchoring.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from ancrage.domain.anchoring.series import Point
from ancrage.domain.anchoring.verdict import Caveat, Detail, State, Verdict, add_months, evaluate_verdict
from ancrage.domain.indicators import Direction, ValueKind

EVENT = date(2026, 1, 1)
BASELINE = [10.0, 11.0, 9.0, 10.5, 9.5, 10.2, 9.8, 10.4, 9.6, 10.1, 9.9, 10.3]
GOOD = [14.0, 14.4, 13.6, 14.2, 13.8, 14.1, 13.9, 14.3, 13.7, 14.15, 13.85, 14.25]
"""Twelve points around 14, alternating, so that neighbours do not resemble each other."""


def weekly(values: Sequence[float | None], first: date = EVENT) -> list[Point]:
    return [Point(first + timedelta(weeks=number), value) for number, value in enumerate(values)]


def judge(
    after: Sequence[float | None], *, before: Sequence[float] = BASELINE, target: float | None = 12.0, as_of: date | None = None,
    accepted: Sequence[date] = (), support_ended: date | None = EVENT - timedelta(days=400),
) -> Verdict:  # fmt: skip
    points = weekly(before, EVENT - timedelta(weeks=len(before))) + weekly(after)
    day = as_of or points[-1].day
    return evaluate_verdict(
        points, EVENT, target, Direction.INCREASE, ValueKind.VALUE, day, accepted=accepted, support_ended=support_ended
    )


def states(after: Sequence[float], **given: object) -> list[State]:
    """The verdict after each point."""
    return [judge(after[: number + 1], **given).state for number in range(len(after))]  # type: ignore[arg-type]


I, N, E, A, K, X = (  # noqa: E741 - short names make a life readable as a word
    State.INSUFFICIENT_DATA, State.NOT_STARTED, State.EMERGING, State.ADOPTED, State.ANCHORED, State.ERODING,
)  # fmt: skip


def test_a_practice_that_sticks() -> None:
    # Every point beats the whole baseline: +1.2688 each, alarm at the 4th (5.075 > 4.975). Adopted at the 8th: mean 14 - t x s/sqrt 8
    # is far above 12. Anchored at the 20th: 12 points of reference, 8 more without an alarm.
    assert states(GOOD + GOOD[:10]) == [I] * 3 + [E] * 4 + [A] * 12 + [K] * 3


def test_a_change_that_never_began() -> None:
    assert states(BASELINE) == [I] * 7 + [N] * 5


def test_a_change_that_stops_half_way_is_never_adopted() -> None:
    # Better than the baseline, mean 11.5 below the target of 12: beginning, and no more.
    half = [11.5, 11.6, 11.4, 11.7, 11.3] * 6
    assert set(states(half)[4:]) == {E}


def test_a_change_begins_at_the_first_point_after_the_last_rest() -> None:
    verdict = judge([*BASELINE[:3], *GOOD])
    assert verdict.changed_since == EVENT + timedelta(weeks=3)
    assert verdict.emerged_on == EVENT + timedelta(weeks=6)
    assert verdict.adopted_on == EVENT + timedelta(weeks=10)


def test_a_surge_of_six_points_is_never_anchored() -> None:
    fading = [13.5, 13.0, 12.0, 11.0, 10.5]
    life = states([*GOOD[:6], *fading, *BASELINE, *BASELINE])
    assert State.ANCHORED not in life
    assert life[-1] is not State.ADOPTED


def test_erosion_is_heard_while_the_target_is_still_met() -> None:
    # From 14 down to 13: worse than every point of the reference, the target of 12 is still met. Twelve points of reference: four
    # such points make 5.075 > 4.975.
    before_it = GOOD + GOOD[:8]
    worse = [13.0, 13.1, 12.9, 13.05, 13.0]
    assert states(before_it + worse)[-6:] == [K, K, K, K, X, X]
    verdict = judge(before_it + worse[:4])
    assert (verdict.state, verdict.target_met) == (X, True)
    assert verdict.eroding_since == EVENT + timedelta(weeks=20)
    assert verdict.eroding_on == EVENT + timedelta(weeks=23)


def test_one_bad_point_changes_nothing() -> None:
    assert states([*GOOD, *GOOD[:8], 2.0, *GOOD[:4]])[-5:] == [K] * 5


def test_an_erosion_back_to_the_baseline_is_a_reversal() -> None:
    verdict = judge([*GOOD, *GOOD[:8], *BASELINE])
    assert (verdict.state, verdict.detail, verdict.target_met) == (X, Detail.REVERTED, False)


def test_staying_at_the_eroded_level_does_not_end_the_erosion() -> None:
    level = [13.0, 13.1, 12.9, 13.05, 12.95]
    assert states([*GOOD, *GOOD[:8], *level * 6])[-26:] == [X] * 26


def test_a_new_rise_to_the_target_ends_the_erosion() -> None:
    # Six eroded points are the new baseline (h(6) = 5.85, each better point adds 1.4652 - 0.5): heard at the 7th, adopted at the 8th.
    eroded = [11.0, 11.1, 10.9, 11.05, 10.95, 11.02]
    life = states([*GOOD, *GOOD[:8], *eroded, *GOOD])
    assert life[-12:] == [X] * 7 + [A] * 5


def test_a_sponsor_may_accept_the_new_level() -> None:
    eroded = [13.0, 13.1, 12.9, 13.05, 13.02, 12.98, 13.04, 12.96, 13.01, 12.99, 13.03, 12.97]
    life = [*GOOD, *GOOD[:8], *eroded]
    accepted = EVENT + timedelta(weeks=27)
    assert judge(life).state is X
    verdict = judge(life, accepted=[accepted])
    assert (verdict.state, verdict.adopted_on, verdict.changed_since) == (A, accepted, EVENT + timedelta(weeks=20))
    assert judge([*life, *eroded], accepted=[accepted]).state is K


def test_accepting_before_an_erosion_means_nothing() -> None:
    assert judge(GOOD + GOOD[:8], accepted=[EVENT + timedelta(weeks=3)]).state is K


def test_anchored_waits_for_six_months_after_support_ended() -> None:
    life = weekly(BASELINE, EVENT - timedelta(weeks=12)) + weekly(GOOD + GOOD + GOOD)
    ended = EVENT + timedelta(weeks=4)  # 29 January: six months later is 29 July

    def at(day: date) -> Verdict:
        return evaluate_verdict(life, EVENT, 12.0, Direction.INCREASE, ValueKind.VALUE, day, support_ended=ended)

    assert at(date(2026, 7, 28)).state is State.ADOPTED
    assert "2026-07-29" in str(at(date(2026, 7, 28)).next_change)
    assert at(date(2026, 7, 30)).state is State.ANCHORED


def test_without_a_date_of_support_the_event_counts() -> None:
    verdict = judge(GOOD + GOOD[:8], support_ended=None)  # 20 weeks
    assert verdict.state is State.ADOPTED
    assert judge(GOOD + GOOD + GOOD[:3], support_ended=None).state is State.ANCHORED  # 27 weeks


@pytest.mark.parametrize(("after", "detail"), [
    ([], Detail.TOO_FEW_POINTS),
    (BASELINE[:7], Detail.TOO_FEW_POINTS),
])  # fmt: skip
def test_too_few_points(after: list[float], detail: Detail) -> None:
    verdict = judge(after, as_of=EVENT + timedelta(weeks=len(after)))
    assert (verdict.state, verdict.detail) == (State.INSUFFICIENT_DATA, detail)
    assert str(verdict.next_change) == f"{8 - len(after)} more readings since the change."


def test_no_event_and_an_event_to_come() -> None:
    points = weekly(BASELINE)
    none = evaluate_verdict(points, None, 12.0, Direction.INCREASE, ValueKind.VALUE, EVENT)
    early = evaluate_verdict(points, date(2027, 1, 1), 12.0, Direction.INCREASE, ValueKind.VALUE, EVENT)
    assert (none.detail, early.detail) == (Detail.NO_EVENT, Detail.TOO_EARLY)


def test_a_constant_series_cannot_be_judged() -> None:
    verdict = judge([5.0] * 9, before=[5.0] * 12)
    assert (verdict.state, verdict.detail) == (State.INSUFFICIENT_DATA, Detail.CONSTANT)


def test_readings_that_stopped_are_stale() -> None:
    last = EVENT + timedelta(weeks=19)
    assert judge(GOOD + GOOD[:8], as_of=last + timedelta(days=21)).state is State.ANCHORED
    verdict = judge(GOOD + GOOD[:8], as_of=last + timedelta(days=22))
    assert (verdict.state, verdict.detail, verdict.last_point) == (State.INSUFFICIENT_DATA, Detail.STALE, last)


def test_a_missing_point_is_not_zero() -> None:
    with_gaps = [value for good in GOOD + GOOD[:8] for value in (good, None)]
    assert judge(with_gaps).state is State.ANCHORED


def test_without_a_baseline_the_target_decides_and_the_verdict_says_so() -> None:
    verdict = judge(GOOD[:8], before=[])
    assert (verdict.state, verdict.caveats[0]) == (State.ADOPTED, Caveat.NO_BASELINE)
    assert judge(BASELINE, before=[]).state is State.NOT_STARTED


def test_a_short_baseline_is_on_trial() -> None:
    assert Caveat.TRIAL_BASELINE in judge(GOOD, before=BASELINE[:6]).caveats
    assert Caveat.TRIAL_BASELINE not in judge(GOOD).caveats
    assert Caveat.NO_BASELINE in judge(GOOD, before=BASELINE[:5]).caveats


def test_without_a_target_nothing_is_adopted() -> None:
    verdict = judge(GOOD, target=None)
    assert (verdict.state, verdict.target_met) == (State.EMERGING, None)
    assert Caveat.NO_TARGET in verdict.caveats


def test_ties_and_resembling_neighbours_are_told() -> None:
    assert Caveat.TIES in judge(GOOD, before=[10.0, 10.0, 11.0, 11.0, 12.0, 12.0] * 2).caveats
    slow = [14.0 + 0.1 * number for number in range(12)]
    assert Caveat.AUTOCORRELATED in judge(slow).caveats
    assert Caveat.AUTOCORRELATED not in judge(GOOD).caveats


def test_a_season_is_unchecked_below_two_years() -> None:
    assert Caveat.SEASONAL_UNCHECKED in judge(GOOD).caveats
    assert Caveat.SEASONAL_UNCHECKED not in judge(GOOD * 8).caveats


def proportion(good: Sequence[int], cases: int, as_of_week: int | None = None) -> Verdict:
    before = [Point(EVENT - timedelta(weeks=12 - week), None, cases // 2 + week % 2, cases) for week in range(12)]
    after = [Point(EVENT + timedelta(weeks=week), None, hits, cases) for week, hits in enumerate(good)]
    return evaluate_verdict(
        before + after, EVENT, 0.8, Direction.INCREASE, ValueKind.PROPORTION, after[as_of_week or -1].day,
        support_ended=EVENT - timedelta(days=400),
    )  # fmt: skip


def test_a_proportion_is_judged_by_its_pooled_cases() -> None:
    # 8 x 17 of 20 = 136/160 = 0.85: Wilson's lower 90% bound is 0.809, above 0.80; 8 x 33 of 40 = 0.825 gives 0.797, below it.
    assert proportion([17] * 8, 20).state is State.ADOPTED
    assert proportion([33] * 8, 40).state is State.EMERGING


def test_few_cases_are_counted_together_until_there_are_enough() -> None:
    # 5 cases x 0.2 = 1: three periods make a point; 24 periods make the 8 that adoption needs.
    early, later = proportion([5] * 12, 5), proportion([5] * 24, 5)
    assert (early.state, early.numbers["points_after"]) == (State.INSUFFICIENT_DATA, 4)
    assert early.detail is Detail.LOW_VOLUME
    assert Caveat.LOW_VOLUME in early.caveats
    assert later.numbers["points_after"] == 8


def test_a_proportion_without_cases_is_a_missing_point() -> None:
    assert Point(EVENT, None, 0, 0).reading is None


def test_a_decrease_is_judged_like_an_increase() -> None:
    points = weekly([-value for value in BASELINE], EVENT - timedelta(weeks=12)) + weekly([-value for value in GOOD + GOOD[:8]])
    verdict = evaluate_verdict(
        points, EVENT, -12.0, Direction.DECREASE, ValueKind.VALUE, points[-1].day, support_ended=date(2025, 1, 1)
    )
    assert verdict.state is State.ANCHORED
    assert verdict.numbers["mean_since_change"] == pytest.approx(-14.0, abs=0.05)


def test_every_verdict_says_what_would_change_it() -> None:
    assert str(judge(BASELINE).next_change) == "A beginning: at least 4 readings in a row better than all of the baseline."
    assert str(judge(GOOD[:5]).next_change).startswith("3 more readings since the change")
    assert str(judge(GOOD).next_change) == "8 more readings without an erosion alarm."
    assert str(judge(GOOD + GOOD[:8]).next_change) == (
        "An erosion alarm: at least 4 readings in a row worse than all of the reference."
    )
    assert "accept the new level" in str(judge([*GOOD, *GOOD[:8], *BASELINE]).next_change)


def test_every_verdict_is_explained_step_by_step() -> None:
    verdict = judge([*GOOD, *GOOD[:8], 13.0, 13.1, 12.9, 13.05])
    assert [reason.rule for reason in verdict.reasons][:5] == ["ANC-1", "ANC-2", "ANC-3", "ANC-4", "ANC-5"]
    assert str(verdict.headline) == "is fading"
    assert {"baseline_points", "target", "mean_since_change"} <= set(judge(GOOD).numbers)


def test_months_end_on_their_last_day() -> None:
    assert add_months(date(2026, 8, 31), 6) == date(2027, 2, 28)
