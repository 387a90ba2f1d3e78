"""Escalation policies: the declared ladder of a commitment (ESC-L1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ancrage.domain.working_time import Budget, WorkingDays, WorkingTime


class Origin(StrEnum):
    """What a step's offset is counted from."""

    DUE = "due"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Offset:
    """A signed distance: `amount` before the due instant (`before`) or after the previous step; None amount = exactly at due."""

    amount: WorkingTime | WorkingDays | None = None
    before: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One rung: who is told (`to`: `responsible`, `accountable`, or role ids), when, and whether it may disturb (`urgent`)."""

    id: str
    offset: Offset
    origin: Origin
    to: tuple[str, ...]
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Repeat:
    """After the last step, fire it again every `every`, at most `times` times (ESC-L7)."""

    every: WorkingTime | WorkingDays
    times: int


@dataclass(frozen=True, slots=True)
class Policy:
    """A ladder and its settings. `ack_ttl` bounds an acknowledgement without an end (ESC-A3)."""

    id: str
    steps: tuple[Step, ...]
    ack_ttl: Budget | None = None
    repeat_last: Repeat | None = None
    max_snoozes: int = 1
    grace_seconds: int = 3600
    waiver_roles: tuple[str, ...] = ()
    """Roles that may waive (ESC-A8); empty means the steward of the contract."""
