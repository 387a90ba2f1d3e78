"""Two readings of the rules agree: the product, and a slow one that walks every minute and shares no code with it."""

from __future__ import annotations

import os
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ancrage.domain.escalation.playing import regular_passes
from ancrage.domain.escalation.scenario import Scenario
from tests.support.plain_outcome import played, read_one
from tests.support.random_scenarios import BEGINNINGS, Draw, as_yaml
from tests.support.slow_reading import SlowWorld

PROVE = bool(os.environ.get("ANCRAGE_PROVE"))
SEED = 7
ZONES = list(BEGINNINGS)
PAIRS = [(zone, ZONES[(place + 1) % len(ZONES)]) for place, zone in enumerate(ZONES)]


def draw(number: int, grid: int, days: int, *, monthly: bool = False) -> Draw:
    """Scenario `number` of this seed; the suite stays with one pair of zones, which are slow to walk, the proof takes them all."""
    pair = PAIRS[number % len(PAIRS)] if PROVE else PAIRS[0]
    season = number // len(PAIRS) % 2 if PROVE else 0
    return Draw(random.Random(f"{SEED} {number} {grid}"), grid=grid, zones=pair, season=season, days=days, monthly=monthly)


@pytest.mark.parametrize(
    ("count", "grid", "days", "monthly"),
    [(100, 30, 14, False), (80, 1, 14, False), (20, 30, 65, True)] if PROVE else [(10, 30, 7, False), (9, 1, 7, False), (1, 30, 35, True)],
)
def test_the_slow_reading_gives_the_same_notices_and_ends(tmp_path: Path, count: int, grid: int, days: int, monthly: bool) -> None:
    told = 0
    for number in range(count):
        plain = draw(number, grid, days, monthly=monthly).scenario()
        notices, final = played(read_one(tmp_path / "drawn.yaml", as_yaml(plain)))
        slow = SlowWorld(plain).play()
        assert (notices, final) == (slow["notices"], slow["final"]), f"scenario {number}, grid {grid}, seed {SEED}\n{as_yaml(plain)}"
        told += len(notices)
    assert told > count, "scenarios in which nobody is told anything prove nothing"


def random_passes(scenario: Scenario, rng: random.Random) -> list[datetime]:
    """An engine that looks now and then, never later than after half an hour."""
    at, found = scenario.start, []
    while at <= scenario.until:
        found.append(at)
        at += timedelta(minutes=rng.randint(1, 29), seconds=rng.randrange(60))
    return found


@pytest.mark.parametrize("count", [150 if PROVE else 8])
def test_the_notices_do_not_depend_on_the_tick(tmp_path: Path, count: int) -> None:
    """On a grid of half hours, where no two things are nearer to each other than any of the ticks."""
    for number in range(count):
        plain = draw(number, 30, 10).scenario()
        scenario = read_one(tmp_path / "drawn.yaml", as_yaml(plain))
        exact = played(scenario)
        ticks = {f"{minutes} min": list(regular_passes(scenario, timedelta(minutes=minutes))) for minutes in (1, 5, 30)}
        ticks["random"] = random_passes(scenario, random.Random(number))
        for name, passes in ticks.items():
            assert played(scenario, passes) == exact, f"scenario {number}, tick {name}, seed {SEED}\n{as_yaml(plain)}"
