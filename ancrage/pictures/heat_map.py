"""Capability levels of a campaign at a glance: as a grid of processes and practice areas, and as a radar of two cycles.

Nothing rests on colour: the level is written, a level below its target has a corner cut in, a movement since the last cycle an arrow.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import cos, radians, sin

from ancrage.domain.assessment.types import LevelState
from ancrage.language import Message, say
from ancrage.pictures.svg import Element, Picture, element, polyline

SIDE = 46.0
LETTER = 6.6
TILT = 40
"""Degrees by which the names of columns rise."""
LONGEST_NAME = 34


@dataclass(frozen=True, slots=True)
class LevelCell:
    """One level. `value` is None where none was determined; `before` is that of the last cycle, None where there was none."""

    value: int | None
    state: LevelState
    target: int | None = None
    before: int | None = None

    @property
    def is_below(self) -> bool:
        return self.value is not None and self.target is not None and self.value < self.target


@dataclass(frozen=True, slots=True)
class LevelGrid:
    """Levels by (row, column), with the names rows and columns bear, in the order they are drawn. Missing cells do not apply."""

    title: str
    language: str
    rows: Mapping[str, str]
    columns: Mapping[str, str]
    cells: Mapping[tuple[str, str], LevelCell] = field(default_factory=dict)
    top: int = 3
    """The highest level of the scale."""


def draw_heat_map(grid: LevelGrid) -> Picture:
    """The grid as a picture; its size follows from the number of rows and columns."""
    left = 24 + LETTER * max((len(_short(name)) for name in grid.rows.values()), default=0)
    rise = sin(radians(TILT)) * LETTER * max((len(_short(name)) for name in grid.columns.values()), default=0)
    lean = cos(radians(TILT)) * LETTER * max((len(_short(name)) for name in list(grid.columns.values())[-3:]), default=0)
    top = 54 + rise
    width = left + SIDE * len(grid.columns) + max(lean, 24)
    height = top + SIDE * len(grid.rows) + 48
    spoken = sentence(grid).text(grid.language)
    content = [
        element("rect", class_="paper", width=width, height=height),
        element("text", grid.title, class_="heading", x=12, y=26),
        *_columns(grid, left, top), *_rows(grid, left, top), *_cells(grid, left, top), *_legend(grid, top + SIDE * len(grid.rows) + 26),
    ]  # fmt: skip
    return Picture(max(width, 420), height, grid.title, spoken, content, "levels")


def sentence(grid: LevelGrid) -> Message:
    """What the grid says, worst first: an overall figure is the worst area, never an average (ASM-K5)."""
    known = {place: cell for place, cell in grid.cells.items() if cell.value is not None}
    if not known:
        return say("No level has been determined yet.")
    below = sum(cell.is_below for cell in known.values())
    (row, column), worst = min(known.items(), key=lambda item: (item[1].value, item[0]))
    return say(
        "{below} of {count} levels are below their target. The lowest is {level}: {area}, {process}.",
        below=below, count=len(known), level=worst.value, area=grid.columns[column], process=grid.rows[row],
    )


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def _columns(grid: LevelGrid, left: float, top: float) -> Iterator[Element]:
    for place, name in enumerate(grid.columns.values()):
        x, y = left + SIDE * (place + 0.5), top - 8
        yield element("text", element("title", name), _short(name), class_="small", x=x, y=y, transform=f"rotate(-{TILT} {x:.1f} {y:.1f})")


def _rows(grid: LevelGrid, left: float, top: float) -> Iterator[Element]:
    for place, name in enumerate(grid.rows.values()):
        y = top + SIDE * (place + 0.5) + 4
        yield element("text", element("title", name), _short(name), class_="small", x=left - 8, y=y, text_anchor="end")


def _cells(grid: LevelGrid, left: float, top: float) -> Iterator[Element]:
    for down, row in enumerate(grid.rows):
        for across, column in enumerate(grid.columns):
            cell = grid.cells.get((row, column))
            x, y = left + SIDE * across, top + SIDE * down
            spoken = _spoken(grid, row, column, cell)
            yield element("g", element("title", spoken), *_cell(cell, grid.top, x, y))


def _spoken(grid: LevelGrid, row: str, column: str, cell: LevelCell | None) -> str:
    told = {"process": grid.rows[row], "area": grid.columns[column]}
    if cell is None or cell.state is LevelState.NOT_APPLICABLE:
        return say("{process}, {area}: does not apply", **told).text(grid.language)
    if cell.value is None:
        return say("{process}, {area}: no level yet", **told).text(grid.language)
    if cell.target is None:
        return say("{process}, {area}: level {level}", level=cell.value, **told).text(grid.language)
    return say("{process}, {area}: level {level}, target {target}", level=cell.value, target=cell.target, **told).text(grid.language)


def _cell(cell: LevelCell | None, top: int, x: float, y: float) -> Iterator[Element]:
    inner = SIDE - 4
    shade = 0.0 if cell is None or cell.value is None else 0.10 + 0.42 * cell.value / max(top, 1)
    yield element("rect", class_="level", x=x + 2, y=y + 2, width=inner, height=inner, rx=5, fill_opacity=f"{shade:.2f}")
    yield element("text", _figure(cell), class_="strong", x=x + SIDE / 2, y=y + SIDE / 2 + 5, text_anchor="middle")
    if cell is not None and cell.is_below:
        yield element("path", class_="signal-bad", d=f"M{x + 2:.1f} {y + 2:.1f} h13 l-13 13 Z")
    if cell is not None and cell.value is not None and cell.before is not None and cell.value != cell.before:
        yield from _movement(cell.value > cell.before, x + SIDE - 11, y + SIDE - 9)


def _figure(cell: LevelCell | None) -> str:
    if cell is None or cell.state is LevelState.NOT_APPLICABLE:
        return "–"
    return "?" if cell.value is None else str(cell.value)


def _movement(up: bool, x: float, y: float) -> Iterator[Element]:
    shape = f"M{x - 5:.1f} {y + 4:.1f} h10 l-5 -8 Z" if up else f"M{x - 5:.1f} {y - 4:.1f} h10 l-5 8 Z"
    yield element("path", class_="signal-good" if up else "signal-bad", d=shape)


def _legend(grid: LevelGrid, y: float) -> Iterator[Element]:
    """In two lines, so that it fits beside few columns."""
    lines: Sequence[Message] = (
        say("The figure is the level, ? not determined, – does not apply."),
        say("Corner: below its target. Arrow: moved since the last cycle."),
    )
    for place, line in enumerate(lines):
        yield element("text", line.text(grid.language), class_="soft small", x=12, y=y + 16 * place)


@dataclass(frozen=True, slots=True)
class RadarAxis:
    """One area: its level now, the one before, its target. None: not determined, or none."""

    name: str
    value: int | None
    before: int | None = None
    target: int | None = None


@dataclass(frozen=True, slots=True)
class Radar:
    """Levels on axes around a centre. `now` and `earlier` name the two cycles; `earlier` is empty for a first one."""

    title: str
    language: str
    axes: tuple[RadarAxis, ...]
    top: int
    now: str
    earlier: str = ""


RADIUS = 150.0


def draw_radar(radar: Radar) -> Picture:
    """Two cycles and the target around one centre: full line now, broken line before, dots for the target. Three axes or more."""
    around = 24 + LETTER * max((min(len(axis.name), LONGEST_NAME) for axis in radar.axes), default=0)
    width, centre_y = 2 * (RADIUS + around), 64 + RADIUS + 24
    height = centre_y + RADIUS + 86
    centre = (width / 2, centre_y)
    content = [
        element("rect", class_="paper", width=width, height=height),
        element("text", radar.title, class_="heading", x=12, y=26),
        *_web(radar, centre), *_shapes(radar, centre), *_names(radar, centre), *_radar_legend(radar, height - 30),
    ]  # fmt: skip
    known = [axis for axis in radar.axes if axis.value is not None]
    spoken = say("Levels of {count} practice areas, from 0 to {top}.", count=len(known), top=radar.top).text(radar.language)
    return Picture(width, height, radar.title, spoken, content, "radar")


def _at(radar: Radar, centre: tuple[float, float], place: int, level: float) -> tuple[float, float]:
    angle = radians(360 * place / max(len(radar.axes), 1) - 90)
    far = RADIUS * level / max(radar.top, 1)
    return centre[0] + far * cos(angle), centre[1] + far * sin(angle)


def _web(radar: Radar, centre: tuple[float, float]) -> Iterator[Element]:
    for level in range(1, radar.top + 1):
        ring = [_at(radar, centre, place, level) for place in range(len(radar.axes))]
        yield element("path", class_="grid", d=polyline(ring) + " Z")
        x, y = _at(radar, centre, 0, level)
        yield element("text", str(level), class_="soft small", x=x + 4, y=y + 12)
    for place in range(len(radar.axes)):
        yield element("path", class_="grid", d=polyline([centre, _at(radar, centre, place, radar.top)]))


def _shapes(radar: Radar, centre: tuple[float, float]) -> Iterator[Element]:
    def shape(levels: Sequence[int | None]) -> list[tuple[float, float]]:
        return [_at(radar, centre, place, level) for place, level in enumerate(levels) if level is not None]

    if now := shape([axis.value for axis in radar.axes]):
        yield element("path", class_="area", d=polyline(now) + " Z")
    if before := shape([axis.before for axis in radar.axes]):
        yield element("path", class_="before", d=polyline(before) + " Z")
    for x, y in now:
        yield element("circle", class_="dot", cx=x, cy=y, r=4)
    for place, axis in enumerate(radar.axes):
        if axis.target is not None:
            x, y = _at(radar, centre, place, axis.target)
            yield element("path", class_="aimed", d=f"M{x:.1f} {y - 7:.1f} l7 7 l-7 7 l-7 -7 Z")


def _names(radar: Radar, centre: tuple[float, float]) -> Iterator[Element]:
    for place, axis in enumerate(radar.axes):
        x, y = _at(radar, centre, place, radar.top * 1.1)
        sideways = x - centre[0]
        anchor = "middle" if abs(sideways) < 20 else "start" if sideways > 0 else "end"
        text = _short(axis.name) if axis.value is not None else f"{_short(axis.name)} ?"
        yield element("text", element("title", axis.name), text, class_="small", x=x, y=y + 4, text_anchor=anchor)


def _radar_legend(radar: Radar, y: float) -> Iterator[Element]:
    shown = [("dot", radar.now), ("aimed", say("target").text(radar.language))]
    if radar.earlier:
        shown.insert(1, ("before", radar.earlier))
    x = 12.0
    for css_class, text in shown:
        if css_class == "dot":
            yield element("circle", class_="dot", cx=x + 8, cy=y - 4, r=5)
        elif css_class == "aimed":
            yield element("path", class_="aimed", d=f"M{x + 8:.1f} {y - 11:.1f} l7 7 l-7 7 l-7 -7 Z")
        else:
            yield element("path", class_="before", d=polyline([(x, y - 4), (x + 18, y - 4)]))
        yield element("text", text, class_="soft small", x=x + 23, y=y)
        x += 23 + LETTER * len(text) + 28
