"""The values of this room: what a message to one reader may carry, and what comes out of it, ready for a channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ancrage.domain.escalation.firing import (
    ASSIGNED_STEP,
    COMMENTED_STEP,
    DECLINED_STEP,
    PROPOSED_STEP,
    WAIVER_ASKED_STEP,
    WAIVER_REFUSED_STEP,
)
from ancrage.domain.policies import Origin, Step
from ancrage.language import Label, Message


class NoticeKind(StrEnum):
    """Why this notice leaves now; each kind has its own words."""

    REMINDER = "reminder"      # before the deadline (ESC-L6)
    DUE = "due"                # the deadline has come
    ESCALATION = "escalation"  # the next rung of the ladder
    REPEAT = "repeat"          # the last rung again (ESC-L7)
    LAPSED = "lapsed"          # an acknowledgement ended without an answer (ESC-A4)
    ASSIGNED = "assigned"      # the duty has a new person (ESC-W7)
    FALLBACK = "fallback"      # nobody else could be told (ESC-W6)
    WAIVER_ASKED = "waiver_asked"      # somebody asks to be let off, and the reader is to decide (ESC-A8)
    WAIVER_REFUSED = "waiver_refused"  # the reader asked to be let off, in vain
    TO_SIGN = "to_sign"        # a contract is proposed to the reader
    DECLINED = "declined"      # somebody does not sign a contract, and the reader is its steward
    COMMENTED = "commented"    # somebody wants a contract changed, and the reader is its steward
    FEEDBACK = "feedback"        # what a sponsor's answers changed; nothing is asked
    PUBLIC_LINE = "public_line"  # one line about a contract, for its stakeholders


_OWN_STEPS = {
    ASSIGNED_STEP: NoticeKind.ASSIGNED,
    WAIVER_ASKED_STEP: NoticeKind.WAIVER_ASKED,
    WAIVER_REFUSED_STEP: NoticeKind.WAIVER_REFUSED,
    PROPOSED_STEP: NoticeKind.TO_SIGN,
    DECLINED_STEP: NoticeKind.DECLINED,
    COMMENTED_STEP: NoticeKind.COMMENTED,
}


@dataclass(frozen=True, slots=True)
class NoteWords:
    """What a note says instead of a request: a headline, then by subject what became of it; `sentence` is the sender's own."""

    headline: Message
    told: tuple[tuple[Message | Label, tuple[Message, ...]], ...]
    sentence: str
    sender: str


def notice_kind(step_id: str, step: Step | None, occurrence: int = 1, *, lapsed: bool = False) -> NoticeKind:
    """What a fired step means to its reader. `step` is None for the engine's own steps (`assigned`, `fallback`).

    `lapsed`: the step fired again because an acknowledgement ended (ESC-A4), not by `repeat_last` (ESC-L7).
    """
    if step is None:
        return _OWN_STEPS.get(step_id, NoticeKind.FALLBACK)
    if lapsed:
        return NoticeKind.LAPSED
    if occurrence > 1:
        return NoticeKind.REPEAT
    if step.origin is Origin.PREVIOUS:
        return NoticeKind.ESCALATION
    return NoticeKind.REMINDER if step.offset.before else NoticeKind.DUE


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that has happened to a commitment, as people read it."""

    at: datetime
    what: Message


@dataclass(frozen=True, slots=True)
class Gap:
    """The engine was stopped from `since` to `until` while this commitment ran (ESC-C5)."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class NoticeItem:
    """One notice inside a message. Instants are aware UTC; names are names, never ids."""

    commitment_id: str
    title: Label
    """A few words: "Answer the alert on the incident backlog"."""
    kind: NoticeKind
    step_id: str
    occurrence: int
    promised: Label
    """The words of the clause, of the request or of the action."""
    due: datetime
    overdue: bool
    """At the sending instant (ESC-D6)."""
    link: str
    """Absolute http(s) address of the page of this commitment for this reader; opening it changes nothing (ESC-A12)."""
    responsible: str = ""
    """Name of the person it is expected from; empty when nobody holds the role."""
    mine: bool = True
    """The reader is the one it is expected from (holder, delegate or stand-in); False for those who are only told."""
    why: Message | None = None
    """What opened it: "The indicator ... stood at 72, beyond its alert threshold 60"."""
    asked: Message | None = None
    """What exactly is asked of the reader; None: the usual words of the kind."""
    asked_by: str = ""
    """Name of who asks for a waiver, of who refuses it, or of who says something about a contract."""
    reason: str = ""
    """Why, in that person's own words; for the reader alone."""
    in_place_of: str | None = None
    """Name of the absent person whose notice this is (ESC-W3)."""
    contract: Label | None = None
    urgent: bool = False
    note: NoteWords | None = None
    """Set for a note: nothing is asked, and the deadline is not shown."""
    history: tuple[HistoryLine, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who reads. `language` is "fr" or "en"; `zone` an IANA time zone."""

    person_id: str
    name: str
    email: str
    language: str
    zone: str


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Who writes. `domain` is the right-hand side of message ids: it must stay the same for the life of a project."""

    sender: str
    """Address of the From header."""
    domain: str
    programme: Label
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message ready for any channel. Equal content renders to equal bytes, so a second copy is the same message (ESC-G3)."""

    message_id: str
    """With its angle brackets, as in the header."""
    sender: str
    sender_name: str
    to: str
    to_name: str
    subject: str
    text: str
    html: str
    sent_at: datetime
    room_text: str = ""
    """The same for a room that others read too: without link and without greeting. Empty: for this reader alone."""
    calendar: str | None = None
    references: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
