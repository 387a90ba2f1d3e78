"""Signing in without a password: a link by mail begins a session, which is a row that can be ended (interface.md, Access)."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ancrage.domain.access import AccessRole, access_roles
from ancrage.errors import NotFound
from ancrage.language import say
from ancrage.notices.notice import Addressee
from ancrage.services.message_items import addressee_of
from ancrage.services.programme import current_programme
from ancrage.storage.access import count_links_since, fetch_session, fetch_sessions, fetch_sign_in_link
from ancrage.storage.unit_of_work import UnitOfWork
from models.access import SessionRow, SignInLinkRow

LINK_LIFE = timedelta(minutes=20)
MOST_LINKS_PER_HOUR = 4
"""More would only fill the mail box of somebody whose address another person types in."""
SESSION_LIFE = timedelta(days=14)
SHOWN_OF_ID = 12
"""Characters of a session's id that tell it from the others."""


@dataclass(frozen=True, slots=True)
class SignInLink:
    """A link to be mailed to its reader; `id` is what the token carries."""

    id: str
    reader: Addressee
    expires: datetime


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in: who, as what, until when."""

    reader: Addressee
    roles: tuple[AccessRole, ...]
    session: str
    expires: datetime


@dataclass(frozen=True, slots=True)
class SessionView:
    """One running session as the operator sees it."""

    id: str
    person_id: str
    person: str
    started_at: datetime
    expires_at: datetime


def ask_for_link(work: UnitOfWork, email: str, at: datetime) -> SignInLink | None:
    """A new sign-in link for the person with this address. None for an address nobody has, or who has had enough for this hour."""
    wanted = email.strip().casefold()
    programme = current_programme(work)
    person = next((one for one in programme.organisation.people.values() if wanted and one.email.casefold() == wanted), None)
    if person is None or count_links_since(work, person.id, at - timedelta(hours=1)) >= MOST_LINKS_PER_HOUR:
        return None
    link = SignInLink(secrets.token_hex(16), addressee_of(programme, person.id), at + LINK_LIFE)
    work.session.add(
        SignInLinkRow(programme_id=work.programme_id, id=link.id, person_id=person.id, asked_at=at, expires_at=link.expires)
    )
    return link


def record_mailing(work: UnitOfWork, link: SignInLink, at: datetime, channel: str, trouble: str) -> None:
    """Say in the journal what became of the mail with a sign-in link. `trouble` is empty when it was taken."""
    what = "sign_in_not_mailed" if trouble else "sign_in_mailed"
    work.record(at, "engine", what, f"person:{link.reader.person_id}", channel=channel, why=trouble)


def is_link_fresh(work: UnitOfWork, link_id: str, person_id: str, at: datetime) -> bool:
    """Whether a link still begins a session: sent by us to this person, not used, not expired. Reads only."""
    row = fetch_sign_in_link(work, link_id)
    return _is_fresh(row, person_id, at)


def _is_fresh(row: SignInLinkRow | None, person_id: str, at: datetime) -> bool:
    return row is not None and row.person_id == person_id and row.used_at is None and at < row.expires_at


def begin_session(work: UnitOfWork, link_id: str, person_id: str, at: datetime) -> str | None:
    """Use a link, once: the secret of the new session, for the cookie and for nobody else. None when the link is used or gone."""
    row = fetch_sign_in_link(work, link_id, lock=True)
    if row is None or not _is_fresh(row, person_id, at) or person_id not in current_programme(work).organisation.people:
        return None
    row.used_at = at
    secret = secrets.token_urlsafe(32)
    session = SessionRow(
        programme_id=work.programme_id, id=session_id(secret), person_id=person_id, started_at=at, expires_at=at + SESSION_LIFE
    )
    work.session.add_all((row, session))
    work.record(at, person_id, "signed_in", f"person:{person_id}", session=session.id[:SHOWN_OF_ID])
    return secret


def session_id(secret: str) -> str:
    """The id of the row of a session: who reads the database cannot make a cookie of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_visitor(work: UnitOfWork, secret: str, at: datetime) -> Visitor | None:
    """Who a session belongs to. None when it is unknown, ended, over, or its person is no longer in the organisation. Reads only."""
    row = fetch_session(work, session_id(secret))
    if row is None or row.ended_at is not None or at >= row.expires_at:
        return None
    programme = current_programme(work)
    roles = access_roles(programme, row.person_id, at)
    return Visitor(addressee_of(programme, row.person_id), roles, row.id, row.expires_at) if roles else None


def end_session(work: UnitOfWork, session: str, by: str, at: datetime) -> None:
    """The visitor signs out."""
    _end(work, fetch_session(work, session), by, "signed_out", at)


def list_sessions(work: UnitOfWork, as_of: datetime, person_id: str | None = None) -> tuple[SessionView, ...]:
    """Who is signed in at `as_of`, oldest first."""
    people = current_programme(work).organisation.people
    return tuple(
        SessionView(
            row.id[:SHOWN_OF_ID], row.person_id, people[row.person_id].name if row.person_id in people else row.person_id,
            row.started_at, row.expires_at,
        )
        for row in fetch_sessions(work, as_of, person_id)
    )  # fmt: skip


def revoke_sessions(work: UnitOfWork, wanted: str, by: str, at: datetime) -> int:
    """End every running session of a person, or the one whose shown id is given; how many. NotFound when there is none."""
    running: Sequence[SessionRow] = fetch_sessions(work, at)
    found = [row for row in running if row.person_id == wanted or row.id[:SHOWN_OF_ID] == wanted]
    if not found:
        raise NotFound(say("there is no session of {wanted}; `ancrage people sessions` lists them", wanted=wanted))
    for row in found:
        _end(work, row, by, "session_revoked", at)
    return len(found)


def _end(work: UnitOfWork, row: SessionRow | None, by: str, what: str, at: datetime) -> None:
    if row is None or row.ended_at is not None:
        return
    row.ended_at, row.ended_by = at, by
    work.session.add(row)
    work.record(at, by, what, f"person:{row.person_id}", session=row.id[:SHOWN_OF_ID])
