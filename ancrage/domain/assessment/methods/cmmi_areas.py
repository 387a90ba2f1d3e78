"""Capability levels of the areas of a reference model by CMMI-style characterisation, and their explanation (ASM-C3, C4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ancrage.domain.assessment.methods.base import ABSENT, Answers, AreaTask, MethodOption, Values, count_standings, picker
from ancrage.domain.assessment.methods.cmmi import CODES, RANKS, conclude, rate_group
from ancrage.domain.assessment.types import (
    NOT_APPLICABLE,
    AreaResult,
    Blocker,
    CapabilityLevel,
    GroupResult,
    GroupStatus,
    Judgement,
    Reason,
)
from ancrage.domain.reference_model import Practice, PracticeArea, ReferenceModel
from ancrage.errors import Problem, ProblemsFound
from ancrage.language import N_, Message, say

WEAKNESSES = MethodOption(
    "weaknesses",
    "assume",
    say(
        "what stands for a missing judgement on the weaknesses of a group whose practices are all LI or FI: "
        "'assume' takes them as not significant and says so, 'ask' gives JUDGE until a person decides"
    ),
    ("assume", "ask"),
)


@dataclass(frozen=True, slots=True)
class _GroupView:
    """What one tuple of values makes of a group, whatever the process: rated once, shared by every process with the same values."""

    result: GroupResult
    weight: float
    weighted: float


class _GroupRater:
    def __init__(self, level: int, practices: Sequence[Practice], numbers: Mapping[str, float], ask: bool) -> None:
        self.level = level
        self.pick = picker(practices)
        self._practices = practices
        self._numbers = numbers
        self._ask = ask
        self._known: dict[Values, _GroupView] = {}

    def __call__(self, values: Values, judgement: Judgement | None) -> _GroupView:
        if judgement is not None:
            return self._view(values, judgement)
        view = self._known.get(values)
        if view is None:
            view = self._known[values] = self._view(values, None)
        return view

    def _view(self, values: Values, judgement: Judgement | None) -> _GroupView:
        weight = weighted = 0.0
        for practice, value in zip(self._practices, values, strict=True):
            number = self._numbers.get(value or ABSENT)
            if number is not None:
                weight += practice.weight
                weighted += practice.weight * number
        result = rate_group(self.level, [practice.id for practice in self._practices], values, judgement, ask=self._ask)
        return _GroupView(result, weight, weighted)


class _CmmiRater:
    def __init__(self, area: PracticeArea, numbers: Mapping[str, float], ask: bool) -> None:
        ordered = sorted(area.practices, key=lambda practice: practice.level)
        by_level = groupby(ordered, key=lambda practice: practice.level)
        self._groups = [_GroupRater(level, list(practices), numbers, ask) for level, practices in by_level]
        self._pick = picker(ordered)
        self._area = area.id

    def __call__(self, task: AreaTask, answers: Answers) -> AreaResult:
        views = [rate(rate.pick(answers), task.judgements.get(rate.level)) for rate in self._groups]
        groups = tuple([view.result for view in views])
        counts = count_standings(self._pick(answers))
        level, blockers = conclude(groups, counts)
        weight = sum([view.weight for view in views])
        return AreaResult(
            process=task.process,
            area=self._area,
            level=level,
            score=sum([view.weighted for view in views]) / weight if weight else None,
            groups=groups,
            blockers=blockers,
            counts=counts,
        )


class CmmiMethod:
    """Levels of practice areas whose practices carry a level; one group per area and level."""

    name = "cmmi"
    version = "1"
    rounding = "none"
    options: tuple[MethodOption, ...] = (WEAKNESSES,)

    def codes(self, model: ReferenceModel) -> frozenset[str]:
        strange = [value.code for value in model.scale if value.code not in CODES and value.code != NOT_APPLICABLE]
        if strange:
            message = say("scale value {code} of model {model} is not a characterisation", code=", ".join(strange), model=model.id)
            problem = Problem("E-SCALE-METHOD", message, hint=say("method cmmi knows {codes}", codes=", ".join(CODES)))
            raise ProblemsFound(say("model {model} does not suit method cmmi", model=model.id), [problem])
        return frozenset(value.code for value in model.scale) or frozenset(CODES)

    def rater(self, model: ReferenceModel, area: PracticeArea, options: Mapping[str, str]) -> _CmmiRater:
        declared = {value.code: value.number for value in model.scale if value.number is not None}
        numbers = {code: declared.get(code, rank) for code, rank in RANKS.items()}
        return _CmmiRater(area, numbers, ask=options["weaknesses"] == "ask")

    def explain(self, result: AreaResult) -> tuple[Reason, ...]:
        return explain_groups(result.groups, result.level)


def explain_groups(groups: Iterable[GroupResult], level: CapabilityLevel) -> tuple[Reason, ...]:
    """Why an area has its level: one line per group, then the level."""
    lines = [Reason("ASM-C3", _explain_group(group)) for group in groups]
    return (*lines, Reason("ASM-C4", explain_level(level)))


_GROUP_LINES = {
    GroupStatus.NOT_APPLICABLE: N_("level {level}: no practice applies"),
    GroupStatus.NOT_RATED: N_("level {level}: not rated, because {open} have no characterisation"),
    GroupStatus.JUDGE: N_("level {level}: people must judge {cells}"),
    GroupStatus.UNSATISFIED: N_("level {level}: not satisfied, because of {weaknesses}"),
    GroupStatus.SATISFIED: N_("level {level}: satisfied"),
}


def _explain_group(group: GroupResult) -> Message:
    if group.status is GroupStatus.SATISFIED and group.weaknesses:
        return _explain_accepted(group)
    if group.status is GroupStatus.UNSATISFIED and group.judgement is not None and group.judgement.significant:
        return say(
            "level {level}: not satisfied, because of {weaknesses}, whose effect together {by} judged significant",
            level=group.level,
            weaknesses=_list(group.weaknesses),
            by=group.judgement.by,
        )
    return Message(
        _GROUP_LINES[group.status],
        {
            "level": group.level,
            "open": _list(group.open),
            "weaknesses": _list(group.weaknesses),
            "cells": _list(group.open + group.weaknesses),
        },
    )


def _explain_accepted(group: GroupResult) -> Message:
    if group.judgement is None:
        return say(
            "level {level}: satisfied, taking the weaknesses {weaknesses} as not significant: nobody recorded a judgement",
            level=group.level,
            weaknesses=_list(group.weaknesses),
        )
    return say(
        "level {level}: satisfied; {by} judged the weaknesses {weaknesses} not significant",
        level=group.level,
        by=group.judgement.by,
        weaknesses=_list(group.weaknesses),
    )


def _list(cells: Iterable[Blocker]) -> str:
    return ", ".join(f"{cell.practice} ({cell.value})" if cell.value else cell.practice for cell in cells)


def explain_level(level: CapabilityLevel) -> Message:
    """The level in words, with why there is none."""
    if level.value is None:
        return say("no level: {state}", state=STATES[level.state.value])
    if level.at_least:
        return say("level {level} at least: the next one waits for answers", level=level.value)
    return say("level {level}", level=level.value)


STATES = {
    "not_determined": say("not determined while an answer is missing"),
    "not_applicable": say("not applicable"),
    "not_assessed": say("not assessed: nobody was asked"),
}
