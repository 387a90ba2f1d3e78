"""What a file is, by its content and never by its name: the kinds that are taken as evidence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file: how people call it, and the media type it is handed out under."""

    name: str
    media_type: str


TEXT = FileKind("text", "text/plain; charset=utf-8")
_BEGINNINGS: tuple[tuple[bytes, FileKind], ...] = (
    (b"%PDF-", FileKind("PDF", "application/pdf")),
    (b"\x89PNG\r\n\x1a\n", FileKind("PNG", "image/png")),
    (b"\xff\xd8\xff", FileKind("JPEG", "image/jpeg")),
    (b"GIF87a", FileKind("GIF", "image/gif")),
    (b"GIF89a", FileKind("GIF", "image/gif")),
    (b"PK\x03\x04", FileKind("ZIP, OOXML, ODF", "application/zip")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind("DOC, XLS, PPT, MSG", "application/octet-stream")),
)
KNOWN = tuple(dict.fromkeys([*(kind.name for _, kind in _BEGINNINGS), TEXT.name]))
"""The kinds as they are named to people."""
_BINARY = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")


def kind_of(content: bytes) -> FileKind | None:
    """The kind of a file; None for one of no kind that is taken (a program, damaged, unknown)."""
    found = next((kind for beginning, kind in _BEGINNINGS if content.startswith(beginning)), None)
    return found or (TEXT if _is_text(content) else None)


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return bool(content) and not _BINARY & set(content)
