"""Every row of every table of a project, on either database: equal snapshots, nothing has changed."""

from __future__ import annotations

from sqlalchemy import MetaData

from ancrage.project import Project

Snapshot = dict[str, list[str]]


def snapshot(project: Project) -> Snapshot:
    """Rows as text, by table, in an order of their own."""
    tables = MetaData()
    with project.database.engine.connect().execution_options(ancrage_reading=True) as connection:
        tables.reflect(connection)
        return {
            name: sorted(repr(sorted(row._mapping.items())) for row in connection.execute(table.select()))
            for name, table in tables.tables.items()
        }
