"""Tables that leave the project: the same rows as Excel, CSV and JSON, and no text that a program would compute."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancrage.errors import Refused
from ancrage.exchange.tables import Column, Kind, Table, Value, render_csv, render_json, render_xlsx
from ancrage.exchange.tables.csv_text import RISKY, harmless
from ancrage.exchange.tables.xlsx import LONGEST_TEXT, MOST_ROWS
from ancrage.language import Label, say

AT = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)
COLUMNS = (
    Column("text", say("Comment")),
    Column("number", say("Value"), Kind.NUMBER),
    Column("flag", say("Overdue"), Kind.FLAG),
    Column("day", say("Due"), Kind.DAY),
    Column("at", say("At"), Kind.INSTANT),
    Column("list", say("Practices"), Kind.LIST),
)
ROWS: list[tuple[Value, ...]] = [
    (Label("déjà", "already"), 0, False, date(2026, 3, 29), AT, ("a", Label("un", "one"))),
    (None, None, None, None, None, ()),
    ("=1+1", -2.5, True, date(1999, 12, 31), AT.astimezone(timezone(timedelta(hours=-3))), ("=x",)),
]


def table(rows: list[tuple[Value, ...]] | None = None, columns: tuple[Column, ...] = COLUMNS) -> Table:
    return Table("things", say("Journal"), columns, ROWS if rows is None else rows, "Europe/Paris", (("mean", say("Value"), 1.5),))


def of_text(*texts: str) -> Table:
    return table([(text,) for text in texts], COLUMNS[:1])


def csv_rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content)).worksheets[0]


def test_csv_has_stable_heads_and_never_merges_nothing_zero_and_no() -> None:
    assert csv_rows(render_csv(table(), "fr")) == [
        ["text", "number", "flag", "day", "at", "list"],
        ["déjà", "0", "false", "2026-03-29", "2026-03-29T00:30:00+00:00", "a; un"],
        ["", "", "", "", "", ""],
        ["'=1+1", "-2.5", "true", "1999-12-31", "2026-03-28T21:30:00-03:00", "'=x"],
    ]


def test_csv_lines_end_as_the_standard_says_and_texts_keep_their_own_line_ends() -> None:
    content = render_csv(of_text('say "yes"\nor, no'), "en")
    assert content == b'text\r\n"say ""yes""\nor, no"\r\n'
    assert render_csv(of_text(), "en", mark=True) == b"\xef\xbb\xbftext\r\n"


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'quoted", "＝1"])
def test_no_csv_text_can_be_taken_for_a_formula(text: str) -> None:
    assert csv_rows(render_csv(of_text(text), "en"))[1] == [f"'{text}"]


@given(st.text())
def test_one_apostrophe_taken_off_gives_every_text_back(text: str) -> None:
    safe = harmless(text)
    assert not safe.startswith(tuple(set(RISKY) - {"'"}))
    assert safe.removeprefix("'") == text if safe != text or text.startswith("'") else safe == text


def test_json_keeps_what_things_are() -> None:
    found = json.loads(render_json(table(), "en"))
    assert (found["shape"], found["version"], found["table"], found["facts"]) == ("ancrage.table", 1, "things", {"mean": 1.5})
    assert found["columns"][3] == {"name": "day", "label": "Due", "kind": "day"}
    first, nothing, third = found["rows"]
    assert first == {
        "text": "already", "number": 0, "flag": False, "day": "2026-03-29", "at": "2026-03-29T00:30:00+00:00", "list": ["a", "one"],
    }  # fmt: skip
    assert set(nothing.values()) - {None} == set() if nothing.pop("list") == [] else False
    assert third["text"] == "=1+1"
    assert json.loads(render_json(table([]), "en"))["rows"] == []


def test_excel_shows_numbers_days_and_instants_as_such_in_the_zone_of_the_table() -> None:
    sheet = sheet_of(render_xlsx(table(), "en", AT).content)
    assert [cell.value for cell in sheet[1]] == ["Comment", "Value", "Overdue", "Due", "At (Europe/Paris)", "Practices"]
    day = datetime(2026, 3, 29)  # noqa: DTZ001 - Excel knows no zone
    assert [cell.value for cell in sheet[2]] == ["already", 0, False, day, day.replace(hour=1, minute=30), "a; one"]
    assert {cell.value for cell in sheet[3]} == {None}
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:F4")


def test_no_excel_text_is_a_formula_not_even_once_it_is_edited() -> None:
    sheet = sheet_of(render_xlsx(of_text("=1+1", "{=1}", "@x", "https://a.example", "12"), "en", AT).content)
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [bool(cell.quotePrefix) for cell in cells] == [True, False, True, False, False]


def test_the_second_sheet_says_what_the_rows_are() -> None:
    about = openpyxl.load_workbook(BytesIO(render_xlsx(table(), "en", AT).content)).worksheets[1]
    said = {row[0].value: row[1].value for row in about.iter_rows()}
    assert (said["Table"], said["Rows"], said["Value"], said["Time zone"]) == ("Journal", 3, 1.5, "Europe/Paris")


def test_a_text_too_long_for_a_cell_is_cut_and_counted() -> None:
    sheet = render_xlsx(of_text("x" * (LONGEST_TEXT + 1), "y"), "en", AT)
    assert sheet.cut == 1
    shown = sheet_of(sheet.content)["A2"].value
    assert (len(shown), shown[-1]) == (LONGEST_TEXT, "…")


def test_more_rows_than_a_sheet_can_hold_are_refused() -> None:
    with pytest.raises(Refused, match="export them as CSV or JSON"):
        render_xlsx(Table("big", say("Journal"), COLUMNS[:1], range(MOST_ROWS + 1), "UTC"), "en", AT)  # type: ignore[arg-type]


def test_equal_tables_give_equal_bytes() -> None:
    assert render_xlsx(table(), "fr", AT) == render_xlsx(table(), "fr", AT)


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one name"):
        table(columns=(COLUMNS[0], COLUMNS[0]))
