"""The picture of a control chart: everything the chart holds is on it, in both languages, without colour, without script."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from ancrage.domain.anchoring.chart import Chart, draw_chart
from ancrage.domain.anchoring.limits import ChartKind
from ancrage.domain.anchoring.run_rules import Rule
from ancrage.domain.anchoring.series import Point
from ancrage.domain.indicators import Direction
from ancrage.pictures.chart_words import RULES
from ancrage.pictures.control_chart import NARROW, WIDE, Event, Subject, draw, lay_out
from ancrage.pictures.png import render_png
from ancrage.pictures.style import page_style, standalone_style
from ancrage.pictures.svg import Element, Picture, inline, standalone
from ancrage.web.render import STATIC

START = date(2025, 1, 6)
FLAT = (10.0, 12.0, 11.0, 9.0, 10.5, 11.5, 9.5, 10.0, 11.0, 10.0)


def weekly(values: tuple[float | None, ...]) -> list[Point]:
    return [Point(START + timedelta(days=7 * week), value) for week, value in enumerate(values)]


def picture(chart: Chart, language: str = "en", width: float = WIDE, **options: object) -> Picture:
    return draw(lay_out(chart, Subject("Time to answer", language, **options), width))  # type: ignore[arg-type]


def classes(drawn: Picture) -> list[str]:
    return [str(value) for shape in drawn.content for name, value in shape.attributes if name == "class"]


def texts(drawn: Picture) -> list[str]:
    return [part for shape in drawn.content if shape.name == "text" for part in shape.content if isinstance(part, str)]


def test_every_reading_has_its_mark_and_a_missing_one_its_cross() -> None:
    drawn = picture(draw_chart(weekly((*FLAT, None, 10.0))))
    marks = [shape for shape in drawn.content if shape.name == "circle"]
    spoken = [part.content for shape in drawn.content for part in shape.content if isinstance(part, Element)]
    crosses = [words for words in spoken if "no reading" in str(words)]
    assert (len(marks), len(crosses)) == (11, 1)


def test_the_line_is_broken_where_a_reading_is_missing() -> None:
    assert classes(picture(draw_chart(weekly((10.0, 11.0, None, 9.0, 10.0))))).count("series") == 2


def signals(last: float, direction: Direction | None) -> list[tuple[str, str]]:
    """Class and shape of each signal, where only the last reading is one."""
    drawn = picture(draw_chart(weekly((*FLAT, last)), direction=direction, first=len(FLAT)))
    marks = [dict(shape.attributes) for shape in drawn.content]
    return [(str(mark["class"]), str(mark["d"])) for mark in marks if str(mark.get("class")).startswith("signal")]


@pytest.mark.parametrize(
    ("last", "direction", "css_class"),
    [
        (30.0, Direction.INCREASE, "signal-good"),
        (30.0, Direction.DECREASE, "signal-bad"),
        (30.0, None, "signal"),
        (-9.0, Direction.INCREASE, "signal-bad"),
    ],
)
def test_a_signal_has_the_look_of_what_it_means(last: float, direction: Direction | None, css_class: str) -> None:
    assert [name for name, _ in signals(last, direction)] == [css_class]


def test_good_and_bad_differ_without_colour() -> None:
    good, bad = signals(30.0, Direction.INCREASE)[0][1], signals(-9.0, Direction.INCREASE)[0][1]
    assert (good.split("l")[-1], bad.split("l")[-1]) == ("-6 -11 Z", "-6 11 Z")


def test_phases_are_bands_with_limits_of_their_own() -> None:
    chart = draw_chart(weekly((*FLAT, *(value + 20 for value in FLAT))), rebase=[START + timedelta(days=70)])
    drawn = picture(chart, "fr")
    assert (classes(drawn).count("band"), classes(drawn).count("centre") - 1, classes(drawn).count("limit") - 1) == (1, 2, 4)
    assert {"phase 1", "phase 2"} <= set(texts(drawn))


def test_limits_of_shares_go_in_steps_and_stay_on_paper() -> None:
    sizes = enumerate((10, 40, 12, 35, 20, 9))
    points = [Point(START + timedelta(days=7 * week), numerator=size - 1, denominator=size) for week, size in sizes]
    layout = lay_out(draw_chart(points, kind=ChartKind.P), Subject("Answered in time", "en", share=True))
    assert layout.y.high <= 1.0
    limits = [str(dict(shape.attributes)["d"]) for shape in draw(layout).content if ("class", "limit") in shape.attributes]
    heights = [float(step.split()[1]) for path in limits for step in path[1:].split(" L")]
    assert min(heights) >= layout.top - 0.1
    assert len(set(heights)) > 4


@pytest.mark.parametrize("values", [(), (None,), (5.0,), (5.0, 5.0, 5.0), (1e-9, 2e-9), (-1e9, 1e9)])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_a_chart_of_nearly_nothing_is_still_a_picture(values: tuple[float | None, ...], width: float) -> None:
    drawn = picture(draw_chart(weekly(values), target=4.0, direction=Direction.INCREASE), width=width)
    ElementTree.fromstring(standalone(drawn, standalone_style()))
    assert drawn.height > 200


def test_what_people_wrote_cannot_become_markup() -> None:
    drawn = draw(lay_out(draw_chart(weekly(FLAT)), Subject('<script>"&', "en", events=(Event(START, "</svg><b>"),))))
    text = inline(drawn)
    assert "<script>" not in text
    assert "<b>" not in text
    ElementTree.fromstring(text)


def test_the_picture_speaks_its_reader_s_language() -> None:
    chart = draw_chart(weekly((*FLAT, 30.0)), target=10.5, direction=Direction.INCREASE)
    english, french = picture(chart), picture(chart, "fr")
    assert "signal of improvement" in english.spoken
    assert english.spoken != french.spoken
    assert "janv. 2025" in texts(picture(draw_chart([Point(date(2025, month, 1), float(month)) for month in range(1, 7)]), "fr"))


def test_nothing_is_fetched_from_anywhere() -> None:
    text = standalone(picture(draw_chart(weekly(FLAT))), standalone_style())
    assert text.count("http") == 1  # the name of SVG itself
    assert "<script" not in text
    assert "url(" not in text


def test_a_picture_in_a_page_needs_no_style_of_its_own() -> None:
    text = inline(picture(draw_chart(weekly(FLAT))), "wide")
    assert "<style" not in text
    assert " style=" not in text


def test_pages_colour_pictures_as_files_do() -> None:
    assert page_style() in (STATIC / "ancrage.css").read_text(encoding="utf-8")


def test_a_picture_becomes_a_png() -> None:
    made = render_png(picture(draw_chart(weekly(FLAT))), zoom=1)
    assert made.startswith(b"\x89PNG")
    assert int.from_bytes(made[16:20], "big") == WIDE


def test_every_rule_has_its_words() -> None:
    assert set(RULES) == set(Rule)
