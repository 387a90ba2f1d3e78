"""`ancrage people sessions`, `revoke`, and what `ancrage notices` says of a notice that waits."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ancrage.project import open_project
from ancrage.services.access import ask_for_link, begin_session
from tests.support.commands import CommandLine
from tests.support.story import project_in_the_middle

AT = datetime(2026, 1, 26, 9, tzinfo=UTC)
WHEN = ("--as-of", "2026-01-26T10:00Z")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = project_in_the_middle(tmp_path_factory.mktemp("sessions") / "project")
    with closing(open_project(made)) as project:
        for email in ("anne.delorme@tressane.example", "anne.delorme@tressane.example", "chloe.martin@tressane.example"):
            with project.units() as work:
                link = ask_for_link(work, email, AT)
                assert link is not None
                work.flush()
                begin_session(work, link.id, link.reader.person_id, AT)
    return made


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(folder, capsys)


def test_sessions_are_listed_and_revoked_by_person_or_one_by_one(run: CommandLine) -> None:
    found = run.json("people", "sessions", *WHEN)["sessions"]
    assert sorted(session["person"] for session in found) == ["anne", "anne", "chloe"]
    (one, _) = [session["id"] for session in found if session["person"] == "anne"]
    assert "Chloé Martin" in run.ok("people", "sessions", *WHEN)
    assert run.json("people", "sessions", "--as-of", "2026-03-26T10:00Z")["sessions"] == []
    assert run.json("people", "revoke", one, "--by", "chloe", *WHEN)["ended"] == 1
    assert "1 sessions ended" in run.ok("people", "revoke", "anne", "--by", "chloe", *WHEN)
    assert [session["person"] for session in run.json("people", "sessions", *WHEN)["sessions"]] == ["chloe"]
    assert run("people", "revoke", "anne", "--by", "chloe", *WHEN).code == 2


def test_a_notice_that_waits_says_why(run: CommandLine) -> None:
    run.ok("advance", "--as-of", "2026-01-27T06:00Z")  # seven in the morning: nobody is at work
    run.ok("advance", "--as-of", "2026-01-27T10:00Z")
    run.ok("advance", "--as-of", "2026-01-27T17:30Z")
    rows = run.json("notices")["notices"]
    assert all(reason["rule"].startswith("ESC-") for row in rows for reason in row["reasons"])
    waiting = [row for row in rows if row["status"] == "waiting"]
    for row in waiting:
        assert (row["trouble"], row["try_at"]) == ("", None)
    shown = run.ok("notices")
    assert ("ESC-S" in shown) is bool(waiting)
    assert waiting
