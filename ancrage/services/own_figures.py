"""Ancrage's own figures as readings: how fast people answer, how many take part, how late actions are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from ancrage.domain.anchoring.periods import Period, period_of
from ancrage.domain.escalation.facts import Result
from ancrage.domain.indicator_sources import OwnFigure, OwnSource
from ancrage.domain.indicators import Cadence, Indicator
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import elapsed_seconds
from ancrage.services.commitments import terms_of
from ancrage.services.readings import NewReading
from ancrage.storage.collecting import fetch_answered, fetch_due, fetch_ended_actions, fetch_participation
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentRow

PERIODS_BACK = 12
"""Complete periods that are computed: what people recorded late corrects them."""
SECONDS_PER_HOUR = 3600
DECIMALS = 4


def own_readings(work: UnitOfWork, programme: Programme, indicator: Indicator, source: OwnSource, today: date) -> tuple[NewReading, ...]:
    """One reading for each of the last complete periods in which there was something to count, oldest first."""
    found = (_reading(work, programme, indicator, source, period) for period in complete_periods(today, indicator.cadence))
    return tuple(reading for reading in found if reading is not None)


def complete_periods(today: date, cadence: Cadence) -> tuple[Period, ...]:
    """The last complete periods before `today`, oldest first."""
    periods, first = [], period_of(today, cadence).first
    for _ in range(PERIODS_BACK):
        periods.append(period_of(first - timedelta(days=1), cadence))
        first = periods[-1].first
    return tuple(reversed(periods))


def _reading(work: UnitOfWork, programme: Programme, indicator: Indicator, source: OwnSource, period: Period) -> NewReading | None:
    zone = ZoneInfo(programme.organisation.calendars[programme.defaults.calendar].zone)
    since = datetime(period.first.year, period.first.month, period.first.day, tzinfo=zone)
    after = period.last + timedelta(days=1)
    until = datetime(after.year, after.month, after.day, tzinfo=zone)
    match source.figure:
        case OwnFigure.TIME_TO_ANSWER:
            hours = _working_hours(programme, fetch_answered(work, since, until, source.contract))
            return _value(indicator, period, hours)
        case OwnFigure.ACTION_DELAY:
            ended = fetch_ended_actions(work, since, until)
            return _value(indicator, period, [float((closed.astimezone(zone).date() - due).days) for due, closed in ended])
        case OwnFigure.ANSWERED_IN_TIME:
            due = fetch_due(work, since, until, source.contract)
            return _share(indicator, period, sum(row.result is Result.KEPT for row in due), len(due))
        case OwnFigure.CAMPAIGN_PARTICIPATION:
            return _share(indicator, period, *fetch_participation(work, since, until))


def _working_hours(programme: Programme, rows: Sequence[CommitmentRow]) -> list[float]:
    calendars = programme.organisation.calendars
    found = []
    for row in rows:
        calendar = calendars.get(terms_of(row).calendar)
        if calendar is not None and row.closed_at is not None:
            found.append(elapsed_seconds(calendar, row.started_at, row.closed_at) / SECONDS_PER_HOUR)
    return found


def _value(indicator: Indicator, period: Period, figures: Sequence[float]) -> NewReading | None:
    return NewReading(indicator.id, period.last, value=round(median(figures), DECIMALS)) if figures else None


def _share(indicator: Indicator, period: Period, part: int, whole: int) -> NewReading | None:
    return NewReading(indicator.id, period.last, numerator=part, denominator=whole) if whole else None
