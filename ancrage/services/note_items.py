"""From a note to what its message says: to a sponsor what their answers changed, to stakeholders one line."""

from __future__ import annotations

from ancrage.domain.programme import Programme
from ancrage.language import Label, Message, say
from ancrage.notices.notice import NoteWords, NoticeItem, NoticeKind
from ancrage.services.engagement_notes import NOTE, FeedbackNote, PublicNote, feedback_of, public_of
from ancrage.services.workplace import Workplace
from ancrage.storage.notes import fetch_note
from ancrage.storage.unit_of_work import UnitOfWork
from models.engagement import NoteKind
from models.notices import OutboxRow

KINDS = {NoteKind.FEEDBACK: NoticeKind.FEEDBACK, NoteKind.PUBLIC_LINE: NoticeKind.PUBLIC_LINE}


def is_note(notice: OutboxRow) -> bool:
    """Whether a row of the outbox carries a note rather than a notice about a commitment."""
    return notice.commitment_id.startswith(NOTE)


def note_title(work: UnitOfWork, programme: Programme, note_id: str) -> Label:
    """What a note is about, in a few words; its id where it is not known."""
    row = fetch_note(work, note_id)
    if row is None:
        return Label.same(note_id)
    return _feedback_title(feedback_of(programme, row)) if row.kind is NoteKind.FEEDBACK else public_of(programme, row).contract_name


def note_item(work: UnitOfWork, programme: Programme, notice: OutboxRow, place: Workplace) -> NoticeItem:
    """The item of a note in a message. Nothing is asked of its reader, and it has no deadline."""
    row = fetch_note(work, notice.commitment_id)
    if row is None:
        raise LookupError(f"notice {notice.id} carries a note that does not exist")
    note = feedback_of(programme, row) if row.kind is NoteKind.FEEDBACK else public_of(programme, row)
    words = _words(note)
    is_alarm = notice.step_id not in KINDS
    return NoticeItem(
        commitment_id=row.id, title=note_title(work, programme, row.id), kind=KINDS[row.kind], step_id=notice.step_id,
        occurrence=notice.occurrence, promised=Label(), due=row.told_at, overdue=False, mine=False, urgent=notice.urgent,
        link=place.person_link(notice.person_id, notice.fired_at),
        asked=say("This note could not be delivered to those it was for. Please reach them another way.") if is_alarm else None,
        note=words,
    )  # fmt: skip


def _words(note: FeedbackNote | PublicNote) -> NoteWords:
    if isinstance(note, PublicNote):
        return NoteWords(note.line, (), note.sentence, note.told_by)
    told: list[tuple[Message | Label, tuple[Message, ...]]] = [
        (say("answered on {day}: {title}", title=answer.title, day=answer.answered_on), answer.lines) for answer in note.answers
    ]
    if note.around:
        told.append((say("What else moved in your perimeter"), note.around))
    return NoteWords(note.headline, tuple(told), note.sentence, note.told_by)


def _feedback_title(note: FeedbackNote) -> Label:
    return say("{quarter}: your answers", quarter=str(note.quarter)).label()
