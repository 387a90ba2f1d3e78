"""`ancrage indicator collect`: what was dropped or is due is taken, said, and shown where people look."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.support.collecting import indicator, make_project
from tests.support.commands import CommandLine
from tests.support.hostile_server import plain, serving

AT = ("--as-of", "2026-03-10T09:00Z")
GOOD = "date,value\n2026-03-02,11\n"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    folder = tmp_path / "project"
    made = make_project(folder, [
        indicator("backlog", '{drop: "tickets/*.csv"}'),
        indicator("speed", "{own: time_to_answer}"),
        indicator("open_now", "{http: {connection: desk, path: /now, value: /open}}"),
    ])  # fmt: skip
    made.close()
    (folder / "ancrage.toml").write_text('[collection]\ndrop = "in"\nquiet_seconds = 0.01\n', encoding="utf-8")
    return CommandLine(folder, capsys)


def put(run: CommandLine, name: str, text: str) -> None:
    (run.folder / "in" / "tickets").mkdir(parents=True, exist_ok=True)
    (run.folder / "in" / name).write_text(text, encoding="utf-8")
    time.sleep(1.1)  # the clock of the project has whole seconds


def test_what_was_dropped_is_taken_and_what_fails_is_said(run: CommandLine) -> None:
    put(run, "tickets/week.csv", GOOD)
    rehearsed = run("indicator", "collect", "--dry-run", *AT)
    assert (rehearsed.code, "Nothing was recorded" in rehearsed.out) == (1, True)
    said = run("indicator", "collect", *AT, "--json")
    assert said.code == 1, "one source has no connection"
    assert said.json["files"] == [{"name": "tickets/week.csv", "outcome": "taken", "recorded": 1, "problems": []}]
    outcomes = {it["indicator"]: (it["outcome"], [problem["code"] for problem in it["problems"]]) for it in said.json["sources"]}
    assert outcomes == {"speed": ("nothing", []), "open_now": ("failed", ["E-COLLECT-CONNECTION"])}
    assert said.json["told"] == 1
    assert run("indicator", "collect", *AT, "--json").json["told"] == 0
    listed = {it["id"]: it for it in run.json("indicator", "list")["indicators"]}
    assert listed["backlog"]["last"]["figure"] == 11
    assert listed["open_now"]["collection"]["outcome"] == "failed"
    sources = [it["message"] for it in run("doctor", *AT, "--json").json["symptoms"] if it["check"] == "sources"]
    assert len(sources) == 2, "the connection that is missing, and the repair that is asked"


def test_a_bad_file_is_said_with_its_line_and_in_french(run: CommandLine) -> None:
    put(run, "tickets/week.csv", "date,value\n2026-03-02,many\n")
    said = run("indicator", "collect", "backlog", *AT)
    assert (said.code, "tickets/week.csv:2:1" in said.out, "E-CELL-VALUE" in said.out) == (1, True, True)
    assert run("indicator", "collect", "backlog", *AT).code == 0, "it was put away with its report"


def test_a_token_of_the_environment_reaches_the_source_and_no_output(run: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(plain('{"open": 7}')) as server:
        monkeypatch.setenv("ANCRAGE_SOURCE_DESK_URL", server.url)
        monkeypatch.setenv("ANCRAGE_SOURCE_DESK_TOKEN", "s3cret")
        with (run.folder / "ancrage.toml").open("a", encoding="utf-8") as settings:
            settings.write("[sources.desk]\ntimeout_seconds = 5\n")
        said = run("indicator", "collect", "open_now", *AT)
    assert said.code == 0
    assert "s3cret" in server.requests[0]
    assert "s3cret" not in said.out + said.err


@pytest.mark.parametrize(("settings", "message"), [
    ('[sources.desk]\nurl = "ftp://reader:s3cret@x"', "url must begin with"),
    ('[sources.desk]\nurl = "https://[x"', "url must begin with"),
    ('[sources.desk]\nurl = "https://x"\nspeed = 3', "no setting speed"),
    ('[sources.desk]\nurl = "https://x"\ntimeout_seconds = 100000', "timeout_seconds must be"),
    ("[sources]\ndesk = 3", "its own section"),
    ("[collection]\nquiet_seconds = -1", "quiet_seconds must be"),
    ("[collection]\nfolder = 1", "no setting folder"),
])  # fmt: skip
def test_settings_that_cannot_be_used_are_refused_without_their_secrets(run: CommandLine, settings: str, message: str) -> None:
    (run.folder / "ancrage.toml").write_text(settings, encoding="utf-8")
    said = run("indicator", "collect")
    assert (said.code, message in said.err) == (1, True), said.err
    assert "s3cret" not in said.err


def test_an_indicator_that_is_handed_in_has_nothing_to_collect(run: CommandLine) -> None:
    assert "there is no indicator" in run("indicator", "collect", "nothing", *AT).err
