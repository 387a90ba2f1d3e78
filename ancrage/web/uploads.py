"""Files that somebody gave and has not accepted yet: under random names, in the data folder, which no page serves.

They go when they are accepted, and at the latest with the first upload a day later.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from ancrage.errors import NotFound
from ancrage.language import say

LONGEST_WAIT_SECONDS = 24 * 3600
MOST_FILES = 100
_NAME = re.compile(r"[0-9a-f]{32}\Z")


@dataclass(frozen=True, slots=True)
class Uploads:
    """The files that wait in one folder."""

    folder: Path

    def keep(self, data: bytes) -> str:
        """Keep the bytes; the name to ask for them by."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._tidy()
        name = secrets.token_hex(16)
        made = os.open(self.folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "wb") as handle:
            handle.write(data)
        return name

    def read(self, name: str) -> bytes:
        """The bytes kept under a name. NotFound when they wait no more, or the name is none of ours."""
        path = self._path(name)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise NotFound(say("This file waits no more: give it again.")) from None

    def forget(self, name: str) -> None:
        """Let a file go."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.match(name):
            raise NotFound(say("This file waits no more: give it again."))
        return self.folder / name

    def _tidy(self) -> None:
        """Old files go, and the oldest ones of too many."""
        waiting = sorted((path.stat().st_mtime, path) for path in self.folder.iterdir() if _NAME.match(path.name))
        too_old = time.time() - LONGEST_WAIT_SECONDS
        surplus = len(waiting) - MOST_FILES + 1
        for number, (since, path) in enumerate(waiting):
            if since < too_old or number < surplus:
                path.unlink(missing_ok=True)
