"""A series in the space of a word: its line and its last reading, for lists. The figures stand beside it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ancrage.pictures.scales import Scale
from ancrage.pictures.svg import Picture, element, polyline

WIDTH, HEIGHT, EDGE = 160.0, 40.0, 6.0


def draw(values: Sequence[float | None], target: float | None, title: str, spoken: str, name: str) -> Picture:
    """The line of `values`, oldest first, broken where one is missing; the target dotted; a dot on the last. `name` is unique on a page."""
    known = [value for value in values if value is not None] + ([target] if target is not None else [])
    low, high = min(known, default=0.0), max(known, default=1.0)
    x = Scale(0.0, max(1.0, len(values) - 1.0), EDGE, WIDTH - EDGE)
    y = Scale(low, high if high > low else low + 1.0, HEIGHT - EDGE, EDGE)
    content = []
    if target is not None:
        content.append(element("path", class_="target", d=polyline([(EDGE, y.at(target)), (WIDTH - EDGE, y.at(target))])))
    for present, stretch in groupby(enumerate(values), key=lambda pair: pair[1] is not None):
        if present:
            content.append(element("path", class_="series", d=polyline([(x.at(place), y.at(value or 0.0)) for place, value in stretch])))
    last = next(((place, value) for place, value in reversed(list(enumerate(values))) if value is not None), None)
    if last is not None:
        content.append(element("circle", class_="dot", cx=x.at(last[0]), cy=y.at(last[1] or 0.0), r=4))
    return Picture(WIDTH, HEIGHT, title, spoken, content, name)
