"""Instants as people read them: in their language and their own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

_DAY = {"fr": "EEEE d MMMM y", "en": "EEEE d MMMM y"}
_CLOCK = {"fr": "HH 'h' mm", "en": "HH:mm"}
_LOCALE = {"fr": "fr_FR", "en": "en_GB"}


@dataclass(frozen=True, slots=True)
class Clock:
    """How one reader is told the time: `language` is "fr" or "en", `zone` an IANA name."""

    language: str
    zone: str

    def local(self, instant: datetime) -> datetime:
        return instant.astimezone(ZoneInfo(self.zone))

    def is_end_of_day(self, instant: datetime) -> bool:
        """True at 00:00 local: as a deadline, that is 24:00 of the day before (ESC-D2)."""
        local = self.local(instant)
        return (local.hour, local.minute, local.second) == (0, 0, 0)

    def day(self, instant: datetime) -> str:
        """"mardi 17 février 2026", "Tuesday 17 February 2026"."""
        return self.of_date(self.local(instant).date())

    def of_date(self, day: date) -> str:
        """A day that is a day everywhere."""
        text = format_date(day, _DAY[self.language], locale=_LOCALE[self.language])
        # French writes only the first of a month as an ordinal; CLDR patterns have no field for it.
        return text.replace(" 1 ", " 1er ", 1) if self.language == "fr" and day.day == 1 else text

    def last_day(self, due: datetime) -> str:
        """The day whose end is the deadline `due`."""
        return self.day(due - timedelta(seconds=1))

    def time(self, instant: datetime) -> str:
        """"09 h 00", "09:00"."""
        return format_datetime(instant, _CLOCK[self.language], tzinfo=ZoneInfo(self.zone), locale=_LOCALE[self.language])
