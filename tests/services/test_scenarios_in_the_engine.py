"""Every scenario lived through by the real engine gives what was counted by hand, and random ones what the player says (ESC-F, C1).

The suite takes a share; `ANCRAGE_PROVE=1` takes all scenarios at every tick, and 200 random ones on both databases.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ancrage.cli.simulation_view import scenario_record
from ancrage.domain.escalation.playing import play
from ancrage.domain.escalation.scenario import Scenario
from ancrage.storage.database import Database, connect
from tests.support.databases import postgres_url
from tests.support.engine_bench import EngineBench
from tests.support.engine_outcome import delivery_faults, outcome_of
from tests.support.plain_outcome import plain_final, plain_notices, read_one
from tests.support.random_scenarios import BEGINNINGS, Draw, as_yaml
from tests.support.scenario_files import differences, every_scenario, passes_of, random_passes

PROVE = bool(os.environ.get("ANCRAGE_PROVE"))
SEED = 7
ZONES = list(BEGINNINGS)
RANDOM = 200 if PROVE else 3


def shorter_than(days: float) -> list[str]:
    found = [(scenario.until - scenario.start, name) for name, (scenario, _) in every_scenario().items()]
    return sorted(name for length, name in found if length <= timedelta(days=days))


EVERY = sorted(every_scenario())
SHARE: dict[int | str, list[str]] = {
    30: shorter_than(days=7), "random": shorter_than(days=2.5), 5: shorter_than(days=2)[:2], 1: shorter_than(days=1)[:1],
}
"""In the suite, long scenarios are left to the proof: what they cost is passes in which nothing happens."""
CASES = [(name, tick) for tick in SHARE for name in (EVERY if PROVE else SHARE[tick])]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for many scenarios, each under a programme id of its own."""
    database = connect(f"sqlite:///{tmp_path_factory.mktemp('engine') / 'ancrage.sqlite'}")
    yield database
    database.close()


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    if request.param == "sqlite":
        database = connect(f"sqlite:///{tmp_path_factory.mktemp('engine') / 'ancrage.sqlite'}")
        yield database
        database.close()
        return
    with postgres_url() as url:
        database = connect(url)
        yield database
        database.close()


def lived(scenario: Scenario, database: Database, tick: int | str, name: str) -> EngineBench:
    """The scenario after its last pass. A pass that comes later than the rhythm and an hour follows a gap (ESC-C5)."""
    bench = EngineBench(scenario, database, timedelta(minutes=30 if isinstance(tick, str) else tick), name)
    bench.play(passes_of(scenario, tick))
    return bench


def faults(name: str, tick: int | str, database: Database) -> list[str]:
    scenario, expected = every_scenario()[name]
    bench = lived(scenario, database, tick, f"{tick}-{name}")
    return [*differences(scenario_record(scenario, outcome_of(bench)), expected), *delivery_faults(bench)]


@pytest.mark.parametrize(("name", "tick"), CASES, ids=[f"{name}-{tick}" for name, tick in CASES])
def test_the_engine_gives_what_was_counted_by_hand(name: str, tick: int | str, embedded: Database) -> None:
    assert faults(name, tick, embedded) == []


@pytest.mark.parametrize("name", EVERY if PROVE else ["PUB-1", "PUB-2", "X1-X2-X3-two-series-that-disagree", "S8-superseded"])
def test_the_same_on_either_database(name: str, either: Database) -> None:
    assert faults(name, 30, either) == []


def drawn(number: int, path: Path) -> tuple[Scenario, str]:
    """Scenario `number` of this seed, with its text; every fifth has a monthly promise."""
    zones = (ZONES[number % len(ZONES)], ZONES[(number + 1) % len(ZONES)])
    rng = random.Random(f"{SEED} {number} 30")
    days, season = 10 if PROVE else 6, number // len(ZONES) % 2
    text = as_yaml(Draw(rng, grid=30, zones=zones, season=season, days=days, monthly=number % 5 == 4).scenario())
    return read_one(path, text), text


@pytest.mark.parametrize("number", range(RANDOM))
def test_random_scenarios_give_what_the_player_says(number: int, either: Database, tmp_path: Path) -> None:
    scenario, text = drawn(number, tmp_path / "drawn.yaml")
    expected = play(scenario)
    bench = EngineBench(scenario, either, timedelta(minutes=30), f"drawn-{number}")
    bench.play(random_passes(scenario, random.Random(number)))
    found = outcome_of(bench)
    told = f"scenario {number}, seed {SEED}\n{text}"
    assert plain_notices(found) == plain_notices(expected), told
    assert plain_final(found) == plain_final(expected), told
    assert delivery_faults(bench) == [], told
