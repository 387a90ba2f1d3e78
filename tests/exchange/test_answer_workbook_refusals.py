"""What is refused of a workbook before any of its answers is read: other formats, passwords, damage, size, forgery."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO
from typing import Any

import pytest

from ancrage.errors import ProblemsFound
from ancrage.exchange.answer_workbook import LARGEST_FILE, read_workbook, write_workbook
from ancrage.exchange.answer_workbook.package import OLE
from ancrage.notices.links import LinkKeys
from tests.support.workbooks import KEYS, asked, edited, filled, repacked

GOOD = write_workbook(asked(), KEYS)
QUESTIONS = "xl/worksheets/sheet2.xml"


def code_of(content: bytes, keys: LinkKeys = KEYS) -> str:
    with pytest.raises(ProblemsFound) as refused:
        read_workbook(content, "answers.xlsx", keys)
    (problem,) = refused.value.problems
    assert problem.place is not None
    assert problem.place.path == "answers.xlsx"
    return problem.code


def archive_of(*names: str) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"process,practice,value\n",
        b"%PDF-1.7",
        OLE + b"\0" * 500,
        archive_of("mimetype", "content.xml"),
        archive_of("word/document.xml"),
    ],
    ids=["empty", "csv", "pdf", "xls", "ods", "docx"],
)
def test_another_format_is_told_from_the_content(content: bytes) -> None:
    assert code_of(content) == "E-WORKBOOK-FORMAT"


def test_a_password_is_asked_to_be_taken_off() -> None:
    assert code_of(OLE + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")) == "E-WORKBOOK-LOCKED"


def test_a_file_that_is_too_large_is_not_opened() -> None:
    assert code_of(b"PK\x03\x04" + b"\0" * (20 * 1024 * 1024)) == "E-FILE-LARGE"
    assert LARGEST_FILE < 20 * 1024 * 1024


def test_a_file_that_unpacks_to_too_much_is_not_unpacked() -> None:
    def swell(parts: dict[str, bytes]) -> None:
        for number in range(3):
            parts[f"xl/media/{number}"] = bytes(100 * 1024 * 1024)

    assert code_of(repacked(GOOD, swell)) == "E-FILE-LARGE"


def test_a_directory_that_understates_its_sizes_is_found_out() -> None:
    bomb = repacked(GOOD, lambda parts: parts.update({"xl/bomb": bytes(1_000_000)}))
    at = bomb.rindex(b"xl/bomb") - 46 + 24  # the size in the central directory
    assert struct.unpack_from("<I", bomb, at) == (1_000_000,)
    lying = bomb[:at] + struct.pack("<I", 10) + bomb[at + 4 :]
    assert code_of(lying) == "E-WORKBOOK-DAMAGED"


@pytest.mark.parametrize("keep", [10, 100, len(GOOD) // 2, len(GOOD) - 10])
def test_a_file_that_was_cut_off_is_damaged(keep: int) -> None:
    assert code_of(GOOD[:keep]) == "E-WORKBOOK-DAMAGED"


def test_no_byte_that_is_wrong_makes_it_crash() -> None:
    refused = 0
    for place in range(0, len(GOOD), 97):
        wrong = GOOD[:place] + bytes([GOOD[place] ^ 0xFF]) + GOOD[place + 1 :]
        try:
            read_workbook(wrong, "answers.xlsx", KEYS)
        except ProblemsFound:
            refused += 1
    assert refused > 50


def test_a_part_twice_is_refused() -> None:
    twice = BytesIO(GOOD)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(twice, "a") as archive:
        archive.writestr("xl/workbook.xml", "x")
    assert code_of(twice.getvalue()) == "E-WORKBOOK-DAMAGED"


@pytest.mark.parametrize("declared", [b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"<!doctype x>"])
def test_declared_entities_are_refused_wherever_they_stand(declared: bytes) -> None:
    for part in ("xl/workbook.xml", QUESTIONS):
        content = repacked(GOOD, lambda parts, part=part: parts.update({part: declared + parts[part]}))  # type: ignore[misc]
        assert code_of(content) == "E-WORKBOOK-DAMAGED"


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="XFD1048576"><v>1</v></c>',
        b'<c r="A1048576"><v>1</v></c>',
        b"<c r='ZZ250001'><v>1</v></c>",
        b'<c  t="n" r="B999999"><v>1</v></c>',
    ],
)
def test_a_cell_far_away_is_not_allowed_to_fill_the_memory(cell: bytes) -> None:
    def reach(parts: dict[str, bytes]) -> None:
        parts[QUESTIONS] = parts[QUESTIONS].replace(b"</sheetData>", b"<row>" + cell + b"</row></sheetData>")

    assert code_of(repacked(GOOD, reach)) == "E-FILE-LARGE"


def test_a_sheet_written_in_another_manner_is_read_all_the_same() -> None:
    """Quotes, order of attributes and prefixes are free in XML; formulas are found in any of them."""
    content = filled(GOOD, {"D7": "=D6"})

    def rewrite(parts: dict[str, bytes]) -> None:
        parts[QUESTIONS] = parts[QUESTIONS].replace(b'<c r="D7"', b"<c  r='D7'")

    (sheet,) = read_workbook(repacked(content, rewrite), "answers.xlsx", KEYS).sheets
    assert [problem.code for problem in sheet.problems] == ["E-CELL-FORMULA"]
    assert len(sheet.rows) == 2


def test_a_workbook_without_its_hidden_sheet_was_not_made_here() -> None:
    def copy_out(book: Any) -> None:
        del book["ancrage"]

    assert code_of(edited(GOOD, copy_out)) == "E-WORKBOOK-UNSIGNED"


@pytest.mark.parametrize("text", ["", "x", "abc.def", "=1+1"])
def test_a_signature_that_was_changed_does_not_hold(text: str) -> None:
    def tamper(book: Any) -> None:
        book["ancrage"]["A2"] = text

    assert code_of(edited(GOOD, tamper)) == "E-WORKBOOK-FORGED"


def test_a_workbook_for_somebody_else_cannot_be_made_of_ones_own() -> None:
    def tamper(book: Any) -> None:
        cell = book["ancrage"]["A2"]
        payload, _, signature = cell.value.rpartition(".")
        cell.value = f"{payload[:-1]}{'A' if payload[-1] != 'A' else 'B'}.{signature}"

    assert code_of(edited(GOOD, tamper)) == "E-WORKBOOK-FORGED"


def test_a_link_is_no_seal_and_a_new_key_still_opens_old_workbooks() -> None:
    other = "another key, as long as the first one"
    assert code_of(GOOD, LinkKeys((other,))) == "E-WORKBOOK-FORGED"
    assert read_workbook(GOOD, "answers.xlsx", LinkKeys((*KEYS.keys, other))).seal.person == "ann"
