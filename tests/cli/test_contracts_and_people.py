"""`ancrage contracts` and `ancrage people`: signatures bring a contract into force; absences are days of the person's own calendar."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ancrage.cli.main import main
from ancrage.shipped import EXAMPLE
from tests.support.commands import CommandLine

AT = ("--as-of", "2026-01-12T08:00Z")
CONTRACT = "incident_contract"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("contracts") / "project"
    shutil.copytree(EXAMPLE, folder)
    assert main(["--project", str(folder), "apply", "--yes", *AT]) == 0
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    shutil.copytree(made, tmp_path / "project")
    capsys.readouterr()
    return CommandLine(tmp_path / "project", capsys)


def test_a_contract_is_in_force_once_every_party_has_signed(run: CommandLine) -> None:
    parties = [party["person"] for party in run.json("contracts", "show", CONTRACT, *AT)["parties"]]
    assert parties == ["anne", "bruno", "chloe"]
    for person in parties:
        assert run.json("contracts", "show", CONTRACT, *AT)["in_force"] is False
        signed = run.json("contracts", "sign", CONTRACT, "--person", person, *AT)
        assert len(signed["signed"]) == 1
    assert signed["in_force"] is True
    assert run.json("contracts", "sign", CONTRACT, "--person", "anne", *AT)["signed"] == []
    assert "in force" in run.ok("contracts", "list", *AT)


def test_only_a_party_signs_and_the_refusal_names_the_parties(run: CommandLine) -> None:
    said = run("contracts", "sign", CONTRACT, "--person", "thomas", *AT)
    assert (said.code, "sponsor_dsi (Anne Delorme)" in said.err) == (1, True)
    other = run("contracts", "sign", CONTRACT, "--person", "anne", "--role", "improvement_lead", *AT)
    assert (other.code, "does not hold the role" in other.err) == (1, True)
    assert run("contracts", "sign", "nothing", "--person", "anne", *AT).code == 2


def test_a_contract_is_shown_with_what_calls_each_clause_and_its_cost(run: CommandLine) -> None:
    clauses = {clause["id"]: clause for clause in run.json("contracts", "show", CONTRACT, *AT)["clauses"]}
    react = clauses["react_incident_alert"]
    assert react["trigger"] == {"kind": "alert", "indicators": ["incident_backlog"], "every": None}
    assert (react["delay"], react["cost_hours_per_month"], react["running"]) == ("2wd", 1.5, 0)
    assert "called by an alert of incident_backlog; delay 2wd; 1.5 hours a month" in run.ok("contracts", "show", CONTRACT, *AT)


def test_a_contract_is_proposed_discussed_and_told_of_at_the_command_line(run: CommandLine) -> None:
    assert "never proposed" in run.ok("contracts", "show", CONTRACT, *AT)
    made = run.json("contracts", "propose", CONTRACT, "--by", "chloe", *AT)
    assert (made["contract_version"], made["asked"]) == (1, ["sponsor_dsi", "co_sponsor_dsi", "improvement_lead"])
    said = run.json("contracts", "comment", CONTRACT, "--clause", "speak_to_teams", "--text", "When?", "--person", "anne", *AT)
    refused = run.json("contracts", "decline", CONTRACT, "--role", "co_sponsor_dsi", "--reason", "Not yet", "--person", "bruno", *AT)
    waiting = run.json("contracts", "comments", CONTRACT)["comments"]
    assert {(it["id"], it["kind"], it["clause"]) for it in waiting} == {
        (said["remark"], "comment", "speak_to_teams"), (refused["remark"], "decline", None),
    }  # fmt: skip
    assert run.json("status", *AT)["remarks"][0]["open"] == 2
    assert run.json("contracts", "settle", refused["remark"], "--answer", "We met", "--by", "chloe", *AT)["answered"] is True
    assert len(run.json("contracts", "show", CONTRACT, *AT)["remarks"]) == 1
    assert run.json("contracts", "validate", CONTRACT, "--person", "anne", *AT)["validated"] is True
    assert run.json("contracts", "tell", CONTRACT, "--role", "incident_owner", "--by", "chloe", *AT)["told"] is True
    life = run.json("contracts", "history", CONTRACT, *AT)
    assert [(it["number"], it["state"], len(it["remarks"])) for it in life["versions"]] == [(1, "proposed", 2)]
    assert (life["validations"][0]["is_present"], life["told"][0]["role"]) == (True, "incident_owner")
    assert "declines to sign: Not yet" in run.ok("contracts", "history", CONTRACT, *AT)
    asked = f"sign:{CONTRACT}@1/sponsor_dsi"
    assert run.json("commitments", "show", asked, *AT)["contract_version"] == 1
    assert "version 1 of the contract asks for this signature" in run.ok("explain", f"commitment:{asked}")
    done = run("commitments", "fulfil", asked, "--by", "anne", *AT)
    assert (done.code, "it ends by a signature" in done.err) == (1, True)
    taken = run.json("contracts", "withdraw", CONTRACT, "--reason", "too early", "--by", "chloe", *AT)
    assert taken["contract_version"] == 1


def test_days_away_are_whole_days_of_the_persons_own_calendar(run: CommandLine) -> None:
    (declared,) = run.json("people", "list", "--person", "emily", *AT)["people"]
    away = run.json("people", "absent", "emily", "--from", "2026-08-03", "--to", "2026-08-14", "--by", "chloe", *AT)
    assert (away["since"], away["until"]) == ("2026-08-03T04:00:00+00:00", "2026-08-15T04:00:00+00:00")
    run.ok("people", "absent", "emily", "--from", "2026-08-03", "--to", "2026-08-14", "--by", "chloe", *AT)
    (emily,) = run.json("people", "list", "--person", "emily", *AT)["people"]
    assert (len(emily["absences"]), emily["absent"]) == (len(declared["absences"]) + 1, False)
    (emily,) = run.json("people", "list", "--person", "emily", "--as-of", "2026-08-05T12:00Z")["people"]
    assert emily["absent"] is True


def test_an_absence_between_two_instants_must_end_after_it_begins(run: CommandLine) -> None:
    since, until = "2026-08-03T12:00+02:00", "2026-08-03T08:00+02:00"
    said = run("people", "absent", "anne", "--from", since, "--to", until, "--by", "chloe", *AT)
    assert (said.code, "must end after it begins" in said.err) == (1, True)
    assert run("people", "absent", "nobody", "--from", "2026-08-03", "--to", "2026-08-04", "--by", "chloe", *AT).code == 2
    assert run("people", "absent", "anne", "--from", "august", "--to", "2026-08-04", "--by", "chloe", *AT).code == 2


def test_people_are_listed_with_the_hours_they_promised(run: CommandLine) -> None:
    people = {person["id"]: person for person in run.json("people", "list", *AT)["people"]}
    assert "cio" in {role["id"] for role in people["anne"]["roles"]}
    assert people["anne"]["promised_hours"] > 0
    assert people["thomas"]["owed"] == 0
    assert "Anne Delorme" in run.ok("people", "list", *AT)
