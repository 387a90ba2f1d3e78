"""The tutorial is true: its commands run, its mistake gives the paragraph it shows, and both languages say the same commands."""

from __future__ import annotations

import csv
import re
import shlex
from datetime import date
from pathlib import Path

import pytest

from ancrage.cli.main import main
from ancrage.declarations.loading import load_programme
from ancrage.shipped import EXAMPLE

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


def answers(page: Path, column: int) -> dict[str, str]:
    """What the table of the page gives as the answers of one person: value by practice."""
    rows = re.findall(r"^\| ([a-z]+\.\d\.\d) \| (\w+) \| (\w+) \|$", page.read_text("utf-8"), flags=re.MULTILINE)
    return {row[0]: row[column] for row in rows}


def fill(sheet: Path, values: dict[str, str]) -> None:
    """Write the answers into the column `value`, as a person would."""
    with sheet.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert [row["practice"] for row in rows] == list(values)
    with sheet.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"value": values[row["practice"]]} for row in rows)


def test_the_campaign_of_the_tutorial_runs_as_it_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANCRAGE_PROJECT", "my-project")
    monkeypatch.setenv("ANCRAGE_PERSON", "chloe")
    said = {}
    for command in commands(ENGLISH)[: commands(ENGLISH).index(["demo", "--into", "demo-project"])]:
        assert main(command) == 0, command
        said[" ".join(command)] = capsys.readouterr().out
        if command[:2] == ["answer", "sheet"]:
            fill(tmp_path / command[-1], answers(ENGLISH, 1 if "thomas" in command else 2))
    assert "2 people" in next(out for command, out in said.items() if "--dry-run" in command)
    assert said["notices"].count("sent") == 2
    assert "1 cells await a judgement" in said["campaign show first"]
    closed = next(out for command, out in said.items() if command.startswith("campaign close"))
    assert re.search(r"Problem management +Processes and continual improvement +1 +2 +process\.2\.2\n", closed)
    assert "rank 1" in said["explain action:first:improve:problem:process"]


def test_both_languages_give_the_same_answers() -> None:
    assert [answers(ENGLISH, column) for column in (1, 2)] == [answers(FRENCH, column) for column in (1, 2)]


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


def test_what_the_tutorial_asks_of_the_demonstration_is_in_the_example() -> None:
    asked = [command[-1] for command in commands(ENGLISH) if command[:2] == ["--project", "demo-project"] and command[2] == "explain"]
    programme = load_programme(EXAMPLE, date(2026, 1, 5)).require()
    clauses = {clause.id for _, clause in programme.clauses()}
    for what in asked:
        kind, _, name = what.partition(":")
        assert kind != "indicator" or name in programme.indicators
        assert kind != "commitment" or name.partition("@")[0] in clauses
    assert len(asked) == 4
