"""Notes: what somebody was told about what an engagement changed, as it was told."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import EnumText, UtcInstant, json_column


class NoteKind(StrEnum):
    """To whom a note speaks: to one sponsor, or to the stakeholders of a contract."""

    FEEDBACK = "feedback"
    PUBLIC_LINE = "public_line"


class NoteRow(SQLModel, table=True):
    """One note that a steward has sent. It never changes: what was said is kept as it was said.

    `id` is derived from what it says, so that the same words about the same quarter are sent once.
    """

    __tablename__ = "engagement_note"
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=200)
    kind: NoteKind = Field(sa_type=EnumText(NoteKind))
    person_id: str | None = Field(default=None, index=True, max_length=80)
    """The sponsor a feedback note speaks to."""
    contract_id: str | None = Field(default=None, index=True, max_length=80)
    """The contract a public line is about."""
    period: str = Field(max_length=20)
    content: dict[str, Any] = Field(sa_type=json_column())
    sentence: str = ""
    """What the steward added in their own words."""
    told_by: str = Field(max_length=80)
    told_at: datetime = Field(sa_type=UtcInstant)
