"""What the templates of a message read: every sentence already in the reader's language, every label on one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ancrage.language import Label, Message, say
from ancrage.notices import wording
from ancrage.notices.dates import Clock
from ancrage.notices.notice import Addressee, MailSettings, NoteWords, NoticeItem, NoticeKind
from ancrage.notices.plain import one_line

LONGEST_TITLE = 90
LONGEST_SUBJECT = 160


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of an item."""

    name: str
    value: str
    line: str
    """Both, for text: French and English put different spaces around the colon."""


@dataclass(frozen=True, slots=True)
class ItemView:
    """One request of the message. `tone` is "calm", "late" or "urgent"; the badge says the same in words."""

    badge: str
    tone: str
    title: str
    lead: str
    asked: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    history_title: str
    history: tuple[Row, ...]
    button: str
    link: str


@dataclass(frozen=True, slots=True)
class MessageView:
    """The whole message. `intro` is empty where there is one item: its own words say everything."""

    language: str
    subject: str
    preheader: str
    programme: str
    greeting: str
    intro: str
    items: tuple[ItemView, ...]
    footer: tuple[str, ...]


def by_urgency(items: Sequence[NoticeItem]) -> list[NoticeItem]:
    """Urgent ones, then the reader's own, then by deadline, notes last; the order of arrival does not count."""
    return sorted(
        items,
        key=lambda item: (
            not item.urgent, item.note is not None, not item.mine, item.due, item.commitment_id, item.step_id, item.occurrence
        ),
    )  # fmt: skip


def message_view(addressee: Addressee, items: Sequence[NoticeItem], settings: MailSettings) -> MessageView:
    """`items` in the order they are shown. Same values, same view."""
    language = addressee.language
    clock = Clock(language, addressee.zone)
    first = items[0]
    programme = one_line(settings.programme.text(language))
    asked = sum(item.note is None for item in items)
    intro = say("{count} requests concern you. The most urgent comes first.", count=asked).text(language) if asked > 1 else ""
    footer = (
        say("The links are yours alone. Opening one changes nothing: only the buttons of the page act."),
        say("Times are those of {zone}.", zone=addressee.zone.replace("_", " ")),
        say("Sent by Ancrage, the engine that keeps the commitments of “{programme}”.", programme=programme),
    )
    return MessageView(
        language=language,
        subject=one_line(_subject(items, clock).text(language)),
        preheader=intro or one_line(wording.lead(first).text(language)),
        programme=programme,
        greeting=say("Hello {name},", name=one_line(addressee.name)).text(language),
        intro=intro,
        items=tuple(_item_view(item, clock, addressee.name) for item in items),
        footer=tuple(line.text(language) for line in footer),
    )


def _subject(items: Sequence[NoticeItem], clock: Clock) -> Message:
    asked = [item for item in items if item.note is None] or items
    title = one_line(asked[0].title.text(clock.language), LONGEST_TITLE)
    if len(asked) == 1:
        return wording.subject(asked[0], clock, title)
    if asked[0].note is not None:
        return wording.notes_subject(len(asked), title)
    return wording.digest_subject(len(asked), asked[0], clock, title)


def _item_view(item: NoticeItem, clock: Clock, reader: str) -> ItemView:
    language = clock.language
    added = wording.adds(item.note.sender, item.note.sentence) if item.note else None
    notes = [added, wording.replaced(item), *(wording.gap(stopped, clock) for stopped in item.gaps)]
    return ItemView(
        badge=wording.badge(item).text(language),
        tone="urgent" if item.urgent else "late" if item.overdue or item.kind is NoticeKind.ESCALATION else "calm",
        title=one_line(item.title.text(language)),
        lead=one_line(wording.spoken(wording.lead(item), clock)),
        asked=one_line(wording.spoken(wording.asked(item), clock)),
        rows=tuple(_rows(item, clock, reader)),
        notes=tuple(one_line(note.text(language)) for note in notes if note is not None),
        history_title=say("What has happened so far").text(language),
        history=tuple(_row(wording.moment(line.at, clock), wording.spoken(line.what, clock), language) for line in item.history),
        button=wording.button(item).text(language),
        link=item.link,
    )


def _rows(item: NoticeItem, clock: Clock, reader: str) -> list[Row]:
    if item.note is not None:
        return list(_told(item.note, clock))
    due = wording.deadline_of(item.due, clock)
    shown: list[tuple[Message, Message | Label | str | None]] = [
        (say("What was promised"), item.promised),
        (say("Deadline"), say("{deadline} (overdue)", deadline=due) if item.overdue else due),
        (say("Why now"), wording.spoken(item.why, clock) if item.why else None),
        (say("Expected from"), None if item.responsible == reader else wording.responsible(item)),
        (say("Contract"), item.contract),
    ]
    return [_row(name, value, clock.language) for name, value in shown if value is not None]


def _told(note: NoteWords, clock: Clock) -> Iterator[Row]:
    """What became of each subject, its sentences one after the other."""
    for name, lines in note.told:
        said = " ".join(wording.spoken(line, clock) for line in lines)
        subject = wording.spoken(name, clock) if isinstance(name, Message) else name.text(clock.language)
        text = one_line(subject, LONGEST_SUBJECT)
        yield Row(text, one_line(said), say("{name}: {value}", name=text, value=one_line(said)).text(clock.language))


def _row(name: Message, value: Message | Label | str, language: str) -> Row:
    words = _shown(value, language)
    return Row(name.text(language), words, say("{name}: {value}", name=name, value=words).text(language))


def _shown(value: Message | Label | str, language: str) -> str:
    return one_line(value if isinstance(value, str) else value.text(language))
