"""Two engines at once, and an acknowledgement in the second of a pass: one effect each, on both databases (ESC-A2, C1, G4, S7)."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ancrage.domain.escalation.playing import play, regular_passes
from ancrage.storage.database import Database
from tests.support.ack_race import ACK_FIRST, AckRace
from tests.support.engine_outcome import delivery_faults, outcome_of
from tests.support.plain_outcome import plain_final, plain_notices, read_one
from tests.support.random_scenarios import BEGINNINGS, Draw, as_yaml
from tests.support.two_engines import TwoEngines, two_connections

SEED = 7
SCENARIOS = 200 if os.environ.get("ANCRAGE_PROVE") else 3
ZONES = list(BEGINNINGS)
TICK = timedelta(minutes=30)


@pytest.fixture
def connections(database_url: str) -> Iterator[tuple[Database, Database]]:
    with two_connections(database_url) as both:
        yield both


def drawn(number: int) -> str:
    zones = (ZONES[number % len(ZONES)], ZONES[(number + 1) % len(ZONES)])
    season = number // len(ZONES) % 2
    return as_yaml(Draw(random.Random(f"{SEED} {number} two"), grid=30, zones=zones, season=season, days=4).scenario())


def test_two_engines_at_once_send_what_one_sends(connections: tuple[Database, Database], tmp_path: Path) -> None:
    told = 0
    for number in range(SCENARIOS):
        scenario = read_one(tmp_path / "drawn.yaml", drawn(number))
        bench = TwoEngines(scenario, connections, TICK, f"drawn-{number}")
        bench.play(list(regular_passes(scenario, TICK)))
        expected, found = play(scenario), outcome_of(bench)
        where = f"scenario {number}, seed {SEED}\n{drawn(number)}"
        assert plain_notices(found) == plain_notices(expected), where
        assert plain_final(found) == plain_final(expected), where
        assert delivery_faults(bench) == [], where
        told += len(found.messages)
    assert told > SCENARIOS, "scenarios in which nobody is told anything prove nothing"


def test_an_acknowledgement_in_the_second_of_the_pass_has_one_effect(connections: tuple[Database, Database]) -> None:
    tally = AckRace(connections, SEED, rounds=30).play()
    assert tally.faults == []
    assert tally.ends.total() == 30
    assert 0 < tally.ends[ACK_FIRST] < 30, "both orders must occur, or the race proves nothing"
