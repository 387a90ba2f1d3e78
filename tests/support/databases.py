"""A fresh database for one test: an SQLite file, or a database of its own on the PostgreSQL server of the run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.engine import make_url

SERVER = "ANCRAGE_TEST_POSTGRES_URL"


@contextmanager
def postgres_url() -> Iterator[str]:
    """The address of a new, empty PostgreSQL database, dropped at the end; skips where no server is given."""
    if SERVER not in os.environ:
        pytest.skip(f"no PostgreSQL server: set {SERVER}, or run `make test-all`")
    server = make_url(os.environ[SERVER])
    name = f"ancrage_test_{uuid4().hex[:12]}"
    address = server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
