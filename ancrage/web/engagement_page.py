"""The engagement record: who answers, how fast, and whether it fades; one page for everybody, one per person. Nothing here acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import Response

from ancrage.domain.answer_trend import Pace
from ancrage.domain.engagement_record import Outcome
from ancrage.domain.programme import Programme
from ancrage.domain.quarters import parse_quarter
from ancrage.errors import NotFound
from ancrage.language import Message, say
from ancrage.notices.dates import Clock
from ancrage.pictures import survival
from ancrage.pictures.svg import inline
from ancrage.services.engagement_notes import (
    FeedbackNote,
    PublicNote,
    prepare_feedback,
    prepare_public_line,
    published_lines,
    sent_feedback,
)
from ancrage.services.engagement_views import OUTCOMES, EngagementView, list_engagement, median_words, show_engagement
from ancrage.services.programme import current_programme
from ancrage.storage.unit_of_work import UnitOfWork
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show

TONES: Mapping[Pace, str] = {Pace.TOO_FEW: "quiet", Pace.STEADY: "done", Pace.SLOWING: "late", Pace.THINNING: "late"}
OUTCOME_TONES: Mapping[Outcome, str] = {Outcome.KEPT: "done", Outcome.MISSED: "late", Outcome.LATE: "late", Outcome.WAITING: "open"}

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Row:
    """One person: the record, the median in words, and the look of the trend."""

    view: EngagementView
    median: Message
    tone: str


@dataclass(frozen=True, slots=True)
class Publication:
    """The public line of one contract: as it would leave now, and as it was published last (None: never)."""

    prepared: PublicNote
    published: PublicNote | None


@dataclass(frozen=True, slots=True)
class EngagementPage:
    """Everybody who promised something, sponsors first, and the public line of every contract."""

    title: str
    programme: str
    as_of: datetime
    rows: tuple[Row, ...]
    publications: tuple[Publication, ...]


@dataclass(frozen=True, slots=True)
class PersonRecordPage:
    """One person: counts, curve, trend, every promise, notes sent; `note` is prepared for a sponsor only."""

    title: str
    programme: str
    row: Row
    wide: Markup
    narrow: Markup
    note: FeedbackNote | None
    sent: tuple[FeedbackNote, ...]
    outcomes: Mapping[Outcome, Message]
    tones: Mapping[Outcome, str]


@router.api_route("/engagement", methods=["GET", "HEAD"])
def engagement(request: Request, project: Annotated[ProjectLike, Depends(project_of)]) -> Response:
    """Show the record of everybody."""
    as_of = project.now()
    with project.reading() as work:
        programme = current_programme(work)
        rows = tuple(_row(view) for view in list_engagement(work, as_of))
        published = {note.contract: note for note in published_lines(work)}
        publications = tuple(
            Publication(prepare_public_line(work, contract, as_of), published.get(contract)) for contract in programme.contracts
        )
    clock = _clock(request, programme)
    title = say("Engagement record").text(clock.language)
    page = EngagementPage(title, programme.name.text(clock.language), as_of, rows, publications)
    return show(request, "engagement.html", page, clock)


@router.api_route("/engagement/{person}", methods=["GET", "HEAD"])
def person_record(
    request: Request, person: str, project: Annotated[ProjectLike, Depends(project_of)], quarter: str = ""
) -> Response:
    """Show the record of one person; `?quarter=2026-Q1` shows the note prepared about another quarter."""
    as_of = project.now()
    with project.reading() as work:
        programme = current_programme(work)
        view = show_engagement(work, person, as_of)
        note = _prepared(work, view, as_of, quarter)
        sent = sent_feedback(work, person)
    clock = _clock(request, programme)
    row = _row(view)
    wide, narrow = _pictures(view, row.median, clock.language)
    words = {outcome: Message(template) for outcome, template in OUTCOMES.items()}
    tones = {outcome: OUTCOME_TONES.get(outcome, "quiet") for outcome in Outcome}
    page = PersonRecordPage(view.name, programme.name.text(clock.language), row, wide, narrow, note, sent, words, tones)
    return show(request, "engagement_person.html", page, clock)


def _clock(request: Request, programme: Programme) -> Clock:
    return Clock(language_of(request), programme.organisation.calendars[programme.defaults.calendar].zone)


def _row(view: EngagementView) -> Row:
    return Row(view, median_words(view.together, view.hours_a_day), TONES[view.trend.pace])


def _prepared(work: UnitOfWork, view: EngagementView, as_of: datetime, quarter: str) -> FeedbackNote | None:
    if not view.sponsor_of:
        return None
    asked = parse_quarter(quarter) if quarter else None
    if quarter and asked is None:
        raise NotFound(say("{text} is no quarter; write it as 2026-Q2", text=quarter[:20]))
    return prepare_feedback(work, view.person, as_of, asked)


def _pictures(view: EngagementView, median: Message, language: str) -> tuple[Markup, Markup]:
    """The curve, wide and for a telephone; the style sheet shows one of them."""
    censored = [line.hours for line in view.lines if line.answered_at is None and not line.periodic]
    title = say("How long answers take: {name}", name=view.name).text(language)
    drawn = (
        survival.draw(survival.lay_out(view.curve, censored, title, median.text(language), language, width))
        for width in (survival.WIDE, survival.NARROW)
    )
    wide, narrow = drawn
    return Markup(inline(wide, "wide")), Markup(inline(narrow, "narrow"))  # noqa: S704 - every text is escaped by `pictures.svg`
