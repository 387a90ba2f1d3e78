"""Levels of a whole campaign at once: answers as an array, each distinct mix of answers judged once by the method itself.

The only module of assessment that knows numpy; imported where it is used. Equal to `determine`, which also says why: blockers, groups
and the fingerprint are found there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, repeat

import numpy as np
import numpy.typing as npt

from ancrage.domain.assessment.determination import area_method
from ancrage.domain.assessment.methods.base import ABSENT, Answers, AreaRater, AreaTask, settle_options
from ancrage.domain.assessment.methods.cmmi import FULLY, LARGELY, NOT_IMPLEMENTED, NOT_YET, PARTIALLY, RANKS
from ancrage.domain.assessment.types import JUDGE, NOT_APPLICABLE, AreaKey, CapabilityLevel, CellKey, Judgement, Target
from ancrage.domain.reference_model import Practice, PracticeArea, ReferenceModel

Codes = npt.NDArray[np.uint8]
Scores = npt.NDArray[np.float64]
NOT_IN_AREA = -1
_Outcomes = dict[bytes, tuple[int, float]]
"""Place of the level and score, by mix of answers."""
MARKS: Mapping[str | None, int] = {
    NOT_APPLICABLE: 0, ABSENT: 1, None: 2, JUDGE: 4, NOT_YET: 8, NOT_IMPLEMENTED: 16, PARTIALLY: 16, LARGELY: 32, FULLY: 64
}  # fmt: skip
"""One bit per value that ASM-C3 and C4 tell apart: a level of method cmmi depends on which of them a group has, not on how many."""


class AnswerSheet:
    """The value that counts of every cell of a campaign: one row per process in scope, one column per practice of the model.

    `codes` is an array of (processes, practices) of places in `values`; 0 is a cell nobody was asked about.
    """

    def __init__(self, model: ReferenceModel, processes: Iterable[str]) -> None:
        self.model = model
        self.processes = tuple(dict.fromkeys(processes))
        self.practices = tuple(practice.id for area in model.areas for practice in area.practices)
        scale = area_method(model.method).codes(model)
        self.values: tuple[str | None, ...] = (ABSENT, None, NOT_APPLICABLE, JUDGE, *sorted(scale - {NOT_APPLICABLE}))
        self.codes: Codes = np.zeros((len(self.processes), len(self.practices)), np.uint8)
        self._row = {process: number for number, process in enumerate(self.processes)}
        self._column = {practice: number for number, practice in enumerate(self.practices)}
        self._number = {value: number for number, value in enumerate(self.values)}

    def put(
        self, processes: Sequence[str], practices: Sequence[str], values: Sequence[str | None],
        combine: Callable[[Sequence[str | None]], str | None] | None = None,
    ) -> None:
        """Fill in cells; those outside scope and model are left out. `combine` makes one value of a cell that is named several times,
        without it the last one counts. KeyError for a value that is not on the scale."""
        # Each of these has one entry per answer.
        rows = np.fromiter(map(self._row.get, processes, repeat(-1)), np.int64, len(processes))
        columns = np.fromiter(map(self._column.get, practices, repeat(-1)), np.int64, len(practices))
        numbers = np.fromiter(map(self._number.__getitem__, values), np.uint8, len(values))
        inside = (rows >= 0) & (columns >= 0)
        places = (rows * len(self.practices) + columns)[inside]
        flat = self.codes.reshape(-1)  # a view: what is written there stands in the sheet
        flat[places] = numbers[inside]
        if combine is not None:
            self._combine(places, numbers[inside], combine)

    def _combine(
        self, places: npt.NDArray[np.int64], numbers: Codes, combine: Callable[[Sequence[str | None]], str | None]
    ) -> None:
        several = np.bincount(places, minlength=self.codes.size)[places] > 1
        mixes: dict[int, list[str | None]] = defaultdict(list)
        for place, number in zip(places[several].tolist(), numbers[several].tolist(), strict=True):
            mixes[place].append(self.values[number])
        known: dict[tuple[str | None, ...], int] = {}
        for place, mix in mixes.items():
            if (key := tuple(mix)) not in known:
                known[key] = self._number[combine(mix)]
            self.codes.reshape(-1)[place] = known[key]

    @property
    def has_empty_cells(self) -> bool:
        """Whether some cell has no value yet: only then does it matter who was asked."""
        return bool((self.codes == 0).any())

    def mark_asked(self, cells: Iterable[CellKey]) -> None:
        """Cells that somebody was asked about and nobody has answered are not rated, instead of not assessed."""
        for process, practice in cells:
            row, column = self._row.get(process), self._column.get(practice)
            if row is not None and column is not None and self.codes[row, column] == 0:
                self.codes[row, column] = self._number[None]

    def answers(self, row: int, columns: Iterable[int]) -> Answers:
        """The values of one process, as methods read them."""
        return Answers({self.practices[column]: self.values[code] for column in columns if (code := self.codes[row, column])})


@dataclass(frozen=True, slots=True)
class LevelTable:
    """Levels of every area of every process. `kinds` are the different levels there are; `levels`, of (processes, areas), are places in
    it, NOT_IN_AREA where the area does not apply; `scores` are in the scale's own numbers, NaN where there is none."""

    processes: tuple[str, ...]
    areas: tuple[str, ...]
    kinds: tuple[CapabilityLevel, ...]
    levels: npt.NDArray[np.int32]
    scores: Scores

    def by_area(self) -> dict[AreaKey, tuple[CapabilityLevel, float | None]]:
        """Level and score of each area that applies, in the order of scope and model."""
        return {
            AreaKey(process, area): (self.kinds[level], None if score != score else score)
            for process, levels, scores in zip(self.processes, self.levels.tolist(), self.scores.tolist(), strict=True)
            for area, level, score in zip(self.areas, levels, scores, strict=True)
            if level != NOT_IN_AREA
        }


