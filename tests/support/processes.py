"""Looking at processes."""

from __future__ import annotations

from pathlib import Path


def is_running(process: int) -> bool:
    """Whether the process exists and is more than an entry that nobody has read yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
