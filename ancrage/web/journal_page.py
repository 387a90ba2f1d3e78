"""The journal: everything that was recorded, newest first, with the rules that were applied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from ancrage.language import Message, say
from ancrage.notices.dates import Clock
from ancrage.services.commitments import ENGINE
from ancrage.services.journal_words import journal_words
from ancrage.services.programme import current_programme
from ancrage.storage.codec import unpack_message
from ancrage.storage.engine import fetch_journal
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show

LINES_SHOWN = 100
MOST_LINES = 2000

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal. `reasons` are pairs of rule number and sentence."""

    number: int
    at: datetime
    actor: str | Message
    what: str | Message
    subject: str
    detail: str
    reasons: tuple[tuple[str, Message], ...]


@dataclass(frozen=True, slots=True)
class JournalPage:
    """The newest lines first, all of them or those about one subject."""

    title: str
    programme: str
    lines: tuple[Line, ...]
    subject: str
    shown: int
    more: int | None
    """How many lines to ask for to see more; None when all are shown."""


@router.api_route("/journal", methods=["GET", "HEAD"])
def journal(
    request: Request, project: Annotated[ProjectLike, Depends(project_of)], subject: str = "", lines: int = LINES_SHOWN
) -> Response:
    """Show what was recorded."""
    wanted = max(1, min(lines, MOST_LINES))
    with project.reading() as work:
        programme = current_programme(work)
        rows = fetch_journal(work, subject or None, wanted + 1)
        names: dict[str, str | Message] = {person.id: person.name for person in programme.organisation.people.values()}
        names[ENGINE] = say("the engine")
        found = tuple(
            Line(row.number, row.at, names.get(row.actor, row.actor), journal_words(row.what), row.subject, _detail(row.detail),
                 tuple((reason["rule"], unpack_message(reason)) for reason in row.detail.get("reasons", ())))
            for row in reversed(rows[-wanted:])
        )
    clock = Clock(language_of(request), programme.organisation.calendars[programme.defaults.calendar].zone)
    more = min(wanted * 2, MOST_LINES) if len(rows) > wanted and wanted < MOST_LINES else None
    title = say("Journal").text(clock.language)
    return show(request, "journal.html", JournalPage(title, programme.name.text(clock.language), found, subject, len(found), more), clock)


def _detail(detail: dict[str, object]) -> str:
    """The short facts of a line; what is long or empty stays in the database."""
    plain = {name: value for name, value in detail.items() if isinstance(value, str | int | float) and value not in ("", None)}
    return ", ".join(f"{name} {value}" for name, value in plain.items())
