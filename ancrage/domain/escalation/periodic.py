"""Commitments of every month (ESC-M): which months to open, who may keep one, and what becomes of those overtaken by a newer one."""

from __future__ import annotations

import calendar as months_of_the_year
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ancrage.domain import working_time
from ancrage.domain.escalation.facts import Decision, LadderState, Reason, Result, Status, Terms
from ancrage.domain.escalation.recipients import running_delegate
from ancrage.domain.organisation import Organisation
from ancrage.domain.policies import Policy
from ancrage.domain.working_time import Calendar, DueDate
from ancrage.language import say


@dataclass(frozen=True, slots=True)
class Month:
    """One calendar month of a clause. `id` is `clause@YYYY-MM`; it opens at `opens_at` and is due at 24:00 of `last_day` (ESC-M1)."""

    id: str
    opens_at: datetime
    last_day: date

    @property
    def budget(self) -> DueDate:
        return DueDate(self.last_day)


def month_of(clause: str, calendar: Calendar, at: datetime) -> Month:
    """The month that contains `at` in the calendar's time zone: the one for which an event at `at` counts (ESC-M3)."""
    return _month(clause, calendar, working_time.local_date(calendar, at).replace(day=1))


def months_to_open(clause: str, calendar: Calendar, since: datetime, as_of: datetime) -> tuple[Month, ...]:
    """The months to open for a clause in force since `since`, oldest first: the one that contains `since`, and all begun by `as_of`.

    The first one opens at `since` when that lies inside it: nobody is reminded of what was before the promise. A month found
    after a gap still opens at its first instant, so that a late pass gives what a punctual one would have given (ESC-M1, C1).
    """
    found = []
    month = month_of(clause, calendar, since)
    while month.opens_at <= as_of:
        found.append(replace(month, opens_at=max(month.opens_at, since)))
        month = _month(clause, calendar, date.fromordinal(month.last_day.toordinal() + 1))
    return tuple(found)


def next_month_at(calendar: Calendar, as_of: datetime) -> datetime:
    """The first instant of the month after the one that contains `as_of`."""
    return working_time.end_of_day(calendar, month_of("", calendar, as_of).last_day)


def _month(clause: str, calendar: Calendar, first: date) -> Month:
    last = first.replace(day=months_of_the_year.monthrange(first.year, first.month)[1])
    return Month(f"{clause}@{first:%Y-%m}", working_time.start_of_day(calendar, first), last)


def terms_of_month(month: Month, calendar: Calendar, responsible: str, policy: Policy) -> Terms:
    """What the commitment of a month keeps from its start."""
    return Terms(month.id, calendar.id, responsible, month.budget, policy, month.opens_at)


@dataclass(frozen=True, slots=True)
class Keeper:
    """Whether somebody may keep a month, and whether they do so as the backup (ESC-M2)."""

    allowed: bool
    by_backup: bool = False


def keeper(terms: Terms, state: LadderState, organisation: Organisation, by: str, at: datetime) -> Keeper:
    """ESC-M2: the holder of the role, or who answers for it by delegation (A6); else the holder of its backup role, so marked."""
    if by in (organisation.holder(terms.responsible, at), running_delegate(state, at)):
        return Keeper(allowed=True)
    backup = organisation.backup_role(terms.responsible)
    if backup is not None and by == organisation.holder(backup, at):
        return Keeper(allowed=True, by_backup=True)
    return Keeper(allowed=False)


def settle_older_months(months: Sequence[tuple[Terms, LadderState]], as_of: datetime) -> Mapping[str, Decision]:
    """ESC-M4 for all running months of one clause: of those overdue at `as_of` only the newest goes on.

    Gives a decision for each older one, by commitment id: `missed_unobserved` if none of its steps ever fired, otherwise
    `superseded_by_newer`. Empty when at most one is overdue. Ask before advancing ladders, so that an older one fires no more.
    """
    overdue = sorted(
        ((terms, state) for terms, state in months if state.status is not Status.CLOSED and state.is_overdue(as_of)),
        key=lambda pair: pair[1].due,
    )
    return {terms.commitment: _overtaken(state, overdue[-1][0].commitment, as_of) for terms, state in overdue[:-1]}


def _overtaken(state: LadderState, newer: str, as_of: datetime) -> Decision:
    result = Result.SUPERSEDED_BY_NEWER if state.fired else Result.MISSED_UNOBSERVED
    message = say("{newer} is overdue too: this month is closed as {result}", newer=newer, result=result.value)
    closed = replace(state, result=result, closed_at=as_of, hold=None, answer_owed=False, forced_at=None)
    return Decision(closed, reasons=(Reason("ESC-M4", message),))
