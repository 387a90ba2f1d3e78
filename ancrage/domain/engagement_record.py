"""What became of the promises: kept, late, missed, waived, and how long an answer takes, per sponsor and clause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ancrage.domain.escalation.facts import Result
from ancrage.domain.working_time import Calendar, Pause, elapsed_seconds

RECENT = 6
"""How many decided commitments `answering` looks back on."""


class Outcome(StrEnum):
    """How one promise stands in the record."""

    KEPT = "kept"
    LATE = "late"
    MISSED = "missed"
    WAIVED = "waived"
    CANCELLED = "cancelled"
    WAITING = "waiting"
    """Open and not yet due."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One commitment as the record sees it. `person` held the promising role; UTC instants. `answered_at` is the first sign of life
    (an acknowledgement or an answer) of that person, of their stand-in or delegate; `closed_at` and `result` are None while it is
    open. `taken_over`: somebody else ended it. `periodic`: a promise of every month, which answers to nobody's question."""

    commitment: str
    clause: str
    person: str
    opened_at: datetime
    due: datetime
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    result: Result | None = None
    calendar: Calendar | None = None
    pauses: tuple[Pause, ...] = ()
    taken_over: bool = False
    periodic: bool = False

    def seen(self, as_of: datetime) -> Promise:
        """The promise as it was known at `as_of`: what came later has not happened."""
        answered = self.answered_at if self.answered_at is not None and self.answered_at <= as_of else None
        if self.closed_at is None or self.closed_at > as_of:
            return replace(self, answered_at=answered, closed_at=None, result=None, taken_over=False)
        return replace(self, answered_at=answered)

    @property
    def first_answer(self) -> datetime | None:
        """The first sign of life: `answered_at`, or the closing by an answer. What somebody else took over is no answer."""
        answered = self.closed_at if self.result in (Result.KEPT, Result.LATE) and not self.taken_over else None
        return min((at for at in (self.answered_at, answered) if at is not None), default=None)

    def hours_until(self, end: datetime) -> float:
        """Working hours of the commitment's calendar from its opening to `end`, without its pauses (ESC-B5, P2).

        Hours of the clock where no calendar is known.
        """
        if self.calendar is None:
            return (end - self.opened_at) / timedelta(hours=1)
        return elapsed_seconds(self.calendar, self.opened_at, end, self.pauses) / 3600


_CLOSED = {
    Result.KEPT: Outcome.KEPT,
    Result.LATE: Outcome.LATE,
    Result.WAIVED: Outcome.WAIVED,
    Result.CANCELLED: Outcome.CANCELLED,
    Result.MISSED_UNOBSERVED: Outcome.MISSED,
    Result.SUPERSEDED_BY_NEWER: Outcome.MISSED,
}


def outcome(promise: Promise, as_of: datetime) -> Outcome:
    """How the promise stood at `as_of` (ESC-A7, A8, D6): open past its deadline is missed, whether or not a ladder has told so."""
    known = promise.seen(as_of)
    if known.result is not None:
        return _CLOSED[known.result]
    return Outcome.MISSED if as_of > known.due else Outcome.WAITING


@dataclass(frozen=True, slots=True)
class Record:
    """The engagement record of one person for one clause (None: all clauses together).

    `median_hours` (working hours) and `median_days` (elapsed days) to the first answer are None while fewer than half have answered,
    which `answers` of `asked` tells: for all clauses together, promises of every month are not among them. `answering` is the share
    answered lately, None while nothing has come due.
    """

    person: str
    clause: str | None
    kept: int
    late: int
    missed: int
    waived: int
    waiting: int
    median_days: float | None
    answering: float | None
    median_hours: float | None = None
    asked: int = 0
    answers: int = 0

    @property
    def unanswered(self) -> int:
        """Promises in the median that have no answer (yet): censored, they count with their wait so far."""
        return self.asked - self.answers

    @property
    def decided(self) -> int:
        """Promises that count: kept, late or missed. Waived and cancelled ones count neither way (ESC-A8)."""
        return self.kept + self.late + self.missed


def determine_records(promises: Iterable[Promise], as_of: datetime) -> tuple[Record, ...]:
    """One record per person and clause, and one per person for all clauses (clause None, first), ordered by person and clause.

    Promises opened after `as_of` do not exist yet.
    """
    grouped: dict[tuple[str, str], list[Promise]] = {}
    for promise in promises:
        if promise.opened_at <= as_of:
            grouped.setdefault((promise.person, ""), []).append(promise)
            grouped.setdefault((promise.person, promise.clause), []).append(promise)
    return tuple(_record(person, clause or None, grouped[person, clause], as_of) for person, clause in sorted(grouped))


