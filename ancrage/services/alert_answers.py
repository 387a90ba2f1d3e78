"""The four answers to an alert: act, accept the new level, ask for an analysis, waive (the last is the commitment's own, ESC-A8).

Each ends what the sponsor owed, by the rules of commitments, and says in the journal what it led to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from ancrage.domain.anchoring.signals import AlertKind
from ancrage.domain.escalation.facts import Action, Status
from ancrage.domain.indicators import Indicator
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import WorkingDays
from ancrage.errors import NotFound, Refused
from ancrage.language import Label, Message, say
from ancrage.services.anchoring_decisions import ANALYSIS, accept_level, analysis_id, indicator_of, may_decide
from ancrage.services.anchoring_watch import ANCHORING_SEGMENT
from ancrage.services.commitments import NewCommitment, act_on_commitment, existing_commitment, open_commitment
from ancrage.services.prioritisation import Acceptance, accept_action
from ancrage.services.programme import current_programme
from ancrage.storage.campaigns import fetch_action
from ancrage.storage.codec import pack_message
from ancrage.storage.commitments import fetch_action_taken, fetch_commitment
from ancrage.storage.indicators import fetch_alert
from ancrage.storage.unit_of_work import UnitOfWork
from models.actions import ActionRow, ActionStatus
from models.commitments import CommitmentKind, CommitmentRow
from models.indicators import AlertRow

ANALYSIS_BUDGET = WorkingDays(10)
"""How long the owner of the indicator has to say why."""


class AlertAnswer(StrEnum):
    """What a sponsor says to an alert, beside waiving it."""

    ACT = "act"
    ACCEPT_LEVEL = "accept_level"
    ANALYSE = "analyse"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done about an alert, until when; `action_id` links an action of the plan instead of opening one."""

    what: str = ""
    due_on: date | None = None
    action_id: str | None = None


@dataclass(frozen=True, slots=True)
class Answerable:
    """What the reader of a commitment may answer to its alert. `proposed` is the action that the erosion proposed, if it waits still."""

    alert: str
    indicator: str
    answers: tuple[AlertAnswer, ...]
    proposed: str | None


def answers_to(work: UnitOfWork, commitment_id: str, person_id: str, at: datetime) -> Answerable | None:
    """What `person_id` may answer at `at`; None where the commitment is closed or asks about no alert."""
    row = fetch_commitment(work, commitment_id)
    alert = _alert_of(work, row) if row is not None else None
    programme = current_programme(work)
    if row is None or alert is None or row.status is Status.CLOSED or alert.indicator_id not in programme.indicators:
        return None
    indicator = programme.indicators[alert.indicator_id]
    possible = [AlertAnswer.ACT]
    if _is_erosion(alert) and may_decide(programme, indicator, person_id, at, as_sponsor=True):
        possible.append(AlertAnswer.ACCEPT_LEVEL)
    if fetch_commitment(work, analysis_id(alert.id)) is None:
        possible.append(AlertAnswer.ANALYSE)
    proposed = fetch_action(work, _proposed_id(alert))
    waits = proposed is not None and proposed.status is ActionStatus.PROPOSED
    return Answerable(alert.id, indicator.id, tuple(possible), _proposed_id(alert) if waits else None)


def _alert_of(work: UnitOfWork, row: CommitmentRow) -> AlertRow | None:
    """The alert a clause promises to answer; a request for a late reading or an analysis has one too, and is no answer to it."""
    return fetch_alert(work, str(row.subject.get("alert", ""))) if row.kind is CommitmentKind.CLAUSE else None


def _is_erosion(alert: AlertRow) -> bool:
    return bool(alert.detail.get("kind") == AlertKind.EROSION.value)


def _proposed_id(alert: AlertRow) -> str:
    return f"erosion:{alert.indicator_id}:{alert.detail.get('since', '')}" if _is_erosion(alert) else f"alert:{alert.id}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What an answer is about."""

    programme: Programme
    indicator: Indicator
    alert: AlertRow
    row: CommitmentRow


