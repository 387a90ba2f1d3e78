"""Collection of readings: plan what is due, ask the sources outside any transaction, record everything in one.

A repeated run finds the same files, the same answers and the same figures, and changes nothing. Files are put away after the commit;
a crash between the two leaves a delivery that is known and not put away, which the next run finishes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from ancrage.domain.anchoring.periods import period_of
from ancrage.domain.indicator_sources import DropSource, HttpSource, OwnSource, SqlSource
from ancrage.domain.indicators import Indicator, Phase
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Problem
from ancrage.exchange.collecting.connections import Connections
from ancrage.exchange.collecting.found import Collected, Wanted, refused
from ancrage.exchange.collecting.http_readings import collect_http
from ancrage.exchange.collecting.sql_readings import collect_sql
from ancrage.language import Message, say
from ancrage.services.anchoring_watch import local_day
from ancrage.services.commitments import ENGINE
from ancrage.services.data_defects import Defect, DefectKind, Ledger
from ancrage.services.dropped_files import DeliveryReport, Dropping, look_at_files, put_files_away, record_files
from ancrage.services.own_figures import complete_periods, own_readings
from ancrage.services.programme import current_programme
from ancrage.services.readings import NewReading, is_news, record_reading
from ancrage.services.workplace import Workplace
from ancrage.storage.codec import pack_message
from ancrage.storage.collecting import fetch_collections
from ancrage.storage.indicators import fetch_figures
from ancrage.storage.unit_of_work import UnitOfWork
from models.collecting import CollectionRow


class Collector(Workplace, Protocol):
    """The port of collection: a workplace that knows the connections of sources."""

    @property
    def connections(self) -> Connections:
        """Where readings are collected from."""
        ...


class Outcome(StrEnum):
    """What asking one source came to."""

    RECORDED = "recorded"
    UNCHANGED = "unchanged"
    NOTHING = "nothing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One indicator that was asked for: readings recorded (new or corrected), and what was wrong."""

    indicator_id: str
    outcome: Outcome
    recorded: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionReport:
    """What one run did; `told` counts the commitments it opened."""

    as_of: datetime
    sources: tuple[SourceReport, ...]
    deliveries: tuple[DeliveryReport, ...]
    told: int = 0

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of each thing, only where there is any."""
        found = {
            "readings_recorded": sum(it.recorded for it in self.sources) + sum(it.recorded for it in self.deliveries),
            "files_taken": sum(it.outcome == "taken" for it in self.deliveries),
            "files_refused": sum(it.outcome == "refused" for it in self.deliveries),
            "sources_failed": sum(it.outcome is Outcome.FAILED for it in self.sources),
            "repairs_asked": self.told,
        }
        return {what: count for what, count in found.items() if count}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked now: `asked` are indicators whose source is due, `dropped` those that wait for files."""

    programme: Programme
    today: date
    asked: tuple[Indicator, ...]
    dropped: tuple[Indicator, ...]

    def wanted(self, indicator: Indicator) -> Wanted:
        """How its readings are read."""
        zone = ZoneInfo(self.programme.organisation.calendars[self.programme.defaults.calendar].zone)
        return Wanted(indicator.id, indicator.kind, zone, self.today)


def collect(place: Collector, as_of: datetime, indicator_id: str | None = None, *, dry_run: bool = False) -> CollectionReport:
    """Ask every source that is due, or the one of `indicator_id` at once; files of the drop folder are always looked at.

    With `dry_run` nothing is recorded, told or moved. NotFound for an indicator that is not declared, or that nothing is collected for.
    """
    with place.reading() as work:
        plan = plan_collection(work, current_programme(work), as_of, indicator_id)
    answers = {one.id: _ask(place.connections, one, plan.wanted(one)) for one in plan.asked if not isinstance(one.collected, OwnSource)}
    waits = [(plan.wanted(one), one.collected) for one in plan.dropped if isinstance(one.collected, DropSource)]
    dropping = look_at_files(place.connections.drop, waits, place.wall_now().timestamp(), only_theirs=indicator_id is not None)
    if dry_run:
        with place.reading() as work:
            return CollectionReport(as_of, _rehearsed(work, plan, answers), dropping.rehearsed(work))
    with place.units() as work:
        report = _record(work, plan, answers, dropping, as_of, tuple(place.first_channels))
    put_files_away(place, dropping, as_of)
    return report


def plan_collection(work: UnitOfWork, programme: Programme, as_of: datetime, indicator_id: str | None = None) -> Plan:
    """What is due at `as_of`: each source once in a period of its cadence, and once a day while the last complete period is not there.

    A source that failed is asked again by the next run. `indicator_id` is due whenever it is asked for.
    """
    today = local_day(programme, as_of)
    known = [one for one in programme.indicators.values() if one.collected is not None and one.phase is not Phase.RETIRE]
    if indicator_id is not None:
        known = [_named(programme, indicator_id)]
    asked = [one for one in known if not isinstance(one.collected, DropSource)]
    if indicator_id is None:
        rows = fetch_collections(work)
        newest = {name: day for name, day, *_ in fetch_figures(work, [one.id for one in asked])} if asked else {}
        asked = [one for one in asked if _is_due(programme, one, rows.get(one.id), newest.get(one.id), today)]
    return Plan(programme, today, tuple(asked), tuple(one for one in known if isinstance(one.collected, DropSource)))


