"""`ancrage simulate` on a bare file: the published examples, the shape of the answer, refusals (ESC-F)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ancrage.cli.main import main
from ancrage.shipped import EXAMPLE

SCENARIOS = Path(__file__).parents[1] / "scenarios"
PUBLISHED = str(SCENARIOS / "published.yaml")
QUESTIONS = str(SCENARIOS / "questions" / "working_time.yaml")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["simulate", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = run(capsys, *arguments, "--json")
    assert code == 0, err + out
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_published_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """PUB-1 and PUB-2, in the very form of ESC-F: these keys and no others."""
    first, second = answer(capsys, PUBLISHED)["scenarios"]
    item = {"c": "c1", "step": "remind", "occ": 1, "in_place_of": None}
    due = {**item, "step": "due"}
    assert first["id"] == "PUB-1"
    assert first["notices"] == [
        {"at": "2026-02-13T09:00:00+01:00", "to": "ann", "urgent": False, "items": [item]},
        {"at": "2026-02-17T09:00:00+01:00", "to": "ann", "urgent": False, "items": [due]},
        {"at": "2026-02-17T09:00:00+01:00", "to": "ben", "urgent": False, "items": [due]},
    ]
    assert first["final"] == {
        "c1": {
            "state": "open", "result": None, "due": "2026-02-17T00:00:00+01:00", "overdue": True, "skipped": {}, "rejected": [],
            "rejections": [], "by_backup": False,
        }
    }  # fmt: skip
    assert second == {
        "id": "PUB-2",
        "notices": [],
        "final": {
            "c1": {
                "state": "closed", "result": "kept", "due": "2026-02-13T09:30:00+01:00", "overdue": False, "skipped": {}, "rejected": [],
                "rejections": [], "by_backup": False,
            }
        },
        "measures": {},
    }  # fmt: skip


@pytest.mark.parametrize("tick", ["1", "5", "30"])
def test_the_published_examples_at_any_tick(capsys: pytest.CaptureFixture[str], tick: str) -> None:
    assert answer(capsys, PUBLISHED, "--tick", tick)["scenarios"] == answer(capsys, PUBLISHED)["scenarios"]


def test_a_refused_action_says_who_and_when(capsys: pytest.CaptureFixture[str]) -> None:
    scenarios = answer(capsys, str(SCENARIOS / "ladders.yaml"))["scenarios"]
    (snoozed,) = (found for found in scenarios if found["id"] == "A5-one-snooze-only")
    assert snoozed["final"]["c1"]["rejected"] == ["limit"]
    assert snoozed["final"]["c1"]["rejections"] == [{"at": "2026-02-18T11:00:00+01:00", "do": "snooze", "by": "ann", "code": "limit"}]


def test_a_measure_in_figures(capsys: pytest.CaptureFixture[str]) -> None:
    scenarios = answer(capsys, str(SCENARIOS / "contracts.yaml"))["scenarios"]
    (measured,) = (found for found in scenarios if found["id"] == "X1-X2-X3-two-series-that-disagree")
    assert measured["measures"]["repair"] == {
        "internal": {"elapsed_seconds": 18000, "verdict": "late"},
        "supplier": {"elapsed_seconds": 12600, "verdict": "kept"},
        "disagreement": True,
        "held_seconds": {"us": 3600, "them": 14400},
        "internal_due": "2026-02-12T16:00:00+01:00",
        "holder_at_due": "them",
    }


def test_the_story_quotes_a_rule_for_every_decision(capsys: pytest.CaptureFixture[str]) -> None:
    first, _ = answer(capsys, PUBLISHED, "--explain")["scenarios"]
    told = [(entry["at"], entry["rule"]) for entry in first["story"]]
    assert told[0] == ("2026-02-12T16:00:00+01:00", "ESC-D1")
    assert ("2026-02-13T09:00:00+01:00", "ESC-L4") in told
    assert ("2026-02-17T09:00:00+01:00", "ESC-S1") in told


def test_the_answer_to_read(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, PUBLISHED, "--language", "en")
    assert code == 0
    assert "  2026-02-17 09:00:00+01:00 to ben: c1 due #1\n" in out
    assert "  c1: open, overdue since 2026-02-17 00:00:00+01:00\n" in out
    assert "  nobody is told anything\n" in out
    _, told, _ = run(capsys, PUBLISHED, "--explain", "--language", "en")
    assert "c1 ESC-L4 step remind, occurrence 1" in told


def test_questions_of_working_time(capsys: pytest.CaptureFixture[str]) -> None:
    cases = {case["id"]: case for case in answer(capsys, "--time", QUESTIONS)["cases"]}
    assert cases["D2-two-days"]["answer"] == "2026-02-17T00:00:00+01:00"
    assert cases["D2-two-days"]["explanation"].endswith("ESC-D2: due 2026-02-17 00:00:00+01:00")
    assert cases["B5-elapsed"]["answer"] == 42000
    assert cases["B6-saturday"]["answer"] is False
    assert cases["B4-no-intervals"]["answer"] == []
    assert cases["B3-twice"]["answer"] == [["2026-10-25T01:30:00+02:00", "2026-10-25T05:00:00+01:00"]]
    code, out, _ = run(capsys, QUESTIONS, "--time", "--language", "en")
    assert code == 0
    assert "D1-four-hours: 2026-02-12 16:00:00+01:00\n" in out


def test_a_malformed_file_is_refused_with_all_its_problems(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("people: {ann: {calendar: fr}}\nroles: {sponsor: [{holder: zoe}]}\nevents: [{at: 2026-02-12T10:00:00, do: trigger}]\n")
    code, out, err = run(capsys, str(path), "--language", "en")
    assert (code, out) == (1, "")
    assert [part in err for part in ("E-NO-FALLBACK", "E-CAL-UNKNOWN", "E-PERSON-UNKNOWN", "E-TIME-NAIVE")] == [True] * 4
    code, out, _ = run(capsys, str(path), "--json")
    assert code == 1
    assert {problem["code"] for problem in json.loads(out)["problems"]} >= {"E-NO-FALLBACK", "E-CAL-UNKNOWN", "E-TIME-NAIVE"}


def test_warnings_stand_beside_the_answer(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "warned.yaml"
    path.write_text(Path(PUBLISHED).read_text(encoding="utf-8").replace("title:", "subtitle: x\n  title:", 1), encoding="utf-8")
    code, out, err = run(capsys, str(path), "--json", "--language", "en")
    assert code == 0
    assert len(json.loads(out)["scenarios"]) == 2
    assert err.startswith(f"W-KEY-UNKNOWN at {path}:3:3: ")


def test_a_file_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, str(tmp_path / "none.yaml"), "--language", "en")
    assert code == 1
    assert "E-FILE-MISSING" in err


def test_looking_ahead_needs_an_instant_that_lies_ahead(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "project")
    there = ("--project", str(tmp_path / "project"), "--as-of", "2026-01-12T08:00Z")
    assert main([*there[:2], "apply", "--yes", *there[2:]]) == 0
    capsys.readouterr()
    code, _, err = run(capsys, *there, "--until", "2026-01-11T08:00Z", "--language", "en")
    assert (code, "2026-01-11 08:00 is not ahead" in err) == (2, True)
