"""A few lines between shapes and SVG text: every attribute and every text is escaped here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Element:
    """One SVG element; `content` is text or other elements."""

    name: str
    attributes: tuple[tuple[str, Value], ...] = ()
    content: tuple[Element | str, ...] = ()


def element(name: str, *content: Element | str | None, **attributes: Value | None) -> Element:
    """An element. `None` is left out; `class_` stands for class, an underscore inside a name for a hyphen."""
    named = tuple((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items() if value is not None)
    return Element(name, named, tuple(each for each in content if each is not None))


def render(drawn: Element) -> str:
    """The element as text, coordinates to a tenth of a unit."""
    attributes = "".join(f" {name}={quoteattr(_number(value))}" for name, value in drawn.attributes)
    inside = "".join(escape(each) if isinstance(each, str) else render(each) for each in drawn.content)
    return f"<{drawn.name}{attributes}>{inside}</{drawn.name}>" if inside else f"<{drawn.name}{attributes}/>"


def _number(value: Value) -> str:
    return value if isinstance(value, str) else f"{round(value, 1):g}"


def polyline(points: Iterable[tuple[float, float]]) -> str:
    """The `d` of a path through `points`, empty for none."""
    return " ".join(f"{'L' if index else 'M'}{_number(x)} {_number(y)}" for index, (x, y) in enumerate(points))


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of a fixed size in units, with what is spoken of it: a title and a sentence."""

    width: float
    height: float
    title: str
    spoken: str
    content: Sequence[Element]
    name: str = "picture"
    """Class of the root, and the stem of the ids that speak for it."""


def inline(picture: Picture, css_class: str = "") -> str:
    """The picture for an HTML page, whose style sheet colours it; it takes the width it is given."""
    return render(_root(picture, css_class, None))


def standalone(picture: Picture, style: str) -> str:
    """The picture as a file of its own that carries its style; it needs nothing from anywhere."""
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + render(_root(picture, "", style)) + "\n"


def _root(picture: Picture, css_class: str, style: str | None) -> Element:
    stem = f"{picture.name}-{css_class}" if css_class else picture.name
    return element(
        "svg",
        element("title", picture.title, id=f"{stem}-title"),
        element("desc", picture.spoken, id=f"{stem}-desc"),
        element("style", style) if style else None,
        *picture.content,
        xmlns="http://www.w3.org/2000/svg",
        class_=" ".join(filter(None, ("picture", css_class))),
        viewBox=f"0 0 {_number(picture.width)} {_number(picture.height)}",
        width=picture.width if style else None,
        height=picture.height if style else None,
        role="img",
        aria_labelledby=f"{stem}-title {stem}-desc",
    )
