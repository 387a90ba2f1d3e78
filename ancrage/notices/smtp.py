"""The mail channel: one attempt to hand one message to a mail server, and what exactly became of it.

The line that matters is the final dot of DATA. Before it has left, the server cannot have taken the message; after it, only the
250 says so (ESC-G3). Everything the server says before the message is about the channel, not about the message.
"""

from __future__ import annotations

import re
import select
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address

from ancrage.language import Message, say
from ancrage.notices.channels import Accepted, Outcome, Permanent, Temporary, Uncertain
from ancrage.notices.mime import AddressError, address, mime_bytes
from ancrage.notices.notice import Envelope
from ancrage.notices.plain import one_line

_AUTHENTICATION_REQUIRED = 530
_CLOSING = 421
_START_INPUT = 354
LONGEST_ANSWER = 200


class Security(StrEnum):
    """How the connection is protected. STARTTLS never falls back to clear text."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class SmtpChannel:
    """Delivers by SMTP, one connection per message. `timeout_seconds` bounds each exchange with the server.

    `sender` is the address that receives bounces (MAIL FROM), by default the envelope's own. Certificates are checked against
    `tls`, by default the machine's authorities. Raises ValueError for a password that would travel in clear text.
    """

    host: str
    port: int
    security: Security = Security.STARTTLS
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout_seconds: float = 30.0
    sender: str | None = None
    helo: str = "localhost"
    """The name this machine gives itself; looking it up by DNS could take minutes."""
    tls: ssl.SSLContext | None = field(default=None, repr=False, compare=False)
    name: str = "smtp"

    def __post_init__(self) -> None:
        if self.user and self.security is Security.NONE and not _is_loopback(self.host):
            raise ValueError(f"a password would travel in clear text to {self.host}: use starttls or tls")

    def deliver(self, envelope: Envelope) -> Outcome:
        try:
            content = mime_bytes(envelope)
            sender, recipient = (address(spec).addr_spec for spec in (self.sender or envelope.sender, envelope.to))
        except AddressError as error:
            return Permanent(error.message)
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            return Temporary(_cannot_connect(self.host, error), channel_down=True)
        try:
            return _transact(connection, sender, recipient, content)
        finally:
            _leave(connection)

    def _connect(self) -> smtplib.SMTP:
        """A greeted, protected and authenticated connection; closed again if any of the three fails."""
        connection = self._greeted()
        try:
            if connection.sock is not None:
                # The final dot is a packet of its own: it must not wait for the server to confirm the message before it.
                connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.security is Security.STARTTLS:
                connection.starttls(context=self._context())
            connection.ehlo_or_helo_if_needed()
            if self.user:
                connection.login(self.user, self.password or "")
        except BaseException:
            connection.close()
            raise
        return connection

    def _context(self) -> ssl.SSLContext:
        return self.tls or ssl.create_default_context()

    def _greeted(self) -> smtplib.SMTP:
        if self.security is Security.TLS:
            context = self._context()
            return smtplib.SMTP_SSL(self.host, self.port, local_hostname=self.helo, timeout=self.timeout_seconds, context=context)
        return smtplib.SMTP(self.host, self.port, local_hostname=self.helo, timeout=self.timeout_seconds)


def _transact(connection: smtplib.SMTP, sender: str, recipient: str, content: bytes) -> Outcome:
    """One message, command by command: `smtplib.sendmail` would not tell on which side of the final dot it failed."""
    try:
        refused = _announce(connection, sender, recipient)
        if refused is not None:
            return refused
        connection.send(re.sub(rb"(?m)^\.", b"..", content))
        refused = _early_answer(connection)
        if refused is not None:
            return refused
    except (OSError, smtplib.SMTPException) as error:
        return Temporary(say("the connection to the mail server was lost before the message had left: {error}", error=_words(error)))
    return _finish(connection)


def _announce(connection: smtplib.SMTP, sender: str, recipient: str) -> Outcome | None:
    """MAIL, RCPT and DATA; None when the server waits for the message."""
    code, answer = connection.mail(sender)
    if not _is_positive(code):
        # The sender is the same for every message, so its refusal is the channel's trouble, not this message's.
        return Temporary(say("the mail server refuses the sender {sender}: {answer}", sender=sender, answer=_said(code, answer)), True)
    code, answer = connection.rcpt(recipient)
    if not _is_positive(code):
        return _refusal(code, answer)
    code, answer = connection.docmd("DATA")
    return None if code == _START_INPUT else _refusal(code, answer)


def _early_answer(connection: smtplib.SMTP) -> Outcome | None:
    """What a server that gives up in the middle of the message has said; None while it is quiet.

    Looked at just before the final dot: a server that has already closed cannot take the message any more, and that is certain.
    """
    assert connection.sock is not None
    readable, _, _ = select.select([connection.sock], [], [], 0)
    if not readable:
        return None
    code, answer = connection.getreply()
    connection.close()
    return Temporary(say("the mail server stopped in the middle of the message: {answer}", answer=_said(code, answer)))


def _finish(connection: smtplib.SMTP) -> Outcome:
    try:
        connection.send(b".\r\n")
        code, answer = connection.getreply()
    except (OSError, smtplib.SMTPException) as error:
        return Uncertain(say("the message was handed over, but the mail server's answer never came: {error}", error=_words(error)))
    if _is_positive(code):
        return Accepted(_said(code, answer))
    if 400 <= code < 600:
        return _refusal(code, answer)
    return Uncertain(say("the message was handed over, but the mail server's answer makes no sense: {answer}", answer=_said(code, answer)))


def _refusal(code: int, answer: bytes) -> Outcome:
    """4xx: later may do. 5xx: never, unless it is about the connection."""
    reason = say("the mail server refuses the message: {answer}", answer=_said(code, answer))
    if code in (_CLOSING, _AUTHENTICATION_REQUIRED):
        return Temporary(reason, channel_down=True)
    return Permanent(reason) if 500 <= code < 600 else Temporary(reason)


def _cannot_connect(host: str, error: Exception) -> Message:
    match error:
        case smtplib.SMTPAuthenticationError():
            # The code alone: some servers repeat what they were sent.
            return say("the mail server {host} refuses the user name or the password ({code})", host=host, code=error.smtp_code)
        case UnicodeError():
            # The error's own text would show the character.
            return say("the user name or the password holds a character that the mail server {host} cannot be given", host=host)
        case smtplib.SMTPNotSupportedError():
            return say("the mail server {host} does not offer what the settings ask of it: {error}", host=host, error=_words(error))
        case ssl.SSLError():
            return say("the connection to the mail server {host} cannot be protected: {error}", host=host, error=_words(error))
        case _:
            return say("the mail server {host} cannot be reached: {error}", host=host, error=_words(error))


def _is_positive(code: int) -> bool:
    return 200 <= code < 300


def _said(code: int, answer: bytes) -> str:
    return f"{code} {one_line(answer.decode('utf-8', 'replace'), LONGEST_ANSWER)}".strip()


def _words(error: Exception) -> str:
    match error:
        case smtplib.SMTPResponseException():
            answer = error.smtp_error
            return _said(error.smtp_code, answer if isinstance(answer, bytes) else answer.encode())
        case OSError(strerror=str(text)):
            return one_line(text, LONGEST_ANSWER)
        case _:
            return one_line(str(error) or type(error).__name__, LONGEST_ANSWER)


def _leave(connection: smtplib.SMTP) -> None:
    """Good-bye is a courtesy: what became of the message is already known."""
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()
    connection.close()


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
