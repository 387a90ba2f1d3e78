"""When the next cycle is due (ASM-K8): some months after the last review, or on a fixed sequence of days."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class Counted(StrEnum):
    """What the months are counted from."""

    REVIEW = "review"      # from the day the last cycle closed
    SEQUENCE = "sequence"  # from a fixed first day, whenever cycles really close


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A cycle every `every_months` (1 or more). `first` is the first day of a fixed sequence."""

    every_months: int
    counted: Counted = Counted.REVIEW
    first: date | None = None

    def packed(self) -> dict[str, Any]:
        """As it is stored with a campaign."""
        return {"every_months": self.every_months, "from": self.counted.value, "first": self.first.isoformat() if self.first else None}

    @classmethod
    def unpacked(cls, stored: Mapping[str, Any]) -> Recurrence:
        """What `packed` wrote."""
        first = stored.get("first")
        return cls(int(stored["every_months"]), Counted(stored["from"]), date.fromisoformat(first) if first else None)


def next_review(recurrence: Recurrence, closed_on: date) -> date:
    """The day the next cycle is due, after one that closed on `closed_on`; a 31st falls on the last day of a shorter month.

    On a sequence it is the first of its days strictly after `closed_on`: a late cycle moves none of the later ones. Without a first
    day a sequence begins with `closed_on`.
    """
    start = closed_on if recurrence.counted is Counted.REVIEW else recurrence.first or closed_on
    months = recurrence.every_months
    due = start
    passed = 0
    while due <= closed_on:
        passed += months
        due = _months_later(start, passed)
    return due


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
