"""The command line as people type it: what it said, and with which exit code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ancrage.cli.main import main


@dataclass(frozen=True)
class Said:
    """One run of a command."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class CommandLine:
    """Runs commands on one project, in English."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str) -> Said:
        code = main(["--project", str(self.folder), "--language", "en", *arguments])
        found = self.capsys.readouterr()
        return Said(code, found.out, found.err)

    def ok(self, *arguments: str) -> str:
        """What it said, when it went well."""
        said = self(*arguments)
        assert said.code == 0, said.err
        return said.out

    def json(self, *arguments: str) -> Any:
        """Its answer as JSON, when it went well."""
        said = self(*arguments, "--json")
        assert said.code == 0, said.out + said.err
        return said.json
