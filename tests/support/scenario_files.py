"""The scenarios of tests/scenarios with what was counted by hand, and how what came of one is compared with it (ESC-F)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from ancrage.declarations.scenario import read_scenarios
from ancrage.domain.escalation.playing import regular_passes
from ancrage.domain.escalation.scenario import Scenario

FOLDER = Path(__file__).parents[1] / "scenarios"
FILES = sorted(FOLDER.glob("*.yaml"))


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


LONGEST = timedelta(minutes=30)


def random_passes(scenario: Scenario, rng: random.Random, longest: timedelta = LONGEST) -> list[datetime]:
    """An engine that looks now and then, always sooner than after `longest`."""
    at, found = scenario.start, []
    while at <= scenario.until:
        found.append(at)
        at += timedelta(seconds=rng.randint(1, int(longest.total_seconds()) - 1))
    return found


def nearest(scenario: Scenario, expected: dict[str, Any]) -> timedelta:
    """The shortest time between two things that happen: a notice may be late by one tick (ESC-S6), and what comes in between undoes it
    (ESC-S7), so that only a shorter tick must give the same."""
    instants = sorted({event.at for event in scenario.events} | {instant(notice["at"]) for notice in expected["notices"]})
    return min((later - earlier for earlier, later in pairwise(instants)), default=LONGEST)


def passes_of(scenario: Scenario, tick: int | str) -> list[datetime]:
    """Pass instants of an engine with a tick of so many minutes, or with a "random" one, at most 30 and shorter than what happens."""
    if isinstance(tick, str):
        longest = min(LONGEST, nearest(scenario, every_scenario()[scenario.id][1]))
        return random_passes(scenario, random.Random(scenario.id), longest)
    return list(regular_passes(scenario, timedelta(minutes=tick)))
