"""The nine points, and how a process is made to die at one: its own functions are replaced after the fork, the product knows nothing.

Each point has several moments (which message, which row, before or after a flush); which one is drawn from the round's own dice.
"""

from __future__ import annotations

import itertools
import os
import signal
import smtplib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any, NoReturn

from sqlmodel import Session

from ancrage.notices import smtp
from ancrage.notices.smtp import SmtpChannel
from ancrage.services import advance, commitments, delivery, desk
from ancrage.storage.unit_of_work import UnitOfWork
from tests.support.kills.post_office import Slate


class Point(StrEnum):
    """Where the process dies."""

    BEFORE_FIRING = "before the firing transaction"
    BETWEEN_STATE_AND_OUTBOX = "between state and outbox"
    AFTER_COMMIT = "after commit"
    AFTER_CLAIM = "after claim"
    INSIDE_DATA = "inside DATA"
    AFTER_THE_250 = "after the 250"
    AFTER_RECORDING = "after recording"
    ASSEMBLING_A_DIGEST = "while assembling a digest"
    INSIDE_ACKNOWLEDGEMENT = "inside the acknowledgement"


@dataclass(frozen=True)
class Sizes:
    """What the undisturbed pass does: how many outbox rows it writes, how many messages it sends, how many of them are digests."""

    rows: int
    messages: int
    digests: int


