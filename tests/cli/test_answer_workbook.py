"""`ancrage answer workbook` and `take`: the way of a person who answers offline, through a spreadsheet program and back."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.commands import CommandLine
from tests.support.story import CAMPAIGN, copy_of, project_in_the_middle
from tests.support.workbooks import filled

AT = ("--as-of", "2026-01-15T10:00Z")
WHO = "sofia"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_in_the_middle(tmp_path_factory.mktemp("workbook") / "project")


@pytest.fixture
def run(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(copy_of(made, tmp_path / "project"), capsys)


@pytest.fixture
def path(run: CommandLine, tmp_path: Path) -> Path:
    """A workbook just written."""
    found = tmp_path / "answers.xlsx"
    said = run.json("answer", "workbook", WHO, "--campaign", CAMPAIGN, "--out", str(found), *AT)
    assert (said["person"], said["campaigns"], said["questions"], said["answered"]) == (WHO, [CAMPAIGN], 14, 6)
    return found


def write(path: Path, cells: dict[str, object]) -> None:
    path.write_bytes(filled(path.read_bytes(), cells))


def test_out_filled_shown_taken_and_handed_in(run: CommandLine, path: Path) -> None:
    write(path, {"D6": "FI", "E6": "seen", **{f"D{row}": "LI" for row in range(12, 20)}})
    shown = run("answer", "take", str(path), *AT)
    assert shown.code == 0
    assert "8 new, 1 changed, 5 as known, 0 older than a newer answer, 0 empty" in shown.out
    assert "Nothing was taken yet" in shown.out
    assert run.json("answer", "list", "--person", WHO)["requests"][0]["unanswered"] == 8
    assert "9 answers taken" in run.ok("answer", "take", str(path), "--accept", *AT)
    assert "0 answers taken" in run.ok("answer", "take", str(path), "--accept", *AT)
    run.ok("answer", "submit", CAMPAIGN, "--person", WHO, *AT)
    late = run("answer", "take", str(path), "--accept", *AT)
    assert (late.code, "E-REQUEST-CLOSED" in late.err) == (1, True)


def test_bad_cells_are_named_and_the_exit_code_says_that_something_is_left_to_correct(run: CommandLine, path: Path) -> None:
    write(path, {"D12": "GOOD", "D13": "=D6", "D14": "FI"})
    said = run("answer", "take", str(path), "--accept", *AT)
    assert said.code == 1
    assert "1 answers taken" in said.out
    for words in ("E-RATING-VALUE", "answers.xlsx: Réponses!D12", "allowed: FI, LI, PI, NI, NY, NA", "E-CELL-FORMULA"):
        assert words in said.err


def test_the_difference_as_json_has_every_cell(run: CommandLine, path: Path) -> None:
    write(path, {"D6": "FI", "D12": "GOOD"})
    said = run("answer", "take", str(path), "--json", *AT).json
    assert (said["person"], said["taken"], len(said["sha256"])) == (WHO, None, 64)
    (sheet,) = said["sheets"]
    assert [cell["cell"] for cell in sheet["cells"] if cell["state"] == "changed"] == ["D6"]
    assert sheet["cells"][0]["known"] == {"value": "PI", "comment": ""}
    assert [problem["place"]["path"] for problem in said["problems"]] == ["answers.xlsx: Réponses!D12"]


def test_a_newer_answer_stays_until_somebody_says_otherwise(run: CommandLine, path: Path) -> None:
    write(path, {"D6": "FI"})
    cell = run.json("answer", "take", str(path), *AT)["sheets"][0]["cells"][0]
    run.ok("rate", CAMPAIGN, cell["process"], cell["practice"], "NI", "--person", WHO, *AT)
    said = run("answer", "take", str(path), "--accept", *AT)
    assert (said.code, "0 answers taken" in said.out, "--overwrite-newer" in said.err) == (1, True, True)
    assert "1 answers taken, 1 of them over a newer one" in run.ok("answer", "take", str(path), "--accept", "--overwrite-newer", *AT)


def test_whole_files_that_cannot_be_taken(run: CommandLine, path: Path, tmp_path: Path) -> None:
    assert "E-WORKBOOK-PERSON" in run("answer", "take", str(path), "--person", "thomas", *AT).err
    (tmp_path / "large.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * (20 * 1024 * 1024))
    assert "E-FILE-LARGE" in run("answer", "take", str(tmp_path / "large.xlsx"), *AT).err
    (tmp_path / "other.csv").write_text("process,practice\n", encoding="utf-8")
    assert "E-WORKBOOK-FORMAT" in run("answer", "take", str(tmp_path / "other.csv"), *AT).err
    assert "cannot be read" in run("answer", "take", str(tmp_path / "none.xlsx"), *AT).err


def test_a_workbook_somebody_may_have_filled_in_is_never_overwritten(run: CommandLine, path: Path) -> None:
    before = path.read_bytes()
    said = run("answer", "workbook", WHO, "--out", str(path), *AT)
    assert (said.code, path.read_bytes()) == (1, before)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here: its own saving is not tried")
def test_a_workbook_saved_by_libreoffice_comes_back(run: CommandLine, path: Path, tmp_path: Path) -> None:
    write(path, {"D6": "FI", "D12": "LI · En place, à quelques manques près", "E12": "a note", "D13": "=D12"})
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    saved = tmp_path / "saved"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(saved), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    said = run("answer", "take", str(saved / path.name), "--accept", "--json", *AT).json
    assert said["taken"] == {"changed": 2, "overwritten": 0, "links": 0}
    assert [problem["code"] for problem in said["problems"]] == ["E-CELL-FORMULA"]
