"""Files of the drop folder: read outside any transaction, recorded by their content, put away after the commit."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ancrage.domain.indicator_sources import DropSource
from ancrage.domain.programme import Programme
from ancrage.errors import Place, Problem
from ancrage.exchange.collecting.connections import DropFolder
from ancrage.exchange.collecting.drop import (
    REFUSED,
    TAKEN,
    Content,
    Dropped,
    Readiness,
    list_dropped,
    matches,
    put_away,
    read_content,
    read_delivery,
)
from ancrage.exchange.collecting.found import Collected, FoundReading, Wanted, refused
from ancrage.language import Message, say
from ancrage.services.commitments import ENGINE
from ancrage.services.data_defects import Defect, DefectKind, Ledger
from ancrage.services.readings import NewReading, is_news, record_reading
from ancrage.storage.codec import pack_message
from ancrage.storage.collecting import fetch_collections, fetch_deliveries
from ancrage.storage.unit_of_work import UnitOfWork
from models.collecting import CollectionRow, DeliveryRow

AGAIN, WAITING = "again", "waiting"
SECONDS_PER_MINUTE = 60
OVER_WHEN_TAKEN = (DefectKind.REFUSED, DefectKind.AGAIN, DefectKind.WAITING, DefectKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """One file: taken, refused, known already (`again`), or not ready yet (`waiting`)."""

    name: str
    outcome: str
    recorded: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file as it was looked at. Without `content` it is not ready; `wanted_by` are ids of indicators."""

    file: Dropped
    content: Content | None
    found: Collected
    wanted_by: tuple[str, ...]
    why_not: Readiness = Readiness.READY

    @property
    def names_nobody(self) -> bool:
        """Whether no indicator waits for it."""
        return not self.wanted_by


@dataclass(frozen=True, slots=True)
class Dropping:
    """What lay in the drop folder at one look."""

    folder: DropFolder
    deliveries: tuple[Delivery, ...]

    def rehearsed(self, work: UnitOfWork) -> tuple[DeliveryReport, ...]:
        """What recording it would come to, with nothing recorded."""
        known = fetch_deliveries(work, [one.content.digest for one in self.deliveries if one.content])
        reports = []
        for one in self.deliveries:
            if one.content is None:
                reports.append(DeliveryReport(one.file.name, WAITING, 0, (waiting_problem(one),)))
            elif one.content.digest in known and known[one.content.digest].outcome == TAKEN:
                reports.append(DeliveryReport(one.file.name, AGAIN))
            elif one.found.problems:
                reports.append(DeliveryReport(one.file.name, REFUSED, 0, one.found.problems))
            else:
                news = sum(is_news(work, _new_reading(it)) for it in one.found.readings)
                reports.append(DeliveryReport(one.file.name, TAKEN, news))
        return tuple(reports)


class Storehouse(Protocol):
    """A place with units of work."""

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """A unit of work that only reads."""
        ...

    def units(self) -> AbstractContextManager[UnitOfWork]:
        """A new unit of work that commits at the end of its block."""
        ...


def look_at_files(folder: DropFolder, waits: Sequence[tuple[Wanted, DropSource]], wall: float, *, only_theirs: bool) -> Dropping:
    """Every file of the folder, read when it is ready; with `only_theirs` those that `waits` wait for."""
    found = []
    for file in list_dropped(folder, wall):
        wanted = [(one, source) for one, source in waits if matches(file, source)]
        if wanted or not only_theirs:
            found.append(_look_at(file, wanted))
    return Dropping(folder, tuple(found))


def _look_at(file: Dropped, wanted: Sequence[tuple[Wanted, DropSource]]) -> Delivery:
    names = tuple(one.indicator_id for one, _ in wanted)
    if file.readiness is not Readiness.READY:
        return Delivery(file, None, Collected(), names, file.readiness)
    content = read_content(file)
    if isinstance(content, Readiness):
        return Delivery(file, None, Collected(), names, content)
    if not wanted:
        message = say("no indicator waits for this file")
        hint = say("declare a source that drops it, or give the file a name that is waited for")
        return Delivery(file, content, refused("E-COLLECT-UNKNOWN", message, file.name, hint), names)
    return Delivery(file, content, read_delivery(file, content, wanted), names)


def waiting_problem(one: Delivery) -> Problem:
    """Why a file is not taken yet."""
    if one.why_not is Readiness.LOCKED:
        message, hint = say("the file is open in another program"), say("close it there")
    else:
        message, hint = say("the file is still being written"), say("it is taken when nobody has changed it for a while")
    return Problem("E-COLLECT-WAITING", message, Place(one.file.name), hint=hint)


def record_files(work: UnitOfWork, programme: Programme, dropping: Dropping, ledger: Ledger) -> tuple[DeliveryReport, ...]:
    """Record what the files say, each by its content once, and tell their owners what is wrong."""
    known = fetch_deliveries(work, [one.content.digest for one in dropping.deliveries if one.content])
    late = [one for one in dropping.deliveries if one.content is None and _is_patience_over(one, dropping.folder)]
    ledger.over_unless(DefectKind.WAITING, [one.file.name for one in late])
    for one in late:
        _tell(programme, ledger, DefectKind.WAITING, one, waiting_problem(one).message)
    return tuple(_record_file(work, programme, one, known, ledger) for one in dropping.deliveries)


def _is_patience_over(one: Delivery, folder: DropFolder) -> bool:
    return one.file.still_seconds > folder.patience_minutes * SECONDS_PER_MINUTE


