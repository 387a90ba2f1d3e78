"""Two engines over one database: both make every pass, at the same instants, on connections and threads of their own (ESC-G4)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from threading import Barrier, Event

from ancrage.domain.escalation.scenario import Scenario
from ancrage.errors import EngineBusy
from ancrage.services.advance import advance
from ancrage.storage.database import Database, connect
from tests.support.engine_bench import STAGES, BenchPlace, EngineBench

PATIENCE_SECONDS = 60.0
"""An engine that has waited so long for the other one waits for ever: a deadlock."""

MOMENT_SECONDS = 0.002
"""How long a second engine waits before it asks again."""


class TwoEngines(EngineBench):
    """A scenario whose passes are all made twice at once. What people do comes in between, as with one engine."""

    def __init__(self, scenario: Scenario, databases: Sequence[Database], rhythm: timedelta, name: str) -> None:
        super().__init__(scenario, databases[0], rhythm, name)
        channel, programme = self.place.channel, self.place.programme_id
        self.places = [BenchPlace(database, programme, rhythm, channel, f"engine-{number}") for number, database in enumerate(databases)]
        self.turned_away = 0
        self._pool = ThreadPoolExecutor(len(databases))

    def play(self, passes: Sequence[datetime]) -> None:
        with self._pool:
            super().play(passes)

    def make_pass(self, at: datetime) -> None:
        self.find_triggers(at)
        start = Barrier(len(self.places))
        for busy in self._pool.map(lambda place: self._engine(place, start, at), self.places):
            self.turned_away += busy

    def _engine(self, place: BenchPlace, start: Barrier, at: datetime) -> int:
        """One pass of one engine, which tries again while the other is at work. Returns how often it was turned away."""
        start.wait(PATIENCE_SECONDS)
        turned_away, end = 0, time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                advance(place, at, STAGES)
            except EngineBusy:
                turned_away += 1
                if time.monotonic() > end:
                    raise
                Event().wait(MOMENT_SECONDS)
            else:
                return turned_away


@contextmanager
def two_connections(url: str) -> Iterator[tuple[Database, Database]]:
    """The same database opened twice, as by two processes."""
    with closing(connect(url)) as one, closing(connect(url)) as other:
        yield one, other
