"""The deadlines of a message as an iCalendar file (RFC 5545): one event per commitment, kept up to date by its UID."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from ancrage.language import say
from ancrage.notices.dates import Clock
from ancrage.notices.notice import NoticeItem
from ancrage.notices.plain import one_line

_SEQUENCE_ORIGIN = datetime(2026, 1, 1, tzinfo=UTC)
_SHOWN_FOR = timedelta(minutes=30)


def calendar_part(items: Sequence[NoticeItem], clock: Clock, domain: str, sent_at: datetime) -> str | None:
    """The reader's own deadlines that are still ahead, or None. Lines end by CRLF and are folded at 75 bytes."""
    dated = {item.commitment_id: item for item in items if item.mine and not item.overdue}
    if not dated:
        return None
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ancrage//Notices//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    for item in dated.values():
        lines += _event(item, clock, domain, sent_at)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(item: NoticeItem, clock: Clock, domain: str, sent_at: datetime) -> list[str]:
    title = one_line(item.title.text(clock.language))
    summary = say("Deadline: {title}", title=title).text(clock.language)
    return [
        "BEGIN:VEVENT",
        f"UID:{hashlib.sha256(item.commitment_id.encode()).hexdigest()[:32]}@{domain}",
        f"DTSTAMP:{_utc(sent_at)}",
        # A later message about the same commitment replaces the event of an earlier one, also where the deadline has moved.
        f"SEQUENCE:{max(0, int((sent_at - _SEQUENCE_ORIGIN).total_seconds()) // 60)}",
        *_when(item, clock),
        f"SUMMARY:{_escaped(summary)}",
        f"DESCRIPTION:{_escaped(one_line(item.promised.text(clock.language)))}",
        "TRANSP:TRANSPARENT",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def _when(item: NoticeItem, clock: Clock) -> Iterator[str]:
    """A whole day where the deadline is the end of the reader's day; otherwise the half hour that ends at the deadline."""
    if clock.is_end_of_day(item.due):
        yield f"DTSTART;VALUE=DATE:{clock.local(item.due - timedelta(seconds=1)):%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{clock.local(item.due):%Y%m%d}"
    else:
        yield f"DTSTART:{_utc(item.due - _SHOWN_FOR)}"
        yield f"DTEND:{_utc(item.due)}"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Pieces of at most 75 bytes, never cutting a character; continuation lines start with a space."""
    piece, size = "", 0
    for character in line:
        width = len(character.encode())
        if size + width > 75:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + width
    yield piece
