"""A steward gives something back: the note to a sponsor, and the public line to the stakeholders of a contract.

A person decides to send; the engine never does. What was said is kept with its outbox rows in one transaction (ESC-G1), and the same
words about the same quarter are sent once. Sending keeps what the steward promised: feedback after a campaign, a word every month.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ancrage.domain.engagement import Contract, TriggerKind
from ancrage.domain.escalation.facts import Action, ActionKind, NoticeStatus, Status
from ancrage.domain.programme import Programme
from ancrage.domain.quarters import Quarter
from ancrage.errors import Refused
from ancrage.language import say
from ancrage.services.commitments import act_on_commitment
from ancrage.services.engagement_notes import (
    FeedbackNote,
    PublicNote,
    content_of,
    contracts_sponsored,
    feedback_of,
    prepare_feedback,
    prepare_public_line,
    public_of,
)
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.notes import fetch_note
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentRow
from models.engagement import NoteKind, NoteRow
from models.notices import OutboxRow


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sends, when, through which channels, with which words of their own; `keep_open` ends no commitment of the steward."""

    by: str
    at: datetime
    channels: Sequence[str]
    sentence: str = ""
    quarter: Quarter | None = None
    keep_open: bool = False


@dataclass(frozen=True, slots=True)
class SentFeedback:
    """The note, whether it was sent now or before, and the ids of the steward's commitments it fulfilled."""

    note: FeedbackNote
    is_new: bool
    fulfilled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedLine:
    """The line, whether it was sent now or before, to whom, and the ids of the steward's commitments it fulfilled."""

    note: PublicNote
    is_new: bool
    told: tuple[str, ...] = ()
    fulfilled: tuple[str, ...] = ()


def may_tell(programme: Programme, contracts: Iterable[Contract], by: str, at: datetime) -> bool:
    """Whether `by` is a steward of one of the contracts, or of the programme."""
    roles = {programme.steward, *(contract.steward for contract in contracts)}
    return by in {programme.organisation.holder(role, at) for role in roles}


def send_feedback(work: UnitOfWork, person: str, sending: Sending) -> SentFeedback:
    """Send the note to a sponsor. Refused: `not_allowed` for anybody but a steward, `nothing_to_tell` without an answer.

    It fulfils the open commitments by which the sender, as steward of a contract this person sponsors, owes feedback after a campaign
    (clauses of the steward whose trigger is `campaign: closed`).
    """
    programme = current_programme(work)
    note = prepare_feedback(work, person, sending.at, sending.quarter)
    _require_steward(programme, contracts_sponsored(programme, person, sending.at), sending)
    known = fetch_note(work, note.id)
    if known is not None:
        return SentFeedback(feedback_of(programme, known), is_new=False)
    if not note.answers:
        raise Refused("nothing_to_tell", say("{name} has answered nothing in {quarter} yet: there is nothing to give back.",
                                             name=note.name, quarter=str(note.quarter)))  # fmt: skip
    _keep(work, note, NoteKind.FEEDBACK, sending, (person,), person_id=person)
    work.record(sending.at, sending.by, "feedback_sent", f"engagement:{person}", note=note.id, answers=len(note.answers))
    sponsor_of = [
        contract for contract in programme.contracts.values() if programme.organisation.holder(contract.sponsor, sending.at) == person
    ]
    owed = _owed(work, programme, sponsor_of, TriggerKind.CAMPAIGN, sending)
    told = replace(note, sentence=sending.sentence, told_by=sending.by, told_at=sending.at)
    return SentFeedback(told, True, tuple(_fulfil(work, programme, owed, note.id, sending)))


def publish_line(work: UnitOfWork, contract_id: str, sending: Sending) -> PublishedLine:
    """Send the public line to those who hold a stakeholder's role. Refused `not_allowed` for anybody but a steward.

    It fulfils the month of the steward's own monthly clauses of this contract (trigger `every: month`) that runs now (ESC-M2).
    """
    programme = current_programme(work)
    note = prepare_public_line(work, contract_id, sending.at, sending.quarter)
    contract = programme.contracts[contract_id]
    _require_steward(programme, (contract,), sending)
    known = fetch_note(work, note.id)
    if known is not None:
        return PublishedLine(public_of(programme, known), is_new=False)
    told = stakeholders_of(programme, contract, sending.at)
    _keep(work, note, NoteKind.PUBLIC_LINE, sending, told, contract_id=contract_id)
    work.record(sending.at, sending.by, "line_published", f"contract:{contract_id}", note=note.id, people=list(told))
    owed = _owed(work, programme, (contract,), TriggerKind.PERIODIC, sending)
    said = replace(note, sentence=sending.sentence, told_by=sending.by, told_at=sending.at)
    return PublishedLine(said, True, told, tuple(_fulfil(work, programme, owed, note.id, sending)))


def stakeholders_of(programme: Programme, contract: Contract, at: datetime) -> tuple[str, ...]:
    """Ids of those who hold a role that must be told, in declared order, each once."""
    holders = (programme.organisation.holder(role, at) for role in contract.stakeholders)
    return tuple(dict.fromkeys(person for person in holders if person is not None))


def _require_steward(programme: Programme, contracts: Sequence[Contract], sending: Sending) -> None:
    if not may_tell(programme, contracts, sending.by, sending.at):
        raise Refused("not_allowed", say("Only a steward sends it: nothing was sent."))


def _keep(
    work: UnitOfWork, note: FeedbackNote | PublicNote, kind: NoteKind, sending: Sending, told: Sequence[str], *,
    person_id: str | None = None, contract_id: str | None = None,
) -> None:
    work.session.add(
        NoteRow(
            programme_id=work.programme_id, id=note.id, kind=kind, person_id=person_id, contract_id=contract_id, period=str(note.quarter),
            content=content_of(note), sentence=sending.sentence, told_by=sending.by, told_at=sending.at,
        )
    )
    for person in told:
        for channel in sending.channels:
            work.session.add(
                OutboxRow(
                    programme_id=work.programme_id, id=f"{note.id}/{kind.value}/1/{person}/{channel}", commitment_id=note.id,
                    step_id=kind.value, occurrence=1, person_id=person, channel=channel, fired_at=sending.at, next_at=sending.at,
                    status=NoticeStatus.WAITING, reasons=[],
                )
            )
    work.flush()


def _owed(
    work: UnitOfWork, programme: Programme, contracts: Iterable[Contract], trigger: TriggerKind, sending: Sending
) -> Iterator[CommitmentRow]:
    """Open commitments of clauses that the sender promised as steward, called in by `trigger`; of a month, only the one that runs."""
    clauses = [
        clause.id
        for contract in contracts if programme.organisation.holder(contract.steward, sending.at) == sending.by
        for clause in contract.clauses if clause.by == contract.steward and clause.trigger and clause.trigger.kind is trigger
    ]  # fmt: skip
    for row in fetch_commitments(work, only_open=True, clause_ids=clauses):
        if row.status is not Status.PAUSED and (trigger is not TriggerKind.PERIODIC or row.started_at <= sending.at < row.due_at):
            yield row


def _fulfil(
    work: UnitOfWork, programme: Programme, rows: Iterable[CommitmentRow], note_id: str, sending: Sending
) -> Iterator[str]:
    if sending.keep_open:
        return
    for row in list(rows):
        action = Action(id=f"{note_id}>{row.id}"[:240], kind=ActionKind.FULFIL, at=sending.at, by=sending.by, reason=note_id)
        if act_on_commitment(work, programme, row.id, action, sending.channels).refused is None:
            yield row.id
