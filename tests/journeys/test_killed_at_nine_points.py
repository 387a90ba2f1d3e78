"""Killed with -9 at nine exact points, the engine loses nothing (ESC-G1 to G3, A11): one round each; `make prove` makes a hundred."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.databases import SERVER
from tests.support.kills.points import Point

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_what_a_killed_process_leaves_is_taken_over_and_nothing_is_lost(database: str) -> None:
    if database == "postgresql" and SERVER not in os.environ:
        pytest.skip(f"no PostgreSQL server: set {SERVER}, or run `make test-all`")
    command = [sys.executable, "-m", "benchmarks.prove_kills", "--database", database, "--rounds", "1", "--json"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    rounds = json.loads(ended.stdout or "[]")
    assert [one["point"] for one in rounds] == [point.value for point in Point], ended.stderr
    assert [one for one in rounds if not one["moment"]] == []  # each was killed where it should be
    assert [one for one in rounds if one["lost"] or one["faults"] or one["other_ids"]] == []
    copied = [one["point"] for one in rounds if one["second_copies"]]
    assert copied == [Point.AFTER_THE_250.value]  # ESC-G3: the same Message-ID and the same words, or `other_ids` would count it
    assert ended.returncode == 0