@dataclass
class Trap:
    """Set in the victim, after the fork. `work` and `primed` are what its wrappers have learned on the way."""

    dice: Random
    slate: Slate
    sizes: Sizes
    work: UnitOfWork | None = None
    primed: str = field(default="")

    def spring(self, moment: str) -> NoReturn:
        """Die here, and leave behind where it was."""
        self.slate.write(moment=moment)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("a killed process does not come here")

    def wrap(self, owner: object, name: str, made: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
        setattr(owner, name, made(getattr(owner, name)))

    def before(self, owner: object, name: str, moment: str, number: int = 1) -> None:
        """Die when `name` is called for the `number`-th time."""

        def made(original: Callable[..., Any]) -> Callable[..., Any]:
            calls = itertools.count(1)

            def called(*given: Any, **named: Any) -> Any:
                if next(calls) == number:
                    self.spring(moment)
                return original(*given, **named)

            return called

        self.wrap(owner, name, made)

    def after(self, owner: object, name: str, do: Callable[[], None], number: int = 1) -> None:
        """When `name` has done its work for the `number`-th time, `do`."""

        def made(original: Callable[..., Any]) -> Callable[..., Any]:
            calls = itertools.count(1)

            def called(*given: Any, **named: Any) -> Any:
                self.work = next((one for one in given if isinstance(one, UnitOfWork)), self.work)
                result = original(*given, **named)
                if next(calls) == number:
                    do()
                return result

            return called

        self.wrap(owner, name, made)

    def die_after(self, owner: object, name: str, moment: str, number: int = 1) -> None:
        self.after(owner, name, lambda: self.spring(moment), number)

    def die_after_flush(self, owner: object, name: str, moment: str, number: int = 1) -> None:
        """Die when the rows of `name` are in the database's transaction, which is not committed."""

        def flush_and_die() -> None:
            assert self.work is not None
            self.work.flush()
            self.spring(moment)

        self.after(owner, name, flush_and_die, number)

    def die_after_commit_of(self, owner: object, name: str, moment: str, number: int = 1) -> None:
        """Die when the transaction in which `name` is called for the `number`-th time has been committed."""

        def prime() -> None:
            self.primed = moment

        def made(original: Callable[..., Any]) -> Callable[..., Any]:
            def commit(session: Session) -> None:
                original(session)
                if self.primed:
                    self.spring(self.primed)

            return commit

        self.after(owner, name, prime, number)
        self.wrap(Session, "commit", made)

    def some_message(self) -> int:
        return self.dice.randint(1, self.sizes.messages)


def _before_firing(trap: Trap) -> None:
    where = trap.dice.randrange(4)
    if where == 0:
        trap.before(advance, "_run_campaigns", "the engine's lock taken")
    elif where == 1:
        trap.before(advance, "_run_commitments", "the stages before done")
    elif where == 2:
        trap.before(advance, "pass_over_commitments", "the transaction begun, nothing read")
    else:
        trap.die_after(commitments, "claim_due_commitments", "the commitments locked, nothing decided")


def _between_state_and_outbox(trap: Trap) -> None:
    """The state of a commitment is in the transaction, and so are the outbox rows before the drawn one."""
    number = trap.dice.randint(1, trap.sizes.rows)
    rows = itertools.count(1)

    def keep(original: Callable[..., Any]) -> Callable[..., Any]:
        def called(work: UnitOfWork, *given: Any, **named: Any) -> Any:
            trap.work = work
            return original(work, *given, **named)

        return called

    def made(original: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any) -> Any:
            if next(rows) == number:
                assert trap.work is not None
                trap.work.flush()
                trap.spring(f"state written, outbox row {number} not")
            return original(*given)

        return called

    trap.wrap(advance, "pass_over_commitments", keep)
    trap.wrap(commitments, "_outbox_row", made)


def _after_commit(trap: Trap) -> None:
    where = trap.dice.randrange(3)
    if where == 0:
        trap.die_after_commit_of(advance, "pass_over_commitments", "the firing committed")
    elif where == 1:
        trap.before(advance, "_run_delivery", "delivery not begun")
    else:
        trap.before(advance, "deliver_messages", "messages assembled and committed, none claimed")


def _after_claim(trap: Trap) -> None:
    number = trap.some_message()
    if trap.dice.randrange(2):
        trap.before(SmtpChannel, "deliver", f"message {number} claimed", number)
    else:
        trap.die_after(smtplib.SMTP, "rcpt", f"message {number} claimed, its recipient announced", number)


def _inside_data(trap: Trap) -> None:
    """Let out a part of the message, the dot never, and wait for the server to kill."""
    number, share = trap.some_message(), trap.dice.choice((trap.dice.random(), 1.0))
    contents = itertools.count(1)

    def made(original: Callable[..., Any]) -> Callable[..., Any]:
        def send(connection: smtplib.SMTP, content: str | bytes) -> None:
            if isinstance(content, str) or content == b".\r\n" or next(contents) != number:
                original(connection, content)
                return
            part = max(1, int(share * len(content)))
            trap.slate.write(os.getpid(), part, f"message {number}: {'everything but the dot' if share == 1 else 'a part'} received")
            original(connection, content[:part])
            while True:
                signal.pause()

        return send

    trap.wrap(smtplib.SMTP, "send", made)


def _after_the_250(trap: Trap) -> None:
    number, where = trap.some_message(), trap.dice.randrange(3)
    if where == 0:
        trap.before(smtp, "_leave", f"the 250 of message {number} read", number)
    elif where == 1:
        trap.before(delivery, "_record", f"message {number} accepted, recording not begun", number)
    else:
        trap.die_after_flush(delivery, "_record", f"message {number} recorded, not committed", number)


def _after_recording(trap: Trap) -> None:
    number = trap.some_message()
    trap.die_after_commit_of(delivery, "_record", f"message {number} recorded", number)


class _Rows(dict[str, Any]):
    """The notices of a digest; dies when the `number`-th of them is to be put into the message."""

    def __init__(self, rows: Mapping[str, Any], trap: Trap, work: UnitOfWork, number: int) -> None:
        super().__init__(rows)
        self.asked, self.number, self.trap, self.work = -1, number, trap, work  # the first look is at its channel

    def __getitem__(self, key: str) -> Any:
        self.asked += 1
        if self.asked == self.number:
            self.work.flush()
            self.trap.spring(f"the message of a digest written, {self.number - 1} of its notices put into it")
        return super().__getitem__(key)


def _assembling_a_digest(trap: Trap) -> None:
    chosen, digests = trap.dice.randint(1, trap.sizes.digests), itertools.count(1)
    where, share = trap.dice.randrange(3), trap.dice.random()

    def made(original: Callable[..., Any]) -> Callable[..., Any]:
        def claimable(work: UnitOfWork, message: Any, rows: dict[str, Any], *given: Any) -> None:
            if len(message.keys) < 2 or next(digests) != chosen:
                original(work, message, rows, *given)
                return
            if where == 0:
                trap.spring("a digest planned, nothing of it written")
            number = len(message.keys) + 1 if where == 1 else 1 + int(share * len(message.keys))
            original(work, message, _Rows(rows, trap, work, number), *given)
            work.session.add_all(rows.values())
            work.flush()
            trap.spring("a digest and its notices written, not committed")

        return claimable

    trap.wrap(delivery, "_claimable", made)


def _inside_acknowledgement(trap: Trap) -> None:
    where = trap.dice.randrange(5)
    if where == 0:
        trap.before(desk, "act_on_commitment", "the button accepted, nothing done")
    elif where == 1:
        trap.before(commitments, "save_decision", "decided, nothing written")
    elif where == 2:
        trap.die_after_flush(desk, "act_on_commitment", "state and action written, the journal not")
    elif where == 3:
        _die_instead_of_committing(trap, "everything written, the journal too, not committed")
    else:
        trap.die_after_commit_of(desk, "act_on_commitment", "committed, no answer given")


def _die_instead_of_committing(trap: Trap, moment: str) -> None:
    def made(original: Callable[..., Any]) -> Callable[..., Any]:
        def commit(session: Session) -> None:
            session.flush()
            trap.spring(moment)

        return commit

    trap.wrap(Session, "commit", made)


_SETTERS: Mapping[Point, Callable[[Trap], None]] = {
    Point.BEFORE_FIRING: _before_firing,
    Point.BETWEEN_STATE_AND_OUTBOX: _between_state_and_outbox,
    Point.AFTER_COMMIT: _after_commit,
    Point.AFTER_CLAIM: _after_claim,
    Point.INSIDE_DATA: _inside_data,
    Point.AFTER_THE_250: _after_the_250,
    Point.AFTER_RECORDING: _after_recording,
    Point.ASSEMBLING_A_DIGEST: _assembling_a_digest,
    Point.INSIDE_ACKNOWLEDGEMENT: _inside_acknowledgement,
}


def set_trap(point: Point, trap: Trap) -> None:
    """Make this process die at `point`. For a process that was forked to die."""
    _SETTERS[point](trap)


def points(names: str) -> Iterator[Point]:
    """Points by number ("1,5") or all of them. ValueError for a number that is none."""
    known = list(Point)
    if not names:
        yield from known
        return
    for name in names.split(","):
        if not 1 <= int(name) <= len(known):
            raise ValueError(f"there are points 1 to {len(known)}")
        yield known[int(name) - 1]
