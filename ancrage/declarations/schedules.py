"""Kinds of values that hold working hours: intervals of a day, the week, dates that are different."""

from __future__ import annotations

import re
from datetime import date

from ancrage.declarations.kinds import Kind, Schema, Text, read_day
from ancrage.declarations.reading import Reading, Refused
from ancrage.declarations.suggestions import closest, did_you_mean
from ancrage.declarations.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode
from ancrage.domain.working_time import MinuteInterval
from ancrage.language import say

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Week = tuple[tuple[MinuteInterval, ...], ...]
_INTERVAL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|24:00)\Z")
_INTERVAL_PATTERN = "^([01]\\d|2[0-3]):[0-5]\\d-(([01]\\d|2[0-3]):[0-5]\\d|24:00)$"


def read_interval(text: str) -> MinuteInterval | None:
    """Opening and closing in minutes from `09:00-12:00`; closing may be 24:00 (ESC-B2). None when it is not one."""
    found = _INTERVAL.match(text)
    if found is None:
        return None
    opening = 60 * int(found[1]) + int(found[2])
    closing = 1440 if found[3] is None else 60 * int(found[3]) + int(found[4])
    return (opening, closing) if opening < closing else None


class Intervals(Kind):
    """Working intervals of one day, in any order, without overlap; an empty list is a closed day."""

    expected = say("a list of intervals such as 09:00-12:00")

    def read(self, node: Node, reading: Reading) -> tuple[MinuteInterval, ...] | Refused:
        if not isinstance(node, SequenceNode):
            return reading.wrong_type(node, self.expected)
        found: list[MinuteInterval] = []
        for child in node.items:
            interval = read_interval(child.text) if isinstance(child, ScalarNode) else None
            if interval is None:
                hint = say("write opening and closing, as in 09:00-12:00; 24:00 is a valid closing")
                reading.refuse(child, "E-INTERVAL", say("this is not an interval of a day"), say("not an interval"), hint)
            elif any(interval[0] < closing and opening < interval[1] for opening, closing in found):
                label, hint = say("overlaps one before it"), say("join the two intervals, or part them")
                reading.refuse(child, "E-CAL-OVERLAP", say("two intervals of this day overlap"), label, hint)
            else:
                found.append(interval)
        return tuple(sorted(found))

    def schema(self) -> Schema:
        return {"type": "array", "items": {"type": "string", "pattern": _INTERVAL_PATTERN}}


class WeekKind(Kind):
    """Intervals by day or span of days (`mon-fri`, `sat`); a day named twice is refused. Gives seven tuples, Monday first."""

    expected = say("a mapping from days to intervals")

    def read(self, node: Node, reading: Reading) -> Week | Refused:
        if not isinstance(node, MappingNode):
            return reading.wrong_type(node, self.expected)
        week: dict[int, tuple[MinuteInterval, ...]] = {}
        for name, child in node.entries.items():
            days = days_of(name)
            if not days:
                message = say('"{name}" is not a day or a span of days', name=name)
                hint = did_you_mean(name, DAYS) if "-" not in name else say("write the first and the last day, as in mon-fri")
                reading.refuse_key(child, "E-WEEKDAY", message, say("no such day"), hint)
            elif any(day in week for day in days):
                message = say('"{name}" names a day that stands above already', name=name)
                reading.refuse_key(child, "E-CAL-OVERLAP", message, say("a day twice"), say("name each day once"))
            else:
                intervals = Intervals().read(child, reading)
                week.update(dict.fromkeys(days, () if isinstance(intervals, Refused) else intervals))
        return tuple(week.get(day, ()) for day in range(7))

    def schema(self) -> Schema:
        day = "(mon|tue|wed|thu|fri|sat|sun)"
        return {"type": "object", "patternProperties": {f"^{day}(-{day})?$": Intervals().schema()}, "additionalProperties": False}


def days_of(name: str) -> tuple[int, ...]:
    """Days (Monday is 0) that `mon` or `mon-fri` names; empty when it names none. A span may cross Sunday: `sat-mon`."""
    first, _, last = name.partition("-")
    last = last or first
    if first not in DAYS or last not in DAYS or name.endswith("-"):
        return ()
    count = (DAYS.index(last) - DAYS.index(first)) % 7 + 1
    return tuple((DAYS.index(first) + step) % 7 for step in range(count))


class ExceptionsKind(Kind):
    """Intervals by date, each replacing what the week says (ESC-B4)."""

    expected = say("a mapping from dates to intervals")

    def read(self, node: Node, reading: Reading) -> dict[date, tuple[MinuteInterval, ...]] | Refused:
        if not isinstance(node, MappingNode):
            return reading.wrong_type(node, self.expected)
        found = {}
        for name, child in node.entries.items():
            day = read_day(name)
            if day is None:
                message = say('"{text}" is not a date of the calendar', text=name)
                reading.refuse_key(child, "E-DATE", message, say("no such date"), say("write year-month-day, as in 2026-03-31"))
                continue
            intervals = Intervals().read(child, reading)
            if not isinstance(intervals, Refused):
                found[day] = intervals
        return found

    def schema(self) -> Schema:
        return {"type": "object", "patternProperties": {"^\\d{4}-\\d{2}-\\d{2}$": Intervals().schema()}, "additionalProperties": False}


class Zone(Text):
    """A time zone of the IANA list."""

    expected = say("a time zone such as Europe/Paris")

    def read(self, node: Node, reading: Reading) -> str | Refused:
        name = super().read(node, reading)
        if isinstance(name, str) and not _is_zone(name):
            from zoneinfo import available_timezones  # reads a folder; only a mistake pays for it

            message = say('"{name}" is not a time zone', name=name)
            close = closest(name, sorted(available_timezones()))
            hint = say('did you mean "{close}"?', close=close) if close else say("write a zone of the IANA list, as in Europe/Paris")
            return reading.refuse(node, "E-TZ", message, say("no such zone"), hint)
        return name

    def schema(self) -> Schema:
        return {"type": "string"}


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, a path that leaves the folder, a folder
        return False
    return True
