"""CMMI-style characterisation (ASM-C1 to C5): units, groups, capability levels, maturity level."""

from __future__ import annotations

import pytest

from ancrage.domain.assessment.methods.cmmi import characterise, determine_maturity, judge_group, reach_level
from ancrage.domain.assessment.types import GroupStatus

S, U, R, J, X = (
    GroupStatus.SATISFIED,
    GroupStatus.UNSATISFIED,
    GroupStatus.NOT_RATED,
    GroupStatus.JUDGE,
    GroupStatus.NOT_APPLICABLE,
)


@pytest.mark.parametrize(
    ("instances", "unit"),
    [
        ("FI FI NY", "FI"),  # worked example of C2
        ("LI PI LI", "JUDGE"),  # worked example of C2
        ("FI", "FI"),
        ("NI NI NI", "NI"),
        ("PI PI", "PI"),
        ("NI NY", "NI"),
        ("FI LI", "LI"),
        ("LI FI NY FI", "LI"),
        ("LI LI", "LI"),
        ("NY NY", "NY"),
        ("FI PI", "JUDGE"),
        ("FI NI", "JUDGE"),
        ("LI NI NY", "JUDGE"),
        ("PI NI", "JUDGE"),
        ("FI LI PI", "JUDGE"),
        ("NA NA", "NA"),
        ("NA FI", "FI"),
        ("NA NY", "NY"),
        ("NA FI LI NY", "LI"),
    ],
)
def test_a_unit_is_characterised_from_its_instances_in_any_order(instances: str, unit: str) -> None:
    values = instances.split()
    assert characterise(values) == unit
    assert characterise(reversed(values)) == unit


@pytest.mark.parametrize(
    ("values", "significant", "status"),
    [
        (("FI", "FI"), None, S),
        (("FI", "LI"), None, S),
        (("FI", "LI"), False, S),
        (("FI", "LI"), True, U),
        (("FI", "FI"), True, S),  # no weakness can be significant where there is none
        (("LI", "LI"), True, U),
        (("FI", "PI"), None, U),
        (("FI", "PI"), False, U),  # a judgement does not lift what is only partially there
        (("NI",), None, U),
        (("FI", "NY"), None, R),
        (("FI", None), None, R),
        (("FI", ""), None, R),
        (("PI", "NY"), None, R),  # not rated comes before unsatisfied
        (("PI", "JUDGE"), None, J),
        (("FI", "JUDGE"), None, J),
        (("JUDGE", None), None, R),
        (("NA", "NA"), None, X),
        (("NA", "FI"), None, S),
        (("NA", "PI"), None, U),
    ],
)
def test_a_group_is_judged_by_its_practices(values: tuple[str | None, ...], significant: bool | None, status: GroupStatus) -> None:
    assert judge_group(values, significant) is status


def test_largely_implemented_practices_wait_for_a_judgement_when_it_is_asked_for() -> None:
    assert judge_group(("FI", "LI"), None, ask=True) is J
    assert judge_group(("FI", "LI"), False, ask=True) is S
    assert judge_group(("FI", "FI"), None, ask=True) is S


@pytest.mark.parametrize(
    ("groups", "level", "stop"),
    [
        ([(1, S), (2, U), (3, S)], 1, 2),  # worked example of C4
        ([(1, S), (2, S), (3, S)], 3, None),
        ([(1, U), (2, S)], 0, 1),
        ([(1, S), (2, R), (3, S)], 1, 2),
        ([(1, S), (2, X), (3, S)], 3, None),  # N/A does not block
        ([(1, S), (2, X)], 1, None),  # and does not lift
        ([(1, X), (2, S)], 2, None),
        ([(1, S), (2, S), (2, U)], 1, 2),  # every group of a level counts
        ([(1, S), (1, J), (2, S)], 0, 1),
        ([(2, S), (3, U)], 2, 3),
    ],
)
def test_the_level_is_the_highest_up_to_which_every_group_is_satisfied(
    groups: list[tuple[int, GroupStatus]], level: int, stop: int | None
) -> None:
    assert reach_level(groups) == (level, stop)


def area(own: int, *statuses: GroupStatus) -> tuple[int, list[tuple[int, GroupStatus]]]:
    return own, list(enumerate(statuses, start=1))


@pytest.mark.parametrize(
    ("areas", "maturity"),
    [
        ([area(2, S, S)], 2),
        ([area(2, S, U)], 1),
        ([area(2, S, S), area(3, S, S, S)], 3),
        ([area(2, S, S, U), area(3, S, S, S)], 2),  # from 3 up the level-2 areas satisfy level-3 institutionalisation
        ([area(2, S, S, S), area(3, S, S, U)], 2),
        ([area(2, S, U), area(3, S, S, S)], 1),  # a level-2 area below blocks everything above
        ([area(2, X, X, X), area(3, S, S, S)], 3),  # N/A does not block
        ([area(2, S, R), area(3, S, S, S)], 1),  # Not Rated blocks
        ([area(1, U), area(2, S, S)], 0),
        ([area(1, S), area(2, S, S)], 2),
        ([area(2, S, S, S), area(3, S, S, S), area(4, S, S, S, U)], 3),
        ([area(2, S, S, S, U), area(3, S, S, S), area(4, S, S, S, S)], 4),
        ([area(2, S, S, S), area(3, S, S, S), area(4, S, S, S, S), area(5, S, S, S, S, S)], 5),
    ],
)
def test_maturity_is_the_highest_level_at_which_every_area_of_it_and_below_is_satisfied(
    areas: list[tuple[int, list[tuple[int, GroupStatus]]]], maturity: int
) -> None:
    assert determine_maturity(areas)[0] == maturity
    assert determine_maturity(reversed(areas))[0] == maturity


def test_a_maturity_level_that_only_waits_for_answers_says_at_least() -> None:
    assert determine_maturity([area(2, S, S, S), area(3, S, R, S)]) == (2, True)
    assert determine_maturity([area(2, S, S, S), area(3, S, R, U)]) == (2, False)
    assert determine_maturity([area(2, S, J)]) == (1, True)
