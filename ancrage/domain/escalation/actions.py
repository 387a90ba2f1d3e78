"""What a person does with a commitment (ESC-A3 to A11, P): accepted with its effect, or refused with a code and no effect.

Codes: `already_closed` (A11), `limit` (A5), `already_escalated` (A10), `already_paused`, `not_paused` (A9), `until_missing`,
`until_past` (A3, A5: a hold that would end before it begins), `unknown_person` (A6), `not_allowed`, `reason_missing` (A8).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from ancrage.domain import working_time
from ancrage.domain.escalation.changes import assign
from ancrage.domain.escalation.facts import Action, ActionKind, Decision, Delegation, Hold, LadderState, Reason, Result, Status, Terms
from ancrage.domain.escalation.firing import Draft
from ancrage.domain.escalation.recipients import person_of
from ancrage.domain.escalation.rungs import steps_to_come
from ancrage.domain.organisation import Organisation
from ancrage.domain.working_time import Calendar, Pause, WorkingDays, WorkingTime
from ancrage.language import say

DEFAULT_ACK_TTL = WorkingDays(1)
"""How long an acknowledgement without an end lasts where the policy does not say: it must end, or silence would never escalate."""


def act(terms: Terms, state: LadderState, action: Action, organisation: Organisation) -> Decision:
    """The effect of one action at the instant the server accepted it (ESC-A1), or its refusal. Repeated ids are the caller's (A11)."""
    if state.status is Status.CLOSED:
        return _refused(state, "ESC-A11", "already_closed")
    draft = Draft(terms, organisation, state)
    refusal = _EFFECTS[action.kind](draft, action)
    if refusal is not None:
        return _refused(state, *refusal)
    return draft.decision()


Refusal = tuple[str, str] | None
"""Rule and code, or None when the action was taken."""


def _refused(state: LadderState, rule: str, code: str) -> Decision:
    return Decision(state, reasons=(Reason(rule, say("refused: {code}", code=code)),), refused=code)


def _fulfil(draft: Draft, action: Action) -> Refusal:
    """ESC-A7: closes, `kept` if on time (D5). Done while paused, the clock counts as resumed at that instant."""
    if draft.state.status is Status.PAUSED:
        _end_pause(draft, action.at)
    kept = is_on_time(draft.terms, draft.state, draft.calendar, action.at)
    _close(draft, action, Result.KEPT if kept else Result.LATE)
    draft.state = replace(draft.state, by_backup=action.by_backup)
    verdict = say("on time") if kept else say("late")
    draft.explain("ESC-D5", say("answered at {at}, due {due}: {verdict}", at=action.at, due=draft.state.due, verdict=verdict))
    return None


def is_on_time(terms: Terms, state: LadderState, calendar: Calendar, event: datetime) -> bool:
    """ESC-D5 from the printed deadline: at most `due`, or for an hour budget without a second of work after it.

    From `due` rather than from the start, because a calendar change never makes a deadline earlier than announced (ESC-K2).
    """
    if state.on_time_until is not None:
        return event <= state.on_time_until
    if event <= state.due:
        return True
    return isinstance(terms.budget, WorkingTime) and working_time.elapsed_seconds(calendar, state.due, event, state.pauses) == 0


def _waive(draft: Draft, action: Action) -> Refusal:
    """ESC-A8: by a role the policy allows (any, where it names none: the caller has checked the contract), with a reason."""
    allowed = {person_of(draft.terms, draft.state, draft.organisation, role, action.at) for role in draft.terms.policy.waiver_roles}
    if allowed and action.by not in allowed:
        return "ESC-A8", "not_allowed"
    if not action.reason.strip():
        return "ESC-A8", "reason_missing"
    _close(draft, action, Result.WAIVED)
    return None


def _cancel(draft: Draft, action: Action) -> Refusal:
    _close(draft, action, Result.CANCELLED)
    return None


def _close(draft: Draft, action: Action, result: Result) -> None:
    draft.state = replace(draft.state, result=result, closed_at=action.at, hold=None, answer_owed=False, forced_at=None)
    rule = "ESC-A7" if action.kind is ActionKind.FULFIL else "ESC-A8"
    draft.explain(rule, say("closed at {at} by {person}: {result}", at=action.at, person=action.by, result=result.value))


def _acknowledge(draft: Draft, action: Action) -> Refusal:
    """ESC-A3: no step fires until `until`, else for the policy's `ack_ttl`, prolonged to the next working instant."""
    ttl = draft.terms.policy.ack_ttl or DEFAULT_ACK_TTL
    until = action.until or working_time.due_instant(draft.calendar, action.at, ttl)
    return _hold(draft, action, until, "ESC-A3")


