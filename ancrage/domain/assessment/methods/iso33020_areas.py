"""Process attributes as practices of a reference model: capability levels 0 to 5 (ASM-I2, I3)."""

from __future__ import annotations

from collections.abc import Mapping

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
from ancrage.domain.assessment.methods.iso33020 import (
    ALL_ATTRIBUTES,
    ATTRIBUTES,
    RATINGS,
    REFINED,
    AttributeRating,
    attribute_in,
    capability_level,
    plain,
)
from ancrage.domain.assessment.types import (
    NOT_APPLICABLE,
    AreaResult,
    Blocker,
    CapabilityLevel,
    GroupResult,
    GroupStatus,
    Reason,
    Standing,
)
from ancrage.domain.reference_model import PracticeArea, ReferenceModel
from ancrage.errors import Problem, ProblemsFound
from ancrage.language import say

CODES = frozenset(RATINGS) | frozenset(REFINED)


class _IsoRater:
    def __init__(self, area: PracticeArea, attributes: Mapping[str, str]) -> None:
        self._area = area.id
        self._names = {attributes[practice.id]: practice.id for practice in area.practices}
        self._attributes = [attributes[practice.id] for practice in area.practices]
        self._pick = picker(area.practices)

    def __call__(self, task: AreaTask, answers: Answers) -> AreaResult:
        values = dict(zip(self._attributes, self._pick(answers), strict=True))
        rated: dict[str, AttributeRating] = {name: _rating(value) for name, value in values.items()}
        level, blocking = capability_level(rated)
        blockers = tuple(self._blocker(name, values) for name in blocking if name in values)
        if level.value is not None and not blockers:  # the reference model asks no further: nothing is waited for
            level = CapabilityLevel.determined(level.value)
        numbers = [RATINGS.index(rating) for rating in rated.values() if not isinstance(rating, Standing)]
        return AreaResult(
            process=task.process,
            area=self._area,
            level=level,
            score=sum(numbers) / len(numbers) if numbers else None,
            groups=tuple(self._group(number, names, values, rated) for number, names in ATTRIBUTES.items() if set(names) & set(values)),
            blockers=blockers,
            counts=count_standings(tuple(values.values())),
        )

    def _group(
        self, level: int, names: tuple[str, ...], values: Mapping[str, str | None], rated: Mapping[str, AttributeRating]
    ) -> GroupResult:
        """The attributes of one level: satisfied when all are at least L; that the lower ones are F is judged by the level."""
        asked = [name for name in names if name in values and values[name] != NOT_APPLICABLE]
        open_cells = tuple(self._blocker(name, values) for name in asked if isinstance(rated[name], Standing))
        weak = tuple(self._blocker(name, values) for name in asked if rated[name] in ("N", "P", "L"))
        if not asked:
            return GroupResult(level, GroupStatus.NOT_APPLICABLE)
        failing = any(rated[name] in ("N", "P") for name in asked)
        status = GroupStatus.NOT_RATED if open_cells else GroupStatus.UNSATISFIED if failing else GroupStatus.SATISFIED
        return GroupResult(level, status, open_cells, weak)

    def _blocker(self, attribute: str, values: Mapping[str, str | None]) -> Blocker:
        return as_blocker(self._names[attribute], values[attribute])


def _rating(value: str | None) -> AttributeRating:
    standing = standing_of(value)
    return plain(value) if standing is Standing.RATED and value else standing


class Iso33020Method:
    """An area holds the process attributes of one process; its practices bear their numbers (`1.1`, `PA 2.1`)."""

    name = "iso33020"
    version = "1"
    rounding = "none"
    options: tuple[MethodOption, ...] = ()

    def codes(self, model: ReferenceModel) -> frozenset[str]:
        strange = [practice.id for area in model.areas for practice in area.practices if attribute_in(practice.id) is None]
        for area in model.areas:
            strange += repeated(attribute_in(practice.id) for practice in area.practices)
        strange += [value.code for value in model.scale if value.code not in CODES and value.code != NOT_APPLICABLE]
        if strange:
            names = ", ".join(strange)
            message = say("{names} of model {model}: no process attribute, no rating", names=names, model=model.id)
            hint = say("attributes {attributes}; ratings {ratings}", attributes=", ".join(ALL_ATTRIBUTES), ratings=", ".join(RATINGS))
            raise ProblemsFound(
                say("model {model} does not suit method iso33020", model=model.id), [Problem("E-SCALE-METHOD", message, hint=hint)]
            )
        return frozenset(value.code for value in model.scale) or CODES

    def rater(self, _model: ReferenceModel, area: PracticeArea, _options: Mapping[str, str]) -> _IsoRater:
        found = {practice.id: attribute_in(practice.id) for practice in area.practices}
        return _IsoRater(area, {practice: attribute for practice, attribute in found.items() if attribute})

    def explain(self, result: AreaResult) -> tuple[Reason, ...]:
        lines = [Reason("ASM-I3", explain_level(result.level))]
        if result.blockers:
            cells = ", ".join(f"{cell.practice} ({cell.value or cell.standing.value})" for cell in result.blockers)
            text = say("the next level needs its attributes at least L and every lower one F: {cells}", cells=cells)
            lines.append(Reason("ASM-I3", text))
        return tuple(lines)