def _record_file(
    work: UnitOfWork, programme: Programme, one: Delivery, known: dict[str, DeliveryRow], ledger: Ledger
) -> DeliveryReport:
    if one.content is None:
        return DeliveryReport(one.file.name, WAITING, 0, (waiting_problem(one),))
    row = known.get(one.content.digest)
    if row is not None and row.outcome == TAKEN:
        return _known_already(work, programme, one, row, ledger)
    if row is None:
        row = known[one.content.digest] = DeliveryRow(
            programme_id=work.programme_id, digest=one.content.digest, name=one.file.name[:400], outcome=REFUSED, seen_at=ledger.as_of
        )
    row.put_away_at = None
    if one.found.problems:
        _refuse(work, programme, one, ledger)
        row.outcome = REFUSED
    else:
        _take(work, programme, one, row, ledger)
    work.session.add(row)
    work.flush()
    return DeliveryReport(one.file.name, row.outcome, row.recorded if row.outcome == TAKEN else 0, one.found.problems)


def _known_already(work: UnitOfWork, programme: Programme, one: Delivery, row: DeliveryRow, ledger: Ledger) -> DeliveryReport:
    """The same content changes nothing. Where the first one was never put away, this is that file, and nobody sent it twice."""
    if row.put_away_at is not None or row.name != one.file.name[:400]:
        message = say("{name} was delivered before, on {day}, with the same content; nothing changes", name=one.file.name,
                      day=row.seen_at.date())  # fmt: skip
        if _tell(programme, ledger, DefectKind.AGAIN, one, message):
            work.record(ledger.as_of, ENGINE, "delivery_again", _subject(one), name=one.file.name)
        row.put_away_at = None
        work.session.add(row)
    return DeliveryReport(one.file.name, AGAIN)


def _take(work: UnitOfWork, programme: Programme, one: Delivery, row: DeliveryRow, ledger: Ledger) -> None:
    at = ledger.as_of
    recorded = [
        record_reading(work, programme, _new_reading(it, one.file.name), ENGINE, "csv", at) for it in one.found.readings
    ]
    row.outcome, row.rows, row.recorded = TAKEN, len(recorded), sum(recorded)
    work.record(at, ENGINE, "delivery_taken", _subject(one), name=one.file.name, readings=row.rows, recorded=row.recorded)
    ledger.over(OVER_WHEN_TAKEN, one.file.name)
    _note_attempts(work, one, at, None)


def _new_reading(it: FoundReading, note: str = "") -> NewReading:
    return NewReading(it.indicator_id, it.day, it.value, it.numerator, it.denominator, it.note or note)


def _refuse(work: UnitOfWork, programme: Programme, one: Delivery, ledger: Ledger) -> None:
    first, more = one.found.problems[0], len(one.found.problems) - 1
    place = str(first.place or one.file.name)
    message = say("{place}: {message}", place=place, message=first.message)
    if more:
        message = say("{place}: {message} (and {count} more)", place=place, message=first.message, count=more)
    kind = DefectKind.UNKNOWN if one.names_nobody else DefectKind.REFUSED
    if _tell(programme, ledger, kind, one, message):
        work.record(ledger.as_of, ENGINE, "delivery_refused", _subject(one), name=one.file.name, code=first.code, problems=more + 1)
    _note_attempts(work, one, ledger.as_of, message)


def _note_attempts(work: UnitOfWork, one: Delivery, at: datetime, message: Message | None) -> None:
    rows = fetch_collections(work)
    for name in one.wanted_by:
        row = rows.get(name) or CollectionRow(programme_id=work.programme_id, indicator_id=name, attempted_at=at, outcome="")
        row.attempted_at, row.message = at, pack_message(message) if message else None
        row.outcome, row.recorded = ("failed", 0) if message else ("recorded", sum(it.indicator_id == name for it in one.found.readings))
        if message is None:
            row.succeeded_at = at
        work.session.add(row)
    work.flush()


def _tell(programme: Programme, ledger: Ledger, kind: DefectKind, one: Delivery, message: Message) -> bool:
    """Tell each owner once: of several indicators of one owner the first stands for all. Whether anybody was told."""
    firsts: dict[str, str] = {}
    for name in one.wanted_by:
        firsts.setdefault(programme.indicators[name].owner, name)
    told = [ledger.tell(Defect(kind, one.file.name, name, message)) for name in firsts.values()]
    return any(told) if told else ledger.tell(Defect(kind, one.file.name, None, message))


def _subject(one: Delivery) -> str:
    assert one.content is not None, "only what was read is recorded"
    return f"delivery:{one.content.digest[:16]}"


def put_files_away(place: Storehouse, dropping: Dropping, as_of: datetime) -> None:
    """Move every recorded file of the look to where it belongs; what cannot be moved now is moved by the next run."""
    looked_at = [(one, one.content.digest) for one in dropping.deliveries if one.content is not None]
    if not looked_at:
        return
    with place.reading() as work:
        outcomes = {digest: row.outcome for digest, row in fetch_deliveries(work, [digest for _, digest in looked_at]).items()}
    moved = []
    for one, digest in looked_at:
        report = report_of(one) if outcomes.get(digest) == REFUSED else ""
        if digest in outcomes and put_away(dropping.folder, one.file.path, one.file.name, digest, outcomes[digest], report):
            moved.append(digest)
    with place.units() as work:
        for row in fetch_deliveries(work, moved).values():
            row.put_away_at = as_of
            work.session.add(row)


def report_of(one: Delivery) -> str:
    """The report beside a refused file: every problem with its place and what to do, in both languages."""
    lines = []
    for language in ("fr", "en"):
        head = say("{path}: {count} problems; no reading was taken", path=one.file.name, count=len(one.found.problems))
        lines.append(head.text(language))
        for problem in one.found.problems:
            hint = f" ({problem.hint.text(language)})" if problem.hint else ""
            lines.append(f"- {problem.place or one.file.name}: {problem.code}: {problem.message.text(language)}{hint}")
        lines.append("")
    return "\n".join(lines)