def _snooze(draft: Draft, action: Action) -> Refusal:
    """ESC-A5: like an acknowledgement, until an instant, at most `max_snoozes` times."""
    if draft.state.snoozes >= draft.terms.policy.max_snoozes:
        return "ESC-A5", "limit"
    if action.until is None:
        return "ESC-A5", "until_missing"
    refusal = _hold(draft, action, action.until, "ESC-A5")
    if refusal is None:
        draft.state = replace(draft.state, snoozes=draft.state.snoozes + 1)
    return refusal


def _hold(draft: Draft, action: Action, until: datetime, rule: str) -> Refusal:
    if until <= action.at:
        return rule, "until_past"
    lapse = working_time.next_working(draft.calendar, until)
    draft.state = replace(draft.state, hold=Hold(action.kind, action.at, lapse, action.by), answer_owed=False)
    words = {"kind": action.kind.value, "person": action.by, "at": action.at, "until": lapse}
    draft.explain(rule, say("{kind} by {person} at {at}: no step fires before {until}", **words))
    return None


def _pause(draft: Draft, action: Action) -> Refusal:
    """ESC-A9, P1."""
    if draft.state.status is Status.PAUSED:
        return "ESC-A9", "already_paused"
    draft.state = replace(draft.state, pauses=(*draft.state.pauses, Pause(action.at, None, action.by, action.reason)))
    why = action.reason or say("no reason given")
    draft.explain("ESC-P1", say("paused at {at} by {person}: {why}", at=action.at, person=action.by, why=why))
    return None


def _resume(draft: Draft, action: Action) -> Refusal:
    """ESC-A9, P4."""
    if draft.state.status is not Status.PAUSED:
        return "ESC-A9", "not_paused"
    _end_pause(draft, action.at)
    return None


def _end_pause(draft: Draft, at: datetime) -> None:
    """ESC-P4: `due` is counted again without the paused time; never earlier than announced (ESC-K2)."""
    pauses = (*draft.state.pauses[:-1], replace(draft.state.pauses[-1], until=at))
    due = working_time.due_instant(draft.calendar, draft.terms.started_at, draft.terms.budget, pauses)
    old = draft.state.due
    draft.state = replace(draft.state, pauses=pauses, due=max(old, due))
    draft.explain("ESC-P4", say("resumed at {at}: deadline {old} becomes {due}", at=at, old=old, due=draft.state.due))


def _delegate(draft: Draft, action: Action) -> Refusal:
    """ESC-A6, W7: the delegate is told; clock and ladder go on."""
    if action.to is None or action.to not in draft.organisation.people:
        return "ESC-A6", "unknown_person"
    if action.until is not None and action.until <= action.at:
        return "ESC-A6", "until_past"
    draft.state = replace(draft.state, delegation=Delegation(action.to, action.at, action.until, action.by))
    draft.explain("ESC-A6", say("{person} delegates to {to} at {at}", person=action.by, to=action.to, at=action.at))
    assign(draft, action.to, action.at)
    return None


def _escalate(draft: Draft, action: Action) -> Refusal:
    """ESC-A10: the next step fires at the next working instant, unless the ladder has moved since the author looked at it."""
    state, coming = draft.state, steps_to_come(draft.terms, draft.state)
    pending = state.forced_at is not None and state.forced_at < action.at
    if not coming or pending or not _still_looking_at(state, action.step, coming[0].id):
        return "ESC-A10", "already_escalated"
    forced = working_time.next_working(draft.calendar, action.at)
    draft.state = replace(state, hold=None, answer_owed=False, forced_at=min(forced, state.forced_at or forced))
    draft.explain("ESC-A10", say("escalated by {person}: step {step} fires at {at}", person=action.by, step=coming[0].id, at=forced))
    return None


def _still_looking_at(state: LadderState, step: str | None, coming: str) -> bool:
    """Whether the step the author saw is still the latest. None: the author saw no step; "": saw that none had fired.

    A page may also show the step that comes next; while it has not fired, nothing has fired since.
    """
    latest = state.fired[-1].step if state.fired else ""
    return step is None or step in (latest, coming)


_EFFECTS: Mapping[ActionKind, Callable[[Draft, Action], Refusal]] = {
    ActionKind.FULFIL: _fulfil,
    ActionKind.WAIVE: _waive,
    ActionKind.CANCEL: _cancel,
    ActionKind.ACK: _acknowledge,
    ActionKind.SNOOZE: _snooze,
    ActionKind.PAUSE: _pause,
    ActionKind.RESUME: _resume,
    ActionKind.DELEGATE: _delegate,
    ActionKind.ESCALATE: _escalate,
}
