"""DSOMM and weighted scores as methods of a reference model (ASM-D2, W1, W2), and what a reference model says of its practices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ancrage.declarations.fingerprint import fingerprint_of
from ancrage.domain.assessment.determination import determine, explain
from ancrage.domain.assessment.types import (
    LEVEL_NOT_APPLICABLE,
    LEVEL_NOT_ASSESSED,
    NO_LEVEL,
    AreaKey,
    AreaResult,
    CapabilityLevel,
    CellKey,
    GroupStatus,
    Target,
)
from ancrage.domain.reference_model import AnswerSet, ReferenceModel, ScaleValue
from ancrage.errors import ProblemsFound
from ancrage.language import Label
from ancrage.storage.codec import dump, load
from tests.support.assessment import reference_model


def graded(method: str, *numbers: float) -> ReferenceModel:
    """Three practices at levels 1, 1 and 2, on a scale of these numbers."""
    model = reference_model({"a": {"one": 1, "two": 1, "three": 2}}, method)
    return replace(model, scale=tuple(ScaleValue(f"{number:g}", Label.same(f"{number:g}"), number) for number in numbers))


DSOMM, WEIGHTED = graded("dsomm", 1, 0.5, 0), graded("weighted", 4, 3, 2, 1, 0)


def result(model: ReferenceModel, values: str, goal: int | None = None) -> AreaResult:
    """One team from three values; `.` was not asked, `?` is without an answer."""
    names = [practice.id for practice in model.areas[0].practices]
    given = {CellKey("t", name): None if value == "?" else value for name, value in zip(names, values.split(), strict=True) if value != "."}
    targets = {AreaKey("t", "a"): Target(goal)} if goal is not None else None
    (found,) = determine(model, given, ["t"], targets=targets).results.values()
    return found


@pytest.mark.parametrize(
    ("values", "score", "level"),
    [
        ("1 1 1", 1.0, CapabilityLevel.determined(2)),
        ("1 1 0.5", 2.5 / 3, CapabilityLevel.determined(1)),
        ("1 0 1", 2 / 3, CapabilityLevel.determined(0)),
        ("1 NA 0", 0.5, CapabilityLevel.determined(1)),
        ("1 1 ?", 2 / 3, CapabilityLevel.determined(1, at_least=True)),
        ("? ? ?", None, NO_LEVEL),
        (". . .", None, LEVEL_NOT_ASSESSED),
        ("NA NA NA", None, LEVEL_NOT_APPLICABLE),
    ],
)
def test_a_sub_dimension_of_dsomm_has_the_mean_share_and_the_level_up_to_which_all_is_there(
    values: str, score: float | None, level: CapabilityLevel
) -> None:
    found = result(DSOMM, values)
    assert (found.score, found.level) == (pytest.approx(score) if score is not None else None, level)


@pytest.mark.parametrize(
    ("values", "score", "level"),
    [
        ("4 3 2", 3.0, CapabilityLevel.determined(3)),
        ("4 3 0", 7 / 3, CapabilityLevel.determined(2)),
        ("4 NA 2", 3.0, CapabilityLevel.determined(3)),  # N/A is left out (ASM-W2)
        ("0 0 0", 0.0, CapabilityLevel.determined(0)),
        ("4 4 ?", 4.0, NO_LEVEL),  # left out of the average, and no level while it is missing
        (". . .", None, LEVEL_NOT_ASSESSED),
        ("NA NA NA", None, LEVEL_NOT_APPLICABLE),
    ],
)
def test_a_weighted_area_has_its_average_and_the_whole_levels_it_reached(values: str, score: float | None, level: CapabilityLevel) -> None:
    found = result(WEIGHTED, values)
    assert (found.score, found.level) == (pytest.approx(score) if score is not None else None, level)


def test_weights_count_and_a_goal_is_met_by_the_average() -> None:
    practices = WEIGHTED.areas[0].practices
    heavy = replace(WEIGHTED, areas=(replace(WEIGHTED.areas[0], practices=(replace(practices[0], weight=2.0), *practices[1:])),))
    assert result(heavy, "4 0 0").score == 2.0
    assert result(heavy, "4 0 0", goal=2).groups[0].status is GroupStatus.SATISFIED
    assert result(heavy, "4 0 0", goal=3).groups[0].status is GroupStatus.UNSATISFIED
    assert [cell.practice for cell in result(heavy, "4 0 1").blockers] == ["two"]


def test_levels_are_explained_by_their_rules() -> None:
    for model, rules in ((DSOMM, {"ASM-D2"}), (WEIGHTED, {"ASM-W1"})):
        given = {CellKey("t", name): "1" for name in ("one", "two", "three")}
        assert {reason.rule for reason in explain(determine(model, given, ["t"]), "t", "a")} == rules


@pytest.mark.parametrize("model", [graded("dsomm", 2, 1), replace(DSOMM, scale=(ScaleValue("x", Label.same("x")),))])
def test_a_scale_without_shares_does_not_suit_dsomm(model: ReferenceModel) -> None:
    with pytest.raises(ProblemsFound):
        determine(model, {}, ["t"])


# --- reference models ---


def test_a_practice_is_answered_in_the_words_of_its_own_set_where_they_are_there() -> None:
    model = replace(DSOMM, answer_sets=(AnswerSet("s", {"1": Label.same("Always")}),))
    own = replace(model.areas[0].practices[0], answers="s")
    assert [value.label.en for value in model.scale_of(own)] == ["Always", "0.5", "0"]
    assert model.scale_of(model.areas[0].practices[1]) == model.scale


def test_fields_the_language_got_later_change_a_fingerprint_only_where_they_say_something() -> None:
    practice = DSOMM.areas[0].practices[0]
    assert fingerprint_of(practice) != fingerprint_of(replace(practice, requires=("two",)))
    assert fingerprint_of(practice) == fingerprint_of(replace(practice, requires=(), guidance=Label()))
    assert fingerprint_of(replace(practice, stream="A")) != fingerprint_of(replace(practice, answers="A"))


def test_a_model_kept_as_json_comes_back_as_it_was() -> None:
    practice = replace(DSOMM.areas[0].practices[0], requires=("two",), answers="s", guidance=Label("f", "e"), stream="A")
    model = replace(DSOMM, areas=(replace(DSOMM.areas[0], practices=(practice,), group=Label("f", "e")),),
                    answer_sets=(AnswerSet("s", {"1": Label("oui", "yes")}),))  # fmt: skip
    assert load(ReferenceModel, dump(model)) == model
    old = dump(DSOMM)
    del old["answer_sets"]
    assert load(ReferenceModel, old) == DSOMM
