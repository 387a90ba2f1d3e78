"""The first page: where the loop stands, who must do what next, and whether the engine is alive. It holds no link that acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from ancrage.domain.engagement_record import Record
from ancrage.domain.programme import Programme
from ancrage.language import Message, say
from ancrage.notices.dates import Clock
from ancrage.services.engagement_notes import PublicNote, published_lines
from ancrage.services.programme import current_programme
from ancrage.services.status import CommitmentView, StatusView, fetch_status
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show
from ancrage.web.words import heading, standing, tone

ACTIONS_SHOWN = 10
GAPS_SHOWN = 3
SILENT_AFTER = timedelta(hours=2)

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Arc:
    """One arrow of the loop: what it is called, how many things are there now, and in words."""

    name: Message
    count: int
    words: Message


@dataclass(frozen=True, slots=True)
class Line:
    """One open commitment and where it stands."""

    view: CommitmentView
    standing: Message
    tone: str


@dataclass(frozen=True, slots=True)
class StatusPage:
    """The first page. `lines` are the open commitments, most pressing first, of one person where `person` names one."""

    title: str
    programme: str
    status: StatusView
    headline: Message
    loop: tuple[Arc, ...]
    lines: tuple[Line, ...]
    person: str
    people: tuple[str, ...]
    records: tuple[tuple[str, Record], ...]
    """Name and record (all clauses together) of everybody who promised something."""
    published: tuple[PublicNote, ...]
    """The newest public line of each contract that a steward has published."""
    actions_shown: int
    gaps_shown: int
    engine_silent: bool
    """No pass has been made for so long that nobody would be told anything."""


@router.api_route("/", methods=["GET", "HEAD"])
def status(request: Request, project: Annotated[ProjectLike, Depends(project_of)], person: str = "") -> Response:
    """Show where everything stands."""
    with project.reading() as work:
        programme = current_programme(work)
        view = fetch_status(work, project.now())
        published = published_lines(work)
    clock = Clock(language_of(request), programme.organisation.calendars[programme.defaults.calendar].zone)
    return show(request, "status.html", _page(programme, view, clock, person, published), clock)


def _page(programme: Programme, view: StatusView, clock: Clock, person: str, published: tuple[PublicNote, ...]) -> StatusPage:
    pressing = sorted(view.open_commitments, key=lambda commitment: (not commitment.overdue, commitment.due_at, commitment.id))
    return StatusPage(
        title=say("Where we stand").text(clock.language),
        programme=view.programme.text(clock.language),
        status=view,
        headline=_headline(view, pressing, clock.language),
        loop=_loop(programme, view),
        lines=tuple(Line(one, standing(one, clock), tone(one)) for one in pressing if not person or one.person == person),
        person=person,
        people=tuple(sorted({one.person for one in pressing if one.person})),
        records=tuple((view.names.get(record.person, record.person), record) for record in view.records if record.clause is None),
        published=published,
        actions_shown=ACTIONS_SHOWN,
        gaps_shown=GAPS_SHOWN,
        engine_silent=view.last_pass is None or view.as_of - view.last_pass > SILENT_AFTER,
    )


def _headline(view: StatusView, pressing: list[CommitmentView], language: str) -> Message:
    """The one sentence of the page."""
    if not pressing:
        return say("Nobody owes anything at the moment.")
    first = pressing[0]
    who: str | Message = first.person or say("nobody holds this role")
    title = heading(first, language)
    if view.overdue:
        return say("{count} overdue. Next: {who}, “{title}”.", count=view.overdue, who=who, title=title)
    return say("Nothing is overdue. Next: {who}, “{title}”.", who=who, title=title)


def _loop(programme: Programme, view: StatusView) -> tuple[Arc, ...]:
    """The loop of the product, in its order."""
    running = [campaign for campaign in view.campaigns if campaign.status == "open"]
    missing = sum(campaign.people - campaign.submitted for campaign in running)
    escalated = sum(commitment.steps_fired > 0 for commitment in view.open_commitments)
    clauses = sum(1 for _ in programme.clauses())
    decided = sum(record.decided for record in view.records if record.clause is None)
    return (
        Arc(say("Declare"), len(programme.contracts), say("contracts, with {count} promises", count=clauses)),
        Arc(say("Assess"), len(running), say("campaigns running; {count} people have not answered", count=missing)),
        Arc(say("Prioritise"), len(view.actions), say("actions in the plan")),
        Arc(say("Measure"), len(view.alerts), say("alerts that are not over")),
        Arc(say("Commit"), len(view.open_commitments), say("open commitments, {count} overdue", count=view.overdue)),
        Arc(say("Escalate"), escalated, say("commitments on a ladder")),
        Arc(say("Give back"), decided, say("promises kept, late or missed so far")),
    )