def answer_alert(
    work: UnitOfWork, commitment_id: str, action: Action, answer: AlertAnswer, channels: Sequence[str], plan: Plan | None = None
) -> str | None:
    """Answer an alert, once (ESC-A11): returns the code of a refusal of the commitment, None when it was taken.

    Act: its action of the plan is opened or linked, with a date. Accept the new level: recorded, and the verdict starts from it. Ask for
    an analysis: the owner of the indicator owes it, and when it has come the sponsor is asked again. Each fulfils the commitment.
    Refused where the answer does not fit (`not_an_alert`, `not_allowed`, `not_eroding`, `date_missing`, `asked`, `reason_missing`).
    """
    known = fetch_action_taken(work, action.id)
    if known is not None:
        return known.refused
    programme, row = current_programme(work), existing_commitment(work, commitment_id)
    alert = _alert_of(work, row)
    if alert is None:
        raise Refused("not_an_alert", say("this commitment does not ask about an alert"))
    if row.status is Status.CLOSED:
        return act_on_commitment(work, programme, commitment_id, action, channels).refused
    asked = _Asked(programme, indicator_of(programme, alert.indicator_id), alert, row)
    said, led_to = _ANSWERS[answer](work, asked, action, plan or Plan())
    decision = act_on_commitment(work, programme, commitment_id, replace(action, reason=action.reason or said.text("en")), channels)
    if decision.refused is not None:
        raise Refused(decision.refused, say("the answer was not taken: {code}", code=decision.refused))
    work.record(
        action.at, action.by, "alert_answered", f"commitment:{commitment_id}", answer=answer.value, alert=alert.id, **led_to,
        reasons=[{"rule": "ANC-ANSWER", **pack_message(said)}],
    )  # fmt: skip
    return None


def _act(work: UnitOfWork, asked: _Asked, action: Action, plan: Plan) -> tuple[Message, dict[str, Any]]:
    linked = _linked(work, plan) if plan.action_id else None
    if linked is None:
        if plan.due_on is None:
            raise Refused("date_missing", say("an action needs a date: until when will it be done?"))
        linked = _opened(work, asked.indicator, asked.alert, action, plan)
        accept_action(work, Acceptance(linked.id, linked.owner or asked.indicator.owner, plan.due_on), action.by, action.at)
    said = say("An action answers the alert: “{title}”.", title=Label(linked.title_fr, linked.title_en))
    return said, {"action": linked.id}


def _linked(work: UnitOfWork, plan: Plan) -> ActionRow:
    """An action of the plan that is under way already."""
    row = fetch_action(work, plan.action_id or "")
    if row is None:
        raise NotFound(say("there is no action {action}", action=plan.action_id or ""))
    if row.status in (ActionStatus.DROPPED, ActionStatus.VERIFIED):
        raise Refused("state", say("an action that is {found} answers nothing", found=row.status.value))
    return row


def _opened(work: UnitOfWork, indicator: Indicator, alert: AlertRow, action: Action, plan: Plan) -> ActionRow:
    """The action the erosion proposed, if it waits; else a new one, proposed, to be accepted at once."""
    identity = _proposed_id(alert)
    row = fetch_action(work, identity)
    if row is not None:
        return row
    title = say("Answer the alert on “{indicator}”", indicator=indicator.name).label()
    row = ActionRow(
        programme_id=work.programme_id, id=identity, segment=ANCHORING_SEGMENT, title_fr=plan.what or title.fr,
        title_en=plan.what or title.en, process_id=indicator.process, owner=indicator.owner, status=ActionStatus.PROPOSED,
        reasons={"message": alert.detail["message"]}, proposed_at=action.at, changed_at=action.at,
    )  # fmt: skip
    work.session.add(row)
    work.flush()
    work.record(action.at, action.by, "action_proposed", f"action:{identity}", indicator=indicator.id, alert=alert.id)
    return row


def _accept(work: UnitOfWork, asked: _Asked, action: Action, _plan: Plan) -> tuple[Message, dict[str, Any]]:
    day = accept_level(work, asked.indicator.id, action.reason, action.by, action.at)
    return say("The new level is accepted from {day} on.", day=day), {"day": day.isoformat()}


def _analyse(work: UnitOfWork, asked: _Asked, action: Action, _plan: Plan) -> tuple[Message, dict[str, Any]]:
    programme, indicator, alert = asked.programme, asked.indicator, asked.alert
    identity, defaults = analysis_id(alert.id), programme.defaults
    title = say("Analyse the alert on “{indicator}” and say why", indicator=indicator.name).label()
    new = NewCommitment(
        id=identity, kind=CommitmentKind.REVIEW, title=title, event_id=identity, responsible=indicator.owner, calendar=defaults.calendar,
        budget=ANALYSIS_BUDGET, policy=programme.policies[defaults.reading],
        subject={"alert": alert.id, "indicator": indicator.id, ANALYSIS: asked.row.id},
    )  # fmt: skip
    if open_commitment(work, programme, new, action.at, action.by) is None:
        raise Refused("asked", say("an analysis of this alert was asked for already: decide on what it found, or wait for it"))
    return say("The owner of the indicator is asked for an analysis; when it has come, it is asked again."), {"commitment": identity}


_ANSWERS = {AlertAnswer.ACT: _act, AlertAnswer.ACCEPT_LEVEL: _accept, AlertAnswer.ANALYSE: _analyse}
