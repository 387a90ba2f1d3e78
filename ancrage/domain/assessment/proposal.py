"""Several people rated one cell: what the tool proposes, and how far apart they are (ASM-N1, ASM-C2). People agree, the tool does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from ancrage.domain.assessment.methods.cmmi import NOT_YET, RANKS, characterise
from ancrage.domain.assessment.types import JUDGE, NOT_APPLICABLE
from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import NotFound
from ancrage.language import Message, say

Key = TypeVar("Key")

COMBINATIONS = ("min", "max", "median", "mean")
"""Ways to propose one value of a numbered scale; `median` is the lower one, `mean` is rounded half up to the nearest scale value."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the tool proposes for one cell.

    `value` is a scale code, `NA`, or None while `judge` is true or nobody has answered. `disagreement` runs from 0 (all alike) to 1
    (the two ends of the scale, or somebody says "not applicable" and somebody rates); `divided` is the share of pairs of people who
    differ, and breaks ties between equal disagreements.
    """

    value: str | None
    judge: bool
    method: str
    disagreement: float
    divided: float
    answers: int
    why: Message


def combine(values: Iterable[str | None], model: ReferenceModel, how: str | None = None) -> Proposal:
    """The proposed value of one cell from the values of several people; their order never matters.

    `values` are scale codes, `NA`, or None for who has not answered (left out). `how` is `characterise` (ASM-C2, the default of
    method `cmmi`) or one of COMBINATIONS (default `min`, the cautious one: a requirement counts as its lowest score does in
    ASM-F4). "Not applicable" from some and a rating from others is always JUDGE. NotFound: unknown `how`.
    """
    chosen = how or ("characterise" if model.method == "cmmi" else "min")
    if chosen != "characterise" and chosen not in COMBINATIONS:
        known = ", ".join(("characterise", *COMBINATIONS))
        raise NotFound(say("combination {name} does not exist; there are {known}", name=chosen, known=known))
    answered = sorted(value for value in values if value is not None)
    ranks = scale_ranks(model)
    value, why = _propose(answered, ranks, chosen)
    return Proposal(
        value=None if value == JUDGE else value,
        judge=value == JUDGE,
        method=chosen,
        disagreement=measure_disagreement(answered, ranks),
        divided=_divided(answered),
        answers=len(answered),
        why=why,
    )


def scale_ranks(model: ReferenceModel) -> dict[str, float]:
    """The number of each code of the scale, worst first: declared numbers, else known ranks, else the declared order, last is worst."""
    coded = [value for value in model.scale if value.code not in (NOT_APPLICABLE, NOT_YET)]
    if model.method == "cmmi":
        return {code: RANKS[code] for code in sorted(RANKS, key=RANKS.__getitem__)}
    if all(value.number is not None for value in coded):
        numbers = {value.code: float(value.number or 0) for value in coded}
    elif all(value.code.isdecimal() for value in coded):
        numbers = {value.code: float(value.code) for value in coded}
    else:
        numbers = {value.code: float(rank) for rank, value in enumerate(reversed(coded))}
    return dict(sorted(numbers.items(), key=lambda pair: pair[1]))


def measure_disagreement(answered: Sequence[str], ranks: Mapping[str, float]) -> float:
    """Distance between the lowest and the highest answer as a share of the scale; 1 where applicability itself is disputed.

    "Not yet" and unknown codes have no place on the scale and are left out; fewer than two answers cannot disagree.
    """
    placed = [ranks[value] for value in answered if value in ranks]
    if placed and NOT_APPLICABLE in answered:
        return 1.0
    width = max(ranks.values(), default=0.0) - min(ranks.values(), default=0.0)
    return (max(placed) - min(placed)) / width if placed and width else 0.0


def largest_disagreements_first(proposals: Mapping[Key, Proposal]) -> list[tuple[Key, Proposal]]:
    """The order of the consensus page: JUDGE and wide disagreements first, then what divides most people, then as given."""
    return sorted(proposals.items(), key=lambda pair: (-pair[1].disagreement, not pair[1].judge, -pair[1].divided))


def _propose(answered: Sequence[str], ranks: Mapping[str, float], how: str) -> tuple[str | None, Message]:
    if not answered:
        return None, say("nobody has answered yet")
    if NOT_APPLICABLE in answered and set(answered) != {NOT_APPLICABLE}:
        return JUDGE, say("some say that it does not apply, others rate it: people must decide")
    if how == "characterise" or NOT_APPLICABLE in answered:
        value = characterise(answered)
        judge = say("{answers}: this mix is a team judgement (ASM-C2)", answers=", ".join(answered))
        return value, judge if value == JUDGE else say(
            "{answers}: {value} by characterisation (ASM-C2)", answers=", ".join(answered), value=value
        )
    placed = sorted(ranks[value] for value in answered if value in ranks)
    value = _nearest(_combine_numbers(placed, how), ranks) if placed else answered[0]
    return value, say("{how} of {answers} (ASM-N1)", how=how, answers=", ".join(answered))


def _combine_numbers(placed: Sequence[float], how: str) -> float:
    if how == "min":
        return placed[0]
    if how == "max":
        return placed[-1]
    return placed[(len(placed) - 1) // 2] if how == "median" else sum(placed) / len(placed)


def _nearest(number: float, ranks: Mapping[str, float]) -> str:
    """The scale value nearest to `number`; half way goes to the higher one (half up, ASM-I5)."""
    return min(ranks, key=lambda code: (abs(ranks[code] - number), -ranks[code]))


def _divided(answered: Sequence[str]) -> float:
    pairs = len(answered) * (len(answered) - 1) / 2
    alike = sum(count * (count - 1) / 2 for count in (answered.count(value) for value in set(answered)))
    return (pairs - alike) / pairs if pairs else 0.0
