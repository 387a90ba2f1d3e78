"""What is known of collecting readings, as people see it: the last attempt, what waits to be repaired, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.anchoring.signals import AlertKind
from ancrage.language import Message
from ancrage.storage.codec import unpack_message
from ancrage.storage.collecting import fetch_collections, fetch_open_defects
from ancrage.storage.indicators import fetch_alerts
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CollectionView:
    """The last attempt to collect the readings of one indicator; `message` says why it failed."""

    attempted_at: datetime
    succeeded_at: datetime | None
    outcome: str
    recorded: int
    message: Message | None


@dataclass(frozen=True, slots=True)
class DefectView:
    """Something that waits to be repaired, and the commitment to do so."""

    kind: str
    origin: str
    indicator_id: str | None
    since: datetime
    message: Message
    commitment_id: str | None


@dataclass(frozen=True, slots=True)
class LateView:
    """An indicator whose readings are missing: since when that is known."""

    indicator_id: str
    since: datetime
    message: Message


def view_collections(work: UnitOfWork) -> dict[str, CollectionView]:
    """The last attempt by indicator; those that were never collected are missing."""
    return {
        name: CollectionView(
            row.attempted_at, row.succeeded_at, row.outcome, row.recorded, unpack_message(row.message) if row.message else None
        )
        for name, row in fetch_collections(work).items()
    }


def view_defects(work: UnitOfWork) -> Sequence[DefectView]:
    """What waits to be repaired, oldest first."""
    return [
        DefectView(row.kind, row.origin, row.indicator_id, row.since, unpack_message(row.message), row.commitment_id)
        for row in fetch_open_defects(work)
    ]


def view_late(work: UnitOfWork) -> Sequence[LateView]:
    """Indicators whose readings are late, as the last watch found them, oldest first."""
    return [
        LateView(alert.indicator_id, alert.raised_at, unpack_message(alert.detail["message"]))
        for alert in fetch_alerts(work, only_open=True)
        if alert.detail["kind"] == AlertKind.MISSING
    ]
