"""The database of a round, copied from the story's before each round, on either kind; and all the rows it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import psycopg
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from ancrage.storage.database import Database, open_database
from ancrage.storage.engine import find_broken_line
from tests.support.kills.story import PROGRAMME

Rows = Mapping[str, tuple[str, ...]]
"""Rows by table, each as text, in an order of their own."""

BOOKMARKS: Mapping[str, frozenset[str]] = {"engine": frozenset({"passed_at", "seen_line"})}
"""What the engine notes for itself: when it made its last pass, and how far it had read."""

OF_THE_PASS: Mapping[str, frozenset[str]] = {
    "commitment": frozenset({"passed_at", "recorded_at"}),
    "journal": frozenset({"at", "number", "digest", "pass_at", "seconds"}),
    "message": frozenset({"sent_at", "try_at"}),
    "outbox": frozenset({"pass_at", "seconds"}),
}
"""Columns, and parts of JSON columns, that say when a pass did its work, not what it did: a pass that had to be made again did it later."""


@dataclass(frozen=True)
class Found:
    """What a database holds: the rows, also without what depends on when a pass was made; and whether its journal is whole."""

    exact: Rows
    logical: Rows
    broken_line: int | None
    sent: frozenset[tuple[str, str]]
    """Notices that ended as sent: their key, and the Message-ID they left with."""
    unsettled: int


class Store(Protocol):
    """A kind of database: the story's own, and a copy of it for each round."""

    @property
    def kind(self) -> str: ...

    @property
    def story_url(self) -> str: ...

    @property
    def round_url(self) -> str: ...

    def renew(self) -> None:
        """Make the database of the round a fresh copy of the story's."""
        ...


@dataclass(frozen=True)
class SqliteStore:
    """Two files; copied by SQLite's own backup."""

    folder: Path
    kind: str = "SQLite"

    @property
    def story_url(self) -> str:
        return f"sqlite:///{self.folder / 'story.sqlite'}"

    @property
    def round_url(self) -> str:
        return f"sqlite:///{self.folder / 'round.sqlite'}"

    def renew(self) -> None:
        for path in self.folder.glob("round.sqlite*"):
            path.unlink()
        with closing(sqlite3.connect(self.folder / "story.sqlite")) as source, closing(sqlite3.connect(self.folder / "round.sqlite")) as to:
            source.backup(to)


@dataclass(frozen=True)
class PostgresStore:
    """Two databases of a server, the second made with the first as its template."""

    server: str
    name: str
    kind: str = "PostgreSQL"

    @property
    def story_url(self) -> str:
        return self._url("story")

    @property
    def round_url(self) -> str:
        return self._url("round")

    def _url(self, part: str) -> str:
        return make_url(self.server).set(database=f"{self.name}_{part}").render_as_string(hide_password=False)

    def renew(self) -> None:
        self.administer(
            f'DROP DATABASE IF EXISTS "{self.name}_round" WITH (FORCE)',
            f'CREATE DATABASE "{self.name}_round" TEMPLATE "{self.name}_story"',
        )

    def administer(self, *statements: str) -> None:
        address = make_url(self.server).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as admin:
            for statement in statements:
                admin.execute(statement.encode())


@contextmanager
def postgres_store(server: str, name: str) -> Iterator[PostgresStore]:
    """Two databases on `server`, dropped at the end."""
    store = PostgresStore(server, name)
    store.administer(f'CREATE DATABASE "{name}_story"')
    try:
        yield store
    finally:
        store.administer(*(f'DROP DATABASE IF EXISTS "{name}_{part}" WITH (FORCE)' for part in ("round", "story")))


def look(url: str) -> Found:
    """Everything the database at `url` holds; its connections are given back."""
    with closing(Database(open_database(url))) as database, database.unit(PROGRAMME, reading=True) as work:
        tables = {
            table.name: [dict(row._mapping) for row in work.session.connection().execute(select(table))]
            for table in SQLModel.metadata.sorted_tables
        }
        header = {row["id"]: str(row["header_id"]) for row in tables["message"]}
        return Found(
            exact=_rows(tables, BOOKMARKS),
            logical=_rows(tables, {**OF_THE_PASS, **BOOKMARKS}),
            broken_line=find_broken_line(work),
            sent=frozenset((str(row["id"]), header[row["message_id"]]) for row in tables["outbox"] if str(row["status"]) == "sent"),
            unsettled=sum(str(row["status"]) in ("claimed", "retry") for row in tables["message"]),
        )


def _rows(tables: Mapping[str, list[dict[str, object]]], without: Mapping[str, frozenset[str]]) -> Rows:
    none: frozenset[str] = frozenset()
    return {name: tuple(sorted(repr(_part(row, without.get(name, none))) for row in rows)) for name, rows in tables.items()}


def _part(value: object, without: frozenset[str]) -> object:
    """A row, or a part of its JSON, without some keys."""
    if isinstance(value, dict):
        return {key: _part(value[key], without) for key in sorted(value) if key not in without}
    return [_part(one, without) for one in value] if isinstance(value, list) else value
