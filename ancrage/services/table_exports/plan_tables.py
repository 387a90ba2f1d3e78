"""The action plan, commitments, readings and the journal as tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.escalation.facts import Reason
from ancrage.errors import NotFound
from ancrage.exchange.tables import Kind, Table
from ancrage.language import Label, Message, say
from ancrage.services.action_plan import PlannedAction, RankTerm, list_plan
from ancrage.services.commitments import ENGINE
from ancrage.services.indicator_views import ReadingView, list_indicators, show_indicator
from ancrage.services.journal_words import journal_words
from ancrage.services.programme import current_programme
from ancrage.services.status import CommitmentView, view_commitments, zone_of_programme
from ancrage.services.table_exports.spec import TableSpec, field, texts
from ancrage.storage.engine import fetch_journal
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """One current reading, and of what it is."""

    indicator: str
    name: Label
    unit: str
    reading: ReadingView


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal, whole: `detail` is JSON, `digest` chains it to the line before (ESC-G5)."""

    number: int
    at: datetime
    actor: str
    actor_name: str | Message
    what: str
    words: str | Message
    subject: str
    detail: Mapping[str, object]
    digest: str


def _terms(terms: Sequence[RankTerm]) -> tuple[str, ...]:
    return texts(f"{it.name}: {it.weight:g} x {it.score} = {it.contribution:g}" for it in terms)


def _reasons(reasons: Sequence[Reason]) -> tuple[Message, ...]:
    return tuple(say("{rule}: {what}", rule=reason.rule, what=reason.message) for reason in reasons)


ACTIONS = TableSpec(
    "actions",
    say("Action plan"),
    PlannedAction,
    (
        field("id", say("Id"), width=28, source="view.id"),
        field("rank", say("Rank"), Kind.NUMBER, 8, "view.rank"),
        field("title", say("Action"), width=48, source="view.title"),
        field("segment", say("Segment"), source="view.segment"),
        field("status", say("State"), source="view.status"),
        field("owner", say("Owner"), width=24, source="view.owner"),
        field("due_on", say("Due"), Kind.DAY, 12, "view.due_on"),
        field("value", say("Value"), Kind.NUMBER, 10, "view.value"),
        field("effort_days", say("Effort in days"), Kind.NUMBER, 10, "view.effort_days"),
        field("is_clear", say("Clear order"), Kind.FLAG, 10, "view.is_clear"),
        field("margin", say("Ahead of the next one"), Kind.NUMBER, 10),
        field("campaign", say("Campaign")),
        field("process", say("Process id")),
        field("area", say("Practice area id")),
        field("commitment", say("Commitment"), width=28),
        field("practices", say("Practices"), Kind.LIST, 28),
        field("terms", say("What the value is made of"), Kind.LIST, 60, form=_terms),
        field("reasons", say("Reasons"), Kind.LIST, 60, form=_reasons),
    ),
)

COMMITMENTS = TableSpec(
    "commitments",
    say("Commitments"),
    CommitmentView,
    (
        field("id", say("Id"), width=36),
        field("kind", say("Kind")),
        field("title", say("What"), width=48),
        field("contract", say("Contract"), width=28),
        field("contract_version", say("Version of the contract"), Kind.NUMBER, 10),
        field("clause", say("Clause"), source="clause_id", width=28),
        field("person", say("Person id"), source="person_id"),
        field("person_name", say("Person"), source="person", width=24),
        field("started_at", say("Started at"), Kind.INSTANT, 20),
        field("due_at", say("Due at"), Kind.INSTANT, 20),
        field("status", say("State")),
        field("result", say("Result")),
        field("closed_at", say("Closed at"), Kind.INSTANT, 20),
        field("overdue", say("Overdue"), Kind.FLAG, 10),
        field("held_until", say("Held until"), Kind.INSTANT, 20),
        field("next_at", say("Goes on at"), Kind.INSTANT, 20),
        field("steps_fired", say("Steps fired"), Kind.NUMBER, 10),
        field("steps", say("Steps"), Kind.NUMBER, 10),
    ),
)

