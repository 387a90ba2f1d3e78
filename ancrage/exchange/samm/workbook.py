"""The official SAMM toolbox workbook, blank or filled: answers of the interview, phases of the road map, notes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ancrage.domain.assessment.methods.samm import ANSWERS, activity_parts
from ancrage.domain.reference_model import Attribution
from ancrage.errors import Place, Problem
from ancrage.exchange.samm.model import LICENCE, OWNER
from ancrage.exchange.samm.ratings import Answered, Assessment
from ancrage.exchange.sources.defects import Defects
from ancrage.exchange.sources.names import slug
from ancrage.exchange.sources.workbook import Grid, read_grids
from ancrage.exchange.sources.yaml_source import number_in
from ancrage.language import say

INTERVIEW, ROADMAP, QUESTIONS, SETS, LEGAL = "Interview", "Roadmap", "imp-questions", "imp-answers", "Attribution and License"
ABOUT = {"organization": "Organization:", "team": "Team/Application:", "date": "Interview Date:", "lead": "Team Lead:",
         "contributors": "Contributors:"}  # fmt: skip
_CODES = {answer: f"{float(answer):g}" for answer in ANSWERS}
_OLD_LICENCE = re.compile(r"(?:creative commons|cc)[^.]{0,80}?3\.0", re.IGNORECASE)


@dataclass(slots=True)
class _Words:
    """What an answer in words is worth: by question where the workbook's own tables say it, else by any set that has the words."""

    by_question: Mapping[str, Mapping[str, str]]
    anywhere: Mapping[str, str]

    def code(self, question: str, text: str) -> str | None:
        """The code of an answer; None for words that are nobody's."""
        words = " ".join(text.split()).casefold()
        own = self.by_question.get(question, {})
        if words in own or words in self.anywhere:
            return own.get(words) or self.anywhere[words]
        number = number_in(words)
        return next((code for answer, code in _CODES.items() if number is not None and float(answer) == number), None)


def read_samm_workbook(path: Path, defects: Defects, counts: dict[str, int]) -> Assessment:
    """The assessment in a workbook. ProblemsFound when it cannot be opened; everything else is told, by cell."""
    grids = read_grids(path, (INTERVIEW, ROADMAP, QUESTIONS, SETS, LEGAL))
    interview = grids.get(INTERVIEW)
    if interview is None:
        message = say("the workbook has no sheet {sheet}: it is not the SAMM toolbox", sheet=INTERVIEW)
        defects.take(Problem("E-SOURCE-NOTHING", message, Place(str(path))))
        return Assessment(path.stem, "", ())
    words = _words(grids)
    answers = _answers(interview, _column(interview, "answer", 5), words, defects)
    notes = _notes(interview, _column(interview, "interview notes", 8))
    phases, planned = _roadmap(grids.get(ROADMAP), words, defects)
    rows = tuple(Answered(name, code, *planned.get(name, ("", ("",) * len(phases))), notes=notes.get(name, "")) for name, code in answers)
    _tell_computed(grids.get(ROADMAP), defects)
    version = _legal(grids.get(LEGAL), defects)
    counts["workbooks"] = counts.get("workbooks", 0) + 1
    counts["workbook_questions"] = counts.get("workbook_questions", 0) + len(rows)
    counts["answers"] = counts.get("answers", 0) + sum(bool(row.answer) for row in rows)
    about = {key: _beside(interview, title) for key, title in ABOUT.items()}
    if about["date"] == "00:00:00":
        about["date"] = ""
    attribution = Attribution(OWNER, LICENCE, "https://github.com/owaspsamm/toolbox-spreadsheet", version or "2")
    team = about["team"] or about["organization"] or path.stem
    return Assessment(slug(path.stem), team, rows, phases, about, attribution)


def _column(grid: Grid, title: str, otherwise: int) -> int:
    """The column with this title; the official place where no title is found."""
    return next((column for _, column in grid.find(title)), otherwise)


def _words(grids: Mapping[str, Grid]) -> _Words:
    sets: dict[str, dict[str, str]] = {}
    table = grids.get(SETS)
    for row in range(1, len(table.rows) if table else 0):
        assert table is not None
        texts = {table.cell(row, column): number_in(table.cell(row, column + 4)) for column in (1, 2, 3, 4)}
        sets[table.cell(row, 0)] = {
            " ".join(text.split()).casefold(): code
            for text, number in texts.items()
            for answer, code in _CODES.items()
            if text and number is not None and float(answer) == number
        }
    asked = grids.get(QUESTIONS)
    by_question = {asked.cell(row, 0): sets.get(asked.cell(row, 7), {}) for row in range(1, len(asked.rows))} if asked else {}
    anywhere: dict[str, str] = {}
    for known in sets.values():
        for text, code in known.items():
            anywhere.setdefault(text, code)
    return _Words(by_question, anywhere or {"no": "0"})


