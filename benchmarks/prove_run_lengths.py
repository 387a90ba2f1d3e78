"""Average run lengths of the rule sets against the published ones: `python -m benchmarks.prove_run_lengths [RUNS] [SEED]`.

Normal readings with known centre and spread, shifted by 0, 1 or 2 sigmas from the start; the length until the first signal. Published:
Shewhart and Western Electric by Champ and Woodall (Technometrics 29, 1987), CUSUM k 0.5 by Montgomery. They let two points of two
count for "two of three"; qcc, and so our profile, waits for three: four points on the centre are put before each run. Exit code 1
when a published value lies outside three standard errors.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Mapping
from math import sqrt
from statistics import NormalDist, fmean, stdev

from ancrage.domain.anchoring.limits import Limits
from ancrage.domain.anchoring.profiles import PROFILES
from ancrage.domain.anchoring.rank_cusum import RankCusum
from ancrage.domain.anchoring.run_rules import Finder, Rule, outside

BLOCK, LOOK_BACK = 128, 16
"""Points are looked at in blocks; no rule looks back further than 16 points."""
LEAD_IN = {"western_electric": [0.0] * 4}
SHEWHART: Mapping[Rule, Finder] = {Rule.OUTSIDE: outside}
PUBLISHED = {
    ("shewhart", 0): 370.4, ("shewhart", 1): 43.89, ("shewhart", 2): 6.30,
    ("western_electric", 0): 91.75, ("western_electric", 1): 9.22, ("western_electric", 2): 3.13,
    ("cusum_h4", 0): 335.4, ("cusum_h4", 1): 8.38, ("cusum_h4", 2): 3.34,
    ("cusum_h5", 0): 930.9, ("cusum_h5", 1): 10.38, ("cusum_h5", 2): 4.01,
}  # fmt: skip
WIDE_REFERENCE = [NormalDist().inv_cdf((rank + 0.5) / 100_000) for rank in range(100_000)]
"""Ranks against so many values are as good as the values themselves."""


def is_signalled(values: list[float], rules: Mapping[Rule, Finder]) -> bool:
    limits = Limits(0.0, (3.0,) * len(values), 1.128379)
    return any(find(values, limits) for find in rules.values())


def run_length(rules: Mapping[Rule, Finder], readings: Iterator[float], before: list[float]) -> int:
    """Points until the first signal; a signal of a prefix stays one of every longer prefix, so that it can be searched by halves."""
    seen = 0
    while True:
        block = [next(readings) for _ in range(BLOCK)]
        if is_signalled(before + block, rules):
            low, high = 1, BLOCK
            while low < high:
                middle = (low + high) // 2
                low, high = (low, middle) if is_signalled(before + block[:middle], rules) else (middle + 1, high)
            return seen + low
        seen += BLOCK
        before = block[-LOOK_BACK:]


def cusum_length(limit: float, readings: Iterator[float]) -> int:
    """Points until our rank CUSUM sounds, one-sided, at `limit`."""
    cusum = RankCusum(WIDE_REFERENCE, upwards=True)
    cusum.limit = limit
    count = 1
    while not cusum.feed(next(readings)):
        count += 1
    return count


def measure(name: str, shift: int, runs: int, seed: int) -> tuple[float, float]:
    """Mean run length and its standard error."""
    dice = random.Random(f"{seed}:{name}:{shift}")
    readings = (dice.gauss(shift, 1) for _ in iter(int, 1))
    if name.startswith("cusum"):
        lengths = [cusum_length(float(name[-1]), readings) for _ in range(runs)]
    else:
        rules = SHEWHART if name == "shewhart" else PROFILES[name].rules
        lengths = [run_length(rules, readings, LEAD_IN.get(name, [])) for _ in range(runs)]
    return fmean(lengths), stdev(lengths) / sqrt(runs)


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    print(f"seed {seed}, {runs} runs each\n\n| rules | shift 0 | shift 1 | shift 2 |\n| --- | --- | --- | --- |")
    missed = 0
    for name in ("shewhart", "western_electric", "cusum_h4", "cusum_h5", "nhs", "nelson", "wheeler"):
        cells = []
        for shift in (0, 1, 2):
            mean, error = measure(name, shift, runs, seed)
            published = PUBLISHED.get((name, shift))
            missed += published is not None and abs(mean - published) > 3 * error
            cells.append(f"{mean:.2f} ± {error:.2f}" + (f" (published {published:g})" if published else ""))
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
