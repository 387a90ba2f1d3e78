"""Queries: the outbox and the messages that carry it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, or_, select

from ancrage.domain.escalation.facts import NoticeStatus, Status
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentRow
from models.notices import MessageRow, MessageStatus, OutboxRow

UNSETTLED = (MessageStatus.CLAIMED, MessageStatus.RETRY)
LEFT = (*UNSETTLED, MessageStatus.SENT, MessageStatus.FAILED)


def fetch_due_people(work: UnitOfWork, as_of: datetime) -> Sequence[str]:
    """Ids of the people for whom a notice may leave at `as_of`, in order."""
    query = (
        select(OutboxRow.person_id)
        .where(
            col(OutboxRow.programme_id) == work.programme_id,
            col(OutboxRow.status) == NoticeStatus.WAITING,
            col(OutboxRow.message_id).is_(None),
            col(OutboxRow.next_at) <= as_of,
        )
        .distinct()
        .order_by(col(OutboxRow.person_id))
    )
    return work.session.exec(query).all()


def fetch_waiting(work: UnitOfWork, person_id: str) -> Sequence[OutboxRow]:
    """Notices of one person that wait and are not in a message yet, oldest first; locked for this transaction."""
    query = (
        select(OutboxRow)
        .where(
            col(OutboxRow.programme_id) == work.programme_id,
            col(OutboxRow.person_id) == person_id,
            col(OutboxRow.status) == NoticeStatus.WAITING,
            col(OutboxRow.message_id).is_(None),
        )
        .order_by(col(OutboxRow.fired_at), col(OutboxRow.id))
        .with_for_update()
    )
    return work.session.exec(query).all()


def fetch_left_since(work: UnitOfWork, person_id: str, since: datetime) -> Sequence[MessageRow]:
    """Messages to one person that left, or are leaving, from `since` on, by sending instant."""
    query = select(MessageRow).where(
        col(MessageRow.programme_id) == work.programme_id,
        col(MessageRow.person_id) == person_id,
        col(MessageRow.status).in_(LEFT),
        col(MessageRow.send_at) >= since,
    )
    return work.session.exec(query.order_by(col(MessageRow.send_at), col(MessageRow.id))).all()


def claim_message(work: UnitOfWork, as_of: datetime, wall: datetime, *, take_over: bool, done: Sequence[str]) -> MessageRow | None:
    """The next message to deliver, locked; None when there is none.

    A message claimed by an engine whose lease has not ended is left to it, unless `take_over` (that engine is known to be dead).
    `done` are messages this pass has tried already.
    """
    query = select(MessageRow).where(
        col(MessageRow.programme_id) == work.programme_id,
        col(MessageRow.status).in_(UNSETTLED),
        col(MessageRow.try_at) <= as_of,
    )
    if not take_over:
        query = query.where(or_(col(MessageRow.lease_until).is_(None), col(MessageRow.lease_until) <= wall))
    if done:
        query = query.where(col(MessageRow.id).not_in(done))
    query = query.order_by(col(MessageRow.urgent).desc(), col(MessageRow.send_at), col(MessageRow.id)).limit(1)
    return work.session.exec(query.with_for_update(skip_locked=True)).first()


def has_open_messages(work: UnitOfWork, as_of: datetime) -> bool:
    """Whether any message may be handed over at `as_of`, claimed or not."""
    query = select(MessageRow.id).where(
        col(MessageRow.programme_id) == work.programme_id, col(MessageRow.status).in_(UNSETTLED), col(MessageRow.try_at) <= as_of
    )
    return work.session.exec(query.limit(1)).first() is not None


def fetch_message(work: UnitOfWork, message_id: str, *, lock: bool = False) -> MessageRow | None:
    """One message."""
    query = select(MessageRow).where(col(MessageRow.programme_id) == work.programme_id, col(MessageRow.id) == message_id)
    return work.session.exec(query.with_for_update() if lock else query).first()


def fetch_carried(work: UnitOfWork, message_id: str) -> Sequence[OutboxRow]:
    """The notices a message carries, oldest first."""
    query = select(OutboxRow).where(col(OutboxRow.programme_id) == work.programme_id, col(OutboxRow.message_id) == message_id)
    return work.session.exec(query.order_by(col(OutboxRow.fired_at), col(OutboxRow.id))).all()


def fetch_notices(
    work: UnitOfWork, *, commitment_id: str | None = None, person_id: str | None = None, status: NoticeStatus | None = None
) -> Sequence[OutboxRow]:
    """Outbox rows by firing instant."""
    query = select(OutboxRow).where(col(OutboxRow.programme_id) == work.programme_id)
    if commitment_id is not None:
        query = query.where(col(OutboxRow.commitment_id) == commitment_id)
    if person_id is not None:
        query = query.where(col(OutboxRow.person_id) == person_id)
    if status is not None:
        query = query.where(col(OutboxRow.status) == status)
    return work.session.exec(query.order_by(col(OutboxRow.fired_at), col(OutboxRow.id))).all()


def fetch_messages(work: UnitOfWork, ids: Sequence[str] | None = None) -> Sequence[MessageRow]:
    """Messages by sending instant; all of them, or those of `ids`."""
    query = select(MessageRow).where(col(MessageRow.programme_id) == work.programme_id)
    if ids is not None:
        query = query.where(col(MessageRow.id).in_(ids))
    return work.session.exec(query.order_by(col(MessageRow.send_at), col(MessageRow.id))).all()


def count_notices(work: UnitOfWork) -> dict[NoticeStatus, int]:
    """How many notices stand where."""
    query = select(OutboxRow.status, func.count()).where(col(OutboxRow.programme_id) == work.programme_id).group_by(col(OutboxRow.status))
    return {NoticeStatus(status): count for status, count in work.session.exec(query)}


def fetch_sent_about_open(work: UnitOfWork) -> Sequence[tuple[OutboxRow, CommitmentRow]]:
    """Notices that have reached somebody about commitments that are still open, by firing instant."""
    query = (
        select(OutboxRow, CommitmentRow)
        .where(
            col(OutboxRow.programme_id) == work.programme_id,
            col(OutboxRow.status) == NoticeStatus.SENT,
            col(CommitmentRow.programme_id) == work.programme_id,
            col(CommitmentRow.id) == col(OutboxRow.commitment_id),
            col(CommitmentRow.status) != Status.CLOSED,
        )
        .order_by(col(OutboxRow.fired_at), col(OutboxRow.id))
    )
    return work.session.exec(query).all()


def count_messages(work: UnitOfWork) -> dict[MessageStatus, int]:
    """How many messages stand where."""
    query = select(MessageRow.status, func.count()).where(col(MessageRow.programme_id) == work.programme_id)
    return {MessageStatus(status): count for status, count in work.session.exec(query.group_by(col(MessageRow.status)))}
