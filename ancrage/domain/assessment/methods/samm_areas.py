"""SAMM practices as areas of a reference model, their activities as practices (ASM-S1 to S3, S6)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor

from ancrage.domain.assessment.methods.base import (
    Answers,
    AreaTask,
    MethodOption,
    as_blocker,
    count_standings,
    picker,
    repeated,
    standing_of,
)
from ancrage.domain.assessment.methods.cmmi_areas import explain_level
from ancrage.domain.assessment.methods.samm import ANSWERS, LEVELS, STREAMS, Given, Score, activity_parts, average, score_stream
from ancrage.domain.assessment.types import (
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
from ancrage.language import say

_FULL = Fraction(1)
_PASSING = (GroupStatus.SATISFIED, GroupStatus.NOT_APPLICABLE)


class _SammRater:
    def __init__(self, area: PracticeArea, places: Mapping[str, tuple[str, int]], worth: Mapping[str, Fraction]) -> None:
        self._area = area.id
        self._places = [places[practice.id] for practice in area.practices]
        self._names = [practice.id for practice in area.practices]
        self._pick = picker(area.practices)
        self._worth = worth

    def __call__(self, task: AreaTask, answers: Answers) -> AreaResult:
        values = self._pick(answers)
        streams: dict[str, dict[int, Given]] = {stream: {} for stream in STREAMS}
        for (stream, level), value in zip(self._places, values, strict=True):
            worth = self._worth.get(value or "")
            streams[stream][level] = standing_of(value) if worth is None else worth
        score = average(score_stream(given) for given in streams.values())
        groups = tuple(self._group(level, values) for level in LEVELS)
        lacking = next((group for group in groups if group.status not in _PASSING), None)
        counts = count_standings(values)
        silent = counts.not_rated + counts.not_assessed + counts.judge
        return AreaResult(
            process=task.process,
            area=self._area,
            level=_level(score, counts.not_assessed == silent, silent > 0),
            score=None if score.score is None else float(score.score),
            groups=groups,
            blockers=() if lacking is None else lacking.open + lacking.weaknesses,
            counts=counts,
        )

    def _group(self, level: int, values: tuple[str | None, ...]) -> GroupResult:
        """The activities of one maturity level, of both streams."""
        own = [(name, value) for name, place, value in zip(self._names, self._places, values, strict=True) if place[1] == level]
        asked = [(name, value) for name, value in own if value != NOT_APPLICABLE]
        open_cells = tuple(as_blocker(name, value) for name, value in asked if (value or "") not in self._worth)
        weak = tuple(Blocker(name, value) for name, value in asked if self._worth.get(value or "", _FULL) < _FULL)
        if not asked:
            return GroupResult(level, GroupStatus.NOT_APPLICABLE)
        status = GroupStatus.NOT_RATED if open_cells else GroupStatus.UNSATISFIED if weak else GroupStatus.SATISFIED
        return GroupResult(level, status, open_cells, weak)


def _level(score: Score, nobody_asked: bool, silent: bool) -> CapabilityLevel:
    """The whole levels a practice's score has reached (ours: SAMM itself keeps the fraction); unanswered counts 0 (ASM-S3)."""
    if score.score is not None:
        return CapabilityLevel.determined(floor(score.score), at_least=silent)
    if not silent:
        return LEVEL_NOT_APPLICABLE
    return LEVEL_NOT_ASSESSED if nobody_asked else NO_LEVEL


class SammMethod:
    """Areas are security practices, practices are activities by their codes (`D-SA-A-1`)."""

    name = "samm"
    version = "1"
    rounding = "down to the whole level"
    options: tuple[MethodOption, ...] = ()

    def codes(self, model: ReferenceModel) -> frozenset[str]:
        strange = [practice.id for area in model.areas for practice in area.practices if activity_parts(practice.id) is None]
        for area in model.areas:
            strange += repeated(" ".join(map(str, parts)) for practice in area.practices if (parts := activity_parts(practice.id)))
        if strange:
            message = say(
                "practice {practice} of model {model} is no activity of SAMM, or stands twice", practice=", ".join(strange), model=model.id
            )
            problem = Problem("E-SCALE-METHOD", message, hint=say("an activity has a code as in D-SA-A-1 or D-SA-1-A"))
            raise ProblemsFound(say("model {model} does not suit method samm", model=model.id), [problem])
        return frozenset(_worth(model))

    def rater(self, model: ReferenceModel, area: PracticeArea, _options: Mapping[str, str]) -> _SammRater:
        parts = {practice.id: activity_parts(practice.id) for practice in area.practices}
        return _SammRater(area, {name: (found[2], found[3]) for name, found in parts.items() if found}, _worth(model))

    def explain(self, result: AreaResult) -> tuple[Reason, ...]:
        counts = result.counts
        lines = [Reason("ASM-S2", explain_level(result.level))]
        if result.score is not None:
            lines.insert(0, Reason("ASM-S2", say("score {score} of 3, the mean of two streams", score=f"{result.score:g}")))
        if counts.not_rated + counts.not_assessed + counts.judge:
            silent = counts.not_rated + counts.not_assessed + counts.judge
            lines.append(Reason("ASM-S3", say("{count} activities without an answer count as 0", count=silent)))
        if counts.not_applicable:
            lines.append(Reason("ASM-S6", say("{count} activities do not apply and earn nothing", count=counts.not_applicable)))
        return tuple(lines)


def _worth(model: ReferenceModel) -> dict[str, Fraction]:
    if not model.scale:
        return {f"{float(answer):g}": answer for answer in ANSWERS}
    worth = {value.code: Fraction(str(value.number)) for value in model.scale if value.number is not None and value.code != NOT_APPLICABLE}
    strange = [value.code for value in model.scale if worth.get(value.code) not in ANSWERS and value.code != NOT_APPLICABLE]
    if strange:
        message = say("scale value {code} of model {model} is worth none of 0, 0.25, 0.5, 1", code=", ".join(strange), model=model.id)
        raise ProblemsFound(say("model {model} does not suit method samm", model=model.id), [Problem("E-SCALE-METHOD", message)])
    return worth
