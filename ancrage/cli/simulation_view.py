"""How `ancrage simulate` shows what came of a scenario: as the records of format ESC-F, and as lines to read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from ancrage.domain.escalation.facts import Notice
from ancrage.domain.escalation.measures import Judgement, MeasureReport
from ancrage.domain.escalation.scenario import Entry, Outcome, Running, Scenario, SentMessage
from ancrage.domain.time_questions import Answer
from ancrage.language import Message, say

Record = dict[str, object]


def scenario_record(scenario: Scenario, outcome: Outcome, *, explain: bool = False) -> Record:
    """Format ESC-F: `id`, `notices`, `final`, `measures`; with `explain` also `story`, every decision with its rule."""
    record: Record = {
        "id": scenario.id,
        "notices": [message_record(scenario, message) for message in outcome.messages],
        "final": {name: final_record(scenario, outcome, found) for name, found in outcome.commitments.items()},
        "measures": {name: measure_record(scenario, name, found) for name, found in outcome.measures.items()},
    }
    if explain:
        record["story"] = [
            {"at": at, "commitment": entry.commitment, "rule": entry.reason.rule, "message": message}
            for entry, at, message in _story(scenario, outcome)
        ]
    return record


def _story(scenario: Scenario, outcome: Outcome) -> Iterator[tuple[Entry, datetime, Message]]:
    """Each decision with its instants in the commitment's own time."""
    for entry in outcome.story:
        zone = _zone(scenario, outcome.commitments[entry.commitment].terms.calendar)
        said = entry.reason.message
        values = {name: _clock(value.astimezone(zone)) if isinstance(value, datetime) else value for name, value in said.values.items()}
        yield entry, entry.at.astimezone(zone), Message(said.template, values)


def _zone(scenario: Scenario, calendar: str) -> ZoneInfo:
    return ZoneInfo(scenario.organisation.calendars[calendar].zone)


def _at_person(scenario: Scenario, person: str, at: datetime) -> datetime:
    return at.astimezone(_zone(scenario, scenario.organisation.people[person].calendar))


def _at_commitment(scenario: Scenario, running: Running, at: datetime) -> datetime:
    return at.astimezone(_zone(scenario, running.terms.calendar))


def message_record(scenario: Scenario, message: SentMessage) -> Record:
    """One message, at its logical instant in its reader's own time."""
    at = _at_person(scenario, message.to, message.at)
    return {"at": at, "to": message.to, "urgent": message.urgent, "items": [_item(notice) for notice in message.items]}


def _item(notice: Notice) -> Record:
    return {"c": notice.commitment, "step": notice.step, "occ": notice.occurrence, "in_place_of": notice.in_place_of}


def final_record(scenario: Scenario, outcome: Outcome, found: Running) -> Record:
    """How a commitment stands at the end. `skipped` says why by step; `rejected` are codes, `rejections` the same with who and when."""
    state = found.state
    return {
        "state": state.status.value,
        "result": state.result.value if state.result else None,
        "due": _at_commitment(scenario, found, state.due),
        "overdue": state.is_overdue(outcome.as_of),
        "skipped": {skip.step: skip.reason.value for skip in state.skipped},
        "rejected": [refused.code for refused in found.rejected],
        "rejections": [
            {"at": _at_commitment(scenario, found, refused.at), "do": refused.kind.value, "by": refused.by or None, "code": refused.code}
            for refused in found.rejected
        ],
        "by_backup": state.by_backup,
    }


def measure_record(scenario: Scenario, name: str, found: MeasureReport) -> Record:
    """A measure in figures: both series, and the responsibility log (ESC-X)."""
    zone = _zone(scenario, scenario.measures[name].calendar)
    return {
        "internal": _judgement(found.internal),
        "supplier": _judgement(found.supplier),
        "disagreement": found.disagreement,
        "held_seconds": dict(found.held_seconds),
        "internal_due": found.internal_due.astimezone(zone),
        "holder_at_due": found.holder_at_due,
    }


def _judgement(found: Judgement) -> Record:
    return {"elapsed_seconds": found.elapsed_seconds, "verdict": found.verdict.value if found.verdict else None}


def answer_record(answer: Answer, language: str) -> Record:
    """Format ESC-F of a case: `id`, `answer`, `explanation` (its lines, each with the rule)."""
    value = answer.value
    shown = [list(pair) for pair in value] if isinstance(value, tuple) else value
    explanation = "\n".join(f"{line.rule}: {line.message.text(language)}" for line in answer.lines)
    return {"id": answer.question.id, "answer": shown, "explanation": explanation}


def scenario_lines(scenario: Scenario, outcome: Outcome, *, explain: bool = False) -> Iterator[Message]:
    """The scenario for people: messages in order, then how each commitment and measure ended."""
    yield say("{name} {title}", name=scenario.id, title=scenario.title)
    if explain:
        for entry, at, message in _story(scenario, outcome):
            words = {"at": _clock(at), "commitment": entry.commitment, "rule": entry.reason.rule, "reason": message}
            yield say("  {at} {commitment} {rule} {reason}", **words)
    if not outcome.messages:
        yield say("  nobody is told anything")
    for sent in outcome.messages:
        yield _message_line(scenario, sent)
    for name, found in outcome.commitments.items():
        yield _final_line(scenario, outcome, name, found)
    for name, report in outcome.measures.items():
        yield say(
            "  measure {name}: internal {internal} s, supplier {supplier} s; disagreement: {disagreement}",
            name=name, internal=report.internal.elapsed_seconds, supplier=report.supplier.elapsed_seconds,
            disagreement=say("yes") if report.disagreement else say("no"),
        )  # fmt: skip


def _message_line(scenario: Scenario, message: SentMessage) -> Message:
    items = ", ".join(f"{notice.commitment} {notice.step} #{notice.occurrence}" for notice in message.items)
    words = {"at": _clock(_at_person(scenario, message.to, message.at)), "person": message.to, "items": items}
    return say("  {at} to {person}, urgent: {items}", **words) if message.urgent else say("  {at} to {person}: {items}", **words)


def _final_line(scenario: Scenario, outcome: Outcome, name: str, found: Running) -> Message:
    state = found.state
    words = {
        "name": name, "state": state.status.value, "due": _clock(_at_commitment(scenario, found, state.due)),
        "result": state.result.value if state.result else "-",
    }  # fmt: skip
    if state.is_overdue(outcome.as_of):
        return say("  {name}: {state}, overdue since {due}", **words)
    return say("  {name}: {state}, result {result}, due {due}", **words)


def _clock(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="seconds")


def answer_lines(answer: Answer) -> Iterator[Message]:
    """An answer for people, with the lines that lead to it."""
    value = answer.value
    match value:
        case tuple():
            shown: object = ", ".join(f"{_clock(opens)} - {_clock(closes)}" for opens, closes in value) or "-"
        case datetime():
            shown = _clock(value)
        case _:
            shown = value
    yield say("{case}: {value}", case=answer.question.id, value=shown)
    for line in answer.lines:
        yield say("  {rule}: {message}", rule=line.rule, message=line.message)