def _activities(grid: Grid) -> Iterator[tuple[int, str, str]]:
    """Row, code of the workbook and code of the activity (`D-SA-A-1-1`, `D-SA-A-1`) of every question in column A."""
    for row in range(len(grid.rows)):
        written = grid.cell(row, 0)
        parts = activity_parts(written)
        if parts is not None:
            yield row, written, f"{parts[1]}-{parts[2]}-{parts[3]}"


def _answers(grid: Grid, column: int, words: _Words, defects: Defects) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    places: dict[str, Place] = {}
    for row, written, activity in _activities(grid):
        place = grid.place(row, 0)
        if activity in found:
            message = say("activity {code} stands twice", code=activity)
            defects.tell("W-SOURCE-TWICE", message, place, say("the first was taken"), [places[activity]])
            continue
        if written != activity:
            message = say("the workbook numbers the questions of an activity, SAMM itself has one for each")
            defects.repeat("W-SOURCE-NAME", message, place, say("D-SA-A-1-1 was taken as D-SA-A-1"))
        places[activity] = place
        found[activity] = _code(grid, row, column, words, written, defects)
    return list(found.items())


def _code(grid: Grid, row: int, column: int, words: _Words, question: str, defects: Defects) -> str:
    text = grid.cell(row, column)
    code = words.code(question, text) if text else ""
    if code is None:
        message = say("{text} is no answer of question {question}", text=text[:60], question=question)
        defects.tell("W-SOURCE-VALUE", message, grid.place(row, column), say("taken as without an answer"))
    return code or ""


def _notes(grid: Grid, column: int) -> dict[str, str]:
    return {activity: grid.cell(row, column) for row, _, activity in _activities(grid) if grid.cell(row, column)}


def _roadmap(grid: Grid | None, words: _Words, defects: Defects) -> tuple[tuple[str, ...], dict[str, tuple[str, tuple[str, ...]]]]:
    """Titles of the phases, and by activity the baseline (the column Current) with the answers planned."""
    if grid is None:
        return (), {}
    _tell_uncomputed(grid, defects)
    columns = {title: column for title in ("Current", "Phase 1", "Phase 2", "Phase 3", "Phase 4") for _, column in grid.find(title)}
    phases = tuple(title for title in columns if title != "Current")
    planned: dict[str, tuple[str, tuple[str, ...]]] = {}
    for row, written, activity in _activities(grid):
        codes = {title: _code(grid, row, column, words, written, defects) for title, column in columns.items()}
        planned.setdefault(activity, (codes.get("Current", ""), tuple(codes[title] for title in phases)))
    return phases, planned


def _tell_uncomputed(grid: Grid, defects: Defects) -> None:
    """Codes that are formulas nobody has computed: a program saved the workbook that does not calculate."""
    for row in range(len(grid.rows)):
        if not grid.cell(row, 0) and f"A{row + 1}" in grid.formulas:
            message = say("a question has no code, because its formula was never computed")
            done = say("its row is left out: open the workbook in a spreadsheet program and save it")
            defects.repeat("W-SOURCE-FORMULA", message, grid.place(row, 0), done)


def _tell_computed(grid: Grid | None, defects: Defects) -> None:
    """Figures that the workbook computes; some of them are not what their title says."""
    for row, column in grid.find("Gap vs Current") if grid else ():
        assert grid is not None
        message = say("the column Gap vs Current is a difference for the first practice and a sum for the others")
        done = say("not taken over: figures are computed from the answers")
        defects.repeat("W-SOURCE-FORMULA", message, grid.place(row + 1, column), done)


def _legal(grid: Grid | None, defects: Defects) -> str:
    """The version of the toolbox; a licence said in two versions is told."""
    if grid is None:
        return ""
    for row, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            if _OLD_LICENCE.search(cell):
                message = say("another licence is named here than above: {text}", text=cell[:200])
                defects.tell("W-SOURCE-LICENCE", message, grid.place(row, column), say("{licence} was taken", licence=LICENCE))
    return _beside(grid, "Version:")[:40]


def _beside(grid: Grid, title: str) -> str:
    """The first filled cell right of a title."""
    for row, column in grid.find(title):
        return next((cell for cell in grid.rows[row][column + 1 :] if cell), "")
    return ""
