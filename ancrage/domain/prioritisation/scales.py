"""The anchored scale every score of the ranking stands on: 1 2 3 5 8 13, each with words, the same in March and in June."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ancrage.errors import Refused
from ancrage.language import N_, Message, say

SCALE = (0, 1, 2, 3, 5, 8, 13)
"""0 means that the term does not apply; the rest are anchored by the words below."""

GAP_STEPS = ((3.0, 13), (2.0, 8), (1.5, 5), (1.0, 3), (0.5, 2), (0.0, 1))
"""A gap strictly above 0 scores 1; from half a level on, 2; one level 3; one and a half 5; two 8; three or more 13."""


class Factor(StrEnum):
    """What a score is about."""

    GAP = "gap"
    BLOCKS = "blocks"
    RISK = "risk"


WORDS: Mapping[Factor, Mapping[int, str]] = {
    Factor.GAP: {
        0: N_("the target is reached"),
        1: N_("less than half a level is missing"),
        2: N_("half a level is missing"),
        3: N_("one level is missing"),
        5: N_("one level and a half is missing"),
        8: N_("two levels are missing"),
        13: N_("three levels or more are missing"),
    },
    Factor.BLOCKS: {
        0: N_("nothing waits for it"),
        1: N_("one thing waits for it"),
        2: N_("two things wait for it"),
        3: N_("three or four things wait for it"),
        5: N_("five to seven things wait for it"),
        8: N_("eight to twelve things wait for it"),
        13: N_("thirteen things or more wait for it"),
    },
    Factor.RISK: {
        0: N_("no risk is treated"),
        1: N_("a nuisance, seldom"),
        2: N_("a nuisance, often"),
        3: N_("a delay somebody outside would notice"),
        5: N_("a service missed once in a while"),
        8: N_("a service missed regularly, or a penalty"),
        13: N_("a failure the organisation would not get over easily"),
    },
}


def gap_score(levels: float) -> int:
    """The score of a gap in levels to the target; nothing missing scores 0."""
    if levels <= 0:
        return 0
    return next(score for at_least, score in GAP_STEPS if levels >= at_least)


def blocks_score(count: int) -> int:
    """The score of how many levels, processes or actions wait: the largest step of the scale that is not above the count."""
    return max(step for step in SCALE if step <= max(count, 0))


def words(factor: Factor, score: float) -> Message:
    """What a score means, for the explanation."""
    return Message(WORDS[factor][require_on_scale(score)])


def require_on_scale(score: float) -> int:
    """The score itself; Refused (`not_on_scale`) when it is not one of the anchored values."""
    if score not in SCALE:
        raise Refused("not_on_scale", say("{score} is not on the scale: use one of 0 1 2 3 5 8 13", score=score))
    return int(score)
