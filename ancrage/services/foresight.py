"""What a pass would do, without doing it: the same decisions on the same facts, written nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.anchoring.signals import find_alerts
from ancrage.domain.escalation.ladder import advance_ladder
from ancrage.domain.indicators import Phase
from ancrage.language import Message, say
from ancrage.services.anchoring_watch import clauses_for, event_days, local_day, verdict_on
from ancrage.services.commitments import ladder_of, terms_of
from ancrage.services.determinations import due_campaigns
from ancrage.services.programme import current_programme
from ancrage.services.readings import points_of
from ancrage.storage.commitments import claim_due_commitments
from ancrage.storage.indicators import fetch_alert
from ancrage.storage.unit_of_work import UnitOfWork


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
    events = event_days(work, programme, today)
    lines = []
    for indicator in programme.indicators.values():
        if indicator.phase is Phase.RETIRE:
            continue
        points = points_of(work, indicator.id)
        for cause in find_alerts(indicator, points, today, verdict_on(indicator, points, events.get(indicator.id), today)):
            if fetch_alert(work, f"{indicator.id}/{cause.key}") is None:
                clauses = ", ".join(clause.id for _, clause in clauses_for(programme, indicator)) or "-"
                what = say("{message} (clauses: {clauses})", message=cause.message, clauses=clauses)
                lines.append(ForeseenLine(f"alert:{indicator.id}/{cause.key}", "ANC-ALERT", what))
    return lines
