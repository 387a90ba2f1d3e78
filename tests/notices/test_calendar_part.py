"""The calendar file of a message, read back by a small strict reader of RFC 5545."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ancrage.language import Label
from ancrage.notices.message import Envelope, NoticeItem

Build = Callable[..., NoticeItem]
Render = Callable[..., Envelope]


def events(calendar: str | None) -> list[dict[str, str]]:
    """The properties of each VEVENT; asserts line ends, folding, nesting and the properties RFC 5545 requires."""
    assert calendar is not None
    assert calendar.endswith("\r\n")
    physical = calendar.removesuffix("\r\n").split("\r\n")
    assert all(len(line.encode()) <= 75 and "\n" not in line and "\r" not in line for line in physical)
    lines = "\r\n".join(physical).replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert {"VERSION:2.0", "METHOD:PUBLISH"} < set(lines)
    found: list[dict[str, str]] = []
    for line in lines:
        name, value = re.fullmatch(r"([A-Z-]+(?:;[A-Z-]+=[A-Z-]+)*):(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name not in ("BEGIN", "END"):
            assert name not in found[-1]
            found[-1][name] = re.sub(r"\\(.)", r"\1", value)
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == len(found)
    assert all({"UID", "DTSTAMP", "SUMMARY"} <= set(event) for event in found)
    return found


def test_the_end_of_a_day_is_a_whole_day(item: Build, render: Render) -> None:
    (event,) = events(render(item()).calendar)
    assert (event["DTSTART;VALUE=DATE"], event["DTEND;VALUE=DATE"]) == ("20260216", "20260217")
    assert event["SUMMARY"] == "Échéance\u00a0: Répondre à l’alerte sur les incidents"
    assert event["TRANSP"] == "TRANSPARENT"


def test_an_hour_is_the_half_hour_that_ends_there(item: Build, render: Render) -> None:
    (event,) = events(render(item(due=datetime(2026, 2, 16, 15, 0, tzinfo=UTC)), language="en").calendar)
    assert (event["DTSTART"], event["DTEND"]) == ("20260216T143000Z", "20260216T150000Z")


def test_a_later_message_replaces_the_event_of_an_earlier_one(item: Build, render: Render) -> None:
    sent = datetime(2026, 2, 13, 8, 0, tzinfo=UTC)
    (first,) = events(render(item(), sent_at=sent).calendar)
    (second,) = events(render(item(due=item().due + timedelta(days=1)), sent_at=sent + timedelta(days=1), key="other").calendar)
    assert first["UID"] == second["UID"]
    assert int(first["SEQUENCE"]) < int(second["SEQUENCE"])


@pytest.mark.parametrize("changes", [{"overdue": True}, {"mine": False}])
def test_what_is_past_or_not_the_readers_own_has_no_event(item: Build, render: Render, changes: dict[str, bool]) -> None:
    assert render(item(**changes)).calendar is None


def test_a_digest_has_one_event_for_each_commitment(item: Build, render: Render) -> None:
    calendar = render(item(), item(step_id="due"), item(commitment_id="two"), item(commitment_id="late", overdue=True)).calendar
    assert len(events(calendar)) == 2


def test_signs_of_the_format_inside_a_label_stay_text(item: Build, render: Render) -> None:
    hostile = "a;b,c\\n\r\nEND:VEVENT\r\nBEGIN:VALARM é" + "é" * 100
    (event,) = events(render(item(title=Label.same(hostile))).calendar)
    assert event["SUMMARY"].endswith("a;b,c\\n END:VEVENT BEGIN:VALARM é" + "é" * 100)


def test_the_calendar_holds_no_link(item: Build, render: Render) -> None:
    assert "ancrage.example" not in str(render(item()).calendar)
