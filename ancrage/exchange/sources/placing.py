"""Puts the files of an import into a project: each whole or not at all, and none over another in silence."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from difflib import unified_diff
from enum import StrEnum
from pathlib import Path

from ancrage.errors import Refused
from ancrage.language import say

MOST_LINES = 200
"""Lines of a difference that are shown."""


class Fate(StrEnum):
    """What becomes of one file."""

    NEW = "new"
    SAME = "same"
    REPLACED = "replaced"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """One file of an import. `difference` is between what is there and what would be written; empty unless the two differ."""

    path: Path
    fate: Fate
    difference: str = ""


def place_files(folder: Path, texts: Mapping[str, str], *, replace: bool = False) -> tuple[PlacedFile, ...]:
    """Write every text under its name below `folder`, or nothing when one of them exists with another content and `replace` is false.

    Names are those the importers choose (`reference_models/samm.yaml`), never words of a source. Refused `not_written` when the disk
    refuses, or a name leads out of the folder.
    """
    planned = tuple(_fate(folder / name, text, replace) for name, text in texts.items())
    if any(found.fate is Fate.DIFFERENT for found in planned):
        return planned
    root = folder.resolve()
    for found, text in zip(planned, texts.values(), strict=True):
        if not found.path.resolve().is_relative_to(root):
            raise Refused("not_written", say("{path} is not below {folder}", path=str(found.path), folder=str(folder)))
        if found.fate is not Fate.SAME:
            _write(found.path, text)
    return planned


def _fate(path: Path, text: str, replace: bool) -> PlacedFile:
    if not os.path.lexists(path):
        return PlacedFile(path, Fate.NEW)
    try:
        before = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        before = ""
    if before == text:
        return PlacedFile(path, Fate.SAME)
    return PlacedFile(path, Fate.REPLACED if replace else Fate.DIFFERENT, _difference(path, before, text))


def _difference(path: Path, before: str, after: str) -> str:
    lines = list(unified_diff(before.splitlines(), after.splitlines(), str(path), str(path), n=1, lineterm=""))
    cut = [] if len(lines) <= MOST_LINES else [f"... (+{len(lines) - MOST_LINES})"]
    return "\n".join([*lines[:MOST_LINES], *cut])


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfinished")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(text, encoding="utf-8", newline="")
        unfinished.replace(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused("not_written", say("{path} cannot be written: {reason}", path=str(path), reason=reason)) from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
