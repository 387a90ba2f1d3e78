"""`ancrage init`: what it writes is sound, commented, and never over something else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ancrage.cli.main import main
from ancrage.declarations.loading import load_programme
from tests.support.declarations import AS_OF


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_new_project_is_clean_and_every_file_names_its_schema(tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--language", language, "init", str(tmp_path / "new")]) == 0
    assert load_programme(tmp_path / "new", AS_OF).problems == ()
    for path in (tmp_path / "new").rglob("*.yaml"):
        first = path.read_text("utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=")
        assert (path.parent / first.partition("=")[2]).is_file()
    assert "ancrage check" in capsys.readouterr().out


def test_the_two_languages_declare_the_same_and_comment_it_differently(tmp_path: Path) -> None:
    for language in ("fr", "en"):
        main(["init", str(tmp_path / language), "--language", language])
    french, english = (load_programme(tmp_path / language, AS_OF).require() for language in ("fr", "en"))
    assert french.fingerprint == english.fingerprint
    assert (tmp_path / "fr" / "map.yaml").read_text("utf-8") != (tmp_path / "en" / "map.yaml").read_text("utf-8")


def test_the_example_is_copied_and_clean(tmp_path: Path) -> None:
    assert main(["init", "--example", str(tmp_path / "copy")]) == 0
    assert load_programme(tmp_path / "copy", AS_OF).problems == ()


def test_nothing_is_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "map.yaml").write_text("mine", encoding="utf-8")
    assert main(["init", str(tmp_path)]) == 1
    assert "map.yaml" in capsys.readouterr().err
    assert {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()} == {"map.yaml": "mine"}


def test_a_folder_with_other_things_in_it_may_become_a_project(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert main(["init", str(tmp_path)]) == 0
    assert (tmp_path / "notes.txt").read_text("utf-8") == "mine"


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["init", str(tmp_path / "file")]) == 1


def test_the_files_written_are_listed_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "new"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["shape"] == "ancrage.init"
    assert all((tmp_path / "new" / name).is_file() for name in said["files"])
