"""The picture of a control chart: phases as bands, limits in steps, signals by their shape, events as numbered flags.

`lay_out` decides where everything lies; `draw` makes shapes of it. Nothing is computed about the series here: the chart is the domain's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from babel.dates import format_date

from ancrage.domain.anchoring.chart import Chart, ChartPhase, ChartPoint
from ancrage.domain.indicators import Direction
from ancrage.language import say
from ancrage.pictures.chart_words import sentence
from ancrage.pictures.scales import DateTick, Scale, date_ticks, figure, round_step, round_ticks
from ancrage.pictures.svg import Element, Picture, element, polyline

WIDE, NARROW = 720.0, 360.0
"""Widths in units of text: the narrow picture is for a telephone, where the wide one would shrink its letters."""
LETTER = 7.0
"""About the width of a letter, to break lines by."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day and is told beside the chart."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Subject:
    """What the chart is about, in the reader's language. `share` writes figures in percent."""

    title: str
    language: str
    unit: str = ""
    share: bool = False
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies, in units; `top` is the upper edge of the plot, below the heading."""

    chart: Chart
    subject: Subject
    width: float
    heading: tuple[str, ...]
    subtitle: tuple[str, ...]
    x: Scale
    y: Scale
    step: float
    y_ticks: tuple[float, ...]
    x_ticks: tuple[DateTick, ...]

    @property
    def top(self) -> float:
        return self.y.end

    @property
    def bottom(self) -> float:
        return self.y.start

    @property
    def height(self) -> float:
        return self.bottom + 54 + 18 * len(self.subject.events)

    def place(self, point: ChartPoint) -> tuple[float, float]:
        """Where a point with a value lies."""
        return self.x.at(point.day.toordinal()), self.y.at(point.value or 0.0)

    def written(self, value: float) -> str:
        return figure(value, self.subject.language, share=self.subject.share)


def lay_out(chart: Chart, subject: Subject, width: float = WIDE) -> Layout:
    """The layout of a chart `width` units wide. Works for no point, one point, and a constant series."""
    language = subject.language
    target = "" if chart.target is None else figure(chart.target, language, share=subject.share)
    heading = _lines(subject.title, (width - 24) / (LETTER * 1.4))
    subtitle = _lines(sentence(chart, target).text(language), (width - 24) / LETTER)
    low, high = _span(chart, subject.share)
    ticks = round_ticks(low, high, 5)
    step = round_step(high - low, 5)
    margin = 22 + LETTER * max(len(figure(tick, language, share=subject.share, step=step)) for tick in ticks)
    top = 16 + 22 * len(heading) + 18 * len(subtitle) + 26
    first, last = _days(chart)
    return Layout(
        chart, subject, width, heading, subtitle,
        x=Scale(first.toordinal(), last.toordinal(), margin + 8, width - 20),
        y=Scale(ticks[0], ticks[-1], top + (240 if width == WIDE else 220), top),
        step=step, y_ticks=ticks,
        x_ticks=date_ticks(first, last, language, 12 if width == WIDE else 5),
    )  # fmt: skip


def _lines(text: str, longest: float) -> tuple[str, ...]:
    """The text cut at blanks into lines of at most about `longest` letters."""
    lines: list[str] = []
    for word in text.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= longest:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return tuple(lines)


def _span(chart: Chart, share: bool) -> tuple[float, float]:
    """The lowest and highest figure to be shown, with some room; there is nothing below 0 % and above 100 %."""
    seen = [value for point in chart.points for value in (point.value, point.lower, point.upper) if value is not None]
    if chart.target is not None:
        seen.append(chart.target)
    low, high = min(seen, default=0.0), max(seen, default=1.0)
    room = (high - low) * 0.04 if high > low else abs(high) * 0.1 or 1.0
    return (max(low - room, 0.0), min(high + room, 1.0)) if share else (low - room, high + room)


def _days(chart: Chart) -> tuple[date, date]:
    days = [point.day for point in chart.points] or [date(2000, 1, 1)]
    return days[0], days[-1]


def draw(layout: Layout) -> Picture:
    """The chart as a picture, with its title and its sentence spoken."""
    content = [
        element("rect", class_="paper", width=layout.width, height=layout.height),
        *_heading(layout), *_bands(layout), *_axes(layout), *_target(layout), *_phases(layout), *_series(layout), *_events(layout),
        *_legend(layout),
    ]  # fmt: skip
    return Picture(layout.width, layout.height, " ".join(layout.heading), " ".join(layout.subtitle), content, "chart")


def _heading(layout: Layout) -> Iterator[Element]:
    y = 26.0
    for line in layout.heading:
        yield element("text", line, class_="heading", x=12, y=y)
        y += 22
    for line in layout.subtitle:
        yield element("text", line, class_="soft", x=12, y=y)
        y += 18


def _edges(layout: Layout) -> list[tuple[ChartPhase, float, float]]:
    """The phases with their left and right edge; they meet in the middle between neighbouring points."""
    phases = layout.chart.phases
    xs = [(layout.x.at(phase.first.toordinal()), layout.x.at(phase.last.toordinal())) for phase in phases]
    lefts = [layout.x.start - 8, *((before[1] + after[0]) / 2 for before, after in pairwise(xs))]
    rights = [*lefts[1:], layout.x.end + 8]
    return list(zip(phases, lefts, rights, strict=True)) if phases else []


def _bands(layout: Layout) -> Iterator[Element]:
    if len(layout.chart.phases) < 2:
        return
    for index, (_, left, right) in enumerate(_edges(layout)):
        if index % 2:
            yield element("rect", class_="band", x=left, y=layout.top, width=right - left, height=layout.bottom - layout.top)
        label = say("phase {number}", number=index + 1).text(layout.subject.language)
        if right - left > LETTER * len(label):
            yield element("text", label, class_="soft small", x=left + 5, y=layout.bottom - 6)


def _axes(layout: Layout) -> Iterator[Element]:
    left, right = layout.x.start - 8, layout.x.end + 8
    for tick in layout.y_ticks:
        y = layout.y.at(tick)
        text = figure(tick, layout.subject.language, share=layout.subject.share, step=layout.step)
        yield element("path", class_="grid", d=polyline([(left, y), (right, y)]))
        yield element("text", text, class_="soft", x=left - 6, y=y + 4, text_anchor="end")
    if layout.subject.unit:
        yield element("text", layout.subject.unit, class_="soft small", x=12, y=layout.top - 10)
    for date_tick in layout.x_ticks:
        x = layout.x.at(date_tick.day.toordinal())
        yield element("path", class_="axis", d=polyline([(x, layout.bottom), (x, layout.bottom + 5)]))
        yield element("text", date_tick.text, class_="soft", x=x, y=layout.bottom + 19, text_anchor=_anchor(layout, x))
    yield element("path", class_="axis", d=polyline([(left, layout.bottom), (right, layout.bottom)]))


def _anchor(layout: Layout, x: float) -> str:
    """A label at the right edge ends there."""
    return "end" if x > layout.width - 30 else "middle"


def _target(layout: Layout) -> Iterator[Element]:
    if layout.chart.target is None:
        return
    y = layout.y.at(layout.chart.target)
    yield element("path", class_="target", d=polyline([(layout.x.start - 8, y), (layout.x.end + 8, y)]))


def _phases(layout: Layout) -> Iterator[Element]:
    """Centre and limits of each phase; limits that change from point to point go in steps."""
    for phase, left, right in _edges(layout):
        y = layout.y.at(phase.centre)
        yield element("path", class_="centre", d=polyline([(left, y), (right, y)]))
        points = [point for point in layout.chart.points if phase.first <= point.day <= phase.last and point.upper is not None]
        for limits in ([point.upper for point in points], [point.lower for point in points]):
            yield from _steps(layout, points, [value for value in limits if value is not None], left, right)


def _steps(layout: Layout, points: Sequence[ChartPoint], values: Sequence[float], left: float, right: float) -> Iterator[Element]:
    if not values:
        return
    xs = [layout.x.at(point.day.toordinal()) for point in points]
    turns = [left, *((one + other) / 2 for one, other in pairwise(xs)), right]
    low, high = layout.y.low, layout.y.high
    path = [(x, layout.y.at(min(max(value, low), high))) for index, value in enumerate(values) for x in (turns[index], turns[index + 1])]
    yield element("path", class_="limit", d=polyline(path))


def _series(layout: Layout) -> Iterator[Element]:
    """The line, broken where a reading is missing, and a mark for every reading."""
    for present, stretch in groupby(layout.chart.points, key=lambda point: point.value is not None):
        if present:
            yield element("path", class_="series", d=polyline([layout.place(point) for point in stretch]))
        else:
            yield from (_missing(layout, point) for point in stretch)
    yield from (_mark(layout, point) for point in layout.chart.points if point.value is not None)


def _missing(layout: Layout, point: ChartPoint) -> Element:
    """A small cross on the axis: a missing reading is not zero, and not nothing."""
    x, y = layout.x.at(point.day.toordinal()), layout.bottom
    spoken = say("{day}: no reading", day=_day(layout, point.day)).text(layout.subject.language)
    return element("path", element("title", spoken), class_="axis", d=f"M{x - 3:.1f} {y - 3:.1f} l6 6 m-6 0 l6 -6")


def _mark(layout: Layout, point: ChartPoint) -> Element:
    """A dot; a signal is a triangle towards its side, a diamond where no side is good. A tooltip says day and figure."""
    x, y = layout.place(point)
    title = element("title", f"{_day(layout, point.day)}: {layout.written(point.value or 0.0)}")
    if not point.rules:
        return element("circle", title, class_="dot", cx=x, cy=y, r=3.5)
    direction = layout.chart.direction
    if direction is None or point.side not in ("above", "below"):
        return element("path", title, class_="signal", d=f"M{x:.1f} {y - 6:.1f} l6 6 l-6 6 l-6 -6 Z")
    good = (point.side == "above") == (direction is Direction.INCREASE)
    up = point.side == "above"
    shape = f"M{x - 6:.1f} {y + 5:.1f} l12 0 l-6 -11 Z" if up else f"M{x - 6:.1f} {y - 5:.1f} l12 0 l-6 11 Z"
    return element("path", title, class_="signal-good" if good else "signal-bad", d=shape)


def _day(layout: Layout, day: date) -> str:
    return str(format_date(day, "d MMM yyyy", locale=layout.subject.language))


def _events(layout: Layout) -> Iterator[Element]:
    """Numbered flags on the chart, told below it."""
    first, last = layout.x.low, layout.x.high
    for number, event in enumerate(layout.subject.events, start=1):
        y = layout.bottom + 54 + 18 * (number - 1)
        yield element("text", f"{number} · {_day(layout, event.day)} · {event.text}", class_="soft small", x=12, y=y)
        if first <= event.day.toordinal() <= last:
            x = layout.x.at(event.day.toordinal())
            yield element("path", class_="event", d=polyline([(x, layout.top), (x, layout.bottom)]))
            yield element("text", str(number), class_="small strong", x=x, y=layout.top - 3, text_anchor="middle")


def _legend(layout: Layout) -> Iterator[Element]:
    """What each line is, in the order of the eye: words, because shapes alone say nothing to a newcomer."""
    language, x, y = layout.subject.language, 12.0, layout.bottom + 38
    named = [("centre", say("centre")), ("limit", say("natural limits"))]
    if layout.chart.kind == "run":
        named = [("centre", say("median"))]
    if layout.chart.target is not None:
        written = layout.written(layout.chart.target)
        named.append(("target", say("target {target}", target=written)))
    for css_class, words in named:
        text = words.text(language)
        yield element("path", class_=css_class, d=polyline([(x, y - 4), (x + 24, y - 4)]))
        yield element("text", text, class_="soft small", x=x + 29, y=y)
        x += 29 + 6.3 * len(text) + 16
