"""The values of an assessment: cells, levels that are never a bare int, results that can be explained and recomputed.

Five different things are never merged (assessment.md): **0** is a value like another; **not applicable**, **not assessed** (nobody
was asked) and **not rated** (asked, no answer yet) are a `Standing`; **no score** (nothing to compute from) is a score of None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from ancrage.language import Message

NOT_APPLICABLE = "NA"
"""The stored value of a cell that was looked at and does not apply."""

JUDGE = "JUDGE"
"""The stored value of a cell whose people must still decide (ASM-C2); never a scale code."""


class CellKey(NamedTuple):
    """One practice in one process: what is asked, rated and agreed. A tuple because a campaign looks up 200,000 of them."""

    process: str
    practice: str


class AreaKey(NamedTuple):
    """One practice area in one process: what gets a level."""

    process: str
    area: str


RatingValues = Mapping[CellKey, str | None]
"""Agreed values by cell: a scale code, `NA`, `JUDGE`, or None for asked and not answered. A missing key: nobody was asked."""


class Standing(StrEnum):
    """What stands in one cell. Zero is RATED."""

    RATED = "rated"
    NOT_APPLICABLE = "not_applicable"
    NOT_RATED = "not_rated"  # asked, no answer yet
    NOT_ASSESSED = "not_assessed"  # nobody was asked
    JUDGE = "judge"  # answered, and people must decide (ASM-C2)


class LevelState(StrEnum):
    """Why a level has a value or none."""

    DETERMINED = "determined"
    NOT_DETERMINED = "not_determined"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"


@dataclass(frozen=True, slots=True)
class CapabilityLevel:
    """A level and what it rests on. `value` is None unless `state` is DETERMINED; 0 is a determined level.

    `at_least` says that the next level was not refused, only not rated or not judged: with more answers the level may be higher.
    """

    value: int | None
    state: LevelState
    at_least: bool = False

    @classmethod
    def determined(cls, value: int, *, at_least: bool = False) -> CapabilityLevel:
        return cls(value, LevelState.DETERMINED, at_least)


NO_LEVEL = CapabilityLevel(None, LevelState.NOT_DETERMINED)
LEVEL_NOT_APPLICABLE = CapabilityLevel(None, LevelState.NOT_APPLICABLE)
LEVEL_NOT_ASSESSED = CapabilityLevel(None, LevelState.NOT_ASSESSED)


class GroupStatus(StrEnum):
    """Result of a goal, practice group or requirement group against what was asked of it."""

    SATISFIED = "satisfied"
    UNSATISFIED = "unsatisfied"
    NOT_RATED = "not_rated"
    JUDGE = "judge"
    NOT_APPLICABLE = "not_applicable"
    NO_TARGET = "no_target"


class Blocker(NamedTuple):
    """A practice that stands between a process and its next level; `value` is the scale code, None where there is none."""

    practice: str
    value: str | None
    standing: Standing = Standing.RATED


@dataclass(frozen=True, slots=True)
class Judgement:
    """What people decided about the weaknesses of one group (ASM-C3): do they, together, hurt the goal significantly?"""

    process: str
    area: str
    level: int
    significant: bool
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class GroupResult:
    """One group of an area. `open` are cells without a usable value, `weaknesses` are rated and less than full."""

    level: int
    status: GroupStatus
    open: tuple[Blocker, ...] = ()
    weaknesses: tuple[Blocker, ...] = ()
    judgement: Judgement | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cells of an area stand where; their sum is the number of its practices."""

    rated: int = 0
    not_applicable: int = 0
    not_rated: int = 0
    not_assessed: int = 0
    judge: int = 0


@dataclass(frozen=True, slots=True)
class AreaResult:
    """Level of one practice area in one process. `score` is a trend in the scale's own numbers (None: no score) and decides nothing.

    `blockers` are the practices to raise or rate before the next level can be reached; empty at the top level or where none exists.
    """

    process: str
    area: str
    level: CapabilityLevel
    score: float | None
    groups: tuple[GroupResult, ...]
    blockers: tuple[Blocker, ...]
    counts: Counts

    @property
    def key(self) -> AreaKey:
        return AreaKey(self.process, self.area)


@dataclass(frozen=True, slots=True)
class MethodStamp:
    """What every result prints: the method with its version, how it rounds, and the options it ran with."""

    name: str
    version: str
    rounding: str
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ModelStamp:
    """The reference model a result rests on."""

    id: str
    version: str
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """The level wanted for one area of one process, with owner, date and reason (ASM-K6)."""

    level: int
    owner: str = ""
    due: date | None = None
    reason: str = ""

    @property
    def complete(self) -> bool:
        """ASM-K6: a target that may be published has all three."""
        return bool(self.owner and self.due and self.reason)


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of an explanation: the rule that applied ("ASM-C3") and what it found."""

    rule: str
    message: Message


@dataclass(frozen=True, slots=True)
class Determination:
    """Levels of every area of every process in scope, in the order of scope and model, with everything needed to recompute them."""

    method: MethodStamp
    model: ModelStamp
    inputs_fingerprint: str
    results: Mapping[AreaKey, AreaResult]
    targets: Mapping[AreaKey, Target] = field(default_factory=dict)
    ignored: tuple[CellKey, ...] = ()
    """Rated cells that the scope or the model does not contain; they changed nothing."""


@dataclass(frozen=True, slots=True)
class Gap:
    """What separates an area from its target. `size` is in levels; None where the present level is not determined."""

    process: str
    area: str
    current: CapabilityLevel
    target: int
    size: int | None
    blockers: tuple[Blocker, ...]
