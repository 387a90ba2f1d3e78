"""A database opens at the newest schema, on SQLite and on PostgreSQL, and a newer one is refused."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlmodel import SQLModel

from ancrage.errors import AncrageError
from ancrage.storage.database import connect, migrate, open_database, schema_is_current


def test_a_new_database_is_brought_to_the_newest_schema(database_url: str) -> None:
    database = connect(database_url)
    assert schema_is_current(database.engine)
    assert "alembic_version" in inspect(database.engine).get_table_names()
    database.close()


def test_bringing_it_there_again_changes_nothing(database_url: str) -> None:
    connect(database_url).close()
    engine = open_database(database_url)
    before = set(inspect(engine).get_table_names())
    migrate(engine)
    assert set(inspect(engine).get_table_names()) == before
    engine.dispose()


def test_a_database_written_by_a_newer_version_is_refused(database_url: str) -> None:
    database = connect(database_url)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(AncrageError, match="newer version of Ancrage"):
        migrate(database.engine)
    database.close()


def test_the_migrations_make_the_tables_and_columns_that_the_rows_expect(database_url: str) -> None:
    database = connect(database_url)
    with database.engine.connect() as connection:
        # Types are not compared: a migration writes ours as plain SQL types (migrations/env.py).
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, SQLModel.metadata) == []
    database.close()
