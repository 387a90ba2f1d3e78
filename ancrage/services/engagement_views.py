"""The engagement record as people read it: per person and clause, the curve of times to answer, the trend, and every promise counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.answer_trend import AnswerTrend, Pace, determine_answer_trend, waits_of
from ancrage.domain.engagement_record import (
    Outcome,
    Promise,
    Record,
    SurvivalStep,
    curve_of,
    determine_records,
    end_of_wait,
    outcome,
    questions,
    working_waits,
)
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound
from ancrage.language import N_, Label, Message, say
from ancrage.services.commitments import title_of
from ancrage.services.engagement import fetch_promises
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.unit_of_work import UnitOfWork

PACES: Mapping[Pace, str] = {
    Pace.TOO_FEW: N_("too few to tell"), Pace.STEADY: N_("steady"), Pace.SLOWING: N_("slowing down"), Pace.THINNING: N_("thinning out"),
}  # fmt: skip
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.KEPT: N_("kept"), Outcome.LATE: N_("late"), Outcome.MISSED: N_("missed"), Outcome.WAIVED: N_("waived"),
    Outcome.CANCELLED: N_("cancelled"), Outcome.WAITING: N_("waiting"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PromiseLine:
    """One promise of the record. `hours` of work passed until `answered_at`, or so far; `share` of the delay that they used up.

    `taken_over`: somebody else ended it, which is no answer. `periodic`: a promise of every month, in no time to answer.
    """

    commitment: str
    title: Label
    clause: str
    opened_at: datetime
    due_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    outcome: Outcome
    hours: float
    share: float | None
    taken_over: bool
    periodic: bool


@dataclass(frozen=True, slots=True)
class ClauseRecord:
    """The record of one clause in its own words; `promise` is empty when it is not declared any more."""

    clause: str
    promise: Label
    contract: Label | None
    record: Record


@dataclass(frozen=True, slots=True)
class EngagementView:
    """Everything the record knows about one person. `curve` is of promises that an event called in, in working hours.

    `zone` is that of the programme's calendar; `hours_a_day` what a working day has there, to read hours as days.
    """

    person: str
    name: str
    as_of: datetime
    sponsor_of: tuple[Label, ...]
    together: Record
    clauses: tuple[ClauseRecord, ...]
    curve: tuple[SurvivalStep, ...]
    trend: AnswerTrend
    lines: tuple[PromiseLine, ...]
    zone: str
    hours_a_day: float

    @property
    def pace(self) -> Message:
        """The verdict on the trend, in a word or two."""
        return Message(PACES[self.trend.pace])


def list_engagement(work: UnitOfWork, as_of: datetime) -> tuple[EngagementView, ...]:
    """Everybody who promised something by `as_of`, sponsors first, then by name. Reads only."""
    programme = current_programme(work)
    promised: dict[str, list[Promise]] = defaultdict(list)
    for promise in fetch_promises(work, programme):
        if promise.opened_at <= as_of:
            promised[promise.person].append(promise)
    titles = {row.id: title_of(row) for row in fetch_commitments(work)}
    views = [_view(programme, person, promises, titles, as_of) for person, promises in promised.items()]
    return tuple(sorted(views, key=lambda view: (not view.sponsor_of, view.name, view.person)))


def show_engagement(work: UnitOfWork, person: str, as_of: datetime) -> EngagementView:
    """The record of one person. NotFound for somebody unknown; somebody who never promised has an empty record."""
    for view in list_engagement(work, as_of):
        if view.person == person:
            return view
    programme = current_programme(work)
    if person not in programme.organisation.people:
        raise NotFound(say("there is no person {person}", person=person))
    return _view(programme, person, [], {}, as_of)


def _view(
    programme: Programme, person: str, promises: Iterable[Promise], titles: Mapping[str, Label], as_of: datetime
) -> EngagementView:
    known = sorted(promises, key=lambda promise: (promise.opened_at, promise.commitment))
    records = determine_records(known, as_of)
    declared = programme.organisation.people.get(person)
    calendar = programme.organisation.calendars[programme.defaults.calendar]
    together = next((record for record in records if record.clause is None), EMPTY_RECORD)
    return EngagementView(
        person=person,
        name=declared.name if declared else person,
        as_of=as_of,
        sponsor_of=tuple(
            contract.name for contract in programme.contracts.values()
            if person in [programme.organisation.holder(role, as_of) for role in (contract.sponsor, contract.co_sponsor) if role]
        ),
        together=together,
        clauses=tuple(_clause(programme, record) for record in records if record.clause is not None),
        curve=curve_of(working_waits(questions(known), as_of)),
        trend=determine_answer_trend(known, as_of),
        lines=_lines(known, titles, as_of),
        zone=calendar.zone,
        hours_a_day=hours_a_day(programme),
    )  # fmt: skip


EMPTY_RECORD = Record("", None, 0, 0, 0, 0, 0, None, None)


def _clause(programme: Programme, record: Record) -> ClauseRecord:
    for contract, clause in programme.clauses():
        if clause.id == record.clause:
            return ClauseRecord(clause.id, clause.promise, contract.name, record)
    return ClauseRecord(record.clause or "", Label(), None, record)


def _lines(promises: Iterable[Promise], titles: Mapping[str, Label], as_of: datetime) -> tuple[PromiseLine, ...]:
    promises = tuple(promises)
    shares = {wait.commitment: wait.share for wait in waits_of(promises, as_of)}
    return tuple(
        PromiseLine(
            commitment=promise.commitment, title=titles.get(promise.commitment, Label.same(promise.commitment)), clause=promise.clause,
            opened_at=promise.opened_at, due_at=promise.due, answered_at=promise.first_answer, closed_at=promise.closed_at,
            outcome=outcome(promise, as_of), hours=promise.hours_until(end_of_wait(promise, as_of)), share=shares.get(promise.commitment),
            taken_over=promise.taken_over, periodic=promise.periodic,
        )
        for promise in (known.seen(as_of) for known in promises)
    )  # fmt: skip


def hours_a_day(programme: Programme) -> float:
    """Working hours of a usual working day of the programme's own calendar."""
    week = programme.organisation.calendars[programme.defaults.calendar].week
    worked = [sum(close - opening for opening, close in day) / 60 for day in week if day]
    return sum(worked) / len(worked) if worked else 24.0


def median_words(record: Record, hours_a_day: float) -> Message:
    """The median time to answer with its censoring said: how many have answered, how many are still waited for."""
    if not record.asked:
        return say("Nothing was asked that waits for an answer.")
    counts = {"answers": record.answers, "asked": record.asked}
    if record.median_hours is None:
        return say("Median not reached: {answers} of {asked} answered so far, less than half by this estimate.", **counts)
    hours, days = round(record.median_hours, 1), round(record.median_hours / hours_a_day, 1)
    if record.answers == record.asked:
        return say(
            "Half have answered after {hours} working hours ({days} days of work); all {asked} are answered.", hours=f"{hours:g}",
            days=f"{days:g}", **counts,
        )  # fmt: skip
    return say(
        "Half have answered after {hours} working hours ({days} days of work): {answers} of {asked} answered, the others count as waiting.",
        hours=f"{hours:g}", days=f"{days:g}", **counts,
    )  # fmt: skip
