"""One round: a process is killed at a point, another one takes over, and what it leaves is compared with an undisturbed run."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from random import Random
from unittest.mock import patch

from httpx import ASGITransport, AsyncClient

import ancrage.project
from ancrage.errors import EngineBusy
from ancrage.project import Project, wall_clock
from ancrage.services.advance import advance
from ancrage.web import create_app
from tests.support.kills.points import Point, Sizes, Trap, set_trap
from tests.support.kills.post_office import Letter, PostOffice
from tests.support.kills.stores import Found, Store, look
from tests.support.kills.story import ACKNOWLEDGED, BUTTONS, FIRES, LATER, OPENED, TICK, make_story, opened

HOST = "http://127.0.0.1:8400"
ACT = "a" * 32
"""What the form of a page carries, so that pressing its button twice is one action (ESC-A11)."""
BUSY_SECONDS = 20


@dataclass(frozen=True)
class Reference:
    """What an undisturbed run of the same story leaves, and the letters it sends."""

    found: Found
    letters: tuple[Letter, ...]


@dataclass(frozen=True)
class Verdict:
    """What came of one round. `moment` is empty when the point was not reached."""

    point: Point
    seed: str
    moment: str
    lost: int = 0
    """Notices of the undisturbed run that no letter carried."""
    second_copies: int = 0
    other_ids: int = 0
    """Letters that the undisturbed run does not send: another Message-ID, another reader, other words."""
    faults: tuple[str, ...] = ()
    """What else is not as it should be, in words."""

    @property
    def killed(self) -> bool:
        return bool(self.moment)


@dataclass
class Bench:
    """A story on one kind of database, ready for rounds."""

    store: Store
    office: PostOffice
    folder: Path
    _references: dict[tuple[str, ...], Reference] = field(default_factory=dict)

    def prepare(self) -> None:
        """Make the story. A pass and a press in this process warm what each forked one would have to load again."""
        make_story(self.folder, self.store.story_url, self.office.port)
        assert self.office.collect() == [], "the story begins before the first message"
        self.store.renew()
        self._press(0, ACKNOWLEDGED)
        self._advance([FIRES])
        self.office.collect()
        assert threading.active_count() == 1, "only a process with one thread may be forked"

    @cached_property
    def sizes(self) -> Sizes:
        """What the pass that is killed does when it is not."""
        reference = self.reference()
        per_letter = Counter(header for _, header in reference.found.sent)
        before = len(look(self.store.story_url).exact["outbox"])
        digests = sum(count > 1 for count in per_letter.values())
        sizes = Sizes(len(reference.found.exact["outbox"]) - before, len(reference.letters), digests)
        assert (sizes, len(reference.found.sent)) == (Sizes(rows=8, messages=7, digests=2), 10), "the undisturbed run is not the story's"
        return sizes

    def reference(self, *deeds: str) -> Reference:
        """An undisturbed run: the passes, and the button pressed before or after them (`before:0`, `after:1`)."""
        if deeds not in self._references:
            self.store.renew()
            for deed in deeds:
                if deed.startswith("before"):
                    self._require(self.press(int(deed[-1]), ACKNOWLEDGED))
            if "only" not in deeds:
                self._require(self.passes(FIRES))
            for deed in deeds:
                if deed.startswith("after"):
                    self._require(self.press(int(deed[-1]), LATER))
            self._references[deeds] = Reference(look(self.store.round_url), tuple(self.office.collect()))
        return self._references[deeds]

    def play(self, point: Point, seed: str) -> Verdict:
        """One round at `point`."""
        _ = self.sizes  # with its reference, before the round's own database is made
        return self._acknowledgement(seed) if point is Point.INSIDE_ACKNOWLEDGEMENT else self._pass(point, seed)

    def _pass(self, point: Point, seed: str) -> Verdict:
        dice = Random(seed)
        sizes = self.sizes
        self.store.renew()
        moment = self._kill(point, dice, sizes, lambda: self._advance([FIRES]))
        back_at = FIRES + dice.choice((0, 1)) * TICK
        self._require(self.passes(back_at))
        found, letters = look(self.store.round_url), self.office.collect()
        exactly = back_at == FIRES and self.store.kind == "SQLite"  # elsewhere a claim waits for the end of its lease
        return _verdict(point, seed, moment, self.reference(), found, letters, exactly=exactly)

    def _acknowledgement(self, seed: str) -> Verdict:
        """ESC-A11: after the kill all of it or nothing of it is there; the same button again, before or after the pass, has one effect."""
        dice, point = Random(seed), Point.INSIDE_ACKNOWLEDGEMENT
        button, at_once = dice.randrange(len(BUTTONS)), dice.random() < 0.5
        whole = self.reference(f"before:{button}", "only").found.exact
        self.store.renew()
        before = look(self.store.round_url).exact
        moment = self._kill(point, dice, Sizes(0, 0, 0), lambda: self._press(button, ACKNOWLEDGED))
        after = look(self.store.round_url).exact
        faults = [] if after in (before, whole) else ["half of the acknowledgement is there"]
        if at_once:
            self._require(self.press(button, ACKNOWLEDGED))
        self._require(self.passes(FIRES))
        if not at_once:
            self._require(self.press(button, LATER))
        found, letters = look(self.store.round_url), self.office.collect()
        reference = self.reference(f"before:{button}" if at_once or after == whole else f"after:{button}")
        verdict = _verdict(point, seed, moment, reference, found, letters, exactly=self.store.kind == "SQLite")
        return replace(verdict, faults=(*faults, *verdict.faults))

    def _kill(self, point: Point, dice: Random, sizes: Sizes, deed: Callable[[], None]) -> str:
        """Run `deed` in a process that dies at `point`. The moment at which it did; empty when it ended otherwise."""
        self.office.slate.write()

        def victim() -> None:
            set_trap(point, Trap(dice, self.office.slate, sizes))
            deed()

        ended = self._run(victim)
        _, _, moment = self.office.slate.read()
        self.office.slate.write()
        return moment if ended == -signal.SIGKILL else ""

    def passes(self, first: datetime) -> int:
        """A fresh engine: a pass at `first`, and the next one on time; the clock on the wall runs with them."""
        return self._run(lambda: self._advance(sorted({first, FIRES + TICK})))

    def press(self, button: int, at: datetime) -> int:
        """A fresh process of the pages: somebody presses the button."""
        return self._run(lambda: self._press(button, at))

    def _advance(self, instants: Sequence[datetime]) -> None:
        with closing(opened(self.folder, self.store.round_url)) as project:
            for at in instants:
                wall = wall_clock() + (at - FIRES)
                with patch.object(ancrage.project, "wall_clock", lambda wall=wall: wall):
                    _patiently(project, at)

    def _press(self, button: int, at: datetime) -> None:
        commitment, person = BUTTONS[button]
        with closing(opened(self.folder, self.store.round_url, at)) as project:
            address = project.link(person, commitment, OPENED)
            app = create_app(project)

            async def post() -> int:
                async with AsyncClient(transport=ASGITransport(app), base_url=HOST) as client:
                    return (await client.post(address, data={"deed": "acknowledge", "act": ACT})).status_code

            status = asyncio.run(post())
            assert status == 303, f"the button answered {status}"

    @staticmethod
    def _require(ended: int) -> None:
        if ended:
            raise AssertionError(f"a process that nobody kills ended with {ended}")

    @staticmethod
    def _run(do: Callable[[], None]) -> int:
        """Do something in a process of its own, forked from this one, which has no connection open. How it ended."""
        process = os.fork()
        if not process:
            code = 1
            try:
                do()
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)
        _, status = os.waitpid(process, 0)
        return os.waitstatus_to_exitcode(status)


def _patiently(project: Project, at: datetime) -> None:
    """PostgreSQL lets the lock of a dead engine go when it notices that its connection is gone: a moment later."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            advance(project, at)
        except EngineBusy:
            if time.monotonic() > end:
                raise
            time.sleep(0.005)
        else:
            return


