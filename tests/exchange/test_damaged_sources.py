"""A share of `make prove`: damaged files are imported or refused with their problems, and nothing else ever happens."""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

import pytest

from ancrage.errors import ProblemsFound
from ancrage.exchange.samm import import_samm
from ancrage.exchange.sources.workbook import read_grids
from benchmarks.prove_importers import failed, run_case
from tests.support.sources import codes, samm_files, write

CASES = 300


@pytest.mark.reference_data
def test_three_hundred_damaged_files_break_nothing(reference_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANCRAGE_REFERENCE_DATA", str(reference_data))
    outcomes = set()
    for number in range(CASES):
        folder = tmp_path / str(number)
        folder.mkdir()
        case = run_case(number, 11, folder)
        assert not failed(case) or "after" in case.outcome or "MB" in case.outcome, (number, case)
        outcomes.add(case.outcome.partition(",")[0])
    assert {"imported", "refused"} <= outcomes


def packed(path: Path, parts: dict[str, int]) -> Path:
    """An archive whose parts unpack to so many megabytes of nothing."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, megabytes in parts.items():
            with archive.open(name, "w") as stream:
                for _ in range(megabytes):
                    stream.write(b" " * 1_000_000)
    return path


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    bomb = packed(tmp_path / "bomb.xlsx", {"xl/workbook.xml": 0, "xl/_rels/workbook.xml.rels": 0, "xl/worksheets/sheet1.xml": 70})
    assert bomb.stat().st_size < 1_000_000
    with pytest.raises(ProblemsFound) as found:
        read_grids(bomb)
    assert codes(found.value.problems) == ["E-FILE-LARGE"]


LAUGHS = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\nid: x1\ntype: Activity\n"


def test_aliases_are_not_followed_and_told_one_by_one(tmp_path: Path) -> None:
    found = import_samm([write(tmp_path, {**samm_files(), "activities/bomb.yml": LAUGHS})])
    done = Counter(str(problem.hint) for problem in found.defects if problem.code == "W-SOURCE-YAML")
    assert done == {"the value itself was taken": 2, "the alias was not followed; the value is left out": 4}


def test_depth_and_size_are_bounded(tmp_path: Path) -> None:
    deep = "[" * 5000
    large = "x: " + "a" * 5_000_000 + "\n"
    found = import_samm([write(tmp_path, {**samm_files(), "activities/deep.yml": deep, "activities/large.yml": large})])
    assert sum(problem.code == "W-SOURCE-YAML" for problem in found.defects) == 2
    assert found.counts["activities"] == 6


def test_a_folder_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ancrage.exchange.sources.yaml_source.MOST_FILES", 5)
    with pytest.raises(ProblemsFound) as found:
        import_samm([write(tmp_path, samm_files())])
    assert "E-SOURCE-MANY" in codes(found.value.problems)


def test_a_thousand_defects_are_shown_and_the_rest_is_said_to_be_more(tmp_path: Path) -> None:
    many = {f"activities/bad-{number}.yml": "type: Activity\n" for number in range(1100)}
    found = import_samm([write(tmp_path, {**samm_files(), **many})])
    assert len(found.defects) == 1001
    assert found.defects[-1].code == "W-SOURCE-MANY"
