"""What was declared, version by version, and what has been recorded about people since."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import UtcInstant, json_column


class ProgrammeRow(SQLModel, table=True):
    """A programme and the version of its declarations now in force (0: none applied yet)."""

    __tablename__ = "programme"
    programme_id: str = Field(primary_key=True, max_length=80)
    current_version: int = 0


class DeclarationVersionRow(SQLModel, table=True):
    """One accepted state of the declarations: the resolved programme as JSON (holiday dates included, ESC-B7) and its fingerprint."""

    __tablename__ = "declaration_version"
    programme_id: str = Field(primary_key=True, max_length=80)
    version: int = Field(primary_key=True)
    fingerprint: str = Field(max_length=80)
    applied_at: datetime = Field(sa_type=UtcInstant)
    applied_by: str = Field(max_length=120)
    snapshot: dict[str, Any] = Field(sa_type=json_column())


class AbsenceRow(SQLModel, table=True):
    """An absence somebody recorded, besides those declared."""

    __tablename__ = "absence"
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=200)
    person_id: str = Field(index=True, max_length=80)
    since: datetime = Field(sa_type=UtcInstant)
    until: datetime = Field(sa_type=UtcInstant)
    reason: str = ""
