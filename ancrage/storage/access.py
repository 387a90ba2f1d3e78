"""Queries: sign-in links and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, func, select

from ancrage.storage.unit_of_work import UnitOfWork
from models.access import SessionRow, SignInLinkRow


def count_links_since(work: UnitOfWork, person_id: str, since: datetime) -> int:
    """How many sign-in links were sent to a person after `since`."""
    query = select(func.count()).where(
        col(SignInLinkRow.programme_id) == work.programme_id,
        col(SignInLinkRow.person_id) == person_id,
        col(SignInLinkRow.asked_at) > since,
    )
    return work.session.exec(query).one()


def fetch_sign_in_link(work: UnitOfWork, link_id: str, *, lock: bool = False) -> SignInLinkRow | None:
    """One sign-in link, locked until the unit of work ends when `lock`."""
    query = select(SignInLinkRow).where(col(SignInLinkRow.programme_id) == work.programme_id, col(SignInLinkRow.id) == link_id)
    return work.session.exec(query.with_for_update() if lock else query).first()


def fetch_session(work: UnitOfWork, session_id: str) -> SessionRow | None:
    """One session, running or ended."""
    return work.session.get(SessionRow, (work.programme_id, session_id))


def fetch_sessions(work: UnitOfWork, as_of: datetime, person_id: str | None = None) -> Sequence[SessionRow]:
    """Sessions that run at `as_of`, of everybody or of one person, oldest first."""
    query = select(SessionRow).where(
        col(SessionRow.programme_id) == work.programme_id,
        col(SessionRow.ended_at).is_(None),
        col(SessionRow.expires_at) > as_of,
    )
    if person_id is not None:
        query = query.where(col(SessionRow.person_id) == person_id)
    return work.session.exec(query.order_by(col(SessionRow.started_at), col(SessionRow.id))).all()
