"""Open a database: embedded SQLite by default, PostgreSQL when the address says so. One schema, one migration path for both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url

from ancrage.errors import AncrageError
from ancrage.language import say
from ancrage.storage.engine import engine_lock
from ancrage.storage.unit_of_work import UnitOfWork, unit_factory

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY_TIMEOUT_MS = 30_000


def sqlite_url(path: Path) -> str:
    """The address of an embedded database file."""
    return f"sqlite:///{path}"


def open_database(url: str) -> Engine:
    """An engine on `url` whose transactions are right on either database.

    SQLite: write-ahead log, foreign keys, every transaction begins IMMEDIATE, so that two writers wait instead of failing half way
    and a commit is on disk before the engine acts on it. PostgreSQL: READ COMMITTED, rows are locked where they are claimed.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    return create_engine(parsed, pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself: `_begin_immediate` does
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    if connection.get_execution_options().get("ancrage_reading", False):
        connection.exec_driver_sql("BEGIN")
        return
    with _turn(connection.engine.url.database):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _turn(database: str | None) -> Iterator[None]:
    """Stand in line for SQLite's only write lock: whoever waits for it is next.

    SQLite itself has no line. A writer that commits and begins again at once, as an engine with thousands of rows does, nearly always
    wins against one that looks every 100 ms: a person's answer would wait for the whole backlog, and fail in the end.
    """
    if not database or database == ":memory:":
        yield
        return
    import fcntl  # only where the embedded database is used

    with Path(f"{database}.turn-lock").open("a") as line:
        fcntl.flock(line, fcntl.LOCK_EX)  # held until the write lock is ours; a process that dies leaves the line
        yield


@dataclass(frozen=True, slots=True)
class Database:
    """A database at the newest schema, as the rooms above see it: units of work and the engine's lock."""

    engine: Engine

    def unit(self, programme_id: str, *, reading: bool = False) -> AbstractContextManager[UnitOfWork]:
        """A new unit of work for one programme."""
        return unit_factory(self.engine, programme_id, reading=reading)()

    def engine_lock(self, programme_id: str) -> AbstractContextManager[bool]:
        """The right to be the engine of one programme (see `storage.engine.engine_lock`)."""
        return engine_lock(self.engine, programme_id)

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def connect(url: str) -> Database:
    """The database at `url`, brought to the newest schema."""
    engine = open_database(url)
    migrate(engine)
    return Database(engine)


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision; nothing happens where it is there already."""
    if schema_is_current(engine):
        return
    from alembic import command  # only here: every other command starts without it

    command.upgrade(_alembic(engine), "head")


def _alembic(engine: Engine) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def schema_is_current(engine: Engine) -> bool:
    """Whether the database stands at the newest revision of this version of Ancrage.

    Raises AncrageError when the database was written by a newer Ancrage.
    """
    known = revisions()
    with engine.connect().execution_options(ancrage_reading=True) as connection:
        written = inspect(connection).has_table("alembic_version")
        current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if written else None
    if current is not None and current not in known:
        raise AncrageError(say("the database was written by a newer version of Ancrage (schema {revision})", revision=current))
    return current == known[-1]


def revisions() -> list[str]:
    """Every revision of the schema, oldest first: the number that each migration's file name begins with."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
