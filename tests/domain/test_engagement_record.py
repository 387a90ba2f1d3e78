"""What became of the promises: outcomes, survival of waiting, and how far a sponsor still answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancrage.domain.engagement_record import (
    Outcome,
    Promise,
    determine_answering,
    determine_records,
    median_time_to_answer,
    outcome,
    survival_curve,
    survival_median,
)
from ancrage.domain.escalation.facts import Result

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def promise(
    number: int, *, opened: float, answered: float | None = None, result: Result | None = Result.KEPT, clause: str = "react",
    budget: float = 5,
) -> Promise:  # fmt: skip
    closed = day(answered) if answered is not None and result is not None else None
    return Promise(
        f"c{number:03}", clause, "anne", day(opened), day(opened + budget), day(answered) if answered is not None else None,
        closed, result if closed else None,
    )  # fmt: skip


@pytest.mark.parametrize(("result", "expected"), [
    (Result.KEPT, Outcome.KEPT), (Result.LATE, Outcome.LATE), (Result.WAIVED, Outcome.WAIVED), (Result.CANCELLED, Outcome.CANCELLED),
    (Result.MISSED_UNOBSERVED, Outcome.MISSED), (Result.SUPERSEDED_BY_NEWER, Outcome.MISSED),
])  # fmt: skip
def test_every_result_has_its_place_in_the_record(result: Result, expected: Outcome) -> None:
    assert outcome(promise(1, opened=0, answered=3, result=result), day(10)) is expected


def test_open_past_its_deadline_is_missed_and_before_it_is_waiting() -> None:
    opened = promise(1, opened=0, result=None)
    assert (outcome(opened, day(5)), outcome(opened, day(5.01))) == (Outcome.WAITING, Outcome.MISSED)


def test_an_answer_to_come_has_not_happened() -> None:
    assert outcome(promise(1, opened=0, answered=7, result=Result.LATE), day(6)) is Outcome.MISSED


def test_a_record_counts_per_person_and_clause_and_all_together() -> None:
    promises = [
        promise(1, opened=0, answered=1), promise(2, opened=1, answered=9, result=Result.LATE), promise(3, opened=2, result=None),
        promise(4, opened=8, answered=9, result=Result.WAIVED), promise(5, opened=9, result=None, clause="chair"),
        promise(6, opened=99, answered=100),
    ]  # fmt: skip
    together, chair, react = determine_records(promises, day(10))
    assert (together.clause, chair.clause, react.clause) == (None, "chair", "react")
    assert (react.kept, react.late, react.missed, react.waived, react.waiting) == (1, 1, 1, 1, 0)
    assert (together.decided, together.waiting) == (3, 1)


def test_the_median_waits_for_half_of_the_answers() -> None:
    # Answered after 1 and 3 days, one waiting since 8: S = 2/3 after 1 day, 1/3 after 3.
    promises = [promise(1, opened=0, answered=1), promise(2, opened=0, answered=3), promise(3, opened=2, result=None)]
    assert median_time_to_answer(promises, day(10)) == 3.0
    assert median_time_to_answer(promises[2:], day(10)) is None


def test_an_acknowledgement_is_an_answer() -> None:
    acknowledged = Promise("c", "react", "anne", day(0), day(5), answered_at=day(2))
    assert median_time_to_answer([acknowledged], day(10)) == 2.0


@pytest.mark.reference_data
def test_survival_matches_the_published_case(reference_data: Path) -> None:
    case = json.loads((reference_data / "indicators" / "km_6mp.json").read_text())
    steps = survival_curve(case["durations"], [bool(event) for event in case["event"]])
    assert {str(step.time): round(step.open, 4) for step in steps} == case["survival"]
    assert survival_median(steps) == case["median"]


def test_without_censoring_the_curve_is_the_share_still_waiting() -> None:
    steps = survival_curve([1, 2, 2, 4], [True] * 4)
    assert [(step.time, step.at_risk, step.answered) for step in steps] == [(1, 4, 1), (2, 3, 2), (4, 1, 1)]
    assert [step.open for step in steps] == pytest.approx([0.75, 0.25, 0.0])


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=30))
def test_the_curve_only_falls_and_stays_between_one_and_zero(pairs: list[tuple[int, bool]]) -> None:
    steps = survival_curve([time for time, _ in pairs], [answered for _, answered in pairs])
    shares = [1.0, *(step.open for step in steps)]
    assert shares == sorted(shares, reverse=True)
    assert 0 <= shares[-1] <= 1


def test_answering_looks_at_the_last_six_decided_promises() -> None:
    kept = [promise(number, opened=number, answered=number + 1) for number in range(4)]
    late = [promise(number, opened=number, answered=number + 9, result=Result.LATE) for number in range(4, 6)]
    silent = [promise(number, opened=number, result=None) for number in range(6, 9)]
    assert determine_answering(kept, day(30)) == 1.0
    assert determine_answering(kept + late + silent, day(30)) == (1 + 0.5 + 0.5) / 6
    assert determine_answering(silent, day(8)) is None
    assert determine_answering(silent, day(30)) == 0.0


def test_waived_and_cancelled_promises_count_neither_way() -> None:
    waived = promise(1, opened=0, answered=1, result=Result.WAIVED)
    assert determine_answering([waived], day(30)) is None
