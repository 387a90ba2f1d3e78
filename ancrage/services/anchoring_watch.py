"""The anchoring watch: verdicts, alerts, and the commitments that alerts open. Closing the loop from signal to promise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ancrage.domain.anchoring.decisions import judge
from ancrage.domain.anchoring.series import Point
from ancrage.domain.anchoring.signals import AlertCause, AlertKind, find_alerts
from ancrage.domain.anchoring.verdict import State, Verdict
from ancrage.domain.engagement import Clause, Contract
from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.indicators import Indicator, Phase
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import WorkingDays
from ancrage.language import Message, say
from ancrage.services.anchoring_facts import circumstances, living
from ancrage.services.commitments import ENGINE, NewCommitment, act_on_commitment, open_commitment
from ancrage.services.contract_versions import policy_of, promises_in_force
from ancrage.services.readings import points_of_each
from ancrage.storage.campaigns import fetch_action
from ancrage.storage.codec import pack_message, pack_reasons
from ancrage.storage.commitments import fetch_commitment_by_event
from ancrage.storage.indicators import fetch_alert, fetch_alerts, fetch_newest_verdicts
from ancrage.storage.unit_of_work import UnitOfWork
from models.actions import ActionRow, ActionStatus
from models.commitments import CommitmentKind
from models.indicators import AlertRow, AlertStatus, VerdictRow

ANCHORING_SEGMENT = "anchoring"
READING_BUDGET = WorkingDays(3)
"""How long the owner of a late reading has: three working days."""
TOGETHER = 200
"""Indicators read at once: few questions, and never the history of all of them in memory."""


@dataclass(frozen=True, slots=True)
class WatchReport:
    """What one watch found: indicators looked at, alerts raised and closed, commitments opened, verdicts that changed."""

    indicators: int = 0
    alerts_raised: int = 0
    alerts_closed: int = 0
    commitments_opened: int = 0
    verdicts_changed: int = 0


def watch_indicators(work: UnitOfWork, programme: Programme, as_of: datetime, channels: tuple[str, ...]) -> WatchReport:
    """One pass over every indicator that is not retired. Running it again for the same readings adds nothing."""
    today = local_day(programme, as_of)
    known = circumstances(work, programme, today)
    promised = promises_in_force(work, programme)
    raised = closed = opened = changed = 0
    lives = [living(indicator, known, today) for indicator in programme.indicators.values()]
    watched = [indicator for indicator in lives if indicator.phase is not Phase.RETIRE]
    for indicator, points, before, alerts in _read_together(work, watched):
        verdict = judge(indicator, points, known[indicator.id], today)
        changed += _record_verdict(work, indicator, verdict, before, as_of)
        causes = find_alerts(indicator, points, today, verdict)
        closed += _close_ended(work, programme, indicator, causes, alerts, as_of, channels)
        for cause in causes:
            alert = _raise_alert(work, indicator, cause, points, as_of)
            if alert is not None:
                raised += 1
                opened += _open_commitments(work, programme, indicator, alert, cause, promised, as_of)
    return WatchReport(len(watched), raised, closed, opened, changed)


def _read_together(
    work: UnitOfWork, watched: Sequence[Indicator]
) -> Iterator[tuple[Indicator, tuple[Point, ...], VerdictRow | None, list[AlertRow]]]:
    """Each indicator with its points, its last verdict and its open alerts; three questions for `TOGETHER` indicators."""
    open_alerts: dict[str, list[AlertRow]] = {}
    for alert in fetch_alerts(work, only_open=True):
        open_alerts.setdefault(alert.indicator_id, []).append(alert)
    for first in range(0, len(watched), TOGETHER):
        some = [indicator.id for indicator in watched[first : first + TOGETHER]]
        points, verdicts = points_of_each(work, some), fetch_newest_verdicts(work, some)
        for indicator in watched[first : first + TOGETHER]:
            yield indicator, points[indicator.id], verdicts.get(indicator.id), open_alerts.get(indicator.id, [])


def local_day(programme: Programme, as_of: datetime) -> date:
    """The date at `as_of` in the zone of the programme's own calendar."""
    return as_of.astimezone(ZoneInfo(programme.organisation.calendars[programme.defaults.calendar].zone)).date()


