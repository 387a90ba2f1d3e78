"""`ancrage map`: the answers of the map, as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ancrage.cli.main import main
from ancrage.declarations.starting import start_project


@pytest.fixture
def project(tmp_path: Path) -> str:
    start_project(tmp_path / "project", "en")
    path = tmp_path / "project" / "map.yaml"
    extra = "  back: {from: incident, to: problem, product: answer}\n"
    path.write_text(path.read_text("utf-8").replace("product: call}\n", "product: call}\n" + extra), encoding="utf-8")
    return str(tmp_path / "project")


def test_loops_are_printed_in_order(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", project, "--as-of", "2026-01-05"]) == 0
    out = capsys.readouterr().out
    assert "loops, a shortest one of each group: 1\n  incident -> problem -> incident\n" in out
    assert "nobody answers for: 0\n" in out


def test_the_json_answers_every_question(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["map", project, "--json", "--as-of", "2026-01-05"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["shape"], said["processes"], said["flows"]) == ("ancrage.map", 2, 4)
    assert said["owners"] == {"mia": ["incident", "problem"]}
    assert said["reach"] == {"incident": 2, "problem": 2, "users": 2}
    assert said["loops"]


def test_an_impact_is_asked_by_the_id_of_anything(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = {}
    for name in ("incident", "mia", "ticket_tool", "users"):
        assert main(["map", project, "--impact", name, "--json", "--as-of", "2026-01-05"]) == 0
        found[name] = json.loads(capsys.readouterr().out)
    assert (found["incident"]["direct"], found["incident"]["further"]) == (["incident"], ["problem", "users"])
    assert found["mia"]["direct"] == found["ticket_tool"]["direct"] == ["incident", "problem"]
    assert found["users"]["direct"] == ["incident"]


def test_an_unknown_id_is_wrong_use(project: str) -> None:
    assert main(["map", project, "--impact", "nobody"]) == 2


def test_declarations_with_errors_are_refused_with_all_of_them(project: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = Path(project) / "map.yaml"
    broken = path.read_text("utf-8").replace("kind: support", "kind: sup").replace("kind: operational", "kind: op")
    path.write_text(broken, encoding="utf-8")
    assert main(["map", project]) == 1
    assert capsys.readouterr().err.count("error[E-CHOICE]") == 2
