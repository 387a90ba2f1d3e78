"""A SQL source is only read, through a connection of its own, bounded in time, rows and bytes."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from ancrage.exchange.collecting.connections import Connection
from ancrage.services.collecting import Outcome, SourceReport
from ancrage.storage.source_query import Bounds, QueryFailed, run_source_query
from tests.support.collecting import CollectingProject, indicator, make_project
from tests.support.databases import postgres_url

QUERY = "SELECT day AS date, open AS value FROM backlog"
BOUNDS = Bounds(2.0, 100, 100_000)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "desk.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE backlog (day TEXT, open REAL, part INT, whole INT);"
            "INSERT INTO backlog VALUES ('2026-02-23', 12.5, 4, 5), ('2026-03-02', 11, 3, 5);"
        )
        connection.commit()
    return path


@pytest.fixture
def project(tmp_path: Path) -> Iterator[CollectingProject]:
    made = make_project(tmp_path / "project", [indicator("backlog", f'{{sql: {{connection: desk, query: "{QUERY}"}}}}')])
    yield made
    made.close()


def run(path: Path, query: str, bounds: Bounds = BOUNDS) -> list[tuple[str, ...]]:
    return run_source_query(f"sqlite:///{path}", query, bounds)


def reason(path: Path, query: str, bounds: Bounds = BOUNDS) -> str:
    with pytest.raises(QueryFailed) as failed:
        run(path, query, bounds)
    return failed.value.kind


def test_rows_are_recorded_and_a_correction_supersedes(project: CollectingProject, desk: Path) -> None:
    known = project.knowing(Connection("desk", f"sqlite:///{desk}"))
    assert known.collect().sources == (SourceReport("backlog", Outcome.RECORDED, 2),)
    assert known.collect("backlog").sources == (SourceReport("backlog", Outcome.UNCHANGED, 0),)
    with closing(sqlite3.connect(desk)) as connection:
        connection.execute("UPDATE backlog SET open = 9 WHERE day = '2026-03-02'")
        connection.commit()
    assert known.collect("backlog").counts == {"readings_recorded": 1}
    assert project.readings("backlog") == {date(2026, 2, 23): 12.5, date(2026, 3, 2): 9.0}


def test_a_proportion_has_both_its_numbers_whatever_the_capitals(desk: Path) -> None:
    assert run(desk, "SELECT day AS Date, part AS NUMERATOR, whole AS denominator FROM backlog ORDER BY day -- the weeks")[1] == (
        "2026-03-02", "", "3", "5", ""
    )  # fmt: skip


@pytest.mark.parametrize("query", [
    "DELETE FROM backlog", "DROP TABLE backlog", "SELECT 1 AS date, 2 AS value) AS a; DELETE FROM backlog; --",
    "WITH gone AS (SELECT 1) DELETE FROM backlog", "ATTACH '/etc/passwd' AS p", "PRAGMA journal_mode = DELETE",
    "SELECT load_extension('x') AS date, 1 AS value", "SELECT * FROM pragma_database_list", "VACUUM INTO '/nowhere/x'",
    "SELECT day AS date, open AS value FROM nothing",
])  # fmt: skip
def test_nothing_but_reading_is_possible(desk: Path, query: str) -> None:
    before = desk.read_bytes()
    assert reason(desk, query) in ("refused", "columns")
    assert desk.read_bytes() == before


def test_a_query_that_never_ends_is_stopped_in_time(desk: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) AS date, 1 AS value FROM n"
    began = time.monotonic()
    assert reason(desk, endless, Bounds(0.5, 100, 100_000)) == "time"
    assert time.monotonic() - began < 4


def test_rows_and_bytes_are_bounded(desk: Path) -> None:
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT '2026-03-02' AS date, i AS value FROM n"
    assert reason(desk, many) == "size"
    assert len(run(desk, many, Bounds(5.0, 1000, 100_000))) == 1000
    assert reason(desk, "SELECT hex(zeroblob(1000000000)) AS date, 1 AS value") == "refused"
    assert reason(desk, "SELECT hex(zeroblob(49000)) AS date, 1 AS value UNION ALL SELECT hex(zeroblob(49000)), 2") == "size"


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    assert reason(tmp_path / "nothing.sqlite", QUERY) == "refused"
    assert not (tmp_path / "nothing.sqlite").exists()


def test_columns_must_be_called_as_readings_are(desk: Path) -> None:
    assert reason(desk, "SELECT day, open FROM backlog") == "columns"


@pytest.mark.parametrize("url", ["mysql://127.0.0.1/x", "nonsense", "https://127.0.0.1"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(QueryFailed, match="unsupported"):
        run_source_query(url, QUERY, BOUNDS)


def test_a_locked_database_costs_its_time_and_is_told_once(project: CollectingProject, desk: Path) -> None:
    known = project.knowing(Connection("desk", f"sqlite:///{desk}", timeout_seconds=0.5))
    with closing(sqlite3.connect(desk, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        for days in range(2):
            (report,) = known.collect(days=days).sources
            assert (report.outcome, report.problems[0].code) == (Outcome.FAILED, "E-COLLECT-ANSWER")
    assert [owner for owner, _ in project.asked()] == ["lead"]
    assert known.collect(days=2).sources[0].outcome is Outcome.RECORDED
    assert project.asked() == []


def test_a_server_that_accepts_and_says_nothing_costs_its_time() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(QueryFailed) as failed:
            run_source_query(f"postgresql://reader:s3cret@127.0.0.1:{silent.getsockname()[1]}/x", QUERY, Bounds(1.0, 10, 1000))
        assert time.monotonic() - began < 6
    assert failed.value.kind in ("time", "refused")
    assert "s3cret" not in failed.value.detail


@pytest.mark.postgres
def test_postgresql_is_only_read_and_stopped_in_time() -> None:
    with postgres_url() as url:
        _only_reads_and_stops(url)


def _only_reads_and_stops(url: str) -> None:
    good = "SELECT day AS date, open AS value FROM (VALUES (date '2026-03-02', 11.5)) AS t (day, open)"
    assert run_source_query(url, good, BOUNDS) == [("2026-03-02", "11.5", "", "", "")]
    long = "SELECT count(*) AS date, 1 AS value FROM generate_series(1, 100000000000)"
    for query in ("SELECT pg_sleep(60)::text AS date, 1 AS value", long):
        began = time.monotonic()
        with pytest.raises(QueryFailed, match="time"):
            run_source_query(url, query, Bounds(1.0, 10, 1000))
        assert time.monotonic() - began < 5
    for query in ("CREATE TABLE x (i int)", "SELECT set_config('transaction_read_only', 'off', false) AS date, 1 AS value",
                  "WITH a AS (DELETE FROM pg_class RETURNING 1) SELECT 1 AS date, 1 AS value FROM a"):  # fmt: skip
        with pytest.raises(QueryFailed, match="refused"):
            run_source_query(url, query, BOUNDS)
    assert len(run_source_query(url, "SELECT repeat('x', 200000000) AS date, 1 AS value", Bounds(20, 10, 1000))[0][0]) == 400
