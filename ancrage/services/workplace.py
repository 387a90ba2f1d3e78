"""What the engine needs from the outside: a database, channels, a way to write links, and a clock on the wall for leases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Protocol

from ancrage.language import Label
from ancrage.notices.channels import Channel
from ancrage.notices.notice import MailSettings
from ancrage.storage.unit_of_work import UnitOfWork


class Workplace(Protocol):
    """The port of the engine; `ancrage.project.Project` is the real one."""

    def units(self) -> AbstractContextManager[UnitOfWork]:
        """A new unit of work that commits at the end of its block."""
        ...

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        """A unit of work that only reads."""
        ...

    def engine_lock(self) -> AbstractContextManager[bool]:
        """The right to be the engine; EngineBusy when another process has it (see `storage.engine.engine_lock`)."""
        ...

    def wall_now(self) -> datetime:
        """The instant on the wall, for leases only; facts carry the instant they are decided at."""
        ...

    @property
    def rhythm(self) -> timedelta:
        """Time between two passes when all is well; a stop is measured against it (ESC-C5)."""
        ...

    @property
    def engine_id(self) -> str:
        """Who claims messages: unique to one engine process (ESC-G4)."""
        ...

    @property
    def channels(self) -> Mapping[str, Channel]:
        """Every configured channel by name."""
        ...

    @property
    def first_channels(self) -> Sequence[str]:
        """Names of the channels every notice goes out on."""
        ...

    @property
    def alarm_channel(self) -> str:
        """Name of the channel that tells the steward about a notice that failed (ESC-G2)."""
        ...

    def mail_settings(self, programme: Label) -> MailSettings:
        """Who writes the messages."""
        ...

    def person_link(self, person_id: str, issued: datetime) -> str:
        """Absolute address of the page of one person."""
        ...

    def link(self, person_id: str, commitment_id: str, issued: datetime) -> str:
        """Absolute address of the page of one commitment for one person (ESC-A12)."""
        ...