def determine_levels(
    sheet: AnswerSheet,
    *,
    options: Mapping[str, str] | None = None,
    judgements: Iterable[Judgement] = (),
    targets: Mapping[AreaKey, Target] | None = None,
) -> LevelTable:
    """The levels and scores that `determine` gives for the same values, judgements and targets."""
    model, method = sheet.model, area_method(sheet.model.method)
    settled = settle_options(method.name, method.options, options or {})
    judged: dict[AreaKey, dict[int, Judgement]] = defaultdict(dict)
    for judgement in judgements:
        judged[AreaKey(judgement.process, judgement.area)][judgement.level] = judgement
    kinds: dict[CapabilityLevel, int] = {}
    known: dict[object, _Outcomes] = defaultdict(dict)
    shape = (len(sheet.processes), len(model.areas))
    levels, scores = np.full(shape, NOT_IN_AREA, np.int32), np.full(shape, np.nan)
    first = 0
    for number, area in enumerate(model.areas):
        columns = range(first, first := first + len(area.practices))
        judge = _AreaJudge(sheet, area, columns, method.rater(model, area, settled), targets or {}, judged, kinds, known)
        levels[:, number], scores[:, number] = judge.levels()
    return LevelTable(sheet.processes, tuple(area.id for area in model.areas), tuple(kinds), levels, scores)


