"""Look at a database without changing it: whether it is there, answers, and stands at the schema of this version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from ancrage.errors import AncrageError
from ancrage.storage.database import Database, open_database, schema_is_current


class SchemaState(StrEnum):
    """What a database is to this version of Ancrage."""

    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"
    MISSING = "missing"
    UNREACHABLE = "unreachable"


def examine_schema(url: str) -> tuple[SchemaState, str]:
    """The state of the database at `url`, and the reason where it cannot be reached; nothing is created or migrated."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and not (parsed.database and Path(parsed.database).is_file()):
        return SchemaState.MISSING, ""
    engine = open_database(url)
    try:
        return (SchemaState.CURRENT if schema_is_current(engine) else SchemaState.OLDER), ""
    except AncrageError:
        return SchemaState.NEWER, ""
    except SQLAlchemyError as error:
        return SchemaState.UNREACHABLE, str(getattr(error, "orig", None) or type(error).__name__).strip()
    finally:
        engine.dispose()


@contextmanager
def opened_as_it_is(url: str) -> Iterator[Database]:
    """The database without bringing its schema up; its connections are given back at the end."""
    database = Database(open_database(url))
    try:
        yield database
    finally:
        database.close()
