"""Connections of sources, from ancrage.toml and the environment: addresses and secrets, which are never shown or logged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ancrage.errors import Place, Problem
from ancrage.language import Message, say

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SCHEMES = ("https", "http", "sqlite", "postgresql")
KEYS = frozenset({"url", "token", "allow_http", "timeout_seconds", "most_bytes", "most_rows"})
COLLECTION_KEYS = frozenset({"drop", "quiet_seconds", "patience_minutes"})
NUMBERS = {"timeout_seconds": 300, "most_bytes": 64 * 1024 * 1024, "most_rows": 100_000, "quiet_seconds": 3600, "patience_minutes": 10_080}
"""The most a setting may ask for."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One address that is read. A read takes at most `timeout_seconds` in all, `most_bytes` and `most_rows`."""

    name: str
    url: str = field(repr=False)
    token: str = field(default="", repr=False)
    allow_http: bool = False
    timeout_seconds: float = 30.0
    most_bytes: int = 5 * 1024 * 1024
    most_rows: int = 10_000

    def redacted(self, text: str) -> str:
        """A text of somebody else about this connection, without what must not be shown; one line of it."""
        parts = urlsplit(self.url)
        for secret in (self.url, self.token, parts.password, parts.netloc):
            if secret:
                text = text.replace(secret, "***")
        return " ".join(text.split())[:300]


@dataclass(frozen=True, slots=True)
class DropFolder:
    """Where files are dropped. A file that changed less than `quiet_seconds` ago is still being written; one that is not ready after
    `patience_minutes` is told to its owner."""

    path: Path
    quiet_seconds: float = 60.0
    patience_minutes: float = 60.0


@dataclass(frozen=True, slots=True)
class Connections:
    """Everything collecting is given by the settings."""

    drop: DropFolder
    named: Mapping[str, Connection] = field(default_factory=dict)


def read_connections(raw: Mapping[str, Any], env: Mapping[str, str], folder: Path, data: Path) -> Connections:
    """The connections of settings that `find_unusable` found nothing wrong with; the environment wins."""
    section = dict(raw.get("collection", {}))
    drop = DropFolder(folder / section.pop("drop", data / "drop"), **section)
    named = {}
    for name, options in raw.get("sources", {}).items():
        given = dict(options)
        for key in ("url", "token"):
            if from_env := env.get(variable(name, key)):
                given[key] = from_env
        named[name] = Connection(name, **given)
    return Connections(drop, named)


def variable(name: str, key: str) -> str:
    """The variable that holds a secret of a connection: ANCRAGE_SOURCE_DESK_TOKEN."""
    return f"ANCRAGE_SOURCE_{name.upper().replace('-', '_')}_{key.upper()}"


def find_unusable(raw: Mapping[str, Any], env: Mapping[str, str], path: Path) -> list[Problem]:
    """What is wrong in [collection] and [sources.NAME]; never with the address itself."""
    found: list[Problem] = []
    sources = raw.get("sources", {})
    if not isinstance(sources, dict) or not all(isinstance(options, dict) for options in sources.values()):
        return [_wrong(path, say("each source has its own section [sources.NAME]"))]
    for name, options in sources.items():
        where = f"sources.{name}"
        found += _unknown(path, where, options, KEYS) + _out_of_range(path, where, options)
        found += _texts(path, where, options)
        url = env.get(variable(name, "url")) or options.get("url")
        if not isinstance(url, str) or _scheme(url) not in SCHEMES:
            message = say("[{section}] url must begin with one of: {schemes}", section=where, schemes=", ".join(SCHEMES))
            found.append(_wrong(path, message, say("or set {variable}", variable=variable(name, "url"))))
    section = raw.get("collection", {})
    if isinstance(section, dict):
        found += _out_of_range(path, "collection", section)
        if not isinstance(section.get("drop", ""), str):
            found.append(_wrong(path, say("[collection] drop must be a folder")))
    return found


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme.partition("+")[0]
    except ValueError:  # a bracket that is not closed
        return ""


def _texts(path: Path, where: str, options: Mapping[str, Any]) -> list[Problem]:
    found = []
    if not isinstance(options.get("token", ""), str):
        found.append(_wrong(path, say("[{section}] token must be a text", section=where)))
    if not isinstance(options.get("allow_http", False), bool):
        found.append(_wrong(path, say("[{section}] allow_http must be true or false", section=where)))
    return found


def _unknown(path: Path, where: str, options: Mapping[str, Any], allowed: frozenset[str]) -> list[Problem]:
    known = ", ".join(sorted(allowed))
    return [
        _wrong(path, say("there is no setting {key} in [{section}]", key=key, section=where), say("allowed: {known}", known=known))
        for key in options.keys() - allowed
    ]


def _out_of_range(path: Path, where: str, options: Mapping[str, Any]) -> list[Problem]:
    found = []
    for key, most in NUMBERS.items():
        number = options.get(key, 1)
        if isinstance(number, bool) or not isinstance(number, int | float) or not 0 < number <= most:
            message = say("[{section}] {key} must be more than 0 and at most {most}", section=where, key=key, most=most)
            found.append(_wrong(path, message))
    return found


def _wrong(path: Path, message: Message, hint: Message | None = None) -> Problem:
    return Problem("E-SETTINGS", message, Place(str(path)), hint=hint)
