"""An acknowledgement races a pass in the second of a firing: `python -m benchmarks.prove_interleavings [--rounds N] [--database D]`.

The rounds run on an SQLite file in a temporary folder, or with `--database postgres` on the server that `scripts/with-postgres` starts.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.support.ack_race import ACK_FIRST, STEP_RECALLED, STEP_SENT, AckRace, Tally
from tests.support.databases import SERVER, postgres_url
from tests.support.two_engines import two_connections


def run(url: str, rounds: int, seed: int) -> Tally:
    """The rounds on one database."""
    with two_connections(url) as connections:
        return AckRace(connections, seed, rounds).play()


def main() -> int:
    """Both databases where a PostgreSQL server is given, else SQLite."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    asked = parser.parse_args()
    begin = time.perf_counter()
    if asked.database == "postgres":
        if SERVER not in os.environ:
            parser.error("run it under scripts/with-postgres")
        with postgres_url() as url:
            tally = run(url, asked.rounds, asked.seed)
    else:
        with tempfile.TemporaryDirectory() as folder:
            tally = run(f"sqlite:///{Path(folder) / 'ancrage.sqlite'}", asked.rounds, asked.seed)
    print(f"{asked.database}, {asked.rounds} rounds, seed {asked.seed}, {time.perf_counter() - begin:.0f} s")
    for end in (ACK_FIRST, STEP_SENT, STEP_RECALLED):
        print(f"  {end}: {tally.ends[end]}")
    print(f"  not allowed: {len(tally.faults)}")
    for fault in tally.faults[:20]:
        print(f"    {fault}")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
