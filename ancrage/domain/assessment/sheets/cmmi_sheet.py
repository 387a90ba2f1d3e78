"""`--method cmmi`: characterised practice instances to units, groups, capability levels and a maturity level (ASM-C1 to C5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from ancrage.domain.assessment.methods.base import ABSENT, count_standings
from ancrage.domain.assessment.methods.cmmi import CODES, characterise, conclude, determine_maturity, rate_group
from ancrage.domain.assessment.methods.cmmi_areas import explain_groups
from ancrage.domain.assessment.sheets.base import Answer, Record, Sheet, natural
from ancrage.domain.assessment.sheets.cells import Agreed, CellReader, number_in, one_of, yes_no_in
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.domain.assessment.sheets.shared import (
    ModelPractices,
    count_record,
    level_record,
    shown,
    why_record,
)
from ancrage.domain.assessment.types import JUDGE, NOT_APPLICABLE, GroupResult, GroupStatus, Judgement, Standing
from ancrage.domain.reference_model import ReferenceModel
from ancrage.language import Message, say

CODES_HELP = say("FI, LI, PI, NI, NY (fully, largely, partially, not implemented, not yet)")
_code_in = one_of(CODES)
_agreed_in = one_of((*CODES, NOT_APPLICABLE))

UNNAMED = "?"
"""Who judged, where the file does not say."""

LEVEL_HELP = say("a whole number from 1 to 5")


class _Practice(NamedTuple):
    process: str
    area: str
    practice: str


class _Group(NamedTuple):
    process: str
    area: str
    level: int
    goal: str


@dataclass(slots=True)
class _Gathered:
    """What the rows say, by practice and by group."""

    instances: dict[_Practice, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    places: dict[_Practice, tuple[int, str]] = field(default_factory=dict)
    agreed: dict[_Practice, str] = field(default_factory=dict)
    decided_by: dict[_Practice, str] = field(default_factory=dict)
    judgements: dict[_Group, Judgement] = field(default_factory=dict)
    maturity: dict[str, int] = field(default_factory=dict)


def score_cmmi(sheet: Sheet, options: Mapping[str, str], model: ReferenceModel | None, faults: Faults) -> Answer:
    """Levels of every area in the file."""
    gathered = _Reading(sheet, faults, ModelPractices(model) if model else None).gather()
    values = {practice: _unit_value(gathered, practice) for practice in gathered.places}
    groups = _rate_groups(gathered, values, ask=options["weaknesses"] == "ask")
    assumed = [group for group, result in groups.items() if _is_assumed(result)]
    notes = [_note_assumed(len(assumed))] if assumed else []
    if any(value == JUDGE for value in values.values()):
        notes.append(say("some practices are JUDGE: people must decide; give their value in column agreed"))
    return Answer(
        {
            "practices": [_practice_record(gathered, practice, values[practice]) for practice in _in_order(gathered)],
            "groups": [_group_record(group, result) for group, result in groups.items()],
            "areas": _area_records(values, groups),
            "maturity": [_maturity_record(gathered, groups)],
        },
        notes,
    )


class _Reading:
    def __init__(self, sheet: Sheet, faults: Faults, model: ModelPractices | None) -> None:
        self._sheet = sheet
        self._reader = CellReader(sheet, faults)
        self._model = model
        self._levels: Agreed[int] = Agreed(self._reader, "level")
        self._goals: Agreed[str] = Agreed(self._reader, "goal")
        self._agreed: Agreed[str] = Agreed(self._reader, "agreed")
        self._significant: Agreed[bool] = Agreed(self._reader, "significant")
        self._maturity: Agreed[int] = Agreed(self._reader, "maturity_level")
        self._lines: dict[tuple[_Practice, str], int] = {}
        self._found = _Gathered()

    def gather(self) -> _Gathered:
        names = ("process", "area", "level", "goal", "practice", "instance", "value")
        people = ("agreed", "decided_by", "significant", "judged_by", "maturity_level")
        for line, cells in self._sheet.pick(*names, *people):
            self._take(line, cells[:7], cells[7:])
        if self._model:
            self._add_missing(self._model)
        return self._found

    def _take(self, line: int, cells: tuple[str, ...], people: tuple[str, ...]) -> None:
        process, area, level_cell, goal, practice, instance, cell = cells
        value = self._reader.value(line, "value", cell, _code_in, CODES_HELP)
        level = self._reader.optional(line, "level", level_cell, _level_in, LEVEL_HELP) or 1
        if not self._reader.required(line, "practice", practice):
            return
        if self._model:
            found = self._model.find(self._reader, line, "practice", practice, area)
            if found is None:
                return
            area, level = found[0].id, found[1].level
        key = _Practice(process, area, practice)
        self._levels.note(key, line, level)
        self._goals.note(key, line, goal)
        self._found.places.setdefault(key, (level, goal))
        if instance:
            first = self._lines.setdefault((key, instance), line)
            if first != line:
                self._reader.twice(line, say("instance {instance} of practice {practice}", instance=instance, practice=practice), first)
        self._found.instances[key].append(_stored(value))
        self._take_decisions(line, key, _Group(process, area, level, goal), people)

    def _take_decisions(self, line: int, key: _Practice, group: _Group, people: tuple[str, ...]) -> None:
        agreed_cell, decided_by, significant_cell, judged_by, maturity_cell = people
        agreed = self._reader.optional(line, "agreed", agreed_cell, _agreed_in, CODES_HELP)
        self._agreed.note(key, line, agreed)
        if agreed is not None:
            self._found.agreed[key] = agreed
            self._found.decided_by[key] = decided_by
        significant = self._reader.optional(line, "significant", significant_cell, yes_no_in, say("yes or no"))
        self._significant.note(group, line, significant)
        if significant is not None:
            self._found.judgements[group] = Judgement(group.process, group.area, group.level, significant, judged_by or UNNAMED)
        maturity = self._reader.optional(line, "maturity_level", maturity_cell, _level_in, LEVEL_HELP)
        self._maturity.note(key.area, line, maturity)
        if maturity is not None:
            self._found.maturity[key.area] = maturity

    def _add_missing(self, model: ModelPractices) -> None:
        processes = {key.process for key in self._found.places}
        for process in processes if model.affordable(len(processes), self._reader.faults) else ():
            for area, practice in model.of_process(process):
                self._found.places.setdefault(_Practice(process, area.id, practice.id), (practice.level, ""))


@lru_cache(maxsize=64)
def _level_in(cell: str) -> int | None:
    number = number_in(cell)
    return int(number) if number is not None and number in range(1, 6) else None


def _stored(value: str | Standing | None) -> str | None:
    if value is Standing.NOT_ASSESSED:
        return ABSENT
    if value is Standing.NOT_APPLICABLE:
        return NOT_APPLICABLE
    return value if isinstance(value, str) and not isinstance(value, Standing) else None


def _unit_value(gathered: _Gathered, practice: _Practice) -> str | None:
    if practice in gathered.agreed:
        return gathered.agreed[practice]
    instances = gathered.instances.get(practice, [])
    answered = [value for value in instances if value]
    if answered:
        return characterise(answered)
    return None if None in instances else ABSENT


def _rate_groups(gathered: _Gathered, values: Mapping[_Practice, str | None], ask: bool) -> dict[_Group, GroupResult]:
    members: dict[_Group, list[_Practice]] = defaultdict(list)
    for practice, (level, goal) in gathered.places.items():
        members[_Group(practice.process, practice.area, level, goal)].append(practice)
    rated: dict[_Group, GroupResult] = {}
    for group in sorted(members, key=lambda group: natural((group.process, group.area, str(group.level), group.goal))):
        practices = sorted(members[group], key=natural)
        held = tuple(values[practice] for practice in practices)
        names = [practice.practice for practice in practices]
        rated[group] = rate_group(group.level, names, held, gathered.judgements.get(group), ask=ask)
    return rated


def _is_assumed(result: GroupResult) -> bool:
    return result.status is GroupStatus.SATISFIED and bool(result.weaknesses) and result.judgement is None


def _note_assumed(count: int) -> Message:
    return say(
        "{count} groups are satisfied with weaknesses that nobody judged: they were taken as not significant "
        "(record a judgement in column significant, or ask for it with --option weaknesses=ask)",
        count=count,
    )


def _in_order(gathered: _Gathered) -> list[_Practice]:
    places = gathered.places
    return sorted(places, key=lambda key: natural((key.process, key.area, str(places[key][0]), places[key][1], key.practice)))


_STANDING = {None: "not_rated", ABSENT: "not_assessed", NOT_APPLICABLE: "not_applicable", JUDGE: "judge"}


_BEST_FIRST: Mapping[str | None, int] = {code: index for index, code in enumerate((*CODES, NOT_APPLICABLE, None, ABSENT))}


def _practice_record(gathered: _Gathered, key: _Practice, value: str | None) -> Record:
    level, goal = gathered.places[key]
    instances = sorted(gathered.instances.get(key, []), key=_BEST_FIRST.__getitem__)
    return {
        "process": key.process, "area": key.area, "level": level, "goal": goal, "practice": key.practice,
        "value": value or None, "standing": _STANDING.get(value, "rated"),
        "instances": [_STANDING.get(instance, instance) if instance != NOT_APPLICABLE else instance for instance in instances],
        "agreed": key in gathered.agreed, "decided_by": gathered.decided_by.get(key, ""),
    }  # fmt: skip


def _group_record(group: _Group, result: GroupResult) -> Record:
    judgement = result.judgement
    return {
        "process": group.process, "area": group.area, "level": group.level, "goal": group.goal, "status": result.status.value,
        "open": [shown(cell) for cell in result.open], "weaknesses": [shown(cell) for cell in result.weaknesses],
        "significant": judgement.significant if judgement else None, "judged_by": judgement.by if judgement else "",
        "assumed": _is_assumed(result),
    }  # fmt: skip


def _area_records(values: Mapping[_Practice, str | None], groups: Mapping[_Group, GroupResult]) -> list[Record]:
    held: dict[tuple[str, str], list[str | None]] = defaultdict(list)
    for practice, value in values.items():
        held[practice.process, practice.area].append(value)
    results: dict[tuple[str, str], list[GroupResult]] = defaultdict(list)
    for group, result in groups.items():
        results[group.process, group.area].append(result)
    records: list[Record] = []
    for process, area in sorted(held, key=natural):
        own = results[process, area]
        counts = count_standings(tuple(held[process, area]))
        level, blockers = conclude(own, counts)
        why = why_record(explain_groups(own, level))
        records.append({"process": process, "area": area, **level_record(level, blockers), **count_record(counts), "why": why})
    return records


def _maturity_record(gathered: _Gathered, groups: Mapping[_Group, GroupResult]) -> Record:
    staged: dict[tuple[str, str], list[tuple[int, GroupStatus]]] = defaultdict(list)
    for group, result in groups.items():
        if group.area in gathered.maturity:
            staged[group.process, group.area].append((group.level, result.status))
    if not staged:
        return {"maturity_level": None, "at_least": False, "areas": 0}
    level, at_least = determine_maturity((gathered.maturity[area], own) for (_, area), own in staged.items())
    return {"maturity_level": level, "at_least": at_least, "areas": len(staged)}
