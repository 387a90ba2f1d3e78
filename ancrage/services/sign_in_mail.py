"""The mail of a sign-in link: written and handed over at once, because its reader is waiting in front of the page.

It is no notice: it owes nobody anything, is worth nothing a little later, and is asked for again when it does not come. What became of it
stands in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from ancrage.language import Label, say
from ancrage.notices.channels import Accepted, Channel, Outcome, Temporary
from ancrage.notices.notice import MailSettings
from ancrage.notices.sign_in import render_sign_in
from ancrage.services.access import SignInLink, ask_for_link, record_mailing
from ancrage.services.programme import current_programme
from ancrage.storage.unit_of_work import UnitOfWork


class MailDesk(Protocol):
    """What is needed to mail a link; `ancrage.project.Project` is the real one."""

    def units(self) -> AbstractContextManager[UnitOfWork]: ...

    @property
    def channels(self) -> Mapping[str, Channel]: ...

    @property
    def personal_channels(self) -> Sequence[str]: ...

    def mail_settings(self, programme: Label) -> MailSettings: ...


def mail_sign_in_link(desk: MailDesk, email: str, at: datetime, address_of: Callable[[SignInLink], str]) -> None:
    """Send a sign-in link to the person with this address, by the first channel that reaches persons; nothing for anybody else.

    `address_of` writes the address of the page behind a link. One transaction before the mail leaves, one after.
    """
    with desk.units() as work:
        link = ask_for_link(work, email, at)
        programme = current_programme(work).name
    if link is None:
        return
    settings = desk.mail_settings(programme)
    mail = render_sign_in(link.reader, address_of(link), link.expires, settings, at, key=f"sign-in {link.id}")
    channel = next(iter(desk.personal_channels), "")
    missing: Outcome = Temporary(say("no channel reaches persons"))
    outcome = desk.channels[channel].deliver(mail) if channel else missing
    with desk.units() as work:
        record_mailing(work, link, at, channel, "" if isinstance(outcome, Accepted) else outcome.reason.text())
