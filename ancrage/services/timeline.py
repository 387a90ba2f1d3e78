"""What happened, told from stored facts: the lines a person follows with `ancrage explain`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ancrage.domain.anchoring.lifecycle import State
from ancrage.domain.escalation.facts import ActionKind, Result, Status
from ancrage.domain.programme import Programme
from ancrage.language import N_, Label, Message, say
from ancrage.services.commitments import ladder_of
from ancrage.services.determinations import compare_with_previous, stored_determination
from ancrage.services.programme import current_programme
from ancrage.services.status import view_campaign
from ancrage.storage.campaigns import fetch_actions, fetch_campaigns, fetch_requests
from ancrage.storage.codec import unpack_message
from ancrage.storage.commitments import fetch_actions_taken, fetch_commitment_by_event, fetch_commitments
from ancrage.storage.indicators import fetch_alerts, fetch_verdicts
from ancrage.storage.notes import fetch_notes
from ancrage.storage.programmes import fetch_clocks, fetch_signatures
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRow, CampaignStatus
from models.commitments import CommitmentKind, CommitmentRow
from models.engagement import NoteKind
from models.indicators import AlertRow


class Tone(StrEnum):
    """What kind of news a line is."""

    PLAIN = "plain"
    GOOD = "good"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One thing that happened. `subject` is what `ancrage explain` takes."""

    at: datetime
    what: Message
    subject: str
    tone: Tone = Tone.PLAIN


def fetch_timeline(work: UnitOfWork) -> tuple[TimelineLine, ...]:
    """The main events of the loop, oldest first: contracts, campaigns, tools, verdicts, alerts and what became of them."""
    programme = current_programme(work)
    lines = [
        *_contracts(work, programme),
        *_campaigns(work),
        *_clocks(work, programme),
        *_verdicts(work, programme),
        *_alerts(work, programme),
        *_engagement(work, programme),
    ]
    return tuple(sorted(lines, key=lambda line: line.at))


def _name(programme: Programme, person_id: str | None) -> str:
    person = programme.organisation.people.get(person_id or "")
    return person.name if person else person_id or ""


def _engagement(work: UnitOfWork, programme: Programme) -> Iterator[TimelineLine]:
    """Answers that slow down, and what stewards gave back."""
    for row in fetch_commitments(work, kind=CommitmentKind.REVIEW):
        if "trend" in row.subject:
            who, words = _name(programme, str(row.subject["sponsor"])), unpack_message(row.subject["trend"])
            yield TimelineLine(row.started_at, say("{who}: {trend}", who=who, trend=words), f"commitment:{row.id}", Tone.WARNING)
    for note in fetch_notes(work, NoteKind.FEEDBACK):
        headline, subject = unpack_message(note.content["headline"]), f"engagement:{note.person_id}"
        yield TimelineLine(note.told_at, say("Told to {who}: {headline}", who=_name(programme, note.person_id), headline=headline), subject)
    for note in fetch_notes(work, NoteKind.PUBLIC_LINE):
        contract = programme.contracts.get(note.contract_id or "")
        if contract is not None:
            line = unpack_message(note.content["line"])
            yield TimelineLine(note.told_at, say("Published about “{contract}”: {line}", contract=contract.name, line=line),
                               f"contract:{note.contract_id}")  # fmt: skip


def _contracts(work: UnitOfWork, programme: Programme) -> Iterator[TimelineLine]:
    signed: dict[tuple[str, int], list[tuple[datetime, str]]] = {}
    for row in fetch_signatures(work):
        signed.setdefault((row.contract_id, row.version), []).append((row.signed_at, row.person_id))
    for (contract_id, _), signatures in signed.items():
        contract = programme.contracts.get(contract_id)
        if contract is not None and len(signatures) >= len(contract.parties()):
            names = ", ".join(_name(programme, person) for _, person in sorted(signatures))
            yield TimelineLine(max(signatures)[0], say("{contract}: signed by {names}", contract=contract.name, names=names),
                               f"contract:{contract_id}")


def _campaigns(work: UnitOfWork) -> Iterator[TimelineLine]:
    for row in fetch_campaigns(work):
        name, subject = Label(row.name_fr, row.name_en), f"campaign:{row.id}"
        view = view_campaign(work, current_programme(work), row)
        yield TimelineLine(row.opened_at, say("{campaign}: {people} people are asked {cells} questions", campaign=name, people=view.people,
                                              cells=view.cells), subject)
        if row.status is CampaignStatus.CLOSED and row.closed_at is not None:
            yield TimelineLine(row.closed_at, _closing(work, row, name), subject)
            yield from _comparison(work, row, name)


