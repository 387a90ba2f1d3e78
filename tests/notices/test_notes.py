"""A note gives something back: nothing is asked, no deadline is shown, and requests in the same message come first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from ancrage.language import Label, say
from ancrage.notices.message import Envelope, NoticeItem, NoticeKind
from ancrage.notices.notice import NoteWords

Build = Callable[..., NoticeItem]
Render = Callable[..., Envelope]
WORDS = NoteWords(
    say("{quarter}: your answers: {answers}. Too early to say what they changed.", quarter="2026-Q2", answers=2),
    ((Label(fr="Je préside le comité.", en="I chair the committee."), (say("Nothing that is measured has moved since."),)),
     (say("What else moved in your perimeter"), (say("Action done: “{action}”.", action=Label(fr="Trier", en="Sort")),))),
    "Merci.", "Chloé Martin",
)  # fmt: skip


def note(item: Build, words: NoteWords = WORDS, kind: NoticeKind = NoticeKind.FEEDBACK, title: str = "2026-Q2") -> NoticeItem:
    return item(kind, title=Label.same(title), mine=False, history=(), why=None, contract=None, note=words)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_note_asks_nothing_and_shows_no_deadline(item: Build, render: Render, language: str) -> None:
    envelope = render(note(item), language=language)
    for text in (envelope.text, envelope.html):
        assert {"fr": "Je préside le comité", "en": "I chair the committee"}[language] in text
        assert {"fr": "16 février", "en": "16 February"}[language] not in text
        assert "Merci." in text
    assert envelope.calendar is None


def test_its_subject_says_what_it_is_about(item: Build, render: Render) -> None:
    assert render(note(item), language="en").subject == "What your engagement changed: 2026-Q2"
    public = note(item, NoteWords(say("x"), (), "", "Chloé"), NoticeKind.PUBLIC_LINE, "Incident contract")
    assert render(public, language="en").subject == "What was promised and kept: Incident contract"
    assert render(note(item), public, language="en").subject.startswith("2 notes, first: ")


def test_requests_come_before_notes_and_are_counted_alone(item: Build, render: Render) -> None:
    one = render(note(item), item(), language="en")
    assert one.subject.startswith("Reminder: Answer the alert")
    assert one.text.index("[Reminder]") < one.text.index("[What your engagement changed]")
    two = render(note(item), item(), item(commitment_id="other"), language="en")
    assert two.subject.startswith("2 requests, first: ")


def test_days_inside_a_note_are_read_as_the_reader_reads_them(item: Build, render: Render) -> None:
    words = NoteWords(say("No promise has come due since {since}.", since=date(2026, 4, 1)), (), "", "Chloé")
    assert "Wednesday 1 April 2026" in render(note(item, words), language="en").text
