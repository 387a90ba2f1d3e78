"""`ancrage rate` and `ancrage answer`: one cell, a whole file or nothing of it, a sheet to fill in, handing in."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.support.commands import CommandLine
from tests.support.story import CAMPAIGN, copy_of, project_in_the_middle

AT = ("--as-of", "2026-01-15T10:00Z")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_in_the_middle(tmp_path_factory.mktemp("rate") / "project")


@pytest.fixture
def run(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(copy_of(made, tmp_path / "project"), capsys)


@pytest.fixture
def person(run: CommandLine) -> str:
    return str(run.json("campaign", "show", CAMPAIGN)["respondents"][0]["person"])


def test_the_questions_of_a_person_are_listed_with_scale_and_answers(run: CommandLine, person: str) -> None:
    (request,) = run.json("answer", "list", "--person", person)["requests"]
    assert request["campaign"] == CAMPAIGN
    assert request["unanswered"] == sum(question["value"] is None for question in request["questions"]) > 0
    assert request["scale"][0]["code"] == "FI"
    assert all(
        question["value"] is None for question in run.json("answer", "list", "--person", person, "--missing")["requests"][0]["questions"]
    )
    assert "without an answer" in run.ok("answer", "list", "--person", person)


def test_a_changed_answer_counts_once_more_and_the_same_one_does_not(run: CommandLine, person: str) -> None:
    practice = run.json("answer", "list", "--person", person)["requests"][0]["questions"][0]
    arguments = ("rate", CAMPAIGN, practice["process"], practice["practice"], "FI", "--person", person, "--comment", "seen", *AT)
    assert run.json(*arguments)["changed"] == 1
    assert run.json(*arguments)["changed"] == 0


def test_a_value_off_the_scale_is_refused_with_the_allowed_ones(run: CommandLine, person: str) -> None:
    question = run.json("answer", "list", "--person", person)["requests"][0]["questions"][0]
    said = run("rate", CAMPAIGN, question["process"], question["practice"], "GOOD", "--person", person, *AT)
    assert said.code == 1
    assert "GOOD is not on the scale" in said.err
    assert "allowed: FI, " in said.err


def test_every_bad_row_of_a_file_is_named_by_its_line_and_none_is_taken(run: CommandLine, person: str, tmp_path: Path) -> None:
    first, second, *_ = run.json("answer", "list", "--person", person, "--missing")["requests"][0]["questions"]
    path = tmp_path / "answers.csv"
    good = f"{first['process']},{first['practice']},FI,"
    path.write_text(
        f"process,practice,value,comment\n{good}\n{second['process']},{second['practice']},BEST,\nnowhere,nothing,FI,\n{good}\na,b\n",
        encoding="utf-8",
    )
    said = run("rate", CAMPAIGN, "--file", str(path), "--person", person, *AT)
    assert said.code == 1
    for line, code in ((3, "E-RATING-VALUE"), (4, "E-CELL-UNKNOWN"), (5, "E-ROW-TWICE"), (6, "E-ROW-CELLS")):
        assert f"{path}:{line}" in said.err
        assert code in said.err
    assert run.json("answer", "list", "--person", person, "--missing")["requests"][0]["questions"][0]["practice"] == first["practice"]


def test_a_sheet_is_written_filled_in_read_back_and_handed_in(run: CommandLine, person: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    written = run.json("answer", "sheet", CAMPAIGN, "--into", str(path), "--person", person)["questions"]
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert len(rows) == written
    assert all(row["question"] for row in rows)
    early = run("answer", "submit", CAMPAIGN, "--person", person, *AT)
    assert (early.code, "have no answer yet" in early.err) == (1, True)

    empty = [row for row in rows if not row["value"]]
    taken = run.json("rate", CAMPAIGN, "--file", str(path), "--person", person, *AT)
    assert (taken["changed"], taken["empty"]) == (0, len(empty))
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows(row | {"value": row["value"] or "LI"} for row in rows)
    assert run.json("rate", CAMPAIGN, "--file", str(path), "--person", person, *AT)["changed"] == len(empty)
    run.ok("answer", "submit", CAMPAIGN, "--person", person, *AT)
    done = run.json("commitments", "list", "--all", "--person", person, *AT)["commitments"]
    assert {commitment["status"] for commitment in done if commitment["id"] == f"{CAMPAIGN}/{person}"} == {"closed"}
    late = run("rate", CAMPAIGN, "--file", str(path), "--person", person, *AT)
    assert (late.code, "has submitted" in late.err) == (1, True)


def test_a_sheet_somebody_may_have_filled_in_is_never_overwritten(run: CommandLine, person: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("mine", encoding="utf-8")
    said = run("answer", "sheet", CAMPAIGN, "--into", str(path), "--person", person)
    assert (said.code, path.read_text(encoding="utf-8")) == (1, "mine")


def test_wrong_use_says_what_is_missing(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANCRAGE_PERSON", raising=False)
    assert "say who does this" in run("answer", "list").err
    assert "give either --file" in run("rate", CAMPAIGN, "incident", "--person", "chloe").err
    assert "there is no person nobody" in run("answer", "list", "--person", "nobody").err
