"""`ancrage doctor`: a healthy project has nothing wrong, and each fault is told with what to do."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ancrage.cli.main import main
from tests.support.commands import CommandLine
from tests.support.story import copy_of, project_in_the_middle

DUE = "2026-01-27T10:00Z"
AT = ("--as-of", "2026-01-27T10:20Z")
DATABASE = Path(".ancrage") / "ancrage.sqlite"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = project_in_the_middle(tmp_path_factory.mktemp("doctor") / "project")
    assert main(["--project", str(folder), "advance", "--as-of", DUE]) == 0
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    folder = copy_of(made, tmp_path / "project")
    capsys.readouterr()
    return CommandLine(folder, capsys)


def found(run: CommandLine, *more: str) -> dict[str, tuple[str, str]]:
    """Severity and message by check, of the last symptom of each."""
    said = run("doctor", *(more or AT), "--json")
    symptoms = said.json["symptoms"]
    assert said.code == (1 if any(symptom["severity"] == "error" for symptom in symptoms) else 0)
    assert all(symptom["advice"] for symptom in symptoms)
    return {symptom["check"]: (symptom["severity"], symptom["message"]) for symptom in symptoms}


def change(run: CommandLine, *statements: str) -> None:
    with closing(sqlite3.connect(run.folder / DATABASE)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_healthy_project_has_nothing_wrong_and_every_check_was_made(run: CommandLine) -> None:
    said = run("doctor", *AT, "--json")
    assert (said.code, said.json["symptoms"]) == (0, [])
    assert len(said.json["checked"]) == 11
    assert "0 things are wrong" in run.ok("doctor", *AT)


def test_a_changed_journal_line_is_named(run: CommandLine) -> None:
    with closing(sqlite3.connect(run.folder / DATABASE)) as connection:
        triggers = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'")
        ]
    assert triggers
    change(run, *(f'DROP TRIGGER "{name}"' for name in triggers), "UPDATE journal SET actor = 'nobody' WHERE number = 3")
    assert found(run)["journal"] == ("error", "the journal breaks its chain at line 3: a line was changed, taken away or added")


def test_a_stopped_engine_and_notices_that_should_have_left_are_told(run: CommandLine) -> None:
    change(run, "UPDATE outbox SET status = 'waiting' WHERE id = (SELECT MIN(id) FROM outbox)")
    wrong = found(run, "--as-of", "2026-01-29T10:00Z")
    assert wrong["engine"] == ("error", "the engine made its last pass at 2026-01-27T10:00:00+00:00")
    assert "notices should have left" in wrong["outbox"][1]


def test_a_night_without_a_pass_is_no_stop(run: CommandLine) -> None:
    change(run, "UPDATE engine SET passed_at = '2026-01-27 16:55:00'")
    assert "engine" not in found(run, "--as-of", "2026-01-28T08:10Z")


def test_failed_and_orphaned_messages_are_told(run: CommandLine) -> None:
    change(run, "UPDATE message SET status = 'failed', last_error = 'no such mailbox' WHERE id = (SELECT MIN(id) FROM message)")
    assert found(run)["outbox"][1].endswith("no such mailbox")
    change(run, "UPDATE message SET status = 'claimed', claimed_by = 'gone:1', lease_until = '2026-01-02 08:00:00'")
    assert found(run)["outbox"][1].endswith("were claimed by an engine that is gone, as gone:1")


def test_a_clock_that_went_back_is_told(run: CommandLine) -> None:
    severity, message = found(run, "--as-of", "2026-01-20T10:00Z")["clock"]
    assert (severity, "2026-01-27T10:00:00+00:00, later than now" in message) == ("error", True)


def test_declarations_that_differ_or_have_errors_are_told(run: CommandLine) -> None:
    path = run.folder / "map.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("weight: 3", "weight: 4", 1), encoding="utf-8")
    assert found(run)["declarations"] == ("warning", "1 declarations on disk differ from the version in force, as objectives/reliability")
    path.write_text(text.replace("kind: support", "kind: sup", 1), encoding="utf-8")
    assert found(run)["declarations"] == ("error", "the declarations have errors: 1")


def test_a_missing_signature_is_told_and_is_no_error(run: CommandLine) -> None:
    change(run, "DELETE FROM contract_signature WHERE contract_id = 'incident_contract' AND role_id = 'sponsor_dsi'")
    severity, message = found(run)["contracts"]
    assert (severity, "lacks the signature of Sponsor of the improvement programme" in message) == ("warning", True)


def test_holidays_that_end_and_roles_that_nobody_holds_any_more_are_told(run: CommandLine) -> None:
    calendars, organisation = run.folder / "calendars.yaml", run.folder / "organisation.yaml"
    listed = calendars.read_text(encoding="utf-8").replace("holidays: {country: CA, subdivision: QC}", 'holidays: ["2026-06-24"]')
    calendars.write_text(listed, encoding="utf-8")
    held = 'holders: [{person: anne, from: "2025-09-01"}]'
    ended = organisation.read_text(encoding="utf-8").replace(held, 'holders: [{person: anne, from: "2025-09-01", to: "2026-01-20"}]', 1)
    organisation.write_text(ended, encoding="utf-8")
    run.ok("apply", "--yes", "--as-of", "2026-01-15T10:00Z")
    wrong = found(run)
    assert wrong["calendars"] == ("warning", "the holidays of calendar montreal end on 2026-06-24: later deadlines would fall on holidays")
    assert wrong["roles"][0] == "error"
    assert "nobody holds role Sponsor of the improvement programme since 2026-01-19T23:00:00+00:00" in wrong["roles"][1]


def test_a_secret_that_others_can_read_is_told(run: CommandLine) -> None:
    keys = run.folder / ".ancrage" / "link.keys"
    keys.chmod(0o644)
    assert "mode 644" in found(run)["secrets"][1]


def test_a_database_that_is_not_there_or_too_new_hides_the_rest(run: CommandLine) -> None:
    change(run, "UPDATE alembic_version SET version_num = '9999'")
    assert found(run)["database"] == ("error", "the database was written by a newer version of Ancrage")
    change(run, "UPDATE alembic_version SET version_num = '0001'")
    assert "older than this version" in found(run)["database"][1]
    for path in (run.folder / ".ancrage").glob("ancrage.sqlite*"):
        path.unlink()
    assert found(run)["database"] == ("error", "there is no database yet")
    assert not (run.folder / DATABASE).exists()
