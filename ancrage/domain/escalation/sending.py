"""When a notice leaves, and in which message (ESC-S). Pure planning: what is sent, cancelled or superseded now, and what waits until when.

Sending instants are logical (ESC-S6): a pass that comes a little late plans what would have left on time, in the order of time, so
that the result does not depend on how often the engine looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ancrage.domain import working_time
from ancrage.domain.calendars import NoWorkingTime, instant_of, wall_instant, zone_of
from ancrage.domain.escalation.facts import LadderState, Notice, Reason, Status
from ancrage.domain.escalation.firing import LASTING_STEPS
from ancrage.domain.organisation import Organisation, Person
from ancrage.domain.working_time import Calendar
from ancrage.language import Message, say

KEPT_DELAY = timedelta(hours=1)
"""A message delayed by a gap of the engine at most this long keeps its logical instant (ESC-S6)."""

_Instant = Callable[[Calendar, Person], datetime]


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    """A notice that has not left. `status` is that of its commitment now (ESC-S7).

    `not_before`: what made its instant anew, the end of a pause that held it or a change of its reader's working hours.
    """

    key: str
    notice: Notice
    status: Status = Status.OPEN
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class LeftMessage:
    """A message that has left: to whom, and its logical instant. Needed back to the local date of the oldest waiting notice (ESC-S4)."""

    person: str
    at: datetime
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """The engine made no pass from `since` until just before `until`, its first pass afterwards (ESC-C5, C6)."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message that leaves now: all notices of one person with one sending instant, urgent ones apart (ESC-S5)."""

    person: str
    at: datetime
    urgent: bool
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SendingPlan:
    """What happens to waiting notices at `as_of`. Keys are those of the `WaitingNotice`s; every one is in exactly one place.

    `next_at`: still waiting, and the earliest instant at which it could leave. `held`: a lasting notice of a paused
    commitment, to be planned again when it resumes (ESC-P1). `stuck`: it can never leave (the person is unknown, or their
    calendar has no working time), which is a failure to report (ESC-G2).
    """

    messages: tuple[OutgoingMessage, ...] = ()
    cancelled: tuple[str, ...] = ()
    superseded: tuple[str, ...] = ()
    next_at: Mapping[str, datetime] = field(default_factory=dict)
    held: tuple[str, ...] = ()
    stuck: tuple[str, ...] = ()
    reasons: Mapping[str, tuple[Reason, ...]] = field(default_factory=dict)


def waiting_notice(key: str, notice: Notice, state: LadderState, hours_changed_at: datetime | None = None) -> WaitingNotice:
    """A notice as it waits, with what its commitment's state says about it (ESC-P1, S7).

    `hours_changed_at`: when the working hours of its reader last changed while it waited.
    """
    resumed = [pause.until for pause in state.pauses if pause.until is not None and pause.until > notice.fired_at]
    anew = [*resumed, *([hours_changed_at] if hours_changed_at is not None else [])]
    return WaitingNotice(key, notice, state.status, max(anew, default=None))


def sending_instant(notice: Notice, person: Person, calendar: Calendar, since: datetime | None = None) -> datetime:
    """When a notice leaves if nothing else is in the way: by S2 at once, by S3 at the digest, by S1 in own working time.

    Counted from `since` (default: the firing instant). `calendar` is the person's own. S4 and S6 are the business of the plan.
    """
    start = notice.fired_at if since is None else since
    if notice.urgent:
        return start
    return working_time.next_working(calendar, start) if person.digest_at is None else _next_digest(person, calendar, start)


def _next_digest(person: Person, calendar: Calendar, start: datetime) -> datetime:
    day = working_time.local_date(calendar, start)
    if not working_time.working_day(calendar, day) or _digest_on(person, calendar, day) < start:
        day = working_time.next_working_day(calendar, day)
    return _digest_on(person, calendar, day)


def _digest_on(person: Person, calendar: Calendar, day: date) -> datetime:
    assert person.digest_at is not None, "only asked for who has a digest"
    return instant_of(wall_instant(zone_of(calendar.zone), datetime.combine(day, person.digest_at)))


