"""A message as it stands in a room that others read too: what is owed, by when, by whom; no link, no greeting, no private reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ancrage.language import Label, Message, say
from ancrage.notices import wording
from ancrage.notices.dates import Clock
from ancrage.notices.notice import Addressee, NoticeItem
from ancrage.notices.plain import one_line


def room_text(addressee: Addressee, items: Sequence[NoticeItem]) -> str:
    """Plain text, in the language and zone of the person the message is for, whom it names."""
    clock = Clock(addressee.language, addressee.zone)
    told = say("Told now: {name}. The link to answer by is theirs alone, and comes to them by mail.", name=one_line(addressee.name))
    return "\n\n".join([*(_item(item, clock) for item in items), told.text(clock.language)])


def _item(item: NoticeItem, clock: Clock) -> str:
    due = wording.deadline_of(item.due, clock)
    facts: list[tuple[Message, Message | Label]] = [
        (say("What was promised"), item.promised),
        (say("Deadline"), say("{deadline} (overdue)", deadline=due) if item.overdue else due),
    ]
    if item.contract:
        facts.append((say("Contract"), item.contract))
    lines = [
        say("[{badge}] {title}", badge=wording.badge(replace(item, mine=False)), title=one_line(item.title.text(clock.language))),
        wording.in_a_room(item),
        *(say("{name}: {value}", name=name, value=one_line(value.text(clock.language))) for name, value in facts),
    ]
    return "\n".join(one_line(line.text(clock.language)) for line in lines)
