"""One message for one reader, in their language and zone: subject, text, HTML, calendar part and thread."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ancrage.notices.calendar_part import calendar_part
from ancrage.notices.dates import Clock
from ancrage.notices.notice import (
    Addressee,
    Envelope,
    Gap,
    HistoryLine,
    MailSettings,
    NoticeItem,
    NoticeKind,
    notice_kind,
)
from ancrage.notices.plain import one_line
from ancrage.notices.room import room_text
from ancrage.notices.view import MessageView, by_urgency, message_view

__all__ = [
    "Addressee", "Envelope", "Gap", "HistoryLine", "MailSettings", "NoticeItem", "NoticeKind",
    "notice_kind", "message_id", "thread_id", "render_message",
]

TEMPLATES = Path(__file__).parent / "templates"


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the message known to the outbox as `key`: the same key always gives the same id (ESC-G3)."""
    return f"<{_digest(key)}@{domain}>"


def thread_id(commitment_id: str, domain: str) -> str:
    """The id that every message about one commitment refers to, so that mail programs show them together."""
    return f"<commitment-{_digest(commitment_id)}@{domain}>"


def render_message(
    addressee: Addressee, items: Sequence[NoticeItem], settings: MailSettings, sent_at: datetime, *, key: str
) -> Envelope:
    """One message with every item, the most urgent first (ESC-S5).

    `key` is the outbox's own name of this message. `sent_at` is the logical sending instant (ESC-S6); a later copy carries the
    same. The subject says what is asked and by when; several items are counted. A calendar part carries the deadlines that are
    the reader's own and still ahead. Raises ValueError for no item, or for a link that is not http(s).
    """
    if not items or any(not item.link.startswith(("https://", "http://")) for item in items):
        raise ValueError("a message needs at least one item, and every item a link that starts with https:// or http://")
    ordered = by_urgency(items)
    view = message_view(addressee, ordered, settings)
    text, html = render_view(view)
    return Envelope(
        message_id=message_id(key, settings.domain),
        sender=settings.sender,
        sender_name=one_line(settings.programme.text(addressee.language)),
        to=addressee.email,
        to_name=one_line(addressee.name),
        subject=view.subject,
        text=text,
        html=html,
        sent_at=sent_at,
        room_text=room_text(addressee, ordered),
        calendar=calendar_part(ordered, Clock(addressee.language, addressee.zone), settings.domain, sent_at),
        references=_references(ordered, settings.domain),
        headers=_headers(ordered, addressee, settings),
    )


def render_view(view: MessageView) -> tuple[str, str]:
    """The two bodies of a message: plain text and HTML."""
    return _templates().get_template("message.txt").render(view=view), _templates().get_template("message.html").render(view=view)


def _references(items: Sequence[NoticeItem], domain: str) -> tuple[str, ...]:
    """One commitment, one thread. A digest stays out of all of them: naming several roots would merge their threads into one."""
    commitments = {item.commitment_id for item in items}
    return (thread_id(commitments.pop(), domain),) if len(commitments) == 1 else ()


def _headers(items: Sequence[NoticeItem], addressee: Addressee, settings: MailSettings) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": addressee.language}
    if settings.reply_to:
        headers["Reply-To"] = settings.reply_to
    if any(item.urgent for item in items):
        headers["Importance"] = "high"
    return headers


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
