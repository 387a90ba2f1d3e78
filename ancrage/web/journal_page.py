"""The journal: everything that was recorded, newest first, with the rules that were applied."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from ancrage.language import say
from ancrage.notices.dates import Clock
from ancrage.services.journal_view import JournalLine, view_journal
from ancrage.services.programme import current_programme
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show

LINES_SHOWN = 100
MOST_LINES = 2000

router = APIRouter()


@dataclass(frozen=True, slots=True)
class JournalPage:
    """The newest lines first, all of them or those about one subject."""

    title: str
    programme: str
    lines: tuple[JournalLine, ...]
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
        found = view_journal(work, programme, subject or None, wanted + 1)
    clock = Clock(language_of(request), programme.organisation.calendars[programme.defaults.calendar].zone)
    more = min(wanted * 2, MOST_LINES) if len(found) > wanted and wanted < MOST_LINES else None
    found = found[:wanted]
    title = say("Journal").text(clock.language)
    return show(request, "journal.html", JournalPage(title, programme.name.text(clock.language), found, subject, len(found), more), clock)

