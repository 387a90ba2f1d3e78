"""Assessment campaigns: who was asked what, what they rated, what was determined."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from models.columns import EnumText, UtcInstant, json_column


class CampaignStatus(StrEnum):
    """OPEN: people answer. CLOSED: levels, gaps and ranking are recorded and nothing changes any more (ASM-K2)."""

    OPEN = "open"
    CLOSED = "closed"


class CampaignRow(SQLModel, table=True):
    """One cycle: reference model version x scope x people x window, pinned at launch (ASM-K1)."""

    __tablename__ = "campaign"
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=80)
    name_fr: str
    name_en: str
    model_id: str = Field(max_length=80)
    declaration_version: int
    pins: dict[str, Any] = Field(sa_type=json_column())
    """Fingerprints of map, reference model, method and people at launch."""
    scope: list[str] = Field(sa_type=json_column())
    targets: dict[str, Any] = Field(sa_type=json_column())
    opened_at: datetime = Field(sa_type=UtcInstant)
    opened_by: str = Field(max_length=80)
    due_on: date
    closes_on: date
    status: CampaignStatus = Field(sa_type=EnumText(CampaignStatus), index=True)
    closed_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    previous_id: str | None = Field(default=None, max_length=80)
    recurrence: dict[str, Any] | None = Field(default=None, sa_type=json_column())
    """How the next cycle follows (ASM-K8): `every_months`, and `from` the review or a fixed sequence with its first day."""


class CampaignRequestRow(SQLModel, table=True):
    """What one person is asked in one campaign: the cells, and the commitment that runs it."""

    __tablename__ = "campaign_request"
    programme_id: str = Field(primary_key=True, max_length=80)
    campaign_id: str = Field(primary_key=True, max_length=80)
    person_id: str = Field(primary_key=True, max_length=80)
    commitment_id: str = Field(max_length=200)
    cells: list[list[str]] = Field(sa_type=json_column())
    """[process id, practice id] pairs in asking order."""
    submitted_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class RatingRow(SQLModel, table=True):
    """One person's rating of one cell. A newer one supersedes it; nothing is overwritten."""

    __tablename__ = "rating"
    __table_args__ = (Index("ix_rating_cell", "programme_id", "campaign_id", "process_id", "practice_id"),)
    programme_id: str = Field(primary_key=True, max_length=80)
    campaign_id: str = Field(primary_key=True, max_length=80)
    process_id: str = Field(primary_key=True, max_length=80)
    practice_id: str = Field(primary_key=True, max_length=80)
    person_id: str = Field(primary_key=True, max_length=80)
    revision: int = Field(primary_key=True, default=1)
    value: str = Field(max_length=20)
    comment: str = ""
    rated_at: datetime = Field(sa_type=UtcInstant)
    current: bool = True


class AgreedRatingRow(SQLModel, table=True):
    """The value of a cell the campaign counts: proposed by a rule or decided by somebody who says why."""

    __tablename__ = "agreed_rating"
    programme_id: str = Field(primary_key=True, max_length=80)
    campaign_id: str = Field(primary_key=True, max_length=80)
    process_id: str = Field(primary_key=True, max_length=80)
    practice_id: str = Field(primary_key=True, max_length=80)
    value: str | None = Field(default=None, max_length=20)
    """None: a judgement is still asked for (JUDGE)."""
    method: str = Field(max_length=80)
    decided_by: str | None = Field(default=None, max_length=80)
    why: str = ""
    agreed_at: datetime = Field(sa_type=UtcInstant)


class DeterminationRow(SQLModel, table=True):
    """What a closed campaign determined, whole: method, fingerprints, levels, groups, reasons (recomputed by `explain`)."""

    __tablename__ = "determination"
    programme_id: str = Field(primary_key=True, max_length=80)
    campaign_id: str = Field(primary_key=True, max_length=80)
    method: str = Field(max_length=80)
    inputs_fingerprint: str = Field(max_length=80)
    determined_at: datetime = Field(sa_type=UtcInstant)
    result: dict[str, Any] = Field(sa_type=json_column())


class LevelRow(SQLModel, table=True):
    """One capability level: of one process in one practice area. `value` is None where it is not determined or not applicable."""

    __tablename__ = "capability_level"
    programme_id: str = Field(primary_key=True, max_length=80)
    campaign_id: str = Field(primary_key=True, max_length=80)
    process_id: str = Field(primary_key=True, max_length=80)
    area_id: str = Field(primary_key=True, max_length=80)
    value: int | None = None
    state: str = Field(max_length=40)
    target: int | None = None
    blockers: list[Any] = Field(sa_type=json_column())


class RequestEventKind(StrEnum):
    """What happened to a request after it was asked."""

    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    REOPENED = "reopened"


class RequestEventRow(SQLModel, table=True):
    """One line of a request's history. `commitment_id` runs what was asked again, None where nothing was."""

    __tablename__ = "request_event"
    programme_id: str = Field(primary_key=True, max_length=80)
    campaign_id: str = Field(primary_key=True, max_length=80)
    person_id: str = Field(primary_key=True, max_length=80)
    number: int = Field(primary_key=True)
    what: RequestEventKind = Field(sa_type=EnumText(RequestEventKind))
    at: datetime = Field(sa_type=UtcInstant)
    by: str = Field(max_length=80)
    why: str = ""
    commitment_id: str | None = Field(default=None, max_length=200)


class JudgementRow(SQLModel, table=True):
    """What people decided about the weaknesses of one group: do they, together, hurt its goal significantly (ASM-C3)?"""

    __tablename__ = "judgement"
    programme_id: str = Field(primary_key=True, max_length=80)
    campaign_id: str = Field(primary_key=True, max_length=80)
    process_id: str = Field(primary_key=True, max_length=80)
    area_id: str = Field(primary_key=True, max_length=80)
    level: int = Field(primary_key=True)
    significant: bool
    decided_by: str = Field(max_length=80)
    why: str
    decided_at: datetime = Field(sa_type=UtcInstant)


class FindingKind(StrEnum):
    """What a closed campaign says about an area, or about one practice of it."""

    STRENGTH = "strength"
    WEAKNESS = "weakness"


class FindingRow(SQLModel, table=True):
    """A finding of a closed campaign (ASM-K7). What the levels say is written once; cause, owner and date are people's."""

    __tablename__ = "finding"
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=240)
    campaign_id: str = Field(index=True, max_length=80)
    kind: FindingKind = Field(sa_type=EnumText(FindingKind))
    severity: str = Field(max_length=20)
    process_id: str = Field(max_length=80)
    area_id: str = Field(max_length=80)
    practice_id: str | None = Field(default=None, max_length=80)
    value: str | None = Field(default=None, max_length=20)
    cause: str = ""
    owner: str | None = Field(default=None, max_length=120)
    due_on: date | None = None
    found_at: datetime = Field(sa_type=UtcInstant)
    changed_at: datetime = Field(sa_type=UtcInstant)
    changed_by: str = Field(max_length=80)