def _record_verdict(work: UnitOfWork, indicator: Indicator, verdict: Verdict, before: VerdictRow | None, as_of: datetime) -> bool:
    """Store a verdict that differs from `before`, the last one recorded; returns whether it did."""
    told = (verdict.state.value, verdict.target_met, verdict.detail.value if verdict.detail else None)
    if before is not None and (before.state, before.target_met, before.result.get("detail")) == told:
        return False
    work.session.add(
        VerdictRow(
            programme_id=work.programme_id, indicator_id=indicator.id, as_of=as_of, state=verdict.state.value,
            target_met=verdict.target_met, result=packed_verdict(verdict),
        )
    )
    work.record(
        as_of, ENGINE, "verdict_changed", f"indicator:{indicator.id}", before=before.state if before else None,
        state=verdict.state.value, reasons=pack_reasons(verdict.reasons),
    )
    work.flush()
    return True


def packed_verdict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as it is stored: state, numbers, caveats, reasons, what would change it."""
    return {
        "detail": verdict.detail.value if verdict.detail else None,
        "numbers": dict(verdict.numbers),
        "caveats": [caveat.value for caveat in verdict.caveats],
        "reasons": pack_reasons(verdict.reasons),
        "next_change": pack_message(verdict.next_change),
        "headline": pack_message(verdict.headline),
    }


def _alert_id(indicator: Indicator, cause: AlertCause) -> str:
    return f"{indicator.id}/{cause.key}"


def _raise_alert(
    work: UnitOfWork, indicator: Indicator, cause: AlertCause, points: tuple[Point, ...], as_of: datetime
) -> AlertRow | None:
    """A new alert for a cause not seen before; None when it is known, open or closed."""
    alert_id = _alert_id(indicator, cause)
    if fetch_alert(work, alert_id) is not None:
        return None
    day = max((point.day for point in points if point.reading is not None), default=None)
    alert = AlertRow(
        programme_id=work.programme_id, id=alert_id, indicator_id=indicator.id, cause=cause.key, status=AlertStatus.OPEN,
        raised_at=as_of, reading_day=None if cause.kind is AlertKind.MISSING else day,
        detail={"kind": cause.kind.value, "value": cause.value, "since": cause.since.isoformat(), "message": pack_message(cause.message)},
    )
    work.session.add(alert)
    work.flush()
    work.record(
        as_of, ENGINE, "alert_raised", f"alert:{alert_id}", indicator=indicator.id, kind=cause.kind.value, value=cause.value,
        reading=day.isoformat() if day else None, reasons=[{"rule": "ANC-ALERT", **pack_message(cause.message)}],
    )
    return alert


def _close_ended(
    work: UnitOfWork, programme: Programme, indicator: Indicator, causes: tuple[AlertCause, ...], alerts: Sequence[AlertRow],
    as_of: datetime, channels: tuple[str, ...],
) -> int:
    """Close the alerts whose cause is over. A late reading that has come fulfils its commitment; a promise to react stays."""
    standing = {_alert_id(indicator, cause) for cause in causes}
    ended = [alert for alert in alerts if alert.id not in standing]
    for alert in ended:
        alert.status, alert.closed_at, alert.closed_why = AlertStatus.CLOSED, as_of, "cause_over"
        work.session.add(alert)
        work.record(as_of, ENGINE, "alert_closed", f"alert:{alert.id}", why="cause_over")
        late = fetch_commitment_by_event(work, _late_event(alert.id))
        if late is not None and late.result is None:
            action = Action(id=f"came:{alert.id}", kind=ActionKind.FULFIL, at=as_of, by=ENGINE, reason="reading_recorded")
            act_on_commitment(work, programme, late.id, action, channels)
    return len(ended)


def _late_event(alert_id: str) -> str:
    return f"late:{alert_id}"


def _open_commitments(
    work: UnitOfWork, programme: Programme, indicator: Indicator, alert: AlertRow, cause: AlertCause, promised: Programme,
    as_of: datetime,
) -> int:
    """What the alert asks of people: a late reading of its owner, anything else of whoever promised to react to it."""
    if cause.kind is AlertKind.MISSING:
        return _ask_for_reading(work, programme, indicator, alert, as_of)
    if cause.kind is AlertKind.EROSION:
        _propose_action(work, indicator, cause, as_of)
    opened = 0
    called = promised_for(programme, promised, indicator)
    for contract, clause in called:
        subject = {"alert": alert.id, "indicator": indicator.id}
        opened += open_clause(work, promised, contract, clause, f"alert:{alert.id}", subject, as_of)
    signed = {clause.id for _, clause in called}
    for contract, clause in clauses_for(programme, indicator):
        if clause.id not in signed:
            work.record(as_of, ENGINE, "promise_not_signed", f"alert:{alert.id}", contract=contract.id, clause=clause.id)
    return opened


def promised_for(programme: Programme, promised: Programme, indicator: Indicator) -> tuple[tuple[Contract, Clause], ...]:
    """Of what an alert of this indicator calls in, the clauses that every party has signed, in the text they signed."""
    named = promised.clauses_for_alert(indicator.id)
    if named or programme.clauses_for_alert(indicator.id):
        return named
    return tuple(pair for pair in promised.clauses() if pair[1].id == indicator.decision)


def clauses_for(programme: Programme, indicator: Indicator) -> tuple[tuple[Contract, Clause], ...]:
    """The clauses an alert of this indicator opens: those whose trigger names it, else the clause that decides from it."""
    named = programme.clauses_for_alert(indicator.id)
    if named or indicator.decision is None:
        return named
    return (programme.clause(indicator.decision),)


def open_clause(
    work: UnitOfWork, programme: Programme, contract: Contract, clause: Clause, event: str, subject: dict[str, Any], as_of: datetime,
    occurrence: str | None = None,
) -> bool:
    """Open one occurrence of a clause for an event; False when it is open already, or when the clause has no delay or ladder."""
    if clause.budget is None or clause.policy is None:
        return False
    new = NewCommitment(
        id=f"{clause.id}@{occurrence or event}", kind=CommitmentKind.CLAUSE, title=clause.promise, event_id=f"{clause.id}@{event}",
        responsible=clause.by, calendar=contract.calendar, budget=clause.budget, policy=policy_of(programme, contract, clause),
        subject=subject, contract_id=contract.id, clause_id=clause.id,
    )
    return open_commitment(work, programme, new, as_of) is not None


def _ask_for_reading(work: UnitOfWork, programme: Programme, indicator: Indicator, alert: AlertRow, as_of: datetime) -> int:
    defaults = programme.defaults
    policy = programme.policies[defaults.reading]
    new = NewCommitment(
        id=f"reading:{alert.id}", kind=CommitmentKind.READING, title=_reading_title(indicator).label(), event_id=_late_event(alert.id),
        responsible=indicator.owner, calendar=defaults.calendar, budget=READING_BUDGET, policy=policy,
        subject={"alert": alert.id, "indicator": indicator.id},
    )
    return int(open_commitment(work, programme, new, as_of) is not None)


def _reading_title(indicator: Indicator) -> Message:
    return say("Record the missing reading of “{indicator}”", indicator=indicator.name)


def _propose_action(work: UnitOfWork, indicator: Indicator, cause: AlertCause, as_of: datetime) -> None:
    """An eroding practice proposes an action of the one plan (product.md J): find out why, and re-rate (ASM-K9)."""
    action_id = f"erosion:{indicator.id}:{cause.since.isoformat()}"
    if fetch_action(work, action_id) is not None:
        return
    title = say("Find out why “{indicator}” is fading, and rate the practice again", indicator=indicator.name).label()
    work.session.add(
        ActionRow(
            programme_id=work.programme_id, id=action_id, segment=ANCHORING_SEGMENT, title_fr=title.fr, title_en=title.en,
            process_id=indicator.process, owner=indicator.owner, status=ActionStatus.PROPOSED,
            reasons={"message": pack_message(cause.message)}, proposed_at=as_of, changed_at=as_of,
        )
    )
    work.record(as_of, ENGINE, "action_proposed", f"action:{action_id}", indicator=indicator.id, state=State.ERODING.value)
