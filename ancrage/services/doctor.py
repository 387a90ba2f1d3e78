"""Looks at an installation and its database and says what is wrong, each with what to do. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from ancrage.declarations.loading import load_programme
from ancrage.domain.calendars import NoWorkingTime
from ancrage.domain.escalation.facts import NoticeStatus
from ancrage.domain.indicator_sources import HttpSource, SqlSource
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import elapsed_seconds, next_working
from ancrage.errors import NotFound
from ancrage.language import Message, say
from ancrage.services.collecting_views import view_defects, view_late
from ancrage.services.commitments import COMMITMENTS_STAGE
from ancrage.services.contract_findings import find_contract_weaknesses
from ancrage.services.contract_views import role_label
from ancrage.services.declarations import plan_apply
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.engine import fetch_journal, fetch_last_pass, find_broken_line
from ancrage.storage.health import SchemaState, examine_schema, opened_as_it_is
from ancrage.storage.notices import fetch_messages, fetch_notices
from ancrage.storage.unit_of_work import UnitOfWork
from models.notices import MessageStatus

PATIENCE = timedelta(hours=1)
"""A notice that should have left, or working time without a pass of the engine, longer than this is told."""
TOLERANCE = timedelta(minutes=5)
"""Clocks of several machines differ a little."""
RECENT = timedelta(days=30)
"""Messages that failed longer ago are history."""
AHEAD = timedelta(days=365)
"""A list of holidays must reach this far: deadlines are computed that far ahead."""
LAST_LINES = 200


class Check(StrEnum):
    """What is looked at, in this order."""

    SECRETS = "secrets"
    DATABASE = "database"
    DECLARATIONS = "declarations"
    JOURNAL = "journal"
    CLOCK = "clock"
    ENGINE = "engine"
    OUTBOX = "outbox"
    CONTRACTS = "contracts"
    CALENDARS = "calendars"
    ROLES = "roles"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True)
class Symptom:
    """One thing that is wrong (`is_error`), or will be soon; `advice` is what to do about it."""

    check: Check
    is_error: bool
    message: Message
    advice: Message


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at. `as_of` is the instant the project believes it is, `wall` the clock of leases."""

    folder: Path
    keys_file: Path
    database_url: str
    programme_id: str
    as_of: datetime
    wall: datetime
    connections: frozenset[str] = frozenset()
    """Names of the configured connections of sources."""


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found, and which checks could be made: a database that cannot be read hides the rest."""

    checked: tuple[Check, ...]
    symptoms: tuple[Symptom, ...]

    @property
    def errors(self) -> int:
        """How many things are wrong now."""
        return sum(symptom.is_error for symptom in self.symptoms)


def examine(patient: Patient) -> Examination:
    """Everything that can be looked at, in the order of `Check`."""
    symptoms = [*_secrets(patient.keys_file), *_schema(patient.database_url)]
    if any(symptom.check is Check.DATABASE for symptom in symptoms):
        return Examination((Check.SECRETS, Check.DATABASE), tuple(symptoms))
    with opened_as_it_is(patient.database_url) as database, database.unit(patient.programme_id, reading=True) as work:
        symptoms += _journal(work)
        try:
            programme = current_programme(work)
        except NotFound as nothing_applied:
            symptoms.append(_wrong(Check.DECLARATIONS, nothing_applied.message, say("run `ancrage check`, then `ancrage apply`")))
            return Examination((Check.SECRETS, Check.DATABASE, Check.JOURNAL, Check.DECLARATIONS), tuple(symptoms))
        symptoms += _declarations(work, patient)
        symptoms += _clock(work, patient.as_of)
        symptoms += _engine(work, programme, patient.as_of)
        symptoms += _outbox(work, patient)
        symptoms += _contracts(work, programme, patient.as_of)
        symptoms += _sources(work, programme, patient.connections)
    symptoms += [*_calendars(programme, patient.as_of), *_roles(programme, patient.as_of)]
    order = list(Check)
    return Examination(tuple(Check), tuple(sorted(symptoms, key=lambda symptom: order.index(symptom.check))))


def _wrong(check: Check, message: Message, advice: Message) -> Symptom:
    return Symptom(check, True, message, advice)


def _soon(check: Check, message: Message, advice: Message) -> Symptom:
    return Symptom(check, False, message, advice)


def _secrets(path: Path) -> Iterator[Symptom]:
    if path.is_file() and path.stat().st_mode & 0o077:
        mode = f"{path.stat().st_mode & 0o777:o}"
        yield _wrong(
            Check.SECRETS, say("others can read {path} (mode {mode}): they could sign links", path=str(path), mode=mode),
            say("chmod 600 {path}; if somebody may have read it, put a new key on a line below the old one", path=str(path)),
        )  # fmt: skip


def _schema(url: str) -> Iterator[Symptom]:
    state, reason = examine_schema(url)
    match state:
        case SchemaState.MISSING:
            yield _wrong(Check.DATABASE, say("there is no database yet"), say("run `ancrage apply`"))
        case SchemaState.OLDER:
            yield _wrong(Check.DATABASE, say("the schema of the database is older than this version of Ancrage"),
                         say("make a copy of the database; the next command brings it up by itself"))  # fmt: skip
        case SchemaState.NEWER:
            yield _wrong(Check.DATABASE, say("the database was written by a newer version of Ancrage"), say("install that version here"))
        case SchemaState.UNREACHABLE:
            yield _wrong(Check.DATABASE, say("the database does not answer: {reason}", reason=reason),
                         say("look at ANCRAGE_DATABASE_URL, at [database] in ancrage.toml, and at the server"))  # fmt: skip
        case SchemaState.CURRENT:
            return


def _journal(work: UnitOfWork) -> Iterator[Symptom]:
    line = find_broken_line(work)
    if line is not None:
        yield _wrong(
            Check.JOURNAL, say("the journal breaks its chain at line {line}: a line was changed, taken away or added", line=line),
            say("compare line {line} with a copy of the database made before; nothing after it can be relied on", line=line),
        )  # fmt: skip


def _declarations(work: UnitOfWork, patient: Patient) -> Iterator[Symptom]:
    loaded = load_programme(patient.folder, patient.as_of.date())
    if loaded.programme is None:
        yield _wrong(Check.DECLARATIONS, say("the declarations have errors: {count}", count=len(loaded.errors)), say("run `ancrage check`"))
        return
    changes = plan_apply(work, loaded.programme).changes
    if changes:
        yield _soon(
            Check.DECLARATIONS, say("{count} declarations on disk differ from the version in force, as {first}", count=len(changes),
                                    first=f"{changes[0].section}/{changes[0].id}"),
            say("`ancrage apply` shows them, then takes them"),
        )  # fmt: skip


def _clock(work: UnitOfWork, as_of: datetime) -> Iterator[Symptom]:
    passed = fetch_last_pass(work, COMMITMENTS_STAGE)
    instants = [line.at for line in fetch_journal(work, limit=LAST_LINES)] + ([passed] if passed else [])
    latest = max(instants, default=as_of)
    if latest > as_of + TOLERANCE:
        yield _wrong(
            Check.CLOCK, say("the database knows {latest}, later than now ({now})", latest=latest.isoformat(), now=as_of.isoformat()),
            say("set the clock of this machine right, then run `ancrage doctor` again"),
        )  # fmt: skip


def _engine(work: UnitOfWork, programme: Programme, as_of: datetime) -> Iterator[Symptom]:
    """A stop counts in working time of the programme's own calendar: nights and holidays cost nobody anything (ESC-C5)."""
    start = say("start `ancrage serve`, or run `ancrage advance` every few minutes; what was missed is caught up")
    passed = fetch_last_pass(work, COMMITMENTS_STAGE)
    if passed is None:
        if fetch_commitments(work, only_open=True):
            yield _wrong(Check.ENGINE, say("the engine has never made a pass, and something is owed"), start)
        return
    calendar = programme.organisation.calendars[programme.defaults.calendar]
    if passed < as_of and elapsed_seconds(calendar, passed, as_of) > PATIENCE.total_seconds():
        yield _wrong(Check.ENGINE, say("the engine made its last pass at {last}", last=passed.isoformat()), start)


