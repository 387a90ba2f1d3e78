"""When each part of the engine made its last pass."""

from __future__ import annotations

from datetime import datetime

from ancrage.storage.engine import fetch_last_pass, save_last_pass
from ancrage.storage.unit_of_work import UnitOfWork


def last_pass(work: UnitOfWork, stage: str) -> datetime | None:
    """When `stage` made its last pass, or None before the first."""
    return fetch_last_pass(work, stage)


def record_pass(work: UnitOfWork, stage: str, at: datetime) -> None:
    """Record that `stage` has made its pass at `at`."""
    save_last_pass(work, stage, at)
