"""The journal is append-only on both kinds of database (ESC-G5), from any connection, and its verification needs little memory."""

from __future__ import annotations

import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from ancrage.storage import engine
from ancrage.storage.database import Database, connect
from ancrage.storage.engine import find_broken_line, save_last_pass
from tests.support.journal import unguarded

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LINES = 5
REPLACED = "SELECT programme_id, number, at, 'eve', what, subject, detail, digest FROM journal WHERE number = 2"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with closing(connect(database_url)) as opened:
        for number in range(LINES):
            with opened.unit("p") as work:
                work.record(AT, "ann", "test", "thing:1", number=number)
        yield opened


def execute_raw(database_url: str, statement: str) -> None:
    """One statement on a connection of the driver, as any other program would send it."""
    address = make_url(database_url)
    connection: Any
    if address.get_backend_name() == "sqlite":
        connection = sqlite3.connect(str(address.database))
    else:
        connection = psycopg.connect(address.set(drivername="postgresql").render_as_string(hide_password=False))
    with closing(connection):
        connection.execute(statement)
        connection.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'eve'",
        "UPDATE journal SET digest = digest WHERE number = 3",
        "DELETE FROM journal",
        "DELETE FROM journal WHERE number = 5",
        f"INSERT INTO journal {REPLACED} ON CONFLICT (programme_id, number) DO UPDATE SET actor = 'eve'",
    ],
)
def test_a_change_of_the_journal_is_refused_from_any_connection(database: Database, database_url: str, statement: str) -> None:
    with pytest.raises((sqlite3.IntegrityError, psycopg.Error), match="append-only"):
        execute_raw(database_url, statement.replace("WHERE number = 2 ON", "WHERE number = 2 AND true ON"))
    with database.unit("p", reading=True) as work:
        assert find_broken_line(work) is None


def test_what_only_one_kind_offers_is_refused_too(database: Database, database_url: str) -> None:
    only_here = f"INSERT OR REPLACE INTO journal {REPLACED}" if database.engine.dialect.name == "sqlite" else "TRUNCATE journal"
    with pytest.raises((sqlite3.IntegrityError, psycopg.Error), match="append-only"):
        execute_raw(database_url, only_here)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("UPDATE journal SET detail = '{\"number\": 7}' WHERE number = 1", 1),
        ("UPDATE journal SET at = '2026-03-02 10:00:00' WHERE number = 4", 4),
        ("UPDATE journal SET number = 9 WHERE number = 5", 5),
        ("DELETE FROM journal WHERE number = 1", 1),
    ],
)
def test_a_change_behind_the_guards_is_found_by_its_line(database: Database, change: str, line: int) -> None:
    unguarded(database, change)
    with database.unit("p", reading=True) as work:
        assert find_broken_line(work) == line


def test_lines_taken_away_at_the_end_are_missed_where_the_engine_had_read_them(database: Database) -> None:
    with database.unit("p") as work:
        save_last_pass(work, "commitments", AT, seen_line=LINES)
    unguarded(database, "DELETE FROM journal WHERE number >= 4")
    with database.unit("p", reading=True) as work:
        assert find_broken_line(work) == 4


def test_a_long_journal_is_verified_in_batches(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "JOURNAL_BATCH", 20)
    with database.unit("p") as work:
        for number in range(400):
            work.record(AT, "ann", "test", "thing:1", number=number, words="word " * 4000)
    with database.unit("p", reading=True) as work:
        tracemalloc.start()
        assert find_broken_line(work) is None
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 4_000_000  # its words alone are 8 MB
