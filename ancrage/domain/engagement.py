"""Engagement contracts: what sponsor and steward promise each other, as a networkx graph behind a thin class."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from enum import StrEnum

from ancrage.domain.working_time import Budget
from ancrage.language import Label


class TriggerKind(StrEnum):
    """What opens a commitment of a clause."""

    ALERT = "alert"          # an alert of one of `indicators`
    PERIODIC = "periodic"    # every month (ESC-M1)
    CAMPAIGN = "campaign"    # the close of a campaign
    MANUAL = "manual"        # somebody opens it, for example a decision asked of the sponsor


@dataclass(frozen=True, slots=True)
class Trigger:
    """`indicators` for ALERT; `every` ("month") for PERIODIC."""

    kind: TriggerKind
    indicators: tuple[str, ...] = ()
    every: str | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise. `by` is the role id that promises; `cost_hours_per_month` is what keeping it costs that person."""

    id: str
    promise: Label
    by: str
    trigger: Trigger | None
    budget: Budget | None
    policy: str | None
    cost_hours_per_month: float = 0.0
    waiver_role: str | None = None
    negotiable: Label = field(default_factory=Label)


@dataclass(frozen=True, slots=True)
class Contract:
    """An engagement contract. `sponsor`, `co_sponsor`, `steward` are role ids; `perimeter` process ids; `outside` what is not in it."""

    id: str
    name: Label
    sponsor: str
    steward: str
    calendar: str
    co_sponsor: str | None = None
    transformation: str | None = None
    perimeter: tuple[str, ...] = ()
    outside: tuple[Label, ...] = ()
    objectives: tuple[str, ...] = ()
    stakeholders: tuple[str, ...] = ()
    """Role ids that must have been told."""
    clauses: tuple[Clause, ...] = ()
    fingerprint: str = ""
    """Version of the text the parties sign; changes with any clause."""

    def parties(self) -> tuple[str, ...]:
        """Role ids whose signature brings the contract into force: sponsor, co-sponsor if any, steward."""
        return tuple(role for role in (self.sponsor, self.co_sponsor, self.steward) if role)

    def perimeter_fingerprint(self) -> str:
        """SHA-256 of what the sponsor validates: the processes covered, in any order, and what is said to be outside."""
        outside = sorted((label.fr, label.en) for label in self.outside)
        return hashlib.sha256(json.dumps([sorted(self.perimeter), outside], ensure_ascii=False).encode()).hexdigest()
