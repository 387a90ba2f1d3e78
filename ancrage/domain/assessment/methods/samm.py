"""SAMM: answers of 0, 0.25, 0.5, 1 in three activities per stream, two streams per practice (ASM-S1 to S7)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from ancrage.domain.assessment.types import Standing

ANSWERS = (Fraction(0), Fraction(1, 4), Fraction(1, 2), Fraction(1))
"""What an answer is worth (ASM-S1)."""

LEVELS = (1, 2, 3)
STREAMS = ("A", "B")
HIGHEST_PRIORITY = 15
"""Priority of a stream at 0 whose target is 3 (ASM-S7)."""

_CODE = re.compile(r"([A-Z]{1,4})-([A-Z]{1,6})-(?:([AB])-([123])(?:-[0-9]{1,2})?|([123])-([AB]))", re.IGNORECASE)

Given = Fraction | Standing
"""An answer, or the standing that says why there is none."""


@dataclass(frozen=True, slots=True)
class Score:
    """Score of a stream, practice, function or the whole, from 0 to 3.

    `counted` takes unanswered activities as 0 (ASM-S3). `maximum` is what could be reached without the activities that do not
    apply (ASM-S6). The four counts are of activities and say what the score rests on.
    """

    counted: Fraction
    maximum: Fraction
    answered: int
    not_applicable: int
    not_rated: int
    not_assessed: int

    @property
    def score(self) -> Fraction | None:
        """`counted`, or None where no activity was answered at all: no score is not 0."""
        return self.counted if self.answered else None


def score_stream(answers: Mapping[int, Given]) -> Score:
    """Sum of the three activities of a stream (ASM-S2), by level; a level that is not there was not assessed."""
    given = [answers.get(level, Standing.NOT_ASSESSED) for level in LEVELS]
    standings = [answer for answer in given if isinstance(answer, Standing)]
    inapplicable = standings.count(Standing.NOT_APPLICABLE)
    return Score(
        counted=sum((answer for answer in given if isinstance(answer, Fraction)), Fraction(0)),
        maximum=Fraction(len(LEVELS) - inapplicable),
        answered=len(given) - len(standings),
        not_applicable=inapplicable,
        not_rated=standings.count(Standing.NOT_RATED),
        not_assessed=standings.count(Standing.NOT_ASSESSED),
    )


def average(parts: Iterable[Score]) -> Score:
    """A practice from its two streams, a function from its practices, the whole from its functions (ASM-S2)."""
    scores = list(parts)
    count = max(1, len(scores))
    return Score(
        counted=sum((part.counted for part in scores), Fraction(0)) / count,
        maximum=sum((part.maximum for part in scores), Fraction(0)) / count,
        answered=sum(part.answered for part in scores),
        not_applicable=sum(part.not_applicable for part in scores),
        not_rated=sum(part.not_rated for part in scores),
        not_assessed=sum(part.not_assessed for part in scores),
    )


def percent_to_target(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """1 - sum(max(0, target - current)) / sum(target) over (current, target) of activities (ASM-S4).

    What goes beyond one target makes up for no other. None without any target above 0.
    """
    gap = wanted = Fraction(0)
    for current, target in pairs:
        gap += max(Fraction(0), target - current)
        wanted += target
    return 1 - gap / wanted if wanted else None


def progress_to_date(current: Fraction, baseline: Fraction, target: Fraction) -> Fraction | None:
    """(current - baseline) / (target - baseline) (ASM-S5); None where target and baseline are one. Below 0: lost ground."""
    return (current - baseline) / (target - baseline) if target != baseline else None


def stream_priority(current: Fraction, target: Fraction) -> Fraction:
    """(1 + target - current)^2 - 1, of 15 (ASM-S7); 0 where the target is reached."""
    return (1 + max(Fraction(0), target - current)) ** 2 - 1


@lru_cache(maxsize=4_096)
def activity_parts(code: str) -> tuple[str, str, str, int] | None:
    """Function, practice (with its function), stream and level of an activity's code, in either order of stream and level."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    function, practice, stream, level, other_level, other_stream = found.groups()
    letter = function.upper()
    return letter, f"{letter}-{practice.upper()}", (stream or other_stream).upper(), int(level or other_level)
