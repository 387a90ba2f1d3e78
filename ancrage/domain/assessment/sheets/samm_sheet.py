"""SAMM answers to streams, practices, functions and the way to the target (ASM-S1 to S7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from ancrage.domain.assessment.methods.samm import (
    ANSWERS,
    HIGHEST_PRIORITY,
    LEVELS,
    STREAMS,
    Given,
    Score,
    activity_parts,
    average,
    percent_to_target,
    progress_to_date,
    score_stream,
    stream_priority,
)
from ancrage.domain.assessment.sheets.base import Answer, Record, Sheet, natural
from ancrage.domain.assessment.sheets.cells import CellReader, number_in, one_of, standing_in
from ancrage.domain.assessment.sheets.faults import Faults
from ancrage.domain.assessment.sheets.shared import ModelPractices
from ancrage.domain.assessment.types import Standing
from ancrage.domain.reference_model import ReferenceModel
from ancrage.language import Message, say

ANSWER_HELP = say("0, 0.25, 0.5 or 1; NA; or empty")
PLAIN_HELP = say("0, 0.25, 0.5 or 1, or empty")
ACTIVITY_HELP = say("a code as in D-SA-A-1 or D-SA-1-A")


class _Stream(NamedTuple):
    team: str
    function: str
    practice: str
    stream: str


@dataclass(slots=True)
class _Activities:
    """What is known of the three activities of a stream, by level."""

    answers: dict[int, Given] = field(default_factory=dict)
    targets: dict[int, Fraction] = field(default_factory=dict)
    baselines: dict[int, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Way:
    """Scores beside the present one, and the pairs (current, target) of activities they rest on."""

    current: Fraction
    baseline: Fraction | None
    target: Fraction | None
    pairs: tuple[tuple[Fraction, Fraction], ...]


_Unit = tuple[Score, _Way]


def score_samm(sheet: Sheet, _options: Mapping[str, str], model: ReferenceModel | None, faults: Faults) -> Answer:
    """Figures of every team in the file; a stream the file does not have was not assessed and counts 0 in its practice."""
    streams = _with_both_streams(_gather(sheet, faults, ModelPractices(model) if model else None))
    scored: dict[tuple[str, ...], _Unit] = {}
    for key in sorted(streams, key=natural):
        scored[key] = (score_stream(streams[key].answers), _way(streams[key]))
    practices = _roll_up(scored, 3)
    functions = _roll_up(practices, 2)
    overall = _roll_up(functions, 1)
    worst = _worst(practices)
    records = {
        "streams": [_stream_record(key, unit) for key, unit in scored.items()],
        "practices": [_record(("team", "function", "practice"), key, unit) for key, unit in practices.items()],
        "functions": [_record(("team", "function"), key, unit) for key, unit in functions.items()],
        "overall": [{**_record(("team",), key, unit), **worst[key[0]]} for key, unit in overall.items()],
    }
    return Answer(records, _notes(overall))


def _gather(sheet: Sheet, faults: Faults, model: ModelPractices | None) -> dict[_Stream, _Activities]:
    reader = CellReader(sheet, faults)
    lines: dict[tuple[_Stream, int], int] = {}
    streams: dict[_Stream, _Activities] = defaultdict(_Activities)
    for line, cells in sheet.pick("team", "activity", "function", "practice", "stream", "level", "answer", "target", "baseline"):
        answer = reader.value(line, "answer", cells[6], _answer_in, ANSWER_HELP)
        target, baseline = (
            None if standing_in(cell) else reader.optional(line, name, cell, _answer_in, PLAIN_HELP)
            for name, cell in (("target", cells[7]), ("baseline", cells[8]))
        )
        place = _place(reader, line, cells[:6])
        if place is None:
            continue
        key, level = place
        first = lines.setdefault((key, level), line)
        if first != line:
            reader.twice(line, say("activity {activity}", activity="-".join((*key[2:], str(level)))), first)
        held = streams[key]
        held.answers[level] = Standing.NOT_RATED if answer is None else answer
        if target is not None:
            held.targets[level] = target
        if baseline is not None:
            held.baselines[level] = baseline
    if model:
        _add_missing(streams, model, faults)
    return streams


@lru_cache(maxsize=64)
def _answer_in(cell: str) -> Fraction | None:
    number = number_in(cell)
    return number if number in ANSWERS else None


def _place(reader: CellReader, line: int, cells: Sequence[str]) -> tuple[_Stream, int] | None:
    team, activity, function, practice, stream_cell, level_cell = cells
    if activity and not (practice and stream_cell and level_cell):
        parts = activity_parts(activity)
        if parts is None:
            reader.wrong(line, "activity", activity, ACTIVITY_HELP)
            return None
        letter, code, stream, level = parts
        return _Stream(team, function or letter, practice or code, stream), level
    found_stream = reader.filled(line, "stream", stream_cell, one_of(STREAMS), say("A or B"))
    found_level = reader.filled(line, "level", level_cell, _level_in, say("1, 2 or 3"))
    named = reader.required(line, "practice", practice)
    return (_Stream(team, function, practice, found_stream), found_level) if named and found_stream and found_level else None


@lru_cache(maxsize=64)
def _level_in(cell: str) -> int | None:
    number = number_in(cell)
    return int(number) if number is not None and number in LEVELS else None


def _add_missing(streams: dict[_Stream, _Activities], model: ModelPractices, faults: Faults) -> None:
    """The activities of the model that the file has not: not assessed. Names follow those the file uses."""
    teams = {key.team for key in streams} or {""}
    coded = [parts for practice in model.known if (parts := activity_parts(practice))]
    for team in teams if model.affordable(len(teams), faults) else ():
        for letter, code, stream, level in coded:
            streams[_Stream(team, letter, code, stream)].answers.setdefault(level, Standing.NOT_ASSESSED)


def _with_both_streams(streams: Mapping[_Stream, _Activities]) -> dict[_Stream, _Activities]:
    """A practice has two streams even where the file has one (ASM-S2)."""
    complete = dict(streams)
    for key in streams:
        for stream in STREAMS:
            complete.setdefault(key._replace(stream=stream), _Activities())
    return complete


def _way(held: _Activities) -> _Way:
    applicable = [level for level in LEVELS if held.answers.get(level) is not Standing.NOT_APPLICABLE]
    current = {level: _worth(held.answers.get(level)) for level in applicable}
    targets = {level: held.targets[level] for level in applicable if level in held.targets}
    baselines = [held.baselines[level] for level in applicable if level in held.baselines]
    return _Way(
        current=sum(current.values(), Fraction(0)),
        baseline=sum(baselines, Fraction(0)) if len(baselines) == len(applicable) else None,
        target=sum((targets.get(level, current[level]) for level in applicable), Fraction(0)) if targets else None,
        pairs=tuple((current[level], target) for level, target in targets.items()),
    )


def _worth(answer: Given | None) -> Fraction:
    return answer if isinstance(answer, Fraction) else Fraction(0)


def _roll_up(units: Mapping[tuple[str, ...], _Unit], length: int) -> dict[tuple[str, ...], _Unit]:
    parts: dict[tuple[str, ...], list[_Unit]] = defaultdict(list)
    for key, unit in units.items():
        parts[key[:length]].append(unit)
    return {key: (average(score for score, _ in held), _average_way([way for _, way in held])) for key, held in parts.items()}


def _average_way(ways: Sequence[_Way]) -> _Way:
    baselines = [way.baseline for way in ways if way.baseline is not None]
    aimed = any(way.target is not None for way in ways)
    return _Way(
        current=_mean([way.current for way in ways]),
        baseline=_mean(baselines) if len(baselines) == len(ways) else None,
        target=_mean([way.current if way.target is None else way.target for way in ways]) if aimed else None,
        pairs=tuple(pair for way in ways for pair in way.pairs),
    )


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def _record(names: Sequence[str], key: Sequence[str], unit: _Unit) -> Record:
    score, way = unit
    known = way.baseline is not None and way.target is not None
    return {
        **dict(zip(names, key, strict=True)),
        "score": score.score, "counted": score.counted, "maximum": score.maximum,
        "answered": score.answered, "not_applicable": score.not_applicable, "not_rated": score.not_rated,
        "not_assessed": score.not_assessed,
        "baseline": way.baseline, "target": way.target,
        "percent_to_target": percent_to_target(way.pairs),
        "progress": progress_to_date(way.current, way.baseline or Fraction(0), way.target or Fraction(0)) if known else None,
    }  # fmt: skip


def _stream_record(key: Sequence[str], unit: _Unit) -> Record:
    way = unit[1]
    priority = None if way.target is None else stream_priority(way.current, way.target)
    return {
        **_record(_Stream._fields, key, unit),
        "priority": priority,
        "priority_share": None if priority is None else priority / HIGHEST_PRIORITY,
    }


def _worst(practices: Mapping[tuple[str, ...], _Unit]) -> dict[str, Record]:
    """The practices with the lowest counted score, by team (ASM-K5)."""
    by_team: dict[str, list[tuple[str, Fraction]]] = defaultdict(list)
    for (team, _, practice), (score, _) in practices.items():
        by_team[team].append((practice, score.counted))
    worst: dict[str, Record] = {}
    for team, own in by_team.items():
        lowest = min(counted for _, counted in own)
        worst[team] = {"worst_practices": [practice for practice, counted in own if counted == lowest], "worst_score": lowest}
    return worst


def _notes(overall: Mapping[tuple[str, ...], _Unit]) -> list[Message]:
    notes = []
    unanswered = sum(score.not_rated + score.not_assessed for score, _ in overall.values())
    if unanswered:
        notes.append(say("{count} activities without an answer count as 0 (ASM-S3)", count=unanswered))
    inapplicable = sum(score.not_applicable for score, _ in overall.values())
    if inapplicable:
        notes.append(say("{count} activities do not apply: they earn nothing and lower the reachable maximum (ASM-S6)", count=inapplicable))
    return notes
