"""How far long work is, told to who waits for it. Services say it, edges show it; nothing depends on it."""

from __future__ import annotations

from collections.abc import Callable

from ancrage.language import Message

Progress = Callable[[Message, int, int], None]
"""Called with what is being done now, how many pieces of work are done, and how many there are."""


def quiet(_what: Message, _done: int, _total: int) -> None:
    """Nobody waits."""
