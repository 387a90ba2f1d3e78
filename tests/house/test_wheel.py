"""The wheel carries what the program reads at run time, and nothing of the workshop."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The paths inside a wheel built from this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_carries_catalogue_templates_rows_flows_and_declarations(names: set[str]) -> None:
    wanted = [
        path.relative_to(ROOT).as_posix()
        for folder in ("ancrage", "models", "flows", "process_maps")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in {".py", ".mo", ".html", ".txt", ".css", ".yaml", ".json", ".ini", ".mako"}
    ]
    assert sorted(set(wanted) - names) == []
    assert "ancrage/locales/fr/LC_MESSAGES/ancrage.mo" in names


def test_the_wheel_carries_nothing_of_the_workshop(names: set[str]) -> None:
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"ancrage", "models", "flows", "process_maps"}
