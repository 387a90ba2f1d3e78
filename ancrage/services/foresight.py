"""What a pass would do, without doing it: the same decisions on the same facts, written nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ancrage.domain.anchoring.signals import find_alerts
from ancrage.domain.escalation.facts import LadderState, Notice, NoticeStatus, Terms
from ancrage.domain.escalation.ladder import advance_ladder, wake_at
from ancrage.domain.escalation.sending import LeftMessage, OutgoingMessage, WaitingNotice, plan_sending
from ancrage.domain.indicators import Phase
from ancrage.domain.organisation import Organisation
from ancrage.domain.working_time import next_working
from ancrage.language import Label, Message, say
from ancrage.services.anchoring_watch import clauses_for, event_days, local_day, verdict_on
from ancrage.services.commitments import ladder_of, terms_of, title_of
from ancrage.services.determinations import due_campaigns
from ancrage.services.programme import current_programme
from ancrage.services.readings import points_of
from ancrage.storage.commitments import claim_due_commitments, fetch_commitments
from ancrage.storage.indicators import fetch_alert
from ancrage.storage.notices import fetch_notices
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentRow

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class ForeseenLine:
    """One thing a pass would do, by which rule."""

    subject: str
    rule: str
    what: Message


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a pass at `as_of` would do; `zone` is the programme's."""

    as_of: datetime
    zone: str
    lines: tuple[ForeseenLine, ...]


def foresee_pass(work: UnitOfWork, as_of: datetime) -> Foreseen:
    """What `advance` would do at `as_of`, decided by the functions it calls. Reads only; what follows from it is not foreseen."""
    programme = current_programme(work)
    lines = [ForeseenLine(f"campaign:{campaign}", "ASM-K2", say("would close")) for campaign in due_campaigns(work, as_of)]
    lines += _alerts(work, as_of)
    for row in claim_due_commitments(work, as_of):
        decision = advance_ladder(terms_of(row), ladder_of(row), programme.organisation, as_of)
        lines += [ForeseenLine(f"commitment:{row.id}", reason.rule, reason.message) for reason in decision.reasons]
    return Foreseen(as_of, programme.organisation.calendars[programme.defaults.calendar].zone, tuple(lines))


def _alerts(work: UnitOfWork, as_of: datetime) -> list[ForeseenLine]:
    programme = current_programme(work)
    today = local_day(programme, as_of)
    events = event_days(work, programme, today)
    lines = []
    for indicator in programme.indicators.values():
        if indicator.phase is Phase.RETIRE:
            continue
        points = points_of(work, indicator.id)
        for cause in find_alerts(indicator, points, today, verdict_on(indicator, points, events.get(indicator.id), today)):
            if fetch_alert(work, f"{indicator.id}/{cause.key}") is None:
                clauses = ", ".join(clause.id for _, clause in clauses_for(programme, indicator)) or "-"
                what = say("{message} (clauses: {clauses})", message=cause.message, clauses=clauses)
                lines.append(ForeseenLine(f"alert:{indicator.id}/{cause.key}", "ANC-ALERT", what))
    return lines


@dataclass(frozen=True, slots=True)
class ForeseenMessage:
    """A message that will leave if nobody moves: when, to whom, about what. `items` are (commitment id, title, step, occurrence)."""

    at: datetime
    person_id: str
    person: str
    urgent: bool
    items: tuple[tuple[str, Label, str, int], ...]


def foresee_messages(work: UnitOfWork, as_of: datetime, until: datetime) -> tuple[ForeseenMessage, ...]:
    """What will be sent up to `until` if nobody moves, by instant and person: ladders walked and messages planned by the engine's own
    functions, from the facts as they stand at `as_of`. Reads only; what new readings or campaigns would open is not foreseen.
    """
    programme = current_programme(work)
    organisation = programme.organisation
    rows = {row.id: row for row in fetch_commitments(work, only_open=True)}
    waiting = []
    for row in rows.values():
        terms, state = terms_of(row), ladder_of(row)
        waiting += [
            WaitingNotice(f"{notice.commitment}/{notice.step}/{notice.occurrence}/{notice.person}", notice)
            for notice in walk_ladder(terms, state, organisation, as_of, until)
        ]
    waiting += [
        WaitingNotice(view.id, Notice(view.commitment_id, view.step_id, view.occurrence, view.person_id, view.fired_at, view.urgent))
        for view in fetch_notices(work, status=NoticeStatus.WAITING)
        if view.commitment_id in rows
    ]
    by_key = {item.key: item.notice for item in waiting}
    return tuple(
        ForeseenMessage(
            message.at, message.person, organisation.people[message.person].name, message.urgent,
            tuple(_item(rows, by_key[key]) for key in message.keys),
        )
        for message in _send_in_turn(waiting, organisation, until)
    )


def _send_in_turn(waiting: Sequence[WaitingNotice], organisation: Organisation, until: datetime) -> Iterator[OutgoingMessage]:
    """Plan at each instant at which a notice fires or may leave, as punctual passes would."""
    left: list[LeftMessage] = []
    pending = {item.key: item for item in waiting}
    at = min((item.notice.fired_at for item in waiting), default=until)
    while pending and at <= until:
        fired = [item for item in pending.values() if item.notice.fired_at <= at]
        plan = plan_sending(fired, left, organisation, (), at)
        for message in plan.messages:
            left.append(LeftMessage(message.person, message.at, message.urgent))
            yield message
        for key in (*plan.cancelled, *plan.superseded, *plan.stuck, *(key for message in plan.messages for key in message.keys)):
            del pending[key]
        coming = [item.notice.fired_at for item in pending.values() if item.notice.fired_at > at]
        at = min([*coming, *(instant for instant in plan.next_at.values() if instant > at)], default=until + SECOND)


def walk_ladder(terms: Terms, state: LadderState, organisation: Organisation, as_of: datetime, until: datetime) -> tuple[Notice, ...]:
    """Every notice the ladder writes from `as_of` up to `until` if nobody moves: one pass at each instant something is due."""
    found: list[Notice] = []
    calendar, at = organisation.calendars[terms.calendar], as_of
    while (wake := wake_at(terms, state, organisation)) is not None:
        at = max(wake, at)
        if at > until:
            break
        decision = advance_ladder(terms, state, organisation, at)
        found += decision.notices
        # A pass outside working time, or one that only skipped a reminder, changes nothing more at this instant.
        at = at + SECOND if decision.state != state else next_working(calendar, at + SECOND)
        state = decision.state
    return tuple(found)


def _item(rows: Mapping[str, CommitmentRow], notice: Notice) -> tuple[str, Label, str, int]:
    return notice.commitment, title_of(rows[notice.commitment]), notice.step, notice.occurrence
