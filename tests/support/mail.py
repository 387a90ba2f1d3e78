"""Mail on the receiving side: a real local server, a server that fails where it is told to, and a channel that keeps everything."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ancrage.notices.channels import Accepted, Outcome
from ancrage.notices.message import Envelope

LOOPBACK = "127.0.0.1"


@dataclass
class MemoryChannel:
    """Keeps what it is given; answers what `outcomes` says, in order, then accepts."""

    outcomes: list[Outcome] = field(default_factory=list)
    delivered: list[Envelope] = field(default_factory=list)
    name: str = "memory"

    def deliver(self, envelope: Envelope) -> Outcome:
        self.delivered.append(envelope)
        return self.outcomes.pop(0) if self.outcomes else Accepted()


def parsed(content: bytes) -> EmailMessage:
    """The mail as a mail program reads it."""
    mail = message_from_bytes(content, policy=default)
    assert isinstance(mail, EmailMessage)
    assert not mail.defects
    return mail


@dataclass
class Inbox:
    """An aiosmtpd handler that keeps every message; `answers` replaces the server's answer to MAIL, RCPT or DATA."""

    answers: dict[str, str] = field(default_factory=dict)
    received: list[bytes] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)

    async def handle_MAIL(self, server: object, session: object, envelope: object, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address  # type: ignore[attr-defined]
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server: object, session: object, envelope: object, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)  # type: ignore[attr-defined]
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
        answer = self.answers.get("DATA", "250 OK queued as 42")
        if answer.startswith("2"):
            self.received.append(envelope.content)  # type: ignore[attr-defined]
        return answer

    def login(self, server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right password", handled=False)


@contextmanager
def mail_server(inbox: Inbox, **options: object) -> Iterator[int]:
    """A running aiosmtpd server; yields its port."""
    controller = Controller(inbox, hostname=LOOPBACK, port=free_port(), **options)  # type: ignore[arg-type]
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@dataclass
class Script:
    """A server that says `says[stage]` (default: all is well), or closes the connection, or falls silent, at `stage`.

    Stages: greeting, ehlo, mail, rcpt, data, body (after some lines of the message), dot (after the final dot), after (the 250 sent).
    """

    drops_at: str = ""
    silent_at: str = ""
    says: dict[str, str] = field(default_factory=dict)
    whole_messages: int = 0

    def play(self, connection: socket.socket, released: threading.Event) -> None:
        stream = connection.makefile("rb")
        if self._stop("greeting", "220 ready", connection, released):
            return
        while line := stream.readline():
            stage = line.split()[0].decode().lower().removesuffix(":")
            if stage == "quit":
                connection.sendall(b"221 bye\r\n")
                return
            if self._stop(stage, "354 go on" if stage == "data" else "250 OK", connection, released):
                return
            if stage == "data" and self._take_message(stream, connection, released):
                return

    def _take_message(self, stream: object, connection: socket.socket, released: threading.Event) -> bool:
        for number, line in enumerate(iter(stream.readline, b"")):  # type: ignore[attr-defined]
            if number == 3 and ("body" in (self.drops_at, self.silent_at) or "body" in self.says):
                return self._stop("body", "", connection, released)
            if line == b".\r\n":
                self.whole_messages += 1
                return self._stop("dot", "250 OK queued", connection, released) or self.drops_at == "after"
        return True

    def _stop(self, stage: str, usual: str, connection: socket.socket, released: threading.Event) -> bool:
        if self.drops_at == stage:
            return True
        if self.silent_at == stage:
            released.wait(10)
            return True
        connection.sendall(f"{self.says.get(stage, usual)}\r\n".encode())
        return stage == "body"


@contextmanager
def scripted_server(script: Script) -> Iterator[int]:
    """The script's server, for one connection after the other; yields its port."""
    released = threading.Event()
    with socket.create_server((LOOPBACK, 0)) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # so that a long message cannot wait in buffers
        thread = threading.Thread(target=_serve, args=(listener, script, released), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            released.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _serve(listener: socket.socket, script: Script, released: threading.Event) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            try:
                script.play(connection, released)
            except OSError:
                continue


def free_port() -> int:
    with socket.create_server((LOOPBACK, 0)) as probe:
        port = probe.getsockname()[1]
        assert isinstance(port, int)
        return port


@dataclass(frozen=True)
class Certificate:
    """A self-signed certificate of 127.0.0.1: `server` presents it, `client` trusts it alone."""

    server: ssl.SSLContext
    client: ssl.SSLContext


def certificate(folder: Path) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, LOOPBACK)])
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(start + dt.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(LOOPBACK))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    pem.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    client = ssl.create_default_context(cadata=made.public_bytes(serialization.Encoding.PEM).decode())
    return Certificate(server, client)
