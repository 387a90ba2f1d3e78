"""Decisions about indicators, answers to alerts, and the chart and verdict of an indicator of the project, at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.commands import CommandLine
from tests.support.fading import DELIVERED, EFFECT, FADING, FALLING, fading_project
from tests.support.story import copy_of

ASKED = f"support_triage@alert:{FADING}/erosion:{FALLING}"
AT = ("--as-of", "2026-01-27T14:00Z")
OWNER, SPONSOR = (*AT, "--by", "sofia"), (*AT, "--by", "anne")


@pytest.fixture(scope="module")
def faded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fading_project(tmp_path_factory.mktemp("fading") / "project")


@pytest.fixture
def run(faded: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    copied = copy_of(faded, tmp_path / "project")
    capsys.readouterr()
    return CommandLine(copied, capsys)


def test_phases_are_proposed_accepted_and_refused(run: CommandLine) -> None:
    proposed = run.json("indicator", "rebase", FADING, *AT)
    assert [row["day"] for row in proposed["proposals"]] == [str(DELIVERED), str(FALLING)]
    assert not proposed["decided"]
    accepted = run.json("indicator", "rebase", FADING, "--accept", str(DELIVERED), "--why", "the tool came", *OWNER)
    assert (accepted["decided"], accepted["accepted"]) == (True, [str(DELIVERED)])
    assert "No other phase is proposed." in run.ok("indicator", "rebase", FADING, "--refuse", str(FALLING), "--why", "no", *OWNER)
    assert [phase["from"] for phase in run.json("chart", FADING)["phases"]][1] == str(DELIVERED)
    assert run("indicator", "rebase", FADING, "--accept", str(FALLING), "--refuse", str(FALLING), "--why", "?", *OWNER).code == 2


def test_the_chart_of_an_indicator_has_its_target_and_its_events(run: CommandLine, tmp_path: Path) -> None:
    picture = tmp_path / "chart.svg"
    assert run.json("chart", FADING, "--svg", str(picture))["assurance"] is not None
    drawn = picture.read_text(encoding="utf-8")
    assert "tool delivered" in drawn
    assert "target 85%" in drawn


def test_the_verdict_on_an_indicator_is_that_of_its_readings_and_clocks(run: CommandLine) -> None:
    found = run.json("verdict", FADING, "--as-of", "2026-01-27")
    assert (found["state"], found["eroding_since"]) == ("eroding", str(FALLING))
    each = run.json("verdict", FADING, "--as-of", "2026-01-27", "--each-point")["rows"]
    assert len(each) == 42
    assert each[-1]["state"] == "eroding"
    assert run.json("verdict", EFFECT, "--as-of", "2026-01-27")["detail"] == "too_early"
    said = run("verdict", "nothing")
    assert (said.code, FADING in said.err) == (2, True)


def test_a_level_is_accepted_by_a_sponsor_with_a_reason(run: CommandLine) -> None:
    assert "needs a reason" in run("indicator", "accept-level", FADING, *SPONSOR).err
    assert "sponsor" in run("indicator", "accept-level", FADING, "--why", "mine", *OWNER).err
    assert run.json("indicator", "accept-level", FADING, "--why", "we close earlier", *SPONSOR)["day"] == "2026-01-27"
    assert "no eroded level" in run("indicator", "accept-level", FADING, "--why", "again", *SPONSOR).err


@pytest.mark.parametrize(("answer", "more"), [
    ("act", ("--reason", "two more people", "--until", "2026-03-31")), ("accept_level", ("--reason", "as good as it gets")),
    ("analyse", ()),
])  # fmt: skip
def test_an_alert_is_answered(run: CommandLine, answer: str, more: tuple[str, ...]) -> None:
    assert run.json("commitments", "answer", ASKED, answer, *more, *SPONSOR)["answer"] == answer
    again = run("commitments", "answer", ASKED, "act", "--until", "2026-03-31", *SPONSOR)
    assert (again.code, "closed already" in again.err) == (1, True)
    explained = run.ok("explain", f"commitment:{ASKED}")
    assert "alert answered" in explained or "ANC-ANSWER" in explained


def test_a_lifetime_is_decided_and_goes_one_way(run: CommandLine) -> None:
    assert run.json("indicator", "lifetime", FADING, "watch", "--until", "2027-01-01", "--why", "it holds", *OWNER)["phase"] == "watch"
    assert run.ok("indicator", "lifetime", FADING, "retire", "--why", "it has gone", *OWNER).strip() == "Recorded."
    assert "cannot go back" in run("indicator", "lifetime", FADING, "watch", "--why", "or not", *OWNER).err


def test_clocks_and_the_end_of_support_are_recorded_once(run: CommandLine) -> None:
    assert run.json("indicator", "clock", "incident_triage", "defined", "2025-03-03", *SPONSOR)["recorded"] is True
    assert run.json("indicator", "clock", "incident_triage", "defined", "2025-03-10", *SPONSOR)["recorded"] is False
    ended = run.json("indicator", "support-ended", "incident_triage", "2025-06-02", "--why", "the coach left", *SPONSOR)
    assert ended["day"] == "2025-06-02"
    assert run.json("verdict", FADING, "--as-of", "2026-01-27")["anchored_on"] is None
