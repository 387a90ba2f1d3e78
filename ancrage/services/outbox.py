"""What has left, what waits, what failed: the outbox as people and programs read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.escalation.facts import NoticeStatus, Status
from ancrage.domain.programme import Programme
from ancrage.language import Label, Message
from ancrage.services.commitments import ladder_of, terms_of, title_of
from ancrage.services.note_items import note_title
from ancrage.services.status import answering_person
from ancrage.storage.codec import unpack_message
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.notices import count_messages, count_notices, fetch_messages, fetch_notices, fetch_sent_about_open
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind
from models.notices import MessageRow, MessageStatus, OutboxRow

CLAUSE = CommitmentKind.CLAUSE


@dataclass(frozen=True, slots=True)
class SentNotice:
    """One notice that has reached a person about a commitment that is still open."""

    commitment: str
    kind: CommitmentKind
    clause: str | None
    step: str
    occurrence: int
    person: str
    sent_at: datetime
    commitment_status: Status
    is_own: bool
    """The person is the one who answers for the commitment."""


def fetch_sent_notices(work: UnitOfWork, programme: Programme) -> tuple[SentNotice, ...]:
    """Notices that have reached somebody about what is still open, by firing instant."""
    found = []
    for notice, row in fetch_sent_about_open(work):
        if notice.settled_at is None:
            continue
        answers = answering_person(programme, terms_of(row), ladder_of(row), notice.settled_at)
        found.append(
            SentNotice(
                row.id, row.kind, row.clause_id, notice.step_id, notice.occurrence, notice.person_id, notice.settled_at, row.status,
                answers == notice.person_id,
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice as people read it."""

    id: str
    commitment: str
    title: Label
    step: str
    occurrence: int
    person: str
    channel: str
    urgent: bool
    status: NoticeStatus
    fired_at: datetime
    next_at: datetime
    settled_at: datetime | None
    reasons: tuple[tuple[str, Message], ...]
    """Rule and sentence, oldest first: why it was written, and why it leaves when it does."""
    trouble: str
    """What the channel said when the message was not taken; empty while all is well."""
    try_at: datetime | None
    """When a message that was not taken is tried again."""


def view_notices(
    work: UnitOfWork, programme: Programme, *, commitment_id: str | None = None, person_id: str | None = None,
    status: NoticeStatus | None = None,
) -> tuple[NoticeView, ...]:
    """The outbox by firing instant; of one commitment, person or status."""
    rows = fetch_notices(work, commitment_id=commitment_id, person_id=person_id, status=status)
    titles: dict[str, Label] = {}
    messages = {message.id: message for message in fetch_messages(work, [row.message_id for row in rows if row.message_id])}
    for row in rows:
        if row.commitment_id not in titles:
            commitment = fetch_commitment(work, row.commitment_id)
            titles[row.commitment_id] = title_of(commitment) if commitment else note_title(work, programme, row.commitment_id)
    return tuple(_view(programme, row, titles[row.commitment_id], messages.get(row.message_id or "")) for row in rows)


def _view(programme: Programme, row: OutboxRow, title: Label, message: MessageRow | None) -> NoticeView:
    put_off = message is not None and message.status is MessageStatus.RETRY
    person = programme.organisation.people.get(row.person_id)
    return NoticeView(
        id=row.id, commitment=row.commitment_id, title=title, step=row.step_id, occurrence=row.occurrence,
        person=person.name if person else row.person_id, channel=row.channel, urgent=row.urgent, status=row.status,
        fired_at=row.fired_at, next_at=row.next_at, settled_at=row.settled_at,
        reasons=tuple((reason["rule"], unpack_message(reason)) for reason in row.reasons),
        trouble=message.last_error if message is not None and message.sent_at is None else "",
        try_at=message.try_at if message is not None and put_off else None,
    )


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How much has left, waits, or failed."""

    messages_sent: int
    notices_sent: int
    notices_waiting: int
    notices_failed: int


def count_outbox(work: UnitOfWork) -> OutboxCounts:
    """Counts over the whole outbox."""
    notices, messages = count_notices(work), count_messages(work)
    return OutboxCounts(
        messages_sent=messages.get(MessageStatus.SENT, 0), notices_sent=notices.get(NoticeStatus.SENT, 0),
        notices_waiting=notices.get(NoticeStatus.WAITING, 0), notices_failed=notices.get(NoticeStatus.FAILED, 0),
    )
