"""Open a project: settings, database, channels, clock. The one place where an edge gets everything the rooms below are handed."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

from ancrage.declarations.strict_yaml import read_yaml
from ancrage.declarations.yaml_nodes import ScalarNode
from ancrage.errors import NotFound
from ancrage.exchange.collecting.connections import Connections
from ancrage.language import Label, say
from ancrage.notices.apprise_channel import AppriseChannel
from ancrage.notices.channels import Channel, FileChannel
from ancrage.notices.links import LinkClaims, LinkKeys, Page, sign_link
from ancrage.notices.notice import MailSettings
from ancrage.notices.smtp import Security, SmtpChannel
from ancrage.settings import DATA_FOLDER, SHARED_CHANNELS, Settings, read_settings
from ancrage.storage.database import Database, connect
from ancrage.storage.unit_of_work import UnitOfWork

PROJECT_FILE = "project.yaml"
Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The present instant, UTC, to the second (ESC-B1)."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Project:
    """An opened project folder; implements `services.workplace.Workplace`."""

    folder: Path
    programme_id: str
    settings: Settings
    clock: Clock = field(default=wall_clock, repr=False)

    @property
    def data_folder(self) -> Path:
        """Database, outbox files and Prefect's own files of the embedded default."""
        return self.folder / DATA_FOLDER

    @cached_property
    def database(self) -> Database:
        """The database, at the newest schema."""
        return connect(self.settings.database_url)

    def now(self) -> datetime:
        """The instant this project believes it is: the wall's, or the virtual one of a demonstration."""
        return self.clock()

    def wall_now(self) -> datetime:
        return wall_clock()

    def units(self) -> AbstractContextManager[UnitOfWork]:
        return self.database.unit(self.programme_id)

    def reading(self) -> AbstractContextManager[UnitOfWork]:
        return self.database.unit(self.programme_id, reading=True)

    def engine_lock(self) -> AbstractContextManager[bool]:
        return self.database.engine_lock(self.programme_id)

    @property
    def connections(self) -> Connections:
        """Where readings are collected from."""
        return self.settings.connections

    @property
    def rhythm(self) -> timedelta:
        """Time between two passes when all is well: little beside the grace, except on the virtual clock of the demonstration."""
        return timedelta(minutes=self.settings.rhythm_minutes)

    @cached_property
    def engine_id(self) -> str:
        return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        smtp = self.settings.smtp
        made: dict[str, Channel] = {"file": FileChannel(self.data_folder / "outbox")}
        if "smtp" in (*self.settings.channels, self.settings.alarm_channel):
            made["smtp"] = SmtpChannel(
                smtp.host, smtp.port, Security(smtp.security), smtp.user, smtp.password, smtp.timeout_seconds, self.settings.sender
            )
        if self.settings.apprise_urls:
            made["apprise"] = AppriseChannel(self.settings.apprise_urls)
        return made

    @property
    def personal_channels(self) -> tuple[str, ...]:
        """Channels whose messages one person alone reads; links that are nobody else's go there."""
        return tuple(name for name in self.settings.channels if name not in SHARED_CHANNELS)

    @property
    def first_channels(self) -> tuple[str, ...]:
        return self.settings.channels

    @property
    def alarm_channel(self) -> str:
        return self.settings.alarm_channel

    def mail_settings(self, programme: Label) -> MailSettings:
        return MailSettings(self.settings.sender, self.settings.mail_domain, programme, self.settings.reply_to)

    @property
    def link_keys(self) -> LinkKeys:
        return LinkKeys(self.settings.link_keys)

    def link(self, person_id: str, commitment_id: str, issued: datetime) -> str:
        expires = issued + timedelta(days=self.settings.link_days)
        claims = LinkClaims(Page.COMMITMENT, person_id, commitment_id, issued, expires)
        return f"{self.settings.web_url.rstrip('/')}/c/{sign_link(self.link_keys, claims)}"

    def person_link(self, person_id: str, issued: datetime) -> str:
        claims = LinkClaims(Page.PERSON, person_id, "", issued, issued + timedelta(days=self.settings.link_days))
        return f"{self.settings.web_url.rstrip('/')}/p/{sign_link(self.link_keys, claims)}"

    def at(self, instant: datetime) -> Project:
        """The same project believing it is `instant`; shares the database connection."""
        moved = replace(self, clock=lambda: instant)
        for shared in ("database", "channels", "engine_id"):
            moved.__dict__[shared] = getattr(self, shared)
        return moved

    def close(self) -> None:
        """Give the database connections back."""
        if "database" in self.__dict__:
            self.database.close()


def open_project(folder: Path | None = None, *, clock: Clock | None = None, settings: Settings | None = None) -> Project:
    """The project in `folder` (default: ANCRAGE_PROJECT, else the current folder). NotFound when it holds no project.yaml.

    Nothing is connected yet: the database opens, and is brought to the newest schema, when it is first used.
    """
    place = (folder or Path(os.environ.get("ANCRAGE_PROJECT") or ".")).resolve()
    if not (place / PROJECT_FILE).is_file():
        raise NotFound(say("there is no {file} in {folder}; `ancrage init` makes one", file=PROJECT_FILE, folder=str(place)))
    found = settings or read_settings(place)
    return Project(place, _programme_id(place), found, clock or _clock_of(found))


def _clock_of(settings: Settings) -> Clock:
    frozen = settings.frozen_at
    return wall_clock if frozen is None else lambda: frozen.astimezone(UTC).replace(microsecond=0)


def _programme_id(folder: Path) -> str:
    document = read_yaml(folder / PROJECT_FILE)
    root = document.mapping()
    node = root.get("programme") if root else None
    if not isinstance(node, ScalarNode) or not node.text:
        raise NotFound(say("{file} does not name its programme; run `ancrage check`", file=PROJECT_FILE))
    return node.text
