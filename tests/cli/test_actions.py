"""`ancrage actions` and `ancrage prioritise`: the plan with its reasons, and an action's way to its verified effect."""

from __future__ import annotations

from pathlib import Path

import pytest

from ancrage.cli.main import main
from tests.support.commands import CommandLine
from tests.support.story import CAMPAIGN, copy_of, project_in_the_middle

AT = ("--as-of", "2026-01-15T10:00Z")
LATER = ("--as-of", "2026-01-20T10:00Z")
BY = ("--by", "chloe")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = project_in_the_middle(tmp_path_factory.mktemp("actions") / "project")
    assert main(["--project", str(folder), "campaign", "close", CAMPAIGN, "--force", *BY, *AT]) == 0
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(copy_of(made, tmp_path / "project"), capsys)


def first(run: CommandLine) -> str:
    return str(run.json("actions", "list")["actions"][0]["id"])


def test_the_plan_is_listed_with_the_reasons_of_each_rank(run: CommandLine) -> None:
    actions = run.json("actions", "list")["actions"]
    assert [action["rank"] for action in actions] == list(range(1, len(actions) + 1))
    for action in actions:
        assert sum(term["contribution"] for term in action["terms"]) == pytest.approx(action["value"], rel=1e-4)
        assert {"RNK-1", "RNK-3"} <= {reason["rule"] for reason in action["reasons"]}
    assert "RNK-1" in run.ok("actions", "list", "--explain")


def test_a_segment_a_status_and_an_owner_are_views_of_the_one_plan(run: CommandLine) -> None:
    everything = {action["id"] for action in run.json("actions", "list")["actions"]}
    assert {
        action["id"] for action in run.json("actions", "list", "--segment", "improvement", "--status", "proposed")["actions"]
    } == everything
    assert run.json("actions", "list", "--segment", "audit")["actions"] == []
    owned = {action["process"] for action in run.json("actions", "list", "--owner", "incident_owner")["actions"]}
    assert owned == {"incident"}
    assert "allowed: proposed, accepted" in run("actions", "list", "--status", "open").err


def test_the_owner_is_named_in_the_language_of_the_reader(run: CommandLine) -> None:
    english = run.json("actions", "list", "--owner", "incident_owner")["actions"][0]["owner"]
    french = run.json("actions", "list", "--owner", "incident_owner", "--language", "fr")["actions"][0]["owner"]
    assert english != french


def test_an_accepted_action_is_owed_and_ends_done_then_verified(run: CommandLine) -> None:
    action = first(run)
    run.ok("actions", "accept", action, "--due", "2026-02-20", *BY, *AT)
    run.ok("actions", "accept", action, "--due", "2026-02-20", *BY, *AT)
    owed = [found for found in run.json("commitments", "list", *AT)["commitments"] if found["id"] == f"action:{action}"]
    assert len(owed) == 1

    early = run("actions", "verified", action, "--why", "looks fine", *BY, *LATER)
    assert (early.code, "cannot become verified; allowed: done, dropped" in early.err) == (1, True)
    run.ok("actions", "done", action, *BY, *LATER)
    ended = [found for found in run.json("commitments", "list", "--all", *LATER)["commitments"] if found["id"] == f"action:{action}"]
    assert [found["result"] for found in ended] == ["kept"]
    assert "--why" in run("actions", "verified", action, *BY, *LATER).err
    run.ok("actions", "verified", action, "--why", "the backlog has halved", *BY, *LATER)
    assert run.json("actions", "list", "--status", "verified")["actions"][0]["id"] == action


def test_dropping_an_accepted_action_cancels_what_was_owed(run: CommandLine) -> None:
    action = first(run)
    run.ok("actions", "accept", action, "--due", "2026-02-20", "--owner", "hugo", *BY, *AT)
    run.ok("actions", "drop", action, "--why", "the tool is replaced", *BY, *LATER)
    ended = [found for found in run.json("commitments", "list", "--all", *LATER)["commitments"] if found["id"] == f"action:{action}"]
    assert [found["result"] for found in ended] == ["cancelled"]


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (("--due", "2026-01-01"), "has passed already"),
        (("--due", "soon"), "is not a day"),
        (("--due", "2026-02-20", "--owner", "nobody"), "there is no person or role nobody"),
    ],
)
def test_an_action_nobody_can_owe_is_not_accepted(run: CommandLine, wrong: tuple[str, ...], expected: str) -> None:
    said = run("actions", "accept", first(run), *wrong, *BY, *AT)
    assert (said.code, expected in said.err) == (2, True)


def test_ranking_again_with_the_same_facts_moves_nothing(run: CommandLine) -> None:
    again = run.json("prioritise", CAMPAIGN, *AT)
    assert (again["kept"], again["moved"]) == (True, [])
    assert again["actions"] == run.json("actions", "list")["actions"]


def test_an_open_campaign_has_nothing_to_rank(run: CommandLine) -> None:
    run.ok("campaign", "open", "--id", "next", "--due", "2026-02-10", "--scope", "incident", *BY, *AT)
    said = run("prioritise", "next", *AT)
    assert (said.code, "has no levels yet" in said.err) == (2, True)
