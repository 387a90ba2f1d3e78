"""Settings of a project: where its database is, how notices leave, which address its pages have.

Read from `ancrage.toml` beside `project.yaml`; secrets come from the environment or from a file that only the owner can read.
"""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from ancrage.errors import Place, Problem, ProblemsFound
from ancrage.exchange.collecting.connections import COLLECTION_KEYS, Connections, DropFolder, find_unusable, read_connections
from ancrage.language import say

FILE_NAME = "ancrage.toml"
DATA_FOLDER = ".ancrage"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where mail is handed over. The password comes from ANCRAGE_SMTP_PASSWORD, never from the file."""

    host: str = "localhost"
    port: int = 25
    security: str = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    timeout_seconds: float = 30.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an edge needs to know; rooms below get values, never this."""

    database_url: str
    channels: tuple[str, ...] = ("file",)
    alarm_channel: str = "file"
    sender: str = "ancrage@localhost"
    reply_to: str | None = None
    mail_domain: str = "ancrage.localhost"
    web_url: str = "http://127.0.0.1:8400"
    smtp: SmtpSettings = field(default_factory=SmtpSettings)
    apprise_urls: tuple[str, ...] = field(default=(), repr=False)
    """Addresses of rooms in Apprise's notation; they carry secrets."""
    link_days: int = 60
    sign_in: str = "auto"
    """Whether the pages for everybody ask who is there: "required", "none", or "auto" (only where another machine can reach them)."""
    link_keys: tuple[str, ...] = field(default=(), repr=False)
    prefect_api_url: str | None = None
    frozen_at: datetime | None = None
    """The instant this project believes it is, for ever: a demonstration that has ended. None: the wall's clock."""
    rhythm_minutes: int = 0
    """Minutes between two passes when all is well, where that is longer than minutes (ESC-C5)."""
    connections: Connections = field(default_factory=lambda: Connections(DropFolder(Path(DATA_FOLDER) / "drop")), repr=False)
    """Where readings are collected from."""


ALLOWED: Mapping[str, frozenset[str]] = {
    "database": frozenset({"url"}),
    "delivery": frozenset({"channels", "alarm_channel", "sender", "reply_to", "mail_domain"}),
    "smtp": frozenset({"host", "port", "security", "user", "timeout_seconds"}),
    "apprise": frozenset({"urls"}),
    "web": frozenset({"url", "link_days", "sign_in"}),
    "prefect": frozenset({"api_url"}),
    "clock": frozenset({"frozen_at", "rhythm_minutes"}),
    "collection": COLLECTION_KEYS,
}
NAMED_SECTIONS = frozenset({"sources"})
"""Sections of sections, which name themselves: [sources.NAME]."""
CHANNELS = frozenset({"file", "smtp", "apprise"})
SHARED_CHANNELS = frozenset({"apprise"})
"""Channels that reach rooms, where several people read: no link that acts goes there."""
SIGN_IN = ("auto", "required", "none")


