"""The mail with the link to sign in: for one person, for a few minutes, and for no room."""

from __future__ import annotations

from datetime import datetime, timedelta

from ancrage.language import say
from ancrage.notices import wording
from ancrage.notices.dates import Clock
from ancrage.notices.message import message_id, render_view
from ancrage.notices.notice import Addressee, Envelope, MailSettings
from ancrage.notices.plain import one_line
from ancrage.notices.view import ItemView, MessageView, Row


def render_sign_in(addressee: Addressee, link: str, expires: datetime, settings: MailSettings, sent_at: datetime, *, key: str) -> Envelope:
    """The mail that brings a sign-in link which works until `expires`. It stays out of every thread and of every room."""
    view = _view(addressee, link, expires, settings, sent_at)
    text, html = render_view(view)
    return Envelope(
        message_id=message_id(key, settings.domain),
        sender=settings.sender,
        sender_name=view.programme,
        to=addressee.email,
        to_name=one_line(addressee.name),
        subject=view.subject,
        text=text,
        html=html,
        sent_at=sent_at,
        headers={"Auto-Submitted": "auto-generated", "Content-Language": addressee.language},
    )


def _view(addressee: Addressee, link: str, expires: datetime, settings: MailSettings, sent_at: datetime) -> MessageView:
    language, clock = addressee.language, Clock(addressee.language, addressee.zone)
    programme = one_line(settings.programme.text(language))
    minutes = (expires - sent_at) // timedelta(minutes=1)
    name, until = say("It works until"), wording.moment(expires, clock)
    lead = say("Somebody asked for a link to sign in with this address. If it was you, open it within {minutes} minutes.", minutes=minutes)
    item = ItemView(
        badge=say("Sign in").text(language),
        tone="calm",
        title=one_line(say("Your link to the pages of “{programme}”", programme=programme).text(language)),
        lead=lead.text(language),
        asked=say("It works once: press the button of the page that it opens.").text(language),
        rows=(Row(name.text(language), until.text(language), say("{name}: {value}", name=name, value=until).text(language)),),
        notes=(say("If it was not you, do nothing: nobody is signed in by this message, and the link ends by itself.").text(language),),
        history_title="",
        history=(),
        button=say("Open and sign in").text(language),
        link=link,
    )
    subject = say("Sign in to “{programme}”: a link for {minutes} minutes", programme=programme, minutes=minutes)
    footer = (
        say("The link is yours alone: do not pass this message on."),
        say("Times are those of {zone}.", zone=addressee.zone.replace("_", " ")),
        say("Sent by Ancrage, the engine that keeps the commitments of “{programme}”.", programme=programme),
    )
    return MessageView(
        language=language,
        subject=one_line(subject.text(language)),
        preheader=item.lead,
        programme=programme,
        greeting=say("Hello {name},", name=one_line(addressee.name)).text(language),
        intro="",
        items=(item,),
        footer=tuple(line.text(language) for line in footer),
    )