def _named(programme: Programme, indicator_id: str) -> Indicator:
    indicator = programme.indicators.get(indicator_id)
    if indicator is None:
        known = ", ".join(programme.indicators) or "-"
        raise NotFound(say("there is no indicator {indicator}; declared: {known}", indicator=indicator_id, known=known))
    if indicator.collected is None:
        raise NotFound(say("the readings of {indicator} are handed in, nothing is collected for it", indicator=indicator_id))
    return indicator


def _is_due(programme: Programme, indicator: Indicator, row: CollectionRow | None, newest: date | None, today: date) -> bool:
    if row is None or row.succeeded_at is None or row.outcome == Outcome.FAILED:
        return True
    last = local_day(programme, row.succeeded_at)
    if last < period_of(today, indicator.cadence).first:
        return True
    dated_by_us = isinstance(indicator.collected, HttpSource) and indicator.collected.date is None
    if dated_by_us or isinstance(indicator.collected, OwnSource):
        return False
    complete = complete_periods(today, indicator.cadence)[-1]
    return last < today and (newest is None or newest < complete.first)


def _ask(connections: Connections, indicator: Indicator, wanted: Wanted) -> Collected:
    source = indicator.collected
    assert isinstance(source, SqlSource | HttpSource), "files and own figures are collected elsewhere"
    connection = connections.named.get(source.connection)
    if connection is None:
        message = say("there is no [sources.{name}] in ancrage.toml", name=source.connection)
        return refused("E-COLLECT-CONNECTION", message, source.connection)
    return collect_sql(connection, source, wanted) if isinstance(source, SqlSource) else collect_http(connection, source, wanted)


def _rehearsed(work: UnitOfWork, plan: Plan, answers: Mapping[str, Collected]) -> tuple[SourceReport, ...]:
    reports = []
    for indicator in plan.asked:
        readings, problems = _readings_of(work, plan, indicator, answers)
        news = sum(is_news(work, reading) for reading in readings)
        reports.append(_report(indicator, len(readings), news, problems))
    return tuple(reports)


def _readings_of(
    work: UnitOfWork, plan: Plan, indicator: Indicator, answers: Mapping[str, Collected]
) -> tuple[Sequence[NewReading], tuple[Problem, ...]]:
    if isinstance(indicator.collected, OwnSource):
        return own_readings(work, plan.programme, indicator, indicator.collected, plan.today), ()
    found = answers[indicator.id]
    if found.problems:
        return (), found.problems
    return [NewReading(it.indicator_id, it.day, it.value, it.numerator, it.denominator, it.note) for it in found.readings], ()


def _report(indicator: Indicator, found: int, recorded: int, problems: tuple[Problem, ...]) -> SourceReport:
    if problems:
        return SourceReport(indicator.id, Outcome.FAILED, 0, problems)
    outcome = Outcome.RECORDED if recorded else Outcome.UNCHANGED if found else Outcome.NOTHING
    return SourceReport(indicator.id, outcome, recorded)


def _record(
    work: UnitOfWork, plan: Plan, answers: Mapping[str, Collected], dropping: Dropping, as_of: datetime, channels: tuple[str, ...]
) -> CollectionReport:
    """Everything one run found, in one transaction."""
    ledger = Ledger(work, plan.programme, as_of, channels)
    rows = fetch_collections(work)
    sources = tuple(_record_source(work, plan, indicator, answers, rows, ledger) for indicator in plan.asked)
    deliveries = record_files(work, plan.programme, dropping, ledger)
    return CollectionReport(as_of, sources, deliveries, ledger.told)


def _record_source(
    work: UnitOfWork, plan: Plan, indicator: Indicator, answers: Mapping[str, Collected], rows: Mapping[str, CollectionRow], ledger: Ledger
) -> SourceReport:
    readings, problems = _readings_of(work, plan, indicator, answers)
    row = rows.get(indicator.id) or CollectionRow(
        programme_id=work.programme_id, indicator_id=indicator.id, attempted_at=ledger.as_of, outcome=Outcome.NOTHING
    )
    print_now = answers[indicator.id].fingerprint if indicator.id in answers else ""
    recorded = 0
    if not problems and (not print_now or print_now != row.fingerprint):  # the same answer does not undo what people corrected since
        recorded = sum(record_reading(work, plan.programme, new, ENGINE, indicator.source, ledger.as_of) for new in readings)
        row.fingerprint = print_now
    report = _report(indicator, len(readings), recorded, problems)
    _note_attempt(row, report, ledger.as_of)
    work.session.add(row)
    origin = f"source:{indicator.id}"
    if problems:
        if ledger.tell(Defect(DefectKind.SOURCE, origin, indicator.id, summed(problems))):
            work.record(ledger.as_of, ENGINE, "collection_failed", f"indicator:{indicator.id}", code=problems[0].code)
    else:
        ledger.over((DefectKind.SOURCE,), origin)
    return report


def _note_attempt(row: CollectionRow, report: SourceReport, as_of: datetime) -> None:
    row.attempted_at, row.outcome, row.recorded = as_of, report.outcome.value, report.recorded
    row.message = pack_message(summed(report.problems)) if report.problems else None
    if not report.problems:
        row.succeeded_at = as_of


def summed(problems: Sequence[Problem]) -> Message:
    """The first problem in a sentence, and how many there are."""
    first, place = problems[0], problems[0].place
    if len(problems) == 1:
        return say("{place}: {message}", place=str(place or "-"), message=first.message)
    return say("{place}: {message} (and {count} more)", place=str(place or "-"), message=first.message, count=len(problems) - 1)
