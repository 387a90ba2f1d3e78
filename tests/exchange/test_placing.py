"""Files of an import: whole or not at all, none over another in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from ancrage.errors import Refused
from ancrage.exchange.sources.placing import Fate, place_files

NAME = "reference_models/m.yaml"


def test_a_new_file_is_written_and_the_same_again_changes_nothing(tmp_path: Path) -> None:
    assert [one.fate for one in place_files(tmp_path, {NAME: "a: 1\n"})] == [Fate.NEW]
    before = (tmp_path / NAME).stat().st_mtime_ns
    assert [one.fate for one in place_files(tmp_path, {NAME: "a: 1\n"})] == [Fate.SAME]
    assert (tmp_path / NAME).stat().st_mtime_ns == before


def test_one_file_that_differs_keeps_all_from_being_written_and_the_difference_is_shown(tmp_path: Path) -> None:
    place_files(tmp_path, {NAME: "a: 1\nb: 2\n"})
    placed = place_files(tmp_path, {"new.csv": "x\n", NAME: "a: 1\nb: 3\n"})
    assert [one.fate for one in placed] == [Fate.NEW, Fate.DIFFERENT]
    assert placed[1].difference.splitlines()[-2:] == ["-b: 2", "+b: 3"]
    assert not (tmp_path / "new.csv").exists()
    assert (tmp_path / NAME).read_text() == "a: 1\nb: 2\n"
    assert [one.fate for one in place_files(tmp_path, {NAME: "a: 1\nb: 3\n"}, replace=True)] == [Fate.REPLACED]
    assert sorted(path.name for path in (tmp_path / "reference_models").iterdir()) == ["m.yaml"]


def test_nothing_is_written_through_a_link_that_leads_out(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "reference_models").symlink_to(tmp_path / "outside")
    with pytest.raises(Refused):
        place_files(tmp_path / "project", {NAME: "a\n"})
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "reference_models").write_text("a file\n")
    with pytest.raises(Refused):
        place_files(tmp_path, {NAME: "a\n"})
