"""An envelope as the bytes of a mail (RFC 5322), by `email.message`: text, HTML, and a calendar file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from ancrage.errors import AncrageError
from ancrage.language import say
from ancrage.notices.message import Envelope

CALENDAR_FILE = "ancrage.ics"


class AddressError(AncrageError):
    """A mail address that no mail server could take."""


def mime_bytes(envelope: Envelope) -> bytes:
    """The mail, lines ended by CRLF. Equal envelopes give equal bytes. Raises `AddressError`."""
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = envelope.message_id
    mail["Date"] = envelope.sent_at
    mail["From"] = address(envelope.sender, envelope.sender_name)
    mail["To"] = address(envelope.to, envelope.to_name)
    mail["Subject"] = envelope.subject
    if envelope.references:
        mail["In-Reply-To"] = envelope.references[-1]
        mail["References"] = " ".join(envelope.references)
    for name, value in envelope.headers.items():
        mail[name] = value
    mail.set_content(envelope.text, cte="quoted-printable")
    mail.add_alternative(envelope.html, subtype="html", cte="quoted-printable")
    if envelope.calendar:
        mail.add_attachment(
            envelope.calendar.encode(), "text", "calendar", filename=CALENDAR_FILE, params={"charset": "utf-8", "method": "PUBLISH"}
        )
    _name_boundaries(mail, envelope.message_id)
    return mail.as_bytes()


def address(spec: str, name: str = "") -> Address:
    """A checked address; a domain outside ASCII is written in its DNS form. Raises `AddressError`."""
    user, _, domain = spec.rpartition("@")
    try:
        if not user or not domain or not spec.isprintable() or " " in spec:
            raise ValueError(spec)
        known = Address(display_name=name, addr_spec=f"{user}@{domain.encode('idna').decode('ascii')}")
        known.addr_spec.encode("ascii")
    except (ValueError, HeaderParseError, IndexError) as error:
        raise AddressError(say("the mail address {address} cannot be used", address=repr(spec))) from error
    return known


def _name_boundaries(mail: EmailMessage, message_id: str) -> None:
    """Boundaries derived from the Message-ID: the ones `email` draws at random would make every copy differ."""
    for position, part in enumerate(_multiparts(mail)):
        part.set_boundary(f"=_{hashlib.sha256(f'{message_id}{position}'.encode()).hexdigest()[:40]}")


def _multiparts(mail: EmailMessage) -> Iterator[EmailMessage]:
    for part in mail.walk():
        if part.is_multipart():
            assert isinstance(part, EmailMessage)
            yield part
