"""Queries of a pass that finds nothing to do: one question and one mark, whatever the number of rows (each condition has its index).

The statements are made once: composing them anew would cost such a pass more than the database does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam
from sqlmodel import col, func, or_, select, update

from ancrage.domain.escalation.facts import NoticeStatus
from ancrage.storage.notices import UNSETTLED
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentRow
from models.engine import EngineRow, JournalRow
from models.notices import MessageRow, OutboxRow

_PROGRAMME: BindParameter[str] = bindparam("programme")
_STAGE: BindParameter[str] = bindparam("of_stage")
_AS_OF: BindParameter[datetime] = bindparam("as_of")


@dataclass(frozen=True, slots=True)
class Agenda:
    """What a pass over commitments finds before it begins: what the last one left, and whether a ladder is due.

    `newest_line` is the last line of the journal: everything that people or other stages change is recorded there.
    """

    passed_at: datetime | None = None
    seen_line: int | None = None
    look_again_at: datetime | None = None
    newest_line: int = 0
    is_due: bool = True

    def is_quiet(self, as_of: datetime) -> bool:
        """Nothing is due, nothing has been recorded since the last pass looked, and time alone has changed nothing."""
        if self.is_due or self.seen_line is None or self.seen_line != self.newest_line:
            return False
        return self.look_again_at is None or as_of < self.look_again_at


_NEWEST_LINE = select(func.max(JournalRow.number)).where(col(JournalRow.programme_id) == _PROGRAMME).scalar_subquery()
_COMMITMENT_DUE = (
    select(CommitmentRow.id)
    .where(
        col(CommitmentRow.programme_id) == _PROGRAMME,
        col(CommitmentRow.wake_at) <= _AS_OF,
        or_(col(CommitmentRow.passed_at).is_(None), col(CommitmentRow.passed_at) < _AS_OF),
    )
    .exists()
)
_COMMITMENTS = select(  # type: ignore[call-overload]
    _NEWEST_LINE, _COMMITMENT_DUE, EngineRow.passed_at, EngineRow.seen_line, EngineRow.look_again_at
).where(col(EngineRow.programme_id) == _PROGRAMME, col(EngineRow.stage) == _STAGE)
_NOTICE_DUE = (
    select(OutboxRow.id)
    .where(
        col(OutboxRow.programme_id) == _PROGRAMME,
        col(OutboxRow.status) == NoticeStatus.WAITING,
        col(OutboxRow.message_id).is_(None),
        col(OutboxRow.next_at) <= _AS_OF,
    )
    .exists()
)
_MESSAGE_OPEN = (
    select(MessageRow.id)
    .where(col(MessageRow.programme_id) == _PROGRAMME, col(MessageRow.status).in_(UNSETTLED), col(MessageRow.try_at) <= _AS_OF)
    .exists()
)
_DELIVERY = select(_NOTICE_DUE, _MESSAGE_OPEN)
_MARK = (
    update(EngineRow)
    .where(col(EngineRow.programme_id) == _PROGRAMME, col(EngineRow.stage) == _STAGE, col(EngineRow.passed_at) < _AS_OF)
    .values(passed_at=_AS_OF)
)


def fetch_agenda(work: UnitOfWork, stage: str, as_of: datetime) -> Agenda:
    """What the pass over commitments at `as_of` finds; before the first one, everything is due."""
    asked = {"programme": work.programme_id, "of_stage": stage, "as_of": as_of}
    found = work.session.connection().execute(_COMMITMENTS, asked).first()
    if found is None:
        return Agenda(newest_line=work.session.connection().execute(select(_NEWEST_LINE), asked).scalar() or 0)
    line, due, passed_at, seen, again = found
    return Agenda(passed_at, seen, again, line or 0, bool(due))


def anything_to_deliver(work: UnitOfWork, as_of: datetime) -> tuple[bool, bool]:
    """Whether a notice may leave at `as_of`, and whether a message may be handed over, claimed or not."""
    notice, message = work.session.connection().execute(_DELIVERY, {"programme": work.programme_id, "as_of": as_of}).one()
    return bool(notice), bool(message)


def mark_pass(work: UnitOfWork, stage: str, as_of: datetime) -> bool:
    """Record a pass that changed nothing else; the heartbeat never goes back. False: this stage has no row yet, or a later one."""
    asked = {"programme": work.programme_id, "of_stage": stage, "as_of": as_of}
    return work.session.connection().execute(_MARK, asked).rowcount == 1
