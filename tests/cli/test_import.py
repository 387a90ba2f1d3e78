"""`ancrage import fitsm`: what it says and what it returns, on made-up data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ancrage.cli.main import main
from ancrage.exchange.fitsm import ATTRIBUTION_TEXT
from tests.support.fitsm_data import Change, adding, row, setting, write_data


def run(folder: Path, *changes: Change, more: tuple[str, ...] = ()) -> int:
    return main(["import", "fitsm", str(write_data(folder / "data", *changes)), "--into", str(folder / "project"), *more])


def test_an_import_says_what_there_is_who_owns_it_and_what_comes_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 0
    said = capsys.readouterr().out
    assert "3 processes, 4 flows (1 of them listed by one side only), 4 roles, 1 records, 5 requirements in 4 groups" in said
    assert f"placeholders to replace: {3 + 1 + 1} people" in said
    assert ATTRIBUTION_TEXT in said
    assert f"next: `ancrage check {tmp_path / 'project'}`, which will show 1 warnings" in said
    written = sorted(path for path in (tmp_path / "project").rglob("*") if path.is_file())
    assert [line.strip() for line in said.splitlines() if line.startswith("  ")] == [str(path) for path in written]


def test_what_comes_next_is_true(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(tmp_path)
    assert main(["check", str(tmp_path / "project"), "--as-of", "2026-01-05"]) == 0
    assert "errors: 0, warnings: 1" in capsys.readouterr().out
    assert main(["map", str(tmp_path / "project"), "--as-of", "2026-01-05"]) == 0
    assert "flows that one side does not list: 1" in capsys.readouterr().out


def test_disagreements_of_the_source_are_shown_with_their_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, adding("interfaces.json", 1, "flows", entry=row("SHOP", "OVEN", "What was sold", "OVEN"))) == 0
    said = capsys.readouterr().out
    assert 'warning[W-FLOW-WORDING]: "SHOP" and "OVEN" word a flow from "SHOP" to "OVEN" differently' in said
    assert f"--> {tmp_path / 'data' / 'interfaces.json'}:" in said


def test_the_answer_is_one_json_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, setting("processes.json", 0, "colour", to="red"), more=("--json",)) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["shape"], said["version"], said["folder"]) == ("ancrage.import.fitsm", 1, str(tmp_path / "project"))
    assert all((tmp_path / "project" / name).is_file() for name in said["files"])
    assert said["counts"]["one_sided_flows"] == said["to_check"] == 1
    assert [problem["code"] for problem in said["problems"]] == ["W-LEFT-OUT"]
    assert said["attribution"] == ATTRIBUTION_TEXT


def test_a_broken_source_lists_its_problems_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes = (setting("roles.json", to=None), setting("records.json", to="[}"))
    assert run(tmp_path, *changes) == 1
    said = capsys.readouterr().err
    assert "error[E-FILE-MISSING]" in said
    assert "error[E-JSON-SYNTAX]" in said
    assert "cannot be imported: errors: 2; nothing was written" in said
    assert run(tmp_path, *changes, more=("--json",)) == 1
    assert [problem["code"] for problem in json.loads(capsys.readouterr().out)["problems"]] == ["E-FILE-MISSING", "E-JSON-SYNTAX"]
    assert not (tmp_path / "project").exists()


def test_an_existing_folder_is_refused_and_a_missing_one_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "project").mkdir()
    assert run(tmp_path) == 1
    assert main(["import", "fitsm", str(tmp_path / "none"), "--into", str(tmp_path / "other")]) == 2
    assert main(["import", "fitsm", str(tmp_path / "data")]) == 2
    assert list((tmp_path / "project").iterdir()) == []
    assert capsys.readouterr().out == ""


def test_the_reader_of_french_gets_french_and_the_texts_of_the_source_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, more=("--language", "fr")) == 0
    said = capsys.readouterr().out
    assert "3 processus, 4 flux" in said
    assert ATTRIBUTION_TEXT in said
    assert 'name: "Pilote de OVEN (à nommer)"' in (tmp_path / "project" / "organisation.yaml").read_text("utf-8")
    assert 'name: "Making of oven"' in (tmp_path / "project" / "map.yaml").read_text("utf-8")
