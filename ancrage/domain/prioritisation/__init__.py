"""Which improvement first: candidate actions from weaknesses, ranked by additive value on fixed scales, with reasons."""

from ancrage.domain.prioritisation.candidates import ActionCandidate, Weakness, propose_actions
from ancrage.domain.prioritisation.ranking import Criterion, RankedAction, Ranking, ScoreChange, Term, WeightChange, Weights, rank

__all__ = [
    "ActionCandidate",
    "Weakness",
    "propose_actions",
    "Criterion",
    "RankedAction",
    "Ranking",
    "ScoreChange",
    "Term",
    "WeightChange",
    "Weights",
    "rank",
]
