"""Reads the files of `simulate --time` (ESC-F): calendars, and cases that ask about them. Every problem of the file at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ancrage.declarations import scenario_shapes as shapes
from ancrage.declarations.budgets import HOURS_OR_DAYS, BudgetKind, DelayKind
from ancrage.declarations.composites import Field, ListOf
from ancrage.declarations.kinds import Choice, Day, Text
from ancrage.declarations.reading import Refused
from ancrage.declarations.scenario_building import build_calendar, pauses_of
from ancrage.declarations.scenario_kinds import Instant, SpanKind, TolerantRecord
from ancrage.declarations.scenario_sheet import Sheet
from ancrage.declarations.strict_yaml import read_yaml
from ancrage.declarations.yaml_nodes import MappingNode, SequenceNode
from ancrage.domain.calendars import NoWorkingTime
from ancrage.domain.time_questions import NEEDED, Answer, Op, Question, answer
from ancrage.domain.working_time import Calendar, CalendarSpan
from ancrage.errors import Problem, ProblemsFound, Severity
from ancrage.language import N_, say

USUAL_YEAR = 2026
"""For public holidays of a file whose cases name no year."""

CASE = TolerantRecord(
    Field("id", Text(), N_("Name of the case.")),
    Field("calendar", Text(), N_("The calendar asked; may be left out where there is one.")),
    Field("op", Choice(*Op), N_("What is asked."), required=True),
    Field("start", Instant(), N_("Start, for `deadline` and `elapsed`.")),
    Field("end", Instant(), N_("End, for `before` and `elapsed`.")),
    Field("at", Instant(), N_("The instant, for `next_working`.")),
    Field("date", Day(), N_("The local date, for `intervals` and `working_day`.")),
    Field("budget", DelayKind(), N_("Budget of the deadline.")),
    Field("roll", Choice("next", "none"), N_("Whether a last day that is not worked moves.")),
    Field("amount", BudgetKind(*HOURS_OR_DAYS), N_("How long before the end: `PT4H`, or `2wd` as for a reminder.")),
    Field("pauses", ListOf(SpanKind(), repeats=True), N_("Spans in which the clock stands.")),
    Field("title", shapes.AnyValue(), N_("For people.")),
    Field("note", shapes.AnyValue(), N_("For people.")),
    Field("expect", shapes.AnyValue(), N_("What is expected; not judged here.")),
    Field("answer", shapes.AnyValue(), N_("What is expected; not judged here.")),
)


def answer_questions(path: Path) -> tuple[tuple[Answer, ...], tuple[Problem, ...]]:
    """The answers to the cases of a file, in order, and its warnings. ProblemsFound with every problem when one has no answer."""
    document = read_yaml(path)
    problems = list(document.problems)
    answers: list[Answer] = []
    root = document.root
    if isinstance(root, MappingNode):
        sheet = Sheet(document, root)
        answers = _answer_all(sheet)
        problems += sheet.problems
    elif root is not None:
        problems.append(Problem("E-TYPE", say("a mapping with calendars and cases is expected here"), document.place(root)))
    problems.sort(key=lambda problem: (problem.place.line, problem.place.column) if problem.place else (0, 0))
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise ProblemsFound(say("{path} cannot be answered: {count} problems", path=str(path), count=len(problems)), problems)
    return tuple(answers), tuple(problems)


def _answer_all(sheet: Sheet) -> list[Answer]:
    year = min(_years(sheet), default=USUAL_YEAR)
    calendars = {
        name: build_calendar(sheet, name, raw, year)
        for name, raw in sheet.section("calendars", shapes.CALENDAR)
        if shapes.CALENDAR.is_complete(raw)
    }
    declared = [name for name, _ in sheet.entries("calendars")]
    cases = sheet.root.entries.get("cases")
    if not isinstance(cases, SequenceNode):
        sheet.missing("cases") if cases is None else sheet.reading.wrong_type(cases, say("a list of cases"))
        return []
    answers = []
    for position, node in enumerate(cases.items):
        raw = CASE.read(node, sheet.reading)
        question = None if isinstance(raw, Refused) else _question(sheet, position, raw, calendars, declared)
        if question is not None:
            answers += _answer(sheet, position, question)
    return answers


def _years(sheet: Sheet) -> list[int]:
    """Years of the cases, read ahead: public holidays are resolved for the years around them."""
    cases = sheet.root.entries.get("cases")
    items = cases.items if isinstance(cases, SequenceNode) else []
    texts = [getattr(item.get(key), "text", "") for item in items for key in ("start", "end", "at", "date")]
    return [int(text[:4]) for text in texts if re.match(r"[1-9]\d{3}-", text)]


def _question(
    sheet: Sheet, position: int, raw: Mapping[str, Any], calendars: Mapping[str, Calendar], declared: list[str]
) -> Question | None:
    name = raw.get("calendar", declared[0] if len(declared) == 1 else None)
    if name is None:
        sheet.missing("calendar", "cases", position)
    elif not sheet.check_name("calendar", name, declared, "cases", position, "calendar"):
        name = None
    written = getattr(sheet.root.get("cases", position), "entries", {})
    needed = NEEDED[raw["op"]] if "op" in raw else ()
    for key in needed:
        if key not in written:
            sheet.missing(key, "cases", position)
    if name not in calendars or "op" not in raw or any(key not in raw for key in needed):
        return None
    budget = raw.get("budget")
    if isinstance(budget, CalendarSpan) and raw.get("roll") == "none":
        budget = replace(budget, roll=False)
    return Question(
        raw.get("id", str(position + 1)), Op(raw["op"]), calendars[name], raw.get("start"), raw.get("end"), raw.get("at"), raw.get("date"),
        budget, raw.get("amount"), pauses_of(raw.get("pauses", ())),
    )  # fmt: skip


def _answer(sheet: Sheet, position: int, question: Question) -> list[Answer]:
    try:
        return [answer(question)]
    except NoWorkingTime as error:
        sheet.refuse("E-CAL-EMPTY", error.message, "cases", position, hint=say("give the calendar working time there"))
        return []
