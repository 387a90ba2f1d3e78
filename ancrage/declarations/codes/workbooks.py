"""Codes of answer workbooks: what is wrong with a file that comes back, or with one of its cells."""

from __future__ import annotations

from ancrage.declarations.codes.page import CodePage
from ancrage.language import N_


def _words(code: str, title: str, why: str, wrong: str, right: str) -> CodePage:
    return CodePage(code, title, why, wrong, right, by_hand=True)


_ITS_OWN = "the file that `ancrage answer workbook` wrote, filled in and saved as .xlsx"

PAGES = (
    _words(
        "E-WORKBOOK-FORMAT",
        N_("A file is no Excel workbook of the present format"),
        N_("The type is told from the content, not from the name. Open the file in your spreadsheet program and save it as .xlsx."),
        "answers saved as .xls, .ods or .csv",
        _ITS_OWN,
    ),
    _words(
        "E-WORKBOOK-LOCKED",
        N_("A workbook is protected by a password"),
        N_("Nobody here knows the password. Take it off and save the file again."),
        "a workbook that asks for a password when it is opened",
        _ITS_OWN,
    ),
    _words(
        "E-WORKBOOK-DAMAGED",
        N_("A workbook contradicts itself"),
        N_("A part is missing, cut off, or not what the file says it is. Open it in your spreadsheet program and save it again."),
        "a file whose download was cut off",
        _ITS_OWN,
    ),
    _words(
        "E-WORKBOOK-UNSIGNED",
        N_("A workbook was not made here"),
        N_("A workbook carries a hidden sheet that says for whom it was written and what was asked. Copying the visible cells loses it."),
        "the questions copied into a new workbook",
        _ITS_OWN,
    ),
    _words(
        "E-WORKBOOK-FORGED",
        N_("The signature of a workbook does not hold"),
        N_("It was changed, or made with a key that this project does not have or has retired. Ask for a new workbook."),
        "a hidden sheet that somebody edited",
        _ITS_OWN,
    ),
    _words(
        "E-WORKBOOK-PROGRAMME",
        N_("A workbook belongs to another programme"),
        N_("The same key can serve several programmes; their answers are never mixed."),
        "a workbook of the test project, given to the real one",
        "each workbook given back where it was written",
    ),
    _words(
        "E-WORKBOOK-PERSON",
        N_("A workbook was written for somebody else"),
        N_("Answers are recorded under the name of the person who was asked. A request is passed on by delegating it."),
        "the workbook of a colleague, given back on one's own page",
        "everybody's own workbook",
    ),
    _words(
        "E-CAMPAIGN-UNKNOWN",
        N_("A workbook asks for a campaign that does not ask this person"),
        N_("The campaign is not in this database, or the person was taken out of it. The other sheets of the workbook are still taken."),
        "a sheet of a campaign that was never launched here",
        "a sheet of a campaign that asks this person",
    ),
    _words(
        "E-REQUEST-CLOSED",
        N_("A request takes no answers any more"),
        N_("The campaign is closed and never changes (ASM-K2), or the answers were handed in. What was handed in can be reopened."),
        "a workbook that comes back after the campaign has closed",
        "a workbook that comes back before",
    ),
    _words(
        "E-SHEET-MISSING",
        N_("A sheet of questions is not there"),
        N_("It was deleted or renamed. A sheet is known by the name it was written with."),
        "the sheet Answers renamed to Mine",
        "the sheet Answers",
    ),
    _words(
        "W-SHEET-UNKNOWN",
        N_("A sheet was added"),
        N_("It is not read. What should be known belongs into the column of comments."),
        "a sheet of notes beside the questions",
        "the notes in the comments",
    ),
    _words(
        "E-ROW-MOVED",
        N_("A row no longer shows the question it was written with"),
        N_("Cells were sorted, shifted or changed apart from each other: the answer may belong to another question."),
        "the columns of process and practice sorted, the others not",
        "rows as they were written; filtering changes nothing",
    ),
    _words(
        "W-ROW-MISSING",
        N_("Questions are missing"),
        N_("Their rows were deleted. What was answered before stays, and they are still asked."),
        "the rows of one process deleted",
        "rows that are left empty",
    ),
    _words(
        "E-CELL-FORMULA",
        N_("An answer is a formula"),
        N_("Formulas are never computed here, and what they show may change: write the answer itself."),
        "=D6 in the column of answers",
        "the answer chosen from the list",
    ),
    _words(
        "E-EVIDENCE-LINK",
        N_("A piece of evidence is no link"),
        N_("The column takes addresses that begin with http:// or https://, one on each line. Files are given on the page of the request."),
        "see the minutes of March",
        "https://documents.example/minutes-march.pdf",
    ),
)
