"""What happened, for those who hook in: the lines of the journal that somebody outside may want to react to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ancrage.storage.engine import fetch_journal
from ancrage.storage.unit_of_work import UnitOfWork

LOOK_BACK = 500
"""Older news than this is no news."""
NEWSWORTHY: Mapping[str, str] = {
    "campaign_opened": "campaign.opened",
    "campaign_closed": "campaign.closed",
    "alert_raised": "alert.raised",
    "alert_closed": "alert.closed",
    "verdict_changed": "verdict.changed",
    "commitment_opened": "commitment.opened",
    "pass": "commitment.stalled",
}
"""Words of the journal, and how they are called outside. A pass of the ladder is news when it told somebody: nobody had moved."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened."""

    number: int
    """The number of its journal line; later lines have higher ones."""
    at: datetime
    name: str
    subject: str
    """Kind and id: `alert:...`, `campaign:...`."""
    detail: Mapping[str, Any]


def last_news(work: UnitOfWork) -> int:
    """The number of the newest journal line; 0 while there is none."""
    newest = fetch_journal(work, limit=1)
    return newest[0].number if newest else 0


def news_after(work: UnitOfWork, number: int) -> tuple[News, ...]:
    """What happened after journal line `number`, oldest first, at most the last 500 lines."""
    return tuple(
        News(line.number, line.at, NEWSWORTHY[line.what], line.subject, line.detail)
        for line in fetch_journal(work, limit=LOOK_BACK)
        if line.number > number and line.what in NEWSWORTHY and (line.what != "pass" or line.detail.get("notices"))
    )
