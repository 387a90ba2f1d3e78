"""Measures how early a sponsor's fading answers are heard: `python -m benchmarks.prove_erosion [SPONSORS] [SEED]`.

A simulated sponsor receives promises at random (Poisson), each with a delay of five days, and answers after a lognormal share of the
delay. A steady one keeps that pace for two years: any alarm is false. A slowing one keeps it for six to twelve months; then the median
doubles within a quarter (91 days, evenly on a logarithmic scale) and stays there: an alarm counts when it comes before the first promise
of the slow time passes its deadline. A thinning one keeps its pace but leaves more and more promises unanswered, from none to every
second one within a quarter: it gives no sign before the first silence, so an alarm counts within half a year of the beginning. The
trend is looked at every morning. Exit code 1 when a goal is missed for the usual sponsor.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import exp

from ancrage.domain.answer_trend import Listener, Wait, alarm_limit

START = datetime(2026, 1, 1, 9, tzinfo=UTC)
DELAY_DAYS = 5.0
QUARTER = 91


@dataclass(frozen=True)
class Sponsor:
    """How one kind of sponsor answers: promises a month, median share of the delay, spread of its logarithm."""

    per_month: float
    median_share: float
    spread: float

    def __str__(self) -> str:
        return f"{self.per_month:g} a month, median {self.median_share:.0%} of the delay, spread {self.spread:g}"


USUAL = Sponsor(4, 0.2, 0.5)
SPONSORS = (
    USUAL, Sponsor(2, 0.2, 0.5), Sponsor(8, 0.2, 0.5), Sponsor(16, 0.2, 0.5), Sponsor(4, 0.1, 0.5), Sponsor(4, 0.15, 0.6),
    Sponsor(4, 0.25, 0.5), Sponsor(4, 0.2, 0.7),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One promise: the day it was opened and the day it was answered, None for never."""

    opened: float
    answered: float | None

    @property
    def due(self) -> float:
        return self.opened + DELAY_DAYS

    @property
    def is_stalled(self) -> bool:
        return self.answered is None or self.answered > self.due

    def wait(self, day: float) -> Wait:
        """As `waits_of` sees it on that day."""
        answered = self.answered is not None and self.answered <= day
        end = self.answered if answered and self.answered is not None else day
        return Wait(START + timedelta(days=self.opened), (end - self.opened) / DELAY_DAYS, answered)


def simulate(kind: Sponsor, days: int, dice: random.Random, *, slows: float | None = None, thins: float | None = None) -> list[Asked]:
    """The promises of one sponsor; `slows` and `thins` are the days on which it begins."""
    asked: list[Asked] = []
    day = dice.expovariate(kind.per_month / 30.4)
    while day < days:
        pace = 2 ** min(1.0, max(0.0, day - slows) / QUARTER) if slows is not None else 1.0
        share = kind.median_share * pace * exp(dice.gauss(0, kind.spread))
        silent = thins is not None and dice.random() < 0.5 * min(1.0, max(0.0, day - thins) / QUARTER)
        asked.append(Asked(day, None if silent else day + share * DELAY_DAYS))
        day += dice.expovariate(kind.per_month / 30.4)
    return asked


def first_alarm(asked: Sequence[Asked], until: float) -> int | None:
    """The first morning, up to `until`, on which `determine_answer_trend` says eroding; the answered beginning is heard once only."""
    settled, heard, opened = Listener(), 0, 0
    for day in range(1, int(until) + 1):
        while opened < len(asked) and asked[opened].opened <= day:
            opened += 1
        while heard < opened and asked[heard].wait(day).answered:
            settled.hear(asked[heard].wait(day))
            heard += 1
        listener = settled
        if heard < opened:
            listener = settled.copy()
            for each in asked[heard:opened]:
                listener.hear(each.wait(day))
        if opened and listener.strength > alarm_limit(opened, day - asked[0].opened):
            return day
    return None


def is_falsely_alarmed(task: tuple[Sponsor, str]) -> bool:
    """A steady sponsor, two years."""
    kind, seed = task
    return first_alarm(simulate(kind, 730, random.Random(seed)), 730) is not None


def is_found(task: tuple[Sponsor, str, bool]) -> bool | None:
    """A fading sponsor: was the alarm in time? None when it came before anything changed."""
    kind, seed, thinning = task
    dice = random.Random(seed)
    onset = dice.uniform(180, 365)
    asked = simulate(kind, 1100, dice, slows=None if thinning else onset, thins=onset if thinning else None)
    first_stall = min((each.due for each in asked if each.opened >= onset and each.is_stalled), default=1100.0)
    alarm = first_alarm(asked, onset + 2 * QUARTER if thinning else first_stall)
    return None if alarm is not None and alarm < onset else alarm is not None


def percent(told: Sequence[bool]) -> float:
    return 100 * sum(told) / len(told)


def measure(kind: Sponsor, sponsors: int, seed: int, pool: ProcessPoolExecutor) -> tuple[float, float, float]:
    """False alarms in two years, slowing ones found, thinning ones found; in percent."""
    names = [f"{seed}:{kind}:{number}" for number in range(sponsors)]
    false = list(pool.map(is_falsely_alarmed, [(kind, name) for name in names], chunksize=20))
    slow = [each for each in pool.map(is_found, [(kind, name, False) for name in names], chunksize=20) if each is not None]
    thin = [each for each in pool.map(is_found, [(kind, name, True) for name in names], chunksize=20) if each is not None]
    return percent(false), percent(slow), percent(thin)


def main() -> int:
    sponsors = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 7
    print(f"seed {seed}, {sponsors} sponsors of each kind and story\n")
    print("| sponsor | steady: false alarms in two years | slowing: found before the first stall | thinning: found in half a year |")
    print("| --- | --- | --- | --- |\n| goal | <= 5% | >= 70% | |")
    usual_met = False
    with ProcessPoolExecutor(max_workers=2) as pool:
        for kind in SPONSORS:
            false, slow, thin = measure(kind, sponsors, seed, pool)
            print(f"| {kind} | {false:.1f} | {slow:.1f} | {thin:.1f} |", flush=True)
            usual_met = usual_met or (kind == USUAL and false <= 5 and slow >= 70)
    return 0 if usual_met else 1


if __name__ == "__main__":
    sys.exit(main())
