"""The picture of the four clocks: each a line from its plan to the day it struck, or to its forecast.

`lay_out` decides where everything lies; `draw` makes shapes of it. Shapes tell plan, actual and forecast apart without colour: an open
ring, a full dot, and an open diamond on a dashed line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from ancrage.domain.anchoring.clocks import Clock, ClockReading
from ancrage.language import N_, Message, say
from ancrage.pictures.scales import DateTick, Scale, date_ticks
from ancrage.pictures.svg import Element, Picture, element, polyline

WIDE, NARROW = 720.0, 360.0
TOP, ROW, FOOT = 30.0, 52.0, 62.0
NAMES: Mapping[Clock, str] = {
    Clock.DEFINED: N_("Process defined"),
    Clock.TOOL_DELIVERED: N_("Tool delivered"),
    Clock.ADOPTED: N_("Practice adopted"),
    Clock.EFFECTS: N_("Effects observed"),
}


@dataclass(frozen=True, slots=True)
class ClocksLayout:
    """Where everything lies, in units; one row for each clock."""

    clocks: tuple[ClockReading, ...]
    today: date
    title: str
    spoken: str
    language: str
    width: float
    name: str
    x: Scale
    ticks: tuple[DateTick, ...]

    @property
    def bottom(self) -> float:
        return TOP + ROW * len(self.clocks)

    @property
    def height(self) -> float:
        return self.bottom + FOOT

    def at(self, day: date) -> float:
        return self.x.at(day.toordinal())


def lay_out(
    clocks: Sequence[ClockReading], today: date, title: str, language: str, width: float = WIDE, name: str = "clocks"
) -> ClocksLayout:
    """The layout `width` units wide. Works where no clock has a day: then there is only today. `name` tells pictures of a page apart."""
    days = [day for clock in clocks for day in (clock.planned, clock.forecast, clock.actual) if day is not None] + [today]
    first, last = min(days) - timedelta(days=20), max(days) + timedelta(days=20)
    spoken = " ".join(sentence(clock, language) for clock in clocks)
    scale = Scale(first.toordinal(), last.toordinal(), 16.0, width - 16)
    return ClocksLayout(
        tuple(clocks), today, title, spoken, language, width, name, scale, date_ticks(first, last, language, 7 if width == WIDE else 4)
    )


def sentence(clock: ClockReading, language: str) -> str:
    """One clock in words: name, and what is known of it."""
    name = Message(NAMES[clock.clock])
    if clock.actual is not None:
        return say("{name}: {day}.", name=name, day=_day(clock.actual, language)).text(language)
    if clock.forecast is not None:
        return say("{name}: expected on {day}.", name=name, day=_day(clock.forecast, language)).text(language)
    return say("{name}: no date.", name=name).text(language)


def _day(day: date, language: str) -> str:
    return str(format_date(day, "d MMM yyyy", locale=language))


def draw(layout: ClocksLayout) -> Picture:
    """The clocks as a picture, with title and days spoken."""
    content = [
        element("rect", class_="paper", width=layout.width, height=layout.height), *_axis(layout), *_today(layout),
        *(shape for number, clock in enumerate(layout.clocks) for shape in _row(layout, number, clock)), *_legend(layout),
    ]  # fmt: skip
    return Picture(layout.width, layout.height, layout.title, layout.spoken, content, layout.name)


def _axis(layout: ClocksLayout) -> Iterator[Element]:
    for number in range(1, len(layout.clocks) + 1):
        y = TOP + ROW * number
        yield element("path", class_="grid", d=polyline([(layout.x.start, y), (layout.x.end, y)]))
    for tick in layout.ticks:
        x = layout.at(tick.day)
        anchor = "end" if x > layout.width - 30 else "start" if x < 30 else "middle"
        yield element("path", class_="axis", d=polyline([(x, layout.bottom), (x, layout.bottom + 5)]))
        yield element("text", tick.text, class_="soft", x=x, y=layout.bottom + 19, text_anchor=anchor)


def _today(layout: ClocksLayout) -> Iterator[Element]:
    x = layout.at(layout.today)
    anchor = "end" if x > layout.width - 60 else "start" if x < 60 else "middle"
    yield element("path", class_="event", d=polyline([(x, TOP - 8), (x, layout.bottom)]))
    yield element("text", say("today").text(layout.language), class_="soft small", x=x, y=TOP - 12, text_anchor=anchor)


def _row(layout: ClocksLayout, number: int, clock: ClockReading) -> Iterator[Element]:
    top = TOP + ROW * number
    y = top + 36
    yield element("text", Message(NAMES[clock.clock]).text(layout.language), class_="strong small", x=layout.x.start, y=top + 16)
    reached = clock.actual or clock.forecast
    if clock.planned is not None and reached is not None:
        css_class = "series" if clock.actual else "limit"
        yield element("path", class_=css_class, d=polyline([(layout.at(clock.planned), y), (layout.at(reached), y)]))
    if clock.planned is not None:
        yield _mark(layout, say("planned"), clock.planned, y, "before")
    if clock.actual is not None:
        yield _mark(layout, say("actual"), clock.actual, y, "level")
    elif clock.forecast is not None:
        yield _mark(layout, say("forecast"), clock.forecast, y, "aimed")
    else:
        yield element("text", say("no date").text(layout.language), class_="soft small", x=layout.x.end, y=top + 16, text_anchor="end")


def _mark(layout: ClocksLayout, kind: Message, day: date, y: float, css_class: str) -> Element:
    x = layout.at(day)
    title = element("title", f"{kind.text(layout.language)}: {_day(day, layout.language)}")
    return _shape(css_class, x, y, title)


def _shape(css_class: str, x: float, y: float, title: Element | None = None) -> Element:
    """An open ring for a plan, a full dot for what happened, a diamond for what is expected."""
    if css_class == "aimed":
        return element("path", title, class_="aimed", d=f"M{x:.1f} {y - 7:.1f} l7 7 l-7 7 l-7 -7 Z")
    return element("circle", title, class_=css_class, cx=x, cy=y, r=7 if css_class == "before" else 5)


def _legend(layout: ClocksLayout) -> Iterator[Element]:
    x, y = 16.0, layout.bottom + 44
    for css_class, words in (("before", say("planned")), ("level", say("actual")), ("aimed", say("forecast"))):
        text = words.text(layout.language)
        yield _shape(css_class, x + 7, y - 4)
        yield element("text", text, class_="soft small", x=x + 20, y=y)
        x += 20 + 6.3 * len(text) + 24