def _verdict(
    point: Point, seed: str, moment: str, reference: Reference, found: Found, letters: Sequence[Letter], *, exactly: bool
) -> Verdict:
    copies = Counter(letter.message_id for letter in letters)
    return Verdict(
        point, seed, moment,
        lost=_lost(reference, found, copies),
        second_copies=sum(count - 1 for count in copies.values()),
        other_ids=sum(letter not in reference.letters for letter in letters),
        faults=tuple(_faults(reference.found, found, exactly=exactly)),
    )  # fmt: skip


def _lost(reference: Reference, found: Found, copies: Counter[str]) -> int:
    """Notices that the undisturbed run sends and this one does not, or says it has sent and no letter carries."""
    arrived = {notice for notice, header in found.sent if copies[header]}
    return sum(notice not in arrived for notice, _ in reference.found.sent)


def _faults(reference: Found, found: Found, *, exactly: bool) -> list[str]:
    faults = [] if found.broken_line is None else [f"the journal breaks its chain at line {found.broken_line}"]
    if found.unsettled:
        faults.append(f"{found.unsettled} messages are not settled")
    one, other = (reference.exact, found.exact) if exactly else (reference.logical, found.logical)
    for table in one:
        missing, added = Counter(one[table]) - Counter(other[table]), Counter(other[table]) - Counter(one[table])
        if missing or added:
            faults.append(f"rows of {table} differ: {len(missing)} missing {[*missing][:1]}, {len(added)} added {[*added][:1]}")
    return faults

