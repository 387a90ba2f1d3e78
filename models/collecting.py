"""Collection of readings: the last attempt of each indicator, deliveries by content, and what waits to be repaired."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import UtcInstant, json_column


class CollectionRow(SQLModel, table=True):
    """The last attempt to collect the readings of one indicator. `fingerprint` is of what the last good answer said."""

    __tablename__ = "collection"
    programme_id: str = Field(primary_key=True, max_length=80)
    indicator_id: str = Field(primary_key=True, max_length=80)
    attempted_at: datetime = Field(sa_type=UtcInstant)
    succeeded_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    outcome: str = Field(max_length=40)
    fingerprint: str = Field(default="", max_length=64)
    recorded: int = 0
    message: dict[str, Any] | None = Field(default=None, sa_type=json_column())


class DeliveryRow(SQLModel, table=True):
    """A file that was dropped, by its content: the same content again changes nothing.

    Without `put_away_at` the file may still lie in the drop folder: it is moved after the commit, and a crash lies between the two.
    """

    __tablename__ = "delivery"
    programme_id: str = Field(primary_key=True, max_length=80)
    digest: str = Field(primary_key=True, max_length=64)
    name: str = Field(max_length=400)
    outcome: str = Field(max_length=40)
    seen_at: datetime = Field(sa_type=UtcInstant)
    rows: int = 0
    recorded: int = 0
    put_away_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class DataDefectRow(SQLModel, table=True):
    """One thing that keeps readings from being taken, told to one role once; open until it is over (`closed_at`)."""

    __tablename__ = "data_defect"
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=120)
    kind: str = Field(max_length=40)
    origin: str = Field(max_length=400)
    indicator_id: str | None = Field(default=None, max_length=80)
    since: datetime = Field(sa_type=UtcInstant)
    closed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    message: dict[str, Any] = Field(sa_type=json_column())
    commitment_id: str | None = Field(default=None, max_length=200)
