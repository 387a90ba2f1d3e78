"""What collecting gives: readings, and what keeps the others from being taken."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from zoneinfo import ZoneInfo

from ancrage.domain.indicators import ValueKind
from ancrage.errors import Place, Problem
from ancrage.language import Message, say


@dataclass(frozen=True, slots=True)
class FoundReading:
    """One reading of one period, as a source gives it."""

    indicator_id: str
    day: date
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """What one source gave. With a problem nothing of it is taken: half a delivery looks like a whole one."""

    readings: tuple[FoundReading, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the readings, the same whatever their order."""
        lines = sorted(
            json.dumps([it.indicator_id, it.day.isoformat(), it.value, it.numerator, it.denominator, it.note]) for it in self.readings
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def refused(code: str, message: Message, origin: str, hint: Message | None = None) -> Collected:
    """Nothing but one problem of the source as a whole."""
    return Collected(problems=(Problem(code, message, Place(origin), hint=hint),))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose readings are read, and by which calendar: `zone` is the programme's, `today` the last day a reading can be of."""

    indicator_id: str
    kind: ValueKind
    zone: ZoneInfo
    today: date


class BadCell(Exception):
    """A text that is not what stands in its column."""

    def __init__(self, message: Message, hint: Message | None = None, code: str = "E-CELL-VALUE") -> None:
        super().__init__(message)
        self.message, self.hint, self.code = message, hint, code


def read_number(text: str, decimal: str) -> float | None:
    """The number a text writes, None where it is empty. With a declared `decimal` sign the other one is refused; without one a comma
    is read where it cannot separate thousands. BadCell when it is no finite number."""
    if not text:
        return None
    refuse = BadCell(
        say("{found} is not a number", found=text[:60]),
        say("the decimal sign of this source is {sign}", sign=decimal) if decimal else say("write it as 1234.5, without separators"),
    )
    whole, comma, rest = text.partition(",")
    if (comma and decimal == ".") or ("." in text and decimal == ",") or (comma and not decimal and len(rest) == len("000")) or "_" in text:
        raise refuse
    try:
        number = float(f"{whole}.{rest}" if comma else text)
    except ValueError:
        raise refuse from None
    if not isfinite(number):
        raise refuse
    return number


def read_day(text: str, wanted: Wanted, zone: str = "") -> date:
    """The day a text names, in the zone of the programme.

    A date is a day as it stands. A time without offset is of `zone` (the programme's where it is empty); one with an offset must have
    that of `zone`, where it is declared. BadCell for anything else, and for a day to come.
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise BadCell(say("{found} is not a day", found=text[:60] or "-"), say("write it as 2026-03-31")) from None
    day = instant.date() if len(text) <= len("2026-03-31") else _local_day(instant, text, wanted, zone)
    if day > wanted.today:
        raise BadCell(say("{day} is still to come: today is {today}", day=day, today=wanted.today))
    return day


def _local_day(instant: datetime, text: str, wanted: Wanted, zone: str) -> date:
    written = ZoneInfo(zone) if zone else wanted.zone
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=written)
    elif zone and instant.utcoffset() != instant.astimezone(written).utcoffset():
        raise BadCell(
            say("{found} has another offset than {zone}, the zone of this source", found=text[:60], zone=zone),
            say("write times in that zone, or declare the zone they are written in"), "E-COLLECT-ZONE",
        )  # fmt: skip
    return instant.astimezone(wanted.zone).date()


def made_reading(wanted: Wanted, day: date, figures: Sequence[float | None], note: str = "") -> FoundReading:
    """A reading of its kind; BadCell when a figure is missing."""
    value, numerator, denominator = figures
    if wanted.kind is ValueKind.PROPORTION and value is None and (numerator is None or not denominator or denominator < 0):
        raise BadCell(say("a proportion needs its numerator and its denominator, and the denominator cannot be 0"))
    if value is None and numerator is None:
        raise BadCell(say("a reading needs a figure; a missing reading is simply not there"), say("take the row away"))
    return FoundReading(wanted.indicator_id, day, value, numerator, denominator, note)


def without_repeats(readings: Iterable[tuple[FoundReading, Place]]) -> Collected:
    """The readings, or a problem for each period that has several: which one is meant is not ours to say."""
    found: dict[tuple[str, date], FoundReading] = {}
    problems = []
    for reading, place in readings:
        before = found.setdefault((reading.indicator_id, reading.day), reading)
        if before is not reading and before != reading:
            message = say("{indicator} of {day} stands twice, with other figures", indicator=reading.indicator_id, day=reading.day)
            problems.append(Problem("E-ROW-TWICE", message, place))
    return Collected(tuple(found.values()), tuple(problems))
