"""From outbox rows to what a message says: who promised what, by when, why now, and what has happened since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ancrage.domain.escalation.facts import ActionKind, LadderState, NoticeStatus, Terms
from ancrage.domain.escalation.firing import UNDELIVERED_STEP, WAIVER_ASKED_STEP, WAIVER_REFUSED_STEP
from ancrage.domain.programme import Programme
from ancrage.language import N_, Label, Message, say
from ancrage.notices.notice import Addressee, Gap, HistoryLine, NoticeItem, NoticeKind, notice_kind
from ancrage.services.commitments import ladder_of, terms_of, title_of
from ancrage.services.contract_notices import is_signing, remark_behind, what_to_sign, why_to_sign
from ancrage.services.note_items import is_note, note_item
from ancrage.services.status import answering_person, step_of
from ancrage.services.waivers import fetch_waiver_requests, may_waive
from ancrage.services.workplace import Workplace
from ancrage.storage.codec import unpack_message
from ancrage.storage.commitments import fetch_actions_taken, fetch_commitment
from ancrage.storage.engine import fetch_gaps
from ancrage.storage.indicators import fetch_alert
from ancrage.storage.notices import fetch_notices
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind, CommitmentRow
from models.notices import OutboxRow

DEEDS = {
    ActionKind.ACK: N_("acknowledged by {person}"),
    ActionKind.SNOOZE: N_("put off by {person}"),
    ActionKind.DELEGATE: N_("delegated by {person}"),
    ActionKind.PAUSE: N_("clock stopped by {person}"),
    ActionKind.RESUME: N_("clock started again by {person}"),
    ActionKind.ESCALATE: N_("escalated by {person}"),
    ActionKind.FULFIL: N_("done by {person}"),
    ActionKind.WAIVE: N_("waived by {person}"),
    ActionKind.CANCEL: N_("cancelled by {person}"),
}
"""What people did, as history tells it."""
UNDELIVERED = UNDELIVERED_STEP
"""Step id of the alarm that tells the steward about a notice that could not be delivered (ESC-G2)."""


def addressee_of(programme: Programme, person_id: str) -> Addressee:
    """The reader, in their language and zone."""
    person = programme.organisation.people[person_id]
    zone = programme.organisation.calendar_of(person_id).zone
    return Addressee(person.id, person.name, person.email, person.language, zone)


def items_of(
    work: UnitOfWork, programme: Programme, rows: Sequence[OutboxRow], place: Workplace, sent_at: datetime
) -> tuple[NoticeItem, ...]:
    """One item per notice, in the order of `rows`."""
    gaps = [Gap(row.since, row.until) for row in fetch_gaps(work)]
    return tuple(
        note_item(work, programme, row, place) if is_note(row) else _item(work, programme, row, gaps, place, sent_at) for row in rows
    )


def _item(
    work: UnitOfWork, programme: Programme, notice: OutboxRow, gaps: Sequence[Gap], place: Workplace, sent_at: datetime
) -> NoticeItem:
    row = fetch_commitment(work, notice.commitment_id)
    if row is None:
        raise LookupError(f"notice {notice.id} is about a commitment that does not exist")
    terms, state = terms_of(row), ladder_of(row)
    person = answering_person(programme, terms, state, notice.fired_at)
    contract = programme.contracts.get(row.contract_id or "")
    mine = person is not None and person in (notice.person_id, notice.in_place_of)
    remark = remark_behind(work, row, notice)
    asker, reason = (_person_name(programme, remark.person_id), remark.text) if remark else _about_waiver(work, programme, notice)
    return NoticeItem(
        commitment_id=row.id,
        title=_short_title(programme, row),
        kind=_kind(terms, state, notice),
        step_id=notice.step_id,
        occurrence=notice.occurrence,
        promised=title_of(row),
        due=row.due_at,
        overdue=state.is_overdue(sent_at),
        link=place.link(notice.person_id, row.id, notice.fired_at),
        responsible=_person_name(programme, person),
        mine=mine and remark is None,
        why=why_opened(work, row),
        asked=what_to_sign() if mine and remark is None and is_signing(row) else _asked(work, programme, notice, row),
        asked_by=asker,
        reason=reason,
        in_place_of=_person_name(programme, notice.in_place_of) or None,
        contract=contract.name if contract else None,
        urgent=notice.urgent,
        history=history_of(work, programme, row, before=notice.fired_at),
        gaps=tuple(gap for gap in gaps if gap.until > row.started_at and (row.closed_at is None or gap.since < row.closed_at)),
    )


def _short_title(programme: Programme, row: CommitmentRow) -> Label:
    """What the commitment is about, short enough for a subject line."""
    indicator = programme.indicators.get(str(row.subject.get("indicator", "")))
    if row.kind is CommitmentKind.CLAUSE and indicator is not None:
        return say("Alert on “{indicator}”: your answer", indicator=indicator.name).label()
    return title_of(row)


def _kind(terms: Terms, state: LadderState, notice: OutboxRow) -> NoticeKind:
    step = step_of(terms, notice.step_id)
    lapsed = step is not None and notice.occurrence > 1 and state.lapsed_at is not None and state.lapsed_at <= notice.fired_at
    return NoticeKind.FALLBACK if notice.step_id == UNDELIVERED else notice_kind(notice.step_id, step, notice.occurrence, lapsed=lapsed)


def _about_waiver(work: UnitOfWork, programme: Programme, notice: OutboxRow) -> tuple[str, str]:
    """Who asks for a waiver, or refuses it, and why; two empty texts for every other notice."""
    if notice.step_id not in (WAIVER_ASKED_STEP, WAIVER_REFUSED_STEP):
        return "", ""
    request = fetch_waiver_requests(work, notice.commitment_id)[notice.occurrence - 1]
    said = request.refused if notice.step_id == WAIVER_REFUSED_STEP and request.refused is not None else request
    return _person_name(programme, said.by) or said.by, said.reason


def _asked(work: UnitOfWork, programme: Programme, notice: OutboxRow, row: CommitmentRow) -> Message | None:
    if notice.step_id == WAIVER_ASKED_STEP and notice.in_place_of is not None:
        absent = _person_name(programme, notice.in_place_of)
        return say("{absent} may waive it, and is away. Please see to it that it is decided.", absent=absent)
    if notice.step_id == WAIVER_ASKED_STEP and not may_waive(programme, row, notice.person_id, notice.fired_at):
        return say("Nobody who may waive it can be told. Please find who can decide.")
    if notice.step_id != UNDELIVERED:
        return None
    failed = [row for row in fetch_notices(work, commitment_id=notice.commitment_id, status=NoticeStatus.FAILED) if row.id != notice.id]
    names = ", ".join(dict.fromkeys(_person_name(programme, row.person_id) for row in failed))
    return say("A message to {people} could not be delivered. Please reach them another way.", people=names)


def why_opened(work: UnitOfWork, row: CommitmentRow) -> Message | None:
    """What opened the commitment: the alert's own words, or the campaign, or the month."""
    alert = fetch_alert(work, str(row.subject["alert"])) if "alert" in row.subject else None
    if alert is not None:
        return unpack_message(alert.detail["message"])
    if row.kind is CommitmentKind.REQUEST:
        return say("{count} questions about the processes you answer for", count=row.subject.get("cells", 0))
    if "trend" in row.subject:
        return unpack_message(row.subject["trend"])
    if is_signing(row):
        return why_to_sign(work, row)
    if "period" in row.subject:
        return say("promised every month: this is the month {period}", period=row.subject["period"])
    return None


def history_of(work: UnitOfWork, programme: Programme, row: CommitmentRow, before: datetime) -> tuple[HistoryLine, ...]:
    """What has happened to a commitment until just before an instant, oldest first: opened, told, acknowledged, paused."""
    state = ladder_of(row)
    lines = [HistoryLine(row.started_at, say("opened"))]
    lines += [
        HistoryLine(firing.at, say("{people} told", people=", ".join(_person_name(programme, person) for person in firing.to)))
        for firing in state.fired
        if firing.to
    ]
    for action in fetch_actions_taken(work, row.id):
        if action.refused is None and action.kind in DEEDS:
            lines.append(HistoryLine(action.at, say(DEEDS[action.kind], person=_person_name(programme, action.by) or action.by)))
    lines.sort(key=lambda line: line.at)
    return tuple(line for line in lines if line.at < before)


def _person_name(programme: Programme, person_id: str | None) -> str:
    person = programme.organisation.people.get(person_id or "")
    return person.name if person else ""
