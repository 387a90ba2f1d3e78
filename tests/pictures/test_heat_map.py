"""Levels as a grid and as a radar: every figure is written, and what is marked is marked by shape."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from ancrage.domain.assessment.types import LevelState
from ancrage.pictures.heat_map import LevelCell, LevelGrid, Radar, RadarAxis, draw_heat_map, draw_radar, sentence
from ancrage.pictures.style import RULES, standalone_style
from ancrage.pictures.svg import Element, Picture, standalone

ROWS = {"incident": "Incidents", "problem": "Problems"}
COLUMNS = {"watch": "Watching", "decide": "Deciding <b>"}
CELLS = {
    ("incident", "watch"): LevelCell(1, LevelState.DETERMINED, target=2, before=0),
    ("incident", "decide"): LevelCell(3, LevelState.DETERMINED, target=2, before=3),
    ("problem", "watch"): LevelCell(None, LevelState.NOT_DETERMINED, target=2),
    ("problem", "decide"): LevelCell(0, LevelState.DETERMINED, before=1),
}


def grid(language: str = "en", **cells: LevelCell) -> LevelGrid:
    return LevelGrid("Levels", language, ROWS, COLUMNS, CELLS)


def shapes(drawn: Picture) -> list[Element]:
    def inside(one: Element) -> list[Element]:
        return [one, *(each for part in one.content if isinstance(part, Element) for each in inside(part))]

    return [each for one in drawn.content for each in inside(one)]


def classes(drawn: Picture) -> list[str]:
    return [str(dict(shape.attributes).get("class", "")) for shape in shapes(drawn)]


def texts(drawn: Picture) -> list[str]:
    return [str(shape.content[-1]) for shape in shapes(drawn) if shape.name == "text"]


def test_every_level_is_written_and_what_is_not_known_is_not_zero() -> None:
    assert [text for text in texts(draw_heat_map(grid())) if text in "0123?–"] == ["1", "3", "?", "0"]


def test_below_target_and_moved_are_marked_by_shape() -> None:
    names = classes(draw_heat_map(grid()))
    assert (names.count("signal-bad"), names.count("signal-good")) == (2, 1)  # a corner and a fall; a rise


def test_the_sentence_names_the_worst_first() -> None:
    assert sentence(grid()).text() == "1 of 3 levels are below their target. The lowest is 0: Deciding <b>, Problems."


def test_each_cell_is_spoken() -> None:
    spoken = [str(shape.content[0]) for shape in shapes(draw_heat_map(grid())) if shape.name == "title"]
    assert "Incidents, Watching: level 1, target 2" in spoken
    assert "Problems, Watching: no level yet" in spoken


def test_a_name_is_no_markup() -> None:
    text = standalone(draw_heat_map(grid()), standalone_style())
    assert "<b>" not in text
    ElementTree.fromstring(text)


def test_a_grid_without_levels_says_so() -> None:
    empty = LevelGrid("Levels", "en", ROWS, COLUMNS)
    assert sentence(empty).text() == "No level has been determined yet."
    assert texts(draw_heat_map(empty)).count("–") == 4


def radar(*values: int | None) -> Radar:
    axes = tuple(RadarAxis(f"Area {place}", value, before=1, target=2) for place, value in enumerate(values))
    return Radar("Areas", "en", axes, 3, "spring", "autumn")


@pytest.mark.parametrize("values", [(1, 2, 3), (1, None, 3, 0, 2), (None, None, None), (2, 2)])
def test_a_radar_shows_both_cycles_and_the_target(values: tuple[int | None, ...]) -> None:
    drawn = draw_radar(radar(*values))
    names = classes(drawn)
    assert names.count("aimed") == len(values) + 1  # and one in the legend
    assert names.count("before") == 2
    assert ("area" in names) == any(value is not None for value in values)
    ElementTree.fromstring(standalone(drawn, standalone_style()))


def test_every_class_has_a_rule() -> None:
    used = {name for drawn in (draw_heat_map(grid()), draw_radar(radar(1, 2, 3))) for entry in classes(drawn) for name in entry.split()}
    assert used - {""} <= {rule.removeprefix(".") for rule in RULES}
