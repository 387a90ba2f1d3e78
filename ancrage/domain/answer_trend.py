"""Do answers slow down or thin out? Heard before the first promise stalls, by ranks of waiting times (product.md, chapter G).

Each wait is a share of the delay that was promised, so that clauses with different delays speak together. The n-th wait is ranked
among the first n: where nothing changes these ranks are independent and the same for every sponsor, quick or slow, regular or
not, so that one limit serves all (sequential ranks; Bhattacharya and Frierson, Annals of Statistics 9, 1981). Their normal scores
are summed as in the verdict. A promise still open counts with its wait so far, compared with the answers there have been, and only once
that is already long.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import log2
from statistics import median

from ancrage.domain.anchoring.bounds import normal_quantile
from ancrage.domain.engagement_record import Promise, end_of_wait
from ancrage.domain.escalation.facts import Result
from ancrage.language import Message, say

LEARNING = 8
"""Promises that only teach what is usual for this sponsor."""
SLACK = 0.5
HORIZON_DAYS = 730
"""The limit keeps a steady sponsor free of false alarms for this long, 95 times in 100."""
SHORTEST_HISTORY_DAYS = 90
LEAVES_NO_TRACE = (Result.WAIVED, Result.CANCELLED)
SHORTEST_DELAY_HOURS = 1.0


@dataclass(frozen=True, slots=True)
class Wait:
    """The wait for one answer as a share of its delay; `answered` is False while it lasts, or where no answer came."""

    opened_at: datetime
    share: float
    answered: bool
    commitment: str = ""

    @property
    def is_silent(self) -> bool:
        """The deadline has passed without any answer."""
        return not self.answered and self.share > 1


class Pace(StrEnum):
    """What the trend says of a sponsor's answers."""

    TOO_FEW = "too_few"
    STEADY = "steady"
    SLOWING = "slowing"
    THINNING = "thinning"
    """Half of the slow row, or more, has passed its deadline without any answer."""


@dataclass(frozen=True, slots=True)
class AnswerTrend:
    """How the answers of one sponsor develop. `strength` is what has added up, to be compared with `limit`; `since` is when the first
    promise of the slow row was opened. Shares are medians of wait by delay, before and since; None where nothing can be said."""

    is_eroding: bool
    strength: float
    limit: float
    promises: int
    since: datetime | None = None
    usual_share: float | None = None
    recent_share: float | None = None
    recent: int = 0
    """Promises of the slow row, and how many of them passed their deadline without any answer."""
    silent: int = 0

    @property
    def pace(self) -> Pace:
        """The verdict in one word."""
        if self.is_eroding:
            return Pace.THINNING if 2 * self.silent >= max(self.recent, 1) else Pace.SLOWING
        return Pace.TOO_FEW if self.promises <= LEARNING else Pace.STEADY

    @property
    def message(self) -> Message:
        """The sentence for the steward; the sponsor is not told behind their back."""
        if self.promises <= LEARNING:
            return say("{count} promises so far: too few to tell a trend.", count=self.promises)
        if not self.is_eroding or self.since is None:
            return say("Answers come as they used to.")
        if self.pace is Pace.THINNING:
            return say(
                "Answers thin out since {since}: {silent} of {recent} promises have passed their deadline without any.",
                since=self.since.date(), silent=self.silent, recent=self.recent,
            )  # fmt: skip
        return say(
            "Answers slow down since {since}: {recent} percent of the delay is used, {usual} percent before.",
            since=self.since.date(), recent=round(100 * (self.recent_share or 0)), usual=round(100 * (self.usual_share or 0)),
        )  # fmt: skip


