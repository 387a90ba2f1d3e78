"""What the person at the keyboard asked for beside the command itself: folder, language, form of the answer."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ancrage.errors import NotFound
from ancrage.language import DEFAULT_LANGUAGE, LANGUAGES, N_, Label, Message, say


def language_of_environment() -> str:
    """The first language of Ancrage named by LC_ALL, LC_MESSAGES, LANG (in POSIX order), or English."""
    chosen = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return chosen[:2] if chosen[:2] in LANGUAGES else DEFAULT_LANGUAGE


@dataclass(slots=True)
class Invocation:
    """One run of the command line; every command finds it with `Invocation.of(ctx)`."""

    project: Path = field(default_factory=lambda: Path(os.environ.get("ANCRAGE_PROJECT") or "."))
    language: str = field(default_factory=language_of_environment)
    json: bool = False
    """The answer, and any refusal, as one JSON object on standard output."""

    @classmethod
    def of(cls, ctx: typer.Context) -> Invocation:
        """The invocation this context belongs to (a fresh one where a command is called without `main.run`)."""
        return ctx.ensure_object(cls)

    def text(self, message: Message | Label | str) -> str:
        """The message in the reader's language; a plain string is taken as it is."""
        return message if isinstance(message, str) else message.text(self.language)

    def show(self, message: Message | Label | str = "") -> None:
        """One line (or block) of the answer, on standard output."""
        sys.stdout.write(self.text(message) + "\n")

    def warn(self, message: Message | Label | str) -> None:
        """One line beside the answer (progress, advice, refusal), on standard error."""
        sys.stderr.write(self.text(message) + "\n")

    def emit(self, shape: str, version: int, payload: Mapping[str, object]) -> None:
        """The answer as JSON: `shape` without its `ancrage.` prefix, the version of that shape, and its fields.

        Messages and labels become text in the reader's language, instants ISO 8601 text, everything else unknown `str`.
        """
        assert not {"shape", "version"} & payload.keys(), "these two name the shape: give a fact of the answer another name"
        document = {"shape": f"ancrage.{shape}", "version": version, **payload}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=self._plain) + "\n")

    def _plain(self, value: object) -> object:
        match value:
            case Message() | Label():
                return self.text(value)
            case datetime():
                return value.isoformat()
            case set() | frozenset():
                return sorted(map(str, value))
            case _:
                return str(value)


def _remember_json(ctx: typer.Context, value: bool) -> bool:
    Invocation.of(ctx).json |= value
    return value


def instant(text: str) -> datetime:
    """An instant with its offset (`2026-03-01T09:00+01:00`, `...Z`); a local time without offset is refused as ambiguous."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        value = None
    if value is None or value.tzinfo is None:
        raise NotFound(say("{found} is not an instant with its offset, as in 2026-03-01T09:00+01:00 or 2026-03-01T08:00Z", found=text))
    return value


Json = Annotated[bool, typer.Option("--json", help=N_("Answer as one JSON object."), callback=_remember_json)]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", parser=instant, metavar="INSTANT", help=N_("Act as if it were this instant, with its offset.")),
]
