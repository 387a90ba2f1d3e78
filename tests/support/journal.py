"""Somebody who owns the database and takes its guards away."""

from __future__ import annotations

from sqlalchemy import text

from ancrage.storage.database import Database


def unguarded(database: Database, *statements: str) -> None:
    """Execute statements as if no trigger guarded the journal."""
    with database.engine.begin() as connection:
        if database.engine.dialect.name == "sqlite":
            found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'"))
            guards = [f'DROP TRIGGER "{name}"' for (name,) in found]
        else:
            found = connection.execute(text("SELECT tgname FROM pg_trigger WHERE tgrelid = 'journal'::regclass AND NOT tgisinternal"))
            guards = [f'DROP TRIGGER "{name}" ON journal' for (name,) in found]
        assert guards
        for statement in (*guards, *statements):
            connection.exec_driver_sql(statement)