@dataclass(frozen=True, slots=True)
class _AreaJudge:
    """One area of the model, and its columns in the sheet."""

    sheet: AnswerSheet
    area: PracticeArea
    columns: range
    rate: AreaRater
    targets: Mapping[AreaKey, Target]
    judged: Mapping[AreaKey, Mapping[int, Judgement]]
    kinds: dict[CapabilityLevel, int]
    known: dict[object, _Outcomes]
    """What was found for each mix, by whatever else the level depends on: an area, or for cmmi the levels of its groups."""

    def levels(self) -> tuple[Sequence[int], Sequence[float] | Scores]:
        """Place of the level in `kinds`, and score, of each process in the order of the sheet."""
        block = self.sheet.codes[:, self.columns.start : self.columns.stop]
        mixes = self._mixes(block)
        same = tuple(practice.level for practice in self._ordered) if self._is_cmmi else self.area.id
        found = self.known[same]
        for mix, row in dict(zip(mixes, range(len(mixes)), strict=True)).items():
            if mix not in found:
                found[mix] = self._rated(row, AreaTask(self.sheet.processes[row]))
        outcomes = [found[mix] for mix in mixes]
        for row, task in self._exceptions():
            outcomes[row] = (NOT_IN_AREA, np.nan) if task is None else self._rated(row, task)
        levels, scores = zip(*outcomes, strict=True) if outcomes else ((), ())
        return levels, _cmmi_scores(self.sheet, self.area, block, levels) if self._is_cmmi else scores

    @property
    def _is_cmmi(self) -> bool:
        return self.sheet.model.method == "cmmi"

    def _mixes(self, block: Codes) -> list[bytes]:
        """For each process what its level depends on: the values present in each group (cmmi), or the value of each practice."""
        keys = _marks_by_group(self.sheet, self.area, block) if self._is_cmmi else np.ascontiguousarray(block)
        width = keys.shape[1]
        whole = keys.tobytes()
        return [whole[start : start + width] for start in range(0, len(whole), width)] if width else [b""] * len(keys)

    @property
    def _ordered(self) -> list[Practice]:
        return sorted(self.area.practices, key=lambda practice: practice.level)

    def _exceptions(self) -> Iterator[tuple[int, AreaTask | None]]:
        """Rows of the processes that have a target or a judgement of their own; None for those the area does not apply to."""
        if not (self.area.processes or self.targets or self.judged):
            return
        for row, process in enumerate(self.sheet.processes):
            key = AreaKey(process, self.area.id)
            if self.area.processes and process not in self.area.processes:
                yield row, None
            elif key in self.targets or key in self.judged:
                goal = self.targets[key].level if key in self.targets else None
                yield row, AreaTask(process, goal, self.judged.get(key, {}))

    def _rated(self, row: int, task: AreaTask) -> tuple[int, float]:
        result = self.rate(task, self.sheet.answers(row, self.columns))
        return self.kinds.setdefault(result.level, len(self.kinds)), np.nan if result.score is None else result.score


def _groups(area: PracticeArea) -> list[list[int]]:
    """Columns of the area's block by level of the practice, lowest first, as the method reads them."""
    order = sorted(range(len(area.practices)), key=lambda place: area.practices[place].level)
    return [list(places) for _, places in groupby(order, key=lambda place: area.practices[place].level)]


def _marks_by_group(sheet: AnswerSheet, area: PracticeArea, block: Codes) -> Codes:
    """Shape (processes, groups): the bits of all values present in each group."""
    marks = np.array([MARKS[value] for value in sheet.values], np.uint8)[block]
    return np.stack([np.bitwise_or.reduce(marks[:, group], axis=1) for group in _groups(area)], axis=1)


def _cmmi_scores(sheet: AnswerSheet, area: PracticeArea, block: Codes, levels: Sequence[int]) -> Scores:
    """Weighted mean of the numbers of the characterisations, summed in the order of the method so that not a bit differs."""
    declared = {value.code: value.number for value in sheet.model.scale if value.number is not None}
    numbers = np.array([declared.get(value or "", RANKS.get(value or "", np.nan)) if value in RANKS else np.nan for value in sheet.values])
    found = numbers[block]  # (processes, practices of the area)
    weight, weighted = np.zeros(len(block)), np.zeros(len(block))
    for group in _groups(area):
        own_weight, own = np.zeros(len(block)), np.zeros(len(block))
        for place in group:
            rated = ~np.isnan(found[:, place])
            own_weight += np.where(rated, area.practices[place].weight, 0.0)
            own += np.where(rated, area.practices[place].weight * found[:, place], 0.0)
        weight, weighted = weight + own_weight, weighted + own
    scored = (weight > 0) & (np.asarray(levels) != NOT_IN_AREA)
    scores: Scores = np.full(len(block), np.nan)
    np.divide(weighted, weight, out=scores, where=scored)
    return scores
