"""Answer workbooks for tests: one to ask with, and what people do to it in a spreadsheet program (openpyxl plays that part)."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import openpyxl

from ancrage.domain.reference_model import ScaleValue
from ancrage.exchange.answer_workbook import AskedQuestion, AskedRequest, AskedWorkbook
from ancrage.language import Label
from ancrage.notices.links import LinkKeys

KEYS = LinkKeys(("a key that is long enough to be taken",))
WRITTEN = datetime(2026, 1, 12, 8, tzinfo=UTC)
SCALE = (
    ScaleValue("FI", Label("Pleinement", "Fully")),
    ScaleValue("LI", Label("Largement", "Largely")),
    ScaleValue("NI", Label("Pas du tout", "Not at all")),
)


def question(number: int, value: str | None = None, **more: Any) -> AskedQuestion:
    return AskedQuestion(
        "incident", Label("Incidents", "Incidents"), f"p{number}", Label(f"Pratique {number}", f"Practice {number}"),
        Label(f"Question {number} ?", f"Question {number}?"), SCALE, value=value, revision=int(value is not None), **more,
    )  # fmt: skip


def asked(*questions: AskedQuestion, language: str = "en", requests: int = 1, name: str = "January") -> AskedWorkbook:
    known = questions or (question(1, "LI"), question(2), question(3))
    made = tuple(
        AskedRequest(f"campaign{number}", Label.same(name), date(2026, 1, 30), Label.same("A model"), known, f"asked{number}")
        for number in range(1, requests + 1)
    )
    return AskedWorkbook("example", Label.same("Example"), "ann", "Ann Archer", language, WRITTEN, "Europe/Paris", made)


def edited(content: bytes, edit: Callable[[Any], object]) -> bytes:
    """The workbook after somebody has worked in it and saved it."""
    book = openpyxl.load_workbook(BytesIO(content))
    edit(book)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def filled(content: bytes, cells: dict[str, object], sheet: int = 1) -> bytes:
    """The workbook with these cells written, as text unless they begin with `=`."""

    def write(book: Any) -> None:
        for cell, value in cells.items():
            book.worksheets[sheet][cell] = value

    return edited(content, write)


def repacked(content: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The workbook with its parts changed by hand."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    change(parts)
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return made.getvalue()
