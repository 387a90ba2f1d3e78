"""Copies of notices for the rooms of a team (Teams, Slack and the like), by Apprise.

A room is shared: what is posted there never holds a link that acts for somebody (ESC-A12), only what is owed, by when and by whom. The
addresses of rooms carry secrets, often in place of a host name: nothing here repeats any part of one.
"""

from __future__ import annotations

import logging
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ancrage.language import Message, say
from ancrage.notices.channels import Accepted, Outcome, Permanent, Temporary, Uncertain
from ancrage.notices.notice import Envelope

if TYPE_CHECKING:
    from apprise import Apprise

LOGGER = "apprise"
BELOW = ("urllib3.connectionpool", "urllib3.util.retry")
ABOUT_THIS_MESSAGE = frozenset({400, 406, 413, 415, 422})
"""Answers that speak of the message: another one may be taken. All other refusals are about the room, which somebody can repair."""


@dataclass(frozen=True, slots=True)
class AppriseChannel:
    """Posts each message, as plain text, in every room of `urls` (Apprise's own notation).

    One attempt at one room lasts at most `timeout_seconds`, whatever its plug-in does. A message counts as taken when one room has
    taken it: what the others said is part of the answer, which the journal keeps.
    """

    urls: tuple[str, ...] = field(repr=False)
    timeout_seconds: float = 30.0
    name: str = "apprise"

    def deliver(self, envelope: Envelope) -> Outcome:
        if not envelope.room_text:
            return Permanent(say("this message is for one person alone; it does not go to a room that others read"))
        found = [_Post(url, number, envelope).made_within(self.timeout_seconds) for number, url in enumerate(self.urls, start=1)]
        return _together(found)


def _together(found: list[Outcome]) -> Outcome:
    """One outcome of all rooms: the best one, because a room that has taken the message must not get it again."""
    taken = [outcome for outcome in found if isinstance(outcome, Accepted)]
    if taken:
        refused = [outcome.reason.text() for outcome in found if not isinstance(outcome, Accepted)]
        return Accepted("; ".join([f"{len(taken)}/{len(found)}", *refused]))
    for kind in (Uncertain, Temporary, Permanent):
        for outcome in found:
            if isinstance(outcome, kind):
                return outcome
    return Temporary(say("no room is configured for Apprise"), channel_down=True)


@dataclass(slots=True)
class _Post:
    """One message on its way to one room, which is known by its number in the settings."""

    url: str = field(repr=False)
    number: int
    envelope: Envelope
    outcome: Outcome | None = None

    def made_within(self, seconds: float) -> Outcome:
        """What came of it. A plug-in that never comes back is left behind: the process can end without it."""
        thread = threading.Thread(target=self._make, daemon=True)
        thread.start()
        thread.join(seconds)
        late = say("room {number} has not answered within {seconds} seconds", number=self.number, seconds=seconds)
        return self.outcome or Uncertain(late)

    def _make(self) -> None:
        with _listening() as said:
            try:
                rooms = _room(self.url)
                if rooms is None:
                    self.outcome = Temporary(say("the address of room {number} is not one that Apprise knows", number=self.number), True)
                    return
                taken = rooms.notify(body=self.envelope.room_text, title=self.envelope.subject, body_format="text")
            except Exception as error:
                said.append(type(error).__name__)
                taken = False
        self.outcome = Accepted() if taken else _why(self.number, "\n".join(said))


def _room(url: str) -> Apprise | None:
    """Loaded here: Apprise brings a hundred plug-ins along, and most commands send nothing."""
    from apprise import Apprise, AppriseAsset

    rooms = Apprise(asset=AppriseAsset(async_mode=False, app_id="Ancrage", app_desc="Ancrage"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # plug-ins are loaded here, and one of them imports an old module
        return rooms if rooms.add(url) else None


class _Ear(logging.Filter):
    """Keeps what is logged about one attempt, and lets none of it through: these words hold whole addresses."""

    def __init__(self, said: list[str]) -> None:
        super().__init__()
        self.said, self.thread = said, threading.get_ident()

    def filter(self, record: logging.LogRecord) -> bool:
        if record.thread != self.thread:
            return True
        self.said.append(record.getMessage())
        return False


@contextmanager
def _listening() -> Iterator[list[str]]:
    """What Apprise and the library below it log in this thread. Apprise itself answers only yes or no."""
    said: list[str] = []
    ear, apprise = _Ear(said), logging.getLogger(LOGGER)
    level = apprise.level
    for name in (LOGGER, *BELOW):
        logging.getLogger(name).addFilter(ear)
    apprise.setLevel(logging.DEBUG)
    try:
        yield said
    finally:
        apprise.setLevel(level)
        for name in (LOGGER, *BELOW):
            logging.getLogger(name).removeFilter(ear)


def _why(number: int, said: str) -> Outcome:
    """What a refusal means, from the code or the break of the connection that Apprise names."""
    codes = [int(code) for code in re.findall(r"\berror=(\d{3})\b", said)]
    if codes:
        reason = say("room {number} refuses the message: {answer}", number=number, answer=codes[-1])
        return Permanent(reason) if codes[-1] in ABOUT_THIS_MESSAGE else Temporary(reason, channel_down=codes[-1] < 500)
    if re.search(r"Read timed out|Connection aborted|RemoteDisconnected|Connection broken", said):
        return Uncertain(say("room {number} was handed the message, but its answer never came", number=number))
    return Temporary(_unreachable(number, said), channel_down=True)


def _unreachable(number: int, said: str) -> Message:
    if re.search(r"Name or service|NameResolution|getaddrinfo", said):
        return say("room {number} cannot be reached: its name is not known", number=number)
    if "refused" in said:
        return say("room {number} cannot be reached: the connection is refused", number=number)
    return say("room {number} cannot be reached", number=number)
