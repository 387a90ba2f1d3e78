"""Weaknesses become candidate actions under ids that the next cycle finds again."""

from __future__ import annotations

import pytest

from ancrage.domain.prioritisation import ActionCandidate, Weakness, propose_actions
from ancrage.domain.prioritisation.scales import SCALE, Factor, blocks_score, gap_score, words
from ancrage.errors import Refused
from ancrage.language import Label, say


def test_one_action_per_process_and_area_with_a_stable_id() -> None:
    found = [Weakness("incident", "need", 1.0, practices=("need.1",)), Weakness("demand", "risk", 2.0)]
    assert [action.id for action in propose_actions(found)] == ["improve:demand:risk", "improve:incident:need"]
    assert propose_actions(reversed(found)) == propose_actions(found)


def test_weaknesses_of_one_area_are_joined() -> None:
    (action,) = propose_actions([
        Weakness("incident", "need", 1.0, ("speed",), ("need.1",), ("demand",), risk=3, sponsor="boss", effort_days=4),
        Weakness("incident", "need", 2.0, ("cost",), ("need.2",), ("demand", "change"), risk=5, effort_days=6),
    ], {"boss": 0.5})  # fmt: skip
    assert (action.gap, action.objectives, action.practices, action.blocks) == (2.0, ("cost", "speed"), ("need.1", "need.2"), 2)
    assert (action.risk, action.effort_days, action.effort_is_estimated) == (5, 10, False)
    assert (action.sponsor, action.sponsor_answering) == ("boss", 0.5)


def test_an_area_that_meets_its_target_proposes_nothing() -> None:
    assert propose_actions([Weakness("incident", "need", 0.0), Weakness("incident", "need", -1.0)]) == ()


def test_an_effort_nobody_gave_is_marked_as_estimated() -> None:
    (action,) = propose_actions([Weakness("incident", "need", 2.0)])
    assert (action.effort_days, action.effort_is_estimated) == (20.0, True)


def test_the_title_names_area_and_process_in_the_reader_s_language() -> None:
    weakness = Weakness("incident", "need", 1.0, process_name=Label("Incidents", "Incidents"), area_name=Label("Besoin", "Need"))
    (action,) = propose_actions([weakness])
    assert action.title.text("en") == "Improve Need in Incidents"


@pytest.mark.parametrize(("levels", "score"), [(0, 0), (0.2, 1), (0.5, 2), (1, 3), (1.5, 5), (2, 8), (2.9, 8), (3, 13), (9, 13)])
def test_a_gap_has_an_anchored_score(levels: float, score: int) -> None:
    assert gap_score(levels) == score


@pytest.mark.parametrize(("count", "score"), [(0, 0), (1, 1), (4, 3), (5, 5), (12, 8), (13, 13), (400, 13)])
def test_what_waits_has_an_anchored_score(count: int, score: int) -> None:
    assert blocks_score(count) == score


def test_every_step_of_the_scale_has_words() -> None:
    assert all(str(words(factor, step)) for factor in Factor for step in SCALE)


def test_a_score_off_the_scale_is_refused() -> None:
    with pytest.raises(Refused, match="0 1 2 3 5 8 13"):
        ActionCandidate("a", say("a"), risk=4)
    with pytest.raises(Refused, match="0 1 2 3 5 8 13"):
        ActionCandidate("a", say("a"), objectives=("speed",), scores={"speed": 7})