def read_settings(folder: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of the project in `folder`. ProblemsFound lists every unknown or unusable setting at once."""
    env = os.environ if environment is None else environment
    path = folder / FILE_NAME
    raw = _parsed(path)
    problems = [*_unknown(path, raw), *_unusable(path, raw), *_without_a_way(path, raw, env), *find_unusable(raw, env, path)]
    if problems:
        raise ProblemsFound(say("{file} cannot be used", file=FILE_NAME), problems)
    data = folder / DATA_FOLDER
    options: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in raw.get("delivery", {}).items()}
    options |= {{"url": "web_url"}.get(key, key): value for key, value in raw.get("web", {}).items()}
    return Settings(
        database_url=env.get("ANCRAGE_DATABASE_URL") or raw.get("database", {}).get("url") or f"sqlite:///{data / 'ancrage.sqlite'}",
        link_keys=_link_keys(data, env),
        smtp=SmtpSettings(password=env.get("ANCRAGE_SMTP_PASSWORD"), **raw.get("smtp", {})),
        frozen_at=raw.get("clock", {}).get("frozen_at"),
        rhythm_minutes=raw.get("clock", {}).get("rhythm_minutes", 0),
        apprise_urls=_apprise_urls(raw, env),
        connections=read_connections(raw, env, folder, data),
        prefect_api_url=env.get("PREFECT_API_URL") or raw.get("prefect", {}).get("api_url"),
        **options,
    )


def _parsed(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = Problem("E-SETTINGS", say("not a TOML file: {error}", error=str(error)), Place(str(path)))
        raise ProblemsFound(say("{file} cannot be read", file=FILE_NAME), [problem]) from None


def _unknown(path: Path, raw: Mapping[str, Any]) -> list[Problem]:
    found = []
    for section, content in raw.items():
        if section in NAMED_SECTIONS:
            continue
        if section not in ALLOWED or not isinstance(content, dict):
            known = ", ".join((*ALLOWED, *NAMED_SECTIONS))
            found.append(Problem("E-SETTINGS", say("there is no section [{section}]", section=section), Place(str(path)),
                                 hint=say("allowed: {known}", known=known)))
            continue
        for key in content.keys() - ALLOWED[section]:
            known = ", ".join(sorted(ALLOWED[section]))
            found.append(Problem("E-SETTINGS", say("there is no setting {key} in [{section}]", key=key, section=section), Place(str(path)),
                                 hint=say("allowed: {known}", known=known)))
    return found


def _unusable(path: Path, raw: Mapping[str, Any]) -> list[Problem]:
    delivery = raw.get("delivery", {})
    named = [*delivery.get("channels", []), *([delivery["alarm_channel"]] if "alarm_channel" in delivery else [])]
    found = [
        Problem("E-SETTINGS", say("there is no channel {channel}", channel=name), Place(str(path)),
                hint=say("allowed: {known}", known=", ".join(sorted(CHANNELS))))
        for name in named
        if name not in CHANNELS
    ]
    security = raw.get("smtp", {}).get("security", "starttls")
    if security not in ("none", "starttls", "tls"):
        found.append(Problem("E-SETTINGS", say("[smtp] security cannot be {found}", found=str(security)), Place(str(path)),
                             hint=say("allowed: {known}", known="none, starttls, tls")))
    sign_in = raw.get("web", {}).get("sign_in", "auto")
    if sign_in not in SIGN_IN:
        found.append(Problem("E-SETTINGS", say("[web] sign_in cannot be {found}", found=str(sign_in)), Place(str(path)),
                             hint=say("allowed: {known}", known=", ".join(SIGN_IN))))
    rhythm = raw.get("clock", {}).get("rhythm_minutes", 0)
    if not isinstance(rhythm, int) or rhythm < 0:
        found.append(Problem("E-SETTINGS", say("[clock] rhythm_minutes must be a whole number from 0 on, found {found}", found=str(rhythm)),
                             Place(str(path))))
    frozen = raw.get("clock", {}).get("frozen_at")
    if frozen is not None and (not isinstance(frozen, datetime) or frozen.tzinfo is None):
        found.append(Problem("E-SETTINGS", say("[clock] frozen_at must be an instant with its offset, found {found}", found=str(frozen)),
                             Place(str(path)), hint=say("as in 2026-07-03T22:00:00+02:00, without quotes")))
    return found


def _without_a_way(path: Path, raw: Mapping[str, Any], env: Mapping[str, str]) -> list[Problem]:
    """Rooms without an address, and people whom no channel reaches alone: their links must not stand in a room."""
    delivery = raw.get("delivery", {})
    channels = delivery.get("channels", ["file"])
    found = []
    if "apprise" in (*channels, delivery.get("alarm_channel")) and not _apprise_urls(raw, env):
        found.append(Problem("E-SETTINGS", say("the channel apprise has no address"), Place(str(path)),
                             hint=say("name rooms as [apprise] urls, or, because addresses hold secrets, in ANCRAGE_APPRISE_URLS")))
    if channels and set(channels) <= SHARED_CHANNELS:
        found.append(Problem("E-SETTINGS", say("[delivery] channels names rooms only, and nobody would get a link to answer by"),
                             Place(str(path)), hint=say("add smtp or file")))
    return found


def _apprise_urls(raw: Mapping[str, Any], env: Mapping[str, str]) -> tuple[str, ...]:
    """The environment wins; its addresses are separated by blanks."""
    given = env.get("ANCRAGE_APPRISE_URLS")
    return tuple(given.split()) if given else tuple(map(str, raw.get("apprise", {}).get("urls", ())))


def _link_keys(data: Path, env: Mapping[str, str]) -> tuple[str, ...]:
    """Keys that sign links, oldest first: from ANCRAGE_LINK_KEYS (separated by blanks), else a file made once for this project."""
    if given := env.get("ANCRAGE_LINK_KEYS"):
        return tuple(given.split())
    path = data / "link.keys"
    if not path.is_file():
        data.mkdir(parents=True, exist_ok=True)
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(made, "w") as handle:
            handle.write(secrets.token_urlsafe(48) + "\n")
    return tuple(path.read_text(encoding="ascii").split())
