"""What a button of the commitment page sends, checked: which deed, until when, to whom, why."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.quarters import Quarter, parse_quarter
from ancrage.errors import Refused
from ancrage.language import say
from ancrage.notices.plain import one_line

DEEDS = {
    "done": ActionKind.FULFIL,
    "acknowledge": ActionKind.ACK,
    "put_off": ActionKind.SNOOZE,
    "delegate": ActionKind.DELEGATE,
    "waive": ActionKind.WAIVE,
    "act": ActionKind.FULFIL,
    "accept_level": ActionKind.FULFIL,
    "analyse": ActionKind.FULFIL,
    "watch": ActionKind.FULFIL,
    "retire": ActionKind.FULFIL,
}
"""The last five answer an alert, or say what becomes of an indicator; they fulfil what asked for it."""
ASK_WAIVER = "ask_waiver"
REFUSE_WAIVER = "refuse_waiver"
ABOUT_WAIVERS = frozenset({ASK_WAIVER, REFUSE_WAIVER})
LONGEST_REASON = 500
FURTHEST_DAYS = 366
"""No hold or delegation of a page ends later: a forgotten one would silence the ladder for ever."""


class Answer(BaseModel):
    """The fields of the form as they came. `act` names this showing of the form, so that a second press of a button is the same act."""

    deed: str = ""
    act: str = ""
    until: str = ""
    to: str = ""
    reason: str = ""
    read: str = ""
    """Number of the newest request for a waiver on the page that was shown."""

    @property
    def read_up_to(self) -> int:
        return int(self.read) if re.fullmatch(r"[0-9]{1,6}", self.read) else 0


def action_of(answer: Answer, commitment_id: str, person_id: str, zone: str, at: datetime) -> Action:
    """The action a form asks for. Refused (`form`) when it is not one of ours, or its date cannot be used.

    A waiver that is asked for, or refused, has the kind WAIVE as well: the caller looks at the deed.
    """
    if (answer.deed not in DEEDS and answer.deed not in ABOUT_WAIVERS) or not re.fullmatch(r"[0-9a-f]{16,64}", answer.act):
        raise Refused("form", say("This form is not complete. Open the link of your message again."))
    until = end_of_day(answer.until, zone, at) if answer.until else None
    key = hashlib.sha256("\0".join((commitment_id, person_id, answer.deed, answer.act)).encode()).hexdigest()[:32]
    return Action(
        id=f"page-{key}", kind=DEEDS.get(answer.deed, ActionKind.WAIVE), at=at, by=person_id, until=until, to=answer.to or None,
        reason=one_line(answer.reason, LONGEST_REASON),
    )


def day_of_form(text: str) -> date | None:
    """The day written as YYYY-MM-DD, None for an empty text; Refused (`form`) for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Refused("form", say("{text} is not a date.", text=repr(one_line(text, 40)))) from None


def end_of_day(text: str, zone: str, at: datetime) -> datetime:
    """The end of a day named as YYYY-MM-DD, in the reader's zone, as a UTC instant."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused("form", say("{text} is not a date.", text=repr(one_line(text, 40)))) from None
    if day > at.date() + timedelta(days=FURTHEST_DAYS):
        raise Refused("form", say("Choose a date within the next twelve months."))
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def quarter_of_form(text: str) -> Quarter | None:
    """The quarter written `2026-Q2`, None for an empty text; Refused (`form`) for anything else."""
    found = parse_quarter(text) if text else None
    if text and found is None:
        raise Refused("form", say("{text} is no quarter; write it as 2026-Q2", text=one_line(text, 20)))
    return found
