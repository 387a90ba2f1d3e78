"""The lines of an explanation, and what several explainers tell in the same words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ancrage.errors import NotFound
from ancrage.language import Message, say
from ancrage.services.journal_words import journal_words
from ancrage.storage.codec import unpack_message
from ancrage.storage.indicators import fetch_reading
from ancrage.storage.unit_of_work import UnitOfWork
from models.engine import JournalRow
from models.indicators import AlertRow


@dataclass(frozen=True, slots=True)
class ExplanationLine:
    """One fact: when (None: it is a definition), the rule it follows from (empty: none), what; `follow` names where to go on."""

    what: Message
    at: datetime | None = None
    rule: str = ""
    follow: str = ""


def missing(kind: str, identity: str) -> NotFound:
    """The refusal to explain something that does not exist."""
    return NotFound(say("there is no {kind} {id}", kind=kind, id=identity))


def journal_lines(rows: Sequence[JournalRow]) -> Iterator[ExplanationLine]:
    """What passes and people did, each with the rules it went by."""
    for row in rows:
        reasons = row.detail.get("reasons") or []
        for reason in reasons:
            yield ExplanationLine(unpack_message(reason), row.at, reason["rule"])
        if not reasons and row.what not in ("commitment_opened",):
            yield ExplanationLine(_plain(row), row.at)


def _plain(row: JournalRow) -> Message:
    facts = ", ".join(f"{name}={_short(value)}" for name, value in row.detail.items() if value not in (None, "", []))
    return say("{what}, by {by} ({facts})", what=journal_words(row.what), by=_actor(row.actor), facts=facts or "-")


def _actor(actor: str) -> str | Message:
    return say("the engine") if actor == "engine" else actor


def _short(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= 120 else text[:117] + "..."


def reading_behind(work: UnitOfWork, alert: AlertRow) -> Iterator[ExplanationLine]:
    """The reading that raised an alert, with who recorded it; nothing where no reading did."""
    if alert.reading_day is None:
        return
    reading = fetch_reading(work, alert.indicator_id, alert.reading_day)
    if reading is not None:
        figure = reading.value if reading.value is not None else f"{reading.numerator:g} / {reading.denominator:g}"
        yield ExplanationLine(
            say("reading of {day}: {figure}, recorded by {by}, revision {revision}", day=reading.day, figure=figure, by=reading.recorded_by,
                revision=reading.revision),
            reading.recorded_at, follow=f"indicator:{reading.indicator_id}",
        )  # fmt: skip
