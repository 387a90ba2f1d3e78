"""The solicitation budget: minutes per person and campaign, and what to cut when it does not hold (ASM-K10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ancrage.domain.assessment.types import CellKey
from ancrage.language import Message, say


@dataclass(frozen=True, slots=True)
class Question:
    """One cell asked of one person. `distance` counts flows from the process to the nearest one that serves an objective.

    0 serves an objective itself, None is linked to none at all. `still_valid`: the last answer has not expired.
    """

    person: str
    cell: CellKey
    minutes: float
    still_valid: bool = False
    distance: int | None = 0


class CutReason(StrEnum):
    """Why a question can be left out, the best reason first."""

    STILL_VALID = "still_valid"
    FAR_FROM_OBJECTIVES = "far_from_objectives"


@dataclass(frozen=True, slots=True)
class Cut:
    """A question to leave out, and the minutes it gives back."""

    question: Question
    reason: CutReason


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """What a campaign asks of one person, in minutes. `cuts` would bring it within `budget`; `still_over` is what they cannot save."""

    person: str
    asked: float
    budget: float | None
    cuts: tuple[Cut, ...] = ()
    still_over: float = 0.0

    @property
    def over(self) -> float:
        """Minutes beyond the budget; 0 within it or without one."""
        return 0.0 if self.budget is None else max(0.0, self.asked - self.budget)

    def explain(self) -> Message:
        if self.budget is None or not self.over:
            return say("{person} is asked for {asked} minutes, within the budget", person=self.person, asked=_minutes(self.asked))
        if self.still_over:
            return say(
                "{person} is asked for {asked} minutes of {budget}; leaving out {count} questions still leaves {over} too many",
                person=self.person, asked=_minutes(self.asked), budget=_minutes(self.budget), count=len(self.cuts),
                over=_minutes(self.still_over),
            )  # fmt: skip
        return say(
            "{person} is asked for {asked} minutes of {budget}; leaving out {count} questions is enough",
            person=self.person, asked=_minutes(self.asked), budget=_minutes(self.budget), count=len(self.cuts),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BudgetCheck:
    """Loads by person, the most overloaded first. A campaign launches only when `holds`."""

    loads: tuple[PersonLoad, ...]

    @property
    def holds(self) -> bool:
        return not any(load.over for load in self.loads)


def check_budget(questions: Iterable[Question], budgets: Mapping[str, float], default_minutes: float | None = None) -> BudgetCheck:
    """Compare what each person is asked with their minutes, and say what to cut: still-valid answers, then the farthest cells.

    `budgets` are minutes by person; `default_minutes` holds for the others (None: no bound). A question that serves an objective
    itself and has no valid answer is never proposed for cutting.
    """
    by_person: dict[str, list[Question]] = defaultdict(list)
    for question in questions:
        by_person[question.person].append(question)
    loads = [_load(person, asked, budgets.get(person, default_minutes)) for person, asked in by_person.items()]
    return BudgetCheck(tuple(sorted(loads, key=lambda load: (-load.over, load.person))))


def _load(person: str, asked: Sequence[Question], budget: float | None) -> PersonLoad:
    total = sum(question.minutes for question in asked)
    cuts: list[Cut] = []
    over = 0.0 if budget is None else total - budget
    for cut in _cuttable(asked):
        if over <= 0:
            break
        cuts.append(cut)
        over -= cut.question.minutes
    return PersonLoad(person, total, budget, tuple(cuts), max(0.0, over))


def _cuttable(asked: Iterable[Question]) -> list[Cut]:
    found = [
        Cut(question, CutReason.STILL_VALID if question.still_valid else CutReason.FAR_FROM_OBJECTIVES)
        for question in asked
        if question.still_valid or question.distance is None or question.distance > 0
    ]
    return sorted(found, key=_best_cut_first)


def _best_cut_first(cut: Cut) -> tuple[bool, float, CellKey]:
    distance = cut.question.distance
    return (cut.reason is not CutReason.STILL_VALID, float("-inf") if distance is None else -distance, cut.question.cell)


def _minutes(value: float) -> str:
    return f"{value:g}"
