"""How each person reacts to what reaches them. Reactions are decided from stored facts and the virtual instant, so a run that was
interrupted goes on as if it had not been."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import WorkingTime, due_instant
from ancrage.services.commitments import act_on_commitment
from ancrage.services.outbox import CLAUSE, SentNotice, fetch_sent_notices
from ancrage.storage.unit_of_work import UnitOfWork

PARIS = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Habit:
    """What `person` does about promises, once a notice sent from `since` until before `until` has reached them: act `after` working time.

    `clauses` and `steps` limit it to those (empty: any). With `takes_over` they also answer for what somebody else had promised.
    """

    person: str
    kind: ActionKind
    after: timedelta
    since: date
    until: date
    clauses: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    takes_over: bool = False


START, END = date(2026, 1, 1), date(2026, 12, 31)
SLOWER = date(2026, 3, 20)
"""From this day on the sponsor's answers take longer, though most are still in time."""
SILENCE = date(2026, 5, 1)
"""From this day on the sponsor no longer answers."""

HABITS = (
    Habit("anne", ActionKind.FULFIL, timedelta(hours=3), START, SLOWER),
    Habit("anne", ActionKind.FULFIL, timedelta(hours=9), SLOWER, date(2026, 4, 1)),
    Habit("anne", ActionKind.ACK, timedelta(hours=7), date(2026, 4, 1), SILENCE, clauses=("react_incident_alert",), steps=("remind",)),
    Habit("anne", ActionKind.FULFIL, timedelta(hours=10), date(2026, 4, 1), SILENCE),
    Habit("bruno", ActionKind.FULFIL, timedelta(hours=3), START, END, takes_over=True),
    Habit("chloe", ActionKind.FULFIL, timedelta(hours=5), START, END),
    Habit("david", ActionKind.FULFIL, timedelta(hours=7), START, END),
    Habit("hugo", ActionKind.FULFIL, timedelta(hours=10), START, END),
    Habit("karim", ActionKind.FULFIL, timedelta(hours=9), START, END),
    Habit("olivier", ActionKind.FULFIL, timedelta(hours=4), START, END),
    Habit("yann", ActionKind.FULFIL, timedelta(hours=12), START, END),
    Habit("nadia", ActionKind.FULFIL, timedelta(hours=6), START, END),
)
"""In this order; the first that fits a notice is the one that counts."""


def react(work: UnitOfWork, programme: Programme, now: datetime, channels: tuple[str, ...]) -> int:
    """Everything people do by `now` about what has reached them. Returns how many acted."""
    acted = 0
    for notice in fetch_sent_notices(work, programme):
        habit = _habit_for(notice)
        if habit is None or _acts_at(programme, habit, notice) > now:
            continue
        action = Action(
            id=f"{habit.person}:{habit.kind.value}:{notice.commitment}:{notice.step}:{notice.occurrence}", kind=habit.kind, at=now,
            by=habit.person,
        )
        decision = act_on_commitment(work, programme, notice.commitment, action, channels)
        acted += decision.refused is None
    return acted


def _habit_for(notice: SentNotice) -> Habit | None:
    day = notice.sent_at.astimezone(PARIS).date()
    for habit in HABITS:
        fits = notice.kind == CLAUSE and habit.person == notice.person and habit.since <= day < habit.until
        if not (notice.is_own or habit.takes_over):
            continue
        if fits and (not habit.clauses or notice.clause in habit.clauses) and (not habit.steps or notice.step in habit.steps):
            return habit
    return None


def _acts_at(programme: Programme, habit: Habit, notice: SentNotice) -> datetime:
    calendar = programme.organisation.calendar_of(habit.person)
    return due_instant(calendar, notice.sent_at, WorkingTime(int(habit.after.total_seconds())))
