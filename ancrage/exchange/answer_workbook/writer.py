"""Writes an answer workbook: a guide, one sheet of questions for each request, and the signed sheet nobody sees.

Every text goes in as a text and is marked as one, so that editing a cell never turns it into a formula. The only formulas are those of
this module: they count answers, and hold nothing that anybody declared or wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from itertools import groupby
from typing import Any

import xlsxwriter

from ancrage.exchange.answer_workbook.guide import Legend, write_guide
from ancrage.exchange.answer_workbook.looks import TITLE_HEIGHT, Looks, height_of
from ancrage.exchange.answer_workbook.seal import Seal, SealedRequest, sign_seal
from ancrage.exchange.answer_workbook.shapes import (
    FIRST_ROW,
    HEADER_ROW,
    SEAL_FORMAT,
    SEAL_SHEET,
    AskedQuestion,
    AskedRequest,
    AskedWorkbook,
    Checks,
)
from ancrage.exchange.answer_workbook.words import choices, shown
from ancrage.language import say
from ancrage.notices.dates import Clock
from ancrage.notices.links import LinkKeys

LONGEST_CELL = 30_000
MOST_TEXT = 32_767
"""Characters of one cell, by the format."""
WIDTHS = (22, 26, 60, 24, 40, 32, 11, 11, 10)
HEADS = (
    say("Process"), say("Practice"), say("Question"), say("Answer"), say("Comment"), say("Evidence (links)"),
    say("Process id"), say("Practice id"), say("Check"),
)  # fmt: skip


def guide_name(language: str) -> str:
    """The name of the first sheet, which says what to do."""
    return say("Read me").text(language)


def sheet_names(count: int, language: str) -> tuple[str, ...]:
    """The names of the sheets of questions: ours, never somebody's text, because formulas hold them."""
    if count == 1:
        return (say("Answers").text(language),)
    return tuple(say("Answers {number}", number=number).text(language) for number in range(1, count + 1))


def write_workbook(asked: AskedWorkbook, keys: LinkKeys) -> bytes:
    """The workbook of one person as the bytes of an .xlsx file, signed with the newest of `keys`. Equal requests give equal bytes."""
    names = sheet_names(len(asked.requests), asked.language)
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"title": _title(asked), "created": asked.written_at.replace(tzinfo=None)})
    looks = Looks.of(book)
    guide = book.add_worksheet(guide_name(asked.language))
    sheets = [book.add_worksheet(name) for name in names]
    legends = write_guide(guide, looks, asked, names)
    for sheet, request, legend in zip(sheets, asked.requests, legends, strict=True):
        _write_questions(sheet, looks, asked, request, legend)
    _write_seal(book.add_worksheet(SEAL_SHEET), asked, names, keys)
    (sheets[0] if len(sheets) == 1 else guide).activate()
    book.close()
    return content.getvalue()


def _title(asked: AskedWorkbook) -> str:
    return say("Answers of {person}", person=asked.person_name).text(asked.language)


def _write_questions(sheet: Any, looks: Looks, asked: AskedWorkbook, request: AskedRequest, legend: Legend) -> None:
    language, last = asked.language, HEADER_ROW + len(request.questions)
    _lay_out(sheet, asked, request, last)
    sheet.set_row(0, TITLE_HEIGHT)
    sheet.write_string(0, 0, request.name.text(language), looks.title)
    due = say("{person}: answers are asked for by {day}", person=asked.person_name, day=Clock(language, asked.zone).of_date(request.due_on))
    sheet.write_string(1, 0, due.text(language), looks.plain)
    answered = sum(question.value is not None for question in request.questions)
    sheet.write_string(2, 0, say("Answers given").text(language), looks.plain)
    sheet.write_formula(2, 1, counting_formula(len(request.questions)), looks.count_of(len(request.questions), language), answered)
    for column, head in enumerate(HEADS):
        sheet.write_string(HEADER_ROW - 1, column, head.text(language), looks.head)
    words = {scale: {code: shown(code, label, language) for code, label in choices(scale)} for scale in request.scales}
    for row, question in enumerate(request.questions, start=HEADER_ROW):
        _write_row(sheet, looks, row, question, words[question.scale], language)
    row = HEADER_ROW
    for scale, alike in groupby(request.questions, key=lambda question: question.scale):
        count = len(list(alike))
        sheet.data_validation(row, 3, row + count - 1, 3, _list_of(legend.sources[scale], language))
        row += count


def _list_of(source: str, language: str) -> dict[str, str]:
    return {
        "validate": "list",
        "source": source,
        "error_type": "stop",
        "error_title": say("Not on the scale").text(language)[:32],
        "error_message": say("Choose one of the answers of the list, or leave the cell empty.").text(language)[:255],
    }


def counting_formula(questions: int) -> str:
    """Counts the filled cells of the column of answers, on the sheet itself; a cell with an empty text is not filled."""
    return f"=SUMPRODUCT(--(LEN(D{FIRST_ROW}:D{HEADER_ROW + questions})>0))"


def _write_row(sheet: Any, looks: Looks, row: int, question: AskedQuestion, words: dict[str, str], language: str) -> None:
    names = (question.process_name.text(language), question.practice_name.text(language), _full_question(question, language))
    for column, text in enumerate(names):
        sheet.write_string(row, column, text, looks.text)
    value = "" if question.value is None else words.get(question.value, question.value)
    for column, text in enumerate((value, question.comment, question.evidence), start=3):
        look = looks.answer if column == 3 else looks.free
        if text:
            sheet.write_string(row, column, text[:MOST_TEXT], look)
        else:
            sheet.write_blank(row, column, None, look)
    sheet.set_row(row, height_of((*names, value, question.comment, question.evidence), WIDTHS))
    ids = (question.process, question.practice)
    for column, text in enumerate((*ids, Checks().of(*ids, *names)), start=6):
        sheet.write_string(row, column, text, looks.id)


def _full_question(question: AskedQuestion, language: str) -> str:
    """The question, or the practice where it has none, and by what an answer is judged."""
    asked = question.question.text(language) or question.practice_name.text(language)
    return "\n".join(filter(None, (asked, question.guidance.text(language))))


def _lay_out(sheet: Any, asked: AskedWorkbook, request: AskedRequest, last: int) -> None:
    """Widths, what stays in sight, what may be changed, and how it is printed."""
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(HEADER_ROW, 2)
    sheet.autofilter(HEADER_ROW - 1, 0, last - 1, 5)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW - 1)
    sheet.print_area(0, 0, last - 1, 5)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    sheet.set_footer(f"&L{_of_footer(request.name.text(asked.language))}&R&P / &N")
    sheet.ignore_errors({"number_stored_as_text": f"A1:I{last}"})
    sheet.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})


def _of_footer(text: str) -> str:
    """A footer has codes of its own, that begin with `&`, and at most 255 characters."""
    return text[:60].replace("&", "&&")


def _write_seal(sheet: Any, asked: AskedWorkbook, names: Iterable[str], keys: LinkKeys) -> None:
    requests = (
        SealedRequest(it.campaign, name, it.fingerprint, tuple(question.revision for question in it.questions))
        for it, name in zip(asked.requests, names, strict=True)
    )
    token = sign_seal(keys, Seal(asked.programme, asked.person, asked.language, asked.written_at, tuple(requests)))
    pieces = [SEAL_FORMAT, *(token[start : start + LONGEST_CELL] for start in range(0, len(token), LONGEST_CELL))]
    for row, piece in enumerate(pieces):
        sheet.write_string(row, 0, piece)
    sheet.protect()
    sheet.very_hidden()


