"""Axes: round steps, dates in the reader's language, and where a value lies on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True, slots=True)
class Scale:
    """From values between `low` and `high` to paper between `start` and `end` (either may be the larger)."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where `value` lies on paper."""
        span = self.high - self.low
        return self.start if span == 0 else self.start + (value - self.low) / span * (self.end - self.start)


def round_step(span: float, about: int) -> float:
    """The round step (1, 2, 2.5 or 5 times a power of ten) that cuts `span` into at most about `about` parts; 1 for no span."""
    if span <= 0:
        return 1.0
    raw = span / about
    power = float(10 ** floor(log10(raw)))
    return next(step * power for step in STEPS if step * power >= raw * (1 - 1e-9))


def round_ticks(low: float, high: float, about: int = 5) -> tuple[float, ...]:
    """Round values from at or below `low` to at or above `high`, ascending; at least two."""
    step = round_step(high - low, about)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    if first == last:
        last += 1
    return tuple(round(index * step, 12) for index in range(first, last + 1))


@dataclass(frozen=True, slots=True)
class DateTick:
    """A first day of a month, or any day of a short series, and how it is written."""

    day: date
    text: str


def date_ticks(first: date, last: date, language: str, at_most: int) -> tuple[DateTick, ...]:
    """Between two and about `at_most` dates from `first` to `last`: whole months where there is room for them, days otherwise."""
    if (last - first).days < 62:
        return _days(first, last, language, at_most)
    months = (last.year - first.year) * 12 + last.month - first.month
    step = next((step for step in MONTH_STEPS if months / step <= at_most), MONTH_STEPS[-1])
    days = _firsts_of_months(first, last, step)
    return tuple(DateTick(day, _month(day, language, step, named=not index)) for index, day in enumerate(days))


def _days(first: date, last: date, language: str, at_most: int) -> tuple[DateTick, ...]:
    span = (last - first).days
    step = max(1, ceil(span / max(1, at_most)))
    days = [first + timedelta(days=offset) for offset in range(0, span + 1, step)]
    return tuple(DateTick(day, str(format_date(day, "d MMM", locale=language))) for day in days)


def _firsts_of_months(first: date, last: date, step: int) -> Sequence[date]:
    """First days of months inside, counted from January so that years begin a label."""
    found = []
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        day = date(month // 12, month % 12 + 1, 1)
        if month % step == 0 and first <= day <= last:
            found.append(day)
    return found


def _month(day: date, language: str, step: int, *, named: bool) -> str:
    """The month; with its year on the first label and where a year begins."""
    if step >= 12:
        return str(day.year)
    return str(format_date(day, "MMM yyyy" if named or day.month == 1 else "MMM", locale=language))


def figure(value: float, language: str, *, share: bool = False, step: float | None = None) -> str:
    """A figure as its reader writes it: 4 significant digits, or as many decimals as the step of the axis needs; shares in percent."""
    if share:
        return str(format_percent(value, format="#,##0.#\u00a0%" if language == "fr" else "#,##0.#%", locale=language))
    if step is not None:
        decimals = max(0, -floor(log10(step) + 1e-9) + (0 if _is_whole_step(step) else 1))
        return str(format_decimal(round(value, decimals), locale=language, decimal_quantization=False))
    digits = 0 if value == 0 else max(0, 3 - floor(log10(abs(value))))
    return str(format_decimal(round(value, digits), locale=language, decimal_quantization=False))


def _is_whole_step(step: float) -> bool:
    leading = step / float(10 ** floor(log10(step) + 1e-9))
    return abs(leading - round(leading)) < 1e-6
