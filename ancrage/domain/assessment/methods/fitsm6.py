"""FitSM-6: requirements scored 0 to 4 against a goal per group (ASM-F1 to F7)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ancrage.domain.assessment.methods.base import ABSENT, Answers, AreaTask, MethodOption, Values, as_blocker, count_standings, picker
from ancrage.domain.assessment.methods.cmmi_areas import explain_level
from ancrage.domain.assessment.types import (
    JUDGE,
    LEVEL_NOT_APPLICABLE,
    LEVEL_NOT_ASSESSED,
    NO_LEVEL,
    NOT_APPLICABLE,
    AreaResult,
    Blocker,
    CapabilityLevel,
    GroupResult,
    GroupStatus,
    Reason,
)
from ancrage.domain.reference_model import PracticeArea, ReferenceModel
from ancrage.errors import Problem, ProblemsFound
from ancrage.language import Message, say

HIGHEST = 4


class RequirementStatus(StrEnum):
    """What a requirement is against its group's goal; the first that matches wins (ASM-F3)."""

    OUT_OF_SCOPE = "out_of_scope"
    NO_TARGET = "no_target"
    NO_RESULT = "no_result"
    MET = "met"
    NOT_MET = "not_met"


def requirement_status(in_scope: bool, goal: int | None, score: float | None) -> RequirementStatus:
    """Status of one requirement (ASM-F3). `score` None is unscored, which is not 0 (ASM-F1)."""
    if not in_scope:
        return RequirementStatus.OUT_OF_SCOPE
    if goal is None:
        return RequirementStatus.NO_TARGET
    if score is None:
        return RequirementStatus.NO_RESULT
    return RequirementStatus.MET if score >= goal else RequirementStatus.NOT_MET


class _FitsmRater:
    def __init__(self, area: PracticeArea, scores: Mapping[str, float]) -> None:
        self._area = area.id
        self._practices = area.practices
        self._pick = picker(area.practices)
        self._scores = scores
        self._unscored = frozenset({ABSENT, None, JUDGE})

    def __call__(self, task: AreaTask, answers: Answers) -> AreaResult:
        values = self._pick(answers)
        scores = [self._scores.get(value or ABSENT) for value in values]
        scored = [score for score in scores if score is not None]
        lowest = min(scored, default=None)
        open_cells: tuple[Blocker, ...] = ()
        if not self._unscored.isdisjoint(values):
            open_cells = self._cells(values, [value in self._unscored for value in values])
        weakest = self._cells(values, [score == lowest for score in scores]) if lowest is not None and lowest < HIGHEST else ()
        below = self._cells(values, [score is not None and score < task.goal for score in scores]) if task.goal else ()
        return AreaResult(
            process=task.process,
            area=self._area,
            level=_group_level(lowest, values, open_cells),
            score=sum(scored) / len(scored) if scored else None,
            groups=(_rate_group(task.goal, lowest, open_cells, below),),
            blockers=open_cells + weakest,
            counts=count_standings(values),
        )

    def _cells(self, values: Values, chosen: list[bool]) -> tuple[Blocker, ...]:
        return tuple([as_blocker(self._practices[index].id, values[index]) for index, wanted in enumerate(chosen) if wanted])


def _group_level(lowest: float | None, values: Values, open_cells: tuple[Blocker, ...]) -> CapabilityLevel:
    """ASM-F5: the lowest requirement score; not determined while one is unscored."""
    if lowest is not None:
        return NO_LEVEL if open_cells else CapabilityLevel.determined(int(lowest))
    if not open_cells:
        return LEVEL_NOT_APPLICABLE
    return LEVEL_NOT_ASSESSED if set(values) <= {ABSENT, NOT_APPLICABLE} else NO_LEVEL


def _rate_group(goal: int | None, lowest: float | None, open_cells: tuple[Blocker, ...], below: tuple[Blocker, ...]) -> GroupResult:
    """ASM-F4: a group meets its goal only if every requirement does; unscored fails."""
    if lowest is None and not open_cells:
        return GroupResult(goal or 0, GroupStatus.NOT_APPLICABLE)
    if goal is None:
        return GroupResult(0, GroupStatus.NO_TARGET, open_cells)
    status = GroupStatus.UNSATISFIED if below or open_cells else GroupStatus.SATISFIED
    return GroupResult(goal, status, open_cells, below)


class Fitsm6Method:
    """One group per practice area; its goal is the target set for the area."""

    name = "fitsm6"
    version = "1"
    rounding = "none"
    options: tuple[MethodOption, ...] = ()

    def codes(self, model: ReferenceModel) -> frozenset[str]:
        return frozenset(self._scores(model))

    def rater(self, model: ReferenceModel, area: PracticeArea, _options: Mapping[str, str]) -> _FitsmRater:
        return _FitsmRater(area, self._scores(model))

    def explain(self, result: AreaResult) -> tuple[Reason, ...]:
        lines = [Reason("ASM-F4", _explain_goal(result.groups[0])), Reason("ASM-F5", explain_level(result.level))]
        if result.score is not None:
            lines.append(Reason("ASM-F6", say("average {score}, a trend that decides nothing", score=f"{result.score:.2f}")))
        return tuple(lines)

    def _scores(self, model: ReferenceModel) -> dict[str, float]:
        if not model.scale:
            return {str(score): float(score) for score in range(HIGHEST + 1)}
        scores = {value.code: _score(value.code, value.number) for value in model.scale if value.code != NOT_APPLICABLE}
        strange = [code for code, score in scores.items() if score not in range(HIGHEST + 1)]
        if strange:
            message = say("scale value {code} of model {model} is not a score", code=", ".join(strange), model=model.id)
            problem = Problem("E-SCALE-METHOD", message, hint=say("method fitsm6 knows whole scores from 0 to 4"))
            raise ProblemsFound(say("model {model} does not suit method fitsm6", model=model.id), [problem])
        return {code: score for code, score in scores.items() if score is not None}


def _score(code: str, number: float | None) -> float | None:
    if number is not None:
        return number
    return float(code) if code.isdecimal() else None


def _explain_goal(group: GroupResult) -> Message:
    if group.status is GroupStatus.NOT_APPLICABLE:
        return say("no requirement applies")
    if group.status is GroupStatus.NO_TARGET:
        return say("no goal is set")
    if group.status is GroupStatus.SATISFIED:
        return say("goal {goal} is met by every requirement", goal=group.level)
    return say(
        "goal {goal} is not met: {below} below it, {open} without a score",
        goal=group.level,
        below=_names(group.weaknesses),
        open=_names(group.open),
    )


def _names(cells: tuple[Blocker, ...]) -> str:
    return ", ".join(f"{cell.practice} ({cell.value})" if cell.value else cell.practice for cell in cells) or "0"
