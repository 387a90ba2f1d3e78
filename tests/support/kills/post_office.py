"""A real mail server in a process of its own, which keeps what it accepts and kills, inside DATA, whom it is told to kill."""

from __future__ import annotations

import asyncio
import json
import mmap
import os
import signal
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from tests.support.mail import LOOPBACK

_FORM = struct.Struct("qq200s")


@dataclass(frozen=True)
class Slate:
    """Memory that the harness, the mail server and the victim share; it outlives whoever is killed.

    The victim writes where it is about to die. Inside DATA it writes its process id and how many bytes of the message it lets out:
    the server kills it when it has received them.
    """

    memory: mmap.mmap = field(default_factory=lambda: mmap.mmap(-1, _FORM.size))

    def write(self, process: int = 0, part: int = 0, moment: str = "") -> None:
        self.memory[:] = _FORM.pack(process, part, moment.encode()[:200])

    def read(self) -> tuple[int, int, str]:
        process, part, moment = _FORM.unpack(self.memory[:])
        return process, part, moment.rstrip(b"\0").decode()


@dataclass(frozen=True)
class Letter:
    """A message that the server has accepted."""

    message_id: str
    to: tuple[str, ...]
    content: str


@dataclass(frozen=True)
class PostOffice:
    """The mail server as the harness sees it: its port, its slate, and what it has accepted."""

    port: int
    slate: Slate
    folder: Path

    def collect(self) -> list[Letter]:
        """What has been accepted since the last time, in order."""
        letters = []
        for path in sorted(self.folder.glob("*.json")):
            found = json.loads(path.read_text(encoding="utf-8"))
            letters.append(Letter(found["message_id"], tuple(found["to"]), found["content"]))
            path.unlink()
        return letters


class _Keeper:
    """Writes each accepted message down before the server says 250."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    async def handle_DATA(self, server: object, session: object, envelope: Any) -> str:  # noqa: N802
        self.count += 1
        content = bytes(envelope.content)
        letter = {
            "message_id": str(message_from_bytes(content)["Message-ID"]), "to": list(envelope.rcpt_tos), "content": content.decode("utf-8")
        }
        unfinished = self.folder / f"{self.count:08}.writing"
        unfinished.write_text(json.dumps(letter), encoding="utf-8")
        unfinished.rename(unfinished.with_suffix(".json"))
        return "250 OK"


class _Server(SMTP):
    """aiosmtpd, looking at how much of a message has come when the slate names a victim."""

    def __init__(self, keeper: _Keeper, slate: Slate, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(keeper, hostname="localhost", loop=loop)
        self.slate = slate
        self.received: int | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # its answers are small
        super().connection_made(transport)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        self.received = 0
        try:
            await super().smtp_DATA(arg)
        finally:
            self.received = None

    def data_received(self, data: bytes) -> None:
        if self.received is not None:
            self.received += len(data)
            process, part, _ = self.slate.read()
            if part and self.received >= part:
                self.slate.write(0, 0, self.slate.read()[2])
                os.kill(process, signal.SIGKILL)
        super().data_received(data)


@contextmanager
def post_office(folder: Path) -> Iterator[PostOffice]:
    """A running mail server. Called while this process has one thread only: it forks."""
    folder.mkdir()
    slate = Slate()
    with socket.create_server((LOOPBACK, 0)) as listener:
        process = os.fork()
        if not process:
            _serve(listener, folder, slate)
        try:
            yield PostOffice(listener.getsockname()[1], slate, folder)
        finally:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def _serve(listener: socket.socket, folder: Path, slate: Slate) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the harness ends it
    loop = asyncio.new_event_loop()
    keeper = _Keeper(folder)
    loop.run_until_complete(loop.create_server(lambda: _Server(keeper, slate, loop), sock=listener))
    try:
        loop.run_forever()
    finally:
        os._exit(1)
