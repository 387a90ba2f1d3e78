"""Levels of a campaign: every area of every process in scope, by the reference model's own method."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ancrage.domain.assessment.methods.base import Answers, AreaMethod, AreaRater, AreaTask, settle_options, stamp
from ancrage.domain.assessment.methods.cmmi_areas import CmmiMethod
from ancrage.domain.assessment.methods.fitsm6 import Fitsm6Method
from ancrage.domain.assessment.methods.graded_areas import DsommMethod, WeightedMethod
from ancrage.domain.assessment.methods.iso33020_areas import Iso33020Method
from ancrage.domain.assessment.methods.samm_areas import SammMethod
from ancrage.domain.assessment.types import (
    JUDGE,
    NOT_APPLICABLE,
    AreaKey,
    AreaResult,
    CellKey,
    Determination,
    Judgement,
    MethodStamp,
    ModelStamp,
    RatingValues,
    Reason,
    Target,
)
from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import NotFound, Problem, ProblemsFound
from ancrage.language import say

AREA_METHODS: Mapping[str, AreaMethod] = {
    method.name: method
    for method in (CmmiMethod(), Fitsm6Method(), SammMethod(), Iso33020Method(), DsommMethod(), WeightedMethod())
}
"""Methods that a reference model can name."""

ByProcess = Mapping[str, Answers]


def area_method(name: str) -> AreaMethod:
    """The method of that name; NotFound says which exist."""
    if name not in AREA_METHODS:
        raise NotFound(say("method {name} does not exist; there are {known}", name=name, known=", ".join(AREA_METHODS)))
    return AREA_METHODS[name]


def determine(
    model: ReferenceModel,
    ratings: RatingValues,
    processes: Iterable[str],
    *,
    options: Mapping[str, str] | None = None,
    judgements: Iterable[Judgement] = (),
    targets: Mapping[AreaKey, Target] | None = None,
) -> Determination:
    """Levels of every area that applies to each process, with the blockers of the next level and why.

    `ratings` holds agreed values by cell: a scale code, `NA`, `JUDGE`, or None for asked and not answered; a missing key means that
    nobody was asked. `targets` are the goals of `fitsm6` (ASM-F2) and are kept for reports. Neither the order of ratings nor that of
    judgements matters. NotFound: unknown method; ProblemsFound: an option, the scale, or any values the scale does not have.
    """
    method = area_method(model.method)
    settled = settle_options(method.name, method.options, options or {})
    scope = tuple(dict.fromkeys(processes))
    by_process = _by_process(ratings, method.codes(model), model)
    judged = _judgements(judgements)
    raters = {area.id: method.rater(model, area, settled) for area in model.areas}
    goals = {key: target for key, target in (targets or {}).items() if key.process in by_process or key.process in scope}
    results: dict[AreaKey, AreaResult] = {}
    for process in scope:
        _rate_process(process, model, by_process.get(process, Answers()), raters, judged, goals, results)
    method_stamp, model_stamp = stamp(method, settled), ModelStamp(model.id, model.version, model.fingerprint)
    return Determination(
        method=method_stamp,
        model=model_stamp,
        inputs_fingerprint=_fingerprint(method_stamp, model, scope, by_process, judged, goals),
        results=results,
        targets=goals,
        ignored=_outside(model, scope, by_process),
    )


def explain(determination: Determination, process: str, area: str) -> tuple[Reason, ...]:
    """Why this area of this process has its level, rule by rule; NotFound when the determination has no such area."""
    result = determination.results.get(AreaKey(process, area))
    if result is None:
        raise NotFound(say("area {area} of process {process} was not determined", area=area, process=process))
    return area_method(determination.method.name).explain(result)


def _rate_process(
    process: str,
    model: ReferenceModel,
    answers: Answers,
    raters: Mapping[str, AreaRater],
    judged: Mapping[AreaKey, Mapping[int, Judgement]],
    goals: Mapping[AreaKey, Target],
    results: dict[AreaKey, AreaResult],
) -> None:
    for area in model.areas_for(process):
        key = AreaKey(process, area.id)
        goal = goals.get(key)
        task = AreaTask(process, goal.level if goal else None, judged.get(key, {}))
        results[key] = raters[area.id](task, answers)


def _by_process(ratings: RatingValues, codes: frozenset[str], model: ReferenceModel) -> dict[str, Answers]:
    allowed: frozenset[str | None] = codes | {NOT_APPLICABLE, JUDGE, None}
    grouped: dict[str, Answers] = defaultdict(Answers)
    bad: list[CellKey] = []
    for (process, practice), value in ratings.items():
        if value not in allowed:
            bad.append(CellKey(process, practice))
        grouped[process][practice] = value
    if bad:
        problems = [_bad_value(cell, ratings[cell], model, codes) for cell in sorted(bad)]
        raise ProblemsFound(say("{count} ratings are not on the scale of {model}", count=len(bad), model=model.id), problems)
    return dict(grouped)


def _bad_value(cell: CellKey, value: str | None, model: ReferenceModel, codes: frozenset[str]) -> Problem:
    return Problem(
        "E-RATING-VALUE",
        say("{value} is not on the scale (process {process}, practice {practice})",
            value=repr(value), process=cell.process, practice=cell.practice),
        hint=say("scale of {model}: {codes}, or NA", model=model.id, codes=", ".join(sorted(codes))),
    )  # fmt: skip


def _judgements(judgements: Iterable[Judgement]) -> dict[AreaKey, dict[int, Judgement]]:
    grouped: dict[AreaKey, dict[int, Judgement]] = defaultdict(dict)
    for judgement in judgements:
        grouped[AreaKey(judgement.process, judgement.area)][judgement.level] = judgement
    return dict(grouped)


def _outside(model: ReferenceModel, scope: Sequence[str], by_process: ByProcess) -> tuple[CellKey, ...]:
    known = {process: {practice.id for area in model.areas_for(process) for practice in area.practices} for process in scope}
    return tuple(
        CellKey(process, practice)
        for process in sorted(by_process)
        for practice in sorted(by_process[process].keys() - known.get(process, set()))
    )


def _fingerprint(
    method: MethodStamp,
    model: ReferenceModel,
    scope: Sequence[str],
    by_process: ByProcess,
    judged: Mapping[AreaKey, Mapping[int, Judgement]],
    goals: Mapping[AreaKey, Target],
) -> str:
    """SHA-256 of everything the result depends on, in an order of its own, so that equal inputs always print the same."""
    digest = hashlib.sha256()
    head = [method.name, method.version, *(f"{name}={value}" for name, value in method.options.items())]
    head += [model.id, model.version, model.fingerprint]
    head += [f"goal {key.process} {key.area} {goals[key].level}" for key in sorted(goals)]
    head += [
        f"judgement {key.process} {key.area} {level} {judged[key][level].significant}"
        for key in sorted(judged)
        for level in sorted(judged[key])
    ]
    digest.update("\n".join(head).encode())
    practices = sorted(practice.id for area in model.areas for practice in area.practices)
    for process in sorted(scope):
        answers = by_process.get(process, Answers())
        cells = [f"{practice}\t{answers[practice] or '?'}" for practice in practices if practice in answers]
        digest.update("\n".join([f"\nprocess {process}", *cells]).encode())
    return digest.hexdigest()
