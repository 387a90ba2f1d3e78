"""Plays a scenario, or the future of what is running, with the very functions the engine calls (ESC-F, C1).

Without given pass instants, a pass is made at every instant at which something could change: the limit of an ever finer tick.
With them, passes are made at those instants, as by an engine with that tick. Choices where the rules leave room:

- Actions are accepted by the server, not by the engine (ESC-A1): one taken while the engine is down counts at its own instant, and
  the first pass after the gap finds its effect. Triggers are found by the engine: they wait for the end of the gap (ESC-C4).
- Before an action the engine, where it runs, decides and sends what was due strictly before it; what is due in the very second of
  the action comes after it (ESC-A2). So an action finds the same state whatever the tick.
- The engine makes a pass when it starts, at the end of each gap (ESC-C6), and at the end of the scenario.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from ancrage.domain.escalation.facts import Notice
from ancrage.domain.escalation.rungs import SECOND
from ancrage.domain.escalation.scenario import Event, Outcome, Running, Scenario
from ancrage.domain.escalation.sending import LeftMessage
from ancrage.domain.escalation.world import World, notice_key
from ancrage.domain.organisation import Organisation


def play(scenario: Scenario, passes: Sequence[datetime] | None = None) -> Outcome:
    """What a scenario comes to. `passes`: instants at which the engine looks; None: whenever something could change."""
    return _run(World(scenario), _Clock(scenario, passes))


def foresee(
    organisation: Organisation,
    running: Sequence[Running],
    waiting: Sequence[Notice],
    left: Sequence[LeftMessage],
    since: datetime,
    until: datetime,
) -> Outcome:
    """What will be sent from `since` to `until` if nobody moves, from commitments and notices as they stand."""
    scenario = Scenario("", organisation, {}, {}, since, until)
    world = World(scenario)
    world.running = {found.terms.commitment: found for found in running}
    world.waiting = {notice_key(notice): notice for notice in waiting}
    world.left = list(left)
    return _run(world, _Clock(scenario, None))


def regular_passes(scenario: Scenario, tick: timedelta) -> Iterator[datetime]:
    """Pass instants of an engine with this tick, from the start of the scenario to its end."""
    at = scenario.start
    while at <= scenario.until:
        yield at
        at += tick


def _run(world: World, clock: _Clock) -> Outcome:
    """Events in their order (ESC-A2), passes between them, until the end."""
    upcoming = _by_second(world.scenario)
    group = next(upcoming, None)
    while True:
        pass_at = clock.next_pass(world)
        if group is not None and (pass_at is None or group[0].at <= pass_at):
            at = group[0].at
            if clock.settles_before(at):
                clock.make_pass(world, at - SECOND)
            for event in group:
                world.happen(event, engine_up=clock.is_up(at))
            clock.reach(at)
            if clock.passes_with_event(at):
                clock.make_pass(world, at)
            group = next(upcoming, None)
        elif pass_at is not None:
            clock.make_pass(world, pass_at)
        else:
            return _outcome(world)


def _by_second(scenario: Scenario) -> Iterator[list[Event]]:
    events = [event for event in scenario.events if event.at <= scenario.until]
    ordered = sorted(events, key=lambda event: (event.at, event.kind.rank))
    return (list(group) for _, group in groupby(ordered, key=lambda event: event.at))


def _outcome(world: World) -> Outcome:
    until = world.scenario.until
    messages = sorted(world.messages, key=lambda message: (message.at, message.to, message.urgent))
    return Outcome(tuple(messages), world.running, world.reports(until), tuple(world.story), until)


class _Clock:
    """When the engine looks. `ticks` are its pass instants, or None for a pass whenever something could change."""

    def __init__(self, scenario: Scenario, passes: Sequence[datetime] | None) -> None:
        self.scenario = scenario
        self.ticks = None if passes is None else sorted(passes)
        self.last = scenario.start - SECOND
        self.starts = (scenario.start, *(gap.until for gap in scenario.down), scenario.until)

    def make_pass(self, world: World, at: datetime) -> None:
        world.make_pass(at)
        self.last = at

    def reach(self, at: datetime) -> None:
        """Something has happened at `at`: no pass comes before it any more."""
        self.last = max(self.last, at - SECOND)

    def is_up(self, at: datetime) -> bool:
        """Whether the engine runs at `at`: not before its start, not in a gap (half open: it is up again at its end)."""
        return at >= self.scenario.start and not any(gap.since <= at < gap.until for gap in self.scenario.down)

    def settles_before(self, at: datetime) -> bool:
        """Whether a pass just before an action is needed: between ticks only, and where the engine runs."""
        return self.ticks is not None and self.last < at - SECOND and self.is_up(at - SECOND)

    def passes_with_event(self, at: datetime) -> bool:
        return self.ticks is None and self.is_up(at) and at > self.last

    def next_pass(self, world: World) -> datetime | None:
        """The next instant at which a running engine makes a pass; None when there is none before the end."""
        wanted = world.wake_after(self.last) if self.ticks is None else self._next_tick()
        candidates = [at for at in (*self.starts, wanted) if at is not None and at > self.last and self.is_up(at)]
        return min((at for at in candidates if at <= self.scenario.until), default=None)

    def _next_tick(self) -> datetime | None:
        assert self.ticks is not None
        following = range(bisect_right(self.ticks, self.last), len(self.ticks))
        return next((self.ticks[index] for index in following if self.is_up(self.ticks[index])), None)
