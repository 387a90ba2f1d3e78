"""The directions of imports hold, and a forbidden import is really refused (planted in a copy of the packages)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")

PLANTED = {
    "ancrage/domain/programme.py": ("import ancrage.services", "Rooms import downwards only, and every room of ancrage is on the plan"),
    "ancrage/helpers.py": ("", "Rooms import downwards only, and every room of ancrage is on the plan"),
    "ancrage/notices/wording.py": ("import models", "Rows do not leave storage and services"),
    "ancrage/services/programme.py": ("import sqlalchemy", "SQL is written in storage only"),
    "ancrage/web/__init__.py": ("import prefect", "Only flows knows Prefect"),
    "ancrage/exchange/__init__.py": ("import yaml", "Only the strict reader parses YAML"),
    "ancrage/domain/indicators.py": ("import pydantic", "The domain knows the standard library and networkx, nothing else"),
    "models/__init__.py": ("import flows", "Flows stand above the rooms, rows below storage"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages and their contracts, where anything may be broken."""
    for package in ("ancrage", "models", "flows"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([LINT_IMPORTS, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False)


def test_the_rooms_keep_their_directions_and_a_planted_import_is_refused_by_name(copy: Path) -> None:
    kept = lint(copy)
    assert kept.returncode == 0, kept.stdout + kept.stderr
    for path, (line, _) in PLANTED.items():
        with (copy / path).open("a", encoding="utf-8") as stream:
            stream.write(f"\n{line}\n")
    broken = lint(copy)
    assert broken.returncode == 1, broken.stdout + broken.stderr
    refused = {line.removesuffix(" BROKEN") for line in broken.stdout.splitlines() if line.endswith(" BROKEN")}
    assert {name for _, name in PLANTED.values()} <= refused
