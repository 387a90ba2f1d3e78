"""Rows E1, E2, E3 and C1 of performance.md: what a pass of the engine costs, and what a command costs before it does anything.

Prints one line per row: floor, subject, ratio, goal. Process CPU, medians of interleaved rounds (E3: wall), synthetic
data of seed 7. E1 and E2 are measured on the embedded database. E2 with a million commitments needs two minutes and 2 GB to
build: `--million` asks for it; without, 10,000 stand against 100,000.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import text

from ancrage.project import Project
from ancrage.services.advance import Stage, advance, advance_stage
from ancrage.storage.engine import fetch_journal
from benchmarks.bench_declarations import cpu, show
from benchmarks.synthetic_commitments import OPENED, add_commitments, empty_project

SEED, ROUNDS, DUE = 7, 5, 100
FIRST = OPENED + timedelta(days=7, hours=1)
SERVER = "ANCRAGE_TEST_POSTGRES_URL"


def database_of(project: Project) -> str:
    return project.settings.database_url.removeprefix("sqlite:///")


def filter_all(path: str) -> int:
    """The floor of E1: every open commitment fetched as the driver gives it, and those that are due picked out."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT wake_at, id, terms, ladder, passed_at FROM commitment WHERE status <> 'closed'").fetchall()
    return sum(row[0] is not None and row[0] <= "2026-01-12 09:00:00.000000" for row in rows)


def filter_all_decoded(path: str) -> int:
    """The same with the state of each taken apart: what an engine that looks at everything has to do before it can decide."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT wake_at, terms, ladder FROM commitment WHERE status <> 'closed'").fetchall()
    states = [(wake, json.loads(terms), json.loads(ladder)) for wake, terms, ladder in rows]
    return sum(wake is not None and wake <= "2026-01-12 09:00:00.000000" for wake, _, _ in states)


def bench_due(folder: Path, size: int) -> float:
    """E1: the pass over commitments with `DUE` due, against fetching all; every round has its own hundred."""
    floors, decoded, subjects = [], [], []
    with closing(empty_project(folder)) as project:
        add_commitments(project, size - ROUNDS * DUE, 0, SEED)
        for number in range(ROUNDS):
            add_commitments(project, DUE, DUE, SEED, since=size + number * DUE)
            floors.append(cpu(lambda: filter_all(database_of(project))))
            decoded.append(cpu(lambda: filter_all_decoded(database_of(project))))
            subjects.append(cpu(lambda at=FIRST + number * timedelta(minutes=1): _pass(project, at)))  # type: ignore[misc]
    subject = statistics.median(subjects)
    for name, base in (("raw fetch of all", floors), ("fetch of all, states decoded", decoded)):
        ratio = statistics.median(taken / floor for taken, floor in zip(subjects, base, strict=True))
        show(f"E1 {DUE} due of {size:,}, {name}", statistics.median(base), subject, ratio, "<= 0.05")
    return subject


def _pass(project: Project, at: Any) -> None:
    report = advance_stage(project, Stage.COMMITMENTS, at)
    assert report.counts == {"commitments_looked_at": DUE}, report


def bench_idle(folder: Path, size: int) -> float:
    """E2: seconds of a whole pass, every stage, when nothing is due among `size`."""
    with closing(empty_project(folder)) as project:
        add_commitments(project, size, 0, SEED)
        for minute in range(3):
            advance(project, OPENED + timedelta(minutes=minute))
        return statistics.median(cpu(lambda at=OPENED + timedelta(minutes=10 + number): advance(project, at)) for number in range(20))  # type: ignore[misc]


ENGINE = """
import sys
from datetime import datetime
from pathlib import Path
from ancrage.errors import EngineBusy
from ancrage.project import open_project
from ancrage.services.advance import Stage, advance_stage
import time
project = open_project(Path(sys.argv[1]))
while True:
    try:
        advance_stage(project, Stage.COMMITMENTS, datetime.fromisoformat(sys.argv[2]))
        break
    except EngineBusy:
        time.sleep(0.05)