def _record(person: str, clause: str | None, promises: Sequence[Promise], as_of: datetime) -> Record:
    counts = Counter(outcome(promise, as_of) for promise in promises)
    asked = questions(promises) if clause is None else promises
    measured = working_waits(asked, as_of)
    return Record(
        person=person,
        clause=clause,
        kept=counts[Outcome.KEPT],
        late=counts[Outcome.LATE],
        missed=counts[Outcome.MISSED],
        waived=counts[Outcome.WAIVED],
        waiting=counts[Outcome.WAITING],
        median_days=median_time_to_answer(asked, as_of),
        answering=determine_answering(promises, as_of),
        median_hours=survival_median(curve_of(measured)),
        asked=len(measured),
        answers=sum(is_answer for _, is_answer in measured),
    )


def questions(promises: Iterable[Promise]) -> tuple[Promise, ...]:
    """The promises that an event called in: how long their answer takes can be measured. A promise of every month has its own date."""
    return tuple(promise for promise in promises if not promise.periodic)


_WORTH = {Outcome.KEPT: 1.0, Outcome.LATE: 0.5, Outcome.MISSED: 0.0}


def determine_answering(promises: Iterable[Promise], as_of: datetime) -> float | None:
    """The share of the last six decided promises that were answered: kept 1, late one half, missed 0; None while none is decided.

    By deadline, so that a promise that goes unanswered counts from the day it was due. This is what discounts a ranking.
    """
    decided = [promise for promise in promises if promise.opened_at <= as_of and outcome(promise, as_of) in _WORTH]
    latest = sorted(decided, key=lambda promise: (promise.due, promise.commitment))[-RECENT:]
    return sum(_WORTH[outcome(promise, as_of)] for promise in latest) / len(latest) if latest else None


@dataclass(frozen=True, slots=True)
class SurvivalStep:
    """After `time`, the share `open` is still unanswered; `at_risk` were waiting until then, `answered` of them answered at it."""

    time: float
    at_risk: int
    answered: int
    open: float


def survival_curve(durations: Sequence[float], answered: Sequence[bool]) -> tuple[SurvivalStep, ...]:
    """The Kaplan-Meier estimate of how long an answer takes: one step per time at which somebody answered, in order.

    `durations` are times to the answer, or so far where `answered` is False (censored: still open). At equal times answers come
    before censorings (Kaplan and Meier, J. Am. Stat. Assoc. 53, 1958). Empty when nobody has answered.
    """
    pairs = list(zip(durations, answered, strict=True))
    steps: list[SurvivalStep] = []
    share = 1.0
    for time in sorted({duration for duration, is_answer in pairs if is_answer}):
        at_risk = sum(duration >= time for duration, _ in pairs)
        answers = sum(duration == time and is_answer for duration, is_answer in pairs)
        share *= 1 - answers / at_risk
        steps.append(SurvivalStep(time, at_risk, answers, share))
    return tuple(steps)


def survival_median(steps: Iterable[SurvivalStep]) -> float | None:
    """The first time by which half or more have answered; None while it has not been reached."""
    return next((step.time for step in steps if step.open <= 0.5 + 1e-12), None)


def waits(promises: Iterable[Promise], as_of: datetime) -> tuple[tuple[float, bool], ...]:
    """Days to the first answer, and whether there was one; open promises are censored at `as_of`, waived and cancelled ones when closed."""
    return tuple(_wait(promise.seen(as_of), as_of) for promise in promises if promise.opened_at <= as_of)


def _wait(promise: Promise, as_of: datetime) -> tuple[float, bool]:
    return (end_of_wait(promise, as_of) - promise.opened_at) / timedelta(days=1), promise.first_answer is not None


def working_waits(promises: Iterable[Promise], as_of: datetime) -> tuple[tuple[float, bool], ...]:
    """As `waits`, in working hours of each commitment's own calendar."""
    seen = (promise.seen(as_of) for promise in promises if promise.opened_at <= as_of)
    return tuple((promise.hours_until(end_of_wait(promise, as_of)), promise.first_answer is not None) for promise in seen)


def end_of_wait(promise: Promise, as_of: datetime) -> datetime:
    """When the wait for an answer ended: with the answer, else with the closing; `as_of` while it lasts."""
    return promise.first_answer or promise.closed_at or as_of


def curve_of(measured: Sequence[tuple[float, bool]]) -> tuple[SurvivalStep, ...]:
    """The survival curve of waits with whether each was answered."""
    return survival_curve([wait for wait, _ in measured], [is_answer for _, is_answer in measured])


def median_time_to_answer(promises: Iterable[Promise], as_of: datetime) -> float | None:
    """Median days to the first answer by Kaplan-Meier, open promises censored; None while fewer than half have been answered."""
    return survival_median(curve_of(waits(promises, as_of)))
