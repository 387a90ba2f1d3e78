"""Indicators as pages: the referential with its last readings and verdicts, and one page each. GET shows, only a signed-in POST decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from markupsafe import Markup
from pydantic import BaseModel
from starlette.responses import Response

from ancrage.domain.anchoring.chart import ChartPoint
from ancrage.domain.anchoring.decisions import DecisionKind
from ancrage.domain.anchoring.verdict import State
from ancrage.domain.indicators import Phase
from ancrage.domain.programme import Programme
from ancrage.errors import Refused
from ancrage.language import N_, Message, say
from ancrage.notices.dates import Clock
from ancrage.notices.plain import one_line
from ancrage.pictures import control_chart, sparkline
from ancrage.pictures.chart_words import rule_words, sentence
from ancrage.pictures.scales import figure
from ancrage.pictures.svg import inline
from ancrage.services.access import Visitor
from ancrage.services.anchoring_decisions import decide_lifetime, decide_rebase, may_decide
from ancrage.services.anchoring_views import IndicatorSheet, fetch_indicator_sheet, list_sheets
from ancrage.services.programme import current_programme
from ancrage.web.forms import LONGEST_REASON
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show
from ancrage.web.visitor import SignInNeededError, visitor_of

TONES: Mapping[State, str] = {
    State.INSUFFICIENT_DATA: "quiet", State.NOT_STARTED: "open", State.EMERGING: "open", State.ADOPTED: "done", State.ANCHORED: "done",
    State.ERODING: "late",
}  # fmt: skip
PHASES: Mapping[Phase, str] = {
    Phase.FOLLOW: N_("followed closely"),
    Phase.WATCH: N_("watched: only its alerts are followed"),
    Phase.RETIRE: N_("retired: nothing is collected any more"),
}
DECISIONS: Mapping[DecisionKind, str] = {
    DecisionKind.REBASE_ACCEPTED: N_("a new phase begins on {day}"),
    DecisionKind.REBASE_REFUSED: N_("no new phase begins on {day}"),
    DecisionKind.LEVEL_ACCEPTED: N_("the level is accepted from {day} on"),
    DecisionKind.WATCH: N_("only watched from {day} on"),
    DecisionKind.RETIRE: N_("retired on {day}"),
    DecisionKind.SUPPORT_ENDED: N_("support ended on {day}"),
}
SPARK = 30
"""Readings in the picture of a list."""

router = APIRouter()


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One line of the list."""

    sheet: IndicatorSheet
    picture: Markup
    figure: str
    tone: str


@dataclass(frozen=True, slots=True)
class IndicatorsPage:
    """The metrics referential, in declared order."""

    title: str
    programme: str
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True, slots=True)
class ReadingRow:
    """One line of the table beside the chart."""

    day: date
    figure: str
    limits: str
    rules: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class IndicatorPage:
    """One indicator. `may_decide`: the reader is signed in and may decide about it. `said` is what became of the last button."""

    title: str
    programme: str
    sheet: IndicatorSheet
    sentence: Message
    wide: Markup
    narrow: Markup
    readings: tuple[ReadingRow, ...]
    target: str
    alert_limit: str
    tone: str
    phase: Message
    decided: tuple[tuple[Message, str, str], ...]
    """Decisions in words, who, and why; newest first."""
    proposals: tuple[tuple[date, str, str, int, int], ...]
    """Day, mean before, mean after, readings before, readings after."""
    may_decide: bool
    said: Message | None
    longest_reason: int


@router.api_route("/indicators", methods=["GET", "HEAD"])
def indicators(request: Request, project: Annotated[ProjectLike, Depends(project_of)]) -> Response:
    """Show every indicator."""
    with project.reading() as work:
        programme = current_programme(work)
        sheets = list_sheets(work, project.now())
    clock = clock_of(request, programme)
    rows = tuple(_row(sheet, clock.language) for sheet in sheets)
    title = say("Indicators").text(clock.language)
    return show(request, "indicators.html", IndicatorsPage(title, programme.name.text(clock.language), rows), clock)


@router.api_route("/indicators/{indicator}", methods=["GET", "HEAD"])
def indicator(
    request: Request, indicator: str, project: Annotated[ProjectLike, Depends(project_of)],
    visitor: Annotated[Visitor | None, Depends(visitor_of)], done: str = "",
) -> Response:
    """Show one indicator."""
    with project.reading() as work:
        programme = current_programme(work)
        sheet = fetch_indicator_sheet(work, indicator, project.now())
    mine = visitor is not None and may_decide(programme, sheet.indicator, visitor.reader.person_id, project.now())
    clock = clock_of(request, programme)
    said = say("Noted, with your name and your reason.") if done and visitor is not None else None
    return show(request, "indicator.html", _page(programme, sheet, clock.language, may=mine, said=said), clock)


class Decided(BaseModel):
    """The fields of a form of the page."""

    deed: str = ""
    day: str = ""
    until: str = ""
    why: str = ""