def _outbox(work: UnitOfWork, patient: Patient) -> Iterator[Symptom]:
    late = [row for row in fetch_notices(work, status=NoticeStatus.WAITING) if row.next_at < patient.as_of - PATIENCE]
    if late:
        oldest = min(row.next_at for row in late)
        yield _wrong(
            Check.OUTBOX, say("{count} notices should have left, the oldest at {oldest}", count=len(late), oldest=oldest.isoformat()),
            say("run `ancrage advance`; `ancrage notices --status waiting` lists them"),
        )  # fmt: skip
    messages = fetch_messages(work)
    failed = [row for row in messages if row.status is MessageStatus.FAILED and row.send_at > patient.as_of - RECENT]
    if failed:
        yield _wrong(
            Check.OUTBOX, say("{count} messages of the last 30 days could not be handed over, the last to {person}: {reason}",
                              count=len(failed), person=failed[-1].person_id, reason=failed[-1].last_error or "-"),
            say("look at [smtp] in ancrage.toml and at the address of the person; tell the person by other means"),
        )  # fmt: skip
    stuck = [
        row for row in messages if row.status is MessageStatus.CLAIMED and row.lease_until is not None and row.lease_until < patient.wall
    ]
    if stuck:
        yield _wrong(
            Check.OUTBOX, say("{count} messages were claimed by an engine that is gone, as {engine}", count=len(stuck),
                              engine=stuck[0].claimed_by or "-"),
            say("run `ancrage advance`: it takes them over"),
        )  # fmt: skip


