"""The journal as people read it: what was recorded, by whom, with the rules that were applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.programme import Programme
from ancrage.language import Message, say
from ancrage.services.commitments import ENGINE
from ancrage.services.journal_words import journal_words
from ancrage.storage.codec import unpack_message
from ancrage.storage.engine import fetch_journal
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of the journal. `reasons` are pairs of rule number and sentence."""

    number: int
    at: datetime
    actor: str | Message
    what: str | Message
    subject: str
    detail: str
    reasons: tuple[tuple[str, Message], ...]


def view_journal(work: UnitOfWork, programme: Programme, subject: str | None, limit: int) -> tuple[JournalLine, ...]:
    """The last `limit` lines, of one subject or of all, newest first."""
    names: dict[str, str | Message] = {person.id: person.name for person in programme.organisation.people.values()}
    names[ENGINE] = say("the engine")
    return tuple(
        JournalLine(
            row.number, row.at, names.get(row.actor, row.actor), journal_words(row.what), row.subject, _detail(row.detail),
            tuple((reason["rule"], unpack_message(reason)) for reason in row.detail.get("reasons", ())),
        )
        for row in reversed(fetch_journal(work, subject, limit))
    )


def _detail(detail: dict[str, object]) -> str:
    """The short facts of a line; what is long or empty stays in the database."""
    plain = {name: value for name, value in detail.items() if isinstance(value, str | int | float) and value not in ("", None)}
    return ", ".join(f"{name} {value}" for name, value in plain.items())
