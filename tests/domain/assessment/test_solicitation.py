"""The solicitation budget refuses a launch and says what to cut (ASM-K10)."""

from __future__ import annotations

from ancrage.domain.assessment.solicitation import BudgetCheck, CutReason, Question, check_budget
from ancrage.domain.assessment.types import CellKey


def question(name: str, minutes: float = 10, *, valid: bool = False, distance: int | None = 0, person: str = "chloe") -> Question:
    return Question(person, CellKey("x", name), minutes, valid, distance)


def cut_names(check: BudgetCheck) -> list[tuple[str, CutReason]]:
    return [(cut.question.cell.practice, cut.reason) for cut in check.loads[0].cuts]


def test_within_the_budget_nothing_is_cut() -> None:
    check = check_budget([question("a"), question("b")], {"chloe": 20})
    assert check.holds
    assert check.loads[0].cuts == ()


def test_still_valid_answers_are_cut_first_then_the_cells_farthest_from_any_objective() -> None:
    asked = [question("near", distance=1), question("valid", valid=True), question("unlinked", distance=None), question("far", distance=3)]
    check = check_budget(asked, {"chloe": 5})
    assert not check.holds
    assert cut_names(check) == [
        ("valid", CutReason.STILL_VALID),
        ("unlinked", CutReason.FAR_FROM_OBJECTIVES),
        ("far", CutReason.FAR_FROM_OBJECTIVES),
        ("near", CutReason.FAR_FROM_OBJECTIVES),
    ]


def test_no_more_is_cut_than_needed() -> None:
    asked = [question("valid", valid=True), question("far", distance=3), question("own")]
    assert cut_names(check_budget(asked, {"chloe": 20})) == [("valid", CutReason.STILL_VALID)]


def test_what_serves_an_objective_and_has_no_answer_is_never_cut_and_the_excess_is_said() -> None:
    check = check_budget([question("a", 30), question("b", 30)], {}, default_minutes=45)
    assert check.loads[0].still_over == 15
    assert str(check.loads[0].explain()) == "chloe is asked for 60 minutes of 45; leaving out 0 questions still leaves 15 too many"


def test_the_most_overloaded_person_comes_first_and_people_without_a_bound_are_never_over() -> None:
    asked = [question("a", 30, person="anne"), question("b", 90, person="bruno"), question("c", 500, person="claude")]
    check = check_budget(asked, {"anne": 10, "bruno": 20})
    assert [(load.person, load.over) for load in check.loads] == [("bruno", 70), ("anne", 20), ("claude", 0)]


def test_the_order_of_questions_does_not_matter() -> None:
    asked = [question(str(number), distance=number % 3) for number in range(12)]
    assert check_budget(asked, {"chloe": 50}) == check_budget(asked[::-1], {"chloe": 50})
