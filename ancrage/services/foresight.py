"""What a pass would do, without doing it: the same decisions on the same facts, written nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from ancrage.domain.anchoring.decisions import judge
from ancrage.domain.anchoring.signals import find_alerts
from ancrage.domain.escalation.facts import NoticeStatus
from ancrage.domain.escalation.ladder import advance_ladder
from ancrage.domain.escalation.playing import foresee
from ancrage.domain.escalation.scenario import Running
from ancrage.domain.escalation.sending import LeftMessage
from ancrage.domain.escalation.world import notice_key
from ancrage.domain.indicators import Phase
from ancrage.language import Label, Message, say
from ancrage.services.anchoring_facts import circumstances, living
from ancrage.services.anchoring_watch import clauses_for, local_day
from ancrage.services.commitments import ladder_of, terms_of, title_of
from ancrage.services.delivery import notice_of
from ancrage.services.determinations import due_campaigns
from ancrage.services.programme import current_programme
from ancrage.services.readings import points_of
from ancrage.storage.commitments import claim_due_commitments, fetch_commitments
from ancrage.storage.indicators import fetch_alert
from ancrage.storage.notices import fetch_messages, fetch_notices
from ancrage.storage.unit_of_work import UnitOfWork

DAILY_LIMIT_LOOKS_BACK = timedelta(days=2)
"""Longer than any local date: messages of today count towards the limit of the day (ESC-S4)."""


@dataclass(frozen=True, slots=True)
class ForeseenLine:
    """One thing a pass would do, by which rule."""

    subject: str
    rule: str
    what: Message


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a pass at `as_of` would do; `zone` is the programme's."""

    as_of: datetime
    zone: str
    lines: tuple[ForeseenLine, ...]


def foresee_pass(work: UnitOfWork, as_of: datetime) -> Foreseen:
    """What `advance` would do at `as_of`, decided by the functions it calls. Reads only; what follows from it is not foreseen."""
    programme = current_programme(work)
    lines = [ForeseenLine(f"campaign:{campaign}", "ASM-K2", say("would close")) for campaign in due_campaigns(work, as_of)]
    lines += _alerts(work, as_of)
    for row in claim_due_commitments(work, as_of):
        decision = advance_ladder(terms_of(row), ladder_of(row), programme.organisation, as_of)
        lines += [ForeseenLine(f"commitment:{row.id}", reason.rule, reason.message) for reason in decision.reasons]
    return Foreseen(as_of, programme.organisation.calendars[programme.defaults.calendar].zone, tuple(lines))


def _alerts(work: UnitOfWork, as_of: datetime) -> list[ForeseenLine]:
    programme = current_programme(work)
    today = local_day(programme, as_of)
    known = circumstances(work, programme, today)
    lines = []
    for declared in programme.indicators.values():
        indicator = living(declared, known, today)
        if indicator.phase is Phase.RETIRE:
            continue
        points = points_of(work, indicator.id)
        for cause in find_alerts(indicator, points, today, judge(indicator, points, known[indicator.id], today)):
            if fetch_alert(work, f"{indicator.id}/{cause.key}") is None:
                clauses = ", ".join(clause.id for _, clause in clauses_for(programme, indicator)) or "-"
                what = say("{message} (clauses: {clauses})", message=cause.message, clauses=clauses)
                lines.append(ForeseenLine(f"alert:{indicator.id}/{cause.key}", "ANC-ALERT", what))
    return lines


@dataclass(frozen=True, slots=True)
class ForeseenMessage:
    """A message that will leave if nobody moves: when, to whom, about what. `items` are (commitment id, title, step, occurrence)."""

    at: datetime
    person_id: str
    person: str
    urgent: bool
    items: tuple[tuple[str, Label, str, int], ...]


def foresee_messages(work: UnitOfWork, as_of: datetime, until: datetime) -> tuple[ForeseenMessage, ...]:
    """What will be sent up to `until` if nobody moves, by instant and person: ladders walked and messages planned by the engine's own
    functions, from the facts as they stand at `as_of`. Reads only; what new readings or campaigns would open is not foreseen.
    """
    programme = current_programme(work)
    organisation = programme.organisation
    rows = {row.id: row for row in fetch_commitments(work, only_open=True)}
    running = [Running(terms_of(row), ladder_of(row)) for row in rows.values()]
    waiting = {
        notice_key(notice): notice
        for notice in map(notice_of, fetch_notices(work, status=NoticeStatus.WAITING))
        if notice.commitment in rows
    }
    left = [
        LeftMessage(message.person_id, message.send_at, message.urgent)
        for message in fetch_messages(work)
        if message.sent_at is not None and message.send_at > as_of - DAILY_LIMIT_LOOKS_BACK
    ]
    outcome = foresee(organisation, running, list(waiting.values()), left, as_of, until)
    return tuple(
        ForeseenMessage(
            message.at, message.to, organisation.people[message.to].name, message.urgent,
            tuple((notice.commitment, title_of(rows[notice.commitment]), notice.step, notice.occurrence) for notice in message.items),
        )
        for message in outcome.messages
    )
