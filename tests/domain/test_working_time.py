"""Budgets and working time: the traps other programs fell into, and the laws (ESC-B, D). Counted answers stand in scenarios/questions."""

from __future__ import annotations

import gc
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ancrage.domain import calendars, working_time
from ancrage.domain.calendars import NoWorkingTime
from ancrage.domain.working_time import (
    Calendar,
    CalendarSpan,
    DueDate,
    Pause,
    WorkingDays,
    WorkingTime,
    due_instant,
    elapsed_seconds,
    format_budget,
    next_working,
    parse_budget,
)

OFFICE_DAY = ((540, 720), (840, 1080))
OFFICE = Calendar("office", "Europe/Paris", (OFFICE_DAY,) * 5 + ((), ()))
ALWAYS = Calendar("always", "Europe/Paris", (((0, 1440),),) * 7)
HOUR = 3600


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# Traps that helpdesks and on-call programs have fallen into


def test_a_start_in_a_closed_hour_loses_nothing_and_wins_nothing() -> None:
    """ESC-D1: a ticket opened at night starts with the opening, and the night is not worked."""
    for start in ("2026-02-14T23:00:00+01:00", "2026-02-16T00:00:00+01:00", "2026-02-16T08:59:59+01:00", "2026-02-16T09:00:00+01:00"):
        assert due_instant(OFFICE, at(start), WorkingTime(HOUR)) == at("2026-02-16T10:00:00+01:00")


def test_closing_at_lunch_is_the_deadline_and_lunch_is_not_late() -> None:
    """ESC-D1, D5: the budget runs out at 12:00, not at 14:00; an answer at 13:59 has used not a second more."""
    start, budget = at("2026-02-12T10:00:00+01:00"), WorkingTime(2 * HOUR)
    assert due_instant(OFFICE, start, budget) == at("2026-02-12T12:00:00+01:00")
    assert working_time.is_on_time(OFFICE, start, at("2026-02-12T14:00:00+01:00"), budget)
    assert not working_time.is_on_time(OFFICE, start, at("2026-02-12T14:00:01+01:00"), budget)


def test_round_the_clock_has_no_hole_at_midnight() -> None:
    """ESC-B2: 24:00 is a closing, so that nights join; a calendar that ends its days at 23:59 loses a minute each night."""
    start = at("2026-02-12T16:00:00+01:00")
    assert due_instant(ALWAYS, start, WorkingTime(72 * HOUR)) == start + timedelta(hours=72)
    assert all(next_working(ALWAYS, start + timedelta(hours=hour)) == start + timedelta(hours=hour) for hour in range(48))
    holed = Calendar("holed", "Europe/Paris", (((0, 1439),),) * 7)
    assert due_instant(holed, start, WorkingTime(72 * HOUR)) == start + timedelta(hours=72, minutes=3)


def test_a_clock_change_by_half_an_hour_is_half_an_hour() -> None:
    """ESC-B1, B3: Lord Howe Island; a program that thinks in whole hours is thirty minutes wrong twice a year."""
    island = Calendar("island", "Australia/Lord_Howe", (((0, 1440),),) * 7)
    assert elapsed_seconds(island, at("2026-04-05T00:00:00+11:00"), at("2026-04-06T00:00:00+10:30")) == 24 * HOUR + 1800
    assert elapsed_seconds(island, at("2026-10-04T00:00:00+10:30"), at("2026-10-05T00:00:00+11:00")) == 24 * HOUR - 1800


def test_an_interval_of_the_repeated_hour_is_worked_twice_and_no_second_three_times() -> None:
    """ESC-B3: 01:30-02:30 and 02:30-05:00 overlap in the night that has 02:30 twice."""
    night = Calendar("night", "Europe/Paris", (((90, 150), (150, 300)),) * 7)
    (only,) = working_time.intervals(night, date(2026, 10, 25))
    assert only[1] - only[0] == timedelta(hours=4, minutes=30)
    assert elapsed_seconds(night, at("2026-10-25T00:00:00+02:00"), at("2026-10-26T00:00:00+01:00")) == int(4.5 * HOUR)


