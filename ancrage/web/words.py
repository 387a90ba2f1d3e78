"""The words of states, results, refusals and journal lines. Status words say who acts next."""

from __future__ import annotations

from collections.abc import Mapping

from ancrage.domain.access import AccessRole
from ancrage.domain.escalation.facts import ActionKind, Result, Status
from ancrage.language import N_, Message, say
from ancrage.notices import wording
from ancrage.notices.dates import Clock
from ancrage.notices.plain import one_line
from ancrage.services.status import CommitmentView

LONGEST_HEADING = 100

RESULTS: Mapping[Result, str] = {
    Result.KEPT: N_("Kept, on {day}"),
    Result.LATE: N_("Done late, on {day}"),
    Result.WAIVED: N_("Waived, on {day}"),
    Result.CANCELLED: N_("Cancelled, on {day}"),
    Result.MISSED_UNOBSERVED: N_("Missed while nobody was told, closed on {day}"),
    Result.SUPERSEDED_BY_NEWER: N_("Overtaken by a newer one, on {day}"),
}

HELD: Mapping[tuple[Status, bool], str] = {
    (Status.ACKNOWLEDGED, False): N_("Taken care of until {until}: then {who} is to act"),
    (Status.ACKNOWLEDGED, True): N_("Overdue, taken care of until {until}: then {who} is to act"),
    (Status.SNOOZED, False): N_("Put off until {until}: then {who} is to act"),
    (Status.SNOOZED, True): N_("Overdue, put off until {until}: then {who} is to act"),
}
"""By state and whether it is overdue (ESC-A3, A5: a hold does not move the deadline)."""

REFUSALS: Mapping[str, str] = {
    "already_closed": N_("This request is already closed: nothing was changed."),
    "limit": N_("It has already been put off as often as its contract allows: nothing was changed."),
    "until_missing": N_("Putting it off needs a date: nothing was changed."),
    "until_past": N_("The date must lie in the future: nothing was changed."),
    "unknown_person": N_("Choose the person who takes it over: nothing was changed."),
    "not_allowed": N_("Only the persons whom the contract names may waive it: nothing was changed."),
    "reason_missing": N_("A waiver needs a reason: nothing was changed."),
    "not_decided": N_("It ends by a decision: watch the indicator, or retire it. Nothing was changed."),
    "not_signed": N_("A request to sign ends by a signature: nothing was changed."),
}

ROLES: Mapping[AccessRole, str] = {
    AccessRole.LEAD: N_("lead"),
    AccessRole.SPONSOR: N_("sponsor"),
    AccessRole.OWNER: N_("process owner"),
    AccessRole.READER: N_("reader"),
}

DONE: Mapping[ActionKind, str] = {
    ActionKind.FULFIL: N_("Noted: it is done. Thank you."),
    ActionKind.ACK: N_("Noted: you take care of it, and no message is sent before the date shown below."),
    ActionKind.SNOOZE: N_("Noted: it is put off to the date shown below."),
    ActionKind.DELEGATE: N_("Noted: the person you chose is told. The deadline does not move."),
    ActionKind.WAIVE: N_("Noted: it is waived, with your reason."),
}

def standing(view: CommitmentView, clock: Clock) -> Message:
    """Where a commitment stands, in words that say who acts next."""
    who: str | Message = view.person or say("nobody holds this role")
    match view.status:
        case Status.CLOSED:
            day = clock.day(view.closed_at) if view.closed_at else ""
            return Message(RESULTS[view.result], {"day": day}) if view.result else say("Closed")
        case Status.PAUSED:
            return say("Clock stopped: nobody has to act")
        case Status.ACKNOWLEDGED | Status.SNOOZED if view.held_until is not None:
            return Message(HELD[view.status, view.overdue], {"who": who, "until": wording.moment(view.held_until, clock)})
        case _:
            return say("Overdue: {who} must act", who=who) if view.overdue else say("{who} is to act", who=who)


def heading(view: CommitmentView, language: str) -> str:
    """The title of a commitment, short enough to stand above its page; without the full stop of a sentence."""
    return one_line(view.title.text(language), LONGEST_HEADING).removesuffix(".")


def tone(view: CommitmentView) -> str:
    """The look of a state, which its words repeat: done, quiet, late or open."""
    if view.status is Status.CLOSED:
        return "done" if view.result is Result.KEPT else "quiet"
    if view.overdue:
        return "late"
    return "open" if view.status is Status.OPEN else "quiet"
