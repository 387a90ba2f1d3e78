"""My requests: everything one person owes by a date, most pressing first, each one click from its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from ancrage.domain.engagement_record import Record
from ancrage.domain.escalation.facts import Status
from ancrage.domain.programme import Programme
from ancrage.language import Message
from ancrage.notices.dates import Clock
from ancrage.notices.links import LinkClaims, Page, sign_link
from ancrage.notices.notice import Addressee
from ancrage.services.answering import Asking, campaigns_asking
from ancrage.services.desk import reader_of
from ancrage.services.engagement import engagement_records
from ancrage.services.engagement_notes import FeedbackNote, contracts_sponsored, prepare_feedback, sent_feedback
from ancrage.services.engagement_views import hours_a_day, median_words
from ancrage.services.programme import current_programme
from ancrage.services.status import CommitmentView, view_commitments
from ancrage.storage.unit_of_work import UnitOfWork
from ancrage.web.commitment_page import open_link
from ancrage.web.note_page import ToGiveBack, to_give_back
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show
from ancrage.web.words import standing, tone

CLOSED_SHOWN_FOR = timedelta(days=90)

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the list; `address` is the person's own link to its page."""

    view: CommitmentView
    standing: Message
    tone: str
    address: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """The requests of one person: open ones by deadline, then what was closed in the last 90 days, newest first."""

    title: str
    programme: str
    reader: Addressee
    as_of: datetime
    open: tuple[Line, ...]
    closed: tuple[Line, ...]
    offline: bool
    """A campaign waits for answers, which may be given in a workbook."""
    asking: tuple[Asking, ...]
    """The open campaigns that ask this person, each with its form."""
    record: Record | None
    """All promises of this person together; None while nothing has become of any."""
    median: Message | None
    note: FeedbackNote | None
    """For a sponsor: the newest note that was sent, else what is known of the quarter that runs."""
    to_give: tuple[ToGiveBack, ...]
    """For a steward: notes and public lines that may be sent."""


def person_link(project: ProjectLike, person_id: str, issued: datetime, expires: datetime) -> str:
    """The path of a person's page, for a message or the command line."""
    return f"/p/{sign_link(project.link_keys, LinkClaims(Page.PERSON, person_id, '', issued, expires))}"


@router.api_route("/p/{token}", methods=["GET", "HEAD"])
def person(request: Request, token: str, project: Annotated[ProjectLike, Depends(project_of)]) -> Response:
    """Show the requests of the person a link was made for."""
    claims = open_link(project, token, Page.PERSON)
    as_of = project.now()
    with project.reading() as work:
        programme = current_programme(work)
        reader = reader_of(programme, claims.person)
        views = [view for view in view_commitments(work, programme, as_of) if view.person_id == claims.person]
        records = engagement_records(work, as_of)
        note = _note(work, programme, claims.person, as_of)
        to_give = to_give_back(work, claims.person, token, project)
        asking = campaigns_asking(work, claims.person)
    mine = next((record for record in records if record.person == reader.person_id and _tells_something(record)), None)
    clock = Clock(language_of(request, reader.language), reader.zone)
    lines = [Line(view, standing(view, clock), tone(view), _address(project, claims, view.id)) for view in views]
    page = PersonPage(
        title=reader.name, programme=programme.name.text(clock.language), reader=reader, as_of=as_of,
        open=tuple(line for line in lines if line.view.status is not Status.CLOSED),
        closed=tuple(reversed([line for line in lines if line.view.closed_at and line.view.closed_at > as_of - CLOSED_SHOWN_FOR])),
        offline=any(line.view.kind.value == "request" and line.view.status is not Status.CLOSED for line in lines),
        asking=asking,
        record=mine, median=median_words(mine, hours_a_day(programme)) if mine else None, note=note, to_give=to_give,
    )
    return show(request, "person.html", page, clock)


def _note(work: UnitOfWork, programme: Programme, person_id: str, as_of: datetime) -> FeedbackNote | None:
    sent = sent_feedback(work, person_id)
    if sent:
        return sent[0]
    return prepare_feedback(work, person_id, as_of) if contracts_sponsored(programme, person_id, as_of) else None


def _tells_something(record: Record) -> bool:
    return record.clause is None and record.decided + record.waived > 0


def _address(project: ProjectLike, claims: LinkClaims, commitment_id: str) -> str:
    """Lives as long as the link that brought the person here."""
    return f"/c/{sign_link(project.link_keys, LinkClaims(Page.COMMITMENT, claims.person, commitment_id, claims.issued, claims.expires))}"