def test_an_interval_that_falls_into_the_hole_is_no_work() -> None:
    """ESC-B3, B6: 02:15-02:45 does not exist on 29 March, so a day with nothing else is not a working day."""
    hole = Calendar("hole", "Europe/Paris", ((),) * 6 + (((135, 165),),))
    assert working_time.intervals(hole, date(2026, 3, 29)) == ()
    assert not working_time.working_day(hole, date(2026, 3, 29))
    assert working_time.working_day(hole, date(2026, 3, 22))


def test_a_day_ends_once_where_midnight_occurs_twice() -> None:
    """ESC-D2: the Azores go back from 01:00 to 00:00; Saturday ends at the first of the two midnights."""
    azores = Calendar("azores", "Atlantic/Azores", (((0, 1440),),) * 7)
    assert working_time.end_of_day(azores, date(2026, 10, 24)) == at("2026-10-25T00:00:00+00:00")
    assert elapsed_seconds(azores, at("2026-10-24T00:00:00+00:00"), at("2026-10-26T00:00:00-01:00")) == 49 * HOUR


# A calendar without an answer


@pytest.mark.parametrize("budget", [WorkingTime(HOUR), WorkingDays(1), CalendarSpan(days=1)])
def test_a_calendar_that_is_never_open_says_so(budget: WorkingTime | WorkingDays | CalendarSpan) -> None:
    never = Calendar("never", "Europe/Paris", ((),) * 7)
    with pytest.raises(NoWorkingTime, match="no working day within 366 days of 2026-02-1"):
        due_instant(never, at("2026-02-12T10:00:00+01:00"), budget)
    assert due_instant(never, at("2026-02-12T10:00:00+01:00"), CalendarSpan(days=1, roll=False)) == at("2026-02-14T00:00:00+01:00")


def test_a_calendar_that_ends_is_searched_for_a_year_and_no_longer() -> None:
    ends = Calendar("ends", "Europe/Paris", ((),) * 7, exceptions={date(2026, 2, 13): ((540, 600),)})
    assert due_instant(ends, at("2026-02-12T10:00:00+01:00"), WorkingTime(HOUR)) == at("2026-02-13T10:00:00+01:00")
    with pytest.raises(NoWorkingTime):
        due_instant(ends, at("2026-02-12T10:00:00+01:00"), WorkingTime(HOUR + 1))
    with pytest.raises(NoWorkingTime):
        working_time.before(ends, at("2026-02-13T09:30:00+01:00"), HOUR)
    with pytest.raises(NoWorkingTime):
        working_time.opening_of(ends, date(2026, 2, 14))


def test_an_instant_without_offset_is_refused() -> None:
    with pytest.raises(ValueError, match="ESC-B1"):
        next_working(OFFICE, datetime(2026, 2, 12, 10))  # noqa: DTZ001 - what is refused


# Layouts are kept, and never mixed up


def test_a_calendar_that_takes_the_place_of_another_in_memory_is_not_taken_for_it() -> None:
    friday = at("2026-02-13T18:00:00+01:00")
    for number in range(600):  # more than are kept; CPython gives the same identities again and again
        opening = 480 + number % 60
        calendar = Calendar("c", "Europe/Paris", (((opening, 720),),) * 7)
        assert next_working(calendar, friday) == at("2026-02-14T08:00:00+01:00") + timedelta(minutes=number % 60)
        del calendar
    gc.collect()


def test_equal_calendars_share_their_layout() -> None:
    again = Calendar("office", "Europe/Paris", (OFFICE_DAY,) * 5 + ((), ()))
    second = calendars.seconds_of(at("2026-02-12T10:00:00+01:00"))
    assert calendars.layout_of(OFFICE, second, second) is calendars.layout_of(again, second, second)


def test_a_far_question_widens_the_layout_and_keeps_the_near_answers() -> None:
    near, far = at("2026-02-12T10:00:00+01:00"), at("2041-02-12T10:00:00+01:00")
    before = due_instant(OFFICE, near, WorkingTime(HOUR))
    assert elapsed_seconds(OFFICE, near, far) > 20_000 * HOUR
    assert due_instant(OFFICE, near, WorkingTime(HOUR)) == before
    assert due_instant(OFFICE, at("2001-02-12T10:00:00+01:00"), WorkingDays(1)) == at("2001-02-14T00:00:00+01:00")


# Budgets in words


