"""A decision while it is being made, and how a step fires: recipients, notices, the way on when nobody is reached (ESC-W5, W6)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from ancrage.domain.escalation.facts import Decision, Firing, LadderState, Notice, Reason, Skip, SkipReason, Terms
from ancrage.domain.escalation.recipients import Recipient, recipients
from ancrage.domain.escalation.rungs import Rung, occurrences, steps_to_come
from ancrage.domain.organisation import Organisation
from ancrage.domain.policies import Step
from ancrage.domain.working_time import Calendar
from ancrage.language import Message, say

FALLBACK_STEP = "fallback"
"""Step id of the notice to the fallback person (ESC-W6)."""
ASSIGNED_STEP = "assigned"
"""Step id of the notice to a person who has just become responsible (ESC-W7)."""
UNDELIVERED_STEP = "undelivered"
"""Step id of the alarm about a notice that could not be delivered (ESC-G2)."""
WAIVER_ASKED_STEP = "waiver_asked"
"""Step id of the notice to those who may waive, when somebody asks them to (ESC-A8)."""
WAIVER_REFUSED_STEP = "waiver_refused"
"""Step id of the notice to who asked for a waiver and was refused."""
PROPOSED_STEP = "contract_proposed"
"""Step id of the notice to a party of a contract that is proposed for signature."""
DECLINED_STEP = "contract_declined"
"""Step id of the notice to the steward that a party does not sign."""
COMMENTED_STEP = "contract_commented"
"""Step id of the notice to the steward that somebody wants a contract changed."""
CONTRACT_STEPS = frozenset({PROPOSED_STEP, DECLINED_STEP, COMMENTED_STEP})
LASTING_STEPS = CONTRACT_STEPS | frozenset({ASSIGNED_STEP, UNDELIVERED_STEP, WAIVER_ASKED_STEP, WAIVER_REFUSED_STEP})
"""Notices that are no step of the ladder: only closing makes them untrue (ESC-S7), and no step replaces them (ESC-S8)."""


@dataclass(slots=True)
class Draft:
    """One decision in the making: what it is about, and what it has changed so far. Lives inside one function call."""

    terms: Terms
    organisation: Organisation
    state: LadderState
    notices: list[Notice] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    @property
    def calendar(self) -> Calendar:
        return self.organisation.calendars[self.terms.calendar]

    def explain(self, rule: str, message: Message) -> None:
        self.reasons.append(Reason(rule, message))

    def skip(self, step: Step, reason: SkipReason, at: datetime) -> None:
        self.state = replace(self.state, skipped=(*self.state.skipped, Skip(step.id, reason, at)))

    def decision(self) -> Decision:
        return Decision(self.state, tuple(self.notices), tuple(self.reasons))


@dataclass(frozen=True, slots=True)
class FiringInstants:
    """The instants of one firing (ESC-L4): planned, eligible, the firing instant itself, and the pass that found it."""

    planned_at: datetime
    eligible_at: datetime
    at: datetime
    pass_at: datetime


def fire(draft: Draft, rung: Rung, when: FiringInstants) -> None:
    """Fire a step; when it reaches nobody, the next one at the same instant, and after the last the fallback person (ESC-W5, W6)."""
    following: Rung | None = rung
    while following is not None:
        rung = following
        reached = recipients(draft.terms, draft.state, draft.organisation, rung.step.to, when.at)
        if reached:
            _record(draft, rung, when, rung.step.id, reached)
            return
        if rung.occurrence == 1:
            draft.skip(rung.step, SkipReason.NO_RECIPIENT, when.at)
        draft.explain("ESC-W5", say("step {step} reaches nobody at {at}: the next step fires at once", step=rung.step.id, at=when.at))
        following = _next_without_waiting(draft, when.at)
    draft.explain("ESC-W6", say("no step is left: {person} is told as the fallback", person=draft.organisation.fallback))
    _record(draft, rung, when, FALLBACK_STEP, (Recipient(draft.organisation.fallback),))


def _next_without_waiting(draft: Draft, at: datetime) -> Rung | None:
    coming = steps_to_come(draft.terms, draft.state)
    return Rung(coming[0], 1, at, "ESC-W5") if coming else None


def _record(draft: Draft, rung: Rung, when: FiringInstants, told_as: str, reached: tuple[Recipient, ...]) -> None:
    """The firing, its notices and its explanation. `told_as` is the step id of the notices: the step's own, or `fallback`."""
    occurrence = occurrences(draft.state, rung.step.id) + 1
    firing = Firing(
        step=rung.step.id, occurrence=occurrence, planned_at=when.planned_at, eligible_at=when.eligible_at, at=when.at,
        to=tuple(recipient.person for recipient in reached), rule=rung.rule, recorded_at=when.pass_at, told_as=told_as,
    )
    told = 1 + sum(earlier.told_as == told_as for earlier in draft.state.fired)
    draft.state = replace(draft.state, fired=(*draft.state.fired, firing), forced_at=None, found_late_at=None, answer_owed=False)
    for recipient in reached:
        draft.notices.append(
            Notice(draft.terms.commitment, told_as, told, recipient.person, when.at, rung.step.urgent, recipient.in_place_of)
        )
        _explain_recipient(draft, told_as, recipient, when.at)
    _explain_firing(draft, firing, when)


def _explain_recipient(draft: Draft, told_as: str, recipient: Recipient, at: datetime) -> None:
    if told_as == FALLBACK_STEP:
        return
    if recipient.in_place_of is None:
        draft.explain("ESC-W2", say("{person} is told: reached by step {step} at {at}", person=recipient.person, step=told_as, at=at))
        return
    message = say(
        "{person} is told in place of {absent}, who is absent at {at}: holder of the backup role",
        person=recipient.person, absent=recipient.in_place_of, at=at,
    )
    draft.explain("ESC-W3", message)


def _explain_firing(draft: Draft, firing: Firing, when: FiringInstants) -> None:
    draft.explain(
        firing.rule,
        say(
            "step {step}, occurrence {occurrence}: planned {planned}, eligible {eligible}, pass {pass_at}, fired as of {at}",
            step=firing.step, occurrence=firing.occurrence, planned=firing.planned_at, eligible=firing.eligible_at,
            pass_at=when.pass_at, at=firing.at,
        ),
    )
    if when.at == when.eligible_at:
        rule = say("late by {seconds} s at most the grace: the eligible instant is kept", seconds=_seconds(when))
    else:
        rule = say("late by {seconds} s, more than the grace: counted from the pass", seconds=_seconds(when))
    draft.explain("ESC-C2", rule)


def _seconds(when: FiringInstants) -> int:
    return int((when.pass_at - when.eligible_at).total_seconds())
