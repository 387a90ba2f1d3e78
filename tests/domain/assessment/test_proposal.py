"""What the tool proposes when several people rated one cell, and how far apart they are (ASM-N1, ASM-C2)."""

from __future__ import annotations

import pytest

from ancrage.domain.assessment.proposal import combine, largest_disagreements_first, scale_ranks
from ancrage.errors import NotFound
from tests.support.assessment import FITSM_CODES, reference_model

CMMI = reference_model({"a": {"p": 1}})
FITSM = reference_model({"a": {"p": 1}}, "fitsm6", FITSM_CODES)


@pytest.mark.parametrize(
    ("values", "value", "judge", "disagreement"),
    [
        (["FI", "FI"], "FI", False, 0.0),
        (["FI", "LI"], "LI", False, 1 / 3),
        (["FI", "LI", None], "LI", False, 1 / 3),
        (["LI", "PI"], None, True, 1 / 3),
        (["FI", "NI"], None, True, 1.0),
        (["FI", "NY"], "FI", False, 0.0),
        (["NY", "NY"], "NY", False, 0.0),
        (["NA", "NA"], "NA", False, 0.0),
        (["NA", "FI"], None, True, 1.0),
        (["PI"], "PI", False, 0.0),
        ([None, None], None, False, 0.0),
        ([], None, False, 0.0),
    ],
)
def test_cmmi_cells_are_proposed_by_characterisation(values: list[str | None], value: str | None, judge: bool, disagreement: float) -> None:
    proposal = combine(values, CMMI)
    assert (proposal.value, proposal.judge) == (value, judge)
    assert proposal.disagreement == pytest.approx(disagreement)
    assert combine(values[::-1], CMMI) == proposal


@pytest.mark.parametrize(
    ("how", "value"),
    [(None, "1"), ("min", "1"), ("max", "4"), ("median", "2"), ("mean", "3")],  # mean 2.5, half up
)
def test_numbered_scales_are_proposed_by_min_or_as_asked(how: str | None, value: str) -> None:
    proposal = combine(["2", "4", "3", "1"], FITSM, how)
    assert proposal.value == value
    assert proposal.method == (how or "min")
    assert combine(["0", "NA"], FITSM, how).judge


def test_zero_is_an_answer_and_silence_is_none() -> None:
    assert combine(["0"], FITSM).value == "0"
    assert combine([None], FITSM).value is None
    assert combine(["0", None], FITSM).answers == 1


def test_the_widest_disagreements_come_first_then_what_divides_most_people() -> None:
    answers = {
        "calm": ["3", "3", "3"],
        "applies?": ["NA", "3", "3"],
        "one against two": ["1", "3", "3"],
        "all apart": ["1", "2", "3"],
        "far": ["0", "4", "4"],
    }
    ordered = [cell for cell, _ in largest_disagreements_first({cell: combine(given, FITSM) for cell, given in answers.items()})]
    assert ordered == ["applies?", "far", "all apart", "one against two", "calm"]


def test_the_sentence_says_who_must_decide() -> None:
    assert str(combine(["LI", "PI"], CMMI).why) == "LI, PI: this mix is a team judgement (ASM-C2)"
    assert str(combine(["NA", "PI"], CMMI).why) == "some say that it does not apply, others rate it: people must decide"
    assert str(combine([None], CMMI).why) == "nobody has answered yet"


def test_an_unknown_combination_is_refused_with_those_that_exist() -> None:
    with pytest.raises(NotFound, match="characterise, min, max, median, mean"):
        combine(["1"], FITSM, "loudest")


def test_a_scale_without_numbers_is_ranked_by_its_declared_order_best_first() -> None:
    letters = reference_model({"a": {"p": 1}}, "other", ["good", "fair", "bad"])
    assert scale_ranks(letters) == {"bad": 0.0, "fair": 1.0, "good": 2.0}