"""


def bench_engines(folder: Path, size: int, due: int) -> None:
    """E3 as this design has it: of four engines on PostgreSQL one works and the others wait; it is killed, and another goes on."""
    from tests.support.databases import postgres_url

    with postgres_url() as url, closing(empty_project(folder, url)) as project:
        add_commitments(project, size, due, SEED)
        command = [sys.executable, "-c", ENGINE, str(folder), FIRST.isoformat()]
        begun = time.monotonic()
        engines = [subprocess.Popen(command, env={**os.environ, "ANCRAGE_DATABASE_URL": url}) for _ in range(4)]
        _kill_the_one_at_work(project, engines)
        codes = sorted(engine.wait() for engine in engines)
        seconds = time.monotonic() - begun
        with project.reading() as work:
            passes = [line.subject for line in fetch_journal(work) if line.what == "pass"]
        doubles, gaps = len(passes) - len(set(passes)), due - len(set(passes))
        print(
            f"E3 four engines, {due:,} due of {size:,}, one killed: {seconds:.1f} s wall, {due / seconds:,.0f}/s, "
            f"{doubles} doubles, {gaps} gaps, ends {codes}   goal 0 doubles, 0 gaps (40 x a batch of 1 is for engines side by side)"
        )


def _kill_the_one_at_work(project: Project, engines: list[subprocess.Popen[bytes]]) -> None:
    """Kill the engine whose connection holds the lock, once it has done something; the others are waiting."""
    while True:
        with project.database.engine.connect() as connection:
            done = connection.execute(text("SELECT count(*) FROM commitment WHERE passed_at >= :at"), {"at": FIRST}).scalar() or 0
        if done:
            break
        time.sleep(0.05)
    busiest = max(engines, key=lambda engine: _cpu_ticks(engine.pid))
    busiest.kill()


def _cpu_ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


LOADED = "import sys; print(*sorted({{name.partition('.')[0] for name in sys.modules}} & {{{names}}}))"
HEAVY = ("prefect", "sqlmodel", "networkx", "numpy", "fastapi")


def bench_commands(folder: Path) -> None:
    """C1: whole processes against `python -c pass`; and which heavy libraries each has loaded."""
    with closing(empty_project(folder)) as project:
        add_commitments(project, 20, 0, SEED)
    script = Path(sys.executable).with_name("ancrage")
    floor = whole([sys.executable, "-c", "pass"])
    for name, arguments in (("--help", ["--help"]), ("status", ["--project", str(folder), "status"])):
        taken = whole([str(script), *arguments])
        show(f"C1 ancrage {name}", floor, taken, taken / floor, "<= 15")
        print(f"   loaded by it: {loaded_by(arguments) or 'none of them'} (of {', '.join(HEAVY)})")


def whole(command: list[str]) -> float:
    """Median CPU seconds of a process, from its start to its end."""
    taken = []
    for _ in range(ROUNDS):
        begun = children_seconds()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        taken.append(children_seconds() - begun)
    return statistics.median(taken)


def children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def loaded_by(arguments: list[str]) -> str:
    names = ", ".join(repr(name) for name in HEAVY)
    code = f"""
import contextlib, io, sys
from ancrage.cli.main import main
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    main({arguments!r})
{LOADED.format(names=names)}
"""
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def main(arguments: list[str]) -> None:
    shown = ", ".join(f"{name} {version(name)}" for name in ("sqlalchemy", "sqlmodel", "pydantic"))
    print(f"{platform.python_implementation()} {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {shown}, seed {SEED}")
    sizes = (100_000, 1_000_000) if "--million" in arguments else (10_000, 100_000)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        small, large = bench_due(folder / "due10", 10_000), bench_due(folder / "due100", 100_000)
        show("E1 growth 10,000 to 100,000", small, large, large / small, "linear in due: 1")
        few, many = bench_idle(folder / "few", sizes[0]), bench_idle(folder / "many", sizes[1])
        show(f"E2 none due, {sizes[0]:,} to {sizes[1]:,}", few, many, many / few, "<= 1.50")
        bench_commands(folder / "commands")
        if SERVER in os.environ:
            bench_engines(folder / "engines", 20_000, 4_000)
        else:
            print(f"E3 needs PostgreSQL: scripts/with-postgres python -m benchmarks.bench_engine ({SERVER})")


if __name__ == "__main__":
    main(sys.argv[1:])
