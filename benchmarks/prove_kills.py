"""Kills the engine at nine exact points and looks at what follows: `python -m benchmarks.prove_kills [--rounds N] [--database ...]`.

Each round starts from the same small project, on a fresh copy of its database: four steps fire at 14:00 and ten notices leave, three of
them in one digest and two in another, to a real mail server (aiosmtpd) on loopback. The process that makes the pass, or that takes the
press of a button, is killed with SIGKILL at a point; which message, row or moment inside the point is drawn from the seed. Another
process takes over, at the same instant or five minutes later. Then every notice must have been accepted by the server, every row must
end as in a run that nobody disturbed, and the journal must be whole (ESC-A11, C1, G1 to G3, G5). Exit code 1 when anything is not so.

PostgreSQL: the server of ANCRAGE_TEST_POSTGRES_URL; without it the command starts one by scripts/with-postgres, where one is installed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from uuid import uuid4

from tests.support.databases import SERVER
from tests.support.kills.points import Point, points
from tests.support.kills.post_office import post_office
from tests.support.kills.rounds import Bench, Verdict
from tests.support.kills.stores import SqliteStore, Store, postgres_store

ROUNDS = 100
SEED = 20261122
WITH_POSTGRES = Path(__file__).resolve().parent.parent / "scripts" / "with-postgres"
SHOWN_FAULTS = 20
LONGEST_FAULT = 600


@contextmanager
def store_of(database: str, folder: Path) -> Iterator[Store]:
    """The story's database and that of the rounds."""
    if database == "sqlite":
        yield SqliteStore(folder)
    else:
        with postgres_store(os.environ[SERVER], f"ancrage_kills_{uuid4().hex[:8]}") as store:
            yield store


def play(database: str, chosen: Sequence[Point], rounds: int, seed: int) -> Iterator[tuple[str, Verdict]]:
    """Every round on one kind of database: its name, and what came of the round."""
    with tempfile.TemporaryDirectory() as name, post_office(Path(name) / "letters") as office, store_of(database, Path(name)) as store:
        bench = Bench(store, office, Path(name) / "project")
        bench.prepare()
        for point in chosen:
            verdicts = [bench.play(point, f"{seed}/{point.name}/{number}") for number in range(rounds)]
            print(row_of(point, store.kind, verdicts), file=sys.stderr, flush=True)
            yield from ((store.kind, verdict) for verdict in verdicts)


def is_sound(verdict: Verdict) -> bool:
    """A round as it must be: killed, nothing lost, a second copy after the 250 only, and nothing else amiss."""
    copies = 1 if verdict.point is Point.AFTER_THE_250 else 0
    return verdict.killed and (verdict.lost, verdict.second_copies, verdict.other_ids, verdict.faults) == (0, copies, 0, ())


HEAD = "| killed | database | rounds | killed there | notices lost | second copies | other Message-IDs or texts | rounds that differ |"


def row_of(point: Point, kind: str, verdicts: Sequence[Verdict]) -> str:
    """One line of the table of docs/proofs.md."""
    cells = (
        point.value, kind, len(verdicts), sum(one.killed for one in verdicts), sum(one.lost for one in verdicts),
        sum(one.second_copies for one in verdicts), sum(one.other_ids for one in verdicts), sum(bool(one.faults) for one in verdicts),
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


def show(found: Sequence[tuple[str, Verdict]]) -> None:
    """The table, the moments that were drawn, and what was not as it should be."""
    print(f"{HEAD}\n| --- | --- | --- | --- | --- | --- | --- | --- |")
    for point in Point:
        for kind in dict.fromkeys(kind for kind, _ in found):
            verdicts = [verdict for on, verdict in found if (on, verdict.point) == (kind, point)]
            if verdicts:
                print(row_of(point, kind, verdicts))
    moments = Counter((verdict.point, verdict.moment or "NOT REACHED") for _, verdict in found)
    print("\nMoments drawn:")
    for (point, moment), count in sorted(moments.items(), key=lambda item: (list(Point).index(item[0][0]), item[0][1])):
        print(f"  {point.value}: {moment} ({count})")
    for kind, verdict in [one for one in found if not is_sound(one[1])][:SHOWN_FAULTS]:
        print(f"NOT SOUND on {kind}: {verdict}"[:LONGEST_FAULT])


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prove_kills", description="Kill the engine at nine exact points.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how many times at each point, on each database")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--points", type=lambda text: list(points(text)), default=list(Point), help="numbers, as 1,5,9; default all nine")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true", help="print every round as JSON instead of the table")
    return parser.parse_args(arguments)


def databases_of(wanted: str, arguments: Sequence[str]) -> list[str]:
    """The kinds to play on. Where a PostgreSQL server is wanted and none is given, this command starts itself anew beside one."""
    kinds = ["sqlite", "postgresql"] if wanted == "both" else [wanted]
    if "postgresql" not in kinds or SERVER in os.environ:
        return kinds
    if any(Path("/usr/lib/postgresql").glob("*/bin/postgres")):
        os.execv(str(WITH_POSTGRES), [str(WITH_POSTGRES), sys.executable, "-m", "benchmarks.prove_kills", *arguments])
    if wanted == "postgresql":
        sys.exit(f"no PostgreSQL server: set {SERVER}, or install Debian's postgresql")
    print(f"PostgreSQL is left out: set {SERVER}, or install Debian's postgresql", file=sys.stderr)
    return ["sqlite"]


def main() -> int:
    asked = parsed(sys.argv[1:])
    begun = time.monotonic()
    found = [one for kind in databases_of(asked.database, sys.argv[1:]) for one in play(kind, asked.points, asked.rounds, asked.seed)]
    if asked.json:
        print(json.dumps([{"database": kind, "sound": is_sound(verdict), **asdict(verdict)} for kind, verdict in found]))
    else:
        show(found)
        print(f"\nseed {asked.seed}, {len(found)} rounds in {time.monotonic() - begun:.0f} s")
    return 0 if all(is_sound(verdict) for _, verdict in found) else 1


if __name__ == "__main__":
    sys.exit(main())
