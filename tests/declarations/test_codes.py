"""Every code that is used has a page, and every page tells the truth: its wrong example has the problem, its right one has not."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from ancrage.declarations.codes import PAGES, CodePage, page_of
from ancrage.declarations.codes.page import files_of
from ancrage.declarations.loading import load_programme, load_programme_from_texts
from ancrage.declarations.strict_yaml import Limits, read_yaml_text
from ancrage.errors import NotFound

ROOT = Path(__file__).resolve().parents[2]
AS_OF = date(2026, 1, 5)
CODE = re.compile(r"\"([EW]-[A-Z]+(?:-[A-Z]+)*)\"")
TEXTUAL = [page for page in PAGES.values() if not page.by_hand]


def codes_of(example: str) -> set[str]:
    return {problem.code for problem in load_programme_from_texts(files_of(example), AS_OF).problems}


@pytest.mark.parametrize("page", TEXTUAL, ids=lambda page: page.code)
def test_the_wrong_example_has_the_problem_and_the_right_one_no_error(page: CodePage) -> None:
    assert page.code in codes_of(page.wrong)
    right = codes_of(page.right)
    assert page.code not in right
    assert {code for code in right if code.startswith("E-")} == set()


def test_the_codes_whose_example_is_no_text_are_found_too(tmp_path: Path) -> None:
    (tmp_path / "picture.yaml").write_bytes(b"\0")
    (tmp_path / "latin.yaml").write_bytes("a: é".encode("latin-1"))
    (tmp_path / "folder.yaml").mkdir()
    with (tmp_path / "huge.yaml").open("wb") as stream:
        stream.truncate(9 * 1024 * 1024)
    files = files_of("ancrage: 1\ninclude: [picture.yaml, latin.yaml, folder.yaml, huge.yaml]\n")
    (tmp_path / "project.yaml").write_text(files["project.yaml"], encoding="utf-8")
    found = {problem.code for problem in load_programme(tmp_path, AS_OF).problems}
    found |= {problem.code for problem in load_programme(tmp_path / "elsewhere", AS_OF).problems}
    found |= {problem.code for problem in read_yaml_text("[1, 1, 1]", limits=Limits(events=3)).problems}
    found |= {problem.code for problem in read_yaml_text("[*a, *a]", limits=Limits(problems=1)).problems}
    many = {f"many/{number}.yaml": "units: {}" for number in range(5001)} | {"project.yaml": 'include: ["many/*.yaml"]'}
    found |= {problem.code for problem in load_programme_from_texts(many, AS_OF).problems}
    assert {page.code for page in PAGES.values() if page.by_hand} <= found


def test_every_code_in_the_source_has_a_page_and_no_page_is_left_over() -> None:
    sources = [*(ROOT / "ancrage" / "declarations").rglob("*.py"), *(ROOT / "ancrage" / "domain").glob("*.py")]
    sources.append(ROOT / "ancrage" / "domain" / "escalation" / "checks.py")
    sources = [path for path in sources if path.parent.name != "codes" and not path.name.startswith("scenario")]
    used = {code for path in sources for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert used - set(PAGES) == set()
    assert set(PAGES) - used == set()


def test_a_code_is_found_however_it_is_written_and_a_near_miss_is_named() -> None:
    assert page_of("e-unit-unknown").code == "E-UNIT-UNKNOWN"
    with pytest.raises(NotFound, match="E-UNIT-UNKNOWN"):
        page_of("E-UNIT-UNKNOW")
