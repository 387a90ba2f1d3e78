"""The facts a ladder is decided from, and what deciding it yields. Frozen values; instants are aware UTC, to the second (ESC-B1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ancrage.domain.policies import Policy
from ancrage.domain.working_time import Budget, Pause
from ancrage.language import Message


class Status(StrEnum):
    """Where a commitment stands. `overdue` is not among them: it is computed when read (ESC-D6)."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    PAUSED = "paused"
    CLOSED = "closed"


class Result(StrEnum):
    """How a commitment ended (ESC-A7, A8, M4)."""

    KEPT = "kept"
    LATE = "late"
    WAIVED = "waived"
    CANCELLED = "cancelled"
    MISSED_UNOBSERVED = "missed_unobserved"
    SUPERSEDED_BY_NEWER = "superseded_by_newer"


class SkipReason(StrEnum):
    """Why a step never fired (ESC-L6, W5)."""

    PAST = "skipped_past"
    LATE = "skipped_late"
    NO_RECIPIENT = "no_recipient"


class ActionKind(StrEnum):
    """What a person may do with a commitment (ESC-A)."""

    FULFIL = "fulfil"
    WAIVE = "waive"
    CANCEL = "cancel"
    ACK = "ack"
    SNOOZE = "snooze"
    PAUSE = "pause"
    RESUME = "resume"
    DELEGATE = "delegate"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a running commitment keeps from its start to its end (ESC-K1). `responsible` is a role id or `person:ID`."""

    commitment: str
    calendar: str
    responsible: str
    budget: Budget
    policy: Policy
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Firing:
    """One step that fired. `at` is the firing instant, anchor of the next step (ESC-L4); `to` the persons it reached."""

    step: str
    occurrence: int
    planned_at: datetime
    eligible_at: datetime
    at: datetime
    to: tuple[str, ...] = ()
    rule: str = "ESC-L4"
    """Why it fired: its turn (ESC-L4), a repeat (L7), a lapse (A4), by hand (A10), after a step that reached nobody (W5)."""
    recorded_at: datetime | None = None
    """The pass that fired it: a second pass for the same instant fires nothing (ESC-L5, C1)."""
    told_as: str = ""
    """Step id of its notices: the step's own, or `fallback` (ESC-W6). Its occurrences are counted by this name (ESC-L8)."""


@dataclass(frozen=True, slots=True)
class Skip:
    """One step that was passed over, when, and why."""

    step: str
    reason: SkipReason
    at: datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """A running acknowledgement or snooze: no step fires before `until` (ESC-A3, A5)."""

    kind: ActionKind
    since: datetime
    until: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Delegation:
    """`person` answers as the responsible from `since` until just before `until` (None: until closing) (ESC-A6)."""

    person: str
    since: datetime
    until: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class LadderState:
    """Everything that has happened to one commitment. `due` is the printed deadline; `planned` what was announced of steps to come."""

    due: datetime
    fired: tuple[Firing, ...] = ()
    skipped: tuple[Skip, ...] = ()
    hold: Hold | None = None
    lapsed_at: datetime | None = None
    """When the last acknowledgement or snooze lapsed without being answered."""
    pauses: tuple[Pause, ...] = ()
    delegation: Delegation | None = None
    snoozes: int = 0
    result: Result | None = None
    closed_at: datetime | None = None
    planned: tuple[tuple[str, datetime], ...] = ()
    """(step id, announced planned instant), the floor of ESC-K2 after a calendar change; empty while no calendar has changed."""
    answer_owed: bool = False
    """An acknowledgement has lapsed and no pass in working time has drawn the consequence yet (ESC-A4)."""
    found_late_at: datetime | None = None
    """The pass outside working time that found a step later than its grace: what follows a gap counts from there (ESC-C2, C6)."""
    forced_at: datetime | None = None
    """When the next step fires because somebody escalated by hand (ESC-A10)."""
    on_time_until: datetime | None = None
    """The last instant that was on time, fixed when a calendar changed after the deadline had passed (ESC-K2)."""
    assigned: tuple[Firing, ...] = ()
    """Notices of step `assigned` that told a new person, in order (ESC-W7)."""
    holder_seen_at: datetime | None = None
    """Up to which instant changes of the responsible role have been looked at (ESC-W7); None: since the start."""
    by_backup: bool = False
    """Kept by the holder of the backup role (ESC-M2)."""

    @property
    def status(self) -> Status:
        if self.result is not None:
            return Status.CLOSED
        if self.pauses and self.pauses[-1].until is None:
            return Status.PAUSED
        if self.hold is not None:
            return Status.SNOOZED if self.hold.kind is ActionKind.SNOOZE else Status.ACKNOWLEDGED
        return Status.OPEN

    def is_overdue(self, as_of: datetime) -> bool:
        """Open or held past its deadline (ESC-D6); a paused or closed commitment is not overdue (ESC-P1)."""
        return self.status not in (Status.CLOSED, Status.PAUSED) and as_of > self.due


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody did, at the instant the server accepted it (ESC-A1). `id` makes it take effect once (ESC-A11)."""

    id: str
    kind: ActionKind
    at: datetime
    by: str
    until: datetime | None = None
    to: str | None = None
    """Person id for DELEGATE."""
    step: str | None = None
    """The step the author of ESCALATE was looking at (ESC-A10)."""
    reason: str = ""
    by_backup: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """One step for one person (ESC-L8, W). Its logical sending instant is decided apart (ESC-S)."""

    commitment: str
    step: str
    occurrence: int
    person: str
    fired_at: datetime
    urgent: bool = False
    in_place_of: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of an explanation: the rule applied (for example "ESC-L4") and what it gave."""

    rule: str
    message: Message


@dataclass(frozen=True, slots=True)
class Decision:
    """What one action or one pass changes: the new state, notices to write, and why. Nothing to do leaves `state` unchanged."""

    state: LadderState
    notices: tuple[Notice, ...] = ()
    reasons: tuple[Reason, ...] = field(default=())
    refused: str | None = None
    """Code of a refused action: `already_closed`, `limit`, `already_escalated`, `not_allowed`, ...; then `state` is unchanged."""


class NoticeStatus(StrEnum):
    """Life of a notice on one channel (ESC-G2)."""

    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"
    FAILED = "failed"
