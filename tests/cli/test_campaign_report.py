"""The report of a campaign as files: HTML that asks nothing of any server, tables, pictures; and progress only where somebody looks."""

from __future__ import annotations

import re
import sys
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from ancrage.cli.invocation import Invocation
from ancrage.cli.main import main
from ancrage.cli.waiting import shown_progress
from ancrage.language import say
from ancrage.services.progress import quiet
from tests.support.commands import CommandLine
from tests.support.story import CAMPAIGN, copy_of, project_in_the_middle

BY = ("--by", "chloe")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with two closed cycles."""
    folder = project_in_the_middle(tmp_path_factory.mktemp("report") / "project")
    start = ["--project", str(folder), "campaign"]
    assert main([*start, "close", CAMPAIGN, "--force", *BY, "--as-of", "2026-01-15T10:00Z"]) == 0
    opening = ["open", "--id", "second", "--scope", "incident,problem", "--due", "2026-02-10", "--target", "2"]
    assert main([*start, *opening, *BY, "--as-of", "2026-02-01T10:00Z"]) == 0
    assert main([*start, "close", "second", "--force", *BY, "--as-of", "2026-02-11T10:00Z"]) == 0
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(copy_of(made, tmp_path / "project"), capsys)


@pytest.mark.parametrize(("language", "words"), [("en", "As of"), ("fr", "Situation au")])
@pytest.mark.parametrize("reader", ["sponsor", "lead"])
def test_the_html_needs_nothing_from_anywhere(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, words: str, reader: str
) -> None:
    out = tmp_path / "report.html"
    assert main(["--project", str(made), "--language", language, "campaign", "report", "second", "--for", reader, "--html", str(out)]) == 0
    html = out.read_text("utf-8")
    assert f'<html lang="{language}">' in html
    assert words in html
    assert "<style>" in html
    assert re.findall(r"""(?:src|href)=["'](?!#)|url\(|@import|<script|<link""", html) == []
    assert str(out) in capsys.readouterr().out


def test_the_lead_gets_everything_and_the_sponsor_one_page(run: CommandLine, tmp_path: Path) -> None:
    files = {reader: tmp_path / f"{reader}.xlsx" for reader in ("sponsor", "lead")}
    for reader, path in files.items():
        run.ok("campaign", "report", "second", "--for", reader, "--xlsx", str(path))
    sheets = {reader: openpyxl.load_workbook(BytesIO(path.read_bytes())) for reader, path in files.items()}
    assert [name.partition(" ")[2] for name in sheets["sponsor"].sheetnames[:3]] == [
        "Capability levels", "Two cycles compared on the sa", "Stalled promises",
    ]  # fmt: skip
    assert len(sheets["lead"].sheetnames) == 12  # six tables, each with what it says of itself
    answers = run.json("campaign", "show", "second")
    names = {name.partition(" ")[2]: name for name in sheets["lead"].sheetnames}
    assert sheets["lead"][names["Ratings"]].max_row == 1 + answers["campaign"]["cells"]


def test_the_pictures_are_files_of_their_own(run: CommandLine, tmp_path: Path) -> None:
    heat, radar = tmp_path / "heat.svg", tmp_path / "radar.svg"
    run.ok("campaign", "report", "second", "--svg-heat", str(heat), "--svg-radar", str(radar))
    for path in (heat, radar):
        assert ElementTree.parse(path).getroot().tag.endswith("svg")
        assert "<style>" in path.read_text("utf-8")


def test_the_answer_as_json_has_levels_worst_first_with_their_movement(run: CommandLine) -> None:
    found = run.json("campaign", "report", "second")
    values = [level["value"] for level in found["levels"]]
    assert values == sorted(values)
    assert {level["movement"] for level in found["levels"]} <= {None, 0, 1, -1, 2, -2}
    assert found["files"] == {}
    assert (found["for"], found["campaign"]) == ("sponsor", "second")
    assert len(found["engagement"]) >= 1


def test_without_a_file_the_page_of_the_sponsor_is_said_in_a_few_lines(run: CommandLine) -> None:
    said = run.ok("campaign", "report", "second")
    assert said.splitlines()[1].startswith("Since January, on the same")


def test_an_open_campaign_has_a_report_and_no_picture(run: CommandLine, tmp_path: Path) -> None:
    run.ok("campaign", "open", "--id", "third", "--scope", "incident", "--due", "2026-03-10", *BY, "--as-of", "2026-03-01T10:00Z")
    assert "No level has been determined yet." in run.ok("campaign", "report", "third")
    assert "not closed" in run("campaign", "report", "third", "--svg-heat", str(tmp_path / "heat.svg")).err
    assert not (tmp_path / "heat.svg").exists()


def test_a_file_that_exists_is_not_overwritten(run: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("mine", "utf-8")
    assert "exists already" in run("campaign", "report", "second", "--html", str(path)).err
    assert path.read_text("utf-8") == "mine"


def test_progress_is_shown_on_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    with shown_progress(Invocation(language="en")) as progress:
        assert progress is quiet
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with shown_progress(Invocation(language="en")) as progress:
        progress(say("The answers are agreed on"), 2, 5)
    found = capsys.readouterr()
    assert found.out == ""
    assert "The answers are agreed on" in found.err