def _closing(work: UnitOfWork, row: CampaignRow, name: Label) -> Message:
    requests = fetch_requests(work, row.id)
    on_time = sum(request.submitted_at is not None and request.submitted_at.date() <= row.due_on for request in requests)
    handed_in = sum(request.submitted_at is not None for request in requests)
    results = stored_determination(work, row.id).results.values()
    below = sum(result.level.value is not None and result.level.value < 2 for result in results)
    return say(
        "{campaign} closed: {on_time} on time, {late} late, {never} never; {below} of {areas} levels below 2, {actions} actions ranked",
        campaign=name, on_time=on_time, late=handed_in - on_time, never=len(requests) - handed_in, below=below, areas=len(results),
        actions=len(fetch_actions(work, campaign_id=row.id)),
    )


def _comparison(work: UnitOfWork, row: CampaignRow, name: Label) -> Iterator[TimelineLine]:
    compared = compare_with_previous(work, row.id)
    if compared is None or row.closed_at is None:
        return
    moves = [movement.after - movement.before for movement in compared.levels.movements]
    up, down = sum(move > 0 for move in moves), sum(move < 0 for move in moves)
    yield TimelineLine(
        row.closed_at,
        say("{campaign} against the cycle before, on the same {rows} rows: {up} levels up, {down} down", campaign=name, rows=len(moves),
            up=up, down=down),
        f"campaign:{row.id}", Tone.GOOD if up > down else Tone.WARNING,
    )  # fmt: skip


CLOCK_TEMPLATES = {
    "defined": N_("{transformation}: the process is defined"),
    "tool_delivered": N_("{transformation}: the tool is delivered"),
    "adopted": N_("{transformation}: the practice is adopted"),
    "effects": N_("{transformation}: the effects are there"),
}


def _clocks(work: UnitOfWork, programme: Programme) -> Iterator[TimelineLine]:
    for row in fetch_clocks(work):
        transformation = programme.transformations.get(row.transformation_id)
        if transformation is not None and row.actual_on == row.recorded_at.date():  # what was before is known, not news
            yield TimelineLine(row.recorded_at, say(CLOCK_TEMPLATES[row.clock], transformation=transformation.name),
                               f"transformation:{row.transformation_id}")


def _verdicts(work: UnitOfWork, programme: Programme) -> Iterator[TimelineLine]:
    seen: set[tuple[str, str]] = set()
    for row in fetch_verdicts(work):
        indicator, told = programme.indicators.get(row.indicator_id), State(row.state) in (State.ADOPTED, State.ANCHORED, State.ERODING)
        if indicator is None or not told or (row.indicator_id, row.state) in seen:
            continue
        seen.add((row.indicator_id, row.state))
        tone = Tone.WARNING if row.state == State.ERODING else Tone.GOOD
        headline = unpack_message(row.result["headline"])
        yield TimelineLine(row.as_of, say("“{indicator}”: {headline}", indicator=indicator.name, headline=headline),
                           f"indicator:{row.indicator_id}", tone)


def _alerts(work: UnitOfWork, programme: Programme) -> Iterator[TimelineLine]:
    for alert in fetch_alerts(work):
        yield TimelineLine(alert.raised_at, say("Alert: {message}", message=unpack_message(alert.detail["message"])), f"alert:{alert.id}",
                           Tone.WARNING)
        for row in _opened_by(work, programme, alert):
            yield from _ladder_lines(programme, row)
            yield from _end(work, programme, row)


def _opened_by(work: UnitOfWork, programme: Programme, alert: AlertRow) -> Iterator[CommitmentRow]:
    for _, clause in programme.clauses():
        row = fetch_commitment_by_event(work, f"{clause.id}@alert:{alert.id}")
        if row is not None:
            yield row


def _ladder_lines(programme: Programme, row: CommitmentRow) -> Iterator[TimelineLine]:
    """Every step that fired after the deadline, in one line per step."""
    for firing in ladder_of(row).fired:
        if firing.at > row.due_at and firing.to:
            names = ", ".join(_name(programme, person) for person in firing.to)
            yield TimelineLine(firing.at, say("No answer: step “{step}” tells {names}", step=firing.step, names=names),
                               f"commitment:{row.id}", Tone.WARNING)


def _end(work: UnitOfWork, programme: Programme, row: CommitmentRow) -> Iterator[TimelineLine]:
    if row.status is not Status.CLOSED or row.closed_at is None:
        return
    ended = [act for act in fetch_actions_taken(work, row.id) if act.refused is None and act.kind is ActionKind.FULFIL]
    who = _name(programme, ended[-1].by) if ended else ""
    subject = f"commitment:{row.id}"
    if row.result is Result.KEPT:
        yield TimelineLine(row.closed_at, say("{who} answers in time", who=who), subject, Tone.GOOD)
    elif ended and ended[-1].by != row.answerable:
        yield TimelineLine(row.closed_at, say("{who} takes over and answers, after the deadline", who=who), subject)
    elif row.result is Result.LATE:
        yield TimelineLine(row.closed_at, say("{who} answers, after the deadline", who=who), subject)
