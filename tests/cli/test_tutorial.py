"""The tutorial is true: its commands run, its mistake gives the paragraph it shows, and both languages say the same commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from ancrage.cli.main import main

DOCS = Path(__file__).parents[2] / "docs"
ENGLISH, FRENCH = DOCS / "tutorial" / "first-campaign.md", DOCS / "tutoriel" / "premiere-campagne.md"


def blocks(page: Path) -> list[str]:
    """What stands between fences, in order."""
    return re.findall(r"^```\n(.*?)^```$", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[list[str]]:
    """The command lines of a page, in order, each without its first word."""
    return [shlex.split(line)[1:] for block in blocks(page) for line in block.splitlines() if line.startswith("ancrage ")]


def test_both_languages_give_the_same_commands() -> None:
    assert commands(ENGLISH) == commands(FRENCH)
    assert len(commands(ENGLISH)) > 12


def test_the_commands_before_the_demonstration_succeed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = commands(ENGLISH)[: [command[0] for command in commands(ENGLISH)].index("demo")]
    assert [command for command in first if main(command) != 0] == []


@pytest.mark.parametrize(("page", "language"), [(ENGLISH, "en"), (FRENCH, "fr")])
def test_the_mistake_of_the_tutorial_is_reported_as_it_shows(
    page: Path, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["init", "my-project", "--example"])
    path = Path("my-project/map.yaml")
    path.write_text(path.read_text("utf-8").replace("owner: incident_owner", "owner: incident_ovner", 1), encoding="utf-8")
    capsys.readouterr()
    assert main(["--language", language, "check", "my-project"]) == 1
    shown = next(block for block in blocks(page) if "E-ROLE-UNKNOWN]" in block)
    said = capsys.readouterr().out.replace("\u00a0", " ")
    assert shown.strip().replace("\u00a0", " ") in said


def test_what_the_tutorial_asks_about_is_in_the_example() -> None:
    declared = "\n".join(path.read_text("utf-8") for path in (DOCS.parent / "process_maps" / "example").glob("*.yaml"))
    asked = [command[-1] for command in commands(ENGLISH) if command[-2:-1] == ["explain"] and not command[-1].startswith("E-")]
    ids = {name for what in asked for name in re.findall(r"[a-z_]+", what)}
    ours = {"commitment", "campaign", "level", "action", "indicator", "alert", "threshold", "improve", "winter", "client"}
    assert sorted(name for name in ids - ours if not re.search(rf"^  ( {{4}})?{name}:", declared, flags=re.MULTILINE)) == []
