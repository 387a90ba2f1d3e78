"""CMMI-style characterisation: units, goals or practice groups, capability level of an area, maturity level (ASM-C1 to C5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ancrage.domain.assessment.methods.base import ABSENT, Values, as_blocker
from ancrage.domain.assessment.types import (
    JUDGE,
    LEVEL_NOT_APPLICABLE,
    LEVEL_NOT_ASSESSED,
    NO_LEVEL,
    NOT_APPLICABLE,
    Blocker,
    CapabilityLevel,
    Counts,
    GroupResult,
    GroupStatus,
    Judgement,
)

FULLY, LARGELY, PARTIALLY, NOT_IMPLEMENTED, NOT_YET = CODES = ("FI", "LI", "PI", "NI", "NY")
RANKS = {NOT_IMPLEMENTED: 0.0, PARTIALLY: 1.0, LARGELY: 2.0, FULLY: 3.0}
"""Order of the characterisations, and their number in the trend score where the model declares none. NY has no rank."""

PASSING = frozenset({GroupStatus.SATISFIED, GroupStatus.NOT_APPLICABLE})
"""Statuses that do not stop the climb."""


def characterise(values: Iterable[str]) -> str:
    """The characterisation of an organisational unit from its practice instances (ASM-C2): a code, `NA`, or `JUDGE`.

    Instances that do not apply are left out; NY is ignored beside others. Nothing to characterise from is NY where at least one
    instance is NY, `NA` where none applies. The order of instances never matters.
    """
    instances = set(values)
    applicable = instances - {NOT_APPLICABLE}
    if not applicable:
        return NOT_APPLICABLE if instances else NOT_YET
    present = applicable - {NOT_YET}
    if not present:
        return NOT_YET
    if len(present) == 1:
        return present.pop()
    return LARGELY if present == {FULLY, LARGELY} else JUDGE


def judge_group(values: Values, judgement: bool | None, *, ask: bool = False) -> GroupStatus:
    """Status of a goal or practice group from the values of its practices (ASM-C3).

    `values` holds codes, `NA`, `JUDGE`, None (asked, no answer) or "" (nobody asked). `judgement` is the recorded answer to "do the
    weaknesses together have a significant negative effect?"; None is "not recorded", which counts as no unless `ask`. Missing and
    NY come first: a group that could not be looked at whole is not Unsatisfied but Not Rated.
    """
    present = set(values) - {NOT_APPLICABLE}
    if not present:
        return GroupStatus.NOT_APPLICABLE
    if present & {None, ABSENT, NOT_YET}:
        return GroupStatus.NOT_RATED
    if JUDGE in present:
        return GroupStatus.JUDGE
    if present & {PARTIALLY, NOT_IMPLEMENTED} or (judgement and LARGELY in present):
        return GroupStatus.UNSATISFIED
    return GroupStatus.JUDGE if ask and judgement is None and LARGELY in present else GroupStatus.SATISFIED


def reach_level(groups: Sequence[tuple[int, GroupStatus]]) -> tuple[int, int | None]:
    """The highest level up to which every group is satisfied (ASM-C4), and the level that stops the climb (None: nothing does).

    A group that does not apply never blocks and never lifts: the level is that of the highest satisfied group below the stop.
    """
    stop = min((level for level, status in groups if status not in PASSING), default=None)
    passed = [level for level, status in groups if status is GroupStatus.SATISFIED and (stop is None or level < stop)]
    return max(passed, default=0), stop


def determine_maturity(areas: Iterable[tuple[int, Sequence[tuple[int, GroupStatus]]]]) -> tuple[int, bool]:
    """The maturity level of an organisation (ASM-C5), and whether a group not rated or not judged stops it.

    `areas` gives for each practice area its maturity level and its groups as (capability level, status). At maturity level k every
    area of level k and below has each of its groups up to max(own level, min(k, 3)) Satisfied or N/A: from 3 up the level-2 areas
    also satisfy their level-3 groups. Level 1 where no area asks more; 0 where an area of level 1 fails.
    """
    staged = list(areas)
    reached = 1 if staged and all(own > 1 for own, _ in staged) else 0
    for wanted in sorted({own for own, _ in staged}):
        statuses = {status for own, groups in staged if own <= wanted for level, status in groups if level <= max(own, min(wanted, 3))}
        if statuses <= PASSING:
            reached = wanted
        else:
            return reached, GroupStatus.UNSATISFIED not in statuses
    return reached, False


def rate_group(
    level: int, practices: Sequence[str], values: Values, judgement: Judgement | None = None, *, ask: bool = False
) -> GroupResult:
    """Status of a group with its open cells and its weaknesses (ASM-C3); `values` in the order of `practices`."""
    status = judge_group(values, judgement.significant if judgement else None, ask=ask)
    cells = [(practice, value) for practice, value in zip(practices, values, strict=True) if value not in (FULLY, NOT_APPLICABLE)]
    return GroupResult(
        level=level,
        status=status,
        open=tuple([as_blocker(practice, value) for practice, value in cells if value not in RANKS]),
        weaknesses=tuple([as_blocker(practice, value) for practice, value in cells if value in RANKS]),
        judgement=judgement,
    )


def conclude(groups: Sequence[GroupResult], counts: Counts) -> tuple[CapabilityLevel, tuple[Blocker, ...]]:
    """Level of an area from its groups, several of which may be of one level, and the blockers of the next level."""
    reached, stop = reach_level([(group.level, group.status) for group in groups])
    if stop is None:
        return (CapabilityLevel.determined(reached) if reached else LEVEL_NOT_APPLICABLE), ()
    stopping = [group for group in groups if group.level == stop and group.status not in PASSING]
    blockers = tuple([cell for group in stopping for cell in blocking_cells(group)])
    return _stopped_level(reached, stopping, counts), blockers


def _stopped_level(reached: int, stopping: Sequence[GroupResult], counts: Counts) -> CapabilityLevel:
    if any(group.status is GroupStatus.UNSATISFIED for group in stopping):
        return CapabilityLevel.determined(reached)
    if reached == 0:
        nobody_asked = counts.not_assessed and not (counts.rated or counts.not_rated or counts.judge)
        return LEVEL_NOT_ASSESSED if nobody_asked else NO_LEVEL
    may_rise = all(cell.value == LARGELY for group in stopping for cell in group.weaknesses)
    return CapabilityLevel.determined(reached, at_least=may_rise)


def blocking_cells(group: GroupResult) -> tuple[Blocker, ...]:
    """What must change before a group that stopped the climb can be satisfied: open cells first, then what is below largely.

    LI blocks only where nothing worse does: then it is the weaknesses together that were judged, or wait to be.
    """
    worse = tuple(cell for cell in group.weaknesses if cell.value != LARGELY)
    return (group.open + worse) or group.weaknesses
