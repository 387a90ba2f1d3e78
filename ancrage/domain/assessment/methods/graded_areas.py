"""DSOMM and weighted scores as methods of a reference model (ASM-D2, W1, W2): numbers of the scale, means of them, whole levels."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor

from ancrage.domain.assessment.methods.base import Answers, AreaTask, MethodOption, as_blocker, count_standings, picker
from ancrage.domain.assessment.methods.cmmi import conclude
from ancrage.domain.assessment.methods.cmmi_areas import explain_groups, explain_level
from ancrage.domain.assessment.methods.numbers import mean
from ancrage.domain.assessment.methods.weighted import Scored, weighted_average
from ancrage.domain.assessment.types import (
    LEVEL_NOT_APPLICABLE,
    LEVEL_NOT_ASSESSED,
    NO_LEVEL,
    NOT_APPLICABLE,
    AreaResult,
    Blocker,
    CapabilityLevel,
    Counts,
    GroupResult,
    GroupStatus,
    Reason,
)
from ancrage.domain.reference_model import PracticeArea, ReferenceModel
from ancrage.errors import Problem, ProblemsFound
from ancrage.language import Message, say

Cells = list[tuple[str, str | None]]


def _numbers(model: ReferenceModel, method: str, highest: Fraction | None) -> dict[str, Fraction]:
    """What each code is worth; ProblemsFound where a code has no number, or one outside 0 to `highest`."""
    worth = {value.code: _number(value.code, value.number) for value in model.scale if value.code != NOT_APPLICABLE}
    strange = [code for code, number in worth.items() if number is None or number < 0 or (highest is not None and number > highest)]
    if strange:
        message = say("scale value {code} of model {model} has no number that counts", code=", ".join(strange), model=model.id)
        hint = say("give each value a number from 0 to {highest}", highest="1" if highest else "...")
        refusal = say("model {model} does not suit method {method}", model=model.id, method=method)
        raise ProblemsFound(refusal, [Problem("E-SCALE-METHOD", message, hint=hint)])
    return {code: number for code, number in worth.items() if number is not None}


def _number(code: str, number: float | None) -> Fraction | None:
    if number is not None:
        return Fraction(str(number))
    return Fraction(code) if code.isdecimal() and code.isascii() else None


def _silent(counts: Counts) -> int:
    return counts.not_rated + counts.not_assessed + counts.judge


class _DsommRater:
    def __init__(self, area: PracticeArea, worth: Mapping[str, Fraction]) -> None:
        self._area = area
        self._pick = picker(area.practices)
        self._worth = worth
        self._levels = sorted({practice.level for practice in area.practices})

    def __call__(self, task: AreaTask, answers: Answers) -> AreaResult:
        values = self._pick(answers)
        counts = count_standings(values)
        groups = tuple(self._group(level, values) for level in self._levels)
        level, blockers = conclude(groups, counts)
        shares = [self._worth.get(value or "", Fraction(0)) for value in values if value != NOT_APPLICABLE]
        share = mean(shares) if counts.rated else None
        return AreaResult(task.process, self._area.id, level, None if share is None else float(share), groups, blockers, counts)

    def _group(self, level: int, values: tuple[str | None, ...]) -> GroupResult:
        cells: Cells = [(practice.id, value) for practice, value in zip(self._area.practices, values, strict=True)
                        if practice.level == level and value != NOT_APPLICABLE]  # fmt: skip
        if not cells:
            return GroupResult(level, GroupStatus.NOT_APPLICABLE)
        open_cells = tuple(as_blocker(name, value) for name, value in cells if (value or "") not in self._worth)
        weak = tuple(Blocker(name, value) for name, value in cells if self._worth.get(value or "", Fraction(1)) < 1)
        status = GroupStatus.UNSATISFIED if weak else GroupStatus.NOT_RATED if open_cells else GroupStatus.SATISFIED
        return GroupResult(level, status, open_cells, weak)


class DsommMethod:
    """Areas are sub-dimensions, practices are activities with their level; the score is the mean share of a sub-dimension (ASM-D2).

    DSOMM itself gives no level; ours is the highest one up to which every activity is fully there.
    """

    name = "dsomm"
    version = "1"
    rounding = "none"
    options: tuple[MethodOption, ...] = ()

    def codes(self, model: ReferenceModel) -> frozenset[str]:
        return frozenset(_numbers(model, self.name, Fraction(1)))

    def rater(self, model: ReferenceModel, area: PracticeArea, _options: Mapping[str, str]) -> _DsommRater:
        return _DsommRater(area, _numbers(model, self.name, Fraction(1)))

    def explain(self, result: AreaResult) -> tuple[Reason, ...]:
        lines = [Reason("ASM-D2", reason.message) for reason in explain_groups(result.groups, result.level)]
        if result.score is not None:
            text = say("share {share}, the mean of its activities; without an answer counts 0", share=f"{result.score:.0%}")
            lines.append(Reason("ASM-D2", text))
        return tuple(lines)


class _WeightedRater:
    def __init__(self, area: PracticeArea, worth: Mapping[str, Fraction]) -> None:
        self._area = area
        self._pick = picker(area.practices)
        self._worth = worth
        self._weights = [Fraction(str(practice.weight)) for practice in area.practices]
        self._highest = max(worth.values(), default=Fraction(0))

    def __call__(self, task: AreaTask, answers: Answers) -> AreaResult:
        values = self._pick(answers)
        counts = count_standings(values)
        numbers = [self._worth.get(value or "") for value in values]
        scored = [Scored(number, weight) for number, weight in zip(numbers, self._weights, strict=True) if number is not None]
        score = weighted_average(scored)
        lowest = min((one.score for one in scored), default=self._highest)
        cells = list(zip(self._area.practices, values, numbers, strict=True))
        open_cells = tuple(as_blocker(it.id, value) for it, value, number in cells if number is None and value != NOT_APPLICABLE)
        weak = tuple(Blocker(it.id, value) for it, value, number in cells if number == lowest and lowest < self._highest)
        group = _weighted_group(task.goal, score, open_cells, weak, counts)
        level = _weighted_level(score, counts)
        return AreaResult(
            task.process, self._area.id, level, None if score is None else float(score), (group,), open_cells + weak, counts
        )


def _weighted_level(score: Fraction | None, counts: Counts) -> CapabilityLevel:
    if score is not None:
        return NO_LEVEL if _silent(counts) else CapabilityLevel.determined(floor(score))
    if not _silent(counts):
        return LEVEL_NOT_APPLICABLE
    return LEVEL_NOT_ASSESSED if counts.not_assessed == _silent(counts) else NO_LEVEL


def _weighted_group(
    goal: int | None, score: Fraction | None, open_cells: tuple[Blocker, ...], weak: tuple[Blocker, ...], counts: Counts
) -> GroupResult:
    if score is None and not _silent(counts):
        return GroupResult(goal or 0, GroupStatus.NOT_APPLICABLE)
    if goal is None:
        return GroupResult(0, GroupStatus.NO_TARGET, open_cells, weak)
    if open_cells or score is None:
        return GroupResult(goal, GroupStatus.NOT_RATED, open_cells, weak)
    return GroupResult(goal, GroupStatus.SATISFIED if score >= goal else GroupStatus.UNSATISFIED, (), weak)


class WeightedMethod:
    """Scores on a numbered scale: the weighted average of an area, and the whole levels it has reached (ASM-W1, W2)."""

    name = "weighted"
    version = "1"
    rounding = "down to the whole level"
    options: tuple[MethodOption, ...] = ()

    def codes(self, model: ReferenceModel) -> frozenset[str]:
        return frozenset(_numbers(model, self.name, None))

    def rater(self, model: ReferenceModel, area: PracticeArea, _options: Mapping[str, str]) -> _WeightedRater:
        return _WeightedRater(area, _numbers(model, self.name, None))

    def explain(self, result: AreaResult) -> tuple[Reason, ...]:
        lines = [Reason("ASM-W1", explain_level(result.level))]
        if result.score is not None:
            lines.insert(0, Reason("ASM-W1", say("average {score}, by weight", score=f"{result.score:.2f}")))
        if _silent(result.counts):
            lines.append(Reason("ASM-W2", _left_out(result.counts)))
        return tuple(lines)


def _left_out(counts: Counts) -> Message:
    return say("{count} without a score were left out", count=_silent(counts))
