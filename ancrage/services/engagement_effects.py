"""What followed from a sponsor's answers, told from rows: decisions, alerts that ended, readings since, actions, levels.

Everything is said as what happened since the answer, never as its proven effect; where nothing was measured yet, that is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ancrage.domain.anchoring.lifecycle import State
from ancrage.domain.anchoring.signals import AlertKind
from ancrage.domain.engagement import Contract
from ancrage.domain.escalation.facts import ActionKind, Result
from ancrage.domain.indicators import Indicator
from ancrage.domain.programme import Programme
from ancrage.language import Label, Message, say
from ancrage.services.determinations import compare_with_previous
from ancrage.storage.campaigns import fetch_action, fetch_campaigns
from ancrage.storage.codec import unpack_message
from ancrage.storage.commitments import fetch_actions_taken, fetch_commitments
from ancrage.storage.indicators import fetch_alert, fetch_alerts, fetch_readings, fetch_verdicts
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind, CommitmentRow
from models.indicators import AlertRow, ReadingRow

SAME_PASS = timedelta(seconds=1)
"""The reading that ended an alert may be recorded in the second of the pass that found it."""
TOLD_STATES = frozenset({State.ADOPTED, State.ANCHORED, State.ERODING})


@dataclass(frozen=True, slots=True)
class Span:
    """Facts from `since` until just before `until`; days are dates of `zone`."""

    since: datetime
    until: datetime
    zone: str

    def covers(self, at: datetime | None) -> bool:
        return at is not None and self.since <= at < self.until

    def day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()


def decision_of(work: UnitOfWork, row: CommitmentRow, until: datetime) -> Message | None:
    """What was decided or done, in the words of who answered; None where they left none."""
    for action in reversed(fetch_actions_taken(work, row.id)):
        reason = str(action.detail.get("reason") or "")
        if action.refused is None and action.kind is ActionKind.FULFIL and action.at < until and reason:
            return say("Decided: “{reason}”.", reason=reason)
    return None


def effects_of(work: UnitOfWork, programme: Programme, row: CommitmentRow, span: Span) -> tuple[Message, ...]:
    """What changed after the answer at `span.since`: an alert that ended, a better reading, an action, a verdict. Possibly nothing yet."""
    alert = fetch_alert(work, str(row.subject.get("alert", "")))
    if alert is not None and alert.indicator_id in programme.indicators:
        return tuple(_after_alert(work, programme.indicators[alert.indicator_id], alert, span))
    if "period" in row.subject:
        taken = _actions_taken(work, programme, row.contract_id, span.zone, str(row.subject["period"]))
        return (say("Actions of the perimeter taken in that month: {count}.", count=taken),) if taken else ()
    return ()


def pending_of(work: UnitOfWork, programme: Programme, row: CommitmentRow, span: Span) -> Message:
    """What to say of an answer after which nothing has changed yet."""
    alert = fetch_alert(work, str(row.subject.get("alert", "")))
    indicator = programme.indicators.get(alert.indicator_id) if alert else None
    if alert is None or indicator is None:
        return say("Nothing that is measured has moved since.")
    newest = _newest_reading(work, indicator, span)
    if newest is None:
        return say("Too early to say: “{indicator}” has no reading since your answer.", indicator=indicator.name)
    return say(
        "Not yet: “{indicator}” stands at {figure} on {day}.", indicator=indicator.name, figure=_figure(newest), day=newest.day
    )


def _after_alert(work: UnitOfWork, indicator: Indicator, alert: AlertRow, span: Span) -> Iterator[Message]:
    if span.covers(alert.closed_at) and alert.closed_at is not None:
        yield _ended(work, indicator, alert, span)
    action = fetch_action(work, alert.id.replace(f"{indicator.id}/erosion:", f"erosion:{indicator.id}:"))
    if action is not None and span.covers(action.proposed_at):
        yield say("An action was proposed: “{action}”.", action=Label(action.title_fr, action.title_en))
    for verdict in fetch_verdicts(work, indicator.id):
        if span.covers(verdict.as_of) and State(verdict.state) in (State.ADOPTED, State.ANCHORED):
            yield say("“{indicator}”: {headline}", indicator=indicator.name, headline=unpack_message(verdict.result["headline"]))


def _ended(work: UnitOfWork, indicator: Indicator, alert: AlertRow, span: Span) -> Message:
    assert alert.closed_at is not None, "asked for alerts that have ended"
    before = next((row for row in fetch_readings(work, indicator.id) if row.day == alert.reading_day), None)
    newest = _newest_reading(work, indicator, Span(span.since, alert.closed_at + SAME_PASS, span.zone))
    day = span.day(alert.closed_at)
    if before is None or newest is None:
        return say("The alert on “{indicator}” ended on {day}.", indicator=indicator.name, day=day)
    return say(
        "The alert on “{indicator}” ended on {day}: {before} then, {figure} now.", indicator=indicator.name, day=day,
        before=_figure(before), figure=_figure(newest),
    )  # fmt: skip


def _newest_reading(work: UnitOfWork, indicator: Indicator, span: Span) -> ReadingRow | None:
    """The newest reading recorded after the answer, of a day not before it."""
    found = [row for row in fetch_readings(work, indicator.id) if span.covers(row.recorded_at) and row.day >= span.day(span.since)]
    return max(found, key=lambda row: row.day, default=None)


def _figure(row: ReadingRow) -> str:
    if row.value is not None:
        return f"{row.value:g}"
    return f"{100 * (row.numerator or 0) / row.denominator:.0f} %" if row.denominator else "-"


def _actions_taken(work: UnitOfWork, programme: Programme, contract_id: str | None, zone: str, month: str) -> int:
    """Actions of the perimeter that were taken into the plan in a month: their commitments began in it."""
    contract = programme.contracts.get(contract_id or "")
    rows = fetch_commitments(work, kind=CommitmentKind.ACTION) if contract else ()
    return sum(
        contract is not None and _concerns(work, contract, row) and f"{row.started_at.astimezone(ZoneInfo(zone)):%Y-%m}" == month
        for row in rows
    )


def _concerns(work: UnitOfWork, contract: Contract, row: CommitmentRow) -> bool:
    action = fetch_action(work, str(row.subject.get("action", "")))
    return action is not None and action.process_id in contract.perimeter


@dataclass(frozen=True, slots=True)
class Movement:
    """What moved in the perimeter of a contract in a time, in counts, and in words for the sponsor."""

    alerts_ended: int
    actions_done: int
    levels_up: int
    levels_down: int
    lines: tuple[Message, ...]


def movement_of(work: UnitOfWork, programme: Programme, contract: Contract, span: Span) -> Movement:
    """Alerts that ended, actions that were done and levels that rose or fell in a perimeter, from stored facts."""
    decided = {indicator for clause in contract.clauses if clause.trigger for indicator in clause.trigger.indicators}
    ended = [row for row in fetch_alerts(work) if row.indicator_id in decided and span.covers(row.closed_at) and not _is_missing(row)]
    done = [
        row for row in fetch_commitments(work, kind=CommitmentKind.ACTION)
        if row.result in (Result.KEPT, Result.LATE) and span.covers(row.closed_at) and _concerns(work, contract, row)
    ]  # fmt: skip
    up, down, lines = 0, 0, [say("Action done: “{action}”.", action=Label(row.title_fr, row.title_en)) for row in done]
    for campaign in fetch_campaigns(work):
        compared = compare_with_previous(work, campaign.id) if span.covers(campaign.closed_at) else None
        moves = [move.change for move in compared.levels.movements if move.row.process in contract.perimeter] if compared else []
        rose, fell = sum(move > 0 for move in moves), sum(move < 0 for move in moves)
        up, down = up + rose, down + fell
        if moves:
            lines.append(
                say("{campaign}, compared with the cycle before: {up} levels rose and {down} fell, of {rows}.",
                    campaign=Label(campaign.name_fr, campaign.name_en), up=rose, down=fell, rows=len(moves))
            )  # fmt: skip
    lines += list(_verdict_lines(work, programme, decided, span))
    return Movement(len(ended), len(done), up, down, tuple(lines))


def _is_missing(alert: AlertRow) -> bool:
    return alert.detail.get("kind") == AlertKind.MISSING


def _verdict_lines(work: UnitOfWork, programme: Programme, decided: set[str], span: Span) -> Iterator[Message]:
    for verdict in fetch_verdicts(work):
        indicator = programme.indicators.get(verdict.indicator_id)
        if indicator is not None and indicator.id in decided and span.covers(verdict.as_of) and State(verdict.state) in TOLD_STATES:
            headline = unpack_message(verdict.result["headline"])
            yield say("“{indicator}”: {headline}", indicator=indicator.name, headline=headline)
