"""Gaps with their blockers, strengths and weaknesses."""

from __future__ import annotations

from datetime import date

from ancrage.domain.assessment.determination import determine
from ancrage.domain.assessment.gaps import find_gaps, find_strengths, find_weaknesses
from ancrage.domain.assessment.types import AreaKey, Blocker, CellKey, Determination, Standing, Target
from tests.support.assessment import reference_model

MODEL = reference_model({"a": {"a1": 1, "a2": 2}, "b": {"b1": 1, "b2": 2}})


def determination() -> Determination:
    values: dict[str, dict[str, str | None]] = {
        "x": {"a1": "FI", "a2": "PI", "b1": "FI", "b2": "FI"},
        "y": {"a1": "NI", "a2": "LI", "b1": None, "b2": "FI"},
        "z": {"a1": "NA", "a2": "NA"},
    }
    ratings = {CellKey(process, practice): value for process, cells in values.items() for practice, value in cells.items()}
    targets = {AreaKey(process, area): Target(2) for process in "xyz" for area in "ab"}
    return determine(MODEL, ratings, "xyz", targets=targets)


def test_the_largest_gap_comes_first_and_what_is_not_determined_last() -> None:
    gaps = find_gaps(determination())
    assert [(gap.process, gap.area, gap.current.value, gap.size) for gap in gaps] == [
        ("y", "a", 0, 2), ("x", "a", 1, 1), ("y", "b", None, None),
    ]  # fmt: skip


def test_a_gap_names_the_practices_in_its_way() -> None:
    blockers = {(gap.process, gap.area): gap.blockers for gap in find_gaps(determination())}
    assert blockers["x", "a"] == (Blocker("a2", "PI"),)
    assert blockers["y", "b"] == (Blocker("b1", None, Standing.NOT_RATED),)


def test_areas_not_applicable_or_never_assessed_have_no_gap() -> None:
    assert not [gap for gap in find_gaps(determination()) if gap.process == "z"]


def test_other_targets_may_be_asked_about() -> None:
    assert find_gaps(determination(), {AreaKey("x", "a"): Target(1)}) == ()
    assert find_gaps(determination(), {}) == ()


def test_strengths_reach_their_target() -> None:
    assert [(strength.process, strength.area, strength.level) for strength in find_strengths(determination())] == [("x", "b", 2)]


def test_weaknesses_that_decide_a_level_come_first() -> None:
    found = [(weakness.process, weakness.cell.practice, weakness.decides) for weakness in find_weaknesses(determination())]
    assert found == [("x", "a2", True), ("y", "a1", True), ("y", "a2", False)]


def test_a_target_is_complete_with_owner_date_and_reason() -> None:
    assert not Target(2).complete
    assert Target(2, "chloe", date(2026, 12, 31), "audit").complete
