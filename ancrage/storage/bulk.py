"""Many rows in few statements: not as objects, because nobody reads them again in the same unit of work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Connection, Table, insert
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from ancrage.storage.unit_of_work import UnitOfWork

COPY_FROM = 500
"""Rows from which PostgreSQL is handed a stream (COPY) instead of one INSERT each: 9 microseconds a row against 166."""

Row = Mapping[str, Any]


def insert_rows(work: UnitOfWork, kind: type[SQLModel], rows: Sequence[Row]) -> None:
    """Write new rows of one table inside the transaction: one executemany, or one COPY on PostgreSQL from COPY_FROM rows on.

    Every row names the same columns; those it leaves out must have a default in the database or be nullable. What is pending in the
    session is flushed first. Triggers and constraints hold as for single rows, and their refusals are the same DBAPIError.
    """
    if not rows:
        return
    work.flush()
    connection = work.session.connection()
    if connection.dialect.name == "postgresql" and len(rows) >= COPY_FROM:
        _copy(connection, table_of(kind), rows)
    else:
        connection.execute(insert(table_of(kind)), rows)


def table_of(kind: type[SQLModel]) -> Table:
    """The table behind a row class."""
    return cast(Table, kind.__table__)  # type: ignore[attr-defined]


def _copy(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    names = list(rows[0])
    quoted = connection.dialect.identifier_preparer.quote
    statement = f"COPY {quoted(table.name)} ({', '.join(map(quoted, names))}) FROM STDIN"
    cells = _as_stored(connection, table, names, rows)
    driver = cast(Any, connection.connection.driver_connection)
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as stream:
            for row in cells:
                stream.write_row(row)
    except connection.dialect.loaded_dbapi.Error as refused:
        raise DBAPIError.instance(statement, None, refused, connection.dialect.loaded_dbapi.Error, dialect=connection.dialect) from refused


def _as_stored(connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row]) -> Sequence[tuple[Any, ...]]:
    """The cells of each row as the driver takes them; a column converts each distinct object once."""
    columns = []
    for name in names:
        values = list(map(itemgetter(name), rows))
        convert = table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        columns.append(values if convert is None else _converted(values, convert))
    return list(zip(*columns, strict=True))


def _converted(values: Sequence[Any], convert: Callable[[Any], Any]) -> Sequence[Any]:
    known = {id(value): convert(value) for value in {id(value): value for value in values}.values()}
    return [known[id(value)] for value in values]
