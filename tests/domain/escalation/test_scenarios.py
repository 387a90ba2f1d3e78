"""Every scenario of tests/scenarios, with what was counted by hand from the text of the rules, at every tick (ESC-F)."""

from __future__ import annotations

import pytest

from ancrage.cli.simulation_view import scenario_record
from ancrage.domain.escalation.playing import play
from tests.support.scenario_files import differences, every_scenario, passes_of

TICKS = (5, 30, "random")


@pytest.mark.parametrize("name", sorted(every_scenario()))
def test_scenario(name: str) -> None:
    scenario, expected = every_scenario()[name]
    assert list(differences(scenario_record(scenario, play(scenario)), expected)) == []


@pytest.mark.parametrize("name", sorted(every_scenario()))
def test_scenario_at_coarser_ticks(name: str) -> None:
    """All scenarios lie on a grid of half hours, so that the rules give the same at any tick up to that."""
    scenario, expected = every_scenario()[name]
    for tick in TICKS:
        assert list(differences(scenario_record(scenario, play(scenario, passes_of(scenario, tick))), expected)) == [], tick


def test_there_are_enough_of_them() -> None:
    assert len(every_scenario()) >= 42
