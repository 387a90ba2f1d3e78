"""Nothing in the project names the machine it was written on, a registry's host, or work left for later.

The words are joined from parts, because this file is read by the test as well.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

MACHINE = ["/wo" + "rk/", "/ro" + "ot/", "/fa" + "rm/", "/tm" + "p/"]
HOSTS = ["py" + "pi.org", "python" + "hosted", "registry.npm" + "js", "deb.deb" + "ian"]
LATER = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
FORBIDDEN = re.compile("|".join([*map(re.escape, MACHINE + HOSTS), *(rf"\b{word}\b" for word in LATER)]))
BINARY = {".png", ".ico", ".mo", ".pptx", ".xlsx", ".woff2"}


def tracked() -> list[Path]:
    """Every file git keeps, or every file of the folder where there is no git."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_machine_a_registry_or_work_left_for_later() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number} {line.strip()[:100]}"
        for path in tracked()
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if FORBIDDEN.search(line)
    ]
    assert found == []


def test_the_lock_pins_every_package_with_hashes_and_no_host() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-zA-Z0-9])", lock.strip())
    assert len(entries) > 50
    assert [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []
    assert "://" not in lock
