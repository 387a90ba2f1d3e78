"""Making very many objects at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Python's garbage collector stands still inside the block, and is as it was before afterwards, whatever happens.

    It looks at every new object again and again while nothing can be garbage yet: two thirds of the time of a large load, and what
    makes ten times as many objects cost twenty times as long (performance.md). For bulk work only.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