@router.post("/indicators/{indicator}")
def decide(
    indicator: str, form: Annotated[Decided, Form()], project: Annotated[ProjectLike, Depends(project_of)],
    visitor: Annotated[Visitor | None, Depends(visitor_of)],
) -> Response:
    """Take a decision of somebody who is signed in and may decide."""
    if visitor is None:
        raise SignInNeededError
    at, by, why = project.now(), visitor.reader.person_id, one_line(form.why, LONGEST_REASON)
    with project.units() as work:
        if form.deed in ("accept", "refuse"):
            decide_rebase(work, indicator, _day(form.day), accept=form.deed == "accept", why=why, by=by, at=at)
        elif form.deed in (Phase.WATCH.value, Phase.RETIRE.value):
            until = _day(form.until) if form.until else None
            decide_lifetime(work, indicator, Phase(form.deed), until, why, by, at, project.first_channels)
        else:
            raise Refused("form", say("This form is not complete. Open the page again."))
    return RedirectResponse(f"/indicators/{quote(indicator, safe='')}?done=1", status_code=303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("form", say("{text} is not a date.", text=repr(one_line(text, 40)))) from None


def clock_of(request: Request, programme: Programme) -> Clock:
    """The reader's language, in the zone of the programme."""
    return Clock(language_of(request), programme.organisation.calendars[programme.defaults.calendar].zone)


def _row(sheet: IndicatorSheet, language: str) -> IndicatorRow:
    it, last = sheet.indicator, [point for point in sheet.study.chart.points if point.value is not None]
    name = it.name.text(language)
    shown = _written(sheet, last[-1].value, language) if last else ""
    words = say("{count} readings; the last is {figure}", count=len(last), figure=shown or "-").text(language)
    values = [point.value for point in sheet.study.chart.points[-SPARK:]]
    picture = sparkline.draw(values, it.thresholds.target, name, words, f"spark-{it.id}")
    return IndicatorRow(sheet, _safe(inline(picture, "spark")), shown, TONES[sheet.study.verdict.state])


def _safe(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - every text is escaped by `pictures.svg`


def _written(sheet: IndicatorSheet, value: float | None, language: str) -> str:
    """A figure with its unit, as the reader writes it; empty for none."""
    if value is None:
        return ""
    if sheet.study.is_share:
        return figure(value, language, share=True)
    return f"{figure(value, language)} {sheet.indicator.unit}".strip()


def _page(programme: Programme, sheet: IndicatorSheet, language: str, *, may: bool, said: Message | None) -> IndicatorPage:
    it, study = sheet.indicator, sheet.study
    target = _written(sheet, it.thresholds.target, language)
    wide, narrow = _pictures(sheet, language)
    return IndicatorPage(
        title=it.name.text(language), programme=programme.name.text(language), sheet=sheet, sentence=sentence(study.chart, target),
        wide=wide, narrow=narrow, readings=tuple(_reading(sheet, point, language) for point in reversed(study.chart.points)),
        target=target, alert_limit=_written(sheet, it.thresholds.alert, language), tone=TONES[study.verdict.state],
        phase=Message(PHASES[it.phase]), decided=tuple(reversed(_decided(programme, sheet))),
        proposals=tuple(
            (one.day, _written(sheet, one.before, language), _written(sheet, one.after, language), one.points_before, one.points_after)
            for one in study.proposals
        ),
        may_decide=may, said=said, longest_reason=LONGEST_REASON,
    )  # fmt: skip


def _decided(programme: Programme, sheet: IndicatorSheet) -> list[tuple[Message, str, str]]:
    people = programme.organisation.people
    return [
        (Message(DECISIONS[one.kind], {"day": one.day}), people[one.by].name if one.by in people else one.by, one.why)
        for one in sheet.decisions
    ]


def _reading(sheet: IndicatorSheet, point: ChartPoint, language: str) -> ReadingRow:
    limits = ""
    if point.lower is not None and point.upper is not None:
        limits = f"{_written(sheet, point.lower, language)} – {_written(sheet, point.upper, language)}"
    return ReadingRow(point.day, _written(sheet, point.value, language), limits, tuple(rule_words(rule) for rule in point.rules))


def _pictures(sheet: IndicatorSheet, language: str) -> tuple[Markup, Markup]:
    """The chart, wide and for a telephone; the style sheet shows one of them."""
    it, study = sheet.indicator, sheet.study
    events = tuple(control_chart.Event(one.day, one.text.text(language)) for one in study.events)
    subject = control_chart.Subject(it.name.text(language), language, "" if study.is_share else it.unit, study.is_share, events)
    wide, narrow = (
        control_chart.draw(control_chart.lay_out(study.chart, subject, width)) for width in (control_chart.WIDE, control_chart.NARROW)
    )
    return _safe(inline(wide, "wide")), _safe(inline(narrow, "narrow"))
