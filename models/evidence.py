"""Objective evidence: files and links that show that a practice is done, shared between campaigns."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from models.columns import EnumText, UtcInstant


class EvidenceKind(StrEnum):
    """A file that we keep, or an address that somebody else keeps."""

    FILE = "file"
    LINK = "link"


class EvidenceRow(SQLModel, table=True):
    """One piece of evidence. A file is kept under its SHA-256; of a link only the address is known. Renewed, never changed."""

    __tablename__ = "evidence"
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=80)
    kind: EvidenceKind = Field(sa_type=EnumText(EvidenceKind))
    name: str
    address: str = ""
    sha256: str = Field(default="", max_length=64)
    size: int = 0
    dated_on: date
    expires_on: date | None = Field(default=None, index=True)
    added_by: str = Field(max_length=80)
    added_at: datetime = Field(sa_type=UtcInstant)
    renewed_by: str | None = Field(default=None, max_length=80)
    """Id of the piece that takes its place."""
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    withdrawn_why: str = ""


class EvidenceUseRow(SQLModel, table=True):
    """A piece of evidence stands behind one cell of one campaign."""

    __tablename__ = "evidence_use"
    programme_id: str = Field(primary_key=True, max_length=80)
    campaign_id: str = Field(primary_key=True, max_length=80)
    process_id: str = Field(primary_key=True, max_length=80)
    practice_id: str = Field(primary_key=True, max_length=80)
    evidence_id: str = Field(primary_key=True, max_length=80)
    by: str = Field(max_length=80)
    at: datetime = Field(sa_type=UtcInstant)
