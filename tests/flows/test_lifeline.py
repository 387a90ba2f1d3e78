"""A flow process does not outlive the `ancrage serve` that started it."""

from __future__ import annotations

import os
import subprocess
import sys
import time

from flows.lifeline import PARENT, leave_with_parent
from tests.support.processes import is_running

CHILD = "import time; from flows.lifeline import leave_with_parent; print(leave_with_parent(), flush=True); time.sleep(60)"
PARENT_THAT_DIES = f"""
import os, subprocess, sys
environment = {{**os.environ, "{PARENT}": str(os.getpid())}}
child = subprocess.Popen([sys.executable, "-P", "-c", {CHILD!r}], env=environment, stdout=subprocess.PIPE, text=True)
print(child.pid, child.stdout.readline().strip(), flush=True)
os.kill(os.getpid(), 9)
"""


def test_it_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.run([sys.executable, "-P", "-c", PARENT_THAT_DIES], capture_output=True, text=True, check=False)
    child, _, watching = parent.stdout.strip().partition(" ")
    assert watching == "True"
    deadline = time.monotonic() + 20
    while is_running(int(child)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(int(child))


def test_anywhere_else_nobody_is_watched() -> None:
    assert not leave_with_parent({})
    assert not leave_with_parent({PARENT: str(os.getpid())}), "the process itself is not its own parent"
