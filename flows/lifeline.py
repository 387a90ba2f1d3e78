"""A process ends when the one that started it is gone, however that one died: no orphan goes on by itself."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Mapping

PARENT = "ANCRAGE_FLOW_PARENT"
"""The process of `ancrage serve`, in the environment of the flow processes it starts."""
LOOK_SECONDS = 1.0


def leave_with_parent(environment: Mapping[str, str] = os.environ) -> bool:
    """In a flow process of `ancrage serve`, watch the parent from a thread; anywhere else do nothing. Whether it watches.

    Without it a flow whose server went with a killed `ancrage serve` would ask for that server for many minutes. To be cut short at any
    point is safe: every flow acts on stored state, and the next pass does what was left (ESC-C1).
    """
    if environment.get(PARENT) != str(os.getppid()):
        return False
    threading.Thread(target=_watch, args=(os.getppid(),), name="lifeline", daemon=True).start()
    return True


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    os._exit(1)
