"""The one action plan: proposed, ranked, accepted, done, verified."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from models.columns import EnumText, UtcInstant, json_column


class ActionStatus(StrEnum):
    """An action is finished when its effect is verified, not when somebody ticks it (product.md J)."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DONE = "done"
    VERIFIED = "verified"
    DROPPED = "dropped"


class ActionRow(SQLModel, table=True):
    """One action of the plan; a segment is a view of it."""

    __tablename__ = "improvement_action"
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=200)
    segment: str = Field(index=True, max_length=40)
    title_fr: str
    title_en: str
    process_id: str | None = Field(default=None, max_length=80)
    area_id: str | None = Field(default=None, max_length=80)
    campaign_id: str | None = Field(default=None, index=True, max_length=80)
    contract_id: str | None = Field(default=None, max_length=80)
    owner: str | None = Field(default=None, max_length=120)
    due_on: date | None = None
    status: ActionStatus = Field(sa_type=EnumText(ActionStatus), index=True)
    rank: int | None = None
    value: float | None = None
    effort_days: float | None = None
    reasons: dict[str, Any] = Field(sa_type=json_column())
    """The additive split of the value and the margin to the neighbour, as ranked."""
    commitment_id: str | None = Field(default=None, max_length=200)
    proposed_at: datetime = Field(sa_type=UtcInstant)
    changed_at: datetime = Field(sa_type=UtcInstant)


class RankingRow(SQLModel, table=True):
    """One run of the ranking, with the inputs it saw."""

    __tablename__ = "ranking"
    programme_id: str = Field(primary_key=True, max_length=80)
    campaign_id: str = Field(primary_key=True, max_length=80)
    inputs_fingerprint: str = Field(primary_key=True, max_length=80)
    ranked_at: datetime = Field(sa_type=UtcInstant)
    result: dict[str, Any] = Field(sa_type=json_column())
