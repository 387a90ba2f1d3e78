"""Ranking: additive value on fixed scales, in an order that removing an unrelated action never changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import pairwise, zip_longest

from ancrage.domain.prioritisation.candidates import ActionCandidate
from ancrage.domain.prioritisation.scales import SCALE, Factor, gap_score
from ancrage.errors import Refused
from ancrage.language import say

CLEAR_MARGIN = 0.10
"""Below this share of the better one's merit, the text says "no clear order"."""
FULL_ATTENTION = 0.8
"""A sponsor who answers this share of commitments is not discounted."""
LARGEST_DISCOUNT = 0.5
"""A sponsor who answers nothing costs the action half its value: without its sponsor an improvement seldom lasts."""
LEAST_EFFORT_DAYS = 0.25


class Criterion(StrEnum):
    """What decides the order."""

    VALUE = "value"
    VALUE_PER_EFFORT = "value_per_effort"


@dataclass(frozen=True, slots=True)
class Weights:
    """What a point of score is worth. `objectives` is keyed by objective id; an objective that is not in it is worth 1.

    `unserved` weighs the gap of an action that serves no objective: it still ranks, below those that serve one.
    """

    objectives: Mapping[str, float] = field(default_factory=dict)
    blocks: float = 1.0
    risk: float = 1.0
    unserved: float = 0.5

    def __post_init__(self) -> None:
        for name, weight in (*self.objectives.items(), ("blocks", self.blocks), ("risk", self.risk), ("unserved", self.unserved)):
            if not 0 <= weight < float("inf"):
                raise Refused("weight", say("the weight of {name} is {weight}: give a number from 0 on", name=name, weight=weight))


@dataclass(frozen=True, slots=True)
class Term:
    """One line of the sum: `contribution` = weight x score. `name` is `objective:ID`, `no_objective`, `blocks` or `risk`; the discount of a
    silent sponsor is a negative line of its own, `sponsor`, without weight and score."""

    name: str
    weight: float
    score: int
    contribution: float


@dataclass(frozen=True, slots=True)
class WeightChange:
    """The smallest change of one weight that swaps an action with the next one: beyond `to` the order is the other way."""

    term: str
    frm: float
    to: float


@dataclass(frozen=True, slots=True)
class ScoreChange:
    """The smallest step on the scale, of one score of one of the two, that swaps an action with the next one."""

    action: str
    term: str
    frm: int
    to: int


