"""Measures of a supplier contract: what was promised, what each party recorded, and who held the responsibility (ESC-X)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from ancrage.domain.escalation.measures import Side
from models.columns import EnumText, UtcInstant, json_column


class MeasureRow(SQLModel, table=True):
    """One measure. `terms` is what it keeps from its opening to its closing; `report` what was found when it was closed."""

    __tablename__ = "measure"
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=200)
    title_fr: str
    title_en: str
    terms: dict[str, Any] = Field(sa_type=json_column())
    opened_at: datetime = Field(sa_type=UtcInstant)
    closed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    closed_by: str | None = Field(default=None, max_length=80)
    report: dict[str, Any] | None = Field(default=None, sa_type=json_column())
    commitment_id: str | None = Field(default=None, max_length=200)
    """The commitment that its disagreement has opened (ESC-X2)."""


class MeasureSeriesRow(SQLModel, table=True):
    """One party's record of a measure; `end_at` is empty while it runs."""

    __tablename__ = "measure_series"
    programme_id: str = Field(primary_key=True, max_length=80)
    measure_id: str = Field(primary_key=True, max_length=200)
    side: Side = Field(primary_key=True, sa_type=EnumText(Side))
    start_at: datetime = Field(sa_type=UtcInstant)
    end_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class MeasurePauseRow(SQLModel, table=True):
    """A time during which one series stood still; `until` is empty while it does (ESC-P1: who, when, why)."""

    __tablename__ = "measure_pause"
    programme_id: str = Field(primary_key=True, max_length=80)
    measure_id: str = Field(primary_key=True, max_length=200)
    side: Side = Field(primary_key=True, sa_type=EnumText(Side))
    since: datetime = Field(primary_key=True, sa_type=UtcInstant)
    until: datetime | None = Field(default=None, sa_type=UtcInstant)
    by: str = Field(max_length=80)
    reason: str = ""


class MeasureHolderRow(SQLModel, table=True):
    """Who held the responsibility from `since` until just before `until`, half open, without overlap (ESC-X3)."""

    __tablename__ = "measure_holder"
    programme_id: str = Field(primary_key=True, max_length=80)
    measure_id: str = Field(primary_key=True, max_length=200)
    since: datetime = Field(primary_key=True, sa_type=UtcInstant)
    until: datetime | None = Field(default=None, sa_type=UtcInstant)
    holder: str = Field(max_length=120)
