"""Commitments: one row for everything somebody owes by a date, and what people did with it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from ancrage.domain.escalation.facts import ActionKind, Result, Status
from models.columns import EnumText, UtcInstant, json_column


class CommitmentKind(StrEnum):
    """What is owed (product.md, two sources of truth)."""

    CLAUSE = "clause"
    REQUEST = "request"
    ACTION = "action"
    READING = "reading"
    EVIDENCE = "evidence"
    REVIEW = "review"


class CommitmentRow(SQLModel, table=True):
    """One running or closed commitment.

    `terms` is what it keeps from its start (ESC-K1), `ladder` what has happened to it; `status`, `result`, `due_at` and `wake_at`
    repeat their head for queries and are written together with them. `wake_at` is the earliest instant at which a pass could
    change something (None: never again); `passed_at` the last pass that looked at it (ESC-L5, C1).
    """

    __tablename__ = "commitment"
    __table_args__ = (
        Index("ix_commitment_wake", "programme_id", "wake_at"),
        Index("ix_commitment_event", "programme_id", "event_id", unique=True),
    )
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=200)
    kind: CommitmentKind = Field(sa_type=EnumText(CommitmentKind))
    title_fr: str
    title_en: str
    event_id: str = Field(max_length=240)
    """What opened it; a known event opens nothing (ESC-A11)."""
    contract_id: str | None = Field(default=None, index=True, max_length=80)
    clause_id: str | None = Field(default=None, index=True, max_length=80)
    contract_version: int | None = None
    """The version of the contract in force when it started; it keeps that version's terms to its end."""
    subject: dict[str, Any] = Field(sa_type=json_column())
    """Ids of what it is about: alert, indicator, campaign, action, process."""
    responsible: str = Field(index=True, max_length=120)
    answerable: str | None = Field(default=None, max_length=80)
    """Person who held `responsible` at the last pass; a change opens an `assigned` notice (ESC-W7)."""
    started_at: datetime = Field(sa_type=UtcInstant)
    occurred_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    due_at: datetime = Field(sa_type=UtcInstant, index=True)
    status: Status = Field(sa_type=EnumText(Status), index=True)
    result: Result | None = Field(default=None, sa_type=EnumText(Result))
    closed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    wake_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    passed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    policy_hash: str = Field(max_length=80)
    terms: dict[str, Any] = Field(sa_type=json_column())
    ladder: dict[str, Any] = Field(sa_type=json_column())


class ActionTakenRow(SQLModel, table=True):
    """One action of a person on a commitment, accepted or refused; its id makes it take effect once (ESC-A11)."""

    __tablename__ = "commitment_action"
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=240)
    commitment_id: str = Field(index=True, max_length=200)
    kind: ActionKind = Field(sa_type=EnumText(ActionKind))
    at: datetime = Field(sa_type=UtcInstant)
    by: str = Field(max_length=80)
    detail: dict[str, Any] = Field(sa_type=json_column())
    refused: str | None = Field(default=None, max_length=40)
