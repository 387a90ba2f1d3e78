"""Tables of N P L F ratings: wide or long, CSV or Excel, in the ways people write ratings."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from ancrage.domain.assessment.sheets.registry import calculator_spec, score_sheet
from ancrage.errors import NotFound, ProblemsFound
from ancrage.exchange.nplf import import_nplf, rating_in
from ancrage.exchange.ratings_csv import read_ratings_text
from tests.support.sources import codes, told, write

WIDE = "Process;PA 1.1;PA2.1: Performance;2.2;Owner\nincident;F;Largely achieved;L+;Ann\nproblem;70%;;n/a;Ben\n"


def test_a_wide_table_becomes_ratings_that_are_scored(tmp_path: Path) -> None:
    found = import_nplf([write(tmp_path, {"My table.csv": WIDE}) / "My table.csv"])
    text = found.files["ratings/my-table.csv"]
    assert text.splitlines() == [
        "process,attribute,rating", "incident,1.1,F", "incident,2.1,L", "incident,2.2,L+", "problem,1.1,70", "problem,2.1,",
        "problem,2.2,NA",
    ]  # fmt: skip
    result = score_sheet(read_ratings_text(text, "r", calculator_spec("iso33020").columns).sheet, "iso33020")
    assert {row["process"]: row["capability_level"] for row in result.answer.parts["processes"]} == {"incident": 2, "problem": 1}
    assert found.defects == ()


def test_an_excel_table_with_a_title_above_is_found_and_bad_cells_are_told_by_their_address(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Assessment of 2026",), (), ("Processus", "PA 1.1", "PA 2.1"), ("incident", "F", "good"), ("incident", "N", "P"),
                (None, "F", None)):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    found = import_nplf([tmp_path / "t.xlsx"])
    assert found.files["ratings/t.csv"].splitlines()[1:] == ["incident,1.1,F", "incident,2.1,P"]
    places = {problem.code: str(problem.place).rpartition(": ")[2] for problem in found.defects}
    assert places == {"W-SOURCE-VALUE": "Sheet!C4", "W-SOURCE-TWICE": "Sheet!B5", "W-SOURCE-MISSING": "Sheet!B6"}


def test_a_long_table_is_read_and_unknown_attributes_are_told_with_their_line(tmp_path: Path) -> None:
    text = "process,attribute,rating\na,1.1,fully\na,PA 9.9,F\n"
    found = import_nplf([write(tmp_path, {"t.csv": text}) / "t.csv"])
    assert found.files["ratings/t.csv"].splitlines()[1:] == ["a,1.1,F"]
    assert [(problem.code, problem.place.line) for problem in found.defects if problem.place] == [("W-SOURCE-REFERENCE", 3)]


@pytest.mark.parametrize(
    ("written", "rating"),
    [("f", "F"), ("L-", "L-"), ("F+", "F"), ("P (weak)", "P"), ("Partiellement", "P"), ("85 %", "85"), ("100", "100"), ("", ""), ("?", ""),
     ("N/A", "NA"), ("0.7", None), ("0.7%", "0.7"), ("101", None), ("good", None), ("NPLF", None)],
)  # fmt: skip
def test_ratings_as_people_write_them(written: str, rating: str | None) -> None:
    assert rating_in(written) == rating


def test_what_is_no_table_is_refused_and_latin_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("Processus;PA 1.1\nd\xe9pannage;F\n".encode("latin-1"))
    found = import_nplf([path])
    assert found.files["ratings/t.csv"].splitlines()[1] == "dépannage,1.1,F"
    assert told(found.defects, "W-SOURCE-VALUE") == ["the file is not written in UTF-8 (read as Western European)"]
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as refused:
        import_nplf([path])
    assert codes(refused.value.problems) == ["E-SOURCE-NOTHING"]
    with pytest.raises(NotFound):
        import_nplf([tmp_path / "none.csv"])
