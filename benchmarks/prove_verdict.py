"""Measures the verdict on simulated lives against the goals of the design: `python -m benchmarks.prove_verdict [PER_FAMILY] [SEED]`.

Prints the table of docs/reference/verdicts.md. 65 per family make 2,600 series of 84 points, each with a verdict at every point; the
default of 200 makes 8,000, so that a rate near its goal does not miss it by chance.
Exit code 1 when a goal is missed.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from ancrage.domain.anchoring.course import oriented_pairs, standings
from ancrage.domain.anchoring.lifecycle import State
from benchmarks.lifecycles import BASELINE, EROSION_FROM, NOISES, SCENARIOS, Series, simulate, simulate_all

Life = Sequence[tuple[State, bool | None]]
"""State and target_met after each of the 72 points."""
Lives = Mapping[tuple[str, str], Sequence[Life]]

NOTHING_LASTS = ("none", "partial", "surge6", "surge9")
ERODES_LATER = ("sustained1.5", "erode1.5", "erode1.5above", "erode2")
INDEPENDENT = tuple(noise for noise in NOISES if noise != "ar0.3")
HELD = (State.ADOPTED, State.ANCHORED)


def verdicts(series: Series) -> Life:
    """The verdict after each point, none of which looks ahead."""
    samples = oriented_pairs(series.values, series.denominators, series.direction, series.kind)
    before = [sample for sample in samples[:BASELINE] if sample is not None]
    played = standings(before, samples[BASELINE:], target=series.target, direction=series.direction)
    return [(standing.state, standing.target_met) for standing in played]


def ever(state: State, first: int, last: int) -> Callable[[Life], bool]:
    """Was `state` given at a point from `first` to `last` (from 1, both included)?"""
    return lambda life: any(found is state for found, _ in life[first - 1 : last])


def always(_life: Life) -> bool:
    return True


def holds_until_erosion(life: Life) -> bool:
    """Adopted or anchored at the last point before the erosion: one that is called eroding already cannot be found."""
    return life[EROSION_FROM - 2][0] in HELD


def warned_early(life: Life) -> bool:
    """`eroding` within 12 points of the erosion, said while the last eight points still met the target."""
    return any(state is State.ERODING and met is True for state, met in life[EROSION_FROM - 1 : EROSION_FROM + 11])


@dataclass(frozen=True)
class Measure:
    """One line of the table: the share of lives of these families that pass `test`, among those that `counts`."""

    title: str
    scenarios: Sequence[str]
    test: Callable[[Life], bool]
    at_most: float | None = None
    at_least: float | None = None
    noises: Sequence[str] = INDEPENDENT
    counts: Callable[[Life], bool] = always

    @property
    def goal(self) -> str:
        if self.at_most is not None:
            return f"<= {self.at_most:g}%"
        return f">= {self.at_least:g}%" if self.at_least is not None else ""

    def is_met(self, rate: float) -> bool:
        return (self.at_most is None or rate <= self.at_most) and (self.at_least is None or rate >= self.at_least)


ANCHORED_EVER = ever(State.ANCHORED, 1, 72)
FALSELY_ERODING = ever(State.ERODING, 13, 36)
FOUND = ever(State.ERODING, EROSION_FROM, EROSION_FROM + 11)
EROSIONS = ("erode1.5", "erode1.5above")
AUTOCORRELATED = ("ar0.3",)
MEASURES = (
    *(Measure(f"false anchored: {scenario}", (scenario,), ANCHORED_EVER, at_most=1) for scenario in NOTHING_LASTS),
    Measure("sustained change anchored by point 24", ("sustained1.5",), ever(State.ANCHORED, 1, 24), at_least=97),
    Measure("false eroding, points 13-36", ERODES_LATER, FALSELY_ERODING, at_most=6),
    Measure("erosion of 1.5 sigma found within 12 points", EROSIONS, FOUND, at_least=89, counts=holds_until_erosion),
    Measure("the same while the target is still met", ("erode1.5above",), FOUND, at_least=85, counts=holds_until_erosion),
    Measure("erosion onto the target, found while it was still met", ("erode1.5",), warned_early, counts=holds_until_erosion),
    Measure("erosion of 2 sigma found within 12 points", ("erode2",), FOUND, counts=holds_until_erosion),
    Measure("AR(1) 0.3: false anchored", NOTHING_LASTS, ANCHORED_EVER, noises=AUTOCORRELATED),
    Measure("AR(1) 0.3: false eroding, points 13-36", ERODES_LATER, FALSELY_ERODING, at_most=15, noises=AUTOCORRELATED),
    Measure("AR(1) 0.3: erosion of 1.5 sigma found", EROSIONS, FOUND, at_least=85, noises=AUTOCORRELATED, counts=holds_until_erosion),
)


def rate(lives: Iterable[Life], test: Callable[[Life], bool]) -> float:
    """The share, in percent."""
    told = [test(life) for life in lives]
    return 100 * sum(told) / len(told)


def show(measure: Measure, lives: Lives) -> bool:
    """Prints one line; says whether the goal is met."""
    chosen = {
        noise: [life for scenario in measure.scenarios for life in lives[scenario, noise] if measure.counts(life)]
        for noise in measure.noises
    }
    overall = rate([life for noise in measure.noises for life in chosen[noise]], measure.test)
    by_noise = ", ".join(f"{noise} {rate(found, measure.test):.1f}" for noise, found in chosen.items())
    print(f"| {measure.title} | {measure.goal} | {overall:.1f} | {by_noise} |")
    return measure.is_met(overall)


def show_by_onset(lives: int, seed: int) -> None:
    """How the same erosion is found when it begins earlier or later; it must not only work where the table above looks."""
    print("\n| erosion of 1.5 sigma from point | found within 12 points | within 24 |\n| --- | --- | --- |")
    for onset in (14, 17, 20, 25, 30, 37, 44):
        dice = random.Random(f"{seed}:{onset}")
        played = [verdicts(simulate("erode1.5above", "normal", dice, onset)) for _ in range(lives)]
        held = [life for life in played if life[onset - 2][0] in HELD]
        found = [rate(held, ever(State.ERODING, onset, onset + within - 1)) for within in (12, 24)]
        print(f"| {onset} | {found[0]:.0f} | {found[1]:.0f} |")


def play(per_family: int, seed: int) -> Lives:
    """Every family's lives, on two processes."""
    everything = list(simulate_all(per_family, seed))
    began = time.perf_counter()
    with ProcessPoolExecutor(max_workers=2) as pool:
        played = list(pool.map(verdicts, everything, chunksize=100))
    points = len(everything[0].values)
    print(f"{len(everything)} series x {points} points: {time.perf_counter() - began:.1f} s wall on 2 processes\n")
    lives: dict[tuple[str, str], list[Life]] = {}
    for series, life in zip(everything, played, strict=True):
        lives.setdefault((series.scenario, series.noise), []).append(life)
    return lives


def main() -> int:
    per_family = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    print(f"seed {seed}, {per_family} series in each of {len(SCENARIOS)} x {len(NOISES)} families")
    lives = play(per_family, seed)
    print("| measured | goal | all | by noise |\n| --- | --- | --- | --- |")
    met = [show(measure, lives) for measure in MEASURES]
    show_by_onset(2 * per_family, seed)
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
