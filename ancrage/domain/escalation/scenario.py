"""A scenario: an organisation, its promises, what happens to them, and what comes of it (ESC-F). Values only; `playing` plays them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from ancrage.domain.escalation.facts import LadderState, Notice, Reason, Terms
from ancrage.domain.escalation.measures import Measure, MeasureReport
from ancrage.domain.escalation.sending import Gap
from ancrage.domain.organisation import Organisation
from ancrage.domain.policies import Policy
from ancrage.domain.working_time import Budget, Calendar


class EventKind(StrEnum):
    """What may happen in a scenario, in the order of one second (ESC-A2): closing actions first, triggers last."""

    FULFIL = "fulfil"
    WAIVE = "waive"
    CANCEL = "cancel"
    ACK = "ack"
    SNOOZE = "snooze"
    PAUSE = "pause"
    RESUME = "resume"
    DELEGATE = "delegate"
    ESCALATE = "escalate"
    ROLE_CHANGE = "role_change"
    CALENDAR_CHANGE = "calendar_change"
    POLICY_CHANGE = "policy_change"
    MEASURE_CLOSED = "measure_closed"
    TRIGGER = "trigger"

    @property
    def rank(self) -> int:
        """Position in the order of one second (ESC-A2). Closing actions are one class, and so are changes."""
        if self in (EventKind.FULFIL, EventKind.WAIVE, EventKind.CANCEL):
            return 0
        if self in (EventKind.ROLE_CHANGE, EventKind.CALENDAR_CHANGE, EventKind.POLICY_CHANGE):
            return list(EventKind).index(EventKind.ROLE_CHANGE)
        return list(EventKind).index(self)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens at `at`. Which other fields count depends on `kind`."""

    at: datetime
    kind: EventKind
    commitment: str = ""
    """Id of a commitment, or of a monthly clause (then the month is found by ESC-M3)."""
    id: str = ""
    """Of an action: the same id twice has one effect. Of a trigger: its `event_id` (ESC-A11)."""
    by: str = ""
    until: datetime | None = None
    to: str | None = None
    step: str | None = None
    reason: str = ""
    role: str = ""
    holder: str | None = None
    calendar: Calendar | None = None
    policy: Policy | None = None
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Promise:
    """A declared commitment: one that a trigger opens (`budget`), or one of every month (`budget` None, ESC-M1)."""

    id: str
    calendar: str
    responsible: str
    policy: str
    budget: Budget | None = None
    waiver_roles: tuple[str, ...] = ()

    @property
    def is_monthly(self) -> bool:
        return self.budget is None


@dataclass(frozen=True, slots=True)
class DeclaredMeasure:
    """A measure, the calendar it is judged on, and the commitment that a disagreement opens (ESC-X2)."""

    measure: Measure
    calendar: str
    reconcile: str = "reconcile"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario. The engine works from `start` to `until` (both included), except in `down`; ids of mappings are declared ids."""

    id: str
    organisation: Organisation
    policies: Mapping[str, Policy]
    commitments: Mapping[str, Promise]
    start: datetime
    until: datetime
    title: str = ""
    measures: Mapping[str, DeclaredMeasure] = field(default_factory=dict)
    down: tuple[Gap, ...] = ()
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that left, at its logical instant, with the notices it carried."""

    at: datetime
    to: str
    urgent: bool
    items: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Rejection:
    """An action that was refused, with its code."""

    at: datetime
    kind: EventKind
    code: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """One commitment as it stands: what it keeps, what has happened to it, what was refused on it."""

    terms: Terms
    state: LadderState
    clause: str = ""
    """The monthly clause it belongs to; empty for one opened by a trigger."""
    rejected: tuple[Rejection, ...] = ()

    def refused(self, rejection: Rejection) -> Running:
        return replace(self, rejected=(*self.rejected, rejection))


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the story: when, about which commitment, by which rule."""

    at: datetime
    commitment: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scenario comes to at its end: messages by instant, commitments and measures by id, and the story with its rules."""

    messages: tuple[SentMessage, ...]
    commitments: Mapping[str, Running]
    measures: Mapping[str, MeasureReport]
    story: tuple[Entry, ...]
    as_of: datetime
