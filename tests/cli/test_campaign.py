"""`ancrage campaign`: launched from a graph question, followed, agreed on, closed, compared."""

from __future__ import annotations

from pathlib import Path

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


def opening(*more: str) -> tuple[str, ...]:
    return ("campaign", "open", "--id", "spring", "--due", "2026-02-10", "--target", "2", *BY, *AT, *more)


def test_a_campaign_is_launched_on_the_processes_that_serve_an_objective_and_their_interfaces(run: CommandLine) -> None:
    serving = set(run.json(*opening("--objective", "reliability", "--dry-run"))["scope"])
    with_interfaces = set(run.json(*opening("--objective", "reliability", "--with-interfaces", "--dry-run"))["scope"])
    assert "incident" in serving
    assert serving < with_interfaces


def test_a_dry_run_says_who_would_be_asked_how_much_and_keeps_nothing(run: CommandLine) -> None:
    said = run.ok(*opening("--scope", "incident,problem", "--dry-run"))
    assert "Nothing was kept." in said
    assert "Minutes" in said
    assert [view["id"] for view in run.json("campaign", "list")["campaigns"]] == [CAMPAIGN]


def test_opening_the_same_id_again_changes_nothing(run: CommandLine) -> None:
    first = run.json(*opening("--scope", "incident"))
    assert (first["opened"], first["scope"], first["targets"]) == (True, ["incident"], {"*": 2})
    assert run.json(*opening("--scope", "problem"))["opened"] is False
    assert run.json("campaign", "show", "spring")["scope"] == ["incident"]


def test_a_plan_that_cannot_run_is_refused_with_every_reason(run: CommandLine) -> None:
    said = run(*opening("--scope", "incidnt,nowhere", "--closes", "2026-02-01"))
    assert said.code == 1
    for reason in ("process incidnt is not declared", "process nowhere is not declared", "closes on 2026-02-01"):
        assert reason in said.err


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (("--target", "high"), "not a target: high"),
        (("--target", "cooking=2"), "has no practice area cooking; it has:"),
        (("--respondents", "boss"), "allowed: owner, deputy, responsible"),
        (("--objective", "wealth"), "there is no objective wealth; declared:"),
        (("--with-interfaces",), "--with-interfaces goes with --objective"),
    ],
)
def test_wrong_use_says_what_is_allowed(run: CommandLine, wrong: tuple[str, ...], expected: str) -> None:
    said = run(*opening(*wrong))
    assert said.code == 2
    assert expected in said.err


def test_showing_a_campaign_names_who_is_silent_and_where_people_disagree(run: CommandLine) -> None:
    run.ok(*opening("--scope", "incident", "--respondents", "owner,deputy"))
    people = [who["person"] for who in run.json("campaign", "show", "spring")["respondents"]]
    assert len(people) == 2
    practice = run.json("campaign", "show", "spring")["cells"][0]["practice"]
    run.ok("rate", "spring", "incident", practice, "FI", "--person", people[0], *AT)
    detail = run.json("campaign", "show", "spring")
    assert detail["campaign"]["silent"] == [detail["respondents"][1]["name"]]
    run.ok("rate", "spring", "incident", practice, "NA", "--person", people[1], *AT)
    said = run.ok("campaign", "show", "spring")
    assert "1 cells await a judgement, 1 show a disagreement" in said
    first = run.json("campaign", "show", "spring")["cells"][0]
    assert (first["practice"], first["judge"], first["disagreement"], first["counts"]) == (practice, True, 1.0, None)

    run.ok("campaign", "decide", "spring", "incident", practice, "LI", "--why", "agreed in the room", *BY, *AT)
    first = run.json("campaign", "show", "spring")["cells"][0]
    assert (first["judge"], first["counts"], first["decided_by"], first["why"]) == (False, "LI", "chloe", "agreed in the room")


def test_a_cell_nobody_asks_about_cannot_be_decided(run: CommandLine) -> None:
    said = run("campaign", "decide", CAMPAIGN, "incident", "nothing", "LI", "--why", "so", *BY, *AT)
    assert (said.code, "does not ask about practice nothing" in said.err) == (2, True)


def test_closing_names_who_has_not_handed_in_unless_forced(run: CommandLine) -> None:
    said = run("campaign", "close", CAMPAIGN, *BY, *AT)
    assert (said.code, "have not handed in" in said.err) == (1, True)
    done = run.json("campaign", "close", CAMPAIGN, "--force", *BY, *AT)
    assert done["actions_ranked"] > 0
    assert {level["target"] for level in done["levels"]} == {2}
    again = run("campaign", "close", CAMPAIGN, "--force", *BY, *AT)
    assert (again.code, "never changes" in again.err) == (1, True)


def test_two_cycles_are_compared_on_the_same_rows_only(run: CommandLine) -> None:
    run.ok("campaign", "close", CAMPAIGN, "--force", *BY, *AT)
    first = run("campaign", "compare", CAMPAIGN)
    assert (first.code, "is the first of its reference model" in first.err) == (1, True)
    run.ok("campaign", "open", "--id", "next", "--due", "2026-02-10", "--scope", "incident,change", *BY, *AT)
    early = run("campaign", "compare", "next")
    assert (early.code, "is not closed yet" in early.err) == (1, True)
    run.ok("campaign", "close", "next", "--force", *BY, *LATER)
    found = run.json("campaign", "compare", "next")
    assert {row["process"] for row in found["new"]} == {"change"}
    assert {row["process"] for row in found["gone"]} == {"problem"}
    assert {row["process"] for row in (*found["rows"], *found["undetermined"])} == {"incident"}
    assert "Not compared:" in run.ok("campaign", "compare", "next")


def test_an_unknown_campaign_names_those_there_are(run: CommandLine) -> None:
    said = run("campaign", "show", "winter")
    assert (said.code, f"there are: {CAMPAIGN}" in said.err) == (2, True)