def plan_sending(
    waiting: Iterable[WaitingNotice],
    left: Iterable[LeftMessage],
    organisation: Organisation,
    gaps: Sequence[Gap],
    as_of: datetime,
) -> SendingPlan:
    """What leaves at `as_of` for every person concerned (ESC-S1 to S8). Planning again after recording it changes nothing."""
    by_person: dict[str, list[WaitingNotice]] = {}
    for notice in waiting:
        by_person.setdefault(notice.notice.person, []).append(notice)
    gone: dict[str, list[LeftMessage]] = {}
    for message in left:
        gone.setdefault(message.person, []).append(message)
    plans = []
    for person, notices in by_person.items():
        desk = _Desk(organisation, person, gaps, as_of, list(gone.get(person, ())))
        desk.play(sorted(notices, key=lambda item: (item.notice.fired_at, item.key)))
        plans.append(desk.plan())
    return _joined(plans)


def _joined(plans: Sequence[SendingPlan]) -> SendingPlan:
    messages = (message for plan in plans for message in plan.messages)
    return SendingPlan(
        messages=tuple(sorted(messages, key=lambda item: (item.at, item.person, item.urgent))),
        cancelled=tuple(key for plan in plans for key in plan.cancelled),
        superseded=tuple(key for plan in plans for key in plan.superseded),
        next_at={key: at for plan in plans for key, at in plan.next_at.items()},
        held=tuple(key for plan in plans for key in plan.held),
        stuck=tuple(key for plan in plans for key in plan.stuck),
        reasons={key: found for plan in plans for key, found in plan.reasons.items()},
    )


