"""The other tables, and the lines that explain a rank."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from ancrage.domain.prioritisation import ActionCandidate, Weights, rank
from ancrage.domain.prioritisation.explanation import explain_rank
from ancrage.domain.prioritisation.views import (
    Quadrant,
    job_size,
    view_impact_effort,
    view_rice,
    view_wsjf,
    weighted_shortest_job_first,
)
from ancrage.language import Label, say


def action(id_: str, **given: object) -> ActionCandidate:
    return ActionCandidate(id_, say("an action"), **given)  # type: ignore[arg-type]


@pytest.mark.reference_data
def test_wsjf_gives_the_order_that_costs_least(reference_data: Path) -> None:
    case = json.loads((reference_data / "prioritisation" / "mcda" / "wsjf_small.json").read_text())
    ratios = {
        job["id"]: weighted_shortest_job_first(job["user_value"], job["time_criticality"], job["risk_opportunity"], job["size"])
        for job in case["jobs"]
    }
    assert ratios == pytest.approx({name: float(Fraction(text)) for name, text in case["expected"]["wsjf"].items()})
    assert sorted(ratios, key=lambda name: -ratios[name]) == case["expected"]["wsjf_order"]


def test_wsjf_is_filled_from_the_same_facts() -> None:
    # value (3 x 8 + 1 x 8) / 4 = 8, risk 5, three things wait 3, 10 days are size 5: 16 / 5
    (row,) = view_wsjf([action("a", objectives=("speed", "cost"), gap=2, blocks=3, risk=5, effort_days=10)], Weights({"speed": 3.0}))
    assert dict(row.figures) == {"user_value": 8.0, "time_criticality": 5.0, "risk_opportunity": 3.0, "size": 5.0}
    assert row.result == 3.2


def test_rice_trusts_an_estimate_and_a_silent_sponsor_less() -> None:
    # reach 1 + 3, impact of score 8 is 3, confidence 0.8 x 0.5, effort 1 month: 4.8
    (row,) = view_rice([action("a", gap=2, blocks=3, effort_days=20, effort_is_estimated=True, sponsor_answering=0.0)])
    assert row.result == pytest.approx(4.8)


def test_impact_by_effort_has_four_corners() -> None:
    rows = view_impact_effort([
        action("quick", gap=2, effort_days=4), action("big", gap=2, effort_days=30), action("fill", gap=1, effort_days=4),
        action("thankless", gap=1, effort_days=30),
    ])  # fmt: skip
    assert {row.action: row.quadrant for row in rows} == {
        "quick": Quadrant.QUICK_WIN, "big": Quadrant.BIG_PROJECT, "fill": Quadrant.FILL_IN, "thankless": Quadrant.THANKLESS,
    }  # fmt: skip
    assert rows[0].action == "quick"


@pytest.mark.parametrize(("days", "size"), [(0, 1), (1, 1), (1.5, 2), (3, 2), (5, 3), (10, 5), (20, 8), (21, 13)])
def test_effort_has_an_anchored_size(days: float, size: int) -> None:
    assert job_size(days) == size


def test_a_rank_is_explained_by_lines_that_add_up() -> None:
    first = action("first", objectives=("speed",), gap=2, blocks=1, effort_days=10, sponsor="boss", sponsor_answering=0.0)
    second = action("second", objectives=("speed",), gap=1, effort_days=8, effort_is_estimated=True)
    ranking = rank([first, second], Weights({"speed": 3.0}))
    names = {"speed": Label("Rapidité", "Speed")}
    assert [(reason.rule, str(reason.message)) for reason in explain_rank(ranking, "first", names)] == [
        ("RNK-1", "24 = 3 x 8: Speed, two levels are missing"),
        ("RNK-1", "1 = 1 x 1: what waits for it, one thing waits for it"),
        ("RNK-1", "0 = 1 x 0: the risk it treats, no risk is treated"),
        ("RNK-2", "-12.5: the sponsor answered 0 percent of the last requests"),
        ("RNK-1", "value 12.5, the sum of these"),
        ("RNK-3", "1.25 a day: 12.5 for an effort of 10 days"),
        ("RNK-4", "ahead of the next one by 10 percent"),
        ("RNK-5", "they change places when the score of second for Speed goes from 3 to 5"),
    ]
    assert "a first estimate" in str(explain_rank(ranking, "second")[-1].message)


def test_an_unclear_order_says_so() -> None:
    one = action("one", gap=2, blocks=1, effort_days=10)
    other = action("other", gap=2, blocks=1, effort_days=10.5)
    lines = [str(reason.message) for reason in explain_rank(rank([one, other]), "one")]
    assert "no clear order: ahead of the next one by 5 percent only" in lines
    assert any(line.startswith("they change places when the score of") for line in lines)
