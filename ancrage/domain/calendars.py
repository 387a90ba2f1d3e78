"""A calendar laid out in UTC: which seconds are worked (ESC-B). Built once per calendar, then every question is a binary search.

`working_time` asks the questions; nobody else needs this module. A layout is immutable and covers a range of local dates; when a
question leaves the range, a wider one replaces it. So threads may share it, and a deadline costs the logarithm of the days.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from ancrage.errors import AncrageError
from ancrage.language import Message, say

if TYPE_CHECKING:
    from ancrage.domain.working_time import Calendar

K = TypeVar("K")
V = TypeVar("V")

DAY = 86_400
EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
SEARCH_DAYS = 366
"""How far a question looks for the next working day before it gives up (the horizon of ESC-V1 E-CAL-EMPTY)."""
FIRST_ORDINAL = date(1900, 1, 1).toordinal()
LAST_ORDINAL = date(9990, 1, 1).toordinal()
MARGIN_DAYS = 2
"""No zone is more than a day away from UTC: two days on both sides make a range of dates cover its instants."""
MEMORY = 256
"""Calendars kept laid out; far more than a programme declares, and a bound for tests that make thousands."""


class NoWorkingTime(AncrageError):
    """The calendar has no working time where one is needed: the question has no answer."""

    def __init__(self, calendar: str, day: date) -> None:
        message: Message = say("calendar {calendar} has no working day within 366 days of {day}", calendar=calendar, day=day.isoformat())
        super().__init__(message)
        self.calendar = calendar
        self.day = day


@lru_cache(maxsize=MEMORY)
def zone_of(name: str) -> ZoneInfo:
    """The IANA zone; ZoneInfoNotFoundError or ValueError where it does not exist (the declarations refuse it as E-TZ)."""
    return ZoneInfo(name)


def local_instant(zone: ZoneInfo, day: date, minute: int, *, last: bool = False) -> int:
    """Epoch second of a local time, by ESC-B3: in a hole the first instant after the jump; twice: the first, or with `last` the last.

    `minute` counts from 00:00 of `day`; 1440 is 24:00, that is 00:00 of the next date.
    """
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)  # noqa: DTZ001 - a wall time; its zone is resolved here
    return wall_instant(zone, wall, last=last)


def wall_instant(zone: ZoneInfo, wall: datetime, *, last: bool = False) -> int:
    """Epoch second of a naive local time, by ESC-B3."""
    before, after = (_offset(zone, wall.replace(fold=fold)) for fold in (0, 1))
    seconds = (wall.toordinal() - EPOCH_ORDINAL) * DAY + wall.hour * 3600 + wall.minute * 60 + wall.second
    if before >= after:  # exists once, or twice (the first occurrence has the larger offset)
        return seconds - (after if last else before)
    return _jump(zone, seconds - after, seconds - before, after)


def _offset(zone: ZoneInfo, wall: datetime) -> int:
    offset = wall.replace(tzinfo=zone).utcoffset()
    assert offset is not None, "a ZoneInfo always has an offset"
    return int(offset.total_seconds())


def _jump(zone: ZoneInfo, earlier: int, later: int, offset: int) -> int:
    """The first second in `(earlier, later]` at which the zone has `offset`: the instant of the jump."""
    while later - earlier > 1:
        middle = (earlier + later) // 2
        passed = datetime.fromtimestamp(middle, zone).utcoffset() == timedelta(seconds=offset)
        earlier, later = (earlier, middle) if passed else (middle, later)
    return later


def declared_minutes(calendar: Calendar, day: date) -> tuple[tuple[int, int], ...]:
    """The local intervals of a date: its exception, else nothing on a holiday, else its weekday (ESC-B4)."""
    exception = calendar.exceptions.get(day)
    if exception is not None:
        return exception
    return () if day in calendar.holidays else calendar.week[day.weekday()]


def day_intervals(calendar: Calendar, day: date) -> list[tuple[int, int]]:
    """The worked intervals of a local date in epoch seconds, in order, none empty, none overlapping (ESC-B3, B6).

    Two intervals that meet inside the repeated hour of autumn overlap once resolved (the first closes late, the second opens
    early): they become one, because a second is worked once.
    """
    zone = zone_of(calendar.zone)
    found: list[tuple[int, int]] = []
    for opening, closing in sorted(declared_minutes(calendar, day)):
        opens, closes = local_instant(zone, day, opening), local_instant(zone, day, closing, last=True)
        if opens >= closes:
            continue
        if found and opens < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], closes))
        else:
            found.append((opens, closes))
    return found


@dataclass(frozen=True, slots=True)
class Layout:
    """Worked intervals of the dates `[first_day, last_day)`, as parallel lists of epoch seconds; `worked[i]` sums up to `closes[i]`."""

    calendar: Calendar
    zone: ZoneInfo
    first_day: int
    last_day: int
    opens: list[int]
    closes: list[int]
    worked: list[int]
    days: list[int]
    """Ordinals of the working days (ESC-B6)."""

    def covers(self, first_day: int, last_day: int) -> bool:
        return self.first_day <= first_day - MARGIN_DAYS and last_day + MARGIN_DAYS < self.last_day

    def worked_until(self, at: int) -> int:
        """Worked seconds from the beginning of the layout to `at`."""
        index = bisect_right(self.opens, at) - 1
        if index < 0:
            return 0
        left = self.closes[index] - at
        return self.worked[index] - left if left > 0 else self.worked[index]

    def is_working(self, at: int) -> bool:
        index = bisect_right(self.opens, at) - 1
        return index >= 0 and at < self.closes[index]


def _lay_out(calendar: Calendar, first_day: int, last_day: int) -> Layout:
    zone = zone_of(calendar.zone)
    layout = Layout(calendar, zone, first_day, last_day, [], [], [], [])
    total = 0
    midnight = _midnight_offsets(zone, first_day)
    for ordinal in range(first_day, last_day):
        following = _midnight_offsets(zone, ordinal + 1)
        day = date.fromordinal(ordinal)
        if midnight == following and midnight[0] == midnight[1]:  # no clock change that day: plain arithmetic, ten times faster
            base = (ordinal - EPOCH_ORDINAL) * DAY - midnight[0]
            found = [(base + 60 * opening, base + 60 * closing) for opening, closing in sorted(declared_minutes(calendar, day))]
        else:
            found = day_intervals(calendar, day)
        midnight = following
        if found:
            layout.days.append(ordinal)
        for opens, closes in found:
            if layout.closes and opens < layout.closes[-1]:  # midnight itself occurs twice in some zones: each second once
                opens = layout.closes[-1]
            if opens < closes:
                total += closes - opens
                layout.opens.append(opens)
                layout.closes.append(closes)
                layout.worked.append(total)
    return layout


def _midnight_offsets(zone: ZoneInfo, ordinal: int) -> tuple[int, int]:
    wall = datetime.fromordinal(ordinal)
    return _offset(zone, wall), _offset(zone, wall.replace(fold=1))


_by_identity: dict[int, tuple[Calendar, Layout]] = {}
_by_content: dict[object, Layout] = {}


def layout_of(calendar: Calendar, first: int, last: int) -> Layout:
    """The layout of `calendar`, wide enough for the epoch seconds `first` to `last`.

    Found by identity first; the calendar is kept beside its layout, so that its identity cannot be given to another. Equal
    calendars (read again from a database) share one layout.
    """
    first_day, last_day = first // DAY + EPOCH_ORDINAL, last // DAY + EPOCH_ORDINAL
    known = _by_identity.get(id(calendar))
    if known is not None and known[1].covers(first_day, last_day):
        return known[1]
    content = (calendar.id, calendar.zone, calendar.week, calendar.holidays, tuple(sorted(calendar.exceptions.items())))
    layout = _by_content.get(content)
    if layout is None or not layout.covers(first_day, last_day):
        layout = _wider(calendar, layout, first_day, last_day)
        _remember(_by_content, content, layout)
    _remember(_by_identity, id(calendar), (calendar, layout))
    return layout


def _remember(memory: dict[K, V], key: K, value: V) -> None:
    if len(memory) >= MEMORY and key not in memory:
        memory.clear()
    memory[key] = value


def _wider(calendar: Calendar, known: Layout | None, first_day: int, last_day: int) -> Layout:
    """A layout that covers the days asked for and what was known, with room to grow so that widening stays rare."""
    low, high = first_day - SEARCH_DAYS, last_day + 2 * SEARCH_DAYS
    if known is not None:
        room = known.last_day - known.first_day
        low = known.first_day if first_day - MARGIN_DAYS >= known.first_day else min(low, known.first_day - room)
        high = known.last_day if last_day + MARGIN_DAYS < known.last_day else max(high, known.last_day + room)
    low, high = max(low, FIRST_ORDINAL), min(high, LAST_ORDINAL)
    if not low <= first_day - MARGIN_DAYS <= last_day + MARGIN_DAYS < high:
        raise NoWorkingTime(calendar.id, date.fromordinal(min(max(first_day, FIRST_ORDINAL), LAST_ORDINAL)))
    return _lay_out(calendar, low, high)


def after(calendar: Calendar, start: int, seconds: int) -> int:
    """The earliest second at which `seconds` (1 or more) have been worked since `start` (ESC-D1)."""
    layout = layout_of(calendar, start, start)
    target = layout.worked_until(start) + seconds
    while not layout.worked or target > layout.worked[-1]:
        layout = _look_further(layout, start)
        target = layout.worked_until(start) + seconds
    index = bisect_left(layout.worked, target)
    return layout.closes[index] - (layout.worked[index] - target)


def before(calendar: Calendar, end: int, seconds: int) -> int:
    """The latest second from which `seconds` (1 or more) are worked until `end` (ESC-D4)."""
    layout = layout_of(calendar, end, end)
    while layout.worked_until(end) < seconds:
        layout = _look_back(layout, end)
    target = layout.worked_until(end) - seconds
    index = bisect_right(layout.worked, target)
    return layout.closes[index] - (layout.worked[index] - target)


def next_working(calendar: Calendar, at: int) -> int:
    """`at` when it is worked, otherwise the next opening (ESC-B5)."""
    layout = layout_of(calendar, at, at)
    return at if layout.is_working(at) else next_opening(calendar, at)


def next_opening(calendar: Calendar, at: int) -> int:
    """The first opening strictly after `at`."""
    layout = layout_of(calendar, at, at)
    index = bisect_right(layout.opens, at)
    while index >= len(layout.opens):
        layout = _look_further(layout, at)
        index = bisect_right(layout.opens, at)
    return layout.opens[index]


def nth_day_after(calendar: Calendar, day: int, count: int) -> int:
    """Ordinal of the `count`-th working day after the date `day`, not counted itself (ESC-D2)."""
    start = (day - EPOCH_ORDINAL) * DAY
    layout = layout_of(calendar, start, start)
    index = bisect_right(layout.days, day) + count - 1
    while index >= len(layout.days):
        layout = _look_further(layout, start)
        index = bisect_right(layout.days, day) + count - 1
    return layout.days[index]


def nth_day_before(calendar: Calendar, day: int, count: int) -> int:
    """Ordinal of the `count`-th working day before the date `day`, not counted itself (ESC-L2)."""
    end = (day - EPOCH_ORDINAL) * DAY
    layout = layout_of(calendar, end, end)
    while bisect_left(layout.days, day) < count:
        layout = _look_back(layout, end)
    return layout.days[bisect_left(layout.days, day) - count]


def is_working_day(calendar: Calendar, day: int) -> bool:
    """ESC-B6."""
    at = (day - EPOCH_ORDINAL) * DAY
    days = layout_of(calendar, at, at).days
    index = bisect_left(days, day)
    return index < len(days) and days[index] == day


def _look_further(layout: Layout, start: int) -> Layout:
    """A layout with more of the future; NoWorkingTime when the last 366 days of this one brought nothing."""
    reached = max(start, layout.closes[-1] if layout.closes else start)
    reached_day = reached // DAY + EPOCH_ORDINAL
    if layout.last_day - reached_day > SEARCH_DAYS + MARGIN_DAYS:
        raise NoWorkingTime(layout.calendar.id, date.fromordinal(reached_day))
    return layout_of(layout.calendar, start, (layout.last_day - EPOCH_ORDINAL) * DAY)


def _look_back(layout: Layout, end: int) -> Layout:
    """A layout with more of the past; NoWorkingTime when the first 366 days of this one brought nothing."""
    reached = min(end, layout.opens[0] if layout.opens else end)
    reached_day = reached // DAY + EPOCH_ORDINAL
    if reached_day - layout.first_day > SEARCH_DAYS + MARGIN_DAYS:
        raise NoWorkingTime(layout.calendar.id, date.fromordinal(reached_day))
    return layout_of(layout.calendar, (layout.first_day - EPOCH_ORDINAL) * DAY, end)


def local_day(calendar: Calendar, at: int) -> int:
    """Ordinal of the local date of an epoch second."""
    return datetime.fromtimestamp(at, zone_of(calendar.zone)).toordinal()


def end_of_day(calendar: Calendar, day: int) -> int:
    """24:00 local of a date: the first instant of the next one (ESC-D2). Where midnight occurs twice, the date ends at the first."""
    return local_instant(zone_of(calendar.zone), date.fromordinal(day), 1440)


def seconds_of(at: datetime) -> int:
    """Epoch second of an aware instant; part seconds are dropped (ESC-B1). ValueError without an offset."""
    if at.tzinfo is None:
        raise ValueError(f"instant without an offset: {at.isoformat()} (ESC-B1)")
    return int(at.timestamp() // 1)


def instant_of(seconds: int) -> datetime:
    """The aware UTC instant of an epoch second."""
    return datetime.fromtimestamp(seconds, UTC)