@pytest.mark.parametrize(
    ("text", "budget"),
    [
        ("PT4H", WorkingTime(4 * HOUR)),
        ("PT30M", WorkingTime(1800)),
        ("PT90S", WorkingTime(90)),
        ("PT1H30M", WorkingTime(5400)),
        ("3wd", WorkingDays(3)),
        ("P10D", CalendarSpan(days=10)),
        ("P2W", CalendarSpan(days=14)),
        ("P1M", CalendarSpan(months=1)),
        ("P1M10D", CalendarSpan(months=1, days=10)),
        ("P1Y", CalendarSpan(months=12)),
        ("2026-03-31", DueDate(date(2026, 3, 31))),
    ],
)
def test_a_budget_is_read(text: str, budget: working_time.Budget) -> None:
    assert parse_budget(text) == budget


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "PT0S", "0wd", "P0D", "-1wd", "1.5wd", "PT1.5H", "P1DT2H", "3 wd", "3WD", "pt4h", "4h", "P1D1M", "2026-02-30"],
)
def test_what_is_no_budget_is_not_read(text: str) -> None:
    assert parse_budget(text) is None


BUDGETS = st.one_of(
    st.builds(WorkingTime, st.integers(1, 10_000_000)),
    st.builds(WorkingDays, st.integers(1, 999)),
    st.builds(CalendarSpan, st.integers(0, 99), st.integers(1, 9_999), roll=st.booleans()),
    st.builds(DueDate, st.dates(date(1990, 1, 1), date(2090, 1, 1))),
)


@given(BUDGETS)
def test_writing_and_reading_a_budget_is_identity(budget: working_time.Budget) -> None:
    assert parse_budget(format_budget(budget)) == budget


# Laws

INSTANTS = st.integers(1_700_000_000, 1_900_000_000).map(lambda second: datetime.fromtimestamp(second, UTC))


@settings(max_examples=60)
@given(INSTANTS, INSTANTS, INSTANTS)
def test_elapsed_time_adds_up(one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted((one, two, three))
    whole = elapsed_seconds(OFFICE, first, last)
    assert elapsed_seconds(OFFICE, first, middle) + elapsed_seconds(OFFICE, middle, last) == whole
    assert 0 <= whole <= (last - first).total_seconds()


@settings(max_examples=60)
@given(INSTANTS, st.integers(1, 400_000))
def test_a_deadline_is_the_earliest_instant_at_which_the_budget_is_spent(start: datetime, seconds: int) -> None:
    due = due_instant(OFFICE, start, WorkingTime(seconds))
    assert elapsed_seconds(OFFICE, start, due) == seconds
    assert elapsed_seconds(OFFICE, start, due - timedelta(seconds=1)) == seconds - 1


@settings(max_examples=60)
@given(INSTANTS, st.integers(1, 400_000))
def test_hours_before_are_counted_from_the_latest_instant(end: datetime, seconds: int) -> None:
    start = working_time.before(OFFICE, end, seconds)
    assert elapsed_seconds(OFFICE, start, end) == seconds
    assert elapsed_seconds(OFFICE, start + timedelta(seconds=1), end) == seconds - 1


@settings(max_examples=60)
@given(INSTANTS, st.integers(1, 400_000), st.integers(0, 900_000), st.integers(1, 900_000))
def test_a_pause_never_makes_a_deadline_earlier(start: datetime, seconds: int, later: int, length: int) -> None:
    since = start + timedelta(seconds=later)
    pause = Pause(since, since + timedelta(seconds=length))
    for budget in (WorkingTime(seconds), WorkingDays(seconds // 100_000 + 1)):
        assert due_instant(OFFICE, start, budget, (pause,)) >= due_instant(OFFICE, start, budget)


def test_a_pause_that_still_runs_moves_nothing_yet() -> None:
    """ESC-P4: deadlines are counted again when the clock resumes."""
    start = at("2026-02-12T10:00:00+01:00")
    running = (Pause(at("2026-02-12T11:00:00+01:00")),)
    assert due_instant(OFFICE, start, WorkingTime(4 * HOUR), running) == at("2026-02-12T16:00:00+01:00")
    assert working_time.is_on_time(OFFICE, start, at("2026-03-12T16:00:00+01:00"), WorkingTime(4 * HOUR), running)
