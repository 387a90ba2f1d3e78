"""The words of every kind of notice. Sentences only: `view` puts them in their places."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from ancrage.language import N_, Message, say
from ancrage.notices.contract_words import BADGES, asked_about_contract, contract_in_a_room, lead_about_contract
from ancrage.notices.dates import Clock
from ancrage.notices.notice import Gap, NoticeItem, NoticeKind

WAIVERS = frozenset({NoticeKind.WAIVER_ASKED, NoticeKind.WAIVER_REFUSED})


NOTES: Mapping[NoticeKind, str] = {
    NoticeKind.FEEDBACK: N_("What your engagement changed"),
    NoticeKind.PUBLIC_LINE: N_("What was promised and kept"),
}


def badge(item: NoticeItem) -> Message:
    """Two or three words in front of everything else."""
    match item.kind:
        case NoticeKind.REMINDER:
            return say("Reminder")
        case NoticeKind.DUE:
            return say("Deadline reached")
        case NoticeKind.ESCALATION:
            return say("Overdue") if item.mine else say("Escalated to you")
        case NoticeKind.REPEAT:
            return say("Still open")
        case NoticeKind.LAPSED:
            return say("Acknowledgement ended")
        case NoticeKind.ASSIGNED:
            return say("Now yours")
        case NoticeKind.FALLBACK:
            return say("Nobody else could be told")
        case NoticeKind.WAIVER_ASKED:
            return say("A waiver is asked for")
        case NoticeKind.WAIVER_REFUSED:
            return say("Not waived")
        case _:
            return Message({**BADGES, **NOTES}[item.kind])


def lead(item: NoticeItem) -> Message:
    """Why this notice comes now, to this reader."""
    if item.note is not None:
        return item.note.headline
    if item.kind in WAIVERS:
        return _lead_about_waiver(item)
    if item.kind in BADGES:
        return lead_about_contract(item)
    return _lead_to_responsible(item) if item.mine else _lead_to_others(item)


def _lead_about_waiver(item: NoticeItem) -> Message:
    who = item.asked_by or say("Somebody")
    if item.kind is NoticeKind.WAIVER_ASKED:
        return say("{who} asks to be let off, with this reason: “{reason}”.", who=who, reason=item.reason or "-")
    return say("{who} does not waive it, with this reason: “{reason}”.", who=who, reason=item.reason or "-")


def in_a_room(item: NoticeItem) -> Message:
    """Why this notice comes now, where others read it too: reasons that people gave stay between them."""
    if item.kind in BADGES:
        return contract_in_a_room(item)
    match item.kind:
        case NoticeKind.WAIVER_ASKED:
            return say("{who} asks to be let off.", who=item.asked_by or say("Somebody"))
        case NoticeKind.WAIVER_REFUSED:
            return say("It is not waived. Still waiting for: {who}.", who=responsible(item))
        case _:
            return _lead_to_others(item)


def _lead_to_responsible(item: NoticeItem) -> Message:
    match item.kind:
        case NoticeKind.REMINDER:
            return say("The deadline is near, and this is still expected of you.")
        case NoticeKind.DUE:
            return say("The deadline has come, and this is still expected of you.")
        case NoticeKind.ESCALATION:
            return say("The deadline has passed without an answer. Others are told now, and this is still expected of you.")
        case NoticeKind.REPEAT:
            return say("There is still no answer. This is message number {occurrence} of the same step.", occurrence=item.occurrence)
        case NoticeKind.LAPSED:
            return say("The acknowledgement has come to its end, and this is still expected of you.")
        case NoticeKind.ASSIGNED:
            return say("From now on, this is expected of you. The deadline has not moved.")
        case NoticeKind.FALLBACK:
            return say("This is expected of you, and nobody else could be told.")
        case _:
            return _lead_about_waiver(item)


def _lead_to_others(item: NoticeItem) -> Message:
    who = responsible(item)
    match item.kind:
        case NoticeKind.REMINDER:
            return say("The deadline is near. Still waiting for: {who}.", who=who)
        case NoticeKind.DUE:
            return say("The deadline has come. Still waiting for: {who}.", who=who)
        case NoticeKind.ESCALATION:
            return say("The deadline has passed without an answer, so this now comes to you. Still waiting for: {who}.", who=who)
        case NoticeKind.REPEAT:
            return say(
                "There is still no answer. This is message number {occurrence} of the same step. Still waiting for: {who}.",
                occurrence=item.occurrence, who=who,
            )
        case NoticeKind.LAPSED:
            return say("The acknowledgement has come to its end without an answer. Still waiting for: {who}.", who=who)
        case NoticeKind.ASSIGNED:
            return say("From now on, this is expected of: {who}. The deadline has not moved.", who=who)
        case NoticeKind.FALLBACK:
            return say("None of the people concerned could be told, so this comes to you. Still waiting for: {who}.", who=who)
        case _:
            return _lead_about_waiver(item)


def asked(item: NoticeItem) -> Message:
    """What the reader is to do."""
    if item.asked is not None:
        return item.asked
    if item.note is not None:
        return say("Nothing is asked of you.")
    if item.kind is NoticeKind.WAIVER_ASKED:
        return say("Please decide: waive it, or refuse. Until you do, everything goes on.")
    if item.kind in BADGES and not item.mine:
        return asked_about_contract()
    if item.mine:
        return say("Say that it is done, acknowledge it until a date, delegate it, or ask for a waiver.")
    if item.kind is NoticeKind.FALLBACK:
        return say("Please find who can answer, or decide it yourself.")
    return say("Please see what stands in the way, and help it to be answered.")


def button(item: NoticeItem) -> Message:
    """What opening the page is for."""
    if item.kind is NoticeKind.WAIVER_ASKED:
        return say("Open and decide")
    return say("Open and answer") if item.mine else say("Open and see")


def responsible(item: NoticeItem) -> str | Message:
    return item.responsible or say("nobody holds this role")


def replaced(item: NoticeItem) -> Message | None:
    """In whose place the reader receives it (ESC-W3)."""
    return say("You receive this in place of {absent}, who is away.", absent=item.in_place_of) if item.in_place_of else None


def deadline_of(due: datetime, clock: Clock) -> Message:
    """The deadline as a date or an instant; the end of a day is named by that day (ESC-D2)."""
    if clock.is_end_of_day(due):
        return say("{day}, end of the day", day=clock.last_day(due))
    return moment(due, clock)


def by_when(item: NoticeItem, clock: Clock) -> Message:
    """The deadline inside a subject."""
    if item.overdue:
        return say("was due {deadline}", deadline=deadline_of(item.due, clock))
    return say("by {deadline}", deadline=deadline_of(item.due, clock))


def moment(instant: datetime, clock: Clock) -> Message:
    return say("{day} at {time}", day=clock.day(instant), time=clock.time(instant))


def spoken(message: Message, clock: Clock) -> str:
    """A message in the reader's language, with the instants and days inside it as that reader reads them."""
    return Message(message.template, {name: _spoken(value, clock) for name, value in message.values.items()}).text(clock.language)


