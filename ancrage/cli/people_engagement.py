"""`ancrage people record`, `feedback` and `publish`: what became of promises, and what a steward gives back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.engagement_rows import feedback_json, public_json, records_json, show_feedback, show_record, show_records
from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import By, acting_person, instant_or_now, opened
from ancrage.language import N_, say

if TYPE_CHECKING:
    from ancrage.domain.quarters import Quarter

Send = Annotated[bool, typer.Option("--send", help=N_("Send it; without this it is only shown."))]
Asked = Annotated[str, typer.Option("--quarter", metavar="YYYY-QN", help=N_("The quarter it is about (default: the one that runs)."))]
Sentence = Annotated[str, typer.Option("--sentence", help=N_("A sentence of your own to go with it."))]
KeepOpen = Annotated[bool, typer.Option("--keep-open", help=N_("Leave your own commitment open: there is more to come."))]
Contract = Annotated[str, typer.Argument(metavar="CONTRACT", help=N_("Id of the contract."))]


def record(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(metavar="[PERSON]", help=N_("Only this person, with every promise."))] = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Show the engagement record."""
    from ancrage.services.engagement_views import list_engagement, show_engagement

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        at = instant_or_now(project, as_of)
        views = (show_engagement(work, person, at),) if person else list_engagement(work, at)
    if json:
        asked.emit("people.record", 1, {"as_of": at, "records": records_json(views)})
    elif person:
        show_record(asked, views[0])
    else:
        show_records(asked, views)


def feedback(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON", help=N_("Id of the sponsor."))],
    send: Send = False,
    quarter: Asked = "",
    sentence: Sentence = "",
    keep_open: KeepOpen = False,
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Show or send the note to a sponsor."""
    from ancrage.services.engagement_notes import prepare_feedback
    from ancrage.services.note_sending import Sending, send_feedback

    asked, about = Invocation.of(ctx), _quarter(quarter)
    who = acting_person(by) if send else ""
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        if not send:
            with project.reading() as work:
                note, is_new, fulfilled = prepare_feedback(work, person, at, about), False, tuple[str, ...]()
        else:
            sending = Sending(who, at, project.personal_channels, sentence, about, keep_open)
            with project.units() as work:
                sent = send_feedback(work, person, sending)
                note, is_new, fulfilled = sent.note, sent.is_new, sent.fulfilled
    if json:
        asked.emit("people.feedback", 1, {"sent": is_new, "fulfilled": list(fulfilled), **feedback_json(note)})
        return
    show_feedback(asked, note)
    _tell_sending(asked, send, is_new, fulfilled)


def publish(
    ctx: typer.Context,
    contract: Contract,
    send: Send = False,
    quarter: Asked = "",
    sentence: Sentence = "",
    keep_open: KeepOpen = False,
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Show or send the public line of a contract."""
    from ancrage.services.engagement_notes import prepare_public_line
    from ancrage.services.note_sending import Sending, publish_line

    asked, about = Invocation.of(ctx), _quarter(quarter)
    who = acting_person(by) if send else ""
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        if not send:
            with project.reading() as work:
                note, is_new = prepare_public_line(work, contract, at, about), False
                told, fulfilled = tuple[str, ...](), tuple[str, ...]()
        else:
            sending = Sending(who, at, project.personal_channels, sentence, about, keep_open)
            with project.units() as work:
                sent = publish_line(work, contract, sending)
                note, is_new, told, fulfilled = sent.note, sent.is_new, sent.told, sent.fulfilled
    if json:
        asked.emit("people.publish", 1, {"sent": is_new, "told": list(told), "fulfilled": list(fulfilled), **public_json(note)})
        return
    asked.show(say("{contract}: {line}", contract=note.contract_name, line=note.line))
    _tell_sending(asked, send, is_new, fulfilled)


def _tell_sending(asked: Invocation, send: bool, is_new: bool, fulfilled: tuple[str, ...]) -> None:
    if not send:
        asked.show(say("Prepared only: --send sends it."))
    elif not is_new:
        asked.show(say("These words were sent before; nothing was sent again."))
    else:
        asked.show(say("Sent: it leaves with the next pass of the engine."))
    for commitment in fulfilled:
        asked.show(say("Fulfilled by it: {commitment}", commitment=commitment))


def _quarter(text: str) -> Quarter | None:
    from ancrage.domain.quarters import parse_quarter
    from ancrage.errors import Refused

    found = parse_quarter(text) if text else None
    if text and found is None:
        raise Refused("quarter", say("{text} is no quarter; write it as 2026-Q2", text=text))
    return found
