"""What a lead does on the command line while a campaign runs and after it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.commands import CommandLine
from tests.support.story import CAMPAIGN, copy_of, project_in_the_middle

AT = ("--as-of", "2026-01-15T10:00Z")
LATER = ("--as-of", "2026-01-20T10:00Z")
BY = ("--by", "chloe")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_in_the_middle(tmp_path_factory.mktemp("campaign") / "project")


@pytest.fixture
def run(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(copy_of(made, tmp_path / "project"), capsys)


def first_person(run: CommandLine) -> str:
    return str(run.json("campaign", "show", CAMPAIGN)["respondents"][0]["person"])


def hand_in(run: CommandLine, person: str, value: str = "LI") -> None:
    (request,) = run.json("answer", "list", "--person", person, "--campaign", CAMPAIGN)["requests"]
    for asked in request["questions"]:
        if asked["value"] is None:
            run.ok("rate", CAMPAIGN, asked["process"], asked["practice"], value, "--person", person, *AT)
    run.ok("answer", "submit", CAMPAIGN, "--person", person, *AT)


def test_answers_are_given_back_with_what_should_change_and_owed_again(run: CommandLine) -> None:
    person = first_person(run)
    assert run("campaign", "return", CAMPAIGN, person, "--why", "too good", *BY, *AT).code == 1
    hand_in(run, person)
    given_back = run.json("campaign", "return", CAMPAIGN, person, "--why", "say why it is LI", *BY, *AT)
    owed = {row["id"]: row for row in run.json("commitments", "list", *AT)["commitments"]}
    assert owed[given_back["commitment"]]["person"] == person or person in str(owed[given_back["commitment"]])
    run.ok("answer", "submit", CAMPAIGN, "--person", person, *AT)
    run.ok("answer", "reopen", CAMPAIGN, "--person", person, "--why", "one answer was wrong", *AT)
    events = run.json("campaign", "history", CAMPAIGN, person)["events"]
    assert [event["what"] for event in events] == ["submitted", "changes_requested", "submitted", "reopened"]
    assert events[1]["why"] == "say why it is LI"


def test_a_change_of_scope_shows_the_difference_first(run: CommandLine) -> None:
    change = ("campaign", "scope", CAMPAIGN, "--add", "change", "--remove", "problem", *BY, *AT)
    shown = run.json(*change)
    assert (shown["accepted"], shown["added"], shown["removed"]) == (False, ["change"], ["problem"])
    assert shown["answers_left_out"] > 0
    assert run.json("campaign", "show", CAMPAIGN)["scope"] == ["incident", "problem"]
    run.ok(*change, "--accept")
    assert run.json("campaign", "show", CAMPAIGN)["scope"] == ["incident", "change"]
    assert {cell["process"] for cell in run.json("campaign", "show", CAMPAIGN)["cells"]} == {"incident", "change"}


def test_a_scope_that_cannot_be_is_refused_with_every_reason(run: CommandLine) -> None:
    said = run("campaign", "scope", CAMPAIGN, "--add", "nowhere", "--remove", "strategy", *BY, *AT)
    assert said.code == 1
    assert "process nowhere is not declared" in said.err
    assert "process strategy is not in scope" in said.err


def test_a_team_judges_a_group_and_the_level_follows(run: CommandLine) -> None:
    for who in run.json("campaign", "show", CAMPAIGN)["respondents"]:
        everything = run.json("answer", "list", "--person", who["person"], "--campaign", CAMPAIGN)["requests"][0]["questions"]
        for asked in everything:
            run.ok("rate", CAMPAIGN, asked["process"], asked["practice"], "LI", "--person", who["person"], *AT)
    group = run.json("campaign", "groups", CAMPAIGN)["groups"][0]
    assert group["significant"] is None
    place = (group["process"], group["area"], str(group["level"]))
    assert run("campaign", "judge", CAMPAIGN, *place, "--significant", "--why", " ", *BY, *AT).code == 1
    run.ok("campaign", "judge", CAMPAIGN, *place, "--significant", "--why", "customers feel it", *BY, *AT)
    run.ok("campaign", "close", CAMPAIGN, "--force", *BY, *LATER)
    levels = {(it["process"], it["area"]): it["value"] for it in run.json("campaign", "show", CAMPAIGN)["levels"]}
    others = {value for key, value in levels.items() if key != (group["process"], group["area"])}
    assert levels[group["process"], group["area"]] < min(others)
    assert "customers feel it" in run.ok("campaign", "groups", CAMPAIGN)


def test_evidence_stands_behind_a_rating_and_is_renewed(run: CommandLine, tmp_path: Path) -> None:
    person = first_person(run)
    (request,) = run.json("answer", "list", "--person", person, "--campaign", CAMPAIGN)["requests"]
    asked = request["questions"][0]
    proof, newer = tmp_path / "proof.txt", tmp_path / "newer.txt"
    proof.write_text("it is done", encoding="utf-8")
    newer.write_text("it is still done", encoding="utf-8")
    cell = (asked["process"], asked["practice"], "LI")
    used = run.json("rate", CAMPAIGN, *cell, "--person", person, "--evidence", str(proof), "--expires", "2026-06-30", *AT)["evidence"]
    renewed = run.json("campaign", "evidence", "renew", used[0], str(newer), "--expires", "2027-06-30", *BY, *AT)["renewed_by"]
    listed: dict[str, Any] = {row["id"]: row for row in run.json("campaign", "evidence", "list")["evidence"]}
    assert listed[used[0]]["renewed_by"] == renewed
    assert listed[renewed]["cells"] == listed[used[0]]["cells"] != []
    run.ok("campaign", "evidence", "withdraw", renewed, "--why", "it was another system", *BY, *AT)
    kept = sorted(path.read_text(encoding="utf-8") for path in (run.folder / ".ancrage" / "evidence").glob("*/*"))
    assert kept == ["it is done", "it is still done"]


@pytest.mark.parametrize("given", ["ftp://host/x", "https://user:secret@host/x", "/nowhere/at/all"])
def test_evidence_that_cannot_be_kept_is_refused_and_no_rating_is_taken(run: CommandLine, given: str) -> None:
    person = first_person(run)
    before = run.json("answer", "list", "--person", person)
    asked = before["requests"][0]["questions"][-1]
    said = run("rate", CAMPAIGN, asked["process"], asked["practice"], "LI", "--person", person, "--evidence", given, *AT)
    assert said.code in (1, 2)
    assert "secret" not in said.err
    assert run.json("answer", "list", "--person", person) == before


def test_findings_get_a_cause_an_owner_and_a_day(run: CommandLine) -> None:
    run.ok("campaign", "close", CAMPAIGN, "--force", *BY, *LATER)
    found = run.json("campaign", "findings", CAMPAIGN)["findings"]
    assert found[0]["severity"] == "high"
    changed = run.json("campaign", "finding", found[0]["id"], "--cause", "no time", "--owner", "chloe", "--due", "2026-04-30", *BY, *LATER)
    assert (changed["cause"], changed["owner"], changed["due_on"]) == ("no time", "person:chloe", "2026-04-30")
    assert run("campaign", "finding", "nothing", "--cause", "x", *BY, *LATER).code == 2


def test_people_are_not_asked_beyond_their_minutes(run: CommandLine) -> None:
    settings = run.folder / "project.yaml"
    text = settings.read_text(encoding="utf-8").replace("reading: standard_reading", "reading: standard_reading, assessment_minutes: 10")
    settings.write_text(text, encoding="utf-8")
    run.ok("apply", "--yes", *BY, *AT)
    opening = ("campaign", "open", "--id", "much", "--due", "2026-02-10", "--scope", "incident,problem,change", *BY, *AT)
    said = run(*opening)
    assert said.code == 1
    assert "E-SOLICITATION" in said.err
    assert "minutes of 10" in said.err


def test_answers_are_not_asked_for_a_day_that_is_over(run: CommandLine) -> None:
    said = run("campaign", "open", "--id", "late", "--due", "2020-12-18", "--scope", "incident", *BY, *AT)
    assert said.code == 1
    assert "2020-12-18, which is over" in said.err
