"""Hand-made lives with the verdict expected at each point, argued from the steps of anchoring.md, not from the program.

Baseline of all: m = 12 different points, so h(12) = 4.1 + 10.5 / 12 = 4.975 (step 2). A point above all of them has
u = Phi^-1(12.5 / 13) = 1.769 and adds 1.269 to S; a point below all has u = Phi^-1(0.5 / 13) = -1.769 and takes 2.269.
"""

from __future__ import annotations

from ancrage.domain.anchoring.course import Standing, standings
from ancrage.domain.anchoring.lifecycle import State
from ancrage.domain.anchoring.series import Sample
from ancrage.domain.indicators import Direction

BASELINE = [14.0, 17.0, 11.0, 20.0, 13.0, 19.0, 12.0, 21.0, 15.0, 18.0, 10.0, 16.0]
GOOD = [40.0, 42.0, 39.0, 43.0, 41.0, 44.0, 38.0, 42.5, 39.5, 43.5, 40.5, 41.5] * 3
UNKNOWN, NOT, BEGINS, ADOPTED, ANCHORED, FADES = (
    State.INSUFFICIENT_DATA, State.NOT_STARTED, State.EMERGING, State.ADOPTED, State.ANCHORED, State.ERODING,
)  # fmt: skip


def lived(after: list[float], target: float = 30.0) -> list[Standing]:
    before = [Sample(value) for value in BASELINE]
    return list(standings(before, [Sample(value) for value in after], target=target, direction=Direction.INCREASE))


def states(found: list[Standing]) -> list[State]:
    return [standing.state for standing in found]


def test_a_life_that_sticks_and_then_fades_while_its_target_is_still_met() -> None:
    """S after 1 to 4 points: 1.27, 2.54, 3.81, 5.08: the alarm sounds at the fourth, and the change began at the first (step 2).
    Eight points since, mean about 41 with a bound far above 30: adopted at the eighth (step 3). Twelve points are the reference and
    eight more without an alarm make twenty: anchored at the twentieth (step 4). From the 25th all are below every point of the
    reference. With m points of reference each adds Phi^-1((m + 0.5) / (m + 1)) - 0.5 and h(m) = 4.1 + 10.5 / m: for m = 12 that is
    1.269 against 4.975, for m = 24 1.554 against 4.538; the sums of three are 3.81 and 4.66, of four 5.08 and 6.22. So the alarm
    sounds at the third or fourth such point, the 27th or 28th, while the last eight still have a mean above 30 (step 5)."""
    found = lived([*GOOD[:24], 35.0, 35.5, 34.5, 35.2, 34.8])
    assert states(found)[:24] == [UNKNOWN] * 3 + [BEGINS] * 4 + [ADOPTED] * 12 + [ANCHORED] * 5
    assert states(found)[24:26] == [ANCHORED] * 2
    assert states(found)[27:] == [FADES] * 2
    assert found[27].target_met is True


def test_a_surge_of_six_points_begins_and_is_over() -> None:
    """S is 5.08 at the fourth point and 7.61 at the sixth. Each point at the bottom of the baseline, below all but equal to its least,
    has u = Phi^-1((0.5 + 0.5) / 13) = -1.426 and takes 1.926: 5.69, 3.76, 1.84, then 0 at the tenth (step 2: no change any more).
    At the eighth, eight points since the change have the mean 33.4 and a spread of 14, so that the bound, about 26, misses 30."""
    found = lived([*GOOD[:6], 10.0, 10.0, 10.0, 10.0])
    assert states(found) == [UNKNOWN] * 3 + [BEGINS] * 6 + [NOT]


def test_readings_as_before_never_begin_and_are_said_so_at_the_eighth() -> None:
    """Points of the middle of the baseline have u near 0, and 0.5 is taken from each: S stays 0. Eight points without an alarm are
    `not_started` (step 7); before the eighth nothing is said."""
    assert states(lived([15.5] * 5 + [16.5, 14.5, 15.5, 16.5])) == [UNKNOWN] * 7 + [NOT] * 2


def test_a_rise_that_stops_below_its_target_begins_and_is_never_adopted() -> None:
    """As in the first life the alarm sounds at the fourth point; the mean stays at 25 and no bound of it reaches 30 (step 3)."""
    found = lived([25.0, 26.0, 24.0, 25.5, 24.5] * 5)
    assert states(found) == [UNKNOWN] * 3 + [BEGINS] * 22


def test_one_bad_point_after_anchoring_changes_nothing() -> None:
    """One point below the whole reference adds at most 1.6 to the sum of step 5; the limit is above 4.3."""
    found = lived([*GOOD[:24], 5.0, *GOOD[:5]])
    assert states(found)[19:] == [ANCHORED] * len(found[19:])
