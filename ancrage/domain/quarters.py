"""Quarters of the year, as the calendar of a contract counts them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from ancrage.domain.working_time import Calendar, local_date, start_of_day


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months of a year; `number` from 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def first_day(self) -> date:
        """The day it begins."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def before(self) -> Quarter:
        """The quarter before it."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    @property
    def after(self) -> Quarter:
        """The quarter after it."""
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    def bounds(self, calendar: Calendar) -> tuple[datetime, datetime]:
        """Its first instant in the zone of a calendar, and the first one after it."""
        return start_of_day(calendar, self.first_day), start_of_day(calendar, self.after.first_day)


def quarter_of(calendar: Calendar, at: datetime) -> Quarter:
    """The quarter that an instant falls in, by the local date of the calendar."""
    day = local_date(calendar, at)
    return Quarter(day.year, (day.month + 2) // 3)


def parse_quarter(text: str) -> Quarter | None:
    """The quarter written `2026-Q2`; None for anything else."""
    found = re.fullmatch(r"(\d{4})-Q([1-4])", text.strip().upper())
    return Quarter(int(found[1]), int(found[2])) if found and int(found[1]) >= 1900 else None
