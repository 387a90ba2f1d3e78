"""A table as an Excel workbook: one sheet with its rows, one that says what they are. Rows are written as they come and not kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from ancrage.errors import Refused
from ancrage.exchange.tables.csv_text import RISKY, SEPARATOR
from ancrage.exchange.tables.table import Column, Kind, Plain, Table, Value, plain
from ancrage.language import say

MOST_ROWS = 1_048_575
"""Rows of a sheet below its heads, by the format."""
LONGEST_TEXT = 32_767
CUT = "…"
LONGEST_SHEET_NAME = 31
_NOT_IN_NAMES = str.maketrans("", "", "[]:*?/\\")
INK, PAPER = "#1f2933", "#eef2f6"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A rendered workbook; `cut` counts texts longer than a cell can hold, which end in `…`."""

    content: bytes
    cut: int


def render_xlsx(table: Table, language: str, at: datetime) -> Sheet:
    """The workbook as bytes. Texts stay texts whatever they begin with; instants are shown in the zone of the table, without offset.

    Refused `too_many_rows` beyond what a sheet can hold. Equal tables of one instant `at` give equal bytes.
    """
    _require_room(table)
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"constant_memory": True, "in_memory": False, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"title": table.title.text(language), "created": at.replace(tzinfo=None)})
    pen = _Pen(book, language, ZoneInfo(table.zone))
    pen.rows(book.add_worksheet(say("Rows").text(language)), table)
    pen.about(book.add_worksheet(say("About").text(language)), table, at)
    book.close()
    return Sheet(content.getvalue(), pen.cut)


def render_book(tables: Sequence[Table], language: str, at: datetime) -> Sheet:
    """Several tables in one workbook: a sheet for the rows of each, under its title, then one for each that says what they are.

    Refused `too_many_rows` as above.
    """
    for table in tables:
        _require_room(table)
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"constant_memory": True, "in_memory": False, "default_date_format": "yyyy-mm-dd"})
    book.set_properties({"title": ", ".join(table.title.text(language) for table in tables), "created": at.replace(tzinfo=None)})
    pens = [_Pen(book, language, ZoneInfo(table.zone)) for table in tables]
    for number, (pen, table) in enumerate(zip(pens, tables, strict=True), start=1):
        pen.rows(book.add_worksheet(_sheet_name(number, table.title.text(language))), table)
    about = say("About").text(language)
    for number, (pen, table) in enumerate(zip(pens, tables, strict=True), start=1):
        pen.about(book.add_worksheet(_sheet_name(number, about)), table, at)
    book.close()
    return Sheet(content.getvalue(), sum(pen.cut for pen in pens))


def _sheet_name(number: int, title: str) -> str:
    """A name a sheet may bear: unlike the others, short, without what spreadsheet programs refuse."""
    return f"{number} {title.translate(_NOT_IN_NAMES)}"[:LONGEST_SHEET_NAME].rstrip("' ")


def _require_room(table: Table) -> None:
    if len(table.rows) > MOST_ROWS:
        what = say("{count} rows are more than a sheet can hold: export them as CSV or JSON", count=len(table.rows))
        raise Refused("too_many_rows", what)


class _Pen:
    """Writes cells by their kind, and counts what had to be cut."""

    def __init__(self, book: Any, language: str, zone: ZoneInfo) -> None:
        self.language, self.zone, self.cut = language, zone, 0
        base = {"font_color": INK, "valign": "top"}
        self.head = book.add_format({**base, "bold": True, "bg_color": PAPER, "text_wrap": True, "bottom": 1})
        self.text = book.add_format(base)
        self.kept = book.add_format({**base, "quote_prefix": True})  # stays a text even when somebody edits the cell
        self.day = book.add_format({**base, "num_format": "yyyy-mm-dd", "align": "left"})
        self.moment = book.add_format({**base, "num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"})

    def rows(self, sheet: Any, table: Table) -> None:
        for number, column in enumerate(table.columns):
            sheet.set_column(number, number, column.width)
            sheet.write_string(0, number, self._head(column), self.head)
        for row, values in enumerate(table.rows, start=1):
            self._row(sheet, row, values)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.set_footer("&R&P / &N")

    def _head(self, column: Column) -> str:
        head = column.head.text(self.language)
        return say("{head} ({zone})", head=head, zone=self.zone.key).text(self.language) if column.kind is Kind.INSTANT else head

    def _row(self, sheet: Any, row: int, values: Sequence[Value]) -> None:
        for number, value in enumerate(values):
            self._cell(sheet, row, number, plain(value, self.language))

    def _cell(self, sheet: Any, row: int, number: int, value: Plain) -> None:
        match value:
            case None:
                return
            case bool():
                sheet.write_boolean(row, number, value, self.text)
            case int() | float():
                sheet.write_number(row, number, value, self.text)
            case datetime():
                sheet.write_datetime(row, number, value.astimezone(self.zone).replace(tzinfo=None, microsecond=0), self.moment)
            case date():
                sheet.write_datetime(row, number, value, self.day)
            case _:
                self._text(sheet, row, number, value if isinstance(value, str) else SEPARATOR.join(value))

    def _text(self, sheet: Any, row: int, number: int, text: str) -> None:
        if len(text) > LONGEST_TEXT:
            text, self.cut = text[: LONGEST_TEXT - 1] + CUT, self.cut + 1
        if text:
            sheet.write_string(row, number, text, self.kept if text.startswith(RISKY) else self.text)

    def about(self, sheet: Any, table: Table, at: datetime) -> None:
        """What the rows are, when they were written, and what holds for all of them."""
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 70)
        lines: list[tuple[str, Value]] = [
            (say("Table").text(self.language), table.title),
            (say("Exported at").text(self.language), at),
            (say("Time zone").text(self.language), table.zone),
            (say("Rows").text(self.language), len(table.rows)),
            *((words.text(self.language), value) for _, words, value in table.facts),
        ]
        for row, (words, value) in enumerate(lines):
            sheet.write_string(row, 0, words, self.head)
            self._cell(sheet, row, 1, plain(value, self.language))
