"""Has it stuck? The verdict on one indicator at one date, with the numbers it rests on and what would change it next."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from ancrage.domain.anchoring import wording
from ancrage.domain.anchoring.course import Caveat, Course, Detail
from ancrage.domain.anchoring.lifecycle import DEFAULTS, Parameters, State
from ancrage.domain.anchoring.series import Point, Sample, oriented, until
from ancrage.domain.escalation.facts import Reason
from ancrage.domain.indicators import Direction, ValueKind
from ancrage.language import Message

__all__ = ["Caveat", "Detail", "Point", "State", "Verdict", "evaluate_verdict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer as it stood at `as_of`. `numbers` are on the indicator's own scale; days are None until the thing has happened."""

    as_of: date
    state: State
    detail: Detail | None
    target_met: bool | None
    """Do the last eight points since the event together reach the target? None without a target or a point."""
    next_change: Message
    """What would change the verdict next."""
    numbers: Mapping[str, float] = field(default_factory=dict)
    caveats: tuple[Caveat, ...] = ()
    reasons: tuple[Reason, ...] = ()
    last_point: date | None = None
    changed_since: date | None = None
    """First point of the change (step 2), or of the recovered or accepted level."""
    emerged_on: date | None = None
    adopted_on: date | None = None
    anchored_on: date | None = None
    eroding_on: date | None = None
    eroding_since: date | None = None
    """First point of the fall; the alarm of `eroding_on` came later."""

    @property
    def headline(self) -> Message:
        """The state in words: "has stuck", "is fading", ..."""
        return wording.headline(self.state, self.detail)


def evaluate_verdict(
    series: Sequence[Point],
    event: date | None,
    target: float | None,
    direction: Direction,
    kind: ValueKind,
    as_of: date,
    *,
    baseline_until: date | None = None,
    support_ended: date | None = None,
    accepted: Sequence[date] = (),
    stale_after_days: int | None = None,
    rules: Parameters = DEFAULTS,
) -> Verdict:
    """The verdict of anchoring.md (ANC-1 to ANC-7) on the points up to `as_of`; later ones are not looked at.

    Points before `event`, or before an earlier `baseline_until`, are the baseline. `support_ended` starts the calendar condition of
    step 4; without it the event does, because support cannot have ended before. `accepted` are days on which a sponsor accepted an
    eroded level. A series is stale when its last reading is older than `stale_after_days`, by default three times its usual spacing.
    No event, or one to come, gives no verdict.
    """
    known = until(series, as_of)
    if event is None:
        return _without(as_of, Detail.NO_EVENT, wording.date_the_event(), known)
    if as_of < event:
        return too_early(known, as_of, wording.wait_for(event))
    before = oriented([point for point in known if point.day < min(event, baseline_until or event)], direction, kind)
    after = oriented([point for point in known if point.day >= event], direction, kind)
    ends = add_months(support_ended or event, rules.months_after_support)
    course = Course(before, target=target, direction=direction, rules=rules, calendar_ends=ends)
    _play(course, after, sorted(day for day in accepted if day <= as_of))
    limit = stale_after_days if stale_after_days is not None else usual_patience([*before, *after])
    last = next((sample.day for sample in reversed([*before, *after]) if sample.day), None)
    stale = last is not None and limit is not None and as_of - last > timedelta(days=limit)
    return _verdict(course, as_of, direction, last, stale)


def _play(course: Course, after: Sequence[Sample], accepted: Sequence[date]) -> None:
    decisions = list(accepted)
    for sample in after:
        while decisions and sample.day is not None and decisions[0] < sample.day:
            course.life.accept(decisions.pop(0))
        course.feed(sample)
    for day in decisions:
        course.life.accept(day)


def _verdict(course: Course, as_of: date, direction: Direction, last: date | None, stale: bool) -> Verdict:
    standing, life = course.standing, course.life
    state, detail = (State.INSUFFICIENT_DATA, Detail.STALE) if stale else (standing.state, standing.detail)
    eroding = life.state is State.ERODING
    return Verdict(
        as_of=as_of,
        state=state,
        detail=detail,
        target_met=standing.target_met,
        next_change=wording.next_change(course, state, detail),
        numbers=wording.numbers(course, direction),
        caveats=standing.caveats,
        reasons=wording.reasons(course, state, detail),
        last_point=last,
        changed_since=life.since.since,
        emerged_on=life.emerged_on,
        adopted_on=life.adopted_on,
        anchored_on=life.anchored_on,
        eroding_on=life.eroding_on if eroding else None,
        eroding_since=life.slide[0].day if eroding and life.slide else None,
    )


def too_early(series: Sequence[Point], as_of: date, next_change: Message) -> Verdict:
    """No verdict yet: what the readings are to be compared with has not happened at `as_of`."""
    return _without(as_of, Detail.TOO_EARLY, next_change, until(series, as_of))


def _without(as_of: date, detail: Detail, next_change: Message, known: Sequence[Point]) -> Verdict:
    last = next((point.day for point in reversed(known) if point.reading is not None), None)
    reason = Reason("ANC-1", next_change)
    return Verdict(as_of, State.INSUFFICIENT_DATA, detail, None, next_change, reasons=(reason,), last_point=last)


def usual_patience(samples: Sequence[Sample]) -> int | None:
    """Days without a reading after which a series is stale: three times its usual spacing; None with fewer than three points."""
    days = [sample.day for sample in samples if sample.day is not None]
    if len(days) < 3:
        return None
    return int(3 * max(1, median((later - earlier).days for earlier, later in pairwise(days))))


def add_months(day: date, months: int) -> date:
    """The same day number `months` later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
