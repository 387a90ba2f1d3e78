"""Working time by walking minutes: a second reading of rules ESC-B and ESC-D that shares no code with the product.

Every UTC minute of a stretch of time is turned into local time, one by one. A minute is worked or not; everything else is counting.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE = 60
Week = list[list[tuple[int, int]]]
Spans = list[tuple[int, int]]


class WalkedClock:
    """The local time of every UTC minute in `[first, last)` (epoch minutes) at one place."""

    def __init__(self, zone: str, first: int, last: int) -> None:
        self.first = first
        self.last = last
        place = ZoneInfo(zone)
        self.wall = [datetime.fromtimestamp(minute * MINUTE, place).replace(tzinfo=None) for minute in range(first, last)]
        self.last_shown = {wall: minute for minute, wall in enumerate(self.wall, first)}
        self.twice = {wall: minute for minute, wall in enumerate(self.wall, first) if self.last_shown[wall] != minute}

    def first_minute(self, wall: datetime) -> int:
        """B3: the first minute that shows `wall`; where none does, the first minute that shows more."""
        return self.twice.get(wall) or self.last_minute(wall)

    def last_minute(self, wall: datetime) -> int:
        """B3: the last minute that shows `wall`; where none does, the first minute that shows more."""
        if wall in self.last_shown:
            return self.last_shown[wall]
        return next(minute for minute, shown in enumerate(self.wall, self.first) if shown > wall)

    def date_of(self, second: int) -> date:
        return self.wall[second // MINUTE - self.first].date()

    def midnight(self, day: date) -> int:
        """The first second of a date."""
        return MINUTE * self.first_minute(datetime.combine(day, time()))


@lru_cache(maxsize=6)
def walked_clock(zone: str, first_day: date, days: int) -> WalkedClock:
    """The clock of a zone over some days, kept, because it is slow to walk."""
    first = int(datetime(first_day.year, first_day.month, first_day.day, tzinfo=UTC).timestamp()) // MINUTE
    return WalkedClock(zone, first, first + days * 1440)


class WalkedCalendar:
    """A calendar over the minutes of a clock. Times in and out are epoch seconds."""

    def __init__(self, clock: WalkedClock, week: Week, holidays: set[date], exceptions: dict[date, list[tuple[int, int]]]) -> None:
        self.clock = clock
        self.worked = bytearray(clock.last - clock.first)
        self.openings: dict[date, int] = {}
        day, last = clock.wall[0].date() + timedelta(days=2), clock.wall[-1].date() - timedelta(days=2)
        while day <= last:
            hours = exceptions[day] if day in exceptions else [] if day in holidays else week[day.weekday()]
            for opens, closes in hours:
                self._paint(day, opens, closes)
            day += timedelta(days=1)

    def _paint(self, day: date, opens: int, closes: int) -> None:
        midnight = datetime.combine(day, time())
        first = self.clock.first_minute(midnight + timedelta(minutes=opens))
        last = self.clock.last_minute(midnight + timedelta(minutes=closes))
        for minute in range(first, last):
            self.worked[minute - self.clock.first] = 1
        if first < last:
            self.openings[day] = min(self.openings.get(day, MINUTE * first), MINUTE * first)

    def is_open(self, second: int) -> bool:
        return bool(self.worked[second // MINUTE - self.clock.first])

    def next_open(self, second: int) -> int:
        while not self.is_open(second):
            second = (second // MINUTE + 1) * MINUTE
        return second

    def elapsed(self, start: int, end: int, pauses: Spans | None = None) -> int:
        """B5, P2: the worked minutes counted one by one, those at the ends in part; what was worked in pauses is taken off."""
        if end <= start:
            return 0
        first, last = start // MINUTE - self.clock.first, end // MINUTE - self.clock.first
        total = MINUTE * sum(self.worked[first:last]) - (start % MINUTE) * self.worked[first] + (end % MINUTE) * self.worked[last]
        return total - sum(self.elapsed(max(since, start), min(until, end)) for since, until in pauses or [])

    def after(self, start: int, seconds: int, pauses: Spans | None = None) -> int:
        """D1: the earliest second at which that much has been worked."""
        at, left = start, seconds
        while True:
            stop = (at // MINUTE + 1) * MINUTE
            here = _unpaused(at, stop, pauses or []) if self.is_open(at) else 0
            if here >= left:
                return _spend(at, left, pauses or [])
            left, at = left - here, stop

    def before(self, end: int, seconds: int, pauses: Spans | None = None) -> int:
        """D4: the latest second from which that much is worked until `end`."""
        at, left = end, seconds
        while True:
            begin = ((at - 1) // MINUTE) * MINUTE
            here = _unpaused(begin, at, pauses or []) if self.is_open(begin) else 0
            if here >= left:
                second = at
                while left:
                    second -= 1
                    left -= _unpaused(second, second + 1, pauses or [])
                return second
            left, at = left - here, begin

    def is_working_day(self, day: date) -> bool:
        return day in self.openings

    def is_paused_on(self, day: date, pauses: Spans) -> bool:
        """P3: whether the clock stood for at least one second of the day's working time."""
        begin, end = self.clock.midnight(day), self.clock.midnight(day + timedelta(days=1))
        return any(
            self.is_open(second) for since, until in pauses for second in _seconds_to_look_at(max(since, begin), min(until, end))
        )

    def count_days(self, day: date, count: int, pauses: Spans | None = None) -> date:
        """D2, L2: that many working days after (or before) a date, the date itself and paused days not counted."""
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            if self.is_working_day(day) and not self.is_paused_on(day, pauses or []):
                left -= 1
        return day

    def end_of(self, day: date) -> int:
        return self.clock.midnight(day + timedelta(days=1))


def _seconds_to_look_at(since: int, until: int) -> list[int]:
    """One second of every minute that a span touches: a minute is worked or not as a whole."""
    return [max(since, minute * MINUTE) for minute in range(since // MINUTE, (until - 1) // MINUTE + 1)] if since < until else []


def _unpaused(start: int, end: int, pauses: Spans) -> int:
    touching = [(since, until) for since, until in pauses if since < end and until > start]
    if not touching:
        return end - start
    if any(since <= start and end <= until for since, until in touching):
        return 0
    return sum(not any(since <= second < until for since, until in touching) for second in range(start, end))


def _spend(at: int, left: int, pauses: Spans) -> int:
    while left:
        left -= not any(since <= at < until for since, until in pauses)
        at += 1
    return at


def add_months(day: date, months: int) -> date:
    """D3: the same day number that many months later, or the last day of a shorter month."""
    for _ in range(months):
        day = day.replace(day=1)
        day = (day + timedelta(days=31)).replace(day=1)
    return day


def calendar_due(calendar: WalkedCalendar, start: date, months: int, days: int, roll: bool) -> int:
    """D3."""
    last = add_months(start, months)
    if months:
        number = start.day
        while True:
            try:
                last = last.replace(day=number)
                break
            except ValueError:
                number -= 1
    last += timedelta(days=days)
    while roll and not calendar.is_working_day(last):
        last += timedelta(days=1)
    return calendar.end_of(last)
