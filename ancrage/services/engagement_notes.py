"""What an engagement gave back: the note prepared for a sponsor, and the public line prepared for the stakeholders of a contract.

Both are only prepared here; a steward sends them (`note_sending`). What was sent is kept as it was said.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from ancrage.domain.engagement import Contract
from ancrage.domain.engagement_feedback import AnswerEffects, PublicLine, count_public, summarise_feedback
from ancrage.domain.programme import Programme
from ancrage.domain.quarters import Quarter, quarter_of
from ancrage.domain.working_time import Calendar
from ancrage.errors import NotFound
from ancrage.language import Label, Message, say
from ancrage.services.commitments import title_of
from ancrage.services.engagement import fetch_promises
from ancrage.services.engagement_effects import Span, decision_of, effects_of, movement_of, pending_of
from ancrage.services.programme import current_programme
from ancrage.storage.codec import pack_message, unpack_message
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.notes import fetch_notes
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentRow
from models.engagement import NoteKind, NoteRow

NOTE = "note:"
"""Ids of notes begin with it; those of commitments never do."""
AT_ONCE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer of the quarter: what was asked, when it was answered, what was decided, what changed since (possibly nothing yet)."""

    commitment: str
    title: Label
    asked_on: date
    answered_on: date
    decision: Message | None
    effects: tuple[Message, ...]
    pending: Message | None

    @property
    def lines(self) -> tuple[Message, ...]:
        """Everything said of it, in order."""
        said = (self.decision, *self.effects, self.pending)
        return tuple(line for line in said if line is not None)


@dataclass(frozen=True, slots=True)
class FeedbackNote:
    """The note to one sponsor about one quarter. `around` is what moved in the perimeters they sponsor.

    `told_by` is a name; `told_at` None: only prepared.
    """

    id: str
    person: str
    name: str
    quarter: Quarter
    headline: Message
    answers: tuple[AnswerLine, ...]
    around: tuple[Message, ...]
    sentence: str = ""
    told_by: str = ""
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublicNote:
    """The public line of one contract about one quarter; `told_at` None: only prepared."""

    id: str
    contract: str
    contract_name: Label
    quarter: Quarter
    line: Message
    sentence: str = ""
    told_by: str = ""
    told_at: datetime | None = None


def contracts_sponsored(programme: Programme, person: str, as_of: datetime) -> tuple[Contract, ...]:
    """Contracts of which this person is sponsor or co-sponsor at `as_of`, in declared order."""
    holder = programme.organisation.holder
    return tuple(
        contract for contract in programme.contracts.values()
        if person in [holder(role, as_of) for role in (contract.sponsor, contract.co_sponsor) if role]
    )  # fmt: skip


def prepare_feedback(work: UnitOfWork, person: str, as_of: datetime, quarter: Quarter | None = None) -> FeedbackNote:
    """The note as it would leave at `as_of`, about `quarter` (default: the one that runs). Reads only.

    NotFound for somebody unknown, or who sponsors no contract.
    """
    programme = current_programme(work)
    sponsored = contracts_sponsored(programme, person, as_of)
    if person not in programme.organisation.people:
        raise NotFound(say("there is no person {person}", person=person))
    if not sponsored:
        raise NotFound(say("{person} sponsors no contract", person=programme.organisation.people[person].name))
    calendar = programme.organisation.calendars[sponsored[0].calendar]
    asked = quarter or quarter_of(calendar, as_of)
    since, until = _bounds(asked, calendar, as_of)
    feedback = summarise_feedback(person, fetch_promises(work, programme), (), since, until)
    rows = {row.id: row for row in fetch_commitments(work, ids=[answer.promise.commitment for answer in feedback.answers])}
    answers = tuple(_line(work, programme, rows[answer.promise.commitment], answer, until) for answer in feedback.answers)
    span = Span(since, until, calendar.zone)
    around = tuple(line for contract in sponsored for line in movement_of(work, programme, contract, span).lines)
    headline = _headline(asked, len(answers), sum(bool(answer.effects) for answer in answers), feedback.unanswered)
    name = programme.organisation.people[person].name
    note = FeedbackNote("", person, name, asked, headline, answers, around)
    return replace(note, id=f"{NOTE}feedback:{person}:{asked}:{_digest(content_of(note))}")


def _bounds(quarter: Quarter, calendar: Calendar, as_of: datetime) -> tuple[datetime, datetime]:
    since, until = quarter.bounds(calendar)
    return since, max(since, min(until, as_of + AT_ONCE))


def _headline(quarter: Quarter, answers: int, changed: int, unanswered: int) -> Message:
    counts = {"quarter": str(quarter), "answers": answers, "changed": changed, "unanswered": unanswered}
    if not answers:
        return say("{quarter}: no answer of yours yet; still waiting for one: {unanswered}.", **counts)
    if not changed:
        return say("{quarter}: your answers: {answers}. Too early to say what they changed.", **counts)
    return say("{quarter}: your answers: {answers}. Answers after which something changed: {changed}.", **counts)


