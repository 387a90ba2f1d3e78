"""Asking to be let off: whom a request for a waiver reaches, and what those who may waive it make of it (ESC-A8).

A request is a line of the journal and a notice. Granting it is waiving the commitment, which closes it; refusing it is a line too, and a
notice to the asker. Until then everything goes on: a request stops neither clock nor ladder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ancrage.domain.escalation.facts import Action, Notice, Reason, Status
from ancrage.domain.escalation.firing import WAIVER_ASKED_STEP, WAIVER_REFUSED_STEP
from ancrage.domain.escalation.recipients import Recipient, recipients
from ancrage.domain.programme import Programme
from ancrage.errors import Refused
from ancrage.language import say
from ancrage.services.commitments import existing_commitment, ladder_of, queue_notices, terms_of, waiver_roles
from ancrage.services.programme import current_programme
from ancrage.storage.engine import fetch_journal
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentRow

WAIVER_ASKED = "waiver_asked"
WAIVER_REFUSED = "waiver_refused"


@dataclass(frozen=True, slots=True)
class WaiverRefused:
    """Who refused it, when and why."""

    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class WaiverRequest:
    """Somebody asked to be let off. `number` counts the requests of one commitment from 1; `refused` is None while it waits."""

    number: int
    at: datetime
    by: str
    reason: str
    action: str
    refused: WaiverRefused | None = None


def fetch_waiver_requests(work: UnitOfWork, commitment_id: str) -> tuple[WaiverRequest, ...]:
    """Every request about a commitment, oldest first, with what became of it."""
    found: list[WaiverRequest] = []
    for line in fetch_journal(work, f"commitment:{commitment_id}"):
        if line.what == WAIVER_ASKED:
            detail = line.detail
            found.append(WaiverRequest(len(found) + 1, line.at, line.actor, str(detail["reason"]), str(detail.get("action", ""))))
        elif line.what == WAIVER_REFUSED:
            refused = WaiverRefused(line.at, line.actor, str(line.detail["reason"]))
            found = [replace(one, refused=refused) if one.number in line.detail["requests"] else one for one in found]
    return tuple(found)


def ask_for_waiver(work: UnitOfWork, commitment_id: str, action: Action, channels: Sequence[str]) -> None:
    """Record that somebody asks to be let off, once per action id, and tell those who may waive it.

    A closed commitment has nothing left to waive: then nothing is recorded. Refused (`reason_missing`) without a reason, and
    (`already_asked`) while an earlier request of the same person waits for its answer.
    """
    row = existing_commitment(work, commitment_id)
    if not action.reason:
        raise Refused("reason_missing", say("A waiver needs a reason: nothing was changed."))
    known = fetch_waiver_requests(work, commitment_id)
    if row.status is Status.CLOSED or any(one.action == action.id for one in known):
        return
    if any(one.by == action.by and one.refused is None for one in known):
        raise Refused("already_asked", say("You have asked already, and it has not been decided yet: nothing was changed."))
    number = len(known) + 1
    work.record(action.at, action.by, WAIVER_ASKED, f"commitment:{commitment_id}", action=action.id, reason=action.reason)
    programme = current_programme(work)
    reached = deciders(programme, row, action)
    notices = [Notice(row.id, WAIVER_ASKED_STEP, number, one.person, action.at, in_place_of=one.in_place_of) for one in reached]
    queue_notices(work, notices, channels, _reasons(reached, programme.organisation.fallback))


def deciders(programme: Programme, row: CommitmentRow, action: Action) -> tuple[Recipient, ...]:
    """Who is told of a request: those who may waive, or who stands in for them while they are away (ESC-W3); if nobody, the fallback (W6).

    The asker is not told of their own request; empty when nobody else is left.
    """
    roles = waiver_roles(programme, terms_of(row), row.clause_id)
    found = recipients(terms_of(row), ladder_of(row), programme.organisation, roles, action.at)
    others = tuple(one for one in found if one.person != action.by)
    fallback = programme.organisation.fallback
    return others or ((Recipient(fallback),) if fallback != action.by else ())


def _reasons(reached: Sequence[Recipient], fallback: str) -> tuple[Reason, ...]:
    lines = []
    for one in reached:
        if one.in_place_of is not None:
            told = say("{person} is told of the request in place of {absent}, who is absent", person=one.person, absent=one.in_place_of)
            lines.append(Reason("ESC-W3", told))
        elif one.person == fallback and len(reached) == 1:
            lines.append(Reason("ESC-W6", say("{person} is told of the request: may waive it, or is the fallback", person=one.person)))
        else:
            lines.append(Reason("ESC-A8", say("{person} is told of the request: may waive it", person=one.person)))
    return tuple(lines)


def refuse_waivers(work: UnitOfWork, commitment_id: str, action: Action, up_to: int, channels: Sequence[str]) -> None:
    """Refuse every request that waits, up to the one numbered `up_to` (the last that the refuser had read), once per action id.

    Who asked is told. Refused (`not_allowed`) for somebody who may not waive it, (`reason_missing`) without a reason,
    (`already_closed`) when there is nothing left to decide.
    """
    row = existing_commitment(work, commitment_id)
    subject = f"commitment:{commitment_id}"
    if any(line.what == WAIVER_REFUSED and line.detail.get("action") == action.id for line in fetch_journal(work, subject)):
        return
    programme = current_programme(work)
    if not may_waive(programme, row, action.by, action.at):
        raise Refused("not_allowed", say("Only the persons whom the contract names may waive it: nothing was changed."))
    if row.status is Status.CLOSED:
        raise Refused("already_closed", say("This request is already closed: nothing was changed."))
    if not action.reason:
        raise Refused("reason_missing", say("A refusal needs a reason: nothing was changed."))
    refused = [one for one in fetch_waiver_requests(work, commitment_id) if one.refused is None and one.number <= up_to]
    if not refused:
        return
    numbers = [one.number for one in refused]
    work.record(action.at, action.by, WAIVER_REFUSED, subject, action=action.id, reason=action.reason, requests=numbers)
    people = programme.organisation.people
    notices = [Notice(row.id, WAIVER_REFUSED_STEP, one.number, one.by, action.at) for one in refused if one.by in people]
    queue_notices(work, notices, channels, (Reason("ESC-A8", say("{person} does not waive it", person=action.by)),))


def may_waive(programme: Programme, row: CommitmentRow, person_id: str, at: datetime) -> bool:
    """Whether a person holds a role that may waive (ESC-A8). Who stands in for such a role is told, but the right does not move (W3)."""
    roles = waiver_roles(programme, terms_of(row), row.clause_id)
    return person_id in {programme.organisation.holder(role, at) for role in roles}
