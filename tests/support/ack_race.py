"""An acknowledgement and a pass in the same second, on connections of their own: who commits first wins, and only one effect follows.

The rules (ESC-A2, S7): an acknowledgement that is accepted before the step's transaction has committed keeps the step from firing; a
step that has committed is not undone, and its notice leaves unless the acknowledgement comes before it is sent.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Barrier

from ancrage.domain.escalation.facts import Action, ActionKind, NoticeStatus, Status
from ancrage.domain.escalation.scenario import Scenario
from ancrage.domain.organisation import Organisation, Person, Role, RolePeriod
from ancrage.domain.policies import Offset, Origin, Policy, Step
from ancrage.domain.working_time import Calendar, WorkingTime
from ancrage.language import Label
from ancrage.services.advance import advance
from ancrage.services.commitments import NewCommitment, act_on_commitment, ladder_of, open_commitment
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_actions_taken, fetch_commitment
from ancrage.storage.database import Database
from ancrage.storage.engine import fetch_journal
from ancrage.storage.notices import fetch_notices
from models.commitments import CommitmentKind
from tests.support.engine_bench import STAGES, BenchPlace, EngineBench

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ALWAYS = Calendar("always", "Etc/UTC", (((0, 1440),),) * 7)
POLICY = Policy("p", (Step("due", Offset(), Origin.DUE, ("responsible",)),), grace_seconds=60)
BATCH = 250
LONGEST_OFFSET_MICROSECONDS = 6_000
STEP_MICROSECONDS, LONGEST_HANDICAP = 1_000, 500_000
"""A pass asks more before it claims: who acknowledged first begins later in the next round, the longer the more often it does, so that
both orders occur on a slow machine too."""

ACK_FIRST, STEP_SENT, STEP_RECALLED = "ack first, no step", "step fired and sent, ack after", "step fired, ack before sending, recalled"


@dataclass
class Tally:
    """How the rounds ended; `faults` names each one that no rule allows."""

    ends: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


class AckRace:
    """Rounds on one programme: commitment n is due in second n, in which it is acknowledged too."""

    def __init__(self, databases: tuple[Database, Database], seed: int, rounds: int, name: str = "race") -> None:
        ann = {"ann": Person("ann", "Ann", "always")}
        organisation = Organisation(ann, {"sponsor": Role("sponsor", periods=(RolePeriod("ann"),))}, {"always": ALWAYS}, "ann")
        self.rounds = rounds
        self.end = BEGIN + (rounds + 1) * MINUTE
        scenario = Scenario("race", organisation, {"p": POLICY}, {}, BEGIN, self.end)
        self.engine = EngineBench(scenario, databases[0], MINUTE, name).place
        self.server = BenchPlace(databases[1], self.engine.programme_id, MINUTE)
        self.rng = random.Random(seed)
        self.handicap = 0

    def play(self) -> Tally:
        """Every round, then the end of all acknowledgements, at which nobody may have been forgotten."""
        tally = Tally()
        with ThreadPoolExecutor(2) as pool:
            for number in range(self.rounds):
                if number % BATCH == 0:
                    self._open(range(number, min(number + BATCH, self.rounds)))
                self._race(pool, number)
                end, faults = self._end_of(number)
                tally.ends[end] += 1
                self.handicap = min(LONGEST_HANDICAP, 2 * self.handicap + STEP_MICROSECONDS) if end == ACK_FIRST else self.handicap // 2
                tally.faults += faults
        tally.faults += self._forgotten()
        return tally

    def _open(self, numbers: range) -> None:
        with self.server.units() as work:
            programme = current_programme(work)
            for number in numbers:
                new = NewCommitment(
                    id=f"c{number}", kind=CommitmentKind.CLAUSE, title=Label.same("promise"), event_id=f"e{number}", responsible="sponsor",
                    calendar="always", budget=WorkingTime(3600), policy=POLICY, subject={},
                )
                open_commitment(work, programme, new, self._second(number) - HOUR)

    def _second(self, number: int) -> datetime:
        return BEGIN + HOUR + number * MINUTE

    def _race(self, pool: ThreadPoolExecutor, number: int) -> None:
        start, at = Barrier(2), self._second(number)
        waits = [self.rng.randrange(LONGEST_OFFSET_MICROSECONDS), self.handicap + self.rng.randrange(LONGEST_OFFSET_MICROSECONDS)]

        def make_pass() -> None:
            wait(start, waits[0])
            advance(self.engine, at, STAGES)

        def acknowledge() -> None:
            wait(start, waits[1])
            action = Action(f"a{number}", ActionKind.ACK, at, "ann", until=self.end + 3 * HOUR)
            with self.server.units() as work:
                act_on_commitment(work, current_programme(work), f"c{number}", action, self.server.first_channels)

        for done in [pool.submit(make_pass), pool.submit(acknowledge)]:
            done.result(60)

    def _end_of(self, number: int) -> tuple[str, list[str]]:
        name = f"c{number}"
        with self.engine.reading() as work:
            row = fetch_commitment(work, name)
            assert row is not None
            fired, status = len(ladder_of(row).fired), row.status
            notices = fetch_notices(work, commitment_id=name)
            taken = fetch_actions_taken(work, name)
            lines = {line.what: line.number for line in fetch_journal(work, f"commitment:{name}")}
        settled = {notice.status for notice in notices}
        faults = list(_faults(name, fired, status, [action.refused for action in taken], lines))
        if len(notices) != fired or settled - {NoticeStatus.SENT, NoticeStatus.CANCELLED}:
            faults.append(f"{name}: fired {fired} times, notices {sorted(settled)}")
        if NoticeStatus.CANCELLED in settled and lines["notice_cancelled"] < lines["action_ack"]:
            faults.append(f"{name}: recalled before anybody had acknowledged")
        return (ACK_FIRST if not fired else STEP_SENT if NoticeStatus.SENT in settled else STEP_RECALLED), faults

    def _forgotten(self) -> Iterator[str]:
        """After the acknowledgements have lapsed, every step has fired once or again (ESC-A4): none was lost."""
        lapse = self.end + 4 * HOUR
        for moment in (lapse, lapse + MINUTE):
            advance(self.engine, moment, STAGES)
        with self.engine.reading() as work:
            for number in range(self.rounds):
                row = fetch_commitment(work, f"c{number}")
                if row is None or not ladder_of(row).fired:
                    yield f"c{number}: its step never fired"
        twice = [name for name, count in Counter(envelope.message_id for envelope in self.engine.channel.handed).items() if count > 1]
        yield from (f"handed over twice: {name}" for name in twice)


def _faults(name: str, fired: int, status: Status, refusals: list[str | None], lines: dict[str, int]) -> Iterator[str]:
    if refusals != [None] or status is not Status.ACKNOWLEDGED or "action_ack" not in lines:
        yield f"{name}: the acknowledgement is lost, {refusals}, {status}"
    elif fired > 1 or ("pass" in lines) != bool(fired):
        yield f"{name}: fired {fired} times, journal {lines}"
    elif fired and lines["pass"] > lines["action_ack"]:
        yield f"{name}: both effects, the step fired after the acknowledgement"


def wait(start: Barrier, microseconds: int) -> None:
    """Begin with the other side, then so much later; the thread keeps running, so that the offset is exact."""
    start.wait(60)
    until = time.perf_counter_ns() + microseconds * 1000
    while time.perf_counter_ns() < until:
        pass
