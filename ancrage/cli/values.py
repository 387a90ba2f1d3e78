"""Values that several commands read from the command line: days, and targets of a campaign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ancrage.cli.invocation import instant
from ancrage.errors import NotFound
from ancrage.language import say


def day(text: str) -> date:
    """A date as `2026-03-31`; anything else is wrong use."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(say("{found} is not a day, as in 2026-03-31", found=text)) from None


def targets(given: Sequence[str], every: str) -> dict[str, int]:
    """Target levels from `AREA=LEVEL`, or `LEVEL` alone for every other area (key `every`); wrong use names what cannot be read."""
    found: dict[str, int] = {}
    wrong = []
    for text in given:
        area, _, level = text.rpartition("=")
        if level.isdecimal():
            found[area.strip() or every] = int(level)
        else:
            wrong.append(text)
    if wrong:
        raise NotFound(say("not a target: {found}; write a level as 2, or a level of one area as AREA=2", found=", ".join(wrong)))
    return found


def day_or_instant(text: str) -> date:
    """A day as `2026-08-01`, or an instant with its offset (then a `datetime`); anything else is wrong use."""
    return day(text) if len(text) <= len("2026-08-01") else instant(text)
