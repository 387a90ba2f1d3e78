"""The verdict in words: what happened, the numbers on the indicator's own scale, and what would change it next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from math import ceil

from ancrage.domain.anchoring.course import Caveat, Course, Detail
from ancrage.domain.anchoring.lifecycle import Life, State
from ancrage.domain.anchoring.rank_cusum import SLACK, RankCusum, normal_scores
from ancrage.domain.escalation.facts import Reason
from ancrage.domain.indicators import Direction
from ancrage.language import N_, Message, say

_STATES: Mapping[State, str] = {
    State.INSUFFICIENT_DATA: N_("cannot be judged yet"),
    State.NOT_STARTED: N_("has not started"),
    State.EMERGING: N_("is beginning"),
    State.ADOPTED: N_("has been adopted"),
    State.ANCHORED: N_("has stuck"),
    State.ERODING: N_("is fading"),
}
_DETAILS: Mapping[Detail, str] = {
    Detail.NO_EVENT: N_("cannot be judged: the change has no date"),
    Detail.TOO_EARLY: N_("cannot be judged: the change is still to come"),
    Detail.TOO_FEW_POINTS: N_("cannot be judged yet: too few readings since the change"),
    Detail.LOW_VOLUME: N_("cannot be judged yet: too few cases in each reading"),
    Detail.CONSTANT: N_("cannot be judged: every reading is the same figure"),
    Detail.STALE: N_("cannot be judged any more: the readings have stopped"),
    Detail.REVERTED: N_("has gone back to where it was before"),
}
_CAVEATS: Mapping[Caveat, str] = {
    Caveat.NO_BASELINE: N_("Nothing was measured before the change: it cannot be said what the change brought."),
    Caveat.TRIAL_BASELINE: N_("Fewer than 12 readings before the change: the comparison is on trial."),
    Caveat.NO_TARGET: N_("No target is declared: adoption cannot be stated."),
    Caveat.AUTOCORRELATED: N_("Neighbouring readings resemble each other: an alarm of erosion may come from that alone."),
    Caveat.TIES: N_("Many readings are equal: ranks tell less than usual."),
    Caveat.LOW_VOLUME: N_(
        "Few cases in each reading, so neighbouring readings are counted together. With a rate near 0.85, 30 cases a reading see a "
        "10-point fall within 12 readings 78 times in 100; 8 cases only 24 times."
    ),
    Caveat.SEASONAL_UNCHECKED: N_("Less than two years of readings: a season cannot be told from a change."),
}


def headline(state: State, detail: Detail | None) -> Message:
    """The state in words, to follow the name of the practice."""
    return Message(_DETAILS[detail] if detail else _STATES[state])


def caveat(found: Caveat) -> Message:
    """What a caveat means for the reader."""
    return Message(_CAVEATS[found])


def date_the_event() -> Message:
    """What is missing where the change has no date."""
    return say("Give the change a date: the readings before it are what the later ones are compared with.")


def wait_for(event: date) -> Message:
    """What is missing while the change is still to come."""
    return say("Readings count from {event} on.", event=event)


def numbers(course: Course, direction: Direction) -> Mapping[str, float]:
    """The figures the verdict rests on; levels on the indicator's own scale, sums and limits in sigmas, counts in points."""
    life = course.life
    sign = 1.0 if direction is Direction.INCREASE else -1.0
    return dict(_numbers(course, life, sign))


def _numbers(course: Course, life: Life, sign: float) -> Iterator[tuple[str, float]]:
    yield "baseline_points", float(len(life.baseline))
    yield "points_after", float(life.after)
    yield "points_since_change", float(life.since.count)
    if life.baseline:
        yield "baseline_mean", sign * sum(life.baseline) / len(life.baseline)
    if life.since.count:
        yield "mean_since_change", sign * sum(life.since.levels) / life.since.count
    if life.goal is not None:
        yield "target", sign * life.goal.level
        yield from _bound(life, sign)
    if life.rise is not None:
        yield "rise_sum", life.rise.sum
        yield "rise_limit", life.rise.limit
    if life.fall is not None:
        yield "fall_sum", life.fall.sum
        yield "fall_limit", life.fall.limit
        yield "points_held", float(life.held)
        yield "autocorrelation", life.correlation
    if course.pool is not None:
        yield "periods_counted_together", float(course.pool.joined)


