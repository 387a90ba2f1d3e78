"""Delivery: plan what leaves now, claim it, hand it over, record what came of it (ESC-S, ESC-G).

Three separate steps, each with its own commit: a message is *claimed* before it is handed to its channel and *recorded* after. If
the process dies in between, the next engine finds the claim and delivers the same message, with the same Message-ID (ESC-G3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ancrage.domain.escalation.facts import Notice, NoticeStatus, Status
from ancrage.domain.escalation.firing import LASTING_STEPS
from ancrage.domain.escalation.sending import Gap, LeftMessage, OutgoingMessage, SendingPlan, WaitingNotice, plan_sending, waiting_notice
from ancrage.domain.programme import Programme
from ancrage.language import Message, say
from ancrage.notices.channels import Accepted, Outcome, Permanent, Temporary, Uncertain
from ancrage.notices.message import Envelope, message_id, render_message
from ancrage.services.commitments import ENGINE, ladder_of
from ancrage.services.message_items import UNDELIVERED, addressee_of, items_of
from ancrage.services.note_items import is_note
from ancrage.services.programme import current_programme
from ancrage.services.workplace import Workplace
from ancrage.storage.codec import pack_reasons
from ancrage.storage.commitments import fetch_commitment, fetch_commitments_by_id
from ancrage.storage.engine import fetch_gaps
from ancrage.storage.notices import claim_message, fetch_carried, fetch_left_since, fetch_message, fetch_waiting
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentRow
from models.notices import MessageRow, MessageStatus, OutboxRow

LEASE = timedelta(minutes=5)
"""How long a claimed message belongs to its engine; far longer than any channel may take."""
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
"""Waits after a temporary failure; when they are used up the message has failed."""


def assemble_messages(
    work: UnitOfWork, programme: Programme, as_of: datetime, place: Workplace, people: Sequence[str]
) -> dict[str, int]:
    """Plan every waiting notice of `people`, make messages of those that leave now, settle those that never will (ESC-S1 to S8)."""
    counts = {"messages_assembled": 0, "notices_cancelled": 0, "notices_superseded": 0}
    gaps = [Gap(row.since, row.until) for row in fetch_gaps(work)]
    for person_id in people:
        rows = fetch_waiting(work, person_id)
        for channel in sorted({row.channel for row in rows}):
            mine = [row for row in rows if row.channel == channel]
            plan = _plan(work, programme, person_id, mine, gaps, as_of)
            _take_plan(work, programme, plan, {row.id: row for row in mine}, as_of, place)
            counts["messages_assembled"] += len(plan.messages)
            counts["notices_cancelled"] += len(plan.cancelled)
            counts["notices_superseded"] += len(plan.superseded)
    return counts


def _plan(
    work: UnitOfWork, programme: Programme, person_id: str, rows: Sequence[OutboxRow], gaps: Sequence[Gap], as_of: datetime
) -> SendingPlan:
    oldest = min(row.fired_at for row in rows) - timedelta(days=2)  # a local date may begin a day before its UTC date
    left = [
        LeftMessage(row.person_id, row.send_at, row.urgent)
        for row in fetch_left_since(work, person_id, oldest)
        if row.channel == rows[0].channel
    ]
    known = fetch_commitments_by_id(work, {row.commitment_id for row in rows})
    return plan_sending([_waiting(row, known) for row in rows], left, programme.organisation, gaps, as_of)


def _waiting(row: OutboxRow, known: Mapping[str, CommitmentRow]) -> WaitingNotice:
    if is_note(row):
        return WaitingNotice(row.id, notice_of(row))
    commitment = known.get(row.commitment_id)
    if commitment is None:
        raise LookupError(f"notice {row.id} is about a commitment that does not exist")
    return waiting_notice(row.id, notice_of(row), ladder_of(commitment), row.hours_changed_at)


def notice_of(row: OutboxRow) -> Notice:
    """The notice of an outbox row."""
    return Notice(row.commitment_id, row.step_id, row.occurrence, row.person_id, row.fired_at, row.urgent, row.in_place_of)


def _take_plan(
    work: UnitOfWork, programme: Programme, plan: SendingPlan, rows: dict[str, OutboxRow], as_of: datetime, place: Workplace
) -> None:
    for key, reasons in plan.reasons.items():
        rows[key].reasons = [*rows[key].reasons, *(line for line in pack_reasons(reasons) if line not in rows[key].reasons)]
    for status, keys in ((NoticeStatus.CANCELLED, plan.cancelled), (NoticeStatus.SUPERSEDED, plan.superseded)):
        for key in keys:
            _settle(work, rows[key], status, as_of)
    for key, at in plan.next_at.items():
        rows[key].next_at = at
    for message in plan.messages:
        _claimable(work, message, rows, as_of, place, programme)
    for key in plan.stuck:
        _settle(work, rows[key], NoticeStatus.FAILED, as_of)
        _alarm(work, programme, rows[key], as_of, place)
    work.session.add_all(rows.values())
    work.flush()


def _settle(work: UnitOfWork, row: OutboxRow, status: NoticeStatus, at: datetime) -> None:
    row.status, row.settled_at = status, at
    work.session.add(row)
    subject = row.commitment_id if is_note(row) else f"commitment:{row.commitment_id}"
    work.record(at, ENGINE, f"notice_{status.value}", subject, notice=row.id, reasons=row.reasons)


def _claimable(
    work: UnitOfWork, message: OutgoingMessage, rows: dict[str, OutboxRow], as_of: datetime, place: Workplace, programme: Programme
) -> None:
    """Write the message down, ready to be claimed; its id and Message-ID follow from what it carries, so a repeat is the same message."""
    channel = rows[message.keys[0]].channel
    identity = "|".join((work.programme_id, message.person, channel, message.at.isoformat(), *sorted(message.keys)))
    digest = hashlib.sha256(identity.encode()).hexdigest()[:32]
    work.session.add(
        MessageRow(
            programme_id=work.programme_id, id=digest, person_id=message.person, channel=channel, urgent=message.urgent,
            send_at=message.at, status=MessageStatus.CLAIMED, try_at=as_of,
            header_id=message_id(digest, place.mail_settings(programme.name).domain),
        )
    )
    for key in message.keys:
        rows[key].message_id = digest


@dataclass(frozen=True, slots=True)
class _Claim:
    """A message this engine may hand over now."""

    id: str
    channel: str
    token: str
    envelope: Envelope


def deliver_messages(place: Workplace, as_of: datetime, *, take_over: bool) -> dict[str, int]:
    """Hand over every message that is due at `as_of`, one claim and one record each. A channel that is down is left for this pass."""
    counts = {"messages_sent": 0, "messages_put_off": 0, "messages_failed": 0}
    tried: list[str] = []
    down: set[str] = set()
    for claim in _claims(place, as_of, tried, take_over=take_over):
        if claim.channel in down:
            outcome: Outcome = Temporary(_down(claim.channel))
        else:
            outcome = place.channels[claim.channel].deliver(claim.envelope)
        if isinstance(outcome, Temporary) and outcome.channel_down:
            down.add(claim.channel)
        with place.units() as work:
            counts[_record(work, claim, outcome, as_of, place)] += 1
    return counts


def _down(channel: str) -> Message:
    return say("the channel {channel} is down", channel=channel)


def _claims(place: Workplace, as_of: datetime, tried: list[str], *, take_over: bool) -> Iterator[_Claim]:
    """Messages to hand over, each claimed in a transaction of its own; those nobody wants any more are cancelled on the way."""
    while True:
        with place.units() as work:
            wall = place.wall_now()
            row = claim_message(work, as_of, wall, take_over=take_over, done=tried)
            if row is None:
                return
            tried.append(row.id)
            claim = _claim(work, row, as_of, wall, place)
        if claim is not None:
            yield claim


def _claim(work: UnitOfWork, row: MessageRow, as_of: datetime, wall: datetime, place: Workplace) -> _Claim | None:
    """ESC-S7: read the state again; drop what is no longer wanted, and render the rest."""
    programme = current_programme(work)
    carried = [notice for notice in fetch_carried(work, row.id) if notice.status is NoticeStatus.WAITING]
    wanted = [notice for notice in carried if _is_wanted(work, notice)]
    for notice in carried:
        if notice not in wanted:
            _settle(work, notice, NoticeStatus.CANCELLED, as_of)
    if not wanted:
        row.status = MessageStatus.CANCELLED
        work.session.add(row)
        return None
    settings = place.mail_settings(programme.name)
    items = items_of(work, programme, wanted, place, row.send_at)
    envelope = render_message(addressee_of(programme, row.person_id), items, settings, row.send_at, key=row.id)
    row.claimed_by, row.lease_until = f"{place.engine_id}#{row.attempts}", wall + LEASE
    row.subject = envelope.subject
    work.session.add(row)
    return _Claim(row.id, row.channel, row.claimed_by, envelope)


def _is_wanted(work: UnitOfWork, notice: OutboxRow) -> bool:
    if is_note(notice):
        return True
    commitment = fetch_commitment(work, notice.commitment_id)
    if commitment is None:
        return False
    if notice.step_id in LASTING_STEPS:
        return commitment.status is not Status.CLOSED
    return commitment.status is Status.OPEN


def _record(work: UnitOfWork, claim: _Claim, outcome: Outcome, as_of: datetime, place: Workplace) -> str:
    """Write down what came of one attempt. A claim that another engine has taken over since is left to it."""
    row = fetch_message(work, claim.id, lock=True)
    if row is None or row.claimed_by != claim.token or row.status is MessageStatus.SENT:
        return "messages_put_off"
    row.attempts += 1
    row.claimed_by = row.lease_until = None
    work.session.add(row)
    match outcome:
        case Accepted(answer):
            return _sent(work, row, answer, as_of)
        case Permanent(reason):
            return _failed(work, row, reason, as_of, place)
        case Temporary(reason) | Uncertain(reason):
            row.uncertain = row.uncertain or isinstance(outcome, Uncertain)
            return _put_off(work, row, reason, as_of, place)


def _sent(work: UnitOfWork, row: MessageRow, answer: str, as_of: datetime) -> str:
    row.status, row.sent_at = MessageStatus.SENT, as_of
    carried = [notice for notice in fetch_carried(work, row.id) if notice.status is NoticeStatus.WAITING]
    for notice in carried:
        notice.status, notice.settled_at = NoticeStatus.SENT, row.send_at
        work.session.add(notice)
    work.record(
        as_of, ENGINE, "message_sent", f"person:{row.person_id}", message=row.id, channel=row.channel, title=row.subject,
        sending_instant=row.send_at.isoformat(), notices=[notice.id for notice in carried], answer=answer,
    )
    return "messages_sent"


def _put_off(work: UnitOfWork, row: MessageRow, reason: Message, as_of: datetime, place: Workplace) -> str:
    if row.attempts > len(BACK_OFF):
        return _failed(work, row, reason, as_of, place)
    row.status, row.try_at, row.last_error = MessageStatus.RETRY, as_of + BACK_OFF[row.attempts - 1], reason.text()
    work.record(
        as_of, ENGINE, "message_put_off", f"person:{row.person_id}", message=row.id, attempts=row.attempts, uncertain=row.uncertain,
        until=row.try_at.isoformat(), why=row.last_error,
    )
    return "messages_put_off"


def _failed(work: UnitOfWork, row: MessageRow, reason: Message, as_of: datetime, place: Workplace) -> str:
    """ESC-G2: the notices have failed, the ladder goes on, and the steward hears of it on another channel."""
    row.status, row.last_error = MessageStatus.FAILED, reason.text()
    programme = current_programme(work)
    for notice in fetch_carried(work, row.id):
        if notice.status is NoticeStatus.WAITING:
            _settle(work, notice, NoticeStatus.FAILED, as_of)
            _alarm(work, programme, notice, as_of, place)
    return "messages_failed"


def _alarm(work: UnitOfWork, programme: Programme, failed: OutboxRow, as_of: datetime, place: Workplace) -> None:
    steward = programme.organisation.holder(programme.steward, as_of) or programme.organisation.fallback
    alarm_id = f"{failed.commitment_id}/{UNDELIVERED}/{failed.occurrence}/{steward}/{place.alarm_channel}"
    if failed.step_id == UNDELIVERED or work.session.get(OutboxRow, (work.programme_id, alarm_id)) is not None:
        return  # an alarm that fails is in the journal and in `doctor`; it raises no other
    work.session.add(
        OutboxRow(
            programme_id=work.programme_id, id=alarm_id, commitment_id=failed.commitment_id, step_id=UNDELIVERED,
            occurrence=failed.occurrence, person_id=steward, channel=place.alarm_channel, urgent=True, fired_at=as_of, next_at=as_of,
            status=NoticeStatus.WAITING, reasons=[],
        )
    )
    work.flush()
