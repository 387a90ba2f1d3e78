"""Levels of a campaign by the reference model's own method (ASM-C3, C4, F1 to F6), explained and recomputable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ancrage.domain.assessment.determination import determine, explain
from ancrage.domain.assessment.types import (
    LEVEL_NOT_APPLICABLE,
    LEVEL_NOT_ASSESSED,
    NO_LEVEL,
    AreaKey,
    Blocker,
    CapabilityLevel,
    CellKey,
    Counts,
    Determination,
    GroupStatus,
    Judgement,
    Standing,
    Target,
)
from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import NotFound, ProblemsFound
from tests.support.assessment import FITSM_CODES, reference_model

CMMI = reference_model({"plan": {"p1": 1, "p2": 1, "p3": 2, "p4": 3}})
FITSM = reference_model({"PR1": {"PR1.1": 1, "PR1.2": 1, "PR1.3": 1}}, "fitsm6", FITSM_CODES)


def rate(model: ReferenceModel, values: str, **settings: object) -> Determination:
    """Determine one process "it" from values in the order of the practices; `.` leaves a cell out, `?` is without an answer."""
    practices = [practice.id for area in model.areas for practice in area.practices]
    given = zip(practices, values.split(), strict=True)
    ratings = {CellKey("it", practice): None if value == "?" else value for practice, value in given if value != "."}
    return determine(model, ratings, ["it"], **settings)  # type: ignore[arg-type]


def level(model: ReferenceModel, values: str, **settings: object) -> CapabilityLevel:
    (result,) = rate(model, values, **settings).results.values()
    return result.level


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("FI FI FI FI", CapabilityLevel.determined(3)),
        ("FI LI LI FI", CapabilityLevel.determined(3)),
        ("FI FI PI FI", CapabilityLevel.determined(1)),
        ("FI FI LI NI", CapabilityLevel.determined(2)),
        ("FI PI FI FI", CapabilityLevel.determined(0)),
        ("NI NI NI NI", CapabilityLevel.determined(0)),
        ("FI FI ? FI", CapabilityLevel.determined(1, at_least=True)),
        ("FI FI NY FI", CapabilityLevel.determined(1, at_least=True)),
        ("FI FI . FI", CapabilityLevel.determined(1, at_least=True)),
        ("FI FI JUDGE FI", CapabilityLevel.determined(1, at_least=True)),
        ("FI FI NA FI", CapabilityLevel.determined(3)),
        ("FI FI NA NA", CapabilityLevel.determined(1)),
        ("FI NA FI PI", CapabilityLevel.determined(2)),
        ("NA NA NA NA", LEVEL_NOT_APPLICABLE),
        (". . . .", LEVEL_NOT_ASSESSED),
        ("? ? ? ?", NO_LEVEL),
        ("FI ? FI FI", NO_LEVEL),
        ("PI ? FI FI", NO_LEVEL),
        ("NA . NA NA", LEVEL_NOT_ASSESSED),
    ],
)
def test_cmmi_levels_of_one_area(values: str, expected: CapabilityLevel) -> None:
    assert level(CMMI, values) == expected


def test_level_two_is_blocked_by_one_partially_rated_practice_and_by_nothing_else() -> None:
    (result,) = rate(CMMI, "LI FI PI NI").results.values()
    assert result.blockers == (Blocker("p3", "PI"),)
    assert [group.status for group in result.groups] == [GroupStatus.SATISFIED, GroupStatus.UNSATISFIED, GroupStatus.UNSATISFIED]


def test_blockers_say_why_a_cell_has_no_value() -> None:
    (result,) = rate(CMMI, "? . FI FI").results.values()
    assert result.blockers == (Blocker("p1", None, Standing.NOT_RATED), Blocker("p2", None, Standing.NOT_ASSESSED))
    (judged,) = rate(CMMI, "JUDGE NY FI FI").results.values()
    assert judged.blockers == (Blocker("p1", None, Standing.JUDGE), Blocker("p2", "NY", Standing.RATED))


def test_the_five_different_things_are_counted_apart_and_the_score_rests_on_what_is_rated() -> None:
    (result,) = rate(CMMI, "NI NA ? .").results.values()
    assert result.counts == Counts(rated=1, not_applicable=1, not_rated=1, not_assessed=1)
    assert result.score == 0.0
    (nothing,) = rate(CMMI, "NA NA ? .").results.values()
    assert nothing.score is None


def test_a_judgement_of_significant_weaknesses_refuses_the_group_and_names_who_judged() -> None:
    judgement = Judgement("it", "plan", 2, significant=True, by="chloe")
    result = rate(CMMI, "FI FI LI FI", judgements=[judgement])
    assert next(iter(result.results.values())).level == CapabilityLevel.determined(1)
    assert next(iter(result.results.values())).blockers == (Blocker("p3", "LI"),)
    lines = [str(reason.message) for reason in explain(result, "it", "plan")]
    assert lines[1] == "level 2: not satisfied, because of p3 (LI), whose effect together chloe judged significant"


def test_weaknesses_nobody_judged_are_taken_as_not_significant_and_the_explanation_says_so() -> None:
    lines = [str(reason.message) for reason in explain(rate(CMMI, "FI LI FI FI"), "it", "plan")]
    assert lines[0] == "level 1: satisfied, taking the weaknesses p2 (LI) as not significant: nobody recorded a judgement"
    assert level(CMMI, "FI LI FI FI", options={"weaknesses": "ask"}) == NO_LEVEL
    judged = Judgement("it", "plan", 1, significant=False, by="chloe")
    assert level(CMMI, "FI LI FI FI", options={"weaknesses": "ask"}, judgements=[judged]) == CapabilityLevel.determined(3)


@pytest.mark.parametrize(
    ("values", "expected", "average"),
    [
        ("3 2 4", CapabilityLevel.determined(2), 3.0),
        ("0 2 4", CapabilityLevel.determined(0), 2.0),
        ("4 4 4", CapabilityLevel.determined(4), 4.0),
        ("4 ? 4", NO_LEVEL, 4.0),
        ("4 NA 3", CapabilityLevel.determined(3), 3.5),
        ("4 . 3", NO_LEVEL, 3.5),
        ("NA NA NA", LEVEL_NOT_APPLICABLE, None),
        (". . .", LEVEL_NOT_ASSESSED, None),
        ("? ? ?", NO_LEVEL, None),
    ],
)
def test_fitsm_levels_of_one_group(values: str, expected: CapabilityLevel, average: float | None) -> None:
    (result,) = rate(FITSM, values).results.values()
    assert (result.level, result.score) == (expected, average)


@pytest.mark.parametrize(
    ("values", "goal", "status"),
    [
        ("3 2 4", 2, GroupStatus.SATISFIED),
        ("3 1 2", 2, GroupStatus.UNSATISFIED),  # averages exactly its goal, and fails (F6)
        ("4 ? 4", 2, GroupStatus.UNSATISFIED),  # unscored fails (F4)
        ("3 2 4", None, GroupStatus.NO_TARGET),
        ("NA NA NA", 2, GroupStatus.NOT_APPLICABLE),
        ("2 NA 2", 2, GroupStatus.SATISFIED),
    ],
)
def test_a_fitsm_group_meets_its_goal_only_if_every_requirement_does(values: str, goal: int | None, status: GroupStatus) -> None:
    targets = {} if goal is None else {AreaKey("it", "PR1"): Target(goal)}
    (result,) = rate(FITSM, values, targets=targets).results.values()
    assert [group.status for group in result.groups] == [status]


def test_the_blockers_of_a_fitsm_group_are_what_is_unscored_and_what_is_lowest() -> None:
    (result,) = rate(FITSM, "1 ? 3").results.values()
    assert result.blockers == (Blocker("PR1.2", None, Standing.NOT_RATED), Blocker("PR1.1", "1"))
    (top,) = rate(FITSM, "4 4 4").results.values()
    assert top.blockers == ()


def test_neither_the_order_of_ratings_nor_of_processes_changes_levels_or_the_fingerprint() -> None:
    model = reference_model({"a": {"p1": 1, "p2": 2}, "b": {"q1": 1}})
    ratings = {CellKey(process, practice): value for process in "xyz" for practice, value in (("p1", "FI"), ("p2", "LI"), ("q1", "NI"))}
    forwards = determine(model, ratings, "xyz")
    backwards = determine(model, dict(reversed(ratings.items())), "zyx")
    assert forwards.results == backwards.results
    assert forwards.inputs_fingerprint == backwards.inputs_fingerprint


def test_the_fingerprint_changes_with_every_input() -> None:
    key = AreaKey("it", "plan")
    judgement = Judgement("it", "plan", 1, significant=False, by="chloe")
    prints = [
        rate(CMMI, "FI FI FI FI").inputs_fingerprint,
        rate(CMMI, "FI FI FI LI").inputs_fingerprint,
        rate(CMMI, "FI FI FI ?").inputs_fingerprint,
        rate(CMMI, "FI FI FI .").inputs_fingerprint,
        rate(CMMI, "FI FI FI NA").inputs_fingerprint,
        rate(CMMI, "FI FI FI FI", targets={key: Target(2)}).inputs_fingerprint,
        rate(CMMI, "FI FI FI FI", judgements=[judgement]).inputs_fingerprint,
        rate(CMMI, "FI FI FI FI", options={"weaknesses": "ask"}).inputs_fingerprint,
        rate(replace(CMMI, fingerprint="text-2"), "FI FI FI FI").inputs_fingerprint,
        rate(replace(CMMI, version="1.1"), "FI FI FI FI").inputs_fingerprint,
    ]
    assert len(set(prints)) == len(prints)


def test_areas_limited_to_processes_are_asked_of_those_only_and_ratings_beside_them_are_named() -> None:
    model = reference_model({"all": {"p1": 1}, "own": {"q1": 1}}, processes={"own": ["x"]})
    ratings = {
        CellKey("x", "p1"): "FI",
        CellKey("x", "q1"): "FI",
        CellKey("y", "p1"): "FI",
        CellKey("y", "q1"): "FI",
        CellKey("z", "p1"): "FI",
    }
    result = determine(model, ratings, ["x", "y"])
    assert list(result.results) == [AreaKey("x", "all"), AreaKey("x", "own"), AreaKey("y", "all")]
    assert result.ignored == (CellKey("y", "q1"), CellKey("z", "p1"))


def test_every_value_that_is_not_on_the_scale_is_reported_at_once() -> None:
    ratings = {CellKey("x", "p1"): "XX", CellKey("x", "p2"): "FI", CellKey("y", "p1"): "fi", CellKey("y", "p2"): ""}
    with pytest.raises(ProblemsFound) as refused:
        determine(reference_model({"a": {"p1": 1, "p2": 1}}), ratings, ["x", "y"])
    assert [problem.code for problem in refused.value.problems] == ["E-RATING-VALUE"] * 3
    assert [str(problem.message) for problem in refused.value.problems] == [
        "'XX' is not on the scale (process x, practice p1)",
        "'fi' is not on the scale (process y, practice p1)",
        "'' is not on the scale (process y, practice p2)",
    ]


def test_unknown_methods_options_and_unsuitable_scales_are_refused_with_what_is_allowed() -> None:
    with pytest.raises(NotFound, match="there are cmmi, fitsm6"):
        determine(replace(CMMI, method="guess"), {}, [])
    with pytest.raises(ProblemsFound) as refused:
        determine(CMMI, {}, [], options={"weaknesses": "maybe", "mood": "good"})
    assert [problem.code for problem in refused.value.problems] == ["E-OPTION-UNKNOWN", "E-OPTION-VALUE"]
    with pytest.raises(ProblemsFound, match="does not suit method cmmi"):
        determine(reference_model({"a": {"p": 1}}, "cmmi", ["good", "bad"]), {}, [])
    with pytest.raises(ProblemsFound, match="does not suit method fitsm6"):
        determine(reference_model({"a": {"p": 1}}, "fitsm6", ["0", "7"]), {}, [])


def test_every_result_prints_its_method_and_its_model() -> None:
    result = rate(CMMI, "FI FI FI FI")
    assert (result.method.name, result.method.version, result.method.rounding, dict(result.method.options)) == (
        "cmmi", "1", "none", {"weaknesses": "assume"},
    )  # fmt: skip
    assert (result.model.id, result.model.version, result.model.fingerprint) == ("model", "1.0", "text-1")


def test_each_line_of_an_explanation_names_its_rule() -> None:
    targets = {AreaKey("it", "PR1"): Target(2)}
    lines = [(reason.rule, str(reason.message)) for reason in explain(rate(FITSM, "3 1 ?", targets=targets), "it", "PR1")]
    assert lines == [
        ("ASM-F4", "goal 2 is not met: PR1.2 (1) below it, PR1.3 without a score"),
        ("ASM-F5", "no level: not determined while an answer is missing"),
        ("ASM-F6", "average 2.00, a trend that decides nothing"),
    ]
    with pytest.raises(NotFound):
        explain(rate(FITSM, "3 1 ?"), "it", "PR2")
