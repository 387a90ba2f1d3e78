"""Requirements scored 0 to 4 to goals met and levels of groups (ASM-F1 to F7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from ancrage.domain.assessment.methods.cmmi_areas import explain_level
from ancrage.domain.assessment.methods.fitsm6 import HIGHEST, RequirementStatus, requirement_status
from ancrage.domain.assessment.methods.numbers import mean
from ancrage.domain.assessment.sheets.base import Answer, Record, Sheet, natural
from ancrage.domain.assessment.sheets.cells import Agreed, CellReader, number_in, yes_no_in
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.domain.assessment.sheets.shared import ModelPractices, why_record
from ancrage.domain.assessment.types import (
    LEVEL_NOT_APPLICABLE,
    LEVEL_NOT_ASSESSED,
    NO_LEVEL,
    CapabilityLevel,
    Reason,
    Standing,
)
from ancrage.domain.reference_model import ReferenceModel
from ancrage.language import say

SCORE_HELP = say("a whole number from 0 to 4, NA, or empty")
GOAL_HELP = say("a whole number from 1 to 4")


class _Requirement(NamedTuple):
    process: str
    group: str
    requirement: str


_Group = tuple[str, str]


class _Scored(NamedTuple):
    key: _Requirement
    score: int | None
    standing: Standing
    goal: int | None
    status: RequirementStatus


def score_fitsm6(sheet: Sheet, _options: Mapping[str, str], model: ReferenceModel | None, faults: Faults) -> Answer:
    """Status of every requirement, level and goal of every group, and our own overall figures."""
    reading = _Reading(sheet, faults, ModelPractices(model) if model else None)
    reading.gather()
    requirements = reading.requirements()
    members: dict[_Group, list[_Scored]] = defaultdict(list)
    for scored in requirements:
        members[scored.key.process, scored.key.group].append(scored)
    groups = [_group_record(members[group]) for group in sorted(members, key=natural)]
    return Answer(
        {
            "requirements": [_requirement_record(scored) for scored in requirements],
            "groups": groups,
            "overall": [_overall_record(requirements, groups)],
        }
    )


class _Reading:
    def __init__(self, sheet: Sheet, faults: Faults, model: ModelPractices | None) -> None:
        self._sheet = sheet
        self._reader = CellReader(sheet, faults)
        self._model = model
        self._goals: Agreed[int] = Agreed(self._reader, "goal")
        self._lines: dict[_Requirement, int] = {}
        self._values: dict[_Requirement, int | Standing] = {}
        self._scope: dict[_Requirement, bool] = {}

    def gather(self) -> None:
        """Read every row, then add what the model has and the file has not."""
        for line, cells in self._sheet.pick("process", "group", "requirement", "score", "goal", "scope"):
            self._take(line, *cells)
        if self._model:
            processes = {key.process for key in self._lines}
            for process in processes if self._model.affordable(len(processes), self._reader.faults) else ():
                for area, practice in self._model.of_process(process):
                    self._values.setdefault(_Requirement(process, area.id, practice.id), Standing.NOT_ASSESSED)

    def requirements(self) -> list[_Scored]:
        """Every requirement with its status (ASM-F3), in order."""
        return [self._scored(key) for key in sorted(self._values, key=natural)]

    def _take(self, line: int, process: str, group: str, requirement: str, score: str, goal: str, scope: str) -> None:
        value = self._reader.value(line, "score", score, _score_in, SCORE_HELP)
        wanted = self._reader.optional(line, "goal", goal, _goal_in, GOAL_HELP)
        in_scope = self._reader.optional(line, "scope", scope, yes_no_in, say("yes or no"))
        if not self._reader.required(line, "requirement", requirement):
            return
        if self._model:
            found = self._model.find(self._reader, line, "requirement", requirement, group)
            group = found[0].id if found else group
        key = _Requirement(process, group or requirement.rpartition(".")[0] or requirement, requirement)
        first = self._lines.setdefault(key, line)
        if first != line:
            self._reader.twice(line, say("requirement {requirement}", requirement=requirement), first)
            return
        self._goals.note((process, key.group), line, wanted)
        self._values[key] = Standing.NOT_RATED if value is None else value
        self._scope[key] = in_scope is not False

    def _scored(self, key: _Requirement) -> _Scored:
        value = self._values[key]
        score = None if isinstance(value, Standing) else value
        goal = self._goals.get((key.process, key.group))
        in_scope = self._scope.get(key, True) and value is not Standing.NOT_APPLICABLE
        standing = value if isinstance(value, Standing) else Standing.RATED
        return _Scored(key, score, standing, goal, requirement_status(in_scope, goal, score))


def _score_in(cell: str) -> int | None:
    number = number_in(cell)
    return int(number) if number is not None and number in range(HIGHEST + 1) else None


def _goal_in(cell: str) -> int | None:
    return _score_in(cell) or None


def _requirement_record(scored: _Scored) -> Record:
    return {**scored.key._asdict(), "score": scored.score, "standing": scored.standing, "goal": scored.goal, "status": scored.status}


def _group_record(members: Sequence[_Scored]) -> Record:
    inside = [scored for scored in members if scored.status is not RequirementStatus.OUT_OF_SCOPE]
    unscored = [scored for scored in inside if scored.score is None]
    scores = [scored.score for scored in inside if scored.score is not None]
    goal = members[0].goal
    not_met = [scored for scored in inside if scored.status is RequirementStatus.NOT_MET]
    goal_met = None if goal is None or not inside else not not_met and not unscored
    level = _group_level(inside, scores, unscored)
    weakest = [scored for scored in inside if scored.score is not None and scored.score == min(scores) < HIGHEST]
    return {
        "process": members[0].key.process, "group": members[0].key.group, "in_scope": bool(inside), "goal": goal,
        "goal_met": goal_met, "level": level.value, "level_state": level.state,
        "average": mean(Fraction(score) for score in scores),
        "not_met": [_shown(scored) for scored in not_met], "unscored": [_shown(scored) for scored in unscored],
        "out_of_scope": [scored.key.requirement for scored in members if scored.status is RequirementStatus.OUT_OF_SCOPE],
        "blockers": [_shown(scored) for scored in (*unscored, *weakest)],
        "why": why_record(_reasons(goal, goal_met, not_met, unscored, level)),
    }  # fmt: skip


def _group_level(inside: Sequence[_Scored], scores: Sequence[int], unscored: Sequence[_Scored]) -> CapabilityLevel:
    if not inside:
        return LEVEL_NOT_APPLICABLE
    if not unscored:
        return CapabilityLevel.determined(min(scores))
    nobody_asked = not scores and all(scored.standing is Standing.NOT_ASSESSED for scored in unscored)
    return LEVEL_NOT_ASSESSED if nobody_asked else NO_LEVEL


def _reasons(
    goal: int | None, goal_met: bool | None, not_met: Sequence[_Scored], unscored: Sequence[_Scored], level: CapabilityLevel
) -> list[Reason]:
    lines = [Reason("ASM-F5", explain_level(level))]
    if goal_met:
        lines.insert(0, Reason("ASM-F4", say("every requirement reaches the goal {goal}", goal=goal)))
    elif goal_met is not None:
        below, missing = _joined(not_met), _joined(unscored)
        text = say("goal {goal} is not met: {below} below it, {open} without a score", goal=goal, below=below, open=missing)
        lines.insert(0, Reason("ASM-F4", text))
    elif goal is None:
        lines.insert(0, Reason("ASM-F3", say("no goal is set")))
    return lines


def _overall_record(requirements: Sequence[_Scored], groups: Sequence[Record]) -> Record:
    inside = [group for group in groups if group["in_scope"]]
    undetermined = [_name(group) for group in inside if group["level"] is None]
    levels = [group["level"] for group in inside if isinstance(group["level"], int)]
    lowest = min(levels, default=None)
    aimed = [group for group in inside if group["goal"] is not None]
    meeting = [group for group in aimed if group["goal_met"]]
    judged = [scored for scored in requirements if scored.status not in (RequirementStatus.OUT_OF_SCOPE, RequirementStatus.NO_TARGET)]
    met = sum(scored.status is RequirementStatus.MET for scored in judged)
    return {
        "lowest_level": None if undetermined else lowest,
        "worst_groups": [_name(group) for group in inside if lowest is not None and group["level"] == lowest],
        "undetermined_groups": undetermined,
        "groups_with_goal": len(aimed), "groups_meeting_goal": len(meeting),
        "share_of_groups_meeting_goal": Fraction(len(meeting), len(aimed)) if aimed else None,
        "share_of_requirements_met": Fraction(met, len(judged)) if judged else None,
    }  # fmt: skip


def _name(group: Record) -> str:
    return " ".join(str(group[part]) for part in ("process", "group") if group[part])


def _shown(scored: _Scored) -> str:
    return f"{scored.key.requirement} ({scored.standing.value if scored.score is None else scored.score})"


def _joined(cells: Sequence[_Scored]) -> str:
    return ", ".join(_shown(scored) for scored in cells) or "0"
