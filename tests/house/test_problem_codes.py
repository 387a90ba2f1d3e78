"""Every problem code that the program can report has its page, every page is of such a code, and the examples are true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ancrage.cli.main import main
from ancrage.declarations.codes import BEYOND, PAGES, CodePage, page_of
from ancrage.declarations.codes.page import render_page

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r'"([EW]-[A-Z0-9]+(?:-[A-Z0-9]+)*)"')
RUN = [page for page in BEYOND.values() if not page.by_hand]


def reported() -> dict[str, str]:
    """Each code that stands in the source outside the pages themselves, with one module that reports it."""
    modules = [path for path in (ROOT / "ancrage").rglob("*.py") if "declarations/codes" not in path.as_posix()]
    return {code: path.relative_to(ROOT).as_posix() for path in modules for code in CODE.findall(path.read_text(encoding="utf-8"))}


def test_every_code_has_its_page() -> None:
    pages = PAGES | BEYOND
    families = {code.rpartition("-")[0] for code in pages}  # `startswith("E-FILE")` asks about a family
    assert {code: module for code, module in reported().items() if code not in pages and code not in families} == {}


def test_every_page_is_of_a_code_that_is_reported_and_stands_once() -> None:
    assert sorted((set(PAGES) | set(BEYOND)) - set(reported())) == []
    assert sorted(set(PAGES) & set(BEYOND)) == []


@pytest.mark.parametrize("page", RUN, ids=lambda page: page.code)
def test_the_wrong_example_has_the_problem_and_the_right_one_has_not(
    page: CodePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    said = {}
    for example in (page.wrong, page.right):
        command, _, text = example.partition("\n")
        arguments = command.removeprefix("$ ancrage ").split()
        Path(arguments[1]).write_text(text, encoding="utf-8")
        code = main(arguments)
        output = capsys.readouterr()
        said[example] = (code, output.out + output.err)
    assert page.code in said[page.wrong][1]
    assert said[page.right][0] == 0
    assert page.code not in said[page.right][1]


def test_a_page_is_shown_in_the_readers_language() -> None:
    shown = render_page(page_of("e-unit-unknown"), "fr")
    assert shown.startswith("E-UNIT-UNKNOWN\N{NO-BREAK SPACE}: Une unité n’est pas déclarée\n")
