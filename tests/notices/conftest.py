"""Builders of this room: one commitment as a notice, one reader, one sender; every one with all defaults."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ancrage.language import Label, say
from ancrage.notices.message import Addressee, Envelope, HistoryLine, MailSettings, NoticeItem, NoticeKind, render_message

PARIS = "Europe/Paris"
SETTINGS = MailSettings(sender="ancrage@valmont.example", domain="valmont.example", programme=Label(fr="DSI Valmont", en="Valmont IT"))
FRIDAY = datetime(2026, 2, 13, 8, 0, tzinfo=UTC)
END_OF_MONDAY = datetime(2026, 2, 16, 23, 0, tzinfo=UTC)
"""24:00 of Monday 16 February in Paris."""


@pytest.fixture
def item() -> Callable[..., NoticeItem]:
    def build(kind: NoticeKind = NoticeKind.REMINDER, **changes: object) -> NoticeItem:
        values: dict[str, object] = {
            "commitment_id": "0b1f6a52-react_incident_alert",
            "title": Label(fr="Répondre à l’alerte sur les incidents", en="Answer the alert on the incidents"),
            "kind": kind,
            "step_id": "remind",
            "occurrence": 1,
            "promised": Label(fr="Je réponds à chaque alerte en deux jours ouvrés.", en="I answer every alert within two working days."),
            "due": END_OF_MONDAY,
            "overdue": False,
            "link": "https://ancrage.example/c/abc.def",
            "responsible": "Anne Dubois",
            "why": say("{value}, {limit}", value=72, limit=60),
            "contract": Label(fr="Contrat des incidents", en="Contract on incidents"),
            "history": (HistoryLine(datetime(2026, 2, 12, 15, 0, tzinfo=UTC), say("{n}", n="72")),),
        }
        return NoticeItem(**{**values, **changes})  # type: ignore[arg-type]

    return build


@pytest.fixture
def anne() -> Callable[..., Addressee]:
    def build(language: str = "fr", zone: str = PARIS, **changes: str) -> Addressee:
        values = {"person_id": "anne", "name": "Anne Dubois", "email": "anne.dubois@valmont.example"}
        return Addressee(**{**values, "language": language, "zone": zone, **changes})

    return build


@pytest.fixture
def render(anne: Callable[..., Addressee]) -> Callable[..., Envelope]:
    def build(
        *items: NoticeItem, to: Addressee | None = None, sent_at: datetime = FRIDAY, key: str = "message 1", **reader: str
    ) -> Envelope:
        return render_message(to or anne(**reader), items, SETTINGS, sent_at, key=key)

    return build
