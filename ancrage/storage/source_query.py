"""Runs the query of a source in somebody else's database: read-only, bounded in time, rows and bytes.

It stands here because only storage knows SQL, and shares nothing with the product's own database: each run opens one connection of
its own and closes it. Four things keep it from doing harm: the query can only stand inside a SELECT of ours, the connection refuses
to write, the server is told to stop in time, and whoever asked goes on when it does not.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

NAMES = ("date", "value", "numerator", "denominator", "note")
LONGEST_CELL = 400
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
_FORBIDDEN_FUNCTIONS = frozenset({"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer"})
_STEPS_BETWEEN_LOOKS = 10_000


class QueryFailed(Exception):
    """The source did not give its rows. `kind` says why: time, size, columns, unsupported, or refused with the server's `detail`."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind)
        self.kind, self.detail = kind, detail


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a run may take at most."""

    seconds: float
    rows: int
    bytes: int


@dataclass(slots=True)
class _Run:
    """One run in its own thread: a server that never answers keeps the thread, not whoever asked."""

    rows: list[tuple[str, ...]] = field(default_factory=list)
    error: Exception | None = None


def run_source_query(url: str, query: str, bounds: Bounds) -> list[tuple[str, ...]]:
    """The rows of a query as texts in the order of `NAMES`, empty where a column is not given. QueryFailed when they cannot be had."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise QueryFailed("unsupported") from None
    read = {"sqlite": _read_sqlite, "postgresql": _read_postgres}.get(parsed.get_backend_name())
    if read is None:
        raise QueryFailed("unsupported")
    run = _Run()
    worker = threading.Thread(target=_work, args=(run, read, parsed, query, bounds), name="source-query", daemon=True)
    worker.start()
    worker.join(bounds.seconds + 1)  # the server's own limit comes first
    if worker.is_alive():
        raise QueryFailed("time")
    if run.error is not None:
        raise run.error
    return run.rows


def _work(run: _Run, read: Callable[[URL, str, Bounds], list[tuple[str, ...]]], url: URL, query: str, bounds: Bounds) -> None:
    try:
        run.rows = read(url, query, bounds)
    except QueryFailed as failed:
        run.error = failed
    except (SQLAlchemyError, sqlite3.Error, NoSuchModuleError, ImportError, OSError, ValueError) as error:
        reason = str(getattr(error, "orig", None) or error)
        run.error = QueryFailed("time" if "interrupted" in reason or "statement timeout" in reason else "refused", reason)


def _wrapped(query: str, columns: str, limit: int) -> str:
    # Inside a subquery nothing but one SELECT can stand; the line break ends a comment that the query ends with.
    return f"SELECT {columns} FROM (\n{query.strip().removesuffix(';')}\n) AS readings LIMIT {limit:d}"  # noqa: S608


def _wanted(names: Sequence[str]) -> dict[str, str]:
    """The column of the query for each of ours, whatever its capitals; QueryFailed without a day or a figure."""
    found = {name.casefold(): name for name in names}
    wanted = {ours: found[ours] for ours in NAMES if ours in found}
    if "date" not in wanted or ("value" not in wanted and "numerator" not in wanted):
        raise QueryFailed("columns", ", ".join(names)[:200])
    return wanted


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _taken(rows: Iterator[Sequence[Any]], wanted: dict[str, str], bounds: Bounds) -> list[tuple[str, ...]]:
    places = {name: place for place, name in enumerate(wanted)}
    taken: list[tuple[str, ...]] = []
    size = 0
    for row in rows:
        cells = tuple("" if name not in places or row[places[name]] is None else str(row[places[name]]) for name in NAMES)
        size += sum(map(len, cells))
        if len(taken) >= bounds.rows or size > bounds.bytes:
            raise QueryFailed("size")
        taken.append(cells)
    return taken


def _read_sqlite(url: URL, query: str, bounds: Bounds) -> list[tuple[str, ...]]:
    path = Path(url.database or "").absolute()
    if not path.is_file():
        raise QueryFailed("refused", "no such file")
    deadline = time.monotonic() + bounds.seconds
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=min(5.0, bounds.seconds))) as connection:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, bounds.bytes)
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.execute("PRAGMA query_only = ON")
        connection.set_authorizer(_only_reads)
        connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
        names = [column[0] for column in connection.execute(_wrapped(query, "*", 0)).description]
        wanted = _wanted(names)
        rows = connection.execute(_wrapped(query, ", ".join(map(_quoted, wanted.values())), bounds.rows + 1))
        return _taken(iter(rows), wanted, bounds)


def _only_reads(action: int, first: str | None, second: str | None, _database: str | None, _trigger: str | None) -> int:
    if action not in _ALLOWED or (action == sqlite3.SQLITE_FUNCTION and (second or first or "") in _FORBIDDEN_FUNCTIONS):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _read_postgres(url: URL, query: str, bounds: Bounds) -> list[tuple[str, ...]]:
    limit = max(1, int(bounds.seconds * 1000))
    options = (
        f"-c default_transaction_read_only=on -c statement_timeout={limit} -c lock_timeout={limit} "
        f"-c idle_in_transaction_session_timeout={limit + 5000}"
    )
    asked = url.set(drivername="postgresql+psycopg")
    arguments = {"options": options, "connect_timeout": max(2, int(bounds.seconds)), "application_name": "ancrage source"}
    engine = create_engine(asked, poolclass=NullPool, connect_args=arguments)
    try:
        with engine.connect() as connection:
            connection.execute(text("SET TRANSACTION READ ONLY"))
            return _taken_from_server(connection, query, bounds)
    finally:
        engine.dispose()


def _taken_from_server(connection: Connection, query: str, bounds: Bounds) -> list[tuple[str, ...]]:
    """Cells are cut by the server: a driver takes a whole row into memory before anybody can look at its size."""
    streaming = connection.execution_options(stream_results=True, max_row_buffer=500)
    with closing(streaming.exec_driver_sql(_wrapped(query, "*", 0))) as nothing:
        wanted = _wanted(list(nothing.keys()))
    columns = ", ".join(f"left(CAST({_quoted(name)} AS text), {LONGEST_CELL}) AS {ours}" for ours, name in wanted.items())
    with closing(streaming.exec_driver_sql(_wrapped(query, columns, bounds.rows + 1))) as rows:
        return _taken((tuple(row) for row in rows), wanted, bounds)

