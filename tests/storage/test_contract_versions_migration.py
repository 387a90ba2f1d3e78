"""What was signed before contracts had versions: numbered, with the text of its time, and what runs knows its version."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Engine, text

from ancrage.domain.engagement_versions import in_force
from ancrage.storage.contracts import fetch_contract_versions
from ancrage.storage.database import Database, _alembic, open_database

MONDAY = datetime(2026, 1, 12, 9, tzinfo=UTC)
TEXTS = ("first", "second", "third")
"""Fingerprints of the contract's text, one per declared version."""


@pytest.fixture
def older(database_url: str) -> Iterator[Engine]:
    """A database of the schema before versions: "first" signed by all, "second" by one, "third" only declared."""
    engine = open_database(database_url)
    command.upgrade(_alembic(engine), "0004")
    with engine.begin() as connection:
        for version, fingerprint in enumerate(TEXTS, start=1):
            contract = {"id": "c", "name": {"fr": "C"}, "sponsor": "s", "steward": "l", "calendar": "o", "fingerprint": fingerprint}
            insert(connection, "declaration_version", programme_id="p", version=version, fingerprint=fingerprint, applied_at=MONDAY,
                   applied_by="ben", snapshot={"contracts": {"c": contract}})  # fmt: skip
        for days, (fingerprint, role) in enumerate((("first", "s"), ("first", "l"), ("second", "s"))):
            insert(connection, "contract_signature", programme_id="p", contract_id="c", contract_fingerprint=fingerprint, role_id=role,
                   person_id="ann", signed_at=MONDAY + timedelta(days=days))  # fmt: skip
        for number, days in enumerate((0, 5)):
            insert(
                connection, "commitment", programme_id="p", id=f"k{number}", kind="clause", title_fr="", title_en="", event_id=f"e{number}",
                contract_id="c", subject={}, responsible="s", started_at=MONDAY + timedelta(days=days), due_at=MONDAY, status="open",
                policy_hash="", terms={}, ladder={},
            )  # fmt: skip
    yield engine
    engine.dispose()


def insert(connection: Any, table: str, **values: Any) -> None:
    import json

    plain = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in values.items()}
    names = ", ".join(values)
    marks = ", ".join(f"CAST(:{name} AS JSONB)" if isinstance(value, dict) and connection.dialect.name == "postgresql" else f":{name}"
                      for name, value in values.items())  # fmt: skip
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), plain)


def test_signatures_become_versions_in_the_order_they_were_given(older: Engine) -> None:
    command.upgrade(_alembic(older), "head")
    with Database(older).unit("p", reading=True) as work:
        first, second = fetch_contract_versions(work)["c"]
    assert [(it.number, it.fingerprint, it.declaration_version, sorted(it.signed)) for it in (first, second)] == [
        (1, "first", 1, ["l", "s"]), (2, "second", 2, ["s"]),
    ]  # fmt: skip
    assert in_force([first, second]) == first
    assert (first.proposed_at, first.complete_at) == (MONDAY, MONDAY + timedelta(days=1))


def test_what_runs_knows_the_version_it_was_promised_by(older: Engine) -> None:
    command.upgrade(_alembic(older), "head")
    with older.connect() as connection:
        found = connection.execute(text("SELECT id, contract_version FROM commitment ORDER BY id")).all()
    assert [tuple(row) for row in found] == [("k0", 1), ("k1", 1)]
