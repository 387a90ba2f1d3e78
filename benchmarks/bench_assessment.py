"""Rows S1 to S4, L1 and P1 of performance.md: a campaign of 2,000 processes x 100 practices, from answers to levels.

Prints one line per row: floor, subject, ratio, goal. Process CPU, medians of interleaved rounds, synthetic data of seed 7, on the
embedded database. S2 is wall time on the PostgreSQL server of ANCRAGE_TEST_POSTGRES_URL, and is left out without one. `--small` takes a
tenth of the processes.
"""

from __future__ import annotations

import os
import platform
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import event, text

from ancrage.domain.assessment.arrays import AnswerSheet, determine_levels
from ancrage.domain.assessment.determination import determine
from ancrage.domain.assessment.types import CellKey
from ancrage.services.campaigns import GivenRating, rate
from ancrage.services.determinations import determine_now
from ancrage.services.levels_now import levels_now
from ancrage.storage.campaigns import fetch_campaign
from ancrage.storage.database import Database
from ancrage.storage.ratings import StoredAnswer, save_answers, save_levels
from benchmarks.bench_declarations import cpu, show
from benchmarks.synthetic_campaign import CAMPAIGN, OPENED, PROGRAMME, empty_campaign, given_answers, reference_model

ROUNDS, PROCESSES, WHO = 5, 2000, "ann"
SERVER = "ANCRAGE_TEST_POSTGRES_URL"
MODEL = reference_model()
Answers = Mapping[CellKey, StoredAnswer]
INSERT = (
    "INSERT INTO rating (programme_id, campaign_id, process_id, practice_id, person_id, revision, value, comment, rated_at, current) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
FETCH = "SELECT process_id, practice_id, value FROM rating WHERE programme_id = ? AND campaign_id = ? AND current"


def raw_rows(answers: Answers, at: Any) -> list[tuple[Any, ...]]:
    return [
        (PROGRAMME, CAMPAIGN, process, practice, WHO, answer.revision, answer.value, answer.comment, at, True)
        for (process, practice), answer in answers.items()
    ]


def path_of(database: Database) -> str:
    return str(database.engine.url.database)


def store_raw(database: Database, rows: list[tuple[Any, ...]]) -> None:
    """The floor of S1: the driver's executemany into the same table, triggers and all, committed."""
    with closing(sqlite3.connect(path_of(database))) as connection:
        connection.execute("PRAGMA synchronous=FULL")
        connection.executemany(INSERT, rows)
        connection.commit()


def store(database: Database, answers: Answers) -> None:
    with database.unit(PROGRAMME) as work:
        save_answers(work, CAMPAIGN, WHO, answers, OPENED)


def empty(database: Database) -> None:
    with database.unit(PROGRAMME) as work:
        work.session.execute(text("DELETE FROM rating"))


def bench_store(database: Database, processes: int) -> float:
    """S1: what was validated is written, in one unit of work."""
    answers = given_answers(processes, MODEL)
    rows = raw_rows(answers, OPENED.strftime("%Y-%m-%d %H:%M:%S.000000"))
    floors, subjects = [], []
    for _ in range(ROUNDS):
        floors.append(cpu(lambda: store_raw(database, rows)))
        empty(database)
        subjects.append(cpu(lambda: store(database, answers)))
        empty(database)
    floor, subject = statistics.median(floors), statistics.median(subjects)
    show(f"S1 store {len(rows):,} answers, SQLite", floor, subject, subject / floor, "<= 4.5")
    statements = count_statements(database, lambda: store(database, answers))
    print(f"   statements: {statements}   goal <= {len(rows) // 500 + 10}")
    return subject


def count_statements(database: Database, work: Callable[[], None]) -> int:
    seen: list[str] = []

    def note(*arguments: Any) -> None:
        seen.append(arguments[2])

    event.listen(database.engine, "before_cursor_execute", note)
    work()
    event.remove(database.engine, "before_cursor_execute", note)
    return len(seen)


def bench_rate(folder: Path, processes: int) -> None:
    """What a person's whole import costs: checked against what was asked and the scale, compared with what is known, written."""
    with closing(empty_campaign(folder, processes, one_person=WHO)) as database:
        for what, revision in (("new", 1), ("changed", 2)):
            given = [GivenRating(*cell, answer.value, answer.comment) for cell, answer in given_answers(processes, MODEL, revision).items()]
            seconds = cpu(lambda given=given: _rate(database, given))  # type: ignore[misc]
            print(f"   `rate` of {len(given):,} answers of one person, {what}: {seconds:.2f} s CPU")


def _rate(database: Database, given: list[GivenRating]) -> None:
    with database.unit(PROGRAMME) as work:
        rate(work, CAMPAIGN, WHO, given, OPENED)


def fetch_raw(database: Database) -> int:
    """The floor of S3: the three columns as the driver gives them."""
    with closing(sqlite3.connect(path_of(database))) as connection:
        return len(connection.execute(FETCH, (PROGRAMME, CAMPAIGN)).fetchall())


def levels_at_once(database: Database, process: str | None = None) -> None:
    with database.unit(PROGRAMME, reading=True) as work:
        campaign = fetch_campaign(work, CAMPAIGN)
        assert campaign is not None
        levels_now(work, campaign, MODEL, process)


def one_by_one(database: Database, times: int) -> None:
    for _ in range(times):
        levels_at_once(database, "process_7")


def levels_explained(database: Database, *, stored: bool = False) -> None:
    with database.unit(PROGRAMME) as work:
        campaign = fetch_campaign(work, CAMPAIGN)
        assert campaign is not None
        determination = determine_now(work, campaign, MODEL)
        if stored:
            save_levels(work, CAMPAIGN, determination.results, determination.targets)
            work.session.rollback()


def bench_levels(database: Database, processes: int) -> float:
    """S3 and S4, on a campaign all of whose questions are answered."""
    floors, subjects, ones = [], [], []
    for _ in range(ROUNDS):
        floors.append(cpu(lambda: fetch_raw(database)))
        subjects.append(cpu(lambda: levels_at_once(database)))
        ones.append(cpu(lambda: one_by_one(database, 10)) / 10)
    floor, subject, one = map(statistics.median, (floors, subjects, ones))
    show(f"S3 {processes:,} processes: levels, scores", floor, subject, subject / floor, "<= 2.0")
    for name, stored in (("with blockers, reasons, fingerprint", False), ("the same, and every level stored", True)):
        seconds = cpu(lambda stored=stored: levels_explained(database, stored=stored))  # type: ignore[misc]
        show(f"   {name}", floor, seconds, seconds / floor, "<= 2.0")
    show("S4 one answer changed, its process", subject, one, one / subject, "<= 0.005 at 2,000 processes, flat")
    return one


def bench_arithmetic(processes: int) -> None:
    """L1: levels of answers that are in memory, against `determine`, the loop in plain Python."""
    answers = {cell: answer.value for cell, answer in given_answers(processes, MODEL).items()}
    names, practices, values = [cell.process for cell in answers], [cell.practice for cell in answers], list(answers.values())
    scope = list(dict.fromkeys(names))

    def at_once() -> None:
        sheet = AnswerSheet(MODEL, scope)
        sheet.put(names, practices, values)
        determine_levels(sheet)

    taken = [(cpu(lambda: determine(MODEL, answers, scope)), cpu(at_once)) for _ in range(ROUNDS)]
    floor, subject = (statistics.median(each) for each in zip(*taken, strict=True))
    show(f"L1 levels of {len(answers):,} ratings", floor, subject, subject / floor, "<= 0.15")


def bench_close(folder: Path, processes: int) -> None:
    """What the end of a campaign writes: agreed values, determination and levels, every reason in words."""
    with closing(empty_campaign(folder, processes)) as database:
        store(database, given_answers(processes, MODEL))
        seconds = cpu(lambda: _agree_and_determine(database))
        print(f"   end of a campaign of {processes:,} processes: {seconds:.1f} s CPU for agreed values, levels and determination")


def _agree_and_determine(database: Database) -> None:
    from ancrage.services.determinations import _save_agreed, _save_determination

    with database.unit(PROGRAMME) as work:
        campaign = fetch_campaign(work, CAMPAIGN)
        assert campaign is not None
        _save_agreed(work, campaign, MODEL, OPENED)
        _save_determination(work, campaign, determine_now(work, campaign, MODEL), OPENED)
        work.flush()


def bench_server(processes: int) -> None:
    """S2: the same on PostgreSQL, wall, against COPY of the same rows into the same table."""
    if SERVER not in os.environ:
        print(f"S2 left out: no PostgreSQL server in {SERVER}")
        return
    from tests.support.databases import postgres_url

    first, second = given_answers(processes, MODEL), given_answers(processes, MODEL, 2)
    with postgres_url() as url, closing(empty_campaign(Path(), processes, url)) as database:
        floors, inserts, upserts = [], [], []
        for _ in range(ROUNDS):
            floors.append(wall(lambda: copy_raw(database, raw_rows(first, OPENED))))
            empty(database)
            inserts.append(wall(lambda: store(database, first)))
            upserts.append(wall(lambda: store(database, second)))
            empty(database)
        floor, insert, upsert = map(statistics.median, (floors, inserts, upserts))
        show(f"S2 store {len(first):,}, PostgreSQL, wall", floor, insert, insert / floor, "<= 1.5")
        show("S2 the same, all superseding", floor, upsert, upsert / floor, "<= 2.5")


def copy_raw(database: Database, rows: list[tuple[Any, ...]]) -> None:
    columns = INSERT.partition("(")[2].partition(")")[0]
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY rating ({columns}) FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)
        driver.commit()


def wall(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    processes = PROCESSES // 10 if "--small" in sys.argv else PROCESSES
    shown = ", ".join(f"{name} {version(name)}" for name in ("sqlalchemy", "numpy", "psycopg"))
    print(
        f"{platform.python_implementation()} {platform.python_version()}, {shown}, SQLite {sqlite3.sqlite_version}, seed 7, "
        f"{ROUNDS} rounds, load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    taken = {}
    for size in (processes // 10, processes):
        with tempfile.TemporaryDirectory() as folder, closing(empty_campaign(Path(folder), size)) as database:
            taken[size] = bench_store(database, size), bench_levels(database, size)
    (small, one), (large, other) = taken.values()
    print(f"S1 growth 1x to 10x   {large / small:5.1f}   goal linear\nS4 growth 1x to 10x   {other / one:5.1f}   goal flat")
    bench_arithmetic(processes)
    for bench in (bench_rate, bench_close):
        with tempfile.TemporaryDirectory() as folder:
            bench(Path(folder), processes)
    bench_server(processes)
    print("P1 Prefect task runs: answers, levels and charts are none; `prove_prefect` counts those of a pass   goal <= 1 per 2,500")


if __name__ == "__main__":
    main()
