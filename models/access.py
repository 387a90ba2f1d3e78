"""Who may look at the pages: sign-in links that were sent, and the sessions they began. Neither row can be turned into its secret."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from models.columns import UtcInstant


class SignInLinkRow(SQLModel, table=True):
    """One sign-in link sent to a person. It begins one session: `used_at` is set then, and the link opens nothing any more."""

    __tablename__ = "sign_in_link"
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=64)
    person_id: str = Field(index=True, max_length=80)
    asked_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime = Field(sa_type=UtcInstant)
    used_at: datetime | None = Field(default=None, sa_type=UtcInstant)


class SessionRow(SQLModel, table=True):
    """One browser signed in as a person. `id` is the SHA-256 of the secret in its cookie; `ended_at` revokes it."""

    __tablename__ = "web_session"
    programme_id: str = Field(primary_key=True, max_length=80)
    id: str = Field(primary_key=True, max_length=64)
    person_id: str = Field(index=True, max_length=80)
    started_at: datetime = Field(sa_type=UtcInstant)
    expires_at: datetime = Field(sa_type=UtcInstant)
    ended_at: datetime | None = Field(default=None, sa_type=UtcInstant)
    ended_by: str | None = Field(default=None, max_length=120)
