"""Answers on paper: a sheet of questions to fill in offline, and a filled one taken as a whole or refused with every bad row."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path

from ancrage.domain.assessment.sheets.base import Column
from ancrage.errors import Place, Problem, ProblemsFound
from ancrage.exchange.ratings_csv import read_ratings_csv
from ancrage.language import say
from ancrage.services.campaigns import GivenRating, rate, rating_problems
from ancrage.services.request_views import RequestView
from ancrage.storage.unit_of_work import UnitOfWork

COLUMNS = (
    Column("process", say("id of the process"), required=True),
    Column("practice", say("id of the practice"), required=True),
    Column("value", say("a value of the scale, NA, or empty: no answer yet"), required=True, synonyms=("rating", "answer")),
    Column("comment", say("anything to add")),
)


@dataclass(frozen=True, slots=True)
class FiledAnswers:
    """What a sheet brought: rows with an answer, rows left empty, and how many answers were new or changed."""

    answered: int
    empty: int
    changed: int


def rate_file(work: UnitOfWork, campaign_id: str, person_id: str, path: Path, at: datetime) -> FiledAnswers:
    """Take one person's answers from a CSV file `process,practice,value,comment`; a row without a value is left out.

    ProblemsFound lists every bad row by its line; then none is taken.
    """
    file = read_ratings_csv(path, COLUMNS)
    problems, given, empty = list(file.problems), [], 0
    seen: dict[tuple[str, str], int] = {}
    for line, (process, practice, value, comment) in file.sheet.pick("process", "practice", "value", "comment"):
        place = Place(str(path), line, 1)
        first = seen.setdefault((process, practice), line)
        if first != line:
            problems.append(Problem("E-ROW-TWICE", say("practice {practice} of process {process} stands on line {first} already",
                                                       practice=practice, process=process, first=first), place))  # fmt: skip
        elif value:
            given.append(GivenRating(process, practice, value, comment, place))
        else:
            empty += 1
    problems += rating_problems(work, campaign_id, person_id, given)
    if problems:
        problems.sort(key=lambda problem: problem.place.line if problem.place else 0)
        raise ProblemsFound(say("{path}: {count} problems; no answer was taken", path=str(path), count=len(problems)), problems)
    return FiledAnswers(len(given), empty, rate(work, campaign_id, person_id, given, at))


def render_sheet(request: RequestView, language: str) -> str:
    """The questions of one request as CSV that `rate_file` reads back, with the answers given so far."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    owner = request.attribution.line().text(language) if request.attribution is not None else ""
    writer.writerow(["process", "practice", "value", "comment", "process_name", "question", "answers", *(["texts_of"] if owner else [])])
    for asked in request.questions:
        question = (asked.question if asked.question.text(language) else asked.practice_name).text(language)
        answers = "; ".join(f"{value.code} {value.label.text(language)}" for value in asked.scale)
        given = [asked.process, asked.practice, asked.value or "", asked.comment]
        writer.writerow([*given, asked.process_name.text(language), question, answers, *([owner] if owner else [])])
    return text.getvalue()
