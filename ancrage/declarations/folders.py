"""Where the files of a project come from: a folder on disk, or texts kept elsewhere (a database, a test, an upload)."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Protocol

from ancrage.declarations.strict_yaml import Document, read_yaml, read_yaml_text

WILDCARDS = frozenset("*?[")


class Folder(Protocol):
    """Files by name: relative to the project, with `/`."""

    def shown(self, name: str) -> str:
        """How problems call the file."""

    def has(self, name: str) -> bool: ...

    def escapes(self, name: str) -> bool:
        """Whether the file is really outside the folder (by a symbolic link)."""

    def matching(self, pattern: str) -> list[str]:
        """Names of the files that a pattern with wildcards means, sorted."""

    def read(self, name: str) -> Document: ...


class DiskFolder:
    """The files below one folder; problems call them by the path the user gave."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._real = root.resolve()

    def shown(self, name: str) -> str:
        return str(self.root / name)

    def has(self, name: str) -> bool:
        return (self.root / name).exists()

    def escapes(self, name: str) -> bool:
        return not (self.root / name).resolve().is_relative_to(self._real)

    def matching(self, pattern: str) -> list[str]:
        found = (path.relative_to(self.root).as_posix() for path in self.root.glob(pattern) if path.is_file())
        return sorted(found)

    def read(self, name: str) -> Document:
        return read_yaml(self.root / name, self.shown(name))


class TextFolder:
    """Texts by name."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def shown(self, name: str) -> str:
        return name

    def has(self, name: str) -> bool:
        return name in self.texts

    def escapes(self, name: str) -> bool:  # noqa: ARG002 - a text is nowhere else
        return False

    def matching(self, pattern: str) -> list[str]:
        parts = PurePosixPath(pattern).parts
        return sorted(name for name in self.texts if _matches(PurePosixPath(name).parts, parts))

    def read(self, name: str) -> Document:
        return read_yaml_text(self.texts[name], name)


def _matches(parts: tuple[str, ...], pattern: tuple[str, ...]) -> bool:
    """Part by part; `**` stands for any number of folders, as on disk."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(parts[skipped:], pattern[1:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def is_pattern(name: str) -> bool:
    return not WILDCARDS.isdisjoint(name)


def leaves_the_folder(name: str) -> bool:
    """Whether an include names something outside the folder: absolute, upwards, a drive, a home, a backslash."""
    parts = PurePosixPath(name).parts
    return name.startswith(("/", "~")) or "\\" in name or ".." in parts or (len(name) > 1 and name[1] == ":")
