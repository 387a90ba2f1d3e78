"""The outbox: notices by channel, and the messages that carry them (ESC-S, ESC-G)."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from ancrage.domain.escalation.facts import NoticeStatus
from models.columns import EnumText, UtcInstant, json_column


class MessageStatus(StrEnum):
    """Life of a message: assembled and claimed, accepted by the channel, or given up."""

    CLAIMED = "claimed"
    RETRY = "retry"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class OutboxRow(SQLModel, table=True):
    """One notice on one channel; the key of ESC-G1 is unique. `next_at` is the earliest logical sending instant known so far."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("programme_id", "commitment_id", "step_id", "occurrence", "person_id", "channel", name="uq_outbox_notice"),
        Index("ix_outbox_waiting", "programme_id", "status", "next_at"),
    )
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=400)
    commitment_id: str = Field(index=True, max_length=200)
    step_id: str = Field(max_length=80)
    occurrence: int
    person_id: str = Field(index=True, max_length=80)
    channel: str = Field(max_length=40)
    urgent: bool = False
    in_place_of: str | None = Field(default=None, max_length=80)
    fired_at: datetime = Field(sa_type=UtcInstant)
    next_at: datetime = Field(sa_type=UtcInstant)
    hours_changed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    """When the working hours of its reader changed while it waited: its sending instant is counted from then."""
    status: NoticeStatus = Field(sa_type=EnumText(NoticeStatus))
    settled_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    message_id: str | None = Field(default=None, index=True, max_length=80)
    reasons: list[dict[str, Any]] = Field(sa_type=json_column())


class MessageRow(SQLModel, table=True):
    """One message to one person on one channel. Claimed by `claimed_by` until `lease_until` (wall clock); `attempts` counts deliveries."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_open", "programme_id", "status", "try_at"),)
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=80)
    person_id: str = Field(index=True, max_length=80)
    channel: str = Field(max_length=40)
    urgent: bool = False
    send_at: datetime = Field(sa_type=UtcInstant)
    """The logical sending instant (ESC-S6)."""
    status: MessageStatus = Field(sa_type=EnumText(MessageStatus))
    header_id: str = Field(max_length=240)
    """Message-ID; the same on every attempt (ESC-G3)."""
    attempts: int = 0
    try_at: datetime = Field(sa_type=UtcInstant)
    uncertain: bool = False
    """An attempt ended without knowing whether the server accepted it."""
    claimed_by: str | None = Field(default=None, max_length=120)
    lease_until: datetime | None = Field(default=None, sa_type=UtcInstant)
    sent_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    subject: str = ""
    last_error: str = ""
