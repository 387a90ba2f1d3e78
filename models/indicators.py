"""Readings, alerts, verdicts and the clocks of transformations."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from ancrage.domain.anchoring.decisions import DecisionKind
from models.columns import EnumText, UtcInstant, json_column


class ReadingRow(SQLModel, table=True):
    """One reading for one period. A correction is a new revision; the old one stays (`current` false)."""

    __tablename__ = "reading"
    __table_args__ = (
        Index("ix_reading_current", "programme_id", "indicator_id", "current", "day"),
        Index("ix_reading_recorded", "programme_id", "recorded_at"),
    )
    programme_id: str = Field(primary_key=True, max_length=80)
    indicator_id: str = Field(primary_key=True, max_length=80)
    day: date = Field(primary_key=True)
    revision: int = Field(primary_key=True, default=1)
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    recorded_at: datetime = Field(sa_type=UtcInstant)
    recorded_by: str = Field(max_length=120)
    source: str = Field(max_length=40)
    note: str = ""
    current: bool = True


class AlertStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class AlertRow(SQLModel, table=True):
    """One alert. At most one open per indicator and cause, held by a partial unique index."""

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "uq_alert_open",
            "programme_id",
            "indicator_id",
            "cause",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
    )
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=200)
    indicator_id: str = Field(index=True, max_length=80)
    cause: str = Field(max_length=80)
    status: AlertStatus = Field(sa_type=EnumText(AlertStatus))
    raised_at: datetime = Field(sa_type=UtcInstant)
    reading_day: date | None = None
    detail: dict[str, Any] = Field(sa_type=json_column())
    closed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    closed_why: str = ""


class VerdictRow(SQLModel, table=True):
    """A verdict that differs from the one before it: when, on which point, with its reasons."""

    __tablename__ = "verdict"
    programme_id: str = Field(primary_key=True, max_length=80)
    indicator_id: str = Field(primary_key=True, max_length=80)
    as_of: datetime = Field(primary_key=True, sa_type=UtcInstant)
    state: str = Field(max_length=40)
    target_met: bool | None = None
    result: dict[str, Any] = Field(sa_type=json_column())


class ClockRow(SQLModel, table=True):
    """The actual date of one clock of a transformation, recorded by somebody or by a verdict."""

    __tablename__ = "transformation_clock"
    programme_id: str = Field(primary_key=True, max_length=80)
    transformation_id: str = Field(primary_key=True, max_length=80)
    clock: str = Field(primary_key=True, max_length=40)
    actual_on: date
    recorded_at: datetime = Field(sa_type=UtcInstant)
    recorded_by: str = Field(max_length=120)


class AnchoringDecisionRow(SQLModel, table=True):
    """One decision, kept for good: about which indicator (or transformation, for the end of support), for which day, by whom and why.

    A later decision about the same day stands above an earlier one.
    """

    __tablename__ = "anchoring_decision"
    __table_args__ = (Index("ix_anchoring_decision_subject", "programme_id", "subject_id", "decided_at"),)
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=200)
    kind: DecisionKind = Field(sa_type=EnumText(DecisionKind))
    subject_id: str = Field(max_length=80)
    day: date
    """First day of the new phase, or of the accepted level; the day from which a lifetime counts; the day on which support ended."""
    until: date | None = None
    """Until when an indicator is watched; None: without an end."""
    decided_at: datetime = Field(sa_type=UtcInstant)
    decided_by: str = Field(max_length=80)
    why: str = ""
