"""`ancrage indicator`: readings are recorded once, corrected by revision, and taken from a file as a whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ancrage.cli.main import main
from ancrage.shipped import EXAMPLE
from tests.support.commands import CommandLine

AT = ("--as-of", "2026-03-02T09:00Z", "--by", "chloe")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("indicator") / "project"
    shutil.copytree(EXAMPLE, folder)
    assert main(["--project", str(folder), "apply", "--yes", "--as-of", "2026-01-12T08:00Z"]) == 0
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    shutil.copytree(made, tmp_path / "project")
    capsys.readouterr()
    return CommandLine(tmp_path / "project", capsys)


def write(folder: Path, text: str) -> str:
    path = folder / "readings.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_reading_is_recorded_once_and_corrected_by_a_revision(run: CommandLine) -> None:
    record = ("indicator", "record", "incident_backlog", "2026-02-02")
    assert run.json(*record, "120", *AT)["recorded"] is True
    assert run.json(*record, "120", *AT)["recorded"] is False
    assert run.json(*record, "90", "--note", "counted again", *AT)["recorded"] is True
    (reading,) = run.json("indicator", "show", "incident_backlog")["series"]
    assert (reading["figure"], reading["revision"], reading["note"], reading["source"]) == (90, 2, "counted again", "manual")
    assert "counted again" in run.ok("indicator", "show", "incident_backlog")


def test_a_reading_of_a_day_to_come_or_of_an_unknown_indicator_is_refused(run: CommandLine) -> None:
    said = run("indicator", "record", "incident_backlog", "2026-04-01", "3", *AT)
    assert (said.code, "before that day" in said.err) == (1, True)
    said = run("indicator", "record", "incident_backlock", "2026-02-02", "3", *AT)
    assert (said.code, "declared: incidents_triaged" in said.err) == (2, True)


def test_a_file_is_taken_once(run: CommandLine, tmp_path: Path) -> None:
    path = write(tmp_path, "indicator,date,numerator,denominator\nincidents_triaged,2026-02-02,41,50\nincidents_triaged,2026-02-09,44,50\n")
    assert run.json("indicator", "import-csv", path, *AT)["recorded"] == 2
    again = run.json("indicator", "import-csv", path, *AT)
    assert (again["recorded"], again["known"]) == (0, 2)
    assert run.json("indicator", "show", "incidents_triaged")["last"]["figure"] == pytest.approx(0.88)


def test_a_decimal_comma_is_read_where_it_cannot_separate_thousands(run: CommandLine, tmp_path: Path) -> None:
    path = write(tmp_path, "indicator;date;value\nincident_backlog;2026-02-02;12,5\n")
    run.ok("indicator", "import-csv", path, *AT)
    assert run.json("indicator", "show", "incident_backlog")["last"]["value"] == 12.5
    said = run("indicator", "import-csv", write(tmp_path, "indicator;date;value\nincident_backlog;2026-02-09;1,200\n"), *AT)
    assert (said.code, "1,200 is not a number" in said.err) == (1, True)


def test_every_bad_row_is_named_by_its_line_and_none_is_taken(run: CommandLine, tmp_path: Path) -> None:
    rows = ["incident_backlog,2026-02-02,5", "nothing,2026-02-02,5", "incident_backlog,02/02/2026,x", "incident_backlog,2026-09-01,5",
            "incident_backlog,2026-02-02,6", "incident_backlog,2026-02-09,"]  # fmt: skip
    path = write(tmp_path, "\n".join(["indicator,date,value", *rows]) + "\n")
    said = run("indicator", "import-csv", path, *AT, "--json")
    assert said.code == 1
    found = [(problem["place"]["line"], problem["code"]) for problem in said.json["problems"]]
    assert found == [
        (3, "E-CELL-VALUE"), (4, "E-CELL-VALUE"), (4, "E-CELL-VALUE"), (5, "E-CELL-VALUE"), (6, "E-ROW-TWICE"), (7, "E-CELL-VALUE"),
    ]  # fmt: skip
    assert run.json("indicator", "show", "incident_backlog")["readings"] == 0


def test_the_referential_is_listed_with_what_is_decided_from_each_indicator(run: CommandLine) -> None:
    indicators = {indicator["id"]: indicator for indicator in run.json("indicator", "list")["indicators"]}
    assert indicators["incident_backlog"]["decision"] == "react_incident_alert"
    assert indicators["incident_backlog"]["last"] is None
    assert "incident_backlog" in run.ok("indicator", "list")
    assert "No reading yet." in run.ok("indicator", "show", "incident_backlog")
