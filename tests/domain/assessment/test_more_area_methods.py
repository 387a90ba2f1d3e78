"""SAMM and ISO/IEC 33020 as methods of a reference model (ASM-S1 to S6, ASM-I3)."""

from __future__ import annotations

import pytest

from ancrage.domain.assessment.determination import determine, explain
from ancrage.domain.assessment.types import (
    LEVEL_NOT_APPLICABLE,
    LEVEL_NOT_ASSESSED,
    NO_LEVEL,
    AreaResult,
    Blocker,
    CapabilityLevel,
    CellKey,
    Determination,
    Standing,
)
from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import ProblemsFound
from tests.support.assessment import NPLF_CODES, SAMM_CODES, reference_model

SAMM = reference_model({"D-SA": {f"D-SA-{stream}-{level}": level for stream in "AB" for level in (1, 2, 3)}}, "samm", SAMM_CODES)
ISO = reference_model({"pa": {"PA 1.1": 1, "PA 2.1": 2, "PA 2.2": 2, "PA 3.1": 3, "PA 3.2": 3}}, "iso33020", NPLF_CODES)


def rate(model: ReferenceModel, values: str) -> Determination:
    """One team from values in the order of the practices; `.` leaves a cell out, `?` is without an answer."""
    names = [practice.id for practice in model.areas[0].practices]
    given = {
        CellKey("team", name): None if value == "?" else value for name, value in zip(names, values.split(), strict=True) if value != "."
    }
    return determine(model, given, ["team"])


def result(model: ReferenceModel, values: str) -> AreaResult:
    (found,) = rate(model, values).results.values()
    return found


@pytest.mark.parametrize(
    ("values", "score", "level"),
    [
        ("0.25 0.25 0.25 0.25 0.25 0.25", 0.75, CapabilityLevel.determined(0)),
        ("1 0.5 0.25 0.5 0.25 0", 1.25, CapabilityLevel.determined(1)),
        ("1 1 1 1 1 1", 3.0, CapabilityLevel.determined(3)),
        ("1 1 1 1 NA 0.5", 2.25, CapabilityLevel.determined(2)),  # N/A never gives full marks
        ("0 0 0 0 0 0", 0.0, CapabilityLevel.determined(0)),
        ("1 1 1 ? ? ?", 1.5, CapabilityLevel.determined(1, at_least=True)),  # unanswered counts 0, and is said
        ("1 1 1 . . .", 1.5, CapabilityLevel.determined(1, at_least=True)),
        ("? ? ? ? ? ?", None, NO_LEVEL),
        (". . . . . .", None, LEVEL_NOT_ASSESSED),
        ("NA NA NA NA NA NA", None, LEVEL_NOT_APPLICABLE),
    ],
)
def test_a_samm_practice_keeps_its_score_and_reaches_whole_levels(values: str, score: float | None, level: CapabilityLevel) -> None:
    found = result(SAMM, values)
    assert (found.score, found.level) == (score, level)


def test_the_blockers_of_a_samm_practice_are_the_lowest_activities_that_are_not_full() -> None:
    assert result(SAMM, "1 0.5 0 1 ? 0").blockers == (Blocker("D-SA-B-2", None, Standing.NOT_RATED), Blocker("D-SA-A-2", "0.5"))
    assert result(SAMM, "1 1 1 1 1 1").blockers == ()


def test_a_samm_explanation_says_what_counted_as_zero_and_what_earned_nothing() -> None:
    lines = [(reason.rule, str(reason.message)) for reason in explain(rate(SAMM, "1 1 1 ? NA 0"), "team", "D-SA")]
    assert lines == [
        ("ASM-S2", "score 1.5 of 3, the mean of two streams"),
        ("ASM-S2", "level 1 at least: the next one waits for answers"),
        ("ASM-S3", "1 activities without an answer count as 0"),
        ("ASM-S6", "1 activities do not apply and earn nothing"),
    ]


@pytest.mark.parametrize(
    ("values", "level", "blockers"),
    [
        ("L F F F F", CapabilityLevel.determined(1), ["PA 1.1"]),
        ("F L L N N", CapabilityLevel.determined(2), ["PA 2.1", "PA 2.2", "PA 3.1", "PA 3.2"]),
        ("F F L L L", CapabilityLevel.determined(2), ["PA 2.2"]),
        ("F F F L L", CapabilityLevel.determined(3), ["PA 3.1", "PA 3.2"]),
        ("F F F F F", CapabilityLevel.determined(3), []),  # the model asks no further
        ("F F ? F F", CapabilityLevel.determined(1, at_least=True), ["PA 2.2"]),
        ("? F F F F", NO_LEVEL, ["PA 1.1"]),
        (". . . . .", LEVEL_NOT_ASSESSED, ["PA 1.1"]),
        ("NA NA NA NA NA", LEVEL_NOT_APPLICABLE, []),
    ],
)
def test_iso_levels_of_a_process(values: str, level: CapabilityLevel, blockers: list[str]) -> None:
    found = result(ISO, values)
    assert found.level == level
    assert [cell.practice for cell in found.blockers] == blockers


@pytest.mark.parametrize(
    ("model", "method"),
    [
        (reference_model({"a": {"question one": 1}}, "samm", SAMM_CODES), "samm"),
        (reference_model({"a": {"D-SA-A-1": 1, "D-SA-1-A": 1}}, "samm", SAMM_CODES), "samm"),
        (reference_model({"a": {"D-SA-A-1": 1}}, "samm", ["0", "0.3"]), "samm"),
        (reference_model({"a": {"6.1": 1}}, "iso33020", NPLF_CODES), "iso33020"),
        (reference_model({"a": {"1.1": 1, "PA 1.1": 1}}, "iso33020", NPLF_CODES), "iso33020"),
        (reference_model({"a": {"1.1": 1}}, "iso33020", ["good"]), "iso33020"),
    ],
)
def test_models_that_do_not_suit_their_method_are_refused(model: ReferenceModel, method: str) -> None:
    with pytest.raises(ProblemsFound, match=f"does not suit method {method}"):
        determine(model, {}, ["team"])
