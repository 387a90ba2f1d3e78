"""Ranking by additive value on fixed scales: worked examples by hand, and the laws."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancrage.domain.prioritisation import ActionCandidate, Criterion, Ranking, Weights, rank
from ancrage.domain.prioritisation.ranking import RankedAction, discount_share
from ancrage.domain.prioritisation.scales import SCALE
from ancrage.errors import Refused
from ancrage.language import say


def action(id_: str, **given: object) -> ActionCandidate:
    return ActionCandidate(id_, say("an action"), **given)  # type: ignore[arg-type]


def order(ranking: Ranking) -> list[str]:
    return [ranked.candidate.id for ranked in ranking.actions]


WEIGHTS = Weights({"speed": 3.0, "cost": 1.0})
FIRST = action("first", objectives=("speed", "cost"), gap=2, blocks=3, risk=5, effort_days=10)
SECOND = action("second", objectives=("speed",), gap=2, effort_days=10)


def test_value_is_the_sum_of_weight_times_score() -> None:
    # first: 3 x 8 + 1 x 8 + blocks 3 + risk 5 = 40; second: 3 x 8 = 24
    first, second = rank([FIRST, SECOND], WEIGHTS).actions
    assert [(term.name, term.weight, term.score, term.contribution) for term in first.terms] == [
        ("objective:cost", 1.0, 8, 8.0), ("objective:speed", 3.0, 8, 24.0), ("blocks", 1.0, 3, 3.0), ("risk", 1.0, 5, 5.0),
    ]  # fmt: skip
    assert (first.value, second.value, first.value_per_effort) == (40.0, 24.0, 4.0)
    assert first.margin == pytest.approx(0.4)


def test_a_sponsor_who_stopped_answering_costs_a_visible_term() -> None:
    (ranked,) = rank([action("a", objectives=("speed",), gap=2, sponsor="boss", sponsor_answering=0.0)], WEIGHTS).actions
    assert (ranked.terms[-1].name, ranked.discount, ranked.value) == ("sponsor", -12.0, 12.0)


@pytest.mark.parametrize(("answering", "share"), [(None, 0.0), (1.0, 0.0), (0.8, 0.0), (0.4, 0.25), (0.0, 0.5)])
def test_the_discount_grows_as_answers_become_rare(answering: float | None, share: float) -> None:
    assert discount_share(answering) == pytest.approx(share)


def test_an_action_that_serves_no_objective_still_ranks() -> None:
    (ranked,) = rank([action("a", gap=2)], WEIGHTS).actions
    assert (ranked.terms[0].name, ranked.value) == ("no_objective", 4.0)


def test_an_agreed_score_replaces_the_gap_s() -> None:
    (ranked,) = rank([action("a", objectives=("speed",), gap=2, scores={"speed": 13})], WEIGHTS).actions
    assert ranked.value == 39.0


def test_the_criterion_decides_the_order() -> None:
    slow = action("slow", objectives=("speed",), gap=3, effort_days=40)  # 39 in 40 days
    quick = action("quick", objectives=("speed",), gap=1, effort_days=2)  # 9 in 2 days
    assert order(rank([slow, quick], WEIGHTS)) == ["quick", "slow"]
    assert order(rank([slow, quick], WEIGHTS, criterion=Criterion.VALUE)) == ["slow", "quick"]


def test_equal_actions_are_ordered_by_id_and_called_unclear() -> None:
    one, other = rank([action("b", gap=1), action("a", gap=1)]).actions
    assert (one.candidate.id, one.margin, one.is_clear, one.weight_change, one.score_change) == ("a", 0.0, False, None, None)
    assert (other.margin, other.is_clear) == (None, True)


def test_below_ten_percent_there_is_no_clear_order() -> None:
    near = action("near", objectives=("speed",), gap=2, blocks=1, effort_days=10)  # 25 against 24: 4%
    one, _ = rank([near, SECOND], WEIGHTS).actions
    assert one.margin == pytest.approx(0.04)
    assert not one.is_clear


def test_the_smallest_weight_change_makes_the_two_equal() -> None:
    # wide 3 x 3 + 1 x 3 = 12, deep 3 x 3 + blocks 1 = 10: a lead of 2. cost from 1 down to 1/3, blocks from 1 up to 3.
    wide = action("wide", objectives=("speed", "cost"), gap=1, effort_days=10)
    deep = action("deep", objectives=("speed",), gap=1, blocks=1, effort_days=10)
    change = rank([wide, deep], WEIGHTS).actions[0].weight_change
    assert change is not None
    assert (change.term, change.frm) == ("objective:cost", 1.0)
    assert change.to == pytest.approx(1 / 3)


def test_the_smallest_score_change_is_one_step_where_one_is_enough() -> None:
    # 25 against 24: what waits for the second from 0 to 1 is a tie, 2 steps are needed; its speed from 8 to 13 is one step.
    near = action("near", objectives=("speed",), gap=2, blocks=1, effort_days=10)
    change = rank([near, SECOND], WEIGHTS).actions[0].score_change
    assert change is not None
    assert (change.action, change.term, change.frm, change.to) == ("near", "objective:speed", 8, 5)


def test_an_id_given_twice_and_a_bad_weight_are_refused() -> None:
    with pytest.raises(Refused, match="twice"):
        rank([SECOND, SECOND])
    with pytest.raises(Refused, match="weight of risk"):
        Weights(risk=-1)
    with pytest.raises(Refused, match="weight of speed"):
        Weights({"speed": float("nan")})


def test_nothing_to_rank_is_an_empty_ranking() -> None:
    ranking = rank([])
    assert ranking.actions == ()
    with pytest.raises(KeyError):
        ranking.of("a")


# --- laws ------------------------------------------------------------------------------------------------------------------

scores = st.sampled_from(SCALE)
candidates = st.lists(
    st.builds(
        action,
        st.sampled_from("abcdefghijklmnop"),
        objectives=st.lists(st.sampled_from(["speed", "cost", "calm"]), unique=True).map(tuple),
        gap=st.sampled_from([0.0, 0.5, 1.0, 2.0, 3.0]),
        blocks=st.integers(0, 20),
        risk=scores,
        effort_days=st.sampled_from([0.0, 1.0, 2.5, 8.0, 30.0]),
        sponsor_answering=st.one_of(st.none(), st.floats(0, 1)),
    ),
    min_size=1, max_size=10, unique_by=lambda candidate: candidate.id,
)  # fmt: skip
weights = st.builds(
    lambda speed, cost, blocks: Weights({"speed": speed, "cost": cost}, blocks=blocks), st.floats(0, 9), st.floats(0, 9), st.floats(0, 9)
)
criteria = st.sampled_from(Criterion)


@given(candidates, weights, criteria, st.data())
def test_removing_an_action_never_reorders_the_rest(
    found: list[ActionCandidate], given_weights: Weights, criterion: Criterion, data: st.DataObject
) -> None:
    gone = data.draw(st.sampled_from(found)).id
    everything = order(rank(found, given_weights, criterion=criterion))
    fewer = order(rank([each for each in found if each.id != gone], given_weights, criterion=criterion))
    assert fewer == [id_ for id_ in everything if id_ != gone]


@given(candidates, weights, criteria, st.randoms(use_true_random=False))
def test_ranking_ignores_the_order_of_its_input(
    found: list[ActionCandidate], given_weights: Weights, criterion: Criterion, dice: object
) -> None:
    shuffled = list(found)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rank(shuffled, given_weights, criterion=criterion) == rank(found, given_weights, criterion=criterion)


@given(candidates, weights)
def test_contributions_add_up_to_the_value(found: list[ActionCandidate], given_weights: Weights) -> None:
    for ranked in rank(found, given_weights).actions:
        assert sum(term.contribution for term in ranked.terms) == pytest.approx(ranked.value, abs=1e-9)
        assert ranked.value >= 0


def merit_with(ranked: RankedAction, name: str, weight: float, criterion: Criterion) -> float:
    """The merit recomputed from the printed terms with another weight: what a reader would do by hand."""
    gross = sum(term.score * (weight if term.name == name else term.weight) for term in ranked.terms)
    value = gross * (1 - discount_share(ranked.candidate.sponsor_answering))
    return value if criterion is Criterion.VALUE else value / max(ranked.effort_days, 0.25)


def pairs(ranking: Ranking) -> Sequence[tuple[RankedAction, RankedAction]]:
    return list(zip(ranking.actions, ranking.actions[1:], strict=False))


@given(candidates, weights, criteria)
def test_the_weight_change_reported_makes_neighbours_equal(
    found: list[ActionCandidate], given_weights: Weights, criterion: Criterion
) -> None:
    for one, other in pairs(rank(found, given_weights, criterion=criterion)):
        change = one.weight_change
        if change is not None:
            assert change.to >= 0
            merits = [merit_with(each, change.term, change.to, criterion) for each in (one, other)]
            assert merits[0] == pytest.approx(merits[1], abs=1e-6 * max(1.0, change.to))
