"""CMMI-style characterisation: units, goals or practice groups, capability levels, maturity level (ASM-C1 to C5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ancrage.domain.assessment.methods.base import (
    ABSENT,
    Answers,
    AreaTask,
    MethodOption,
    Values,
    as_blocker,
    count_standings,
    picker,
)
from ancrage.domain.assessment.types import (
    JUDGE,
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
    Judgement,
    Reason,
)
from ancrage.domain.reference_model import Practice, PracticeArea, ReferenceModel
from ancrage.errors import Problem, ProblemsFound
from ancrage.language import N_, Message, say

FULLY, LARGELY, PARTIALLY, NOT_IMPLEMENTED, NOT_YET = CODES = ("FI", "LI", "PI", "NI", "NY")
RANKS = {NOT_IMPLEMENTED: 0.0, PARTIALLY: 1.0, LARGELY: 2.0, FULLY: 3.0}
"""Order of the characterisations, and their number in the trend score where the model declares none. NY has no rank."""

WEAKNESSES = MethodOption(
    "weaknesses",
    "assume",
    say(
        "what stands for a missing judgement on the weaknesses of a group whose practices are all LI or FI: "
        "'assume' takes them as not significant and says so, 'ask' gives JUDGE until a person decides"
    ),
    ("assume", "ask"),
)


def characterise(values: Iterable[str]) -> str:
    """The characterisation of an organisational unit from its practice instances (ASM-C2): a code, `NA`, or `JUDGE`.

    Instances that do not apply are left out; NY is ignored beside others. Nothing to characterise from is NY where at least one
    instance is NY, `NA` where none applies. The order of instances never matters.
    """
    instances = set(values)
    applicable = instances - {NOT_APPLICABLE}
    if not applicable:
        return NOT_APPLICABLE if instances else NOT_YET
    present = applicable - {NOT_YET}
    if not present:
        return NOT_YET
    if len(present) == 1:
        return present.pop()
    return LARGELY if present == {FULLY, LARGELY} else JUDGE


def judge_group(values: Values, judgement: bool | None, *, ask: bool = False) -> GroupStatus:
    """Status of a goal or practice group from the values of its practices (ASM-C3).

    `values` holds codes, `NA`, `JUDGE`, None (asked, no answer) or "" (nobody asked). `judgement` is the recorded answer to "do the
    weaknesses together have a significant negative effect?"; None is "not recorded", which counts as no unless `ask`. Missing and
    NY come first: a group that could not be looked at whole is not Unsatisfied but Not Rated.
    """
    present = set(values) - {NOT_APPLICABLE}
    if not present:
        return GroupStatus.NOT_APPLICABLE
    if present & {None, ABSENT, NOT_YET}:
        return GroupStatus.NOT_RATED
    if JUDGE in present:
        return GroupStatus.JUDGE
    if present & {PARTIALLY, NOT_IMPLEMENTED} or (judgement and LARGELY in present):
        return GroupStatus.UNSATISFIED
    return GroupStatus.JUDGE if ask and judgement is None and LARGELY in present else GroupStatus.SATISFIED


def reach_level(groups: Sequence[tuple[int, GroupStatus]]) -> tuple[int, int | None]:
    """The highest level up to which every group is satisfied (ASM-C4), and the index of the group that stops the climb.

    `groups` ascend by level. A group that does not apply never blocks and never lifts: the level is that of the last satisfied
    group. The index is None when nothing stops.
    """
    reached = 0
    for index, (level, status) in enumerate(groups):
        if status is GroupStatus.SATISFIED:
            reached = level
        elif status is not GroupStatus.NOT_APPLICABLE:
            return reached, index
    return reached, None


def determine_maturity(areas: Iterable[tuple[int, Sequence[tuple[int, GroupStatus]]]]) -> tuple[int, bool]:
    """The maturity level of an organisation (ASM-C5), and whether a group not rated or not judged stops it.

    `areas` gives for each practice area its maturity level and its groups as (capability level, status). At maturity level k every
    area of level k and below has each of its groups up to max(own level, min(k, 3)) Satisfied or N/A: from 3 up the level-2 areas
    also satisfy their level-3 groups. Level 1 where no area asks more; 0 where an area of level 1 fails.
    """
    staged = list(areas)
    reached = 1 if staged and all(own > 1 for own, _ in staged) else 0
    for wanted in sorted({own for own, _ in staged}):
        statuses = {status for own, groups in staged if own <= wanted for level, status in groups if level <= max(own, min(wanted, 3))}
        if statuses <= {GroupStatus.SATISFIED, GroupStatus.NOT_APPLICABLE}:
            reached = wanted
        else:
            return reached, GroupStatus.UNSATISFIED not in statuses
    return reached, False


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
        status = judge_group(values, judgement.significant if judgement else None, ask=self._ask)
        open_cells: list[Blocker] = []
        weaknesses: list[Blocker] = []
        weight = weighted = 0.0
        for practice, value in zip(self._practices, values, strict=True):
            number = self._numbers.get(value or ABSENT)
            if number is not None:
                weight += practice.weight
                weighted += practice.weight * number
            if value not in (FULLY, NOT_APPLICABLE):
                (open_cells if number is None else weaknesses).append(as_blocker(practice.id, value))
        return _GroupView(GroupResult(self.level, status, tuple(open_cells), tuple(weaknesses), judgement), weight, weighted)


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
        level, stopped = _area_level(groups, counts)
        weight = sum([view.weight for view in views])
        return AreaResult(
            process=task.process,
            area=self._area,
            level=level,
            score=sum([view.weighted for view in views]) / weight if weight else None,
            groups=groups,
            blockers=() if stopped is None else blocking_cells(stopped),
            counts=counts,
        )


def _area_level(groups: Sequence[GroupResult], counts: Counts) -> tuple[CapabilityLevel, GroupResult | None]:
    """Level of an area and the group that stops it, if any."""
    reached, index = reach_level([(group.level, group.status) for group in groups])
    if index is None:
        return (CapabilityLevel.determined(reached) if reached else LEVEL_NOT_APPLICABLE), None
    stopped = groups[index]
    if stopped.status is GroupStatus.UNSATISFIED:
        return CapabilityLevel.determined(reached), stopped
    if reached == 0:
        nobody_asked = counts.not_assessed and not (counts.rated or counts.not_rated or counts.judge)
        return (LEVEL_NOT_ASSESSED if nobody_asked else NO_LEVEL), stopped
    may_rise = all(cell.value == LARGELY for cell in stopped.weaknesses)
    return CapabilityLevel.determined(reached, at_least=may_rise), stopped


def blocking_cells(group: GroupResult) -> tuple[Blocker, ...]:
    """What must change before a group that stopped the climb can be satisfied: open cells first, then what is below largely.

    LI blocks only where nothing worse does: then it is the weaknesses together that were judged, or wait to be.
    """
    worse = tuple(cell for cell in group.weaknesses if cell.value != LARGELY)
    return (group.open + worse) or group.weaknesses


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
        lines = [Reason("ASM-C3", _explain_group(group)) for group in result.groups]
        return (*lines, Reason("ASM-C4", explain_level(result.level)))


_GROUP_LINES = {
    GroupStatus.NOT_APPLICABLE: N_("level {level}: no practice applies"),
    GroupStatus.NOT_RATED: N_("level {level}: not rated, because {open} have no characterisation"),
    GroupStatus.JUDGE: N_("level {level}: a person must judge {open}{weaknesses}"),
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
    return Message(_GROUP_LINES[group.status], {"level": group.level, "open": _list(group.open), "weaknesses": _list(group.weaknesses)})


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
