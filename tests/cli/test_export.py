"""`ancrage export`: eight tables, three kinds of file; what is there already is never overwritten."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from ancrage.project import open_project
from ancrage.services.advance import advance
from tests.support.commands import CommandLine
from tests.support.story import CAMPAIGN, DUE, copy_of, project_in_the_middle

TABLES = {
    "ratings": ("--campaign", CAMPAIGN),
    "levels": ("--campaign", CAMPAIGN),
    "findings": (),
    "comparison": ("--campaign", CAMPAIGN, "--before", CAMPAIGN),
    "actions": (),
    "commitments": (),
    "readings": (),
    "journal": (),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = project_in_the_middle(tmp_path_factory.mktemp("export") / "project")
    with closing(open_project(folder)) as project:
        advance(project, DUE)
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(copy_of(made, tmp_path / "project"), capsys)


@pytest.mark.parametrize("table", TABLES)
def test_the_three_files_of_a_table_hold_the_same_rows(run: CommandLine, tmp_path: Path, table: str) -> None:
    counts = set()
    for kind in ("xlsx", "csv", "json"):
        said = run.json("export", table, *TABLES[table], "--out", str(tmp_path / f"table.{kind}"))
        assert (said["table"], said["format"], said["cut"]) == (table, kind, 0)
        counts.add(said["rows"])
    found = json.loads((tmp_path / "table.json").read_text(encoding="utf-8"))
    with (tmp_path / "table.csv").open(encoding="utf-8", newline="") as handle:
        lines = list(csv.DictReader(handle))
    sheet = openpyxl.load_workbook(tmp_path / "table.xlsx").worksheets[0]
    assert counts == {len(found["rows"])} == {len(lines)} == {sheet.max_row - 1}
    assert len(lines) > 0
    assert list(lines[0]) == list(found["rows"][0]) == [column["name"] for column in found["columns"]]


def test_a_file_that_is_there_stays(run: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "journal.csv"
    path.write_text("mine", encoding="utf-8")
    said = run("export", "journal", "--out", str(path))
    assert (said.code, path.read_text(encoding="utf-8")) == (1, "mine")
    assert run("export", "journal", "--out", str(tmp_path / "no" / "folder.csv")).code == 1


def test_the_kind_of_file_is_named_or_told_by_its_end(run: CommandLine, tmp_path: Path) -> None:
    run.ok("export", "readings", "--format", "csv", "--bom", "--out", str(tmp_path / "readings.txt"))
    assert (tmp_path / "readings.txt").read_bytes().startswith(b"\xef\xbb\xbf")
    said = run("export", "readings", "--out", str(tmp_path / "readings.pdf"))
    assert (said.code, "--format xlsx | csv | json" in said.err) == (2, True)
    assert run("export", "ratings", "--campaign", "none", "--out", str(tmp_path / "x.csv")).code == 2


def test_words_are_in_the_readers_language(run: CommandLine, tmp_path: Path) -> None:
    run.ok("export", "ratings", "--campaign", CAMPAIGN, "--language", "fr", "--out", str(tmp_path / "fr.json"))
    found = json.loads((tmp_path / "fr.json").read_text(encoding="utf-8"))
    assert found["rows"][0]["process_name"] == "Gestion des incidents"
