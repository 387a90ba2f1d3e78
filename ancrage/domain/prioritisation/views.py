"""WSJF, RICE and impact by effort: other well-known tables, filled from the same facts and the same scale."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from ancrage.domain.prioritisation.candidates import ActionCandidate
from ancrage.domain.prioritisation.ranking import Weights, discount_share
from ancrage.domain.prioritisation.scales import gap_score

SIZE_STEPS = ((20.0, 13), (10.0, 8), (5.0, 5), (3.0, 3), (1.0, 2))
"""More than 20 days is size 13, more than 10 is 8, and so on; a day or less is 1."""
RICE_IMPACT = {0: 0.0, 1: 0.25, 2: 0.5, 3: 1.0, 5: 2.0, 8: 3.0, 13: 3.0}
"""RICE's own impact scale (minimal 0.25, low 0.5, medium 1, high 2, massive 3) for each score of ours."""
ESTIMATED_CONFIDENCE = 0.8
DAYS_PER_MONTH = 20.0
HIGH_IMPACT, SMALL_SIZE = 5, 5


class Quadrant(StrEnum):
    """Impact by effort: the four corners."""

    QUICK_WIN = "quick_win"
    BIG_PROJECT = "big_project"
    FILL_IN = "fill_in"
    THANKLESS = "thankless"


@dataclass(frozen=True, slots=True)
class ViewRow:
    """One action in one view: its figures by name, and the result it is ordered by."""

    action: str
    figures: Mapping[str, float]
    result: float
    quadrant: Quadrant | None = None


def job_size(days: float) -> int:
    """The effort on the anchored scale: 1 2 3 5 8 13."""
    return next((size for above, size in SIZE_STEPS if days > above), 1)


def weighted_shortest_job_first(user_value: float, time_criticality: float, risk_opportunity: float, size: float) -> float:
    """WSJF: cost of delay by job size (Reinertsen); ordering by it minimises the cost of delay of one team (Smith's rule, 1956)."""
    return (user_value + time_criticality + risk_opportunity) / size


def view_wsjf(candidates: Iterable[ActionCandidate], weights: Weights | None = None) -> tuple[ViewRow, ...]:
    """WSJF rows, best first: value = weighted mean of objective scores, criticality = risk, opportunity = what waits for it."""
    return _ordered(candidates, lambda each: _wsjf(each, weights or Weights()))


def view_rice(candidates: Iterable[ActionCandidate]) -> tuple[ViewRow, ...]:
    """RICE rows, best first: reach = the process and what waits for it, impact on RICE's scale, confidence lowered by an estimated
    effort and by a silent sponsor, effort in person-months of 20 days."""
    return _ordered(candidates, _rice)


def view_impact_effort(candidates: Iterable[ActionCandidate]) -> tuple[ViewRow, ...]:
    """Impact by effort, best ratio first, with its quadrant: high impact from 5 on, small up to size 5 (ten days)."""
    return _ordered(candidates, _impact_effort)


def _ordered(candidates: Iterable[ActionCandidate], fill: Callable[[ActionCandidate], ViewRow]) -> tuple[ViewRow, ...]:
    return tuple(sorted(map(fill, candidates), key=lambda row: (-row.result, row.action)))


def _impact(candidate: ActionCandidate) -> int:
    served = [candidate.objective_score(objective) for objective in candidate.objectives]
    return max(served, default=gap_score(candidate.gap))


def _wsjf(candidate: ActionCandidate, weights: Weights) -> ViewRow:
    shares = {objective: weights.objectives.get(objective, 1.0) for objective in candidate.objectives}
    total = sum(shares.values())
    value = sum(weight * candidate.objective_score(objective) for objective, weight in shares.items())
    user_value = value / total if total else weights.unserved * gap_score(candidate.gap)
    figures = {
        "user_value": user_value, "time_criticality": float(candidate.risk), "risk_opportunity": float(candidate.blocks_score),
        "size": float(job_size(candidate.effort_days)),
    }  # fmt: skip
    return ViewRow(candidate.id, figures, weighted_shortest_job_first(**figures))


def _rice(candidate: ActionCandidate) -> ViewRow:
    confidence = (ESTIMATED_CONFIDENCE if candidate.effort_is_estimated else 1.0) * (1 - discount_share(candidate.sponsor_answering))
    figures = {
        "reach": 1.0 + candidate.blocks, "impact": RICE_IMPACT[_impact(candidate)], "confidence": confidence,
        "effort_months": max(candidate.effort_days, 0.25) / DAYS_PER_MONTH,
    }  # fmt: skip
    return ViewRow(candidate.id, figures, figures["reach"] * figures["impact"] * confidence / figures["effort_months"])


def _impact_effort(candidate: ActionCandidate) -> ViewRow:
    impact, size = _impact(candidate), job_size(candidate.effort_days)
    corners = {
        (True, True): Quadrant.QUICK_WIN, (True, False): Quadrant.BIG_PROJECT,
        (False, True): Quadrant.FILL_IN, (False, False): Quadrant.THANKLESS,
    }  # fmt: skip
    quadrant = corners[impact >= HIGH_IMPACT, size <= SMALL_SIZE]
    return ViewRow(candidate.id, {"impact": float(impact), "size": float(size)}, impact / size, quadrant)
