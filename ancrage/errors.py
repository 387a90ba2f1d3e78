"""What can go wrong, as values: a problem says where, what was found, what is allowed, and what to do next.

Several problems are always reported together: code that reads input collects `Problem`s and raises `ProblemsFound` once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ancrage.language import Message


class Severity(StrEnum):
    """An error refuses the input; a warning lets it pass and is shown."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file: path as given by the user, line and column from 1 (0 = the file as a whole)."""

    path: str
    line: int = 0
    column: int = 0
    source: str = ""
    """The source line itself, without its newline; empty where it is not known."""
    length: int = 1
    """How many characters to underline from `column`."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of an input. `code` is mnemonic (`E-...` error, `W-...` warning) and has a page in `ancrage explain CODE`."""

    code: str
    message: Message
    place: Place | None = None
    label: Message | None = None
    """Short words under the underlined source."""
    hint: Message | None = None
    """What to do next, what is allowed, did-you-mean."""
    related: tuple[Place, ...] = ()
    """Other ends of the same problem: the first declaration of a duplicate, the other side of a flow."""

    @property
    def severity(self) -> Severity:
        return Severity.WARNING if self.code.startswith("W-") else Severity.ERROR


class AncrageError(Exception):
    """Root of every error Ancrage raises on purpose; `message` can be shown in either language."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def text(self, language: str) -> str:
        return self.message.text(language)


class ProblemsFound(AncrageError):
    """An input was refused; `problems` holds every one of them, in file order."""

    def __init__(self, message: Message, problems: Iterable[Problem]) -> None:
        super().__init__(message)
        self.problems: tuple[Problem, ...] = tuple(problems)


class NotFound(AncrageError):
    """Something named does not exist; the message says what exists."""


class Refused(AncrageError):
    """An action is not allowed in the present state. `code` is the rule's own word (`already_closed`, `limit`, ...)."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(message)
        self.code = code


class EngineBusy(AncrageError):
    """Another engine holds the lease; nothing was done."""