@dataclass(frozen=True, slots=True)
class RankedAction:
    """An action in its place. `merit` is what it is ordered by; `margin` to the next one is a share of its own merit, None at the end.

    `weight_change` and `score_change` swap it with the next one; None where no single change can, or where the two are equal.
    """

    position: int
    candidate: ActionCandidate
    terms: tuple[Term, ...]
    value: float
    merit: float
    margin: float | None = None
    is_clear: bool = True
    weight_change: WeightChange | None = None
    score_change: ScoreChange | None = None

    @property
    def effort_days(self) -> float:
        return self.candidate.effort_days

    @property
    def value_per_effort(self) -> float:
        return self.value / _effort(self.candidate)

    @property
    def discount(self) -> float:
        """What the sponsor's silence costs this action, 0 or negative."""
        return sum(term.contribution for term in self.terms if term.name == SPONSOR)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Actions in order, best first, and how they were ordered."""

    actions: tuple[RankedAction, ...]
    criterion: Criterion
    weights: Weights

    def of(self, action: str) -> RankedAction:
        """The place of one action; KeyError when it was not ranked."""
        for ranked in self.actions:
            if ranked.candidate.id == action:
                return ranked
        raise KeyError(action)


SPONSOR = "sponsor"
UNSERVED = "no_objective"
OBJECTIVE = "objective:"


def rank(
    candidates: Iterable[ActionCandidate], weights: Weights | None = None, *, criterion: Criterion = Criterion.VALUE_PER_EFFORT
) -> Ranking:
    """The candidates in order of value, or of value per day of effort, best first (prioritisation.md, Ranking).

    Value is the sum of weight x score over the objectives served, what waits for the action and the risk it treats, minus the
    discount of a silent sponsor. Scores stand on fixed scales, so each value depends on its own action alone: leaving an action out
    never reorders the others. Equal merits are ordered by id; the order of `candidates` plays no part. An id given twice is refused.
    """
    weights = weights or Weights()
    listed = sorted(candidates, key=lambda candidate: candidate.id)
    for one, other in pairwise(listed):
        if one.id == other.id:
            raise Refused("duplicate", say("the action {id} is given twice", id=one.id))
    scored = [_scored(candidate, weights, criterion) for candidate in listed]
    ordered = sorted(scored, key=lambda ranked: (-ranked.merit, ranked.candidate.id))
    places = enumerate(zip_longest(ordered, ordered[1:]), start=1)
    return Ranking(tuple(_placed(place, one, other, criterion) for place, (one, other) in places), criterion, weights)


def discount_share(answering: float | None) -> float:
    """The share of its value an action loses for a sponsor who answers `answering` of the commitments; unknown costs nothing."""
    if answering is None or answering >= FULL_ATTENTION:
        return 0.0
    return LARGEST_DISCOUNT * (1 - max(answering, 0.0) / FULL_ATTENTION)


def _effort(candidate: ActionCandidate) -> float:
    return max(candidate.effort_days, LEAST_EFFORT_DAYS)


def _gross_terms(candidate: ActionCandidate, weights: Weights) -> list[Term]:
    served = sorted(set(candidate.objectives))
    scores = [(OBJECTIVE + name, weights.objectives.get(name, 1.0), candidate.objective_score(name)) for name in served]
    if not candidate.objectives:
        scores.append((UNSERVED, weights.unserved, gap_score(candidate.gap)))
    scores.append((Factor.BLOCKS.value, weights.blocks, candidate.blocks_score))
    scores.append((Factor.RISK.value, weights.risk, candidate.risk))
    return [Term(name, weight, score, weight * score) for name, weight, score in scores]


def _scored(candidate: ActionCandidate, weights: Weights, criterion: Criterion) -> RankedAction:
    terms = _gross_terms(candidate, weights)
    gross = sum(term.contribution for term in terms)
    share = discount_share(candidate.sponsor_answering)
    if share > 0:
        terms.append(Term(SPONSOR, 0.0, 0, -share * gross))
    value = gross * (1 - share)
    merit = value if criterion is Criterion.VALUE else value / _effort(candidate)
    return RankedAction(0, candidate, tuple(terms), value, merit)


def _placed(place: int, one: RankedAction, other: RankedAction | None, criterion: Criterion) -> RankedAction:
    if other is None:
        return replace(one, position=place)
    margin = (one.merit - other.merit) / one.merit if one.merit > 0 else 0.0
    if margin <= 0:
        return replace(one, position=place, margin=0.0, is_clear=False)
    return replace(
        one,
        position=place,
        margin=margin,
        is_clear=margin >= CLEAR_MARGIN,
        weight_change=_weight_change(one, other, criterion),
        score_change=_score_change(one, other, criterion),
    )


def _rate(ranked: RankedAction, criterion: Criterion) -> float:
    """Merit per point of gross value: what one point of weight x score moves."""
    kept = 1 - discount_share(ranked.candidate.sponsor_answering)
    return kept if criterion is Criterion.VALUE else kept / _effort(ranked.candidate)


def _weight_change(one: RankedAction, other: RankedAction, criterion: Criterion) -> WeightChange | None:
    """Merit is linear in each weight, so each weight alone has one value at which the two are equal; the nearest one is reported."""
    lead = one.merit - other.merit
    changes = []
    for name, weight in sorted({term.name: term.weight for term in (*one.terms, *other.terms) if term.name != SPONSOR}.items()):
        slope = _score_of(one, name) * _rate(one, criterion) - _score_of(other, name) * _rate(other, criterion)
        if slope and weight - lead / slope >= 0:
            changes.append(WeightChange(name, weight, weight - lead / slope))
    return min(changes, key=lambda change: (abs(change.to - change.frm), change.term), default=None)


def _score_of(ranked: RankedAction, name: str) -> int:
    return next((term.score for term in ranked.terms if term.name == name), 0)


def _score_change(one: RankedAction, other: RankedAction, criterion: Criterion) -> ScoreChange | None:
    """The fewest steps of the scale; of those, the smallest difference; then the weaker action's own score before the stronger's."""
    lead = one.merit - other.merit
    found: list[tuple[tuple[int, int, int, str], ScoreChange]] = []
    for order, (ranked, up) in enumerate(((other, True), (one, False))):
        rate = _rate(ranked, criterion)
        for term in ranked.terms:
            to = _first_swap(term, lead, rate, up=up) if term.name != SPONSOR else None
            if to is not None:
                steps = abs(SCALE.index(to) - SCALE.index(term.score))
                change = ScoreChange(ranked.candidate.id, term.name, term.score, to)
                found.append(((steps, abs(to - term.score), order, term.name), change))
    return min(found, key=lambda pair: pair[0], default=(None, None))[1]


def _first_swap(term: Term, lead: float, rate: float, *, up: bool) -> int | None:
    steps = [step for step in SCALE if (step > term.score if up else step < term.score)]
    nearest = steps if up else reversed(steps)
    return next((step for step in nearest if abs(step - term.score) * term.weight * rate > lead), None)
