"""Files of evidence, kept under the SHA-256 of their content: no name that somebody gave is ever part of a path."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from ancrage.errors import NotFound
from ancrage.language import say

DIGITS = frozenset("0123456789abcdef")


def keep_file(folder: Path, content: bytes) -> str:
    """Keep the content below `folder`; returns its SHA-256. The same content is kept once; a crash leaves no half file under its name."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(folder, digest)
    if path.is_file():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.parent / f".{secrets.token_hex(8)}"
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    unfinished.replace(path)
    return digest


def read_file(folder: Path, digest: str) -> bytes:
    """The content kept under `digest`. NotFound when it is not there, or is not what the digest says any more."""
    path = _path(folder, digest)
    if not path.is_file():
        raise NotFound(say("the file of this evidence is no longer there"))
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise NotFound(say("the file of this evidence was changed since it was added"))
    return content


def _path(folder: Path, digest: str) -> Path:
    if len(digest) != 64 or not set(digest) <= DIGITS:
        raise NotFound(say("the file of this evidence is no longer there"))
    return folder / digest[:2] / digest
