"""Rows X1, X2 and V1 of performance.md: charts of 10,000 indicators x 260 points, their weekly tick, and the verdict at every point.

Prints one line per row: floor, subject, ratio, goal. Process CPU, medians of interleaved rounds, synthetic data of seed 7: a twentieth
of the readings is missing, a tenth of the series changes its level. V1 is wall time on two processes, as its goal says.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from importlib.metadata import version

import numpy as np

from ancrage.domain.anchoring.arrays import Floats, Watch, draw_charts
from ancrage.domain.anchoring.chart import draw_chart
from ancrage.domain.anchoring.profiles import PROFILES
from ancrage.domain.anchoring.series import Point
from benchmarks.bench_declarations import cpu, show
from benchmarks.lifecycles import simulate_all
from benchmarks.prove_verdict import verdicts

SEED, ROUNDS, SERIES, POINTS, ALONE = 7, 7, 10_000, 260, 20
X1_GOAL, X2_GOAL, V1_GOAL = 40, 0.08, 10


def readings_of(series: int, points: int) -> Floats:
    """An array of (series, points)."""
    dice = np.random.default_rng(SEED)
    readings = dice.normal(50, 5, (series, points))
    readings[: series // 10, points // 2 :] += 8
    readings[dice.random((series, points)) < 0.05] = np.nan
    return readings


def bench_charts(series: int, profile: str) -> float:
    """X1: limits and all rules of a profile for every series, against a copy of the array."""
    readings = readings_of(series, POINTS)
    floor, subject = _interleaved(lambda: readings.copy(), lambda: draw_charts(readings, profile))
    show(f"X1 {profile}, {series:,} series x {POINTS}", floor, subject, subject / floor, f"<= {X1_GOAL}")
    return subject


def _interleaved(floor: object, subject: object) -> tuple[float, float]:
    taken = [(cpu(floor), cpu(subject)) for _ in range(ROUNDS)]  # type: ignore[arg-type]
    return statistics.median(one for one, _ in taken), statistics.median(other for _, other in taken)


def bench_alone(profile: str) -> None:
    """What the same charts cost one by one, in plain Python: an estimate from some of them."""
    days = [date(2020, 1, 6) + timedelta(weeks=number) for number in range(POINTS)]
    some = [
        [Point(day, None if np.isnan(value) else value) for day, value in zip(days, row, strict=True)]
        for row in readings_of(ALONE, POINTS).tolist()
    ]  # fmt: skip
    taken = statistics.median(cpu(lambda: [draw_chart(points, profile) for points in some]) for _ in range(ROUNDS))
    print(f"   {profile} one by one with draw_chart: {taken / ALONE * SERIES:.1f} s for {SERIES:,}, from {ALONE}")


def bench_tick(series: int, points: int, whole: float) -> float:
    """X2: one more reading of every series, flagged by limits that stand, against X1."""
    readings = readings_of(series, points)
    watch = Watch(draw_charts(readings, "nhs", first=12), readings)
    newest = readings_of(series, 1)[:, 0]
    subject = statistics.median(cpu(lambda: watch.feed(newest)) for _ in range(ROUNDS))
    show(f"X2 nhs, newest of {series:,} x {points}", whole, subject, subject / whole, f"<= {X2_GOAL}")
    return subject


def bench_verdicts() -> None:
    """V1: 2,600 simulated lives of 84 points, a verdict at every point after the change."""
    lives = list(simulate_all(65, SEED))
    begun = time.perf_counter()
    used = time.process_time()
    with ProcessPoolExecutor(max_workers=2) as pool:
        told = sum(map(len, pool.map(verdicts, lives, chunksize=100)))
    seconds = time.perf_counter() - begun
    print(
        f"V1 verdicts: {len(lives):,} series x {len(lives[0].values)}, {told:,} verdicts   {seconds:.1f} s wall on 2 processes "
        f"({time.process_time() - used:.1f} s CPU of the parent)   goal < {V1_GOAL} s{'' if seconds < V1_GOAL else '   FALLS SHORT'}"
    )


def main() -> None:
    print(
        f"{platform.python_implementation()} {platform.python_version()}, numpy {version('numpy')}, seed {SEED}, {ROUNDS} rounds, "
        f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    wholes = {profile: bench_charts(SERIES, profile) for profile in PROFILES}
    small = bench_charts(SERIES // 10, "nhs")
    print(f"X1 growth 1x to 10x   {wholes['nhs'] / small:5.1f}   goal linear")
    bench_alone("nhs")
    tick = bench_tick(SERIES, POINTS, wholes["nhs"])
    longer = bench_tick(SERIES, 4 * POINTS, wholes["nhs"])
    print(f"X2 growth with four times the history   {longer / tick:5.1f}   goal flat")
    bench_verdicts()


if __name__ == "__main__":
    main()
