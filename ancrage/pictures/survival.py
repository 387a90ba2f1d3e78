"""The picture of times to answer: what share of what was asked still waits, hour of work by hour of work.

`lay_out` decides where everything lies; `draw` makes shapes of it. The curve is the domain's (Kaplan-Meier); an open ring marks a wait
that is still on, or that ended without an answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ancrage.domain.engagement_record import SurvivalStep
from ancrage.language import say
from ancrage.pictures.scales import Scale, figure, round_ticks
from ancrage.pictures.svg import Element, Picture, element, polyline

WIDE, NARROW = 720.0, 360.0
TOP, PLOT, FOOT, LEFT = 30.0, 190.0, 52.0, 62.0
HALF = 0.5


@dataclass(frozen=True, slots=True)
class SurvivalLayout:
    """Where everything lies, in units. `censored` are the hours of waits without an answer."""

    steps: tuple[SurvivalStep, ...]
    censored: tuple[float, ...]
    title: str
    spoken: str
    language: str
    width: float
    x: Scale
    y: Scale
    x_ticks: tuple[float, ...]

    @property
    def height(self) -> float:
        return TOP + PLOT + FOOT


def lay_out(
    steps: Sequence[SurvivalStep], censored: Sequence[float], title: str, spoken: str, language: str, width: float = WIDE
) -> SurvivalLayout:
    """The layout `width` units wide; works for no step at all."""
    longest = max([step.time for step in steps] + list(censored), default=1.0)
    ticks = round_ticks(0.0, max(longest, 1.0), 8 if width == WIDE else 4)
    return SurvivalLayout(
        tuple(steps), tuple(sorted(censored)), title, spoken, language, width, x=Scale(0.0, ticks[-1], LEFT, width - 20),
        y=Scale(0.0, 1.0, TOP + PLOT, TOP), x_ticks=ticks,
    )  # fmt: skip


def draw(layout: SurvivalLayout) -> Picture:
    """The curve as a picture, with its title and its sentence spoken."""
    content = [
        element("rect", class_="paper", width=layout.width, height=layout.height), *_axes(layout), *_half(layout), _curve(layout),
        *_marks(layout),
    ]  # fmt: skip
    return Picture(layout.width, layout.height, layout.title, layout.spoken, content, "survival")


def _axes(layout: SurvivalLayout) -> Iterator[Element]:
    left, right, bottom = layout.x.start, layout.x.end, layout.y.start
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = layout.y.at(share)
        yield element("path", class_="grid", d=polyline([(left, y), (right, y)]))
        yield element("text", figure(share, layout.language, share=True), class_="soft", x=left - 6, y=y + 4, text_anchor="end")
    for tick in layout.x_ticks:
        x = layout.x.at(tick)
        yield element("path", class_="axis", d=polyline([(x, bottom), (x, bottom + 5)]))
        yield element("text", figure(tick, layout.language), class_="soft", x=x, y=bottom + 20, text_anchor="middle")
    yield element("path", class_="axis", d=polyline([(left, bottom), (right, bottom)]))
    hours = say("working hours since it was asked").text(layout.language)
    yield element("text", hours, class_="soft small", x=right, y=bottom + 40, text_anchor="end")
    waiting = say("still waiting for an answer").text(layout.language)
    yield element("text", waiting, class_="soft small", x=12, y=16)


def _half(layout: SurvivalLayout) -> Iterator[Element]:
    """The line of the median: it is reached where the curve comes down to it."""
    y = layout.y.at(HALF)
    yield element("path", class_="limit", d=polyline([(layout.x.start, y), (layout.x.end, y)]))


def _curve(layout: SurvivalLayout) -> Element:
    points, share = [(layout.x.at(0.0), layout.y.at(1.0))], 1.0
    for step in layout.steps:
        points += [(layout.x.at(step.time), layout.y.at(share)), (layout.x.at(step.time), layout.y.at(step.open))]
        share = step.open
    points.append((max(layout.x.at(max(layout.censored, default=0.0)), points[-1][0]), layout.y.at(share)))
    return element("path", class_="series", d=polyline(points))


def _marks(layout: SurvivalLayout) -> Iterator[Element]:
    for step in layout.steps:
        yield element("circle", class_="dot", cx=layout.x.at(step.time), cy=layout.y.at(step.open), r=4.5)
    for hours in layout.censored:
        share = min((step.open for step in layout.steps if step.time <= hours), default=1.0)
        yield element("circle", class_="aimed", cx=layout.x.at(hours), cy=layout.y.at(share), r=5.5)