def _bound(life: Life, sign: float) -> Iterator[tuple[str, float]]:
    margin = life.since.margin(life.rules.confidence)
    if margin is not None and life.goal is not None:
        yield "bound_of_mean", sign * (margin + life.goal.level)


def points_to_alarm(cusum: RankCusum) -> int:
    """The fewest points beyond the whole reference that make the alarm sound from here."""
    steepest = max(normal_scores(cusum.size)) - SLACK
    return max(1, ceil((cusum.limit - cusum.sum) / steepest + 1e-9))


def next_change(course: Course, state: State, detail: Detail | None) -> Message:
    """What would change the verdict next, in points or days."""
    life, rules = course.life, course.life.rules
    if detail is Detail.STALE:
        return say("A new reading.")
    if detail is Detail.CONSTANT:
        return say("A reading that differs from the others.")
    if detail is Detail.LOW_VOLUME:
        return say("More cases: {points} more readings with enough cases in each.", points=max(1, rules.start_points - life.after))
    if state is State.INSUFFICIENT_DATA:
        return say("{points} more readings since the change.", points=max(1, rules.start_points - life.after))
    if life.goal is None:
        return say("A target: without one adoption cannot be stated.")
    if state is State.NOT_STARTED:
        return _start(life)
    if state is State.EMERGING:
        return _adoption(life)
    if state is State.ADOPTED:
        return _anchoring(life)
    if state is State.ANCHORED and life.fall is not None:
        fewest = points_to_alarm(life.fall)
        return say("An erosion alarm: at least {points} readings in a row worse than all of the reference.", points=fewest)
    return say("A rise above the eroded level that reaches the target again, or a recorded decision to accept the new level.")


def _start(life: Life) -> Message:
    if life.rise is None:
        return say("Readings whose mean reaches the target beyond doubt; there is no baseline to see a beginning against.")
    return say("A beginning: at least {points} readings in a row better than all of the baseline.", points=points_to_alarm(life.rise))


def _adoption(life: Life) -> Message:
    missing = life.rules.adoption_points - life.since.count
    if missing > 0:
        return say("{points} more readings since the change, and a mean that reaches the target beyond doubt.", points=missing)
    return say("Better readings: the mean since the change does not reach the target beyond doubt.")


def _anchoring(life: Life) -> Message:
    missing = life.rules.reference_points + life.rules.holding_points - life.since.count
    if life.fall is not None:
        missing = life.rules.holding_points - life.held
    if missing > 0:
        return say("{points} more readings without an erosion alarm.", points=missing)
    margin = life.since.margin(life.rules.confidence)
    if margin is None or margin < 0:
        return say("Better readings: the mean since the change no longer reaches the target beyond doubt.")
    return say("Time: a reading on {day} or later, still without an erosion alarm.", day=life.calendar_ends)


def reasons(course: Course, state: State, detail: Detail | None) -> tuple[Reason, ...]:
    """The steps of the verdict, in their order, each with what it gave."""
    return tuple(_reasons(course, state, detail))


def _reasons(course: Course, state: State, detail: Detail | None) -> Iterator[Reason]:
    life = course.life
    yield Reason("ANC-1", say("{points} readings before the change, {after} since.", points=course.raw_baseline, after=course.raw_after))
    if life.emerged_on is not None:
        yield Reason("ANC-2", say("The rise was heard on {day}.", day=life.emerged_on))
    if life.adopted_on is not None:
        yield Reason("ANC-3", say("The mean reached the target beyond doubt on {day}.", day=life.adopted_on))
    if life.anchored_on is not None:
        yield Reason("ANC-4", say("It had held long enough on {day}.", day=life.anchored_on))
    if life.state is State.ERODING:
        began = life.slide[0].day if life.slide else None
        yield Reason("ANC-5", say("The fall began on {began} and was heard on {day}.", began=began, day=life.eroding_on))
    if state is State.NOT_STARTED:
        yield Reason("ANC-7", say("{points} readings since the change without a beginning.", points=life.after))
    if state is State.INSUFFICIENT_DATA and detail is not None:
        yield Reason("ANC-7", say("The practice {headline}.", headline=headline(state, detail)))
    for found in course.caveats:
        yield Reason("ANC-6", caveat(found))
