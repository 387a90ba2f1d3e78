"""The embedded database has one writer at a time: who waits is next, however busy the one before is."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

from ancrage.storage.database import connect, sqlite_url


def test_a_writer_that_waits_goes_before_one_that_begins_again_and_again(tmp_path: Path) -> None:
    with closing(connect(sqlite_url(tmp_path / "ancrage.sqlite"))) as database:
        turns = 0
        warm, over = threading.Event(), threading.Event()

        def write_without_rest() -> None:
            nonlocal turns
            while not over.is_set():
                with database.unit("busy") as work:
                    work.flush()
                turns += 1
                if turns == 20:
                    warm.set()

        busy = threading.Thread(target=write_without_rest)
        busy.start()
        try:
            assert warm.wait(60)
            waits = []
            for _ in range(9):
                before = turns
                with database.unit("person"):
                    waits.append(turns - before)
            # Before somebody stands in line the other may go on for a moment: what counts is the usual wait.
            assert sorted(waits)[4] < 50, waits
        finally:
            over.set()
            busy.join()


def test_one_that_only_reads_does_not_stand_in_line(tmp_path: Path) -> None:
    with closing(connect(sqlite_url(tmp_path / "ancrage.sqlite"))) as database, database.unit("one"), database.unit("other", reading=True):
        pass
