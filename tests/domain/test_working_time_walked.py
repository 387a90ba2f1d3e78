"""Rules ESC-B and ESC-D against a model that walks minutes, on random calendars around the clock changes of six zones."""

from __future__ import annotations

import os
import random
from datetime import UTC, date, datetime, timedelta

import pytest

from ancrage.domain import working_time
from ancrage.domain.working_time import Calendar, CalendarSpan, Pause, WorkingDays, WorkingTime
from tests.support.slow_time import WalkedCalendar, calendar_due, walked_clock

PROVE = bool(os.environ.get("ANCRAGE_PROVE"))
CHANGES = {
    "Europe/Paris": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/Toronto": (date(2026, 11, 1), date(2026, 3, 8)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),  # by half an hour
    "Africa/Cairo": (date(2026, 10, 29), date(2026, 4, 24)),  # at midnight
    "Africa/Casablanca": (date(2026, 3, 22), date(2026, 2, 15)),  # around Ramadan
    "America/Santiago": (date(2026, 9, 6), date(2026, 4, 4)),  # at midnight
}
"""Both clock changes of 2026; the suite looks at the first, the proof at both."""
DAYS_BEFORE, DAYS = 37, 96
CALENDARS = 2_004 if PROVE else 102
SEED = 7


def some_hours(rng: random.Random) -> list[tuple[int, int]]:
    """Up to three intervals of a day; times near midnight and near the usual hours of clock changes are frequent."""
    grid = [0, 1, 30, 60, 90, 105, 119, 120, 121, 135, 150, 179, 180, 181, 240, 540, 720, 840, 1080, 1380, 1439, 1440]
    bounds = sorted(rng.sample(grid if rng.random() < 0.7 else range(1441), 2 * rng.randint(0, 3)))
    return [(opens, closes) for opens, closes in zip(bounds[::2], bounds[1::2], strict=True)]


def some_calendar(rng: random.Random, zone: str, season: date) -> tuple[Calendar, WalkedCalendar]:
    week = [some_hours(rng) if rng.random() < 0.75 else [] for _ in range(7)]
    week[rng.randrange(7)] = some_hours(rng) or [(540, 1020)]
    dates = [season + timedelta(days=day) for day in range(DAYS)]
    holidays = set(rng.sample(dates, 6))
    exceptions = {day: some_hours(rng) for day in rng.sample(dates, 8)}
    ours = Calendar(
        "c", zone, tuple(tuple(hours) for hours in week), frozenset(holidays), {day: tuple(hours) for day, hours in exceptions.items()}
    )
    return ours, WalkedCalendar(walked_clock(zone, season - timedelta(days=4), DAYS + 8), week, holidays, exceptions)


def instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def some_second(rng: random.Random, season: date, first: int, last: int) -> int:
    """A second between two days of the season; half of them at whole half hours, where intervals begin and end."""
    midnight = int(datetime(season.year, season.month, season.day, tzinfo=UTC).timestamp())
    second = midnight + rng.randrange(first * 86_400, last * 86_400)
    return second if rng.random() < 0.5 else second // 1800 * 1800


def some_pauses(rng: random.Random, start: int) -> list[tuple[int, int]]:
    bounds = sorted(start + rng.randrange(0, 12 * 86_400) for _ in range(2 * rng.choice([0, 0, 1, 2])))
    return [(since, until) for since, until in zip(bounds[::2], bounds[1::2], strict=True) if since < until]


@pytest.mark.parametrize("zone", CHANGES)
def test_working_time_is_what_walking_every_minute_gives(zone: str) -> None:
    rng = random.Random(f"{SEED} {zone}")
    changes = CHANGES[zone] if PROVE else CHANGES[zone][:1]
    for number in range(CALENDARS // len(CHANGES)):
        season = changes[number % len(changes)] - timedelta(days=DAYS_BEFORE)
        ours, walked = some_calendar(rng, zone, season)
        start = some_second(rng, season, DAYS_BEFORE - 12, DAYS_BEFORE + 4)
        assert_same_questions(rng, ours, walked, start, f"{zone}, calendar {number}, seed {SEED}")


def assert_same_questions(rng: random.Random, ours: Calendar, walked: WalkedCalendar, start: int, where: str) -> None:
    end = start + rng.randrange(0, 20 * 86_400)
    spans = some_pauses(rng, start)
    pauses = tuple(Pause(instant(since), instant(until)) for since, until in spans)
    begin, finish = instant(start), instant(end)
    day = walked.clock.date_of(start)
    ahead = max(1, walked.elapsed(start + 12 * 86_400, start + 26 * 86_400))  # what the walked stretch surely holds beyond the pauses
    behind = max(1, walked.elapsed(start - 20 * 86_400, start))
    seconds = min(ahead, rng.choice([1, 59, 60, 1800, 3600, 4 * 3600, rng.randrange(1, 30 * 3600)]))
    earlier = min(behind, seconds // 4 + 1)
    days = rng.randint(1, 5)
    span = CalendarSpan(rng.choice([0, 0, 1]), rng.randint(1, 10), roll=rng.random() < 0.5)

    assert working_time.is_working(ours, begin) == walked.is_open(start), where
    assert working_time.next_working(ours, begin) == instant(walked.next_open(start)), where
    assert working_time.elapsed_seconds(ours, begin, finish) == walked.elapsed(start, end), where
    assert working_time.elapsed_seconds(ours, begin, finish, pauses) == walked.elapsed(start, end, spans), where
    assert working_time.working_day(ours, day) == walked.is_working_day(day), where
    assert working_time.due_instant(ours, begin, WorkingTime(seconds)) == instant(walked.after(start, seconds)), where
    assert working_time.due_instant(ours, begin, WorkingTime(seconds), pauses) == instant(walked.after(start, seconds, spans)), where
    assert working_time.before(ours, begin, earlier) == instant(walked.before(start, earlier)), where
    last = walked.count_days(day, days)
    assert working_time.due_instant(ours, begin, WorkingDays(days)) == instant(walked.end_of(last)), where
    last = walked.count_days(day, days, spans)
    assert working_time.due_instant(ours, begin, WorkingDays(days), pauses) == instant(walked.end_of(last)), where
    assert working_time.nth_working_day(ours, day, -2) == walked.count_days(day, -2), where
    assert working_time.due_instant(ours, begin, span) == instant(calendar_due(walked, day, span.months, span.days, span.roll)), where
    kept = walked.elapsed(start, end, spans) <= seconds
    assert working_time.is_on_time(ours, begin, finish, WorkingTime(seconds), pauses) == kept, where
