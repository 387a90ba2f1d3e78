"""The engagement watch: a sponsor whose answers slow down or thin out is heard before the first promise stalls.

It opens one open commitment for the steward, by the ladder `defaults: engagement` of the project: to speak with the sponsor. It is
cancelled when answers come as they used to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.answer_trend import AnswerTrend, Pace, determine_answer_trend
from ancrage.domain.engagement import Contract
from ancrage.domain.engagement_record import Promise
from ancrage.domain.escalation.facts import Action, ActionKind, Status
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import WorkingDays
from ancrage.language import Message, say
from ancrage.services.commitments import ENGINE, NewCommitment, act_on_commitment, open_commitment
from ancrage.services.engagement import fetch_promises
from ancrage.services.programme import contracts_in_force
from ancrage.storage.codec import pack_message
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind, CommitmentRow

ENGAGEMENT_WATCH = "engagement"
"""Name of its heartbeat: it looks once a day."""
TALK_BUDGET = WorkingDays(5)
"""How long the steward has to speak with a sponsor: five working days."""
TREND_RULE = "ENG-TREND"


@dataclass(frozen=True, slots=True)
class EngagementReport:
    """What one watch found: sponsors whose answers slow down or thin out, commitments it opened and closed."""

    slowing: int = 0
    opened: int = 0
    closed: int = 0


def watch_engagement(work: UnitOfWork, programme: Programme, as_of: datetime, channels: Sequence[str]) -> EngagementReport:
    """Look at the answers of everybody who sponsors a contract in force. Looking again on the same facts adds nothing."""
    by_person: dict[str, list[Promise]] = defaultdict(list)
    for promise in fetch_promises(work, programme):
        by_person[promise.person].append(promise)
    asked = [row for row in fetch_commitments(work, kind=CommitmentKind.REVIEW) if "sponsor" in row.subject]
    slowing, opened = set(), 0
    for person, contract in sponsors_in_force(work, programme, as_of).items():
        trend = determine_answer_trend(by_person.get(person, ()), as_of)
        if trend.is_eroding:
            slowing.add(person)
            about_them = [row for row in asked if row.subject["sponsor"] == person]
            opened += _ask_to_speak(work, programme, contract, person, trend, about_them, as_of)
    ended = [row for row in asked if row.status is not Status.CLOSED and row.subject["sponsor"] not in slowing]
    for row in ended:
        over = Action(id=f"steady:{row.id}", kind=ActionKind.CANCEL, at=as_of, by=ENGINE, reason="answers_as_usual")
        act_on_commitment(work, programme, row.id, over, channels)
    return EngagementReport(len(slowing), opened, len(ended))


def sponsors_in_force(work: UnitOfWork, programme: Programme, as_of: datetime) -> dict[str, Contract]:
    """Who sponsors or co-sponsors a contract in force at `as_of`, with the first such contract, sponsors before co-sponsors."""
    in_force = contracts_in_force(work, programme)
    contracts = [contract for contract in programme.contracts.values() if contract.id in in_force]
    found: dict[str, Contract] = {}
    for roles in ([contract.sponsor for contract in contracts], [contract.co_sponsor for contract in contracts]):
        for contract, role in zip(contracts, roles, strict=True):
            person = programme.organisation.holder(role, as_of) if role else None
            if person is not None:
                found.setdefault(person, contract)
    return found


def _ask_to_speak(
    work: UnitOfWork, programme: Programme, contract: Contract, person: str, trend: AnswerTrend, before: Sequence[CommitmentRow],
    as_of: datetime,
) -> int:
    """One open commitment per sponsor, and one per slow row: a row that was spoken about opens nothing more."""
    spoken = max((row.started_at for row in before), default=None)
    if trend.since is None or any(row.status is not Status.CLOSED for row in before) or (spoken is not None and trend.since <= spoken):
        return 0
    name = programme.organisation.people[person].name
    new = NewCommitment(
        id=f"engagement:{person}:{trend.since.date().isoformat()}", kind=CommitmentKind.REVIEW, title=_title(trend, name).label(),
        event_id=f"slowing:{person}:{trend.since.isoformat()}", responsible=_who_speaks(programme, contract, person, as_of),
        calendar=contract.calendar, budget=TALK_BUDGET, policy=programme.policies[programme.defaults.engagement_or_action],
        subject={"sponsor": person, "trend": pack_message(trend.message)}, contract_id=contract.id,
    )  # fmt: skip
    if open_commitment(work, programme, new, as_of) is None:
        return 0
    work.record(
        as_of, ENGINE, "answers_slow_down", f"engagement:{person}", commitment=new.id, strength=round(trend.strength, 2),
        limit=round(trend.limit, 2), promises=trend.promises, reasons=[{"rule": TREND_RULE, **pack_message(trend.message)}],
    )  # fmt: skip
    return 1


def _title(trend: AnswerTrend, name: str) -> Message:
    if trend.pace is Pace.THINNING:
        return say("Speak with {sponsor}: answers thin out", sponsor=name)
    return say("Speak with {sponsor}: answers slow down", sponsor=name)


def _who_speaks(programme: Programme, contract: Contract, person: str, as_of: datetime) -> str:
    """The steward of the contract; where that is the sponsor, the programme's; else the other sponsor; else the fallback person."""
    for role in (contract.steward, programme.steward, contract.sponsor, contract.co_sponsor):
        if role and programme.organisation.holder(role, as_of) not in (None, person):
            return role
    return f"person:{programme.organisation.fallback}"
