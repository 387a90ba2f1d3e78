"""When we will know: the first day on which the verdict can say more, from the points it still needs and the cadence of the readings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from ancrage.domain.anchoring.course import Detail
from ancrage.domain.anchoring.decisions import Circumstances
from ancrage.domain.anchoring.lifecycle import DEFAULTS, Parameters, State
from ancrage.domain.anchoring.periods import GRACE_DAYS, period_of, periods_after
from ancrage.domain.anchoring.verdict import Verdict, add_months
from ancrage.domain.indicators import Indicator
from ancrage.language import Message, say


@dataclass(frozen=True, slots=True)
class NextDate:
    """`day` is the earliest on which more is known if every reading comes in time; None where no count of readings can say it."""

    day: date | None
    why: Message


def next_date(indicator: Indicator, known: Circumstances, verdict: Verdict, rules: Parameters = DEFAULTS) -> NextDate:
    """The earliest day on which the verdict can move on.

    Never a promise that it will: readings may miss the target, or an alarm may sound. A state that more readings alone cannot leave
    (not adopted for want of a target, eroding, waiting for a clock) has no day, and says what it waits for.
    """
    if verdict.detail is Detail.NO_EVENT:
        return NextDate(None, say("The change has no day yet: nothing can be counted from it."))
    if verdict.detail is Detail.TOO_EARLY:
        return _too_early(indicator, known, rules)
    if verdict.detail is Detail.STALE:
        return NextDate(None, say("The readings have stopped: with a new one it can be said again."))
    if verdict.state is State.ADOPTED:
        return _holding(indicator, known, verdict, rules)
    missing = _missing(verdict, rules)
    if missing is not None and missing > 0:
        return _after(indicator, verdict, missing)
    if verdict.state is State.ANCHORED:
        return NextDate(None, say("It has stuck: every new reading is watched for an erosion."))
    if verdict.state is State.ERODING:
        return NextDate(None, say("It waits for a rise or a decision, which no count of readings gives."))
    return _after(indicator, verdict, 1)


def _too_early(indicator: Indicator, known: Circumstances, rules: Parameters) -> NextDate:
    """An event to come is a day; an adoption to come is none."""
    start = known.looked_for_from
    if start is None:
        return NextDate(None, say("The practice is not adopted yet: its effects are looked for {days} days after that.",
                                  days=known.lag_days or 0))
    day = _period_ends(indicator, start - timedelta(days=1), rules.start_points)
    return NextDate(day, say("{points} readings from {start} on.", points=rules.start_points, start=start))


def _missing(verdict: Verdict, rules: Parameters) -> int | None:
    """Readings until a first verdict, or until adoption can be stated."""
    after, since = int(verdict.numbers.get("points_after", 0)), int(verdict.numbers.get("points_since_change", 0))
    if verdict.state is State.INSUFFICIENT_DATA:
        return max(1, rules.start_points - after)
    if verdict.state is State.EMERGING:
        return max(1, rules.adoption_points - since)
    return None


def _holding(indicator: Indicator, known: Circumstances, verdict: Verdict, rules: Parameters) -> NextDate:
    """From adopted to anchored: readings without an alarm, and the calendar."""
    since = int(verdict.numbers.get("points_since_change", 0))
    missing = rules.reference_points + rules.holding_points - since
    if "points_held" in verdict.numbers:
        missing = rules.holding_points - int(verdict.numbers["points_held"])
    counted = _after(indicator, verdict, max(1, missing))
    event = known.looked_for_from
    support = known.support_ended or event
    ends = add_months(support, rules.months_after_support) if support is not None else None
    if ends is not None and counted.day is not None and ends > counted.day:
        return NextDate(ends, say("Six months after support ended, with every reading until then free of an alarm."))
    return counted


def _after(indicator: Indicator, verdict: Verdict, missing: int) -> NextDate:
    last = verdict.last_point or verdict.as_of
    day = _period_ends(indicator, last, missing)
    return NextDate(day, say("{points} more readings, one every {cadence}.", points=missing, cadence=CADENCES[indicator.cadence.value]))


def _period_ends(indicator: Indicator, last: date, count: int) -> date:
    """The end of the `count`-th period after the one of `last`, with the days a reading may take to come."""
    period = next(islice(periods_after(period_of(last, indicator.cadence), indicator.cadence), count - 1, None))
    return period.last + timedelta(days=GRACE_DAYS[indicator.cadence])


CADENCES = {"day": say("day"), "week": say("week"), "month": say("month")}