def _spoken(value: object, clock: Clock) -> object:
    match value:
        case Message():
            return spoken(value, clock)
        case datetime():
            return moment(value, clock)
        case date():
            return clock.of_date(value)
        case _:
            return value


def gap(stopped: Gap, clock: Clock) -> Message:
    """The engine was stopped (ESC-C5)."""
    return say(
        "The engine was stopped from {since} to {until}: no message could leave in between.",
        since=moment(stopped.since, clock), until=moment(stopped.until, clock),
    )


def subject(item: NoticeItem, clock: Clock, title: str) -> Message:
    """What is asked and by when, of one item; of a note, what it is about."""
    if item.note is not None:
        return say("{badge}: {title}", badge=badge(item), title=title)
    if item.kind is NoticeKind.WAIVER_ASKED and item.asked_by:
        return say(
            "{badge}: {title}, {by_when} (asked by: {who})",
            badge=badge(item), title=title, by_when=by_when(item, clock), who=item.asked_by,
        )
    if item.in_place_of:
        return say(
            "{badge}: {title}, {by_when} (in place of {absent})",
            badge=badge(item), title=title, by_when=by_when(item, clock), absent=item.in_place_of,
        )
    if not item.mine:
        return say(
            "{badge}: {title}, {by_when} (waiting for: {who})",
            badge=badge(item), title=title, by_when=by_when(item, clock), who=responsible(item),
        )
    return say("{badge}: {title}, {by_when}", badge=badge(item), title=title, by_when=by_when(item, clock))


def digest_subject(count: int, first: NoticeItem, clock: Clock, title: str) -> Message:
    """How many items, and the most urgent of them."""
    return say("{count} requests, first: {title}, {by_when}", count=count, title=title, by_when=by_when(first, clock))


def notes_subject(count: int, title: str) -> Message:
    """Several notes, and nothing asked."""
    return say("{count} notes, first: {title}", count=count, title=title)


def adds(sender: str, sentence: str) -> Message | None:
    """What the sender of a note adds in their own words."""
    return say("{sender} adds: “{sentence}”", sender=sender, sentence=sentence) if sentence else None
