"""What the engagement changed: the note that gives a sponsor something back, and the line that makes it visible (product.md, chapter G)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from ancrage.domain.engagement_record import Outcome, Promise, median_time_to_answer, outcome
from ancrage.language import Message, say


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that changed because a promise was answered: an action that began, an indicator back on its good side, a decision."""

    commitment: str
    message: Message


@dataclass(frozen=True, slots=True)
class AnswerEffects:
    """One answer and what it changed, possibly nothing yet."""

    promise: Promise
    answered_at: datetime
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """A sponsor's answers from `since` until just before `until`, oldest first. `asked` counts promises that came due or were answered
    in that time, `unanswered` those of them still without an answer; `median_days` is None while fewer than half were answered."""

    person: str
    since: datetime
    until: datetime
    asked: int
    unanswered: int
    median_days: float | None
    answers: tuple[AnswerEffects, ...]

    @property
    def changed(self) -> int:
        """Answers that changed something."""
        return sum(bool(answer.effects) for answer in self.answers)

    @property
    def headline(self) -> Message:
        """The first sentence of the note to the sponsor."""
        if not self.answers:
            return say("Nothing was answered since {since}; {asked} were asked.", since=self.since.date(), asked=self.asked)
        return say(
            "Your answers since {since}: {answers}. Answers that changed something: {changed}.",
            since=self.since.date(), answers=len(self.answers), changed=self.changed,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublicLine:
    """What stakeholders read about one contract: counts of both sides together and what moved. No name, and nobody is late in it.

    `due` promises came due or were ended from `since` until `until`, `answered` of them were kept or done late.
    """

    due: int
    answered: int
    alerts_ended: int = 0
    actions_done: int = 0
    levels_up: int = 0

    def message(self, since: date) -> Message:
        """The one sentence; `since` is the first day it speaks about."""
        if not self.due:
            return say("No promise has come due since {since}.", since=since)
        counts = {"answered": self.answered, "due": self.due, "since": since}
        if not self.alerts_ended + self.actions_done + self.levels_up:
            return say("Since {since}, both sides have kept {answered} of {due} promises. It is too early to say what changed.", **counts)
        return say(
            "Since {since}, both sides have kept {answered} of {due} promises. Alerts that ended: {alerts}; actions done: {actions}; "
            "levels that rose: {levels}.",
            alerts=self.alerts_ended, actions=self.actions_done, levels=self.levels_up, **counts,
        )  # fmt: skip


def count_public(promises: Iterable[Promise], since: datetime, until: datetime) -> tuple[int, int]:
    """(came due or were ended, of them kept or done late) from `since` until just before `until`; waived and cancelled ones count not."""
    due = answered = 0
    for promise in promises:
        settled = min(promise.due, promise.closed_at or promise.due)
        became = outcome(promise, until)
        if promise.opened_at < until and since <= settled < until and became in (Outcome.KEPT, Outcome.LATE, Outcome.MISSED):
            due, answered = due + 1, answered + (became is not Outcome.MISSED)
    return due, answered


def summarise_feedback(
    person: str, promises: Iterable[Promise], effects: Iterable[Effect], since: datetime, until: datetime
) -> Feedback:
    """What `person` answered from `since` until just before `until`, and what it changed. Later facts are not looked at."""
    mine = [promise.seen(until) for promise in promises if promise.person == person and promise.opened_at < until]
    by_commitment: dict[str, list[Effect]] = {}
    for effect in effects:
        by_commitment.setdefault(effect.commitment, []).append(effect)
    answered = [(at, promise) for promise in mine if (at := promise.first_answer) is not None and since <= at < until]
    answered.sort(key=lambda pair: (pair[0], pair[1].commitment))
    unanswered = [promise for promise in mine if promise.first_answer is None and since <= promise.due < until and _counts(promise, until)]
    return Feedback(
        person, since, until, len(answered) + len(unanswered), len(unanswered),
        median_time_to_answer([promise for _, promise in answered] + unanswered, until),
        tuple(AnswerEffects(promise, at, tuple(by_commitment.get(promise.commitment, ()))) for at, promise in answered),
    )  # fmt: skip


def _counts(promise: Promise, until: datetime) -> bool:
    return promise.taken_over or outcome(promise, until) is Outcome.MISSED
