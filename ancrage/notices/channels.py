"""The port every channel implements, and the folder of files: what came of one attempt to hand a message over."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ancrage.language import Message, say
from ancrage.notices.message import Envelope
from ancrage.notices.mime import AddressError, mime_bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """The channel has taken the message over. `answer` is what it said, for the journal."""

    answer: str = ""


@dataclass(frozen=True, slots=True)
class Temporary:
    """Not taken, and trying again may help. `channel_down`: the fault is not this message's, so the others would meet it too."""

    reason: Message
    channel_down: bool = False


@dataclass(frozen=True, slots=True)
class Permanent:
    """Refused for good: this message to this address will never be taken (ESC-G2 `failed`)."""

    reason: Message


@dataclass(frozen=True, slots=True)
class Uncertain:
    """Handed over whole, but the answer never came: it may have been taken (ESC-G3). A second try is a second copy at worst."""

    reason: Message


Outcome = Accepted | Temporary | Permanent | Uncertain


class Channel(Protocol):
    """A way to reach people. `deliver` never raises for what the outside does; it may take as long as the channel's time limit."""

    @property
    def name(self) -> str: ...

    def deliver(self, envelope: Envelope) -> Outcome: ...


@dataclass(frozen=True, slots=True)
class FileChannel:
    """Writes each message as one `.eml` file that any mail program opens; the same Message-ID is written once."""

    folder: Path
    name: str = "file"

    def deliver(self, envelope: Envelope) -> Outcome:
        target = self.path_of(envelope)
        try:
            if target.exists():
                return Accepted(target.name)
            self.folder.mkdir(parents=True, exist_ok=True)
            _write_whole(target, mime_bytes(envelope))
        except AddressError as error:
            return Permanent(error.message)
        except OSError as error:
            return Temporary(say("the folder {folder} cannot be written: {error}", folder=self.folder, error=error.strerror), True)
        return Accepted(target.name)

    def path_of(self, envelope: Envelope) -> Path:
        """Where this message is, or would be, written: named by its Message-ID alone."""
        return self.folder / f"{hashlib.sha256(envelope.message_id.encode()).hexdigest()[:32]}.eml"


def _write_whole(target: Path, content: bytes) -> None:
    """The file appears complete or not at all, even if the machine stops. Readable by its owner only: it holds personal links."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
