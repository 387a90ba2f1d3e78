"""Whoever acts, or is named, is declared: every command that takes `--by` or `--person` refuses anybody else and says who is meant."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ancrage.cli.main import main
from ancrage.shipped import EXAMPLE
from tests.support.commands import CommandLine

AT = ("--as-of", "2026-01-12T08:00Z")
CONTRACT = "incident_contract"
INDICATOR = "incident_backlog"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("named") / "project"
    shutil.copytree(EXAMPLE, folder)
    assert main(["--project", str(folder), "apply", "--yes", *AT]) == 0
    return folder


@pytest.fixture
def run(project: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    capsys.readouterr()
    return CommandLine(project, capsys)


BY = [
    "apply --yes",
    "actions accept nothing --due 2026-03-01",
    "actions done nothing",
    "campaign open --id one --due 2026-03-01",
    "campaign close one",
    "campaign decide one incident practice 1 --why so",
    "campaign scope one --add incident",
    "campaign return one anne --why so",
    "campaign judge one incident area 1 --significant --why so",
    "campaign finding one --cause so",
    "campaign evidence withdraw one --why so",
    f"contracts propose {CONTRACT}",
    f"contracts withdraw {CONTRACT} --reason so",
    f"contracts tell {CONTRACT} --role teams",
    "contracts settle one --answer so",
    f"indicator record {INDICATOR} 2026-01-05 3",
    f"indicator rebase {INDICATOR} --accept 2026-01-05 --why so",
    f"indicator accept-level {INDICATOR} --why so",
    "people absent anne --from 2026-02-02 --to 2026-02-03",
    "people feedback anne --send",
    f"people publish {CONTRACT} --send",
    "people revoke anne",
    "commitments call clause --event one",
    *(f"commitments {verb} one" for verb in ("ack", "snooze", "fulfil", "resume", "escalate", "answer")),
    *(f"commitments {verb} one --reason so" for verb in ("waive", "cancel", "pause")),
    "commitments delegate one --to anne",
]
PERSON = [
    "answer list",
    "answer sheet one --into sheet.csv",
    "answer submit one",
    "rate one incident practice 1",
    f"contracts sign {CONTRACT}",
    f"contracts validate {CONTRACT}",
    f"contracts comment {CONTRACT} --text so",
    f"contracts decline {CONTRACT} --role sponsor_dsi --reason so",
    "commitments list",
    "notices",
    "people sessions",
]


@pytest.mark.parametrize("command", [f"{line} --by annee" for line in BY] + [f"{line} --person annee" for line in PERSON])
def test_nobody_acts_or_is_named_who_is_not_declared(run: CommandLine, command: str) -> None:
    if "commitments answer" in command:
        command = command.replace(" one ", " one act ")
    said = run(*command.split())
    assert (said.code, said.err) == (2, "ancrage: there is no person annee; did you mean anne?\n")


def test_a_name_that_resembles_nobody_points_to_the_list_of_people(run: CommandLine) -> None:
    said = run("commitments", "fulfil", "one", "--by", "xxxxxxxx")
    assert (said.code, "`ancrage people list` names everybody" in said.err) == (2, True)


def test_a_commitment_is_delegated_to_declared_people_only(run: CommandLine) -> None:
    assert "did you mean paul?" in run("commitments", "delegate", "one", "--to", "paula", "--by", "anne").err


def test_the_environment_names_who_acts_and_is_checked_alike(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANCRAGE_PERSON", "annee")
    assert "did you mean anne?" in run("people", "absent", "anne", "--from", "2026-02-02", "--to", "2026-02-03").err


def test_somebody_who_owes_nothing_is_still_somebody(run: CommandLine) -> None:
    assert "Nothing is owed" in run.ok("commitments", "list", "--person", "anne", *AT)
