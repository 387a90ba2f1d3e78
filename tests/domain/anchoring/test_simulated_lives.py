"""The verdict's error rates: on the labelled sample of the reference folder, and on a small share of our own simulation.

The full table is printed by `python -m benchmarks.prove_verdict`; here the numbers are small and the bounds wide.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from ancrage.domain.anchoring.course import oriented_pairs, standings
from ancrage.domain.anchoring.lifecycle import State
from ancrage.domain.indicators import Direction, ValueKind
from benchmarks.lifecycles import BASELINE, EROSION_FROM, simulate_all

Lives = dict[str, list[list[State]]]


def labelled(folder: Path) -> Iterator[tuple[str, list[State]]]:
    with (folder / "lifecycle_series.csv").open(newline="") as file:
        series = {row["series_id"]: row for row in csv.DictReader(file)}
    with (folder / "lifecycle_truth.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            raw, before = series[row["series_id"]], int(row["baseline_points"])
            values = [float(value) for value in raw["values_or_numerators"].split()]
            sizes = [float(value) for value in raw["denominators"].split()]
            direction = Direction(row["direction"])
            samples = oriented_pairs(values, sizes, direction, ValueKind(row["type"]))
            baseline = [sample for sample in samples[:before] if sample is not None]
            found = standings(baseline, samples[before:], target=float(row["target"]), direction=direction)
            yield row["scenario"], [standing.state for standing in found]


@pytest.fixture(scope="module")
def sample(reference_data: Path) -> Lives:
    lives: Lives = {}
    for scenario, life in labelled(reference_data / "indicators"):
        lives.setdefault(scenario, []).append(life)
    return lives


def share(lives: list[list[State]], state: State, first: int, last: int) -> float:
    """Of the lives given, how many had `state` at a point from `first` to `last`, from 1."""
    return sum(state in life[first - 1 : last] for life in lives) / len(lives)


@pytest.mark.reference_data
def test_the_sample_has_the_families_it_is_described_with(sample: Lives) -> None:
    assert {scenario: len(lives) for scenario, lives in sample.items()} == {
        "none": 18, "sustained1.5": 18, "surge6": 18, "erode2": 18,
    }  # fmt: skip


@pytest.mark.reference_data
def test_nothing_that_fades_is_called_anchored(sample: Lives) -> None:
    assert share(sample["none"] + sample["surge6"], State.ANCHORED, 1, 72) == 0


@pytest.mark.reference_data
def test_a_sustained_change_is_anchored_by_point_24(sample: Lives) -> None:
    assert share(sample["sustained1.5"], State.ANCHORED, 1, 24) >= 0.97


@pytest.mark.reference_data
def test_a_sustained_change_is_seldom_called_eroding(sample: Lives) -> None:
    assert share(sample["sustained1.5"] + sample["erode2"], State.ERODING, 13, 36) <= 0.06


@pytest.mark.reference_data
def test_an_erosion_of_two_sigma_is_found_within_twelve_points(sample: Lives) -> None:
    assert share(sample["erode2"], State.ERODING, 37, 48) >= 0.89


@pytest.fixture(scope="module")
def simulated() -> Lives:
    lives: Lives = {}
    for series in simulate_all(per_family=8, seed=7):
        samples = oriented_pairs(series.values, series.denominators, series.direction, series.kind)
        baseline = [sample for sample in samples[:BASELINE] if sample is not None]
        found = standings(baseline, samples[BASELINE:], target=series.target, direction=series.direction)
        lives.setdefault(series.scenario, []).append([standing.state for standing in found])
    return lives


def test_in_the_simulation_nothing_that_fades_is_called_anchored(simulated: Lives) -> None:
    nothing_lasts = simulated["none"] + simulated["partial"] + simulated["surge6"] + simulated["surge9"]
    assert share(nothing_lasts, State.ANCHORED, 1, 72) <= 0.01


def test_in_the_simulation_a_sustained_change_is_anchored(simulated: Lives) -> None:
    assert share(simulated["sustained1.5"], State.ANCHORED, 1, 24) >= 0.9


def test_in_the_simulation_erosion_is_found_before_and_after_the_target_is_missed(simulated: Lives) -> None:
    for scenario in ("erode1.5", "erode1.5above", "erode2"):
        assert share(simulated[scenario], State.ERODING, EROSION_FROM, EROSION_FROM + 11) >= 0.8, scenario
        assert share(simulated[scenario], State.ERODING, 1, EROSION_FROM - 1) <= 0.2, scenario
