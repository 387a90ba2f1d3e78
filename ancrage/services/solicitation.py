"""What a campaign costs its people before it is launched, and what could be left out (ASM-K10)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

from ancrage.domain.assessment.solicitation import BudgetCheck, CutReason, PersonLoad, Question, check_budget
from ancrage.domain.assessment.types import CellKey
from ancrage.domain.programme import Programme
from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import Problem
from ancrage.language import say

CUTS_SHOWN = 5

Asked = Mapping[str, Sequence[CellKey]]


def check_solicitation(programme: Programme, model: ReferenceModel, asked: Asked, standing: frozenset[CellKey]) -> BudgetCheck:
    """What each person is asked, against their minutes; `standing` are cells whose last answer is still valid."""
    minutes = {practice.id: practice.minutes for area in model.areas for practice in area.practices}
    distances = distances_to_objectives(programme)
    questions = [
        Question(person, cell, minutes[cell.practice], cell in standing, distances.get(cell.process))
        for person, cells in asked.items()
        for cell in cells
    ]
    people = programme.organisation.people
    budgets = {person: own for person in asked if (own := people[person].assessment_minutes) is not None}
    return check_budget(questions, budgets, programme.defaults.assessment_minutes)


def distances_to_objectives(programme: Programme) -> dict[str, int]:
    """Flows between each process and the nearest one that serves an objective; processes linked to none are missing."""
    neighbours: dict[str, set[str]] = {process: set() for process in programme.processes}
    for link in programme.links.values():
        if link.source in neighbours and link.target in neighbours:
            neighbours[link.source].add(link.target)
            neighbours[link.target].add(link.source)
    found = {process.id: 0 for process in programme.processes.values() if process.objectives}
    queue = deque(found)
    while queue:
        here = queue.popleft()
        for other in sorted(neighbours[here] - found.keys()):
            found[other] = found[here] + 1
            queue.append(other)
    return found


def solicitation_problems(check: BudgetCheck) -> Iterator[Problem]:
    """One problem per person beyond their minutes, with the questions that would bring them back."""
    for load in check.loads:
        if load.over:
            yield Problem("E-SOLICITATION", load.explain(), hint=say("leave out: {cuts}{more}", cuts=_cuts(load), more=_more(load)))


def _cuts(load: PersonLoad) -> str:
    shown = [f"{cut.question.cell.practice} / {cut.question.cell.process} ({cut.reason.value})" for cut in load.cuts[:CUTS_SHOWN]]
    return ", ".join(shown) or "-"


def _more(load: PersonLoad) -> str:
    left = len(load.cuts) - CUTS_SHOWN
    return f" +{left}" if left > 0 else ""


def cut_to_budget(check: BudgetCheck) -> tuple[frozenset[tuple[str, CellKey]], frozenset[CellKey]]:
    """The cuts proposed for everybody: (person, cell) pairs that are not asked, and the cells whose valid answer stands instead."""
    cuts = [(load.person, cut) for load in check.loads for cut in load.cuts]
    left_out = frozenset((person, cut.question.cell) for person, cut in cuts)
    standing = frozenset(cut.question.cell for _, cut in cuts if cut.reason is CutReason.STILL_VALID)
    return left_out, standing