READINGS = TableSpec(
    "readings",
    say("Readings"),
    ReadingLine,
    (
        field("indicator", say("Indicator id"), width=24),
        field("name", say("Indicator"), width=36),
        field("unit", say("Unit")),
        field("day", say("Day"), Kind.DAY, 12, "reading.day"),
        field("figure", say("Figure"), Kind.NUMBER, 12, "reading.figure"),
        field("value", say("Value"), Kind.NUMBER, 12, "reading.value"),
        field("numerator", say("Numerator"), Kind.NUMBER, 12, "reading.numerator"),
        field("denominator", say("Denominator"), Kind.NUMBER, 12, "reading.denominator"),
        field("recorded_at", say("Recorded at"), Kind.INSTANT, 20, "reading.recorded_at"),
        field("recorded_by", say("Recorded by"), source="reading.recorded_by"),
        field("source", say("Source"), source="reading.source"),
        field("revision", say("Revision"), Kind.NUMBER, 10, "reading.revision"),
        field("note", say("Note"), width=40, source="reading.note"),
    ),
)

JOURNAL = TableSpec(
    "journal",
    say("Journal"),
    JournalEntry,
    (
        field("number", say("Number"), Kind.NUMBER, 10),
        field("at", say("At"), Kind.INSTANT, 20),
        field("actor", say("Who (id)")),
        field("actor_name", say("Who"), width=24),
        field("what", say("Kind"), width=24),
        field("words", say("What"), width=36),
        field("subject", say("About"), width=40),
        field("detail", say("Details"), width=60, form=lambda detail: json.dumps(detail, ensure_ascii=False, sort_keys=True)),
        field("digest", say("Digest"), width=24),
    ),
)


def actions_table(work: UnitOfWork, as_of: datetime, campaign_id: str | None = None, segment: str | None = None) -> Table:
    """The one action plan, or a part of it, in the order of the ranking."""
    return ACTIONS.table(list_plan(work, campaign_id=campaign_id, segment=segment, as_of=as_of), _zone(work))


def commitments_table(work: UnitOfWork, as_of: datetime, person_id: str | None = None, *, only_open: bool = False) -> Table:
    """Commitments by due date: open and closed ones, of everybody or of who answers now. NotFound for an unknown person."""
    programme = current_programme(work)
    if person_id is not None and person_id not in programme.organisation.people:
        raise NotFound(say("there is no person {person}", person=person_id))
    views = view_commitments(work, programme, as_of, only_open=only_open)
    return COMMITMENTS.table((view for view in views if person_id in (None, view.person_id)), zone_of_programme(programme))


def readings_table(work: UnitOfWork, indicator_id: str | None = None) -> Table:
    """The current readings of one indicator or of all, in declared order, oldest first."""
    views = list_indicators(work) if indicator_id is None else (show_indicator(work, indicator_id),)
    lines = [ReadingLine(it.indicator.id, it.indicator.name, it.indicator.unit, reading) for it in views for reading in it.readings]
    return READINGS.table(lines, _zone(work))


def journal_table(work: UnitOfWork, subject: str | None = None, limit: int | None = None) -> Table:
    """The journal in order: all of it, of one subject, or its last `limit` lines."""
    return JOURNAL.table(_entries(work, subject, limit), _zone(work))


def _entries(work: UnitOfWork, subject: str | None, limit: int | None) -> Iterator[JournalEntry]:
    names: dict[str, str | Message] = {person.id: person.name for person in current_programme(work).organisation.people.values()}
    names[ENGINE] = say("the engine")
    for row in fetch_journal(work, subject, limit):
        name = names.get(row.actor, row.actor)
        yield JournalEntry(row.number, row.at, row.actor, name, row.what, journal_words(row.what), row.subject, row.detail, row.digest)


def _zone(work: UnitOfWork) -> str:
    return zone_of_programme(current_programme(work))