class Listener:
    """Sums the sequential ranks of waits, in the order in which promises were opened."""

    __slots__ = ("_seen", "count", "score", "since", "strength")

    def __init__(self) -> None:
        self._seen: list[float] = []
        self.count = 0
        self.strength = 0.0
        self.score = 0.0
        """The normal score of the rank of the last wait: above 0 it was longer than usual."""
        self.since: datetime | None = None

    def copy(self) -> Listener:
        """The same history, to be continued with waits that still last."""
        twin = Listener()
        twin._seen, twin.count, twin.strength, twin.since = list(self._seen), self.count, self.strength, self.since
        twin.score = self.score
        return twin

    def hear(self, wait: Wait) -> None:
        """Takes the next wait. One that still lasts can only speak for a slowdown, because short so far means nothing yet; and it teaches
        nothing, so that silence never becomes what is usual."""
        self.count += 1
        place = (bisect_left(self._seen, wait.share) + bisect_right(self._seen, wait.share)) / 2
        score = self.score = normal_quantile((place + 0.5) / (len(self._seen) + 1))
        if wait.answered:
            insort(self._seen, wait.share)
        if self.count <= LEARNING or (not wait.answered and score <= SLACK):
            return
        self.strength = max(0.0, self.strength + score - SLACK)
        if self.strength <= 0:
            self.since = None
        elif self.since is None:
            self.since = wait.opened_at


def alarm_limit(promises: int, days: float) -> float:
    """The strength that a steady sponsor with this many promises in `days` passes in two years at most 5 times in 100.

    Calibrated by simulation (benchmarks/prove_erosion.py): more promises, more chances of a false alarm, a higher limit.
    """
    expected = promises / max(days, SHORTEST_HISTORY_DAYS) * HORIZON_DAYS
    return max(3.8, 5.7 + 0.75 * log2(max(expected, 1.0) / 96))


def waits_of(promises: Iterable[Promise], as_of: datetime) -> tuple[Wait, ...]:
    """Waits as known at `as_of`, in the order in which promises were opened; waived and cancelled ones leave no trace."""
    known = sorted((promise for promise in promises if promise.opened_at <= as_of), key=lambda each: (each.opened_at, each.commitment))
    seen = (promise.seen(as_of) for promise in known)
    return tuple(_wait(promise, as_of) for promise in seen if promise.result not in LEAVES_NO_TRACE)


def _wait(promise: Promise, as_of: datetime) -> Wait:
    delay = max(promise.hours_until(promise.due), SHORTEST_DELAY_HOURS)
    share = promise.hours_until(end_of_wait(promise, as_of)) / delay
    return Wait(promise.opened_at, share, promise.first_answer is not None, promise.commitment)


@dataclass(frozen=True, slots=True)
class Heard:
    """One wait as the trend heard it: the score of its rank, and what had added up after it."""

    wait: Wait
    score: float
    strength: float


def trace_answer_trend(promises: Iterable[Promise], as_of: datetime) -> tuple[Heard, ...]:
    """The waits behind `determine_answer_trend`, one by one; the first eight have a score and only teach."""
    listener, heard = Listener(), []
    for wait in waits_of(promises, as_of):
        listener.hear(wait)
        heard.append(Heard(wait, listener.score, listener.strength))
    return tuple(heard)


def determine_answer_trend(promises: Iterable[Promise], as_of: datetime) -> AnswerTrend:
    """The trend of one sponsor's answers at `as_of`, over all clauses; nothing later than `as_of` is looked at.

    Up to eight promises only teach. An alarm ends by itself when answers come as quickly as they used to, or when the new pace has
    become the usual one.
    """
    waits = waits_of(promises, as_of)
    listener = Listener()
    for wait in waits:
        listener.hear(wait)
    return trend_of(listener, waits, as_of)


def trend_of(listener: Listener, waits: Sequence[Wait], as_of: datetime) -> AnswerTrend:
    """The trend a listener has heard in `waits`."""
    if not waits:
        return AnswerTrend(False, 0.0, alarm_limit(0, 0), 0)
    limit = alarm_limit(len(waits), (as_of - waits[0].opened_at) / timedelta(days=1))
    eroding = listener.strength > limit
    since = listener.since if eroding else None
    before = [wait.share for wait in waits if since is None or wait.opened_at < since]
    slow = [wait for wait in waits if since is not None and wait.opened_at >= since]
    return AnswerTrend(
        eroding, listener.strength, limit, len(waits), since, median(before) if before else None,
        median(wait.share for wait in slow) if slow else None, len(slow), sum(wait.is_silent for wait in slow),
    )  # fmt: skip
