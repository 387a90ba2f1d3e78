"""Every scenario of tests/scenarios, with what was counted by hand from the text of the rules, at every tick (ESC-F)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ancrage.cli.simulation_view import scenario_record
from ancrage.declarations.scenario import read_scenarios
from ancrage.domain.escalation.playing import play, regular_passes
from ancrage.domain.escalation.scenario import Scenario

FOLDER = Path(__file__).parents[2] / "scenarios"
FILES = sorted(FOLDER.glob("*.yaml"))
TICKS = (5, 30)


@cache
def every_scenario() -> dict[str, tuple[Scenario, dict[str, Any]]]:
    """All scenarios by id, each with its `expect` part."""
    found: dict[str, tuple[Scenario, dict[str, Any]]] = {}
    for path in FILES:
        read = read_scenarios(path)
        for scenario, expected in zip(read.scenarios, read.expected, strict=True):
            assert isinstance(expected, dict), f"{scenario.id} expects nothing"
            assert scenario.id not in found, f"{scenario.id} stands twice"
            found[scenario.id] = (scenario, expected)
    return found


def comparable(notice: dict[str, Any]) -> tuple[Any, ...]:
    """A notice with its defaults filled in; equality is of sets (ESC-F)."""
    items = frozenset((item["c"], item["step"], item.get("occ", 1), item.get("in_place_of")) for item in notice["items"])
    return instant(notice["at"]), notice["to"], notice.get("urgent", False), items


def instant(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def differences(record: dict[str, Any], expected: dict[str, Any]) -> Iterator[str]:
    """What was expected and did not come, and the other way round."""
    got, wanted = ({comparable(notice) for notice in part["notices"]} for part in (record, expected))
    yield from (f"not sent: {notice}" for notice in sorted(wanted - got, key=str))
    yield from (f"not expected: {notice}" for notice in sorted(got - wanted, key=str))
    yield from nested_differences("final", record["final"], expected["final"])
    yield from nested_differences("measures", record["measures"], expected.get("measures", {}))


def nested_differences(where: str, got: Any, wanted: Any) -> Iterator[str]:
    if isinstance(wanted, dict) and not where.endswith(("skipped", "held_seconds")):
        for key, value in wanted.items():
            yield from nested_differences(f"{where}.{key}", got.get(key, "nothing"), value)
    elif isinstance(got, datetime):
        if got != instant(wanted):
            yield f"{where}: {got}, not {wanted}"
    elif got != wanted:
        yield f"{where}: {got}, not {wanted}"


def ticks_of(scenario: Scenario) -> dict[str, list[datetime]]:
    found = {f"{minutes} minutes": list(regular_passes(scenario, timedelta(minutes=minutes))) for minutes in TICKS}
    rng, at, found["random"] = random.Random(scenario.id), scenario.start, []
    while at <= scenario.until:
        found["random"].append(at)
        at += timedelta(minutes=rng.randint(1, 29), seconds=rng.randrange(60))
    return found


@pytest.mark.parametrize("name", sorted(every_scenario()))
def test_scenario(name: str) -> None:
    scenario, expected = every_scenario()[name]
    assert list(differences(scenario_record(scenario, play(scenario)), expected)) == []


@pytest.mark.parametrize("name", sorted(every_scenario()))
def test_scenario_at_coarser_ticks(name: str) -> None:
    """All scenarios lie on a grid of half hours, so that the rules give the same at any tick up to that."""
    scenario, expected = every_scenario()[name]
    for tick, passes in ticks_of(scenario).items():
        assert list(differences(scenario_record(scenario, play(scenario, passes)), expected)) == [], tick


def test_there_are_enough_of_them() -> None:
    assert len(every_scenario()) >= 42