def _line(work: UnitOfWork, programme: Programme, row: CommitmentRow, answer: AnswerEffects, until: datetime) -> AnswerLine:
    calendar = programme.organisation.calendars.get(str(row.terms["calendar"]))
    zone = calendar.zone if calendar else "UTC"
    span = Span(answer.answered_at, until, zone)
    effects = effects_of(work, programme, row, span)
    return AnswerLine(
        row.id, title_of(row), span.day(row.started_at), span.day(answer.answered_at), decision_of(work, row, until), effects,
        None if effects else pending_of(work, programme, row, span),
    )  # fmt: skip


def prepare_public_line(work: UnitOfWork, contract_id: str, as_of: datetime, quarter: Quarter | None = None) -> PublicNote:
    """The line as it would leave at `as_of`, about `quarter` (default: the one that runs). Reads only; NotFound for an unknown contract."""
    programme = current_programme(work)
    contract = programme.contracts.get(contract_id)
    if contract is None:
        known = ", ".join(programme.contracts) or "-"
        raise NotFound(say("there is no contract {contract}; declared: {known}", contract=contract_id, known=known))
    calendar = programme.organisation.calendars[contract.calendar]
    asked = quarter or quarter_of(calendar, as_of)
    since, until = _bounds(asked, calendar, as_of)
    clauses = {clause.id for clause in contract.clauses}
    due, answered = count_public([promise for promise in fetch_promises(work, programme) if promise.clause in clauses], since, until)
    moved = movement_of(work, programme, contract, Span(since, until, calendar.zone))
    line = PublicLine(due, answered, moved.alerts_ended, moved.actions_done, moved.levels_up).message(asked.first_day)
    return PublicNote(f"{NOTE}public:{contract_id}:{asked}:{_digest(pack_message(line))}", contract_id, contract.name, asked, line)


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


def pack_answer(line: AnswerLine) -> dict[str, Any]:
    """One answer as it is stored."""
    return {
        "commitment": line.commitment, "title": [line.title.fr, line.title.en], "asked_on": line.asked_on.isoformat(),
        "answered_on": line.answered_on.isoformat(), "decision": pack_message(line.decision) if line.decision else None,
        "effects": [pack_message(effect) for effect in line.effects], "pending": pack_message(line.pending) if line.pending else None,
    }  # fmt: skip


def _unpack_answer(data: Mapping[str, Any]) -> AnswerLine:
    return AnswerLine(
        data["commitment"], Label(*data["title"]), date.fromisoformat(data["asked_on"]), date.fromisoformat(data["answered_on"]),
        unpack_message(data["decision"]) if data["decision"] else None, tuple(unpack_message(effect) for effect in data["effects"]),
        unpack_message(data["pending"]) if data["pending"] else None,
    )  # fmt: skip


def sent_feedback(work: UnitOfWork, person: str | None = None) -> tuple[FeedbackNote, ...]:
    """Notes that were sent, newest first; to one person where named."""
    programme = current_programme(work)
    return tuple(feedback_of(programme, row) for row in reversed(fetch_notes(work, NoteKind.FEEDBACK, person_id=person)))


def feedback_of(programme: Programme, row: NoteRow) -> FeedbackNote:
    """A note as it was said."""
    return FeedbackNote(
        row.id, row.person_id or "", _name(programme, row.person_id), _quarter(row),
        unpack_message(row.content["headline"]), tuple(_unpack_answer(answer) for answer in row.content["answers"]),
        tuple(unpack_message(line) for line in row.content["around"]), row.sentence, _name(programme, row.told_by), row.told_at,
    )  # fmt: skip


def _name(programme: Programme, person_id: str | None) -> str:
    known = programme.organisation.people.get(person_id or "")
    return known.name if known else person_id or ""


def published_lines(work: UnitOfWork, contract: str | None = None) -> tuple[PublicNote, ...]:
    """The newest public line of each contract that was published, in declared order; of one contract where named."""
    programme = current_programme(work)
    newest = {row.contract_id or "": row for row in fetch_notes(work, NoteKind.PUBLIC_LINE, contract_id=contract)}
    return tuple(public_of(programme, newest[name]) for name in programme.contracts if name in newest)


def public_of(programme: Programme, row: NoteRow) -> PublicNote:
    """A public line as it was said."""
    contract = programme.contracts.get(row.contract_id or "")
    name = contract.name if contract else Label.same(row.contract_id or "")
    return PublicNote(
        row.id, row.contract_id or "", name, _quarter(row), unpack_message(row.content["line"]), row.sentence,
        _name(programme, row.told_by), row.told_at,
    )  # fmt: skip


def _quarter(row: NoteRow) -> Quarter:
    year, _, number = row.period.partition("-Q")
    return Quarter(int(year), int(number))


def content_of(note: FeedbackNote | PublicNote) -> dict[str, Any]:
    """What is stored of a note."""
    if isinstance(note, PublicNote):
        return {"line": pack_message(note.line)}
    answers: Sequence[dict[str, Any]] = [pack_answer(line) for line in note.answers]
    return {"headline": pack_message(note.headline), "answers": answers, "around": [pack_message(line) for line in note.around]}
