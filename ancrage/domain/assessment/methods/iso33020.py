"""ISO/IEC 33020: the N P L F scale, process attributes, capability levels 0 to 5 (ASM-I1 to I5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from ancrage.domain.assessment.methods.numbers import HALF_UP, LOWER, mean, median, round_half
from ancrage.domain.assessment.types import JUDGE, CapabilityLevel, LevelState, Standing

RATINGS = ("N", "P", "L", "F")
REFINED = ("N", "P-", "P+", "L-", "L+", "F")

ATTRIBUTES: Mapping[int, tuple[str, ...]] = {
    1: ("1.1",),
    2: ("2.1", "2.2"),
    3: ("3.1", "3.2"),
    4: ("4.1", "4.2"),
    5: ("5.1", "5.2"),
}
"""Process attributes by capability level (ASM-I2)."""

ALL_ATTRIBUTES = tuple(attribute for attributes in ATTRIBUTES.values() for attribute in attributes)

LEVEL_OF: Mapping[str, int] = {attribute: level for level, attributes in ATTRIBUTES.items() for attribute in attributes}

_UPPER_LIMITS = ((Fraction(15), "N"), (Fraction(65, 2), "P-"), (Fraction(50), "P+"), (Fraction(135, 2), "L-"), (Fraction(85), "L+"))

AttributeRating = str | Standing
"""N, P, L, F, or the standing that says why there is none (JUDGE included)."""


def rate_percent(percent: Fraction) -> str:
    """The refined rating of a percentage of achievement, judged before any rounding; a limit belongs to the lower band (ASM-I1)."""
    return next((rating for limit, rating in _UPPER_LIMITS if percent <= limit), "F")


def plain(rating: str) -> str:
    """N, P, L or F of a refined rating: P- and P+ are P."""
    return rating.rstrip("+-")


def aggregate(ratings: Sequence[str], how: str, *, rounding: str = HALF_UP, which: str = LOWER) -> str:
    """One rating from several of the same attribute (ASM-I5): "mean" or "median" of N P L F as 0 1 2 3, or "judgement".

    "judgement" gives `JUDGE` unless all are alike. `ratings` are not empty; refined ones count as N P L F.
    """
    codes = [plain(rating) for rating in ratings]
    if how == "judgement":
        return codes[0] if len(set(codes)) == 1 else JUDGE
    numbers = [Fraction(RATINGS.index(code)) for code in codes]
    middle = median(numbers, which) if how == "median" else mean(numbers)
    return RATINGS[round_half(middle or Fraction(0), rounding)]


def capability_level(attributes: Mapping[str, AttributeRating]) -> tuple[CapabilityLevel, tuple[str, ...]]:
    """Level of a process from its attributes, and the attributes that block the next one (ASM-I3).

    Level k: its attributes at least L and all lower ones F; the climb stops at the first level that fails. An attribute that is not
    there was not assessed. A missing or unjudged attribute stops the climb too: the level is then "at least", and not determined
    when it is level 1. An attribute that does not apply blocks nothing; a level without any other is passed, never reached.
    """
    if set(attributes.values()) == {Standing.NOT_APPLICABLE}:
        return CapabilityLevel(None, LevelState.NOT_APPLICABLE), ()
    reached = 0
    lower: list[str] = []
    for level, names in ATTRIBUTES.items():
        asked = [name for name in names if attributes.get(name) is not Standing.NOT_APPLICABLE]
        failing = [name for name in lower if attributes.get(name) != "F"]
        failing += [name for name in asked if _standing(attributes, name) is None and attributes[name] not in ("L", "F")]
        waiting = [name for name in asked if _standing(attributes, name) is not None]
        if failing or waiting:
            return _stopped(reached, attributes, failing, waiting), (*failing, *waiting)
        reached = level if asked else reached
        lower += asked
    return CapabilityLevel.determined(reached), ()


def _standing(attributes: Mapping[str, AttributeRating], name: str) -> Standing | None:
    rating = attributes.get(name, Standing.NOT_ASSESSED)
    return rating if isinstance(rating, Standing) else None


def _stopped(reached: int, attributes: Mapping[str, AttributeRating], failing: Sequence[str], waiting: Sequence[str]) -> CapabilityLevel:
    if failing:
        return CapabilityLevel.determined(reached)
    if reached:
        return CapabilityLevel.determined(reached, at_least=True)
    nobody_asked = all(_standing(attributes, name) is Standing.NOT_ASSESSED for name in waiting)
    return CapabilityLevel(None, LevelState.NOT_ASSESSED if nobody_asked else LevelState.NOT_DETERMINED)


def attribute_in(text: str) -> str | None:
    """A process attribute written 2.1, 2,1, PA 2.1, PA.2.1 or PA2.1; None when it is none of ALL_ATTRIBUTES."""
    name = text.upper().removeprefix("PA").lstrip(" .-_").replace(",", ".")
    return name if name in LEVEL_OF else None
