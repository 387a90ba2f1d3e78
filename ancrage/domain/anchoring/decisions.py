"""What people decide about an indicator, and what a verdict and a chart take from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from ancrage.domain.anchoring.clocks import evaluate_effects
from ancrage.domain.anchoring.series import Point
from ancrage.domain.anchoring.verdict import Verdict, evaluate_verdict
from ancrage.domain.indicators import Indicator, Phase


class DecisionKind(StrEnum):
    """What people decide about an indicator, or record about its transformation."""

    REBASE_ACCEPTED = "rebase_accepted"
    REBASE_REFUSED = "rebase_refused"
    LEVEL_ACCEPTED = "level_accepted"
    WATCH = "watch"
    RETIRE = "retire"
    SUPPORT_ENDED = "support_ended"


@dataclass(frozen=True, slots=True)
class AnchoringDecision:
    """One decision about `day`, by whom and why; `until` is the end of a watch, None without one."""

    kind: DecisionKind
    subject: str
    day: date
    until: date | None
    at: datetime
    by: str
    why: str


LIVES: dict[DecisionKind, Phase] = {DecisionKind.WATCH: Phase.WATCH, DecisionKind.RETIRE: Phase.RETIRE}
_ORDER = tuple(Phase)


def with_lifetime(indicator: Indicator, decisions: Iterable[AnchoringDecision], today: date) -> Indicator:
    """The indicator as it lives at `today`: the furthest recorded phase counts, unless the declaration is further along.

    Life goes one way: followed, watched, retired. A decision counts from its day on.
    """
    counting = [one for one in decisions if one.kind in LIVES and one.day <= today]
    last = max(counting, key=lambda one: (_ORDER.index(LIVES[one.kind]), one.at), default=None)
    if last is None or _ORDER.index(LIVES[last.kind]) < _ORDER.index(indicator.phase):
        return indicator
    return replace(indicator, phase=LIVES[last.kind], follow_until=last.until)


def asks_for_a_lifetime(indicator: Indicator, today: date) -> date | None:
    """The day that has passed until which the indicator was to be followed or watched; None where nothing is to be decided."""
    until = indicator.follow_until
    return until if indicator.phase is not Phase.RETIRE and until is not None and until < today else None


def accepted_rebases(decisions: Iterable[AnchoringDecision]) -> tuple[date, ...]:
    """First days of the phases that people accepted, ascending; a later decision about the same day stands above an earlier one."""
    last = {one.day: one.kind for one in decisions if one.kind in (DecisionKind.REBASE_ACCEPTED, DecisionKind.REBASE_REFUSED)}
    return tuple(sorted(day for day, kind in last.items() if kind is DecisionKind.REBASE_ACCEPTED))


def decided_rebases(decisions: Iterable[AnchoringDecision]) -> frozenset[date]:
    """Days about which somebody has decided either way: they are not proposed again."""
    return frozenset(one.day for one in decisions if one.kind in (DecisionKind.REBASE_ACCEPTED, DecisionKind.REBASE_REFUSED))


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a verdict needs beside the readings.

    `lag_days` is None for a measure of the practice itself. For an effect it counts the days after `event`, the day of adoption, from
    which the effect is looked for; `baseline_until` is then the day the tool came.
    """

    event: date | None = None
    lag_days: int | None = None
    baseline_until: date | None = None
    support_ended: date | None = None
    decisions: tuple[AnchoringDecision, ...] = ()
    """Oldest first."""

    @property
    def accepted(self) -> tuple[date, ...]:
        """Days on which a sponsor accepted an eroded level."""
        return tuple(one.day for one in self.decisions if one.kind is DecisionKind.LEVEL_ACCEPTED)

    @property
    def rebases(self) -> tuple[date, ...]:
        return accepted_rebases(self.decisions)

    @property
    def looked_for_from(self) -> date | None:
        """The first day whose readings count; None while nothing has happened to count from."""
        return self.event + timedelta(days=self.lag_days or 0) if self.event is not None else None


NOTHING_KNOWN = Circumstances()


def judge(indicator: Indicator, points: Sequence[Point], known: Circumstances, as_of: date) -> Verdict:
    """The verdict on one indicator. An effect whose practice is not adopted is `too_early`, never `no_event` (anchoring.md)."""
    target, direction, kind = indicator.thresholds.target, indicator.direction, indicator.kind
    support = known.support_ended if known.support_ended is not None and known.support_ended <= as_of else None
    if known.lag_days is not None:
        return evaluate_effects(
            points, known.event, known.lag_days, target, direction, kind, as_of, delivered_on=known.baseline_until,
            support_ended=support, accepted=known.accepted,
        )  # fmt: skip
    return evaluate_verdict(
        points, known.event, target, direction, kind, as_of, baseline_until=known.baseline_until, support_ended=support,
        accepted=known.accepted,
    )  # fmt: skip
