"""Writes a folder that does not exist yet: whole, or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from ancrage.errors import Refused
from ancrage.language import say


def refuse_existing(folder: Path) -> None:
    """Refused `exists` when there is anything at this path, even an empty folder or a link that leads nowhere."""
    if os.path.lexists(folder):
        raise Refused("exists", say("{path} exists already: nothing was written; name a folder that does not exist", path=str(folder)))


def write_new_folder(folder: Path, texts: Mapping[str, str]) -> None:
    """Write each text under its name (with `/` between folders) into a new folder.

    The files are written into a folder beside it, which gets its name when all of them are there: a folder that is there is whole.
    Refused `exists` when the path is taken, `not_written` when the disk refuses; no file is left then.
    """
    refuse_existing(folder)
    unfinished = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.unfinished")
    try:
        for name, text in texts.items():
            (unfinished / name).parent.mkdir(parents=True, exist_ok=True)
            (unfinished / name).write_text(text, encoding="utf-8", newline="\n")
        refuse_existing(folder)
        unfinished.rename(folder)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused("not_written", say("{path} cannot be written: {reason}", path=str(folder), reason=reason)) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
