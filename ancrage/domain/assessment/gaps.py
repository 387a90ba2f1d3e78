"""From levels to gaps: how far an area is from its target and what stands between (ASM-K6), strengths and weaknesses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ancrage.domain.assessment.types import AreaKey, AreaResult, Blocker, Determination, Gap, LevelState, Target


def find_gaps(determination: Determination, targets: Mapping[AreaKey, Target] | None = None) -> tuple[Gap, ...]:
    """Areas below their target, the largest first; areas without a determined level come last with size None.

    `targets` default to those of the determination. Areas not applicable or never assessed have no gap; neither have areas without
    a target. Blockers are those of the next level, which is where the work starts.
    """
    wanted = determination.targets if targets is None else targets
    gaps = [_gap(result, wanted[key].level) for key, result in determination.results.items() if key in wanted]
    return tuple(sorted((gap for gap in gaps if gap is not None), key=_largest_first))


def _gap(result: AreaResult, target: int) -> Gap | None:
    level = result.level
    if level.state in (LevelState.NOT_APPLICABLE, LevelState.NOT_ASSESSED):
        return None
    size = None if level.value is None else target - level.value
    if size is not None and size <= 0:
        return None
    return Gap(result.process, result.area, level, target, size, result.blockers)


def _largest_first(gap: Gap) -> tuple[int, str, str]:
    return (0 if gap.size is None else -gap.size, gap.process, gap.area)


@dataclass(frozen=True, slots=True)
class Strength:
    """An area at or above its target."""

    process: str
    area: str
    level: int
    target: int


@dataclass(frozen=True, slots=True)
class Weakness:
    """A rated practice that is less than full; `decides` when it blocks its area's next level."""

    process: str
    area: str
    cell: Blocker
    decides: bool


def find_strengths(determination: Determination, targets: Mapping[AreaKey, Target] | None = None) -> tuple[Strength, ...]:
    """Areas whose level reaches their target, in the determination's order."""
    wanted = determination.targets if targets is None else targets
    return tuple(
        Strength(key.process, key.area, result.level.value, wanted[key].level)
        for key, result in determination.results.items()
        if key in wanted and result.level.value is not None and result.level.value >= wanted[key].level
    )


def find_weaknesses(determination: Determination) -> tuple[Weakness, ...]:
    """Every weakness of every group, those that decide a level first; cells without an answer are no weaknesses."""
    found = [
        Weakness(key.process, key.area, cell, cell in result.blockers)
        for key, result in determination.results.items()
        for group in result.groups
        for cell in group.weaknesses
    ]
    return tuple(sorted(found, key=lambda weakness: not weakness.decides))
