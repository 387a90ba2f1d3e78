"""What the real engine has left in the database and handed to its channel, as the outcome of a scenario (ESC-F)."""

from __future__ import annotations

from collections import Counter

from ancrage.domain.escalation.facts import ActionKind, NoticeStatus
from ancrage.domain.escalation.scenario import EventKind, Outcome, Rejection, Running, SentMessage
from ancrage.services.commitments import ENGINE, ladder_of, terms_of
from ancrage.services.delivery import notice_of
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.engine import fetch_journal
from ancrage.storage.notices import fetch_messages, fetch_notices
from ancrage.storage.unit_of_work import UnitOfWork
from models.notices import MessageStatus
from tests.support.engine_bench import EngineBench
from tests.support.engine_measures import OWNER, reports_of

REFUSED = "action_refused_"


def outcome_of(bench: EngineBench) -> Outcome:
    """Messages that left, commitments as they stand, and every refusal, read from the rows alone."""
    with bench.place.reading() as work:
        rejected = _rejections(work)
        for name, early in bench.unopened.items():
            rejected[name] = [*early, *rejected.get(name, [])]
        running = {
            row.id: Running(terms_of(row), ladder_of(row), row.clause_id or "", tuple(rejected.get(row.id, ())))
            for row in fetch_commitments(work)
        }
        return Outcome(_messages(work), running, reports_of(work, bench.scenario), (), bench.scenario.until)


def _messages(work: UnitOfWork) -> tuple[SentMessage, ...]:
    carried: dict[str | None, list[object]] = {}
    for row in fetch_notices(work, status=NoticeStatus.SENT):
        carried.setdefault(row.message_id, []).append(notice_of(row))
    return tuple(
        SentMessage(message.send_at, message.person_id, message.urgent, tuple(carried[message.id]))  # type: ignore[arg-type]
        for message in fetch_messages(work)
        if message.status is MessageStatus.SENT and message.person_id != OWNER
    )


def _rejections(work: UnitOfWork) -> dict[str, list[Rejection]]:
    """Refusals by commitment, in the order of the journal."""
    found: dict[str, list[Rejection]] = {}
    for line in fetch_journal(work):
        if line.what.startswith(REFUSED):
            kind = EventKind(ActionKind(line.what.removeprefix(REFUSED)).value)
            by = "" if line.actor == ENGINE else line.actor
            found.setdefault(line.subject.removeprefix("commitment:"), []).append(Rejection(line.at, kind, line.detail["refused"], by))
    return found


def delivery_faults(bench: EngineBench) -> list[str]:
    """Messages recorded as sent but never handed over, and those handed over twice (ESC-G2, G4)."""
    with bench.place.reading() as work:
        sent = {message.header_id for message in fetch_messages(work) if message.status is MessageStatus.SENT}
    handed = Counter(envelope.message_id for envelope in bench.place.channel.handed)
    twice = [f"handed over {count} times: {name}" for name, count in handed.items() if count > 1]
    lost, unknown = sent - handed.keys(), handed.keys() - sent
    return [*twice, *(f"never handed over: {name}" for name in lost), *(f"not recorded: {name}" for name in unknown)]
