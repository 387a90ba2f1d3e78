"""Writes a file that is not there yet: what somebody may have worked in is never overwritten."""

from __future__ import annotations

from pathlib import Path

from ancrage.errors import Refused
from ancrage.language import say


def write_new_file(path: Path, content: bytes) -> None:
    """Write the bytes. Refused `exists` when there is a file of this name, `not_written` when the disk refuses; no half of it
    stays then."""
    try:
        with path.open("xb") as handle:
            handle.write(content)
    except FileExistsError:
        raise Refused("exists", say("{path} exists already: name a file that does not exist", path=str(path))) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        if not isinstance(error, PermissionError | FileNotFoundError | IsADirectoryError):
            path.unlink(missing_ok=True)
        raise Refused("not_written", say("{path} cannot be written: {reason}", path=str(path), reason=reason)) from error