def _contracts(work: UnitOfWork, programme: Programme, as_of: datetime) -> Iterator[Symptom]:
    for finding in find_contract_weaknesses(work, programme, as_of):
        yield _soon(Check.CONTRACTS, finding.message, finding.advice)


def _sources(work: UnitOfWork, programme: Programme, connections: frozenset[str]) -> Iterator[Symptom]:
    """Data that cannot be taken, and readings that are late: each is asked of its owner already."""
    for indicator in programme.indicators.values():
        source = indicator.collected
        if isinstance(source, SqlSource | HttpSource) and source.connection not in connections:
            yield _wrong(
                Check.SOURCES, say("{indicator} is collected through {name}, which is not configured", indicator=indicator.id,
                                   name=source.connection),
                say("add [sources.{name}] to ancrage.toml", name=source.connection),
            )  # fmt: skip
    for defect in view_defects(work):
        yield _soon(
            Check.SOURCES, say("data waits to be repaired since {day}: {message}", day=defect.since.date(), message=defect.message),
            say("its owner is asked: {commitment}", commitment=defect.commitment_id or "-"),
        )  # fmt: skip
    for late in view_late(work):
        yield _soon(Check.SOURCES, late.message, say("its owner is asked; `ancrage indicator show {indicator}` says more",
                                                     indicator=late.indicator_id))  # fmt: skip


def _calendars(programme: Programme, as_of: datetime) -> Iterator[Symptom]:
    for calendar in programme.organisation.calendars.values():
        try:
            next_working(calendar, as_of)
        except NoWorkingTime as empty:
            yield _wrong(Check.CALENDARS, empty.message, say("give the calendar working days, then `ancrage apply`"))
        last = max(calendar.holidays, default=None)
        if last is not None and last < (as_of + AHEAD).date():
            yield _soon(
                Check.CALENDARS, say("the holidays of calendar {calendar} end on {last}: later deadlines would fall on holidays",
                                     calendar=calendar.id, last=last.isoformat()),
                say("`ancrage apply` resolves them anew") if calendar.holiday_source
                else say("add the holidays of the coming years to the list, then `ancrage apply`"),
            )  # fmt: skip


def _roles(programme: Programme, as_of: datetime) -> Iterator[Symptom]:
    for role in programme.organisation.roles.values():
        ends = [period.until for period in role.periods]
        known = [end for end in ends if end is not None]
        if ends and len(known) == len(ends) and max(known) <= as_of:
            yield _wrong(
                Check.ROLES, say("nobody holds role {role} since {end}", role=role_label(programme, role.id), end=max(known).isoformat()),
                say("give {role} a holder, then `ancrage apply`", role=role.id),
            )  # fmt: skip
