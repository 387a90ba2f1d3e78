"""A file is known by its content, whatever it is called."""

from __future__ import annotations

import pytest

from ancrage.exchange.file_kinds import kind_of


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0...", "image/jpeg"),
        (b"PK\x03\x04...", "application/zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "application/octet-stream"),
        ("d’accord;1\n".encode(), "text/plain; charset=utf-8"),
        (b"<script>alert(1)</script>", "text/plain; charset=utf-8"),
    ],
)
def test_kinds_are_known_by_how_they_begin(content: bytes, media_type: str) -> None:
    found = kind_of(content)
    assert found is not None
    assert found.media_type == media_type


@pytest.mark.parametrize("content", [b"", b"MZ\x90\x00", b"\x7fELF\x02\x01", b"\xff\xfe\x00", b"text with \x00"])
def test_programs_and_what_cannot_be_read_are_of_no_kind(content: bytes) -> None:
    assert kind_of(content) is None
