"""The anchoring wall: every transformation with its four clocks, its verdicts, and when we will know; and one page each. Nothing acts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from markupsafe import Markup
from starlette.responses import Response

from ancrage.domain.anchoring.clocks import Clock as OneClock
from ancrage.domain.anchoring.clocks import ClockReading
from ancrage.domain.anchoring.verdict import State
from ancrage.domain.anchoring.wording import headline
from ancrage.language import Message, say
from ancrage.pictures import clocks
from ancrage.pictures.svg import inline
from ancrage.services.anchoring_views import TransformationSheet, fetch_transformation, list_transformations
from ancrage.services.programme import current_programme
from ancrage.web.indicator_page import TONES, clock_of
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.render import show

router = APIRouter()


@dataclass(frozen=True, slots=True)
class WallRow:
    """One transformation: its picture for a wide and a narrow page."""

    sheet: TransformationSheet
    wide: Markup
    narrow: Markup
    names: Mapping[OneClock, Message]
    states: Mapping[OneClock, Message | None]
    """The verdict behind the last two clocks, in words."""
    tones: Mapping[State, str]


@dataclass(frozen=True, slots=True)
class WallPage:
    """Every transformation, in declared order; on the page of one, that one."""

    title: str
    programme: str
    rows: tuple[WallRow, ...]


@router.api_route("/transformations", methods=["GET", "HEAD"])
def transformations(request: Request, project: Annotated[ProjectLike, Depends(project_of)]) -> Response:
    """Show the anchoring wall."""
    with project.reading() as work:
        programme = current_programme(work)
        sheets = list_transformations(work, project.now())
    clock = clock_of(request, programme)
    rows = tuple(_row(sheet, clock.language) for sheet in sheets)
    title = say("The anchoring wall").text(clock.language)
    return show(request, "transformations.html", WallPage(title, programme.name.text(clock.language), rows), clock)


@router.api_route("/transformations/{transformation}", methods=["GET", "HEAD"])
def transformation(request: Request, transformation: str, project: Annotated[ProjectLike, Depends(project_of)]) -> Response:
    """Show one transformation."""
    with project.reading() as work:
        programme = current_programme(work)
        sheet = fetch_transformation(work, transformation, project.now())
    clock = clock_of(request, programme)
    title = sheet.transformation.name.text(clock.language)
    page = WallPage(title, programme.name.text(clock.language), (_row(sheet, clock.language),))
    return show(request, "transformation.html", page, clock)


def _row(sheet: TransformationSheet, language: str) -> WallRow:
    title = say("Four clocks: {name}", name=sheet.transformation.name).text(language)
    name = f"clocks-{sheet.transformation.id}"
    wide, narrow = (
        Markup(inline(clocks.draw(clocks.lay_out(sheet.clocks, sheet.today, title, language, width, name)), css_class))  # noqa: S704
        for width, css_class in ((clocks.WIDE, "wide"), (clocks.NARROW, "narrow"))
    )
    names = {clock: Message(template) for clock, template in clocks.NAMES.items()}
    return WallRow(sheet, wide, narrow, names, {reading.clock: _state(reading) for reading in sheet.clocks}, TONES)


def _state(reading: ClockReading) -> Message | None:
    return headline(reading.state, None) if reading.state is not None else None
