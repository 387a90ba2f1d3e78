"""The first sheet of an answer workbook: whom it is for, how to fill it in, what the answers mean, and whose texts it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ancrage.domain.reference_model import ScaleValue
from ancrage.exchange.answer_workbook.looks import TITLE_HEIGHT, Looks, height_of
from ancrage.exchange.answer_workbook.shapes import AskedRequest, AskedWorkbook
from ancrage.exchange.answer_workbook.words import choices, shown
from ancrage.language import Message, say
from ancrage.notices.dates import Clock

GUIDE_WIDTHS = (34, 84)
STEPS = (
    say("Choose an answer from the list of each yellow cell. Leave empty what you cannot answer yet: an empty cell changes nothing."),
    say("Add a comment, and links to the evidence, one on each line (https://...). Both need an answer beside them."),
    say("Save as .xlsx. Rows may be filtered; do not copy, delete or move them, and do not rename the sheets."),
    say("Give the file back on your page (the link of your message), or to whoever sent it. What changes is shown before it is taken."),
)


@dataclass(frozen=True, slots=True)
class Legend:
    """Where the guide lists the answers of one request: for each of its scales a range that a list validation can read."""

    sources: Mapping[tuple[ScaleValue, ...], str]


class _Pen:
    """Writes line after line."""

    def __init__(self, sheet: Any, name: str, looks: Looks, language: str) -> None:
        self.sheet, self.name, self.looks, self.language = sheet, name, looks, language
        self.row = 0

    def line(self, left: Message | str, right: Message | str = "", look: Any = None) -> None:
        texts = [text if isinstance(text, str) else text.text(self.language) for text in (left, right)]
        for column, text in enumerate(texts):
            if text:
                self.sheet.write_string(self.row, column, text, look or (self.looks.soft if column == 0 else self.looks.text))
        self.sheet.set_row(self.row, height_of(texts, GUIDE_WIDTHS) if look is None else TITLE_HEIGHT)
        self.row += 1

    def skip(self) -> None:
        self.row += 1


def write_guide(sheet: Any, looks: Looks, asked: AskedWorkbook, names: Sequence[str]) -> tuple[Legend, ...]:
    """Fill the sheet; where the answers of each request are listed, in the order of the requests."""
    language, clock = asked.language, Clock(asked.language, asked.zone)
    for column, width in enumerate(GUIDE_WIDTHS):
        sheet.set_column(column, column, width)
    pen = _Pen(sheet, sheet.get_name(), looks, language)
    pen.line(asked.programme_name.text(language), look=looks.title)
    pen.line(say("For"), asked.person_name)
    pen.line(say("Written on"), clock.day(asked.written_at))
    pen.skip()
    for number, step in enumerate(STEPS, start=1):
        pen.line(str(number), step)
    legends = tuple(_write_request(pen, request, name, clock) for request, name in zip(asked.requests, names, strict=True))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect()
    return legends


def _write_request(pen: _Pen, request: AskedRequest, name: str, clock: Clock) -> Legend:
    language = pen.language
    pen.skip()
    pen.line(request.name.text(language), look=pen.looks.title)
    pen.line(say("Sheet"), name)
    pen.line(say("Answers are asked for by"), clock.of_date(request.due_on))
    pen.line(say("Reference model"), request.model.text(language))
    if request.attribution is not None:
        pen.line(say("Source of its texts"), request.attribution.line())
    return Legend({scale: _write_scale(pen, scale, number, len(request.scales)) for number, scale in enumerate(request.scales, start=1)})


def _write_scale(pen: _Pen, scale: Sequence[ScaleValue], number: int, count: int) -> str:
    """The answers of one scale, one below the other; where they stand, as a formula of ours."""
    first = pen.row + 1
    words = say("Answers") if count == 1 else say("Answers, list {number}", number=number)
    for place, (code, label) in enumerate(choices(scale)):
        pen.line(words if place == 0 else "", shown(code, label, pen.language))
    quoted = pen.name.replace("'", "''")
    return f"='{quoted}'!$B${first}:$B${pen.row}"
