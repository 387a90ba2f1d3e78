"""The levels of a whole campaign at once are those of area by area, whatever the method, the answers and the judgements."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest

from ancrage.domain.assessment.arrays import AnswerSheet, determine_levels
from ancrage.domain.assessment.determination import determine
from ancrage.domain.assessment.proposal import combine
from ancrage.domain.assessment.types import JUDGE, NOT_APPLICABLE, AreaKey, CapabilityLevel, CellKey, Judgement, Target
from ancrage.domain.reference_model import ReferenceModel
from tests.support.assessment import CMMI_CODES, FITSM_CODES, SAMM_CODES, reference_model

PROCESSES = tuple(f"p{number}" for number in range(40))
AREAS = {"plan": {"a": 2, "b": 1, "c": 1}, "do": {"d": 1, "e": 2, "f": 3, "g": 3}, "few": {"h": 1}}
CMMI = reference_model(AREAS, processes={"few": PROCESSES[::3]})
FITSM = reference_model({"PR1": {"PR1.1": 1, "PR1.2": 1}, "PR2": {"PR2.1": 1}}, "fitsm6", FITSM_CODES)
Found = Mapping[AreaKey, tuple[CapabilityLevel, float | None]]


def at_once(
    model: ReferenceModel, ratings: Mapping[CellKey, str | None], judgements: Sequence[Judgement] = (),
    targets: Mapping[AreaKey, Target] | None = None, options: Mapping[str, str] | None = None,
) -> Found:
    sheet = AnswerSheet(model, PROCESSES)
    sheet.put([cell.process for cell in ratings], [cell.practice for cell in ratings], list(ratings.values()))
    return determine_levels(sheet, options=options, judgements=judgements, targets=targets).by_area()


def one_by_one(model: ReferenceModel, ratings: Mapping[CellKey, str | None], **settings: object) -> Found:
    results = determine(model, ratings, PROCESSES, **settings).results  # type: ignore[arg-type]
    return {key: (result.level, result.score) for key, result in results.items()}


def some_answers(model: ReferenceModel, codes: Sequence[str], dice: random.Random) -> dict[CellKey, str | None]:
    """Any value a cell can have, and cells that are not there."""
    practices = [practice.id for area in model.areas for practice in area.practices]
    steady = dice.choice([*codes, NOT_APPLICABLE, None])
    choices = [*codes, NOT_APPLICABLE, JUDGE, None, *([steady] * dice.choice((0, 20)))]
    cells = [CellKey(process, practice) for process in (*PROCESSES, "outside") for practice in (*practices, "unknown")]
    return {cell: dice.choice(choices) for cell in cells if dice.random() < 0.9}


@pytest.mark.parametrize("weaknesses", ["assume", "ask"])
@pytest.mark.parametrize("seed", range(6))
def test_levels_of_characterised_areas(seed: int, weaknesses: str) -> None:
    dice = random.Random(seed)
    ratings = some_answers(CMMI, CMMI_CODES, dice)
    judgements = [
        Judgement(process, area, level, dice.random() < 0.5, "ann")
        for process in PROCESSES for area in AREAS for level in (1, 2, 3) if dice.random() < 0.1
    ]  # fmt: skip
    options = {"weaknesses": weaknesses}
    expected = one_by_one(CMMI, ratings, judgements=judgements, options=options)
    assert at_once(CMMI, ratings, judgements, options=options) == expected


@pytest.mark.parametrize("seed", range(4))
def test_levels_of_scored_requirements_with_and_without_targets(seed: int) -> None:
    dice = random.Random(seed)
    ratings = some_answers(FITSM, FITSM_CODES, dice)
    targets = {AreaKey(process, "PR1"): Target(dice.randint(1, 4)) for process in PROCESSES if dice.random() < 0.5}
    assert at_once(FITSM, ratings, targets=targets) == one_by_one(FITSM, ratings, targets=targets)


@pytest.mark.parametrize(("method", "codes"), [("samm", SAMM_CODES), ("weighted", ("0", "1", "2", "3")), ("dsomm", ("0", "1"))])
def test_levels_of_other_methods(method: str, codes: Sequence[str]) -> None:
    names = ("D-SA-A-1", "D-SA-A-2", "D-SA-B-1") if method == "samm" else ("a", "b", "c")
    model = reference_model({"D-SA": {name: level for level, name in enumerate(names, start=1)}}, method, codes)
    ratings = some_answers(model, codes, random.Random(5))
    assert at_once(model, ratings) == one_by_one(model, ratings)


def test_several_answers_to_one_cell_are_combined() -> None:
    sheet = AnswerSheet(CMMI, ["p1", "p2"])

    def agreed(values: Sequence[str | None]) -> str | None:
        proposal = combine(values, CMMI)
        return JUDGE if proposal.judge else proposal.value

    sheet.put(["p1", "p1", "p2", "p1"], ["a", "b", "a", "a"], ["FI", "PI", "NI", "LI"], agreed)
    assert sheet.answers(0, range(2)) == {"a": "LI", "b": "PI"}
    assert sheet.answers(1, range(2)) == {"a": "NI"}


def test_what_was_asked_and_not_answered_is_not_rated() -> None:
    sheet = AnswerSheet(CMMI, ["p1"])
    sheet.put(["p1"], ["a"], ["FI"])
    sheet.mark_asked([CellKey("p1", "a"), CellKey("p1", "b"), CellKey("elsewhere", "b")])
    assert sheet.has_empty_cells
    assert sheet.answers(0, range(3)) == {"a": "FI", "b": None}


def test_a_value_that_is_not_on_the_scale_is_refused() -> None:
    with pytest.raises(KeyError):
        AnswerSheet(CMMI, ["p1"]).put(["p1"], ["a"], ["GREAT"])


def test_the_score_is_the_mean_of_what_was_rated() -> None:
    ratings: dict[CellKey, str | None] = {CellKey("p1", "a"): "FI", CellKey("p1", "b"): "LI"}
    assert at_once(CMMI, ratings)[AreaKey("p1", "plan")][1] == pytest.approx(2.5)