class _Desk:
    """The outgoing desk of one person: plays firings and sendings in the order of time up to `as_of`."""

    def __init__(self, organisation: Organisation, person: str, gaps: Sequence[Gap], as_of: datetime, left: list[LeftMessage]) -> None:
        self.organisation = organisation
        self.person = organisation.people.get(person)
        self.gaps = sorted(gaps, key=lambda gap: gap.since)
        self.as_of = as_of
        self.left = left
        self.ready: dict[str, tuple[WaitingNotice, datetime]] = {}
        self.messages: list[OutgoingMessage] = []
        self.cancelled: list[str] = []
        self.superseded: list[str] = []
        self.held: list[str] = []
        self.stuck: list[str] = []
        self.reasons: dict[str, list[Reason]] = {}

    def plan(self) -> SendingPlan:
        return SendingPlan(
            tuple(self.messages), tuple(self.cancelled), tuple(self.superseded), {key: at for key, (_, at) in self.ready.items()},
            tuple(self.held), tuple(self.stuck), {key: tuple(found) for key, found in self.reasons.items()},
        )  # fmt: skip

    def play(self, notices: Sequence[WaitingNotice]) -> None:
        """At one instant firings come before sendings: a step that fires in the second in which an earlier notice would leave wins."""
        for item in notices:
            self._send_before(item.notice.fired_at)
            self._receive(item)
        self._send_before(self.as_of + timedelta(seconds=1))

    def _explain(self, key: str, rule: str, message: Message) -> None:
        self.reasons.setdefault(key, []).append(Reason(rule, message))

    def _receive(self, item: WaitingNotice) -> None:
        self._supersede(item.notice)
        if item.notice.step in LASTING_STEPS and item.status is Status.PAUSED:
            self.held.append(item.key)
            self._explain(item.key, "ESC-P1", say("held while the commitment is paused"))
        elif item.status is Status.CLOSED and item.notice.step in LASTING_STEPS:
            self._cancel(item)
        else:
            since = max(item.notice.fired_at, item.not_before or item.notice.fired_at)
            self._wait(item, _counted_from(item.notice, since))

    def _supersede(self, later: Notice) -> None:
        """ESC-S8: an earlier step for the same person that still waits is not sent. The lasting ones are no steps of the ladder."""
        if later.step in LASTING_STEPS:
            return
        for key, (item, _) in list(self.ready.items()):
            earlier = item.notice
            if earlier.commitment == later.commitment and earlier.step not in LASTING_STEPS and earlier.fired_at < later.fired_at:
                del self.ready[key]
                self.superseded.append(key)
                self._explain(key, "ESC-S8", say("superseded by step {step}, fired at {at}", step=later.step, at=later.fired_at))

    def _wait(self, item: WaitingNotice, first: _Instant) -> None:
        """Let a notice wait for its instant; what fell into a gap of the engine is counted again from its end (ESC-S6)."""
        try:
            self.ready[item.key] = (item, self._outside_gaps(item, first))
        except NoWorkingTime as error:
            self.stuck.append(item.key)
            self._explain(item.key, "ESC-S1", error.message)

    def _outside_gaps(self, item: WaitingNotice, first: _Instant) -> datetime:
        if self.person is None:
            raise NoWorkingTime(item.notice.person, item.notice.fired_at.date())
        calendar = self.organisation.calendar_of(self.person.id)
        at = first(calendar, self.person)
        self._explain(item.key, _rule_of(item.notice, self.person), say("leaves at {at}", at=at))
        for gap in self.gaps:
            if gap.since <= at < gap.until - KEPT_DELAY:
                at = sending_instant(item.notice, self.person, calendar, gap.until)
                down = say("the engine was down from {since} to {until}: leaves at {at}", since=gap.since, until=gap.until, at=at)
                self._explain(item.key, "ESC-S6", down)
        return at

    def _send_before(self, end: datetime) -> None:
        """Everything whose instant comes before `end`, oldest first."""
        while self.ready:
            at = min(instant for _, instant in self.ready.values())
            if at >= min(end, self.as_of + timedelta(seconds=1)):
                return
            group = [item for item, instant in self.ready.values() if instant == at]
            self._send([item for item in group if item.notice.urgent], at, urgent=True)
            self._send([item for item in group if not item.notice.urgent], at, urgent=False)

    def _send(self, group: Sequence[WaitingNotice], at: datetime, *, urgent: bool) -> None:
        """One message of what is still wanted (ESC-S5, S7), unless the person has had enough for that day (S4)."""
        if not group:
            return
        if not urgent and self._is_full(at):
            self._defer(group, at)
            return
        if at < self.as_of - KEPT_DELAY:  # nobody looked then: a gap that is not on record, or hours that have changed since
            self._count_again(group)
            return
        for item in group:
            del self.ready[item.key]
        wanted = [item for item in group if _is_wanted(item)]
        for item in group:
            if item not in wanted:
                self._cancel(item)
        if wanted and self.person is not None:
            self.messages.append(OutgoingMessage(self.person.id, at, urgent, tuple(item.key for item in wanted)))
            self.left.append(LeftMessage(self.person.id, at, urgent))

    def _count_again(self, group: Sequence[WaitingNotice]) -> None:
        """ESC-S6: more than an hour late, S1 to S4 are applied again from this pass."""
        for item in group:
            del self.ready[item.key]
            self._explain(item.key, "ESC-S6", say("more than an hour late: counted again from {at}", at=self.as_of))
            self._wait(item, _counted_from(item.notice, self.as_of))

    def _cancel(self, item: WaitingNotice) -> None:
        self.cancelled.append(item.key)
        self._explain(item.key, "ESC-S7", say("cancelled: the commitment is {status} when it would leave", status=item.status.value))

    def _is_full(self, at: datetime) -> bool:
        person = self.person
        if person is None or person.max_per_day is None:
            return False
        calendar = self.organisation.calendar_of(person.id)
        day = working_time.local_date(calendar, at)
        gone = sum(not message.urgent and working_time.local_date(calendar, message.at) == day for message in self.left)
        return gone >= person.max_per_day

    def _defer(self, group: Sequence[WaitingNotice], at: datetime) -> None:
        """ESC-S4: the first opening of the person's next working day; for who has a digest, the digest of that day (S3)."""

        def tomorrow(calendar: Calendar, person: Person) -> datetime:
            day = working_time.next_working_day(calendar, working_time.local_date(calendar, at))
            return working_time.opening_of(calendar, day) if person.digest_at is None else _digest_on(person, calendar, day)

        for item in group:
            del self.ready[item.key]
            self._explain(item.key, "ESC-S4", say("the limit of messages for {day} is reached", day=at))
            self._wait(item, tomorrow)


def _counted_from(notice: Notice, since: datetime) -> _Instant:
    return lambda calendar, person: sending_instant(notice, person, calendar, since)


def _is_wanted(item: WaitingNotice) -> bool:
    """ESC-S7: whether the notice still says something true; a lasting one does until the commitment is closed."""
    return item.status is not Status.CLOSED if item.notice.step in LASTING_STEPS else item.status is Status.OPEN


def _rule_of(notice: Notice, person: Person) -> str:
    if notice.urgent:
        return "ESC-S2"
    return "ESC-S1" if person.digest_at is None else "ESC-S3"
