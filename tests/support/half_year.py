"""The demonstration as a test bench: play a stretch of it, in this process or in one that can be killed, and compare what it leaves."""

from __future__ import annotations

import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

from ancrage.demonstration.play import play, prepare

PLAY = """
import sys
from datetime import datetime
from pathlib import Path
from ancrage.demonstration.play import play, prepare
play(prepare(Path(sys.argv[1])), lambda done, of, at: None, datetime.fromisoformat(sys.argv[2]))
"""


def played_until(folder: Path, until: datetime) -> Path:
    """A project in which the demonstration has been played up to `until`."""
    with closing(prepare(folder)) as project:
        play(project, lambda done, of, at: None, until)
    return folder


def copied(folder: Path, to: Path) -> Path:
    """The same project elsewhere; SQLite's own backup takes what is still in the write-ahead log along."""
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("ancrage.sqlite*"))
    with closing(sqlite3.connect(database(folder))) as source, closing(sqlite3.connect(database(to))) as target:
        source.backup(target)
    return to


def database(folder: Path) -> Path:
    """The database file of a project on the embedded default."""
    return folder / ".ancrage" / "ancrage.sqlite"


def play_and_kill(folder: Path, until: datetime, chance: random.Random, kills: int, longest_seconds: float) -> int:
    """Play up to `until` in processes of which the first `kills` are killed (-9) at random. Returns how many were killed in time."""
    killed = 0
    for _ in range(kills):
        with subprocess.Popen([sys.executable, "-c", PLAY, str(folder), until.isoformat()]) as process:
            time.sleep(chance.uniform(0.8, longest_seconds))
            killed += process.poll() is None
            process.send_signal(signal.SIGKILL)
    subprocess.run([sys.executable, "-c", PLAY, str(folder), until.isoformat()], check=True)
    return killed


def end_state(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, and the name of every message file: all that a run has left behind."""
    with closing(sqlite3.connect(database(folder))) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        state = {table: sorted(connection.execute(f'SELECT * FROM "{table}"'), key=repr) for table in tables}
    state["files"] = sorted((path.name, path.read_bytes()) for path in (folder / ".ancrage" / "outbox").glob("*.eml"))
    return state


def differences(one: dict[str, list[tuple[object, ...]]], other: dict[str, list[tuple[object, ...]]]) -> dict[str, tuple[int, int]]:
    """Tables that differ, with how many rows only the one and only the other has."""
    found = {}
    for table in one.keys() | other.keys():
        mine, theirs = set(map(repr, one.get(table, []))), set(map(repr, other.get(table, [])))
        if mine != theirs:
            found[table] = (len(mine - theirs), len(theirs - mine))
    return found
