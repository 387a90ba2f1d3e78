"""The offline answer workbook: what it shows and locks, and what of a filled one is read, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from ancrage.domain.reference_model import ScaleValue
from ancrage.errors import Problem
from ancrage.exchange.answer_workbook import FilledSheet, read_workbook, write_workbook
from ancrage.exchange.answer_workbook.words import AnswerWords
from ancrage.language import Label
from tests.support.workbooks import KEYS, SCALE, asked, edited, filled, question


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(BytesIO(content))


def sheet_of(content: bytes) -> FilledSheet:
    (sheet,) = read_workbook(content, "answers.xlsx", KEYS).sheets
    return sheet


def found(problems: tuple[Problem, ...]) -> list[tuple[str, str]]:
    return [(problem.code, problem.place.path.partition(": ")[2]) for problem in problems if problem.place]


def test_what_is_written_is_read_back_with_nothing_to_say() -> None:
    read = read_workbook(write_workbook(asked(), KEYS), "answers.xlsx", KEYS)
    (sheet,) = read.sheets
    assert [row[1:] for row in sheet.rows] == [
        ("incident", "p1", "LI · Largely", "", ""), ("incident", "p2", "", "", ""), ("incident", "p3", "", "", ""),
    ]  # fmt: skip
    assert (read.problems, sheet.problems, sheet.revisions, sheet.fingerprint) == ((), (), (1, 0, 0), "asked1")
    assert (read.seal.person, read.seal.programme, len(read.sha256)) == ("ann", "example", 64)


def test_equal_requests_give_equal_bytes() -> None:
    assert write_workbook(asked(), KEYS) == write_workbook(asked(), KEYS)


def test_only_answers_comments_and_evidence_may_be_changed() -> None:
    sheet = opened(write_workbook(asked(), KEYS)).worksheets[1]
    assert sheet.protection.sheet
    free = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert free == {f"{letter}{row}" for letter in "DEF" for row in (6, 7, 8)}


def test_an_answer_is_chosen_from_a_list_in_the_readers_language() -> None:
    book = opened(write_workbook(asked(language="fr"), KEYS))
    (rule,) = book.worksheets[1].data_validations.dataValidation
    assert (rule.type, str(rule.sqref), rule.errorStyle or "stop") == ("list", "D6:D8", "stop")
    name, _, area = rule.formula1.rpartition("!")
    offered = [cell.value for (cell,) in book[name.strip("'")][area.replace("$", "")]]
    assert offered[:3] == ["FI · Pleinement", "LI · Largement", "NI · Pas du tout"]
    assert offered[3].startswith("NA · ")


def test_questions_of_another_answer_set_have_a_list_of_their_own() -> None:
    content = write_workbook(asked(question(1), question(2), replace(question(3), scale=SCALE[:2])), KEYS)
    rules = opened(content).worksheets[1].data_validations.dataValidation
    assert [str(rule.sqref) for rule in rules] == ["D6:D7", "D8"]
    assert rules[0].formula1 != rules[1].formula1


def test_heads_stay_in_sight_and_are_printed_on_every_page() -> None:
    sheet = opened(write_workbook(asked(), KEYS)).worksheets[1]
    assert sheet.freeze_panes == "C6"
    assert sheet.print_title_rows == "$5:$5"
    assert sheet.page_setup.orientation == "landscape"


def test_the_signed_sheet_is_very_hidden() -> None:
    book = opened(write_workbook(asked(), KEYS))
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "visible", "veryHidden"]


def test_the_only_formulas_are_ours_and_hold_no_text_of_anybody() -> None:
    wicked = Label.same("=1+1")
    one = question(1, "FI", comment="@SUM(A1)", evidence="+1")
    one = replace(one, process_name=wicked, practice_name=wicked, question=Label.same("-1"))
    content = write_workbook(asked(one, name='=cmd|"calc"'), KEYS)
    cells = [cell for sheet in opened(content).worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f"] == ["=SUMPRODUCT(--(LEN(D6:D6)>0))"]
    risky = [cell for cell in cells if str(cell.value)[0] in "=+-@" and cell.data_type != "f"]
    assert len(risky) >= 6
    assert all(cell.quotePrefix for cell in risky)
    assert sheet_of(content).rows[0].comment == "@SUM(A1)"


def test_an_answer_may_be_written_as_code_words_or_both_in_any_case_and_language() -> None:
    words = AnswerWords(SCALE)
    for text in ("FI", "fi", "Fully", "PLEINEMENT", "FI · Fully", "fi  ·  pleinement"):
        assert words.code_of(text) == "FI"
    assert words.code_of("NA") == words.code_of("not applicable") == "NA"
    assert words.code_of("Full") is None
    assert words.code_of("") is None


def test_a_code_goes_before_the_words_of_another_answer() -> None:
    words = AnswerWords((SCALE[0], ScaleValue("X", Label.same("FI"))))
    assert words.code_of("FI") == words.code_of("fi") == "FI"


def test_a_number_typed_as_a_number_is_the_code_it_shows() -> None:
    content = filled(write_workbook(asked(), KEYS), {"D7": 3, "E7": 4.5})
    assert sheet_of(content).rows[1][3:5] == ("3", "4.5")


def test_a_formula_in_an_answer_is_named_by_its_cell_and_the_other_rows_are_read() -> None:
    content = filled(write_workbook(asked(), KEYS), {"D7": "=D6", "E8": '=HYPERLINK("x")', "D8": "FI"})
    sheet = sheet_of(content)
    assert found(sheet.problems) == [("E-CELL-FORMULA", "Answers!D7"), ("E-CELL-FORMULA", "Answers!E8")]
    assert [row.practice for row in sheet.rows] == ["p1"]
    assert sheet.unreadable == {("incident", "p2"), ("incident", "p3")}


def test_a_comment_without_an_answer_is_named() -> None:
    sheet = sheet_of(filled(write_workbook(asked(), KEYS), {"E7": "later", "F8": "https://a.example"}))
    assert found(sheet.problems) == [("E-CELL-EMPTY", "Answers!D7"), ("E-CELL-EMPTY", "Answers!D8")]


def test_rows_deleted_and_moved_as_a_whole_are_known_by_what_they_carry() -> None:
    def delete(book: Any) -> None:
        book.worksheets[1]["D8"] = "FI"
        book.worksheets[1].delete_rows(7)

    sheet = sheet_of(edited(write_workbook(asked(), KEYS), delete))
    assert [(row.row, row.practice, row.answer) for row in sheet.rows] == [(6, "p1", "LI · Largely"), (7, "p3", "FI")]
    assert sheet.problems == ()


def test_a_column_sorted_apart_from_the_others_is_found_in_every_row_it_touched() -> None:
    def sort(book: Any) -> None:
        sheet = book.worksheets[1]
        sheet["C6"], sheet["C7"] = sheet["C7"].value, sheet["C6"].value

    sheet = sheet_of(edited(write_workbook(asked(), KEYS), sort))
    assert found(sheet.problems) == [("E-ROW-MOVED", "Answers!I6"), ("E-ROW-MOVED", "Answers!I7")]
    assert [row.practice for row in sheet.rows] == ["p3"]


@pytest.mark.parametrize(("second", "taken"), [("LI · Largely", ["p1", "p2", "p3"]), ("FI", ["p2", "p3"])])
def test_a_row_copied_counts_once_and_not_at_all_when_the_copies_differ(second: str, taken: list[str]) -> None:
    def copy(book: Any) -> None:
        sheet = book.worksheets[1]
        for letter in "ABCDEFGHI":
            sheet[f"{letter}9"] = sheet[f"{letter}6"].value
        sheet["D9"] = second

    sheet = sheet_of(edited(write_workbook(asked(), KEYS), copy))
    assert found(sheet.problems) == [("E-ROW-TWICE", "Answers!D9")]
    assert [row.practice for row in sheet.rows] == taken


def test_an_answer_beside_no_question_is_named_and_notes_elsewhere_are_not_read() -> None:
    sheet = sheet_of(filled(write_workbook(asked(), KEYS), {"D20": "FI", "K3": "a note", "A30": "another"}))
    assert found(sheet.problems) == [("E-CELL-UNKNOWN", "Answers!D20")]


def test_a_text_that_is_too_long_is_named() -> None:
    sheet = sheet_of(filled(write_workbook(asked(), KEYS), {"D7": "FI", "E7": "x" * 10_001}))
    assert found(sheet.problems) == [("E-CELL-VALUE", "Answers!E7")]


def test_a_sheet_that_was_added_is_said_and_one_that_is_missing_keeps_no_other_from_being_read() -> None:
    def rename(book: Any) -> None:
        book.worksheets[1].title = "Mine"

    read = read_workbook(edited(write_workbook(asked(requests=2), KEYS), rename), "answers.xlsx", KEYS)
    assert {problem.code for problem in read.problems} == {"E-SHEET-MISSING", "W-SHEET-UNKNOWN"}
    assert [sheet.campaign for sheet in read.sheets] == ["campaign2"]


def test_characters_that_no_database_keeps_are_left_out() -> None:
    sheet = sheet_of(filled(write_workbook(asked(), KEYS), {"D7": "FI", "E7": "one\ntwo _x0000_ three\t "}))
    assert "\0" not in sheet.rows[1].comment
    assert sheet.rows[1].comment.startswith("one\ntwo")
