"""Cycles are compared on the same rows only (ASM-K4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ancrage.domain.assessment.comparison import compare, compare_rows, compare_values
from ancrage.domain.assessment.determination import determine
from ancrage.domain.assessment.types import AreaKey, CellKey, Determination, Standing
from tests.support.assessment import FITSM_CODES, reference_model

MODEL = reference_model({"a": {"p": 1}, "b": {"q": 1}}, "fitsm6", FITSM_CODES)


def cycle(values: dict[str, str | None], scope: str = "xyz") -> Determination:
    """`{"x p": "3"}`: process and practice, value."""
    return determine(MODEL, {CellKey(*cell.split()): value for cell, value in values.items()}, scope)


def test_averages_over_different_rows_mislead_and_the_same_rows_do_not() -> None:
    before = cycle({"x p": "1", "y p": "3"})
    after = cycle({"x p": "2", "z p": "0"})
    result = compare(before, after)
    assert result.change == 1.0  # the only row of both cycles went up
    assert result.naive_change == -1.0  # while the averages went down
    assert result.new == (AreaKey("z", "a"),)
    assert result.gone == (AreaKey("y", "a"),)


def test_not_applicable_and_undetermined_rows_are_counted_and_never_averaged() -> None:
    before = cycle({"x p": "1", "y p": "2", "z p": "NA", "x q": "0"})
    after = cycle({"x p": "3", "y p": "NA", "z p": "2", "x q": None})
    result = compare(before, after)
    assert [(movement.row, movement.before, movement.after) for movement in result.movements] == [(AreaKey("x", "a"), 1.0, 3.0)]
    assert result.not_applicable == (AreaKey("y", "a"), AreaKey("z", "a"))
    assert result.undetermined == (AreaKey("x", "b"),)
    assert (result.mean_before, result.mean_after) == (1.0, 3.0)


def test_without_a_common_row_there_is_no_change_not_a_change_of_zero() -> None:
    result = compare(cycle({"x p": "1"}), cycle({"y p": "4"}))
    assert result.change is None
    assert result.mean_before is None
    assert result.naive_change == 3.0


def test_a_zero_is_a_row_like_another() -> None:
    result = compare(cycle({"x p": "0"}), cycle({"x p": "2"}))
    assert result.change == 2.0
    assert [movement.change for movement in result.improved] == [2.0]
    assert result.declined == ()


def test_another_version_method_or_model_is_said() -> None:
    before = cycle({"x p": "1"})
    moved = replace(
        before,
        method=replace(before.method, version="2", options={"mood": "good"}),
        model=replace(before.model, version="2.0"),
    )
    assert [str(warning) for warning in compare(before, moved).warnings] == [
        "the method version differs: 1 before, 2 now",
        "the choice of options differs: - before, mood=good now",
        "the reference model version differs: 1.0 before, 2.0 now",
    ]
    assert compare(before, before).warnings == ()
    silent = replace(before, model=replace(before.model, fingerprint="text-2"))
    assert [str(warning) for warning in compare(before, silent).warnings] == [
        "the text of reference model model changed without a new version"
    ]


def test_ratings_are_compared_cell_by_cell() -> None:
    numbers = {"0": 0.0, "2": 2.0, "4": 4.0}
    x, y, z = CellKey("x", "p"), CellKey("y", "p"), CellKey("z", "p")
    result = compare_values({x: "0", y: "NA", z: None}, {x: "4", y: "2", z: "2"}, numbers)
    assert result.change == 4.0
    assert (result.not_applicable, result.undetermined) == ((y,), (z,))


def test_four_cycles_tell_another_story_by_averages_than_on_the_same_rows() -> None:
    """The shape of the real set of ASM-K4: each cycle adds weak newcomers, which hides what the old rows gained."""
    first = {f"old{number}": 1.0 for number in range(4)}
    last = {**{f"old{number}": 2.5 for number in range(4)}, **{f"new{number}": 1.0 for number in range(2)}}
    result = compare_rows(first, last)
    assert result.change == 1.5
    assert result.naive_change == pytest.approx(1.0)


def test_rows_nobody_was_asked_about_are_no_rows() -> None:
    result = compare_rows({"a": Standing.NOT_ASSESSED, "b": 1.0}, {"a": 2.0, "b": Standing.NOT_ASSESSED})
    assert (result.new, result.gone, result.movements) == (("a",), ("b",), ())
