"""The command line itself: global options in any place, refusals in the reader's language, exit codes, lazy loading."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path

import pytest

import ancrage.cli
from ancrage.cli.main import main
from ancrage.cli.table import COMMANDS

SAMPLE = '''
"""A command of this test."""
from typing import Annotated
import typer
from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.errors import NotFound, Place, Problem, ProblemsFound, Refused
from ancrage.language import say

def command(ctx: typer.Context, what: str, json: Json = False, as_of: AsOf = None) -> None:
    asked = Invocation.of(ctx)
    match what:
        case "show":
            asked.show(say("option {option} does not exist", option="x"))
        case "emit":
            asked.emit("sample", 1, {"project": asked.project, "language": asked.language, "as_of": as_of})
        case "refuse":
            raise Refused("limit", say("{parameter} is missing", parameter="x"))
        case "unknown":
            raise NotFound(say("{parameter} is missing", parameter="x"))
        case "problems":
            problem = Problem("E-UNIT-UNKNOWN", say("{parameter} is missing", parameter="unit"), Place("map.yaml", 3, 7))
            raise ProblemsFound(say("{parameter} is missing", parameter="x"), [problem])
'''
SAMPLES = '''
"""Sub-commands of this test."""
import typer
from ancrage.cli.invocation import Invocation

app = typer.Typer()

@app.command(help="Show the version and stop.")
def inner(ctx: typer.Context) -> None:
    asked = Invocation.of(ctx)
    asked.show(f"{asked.project} {asked.language}")
'''


@pytest.fixture(autouse=True)
def sample_commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two commands more, `sample` and `samples`, as the convention of `ancrage/cli/__init__.py` says; English by default."""
    folder = tmp_path / "commands"
    folder.mkdir()
    (folder / "sample.py").write_text(SAMPLE, encoding="utf-8")
    (folder / "samples.py").write_text(SAMPLES, encoding="utf-8")
    monkeypatch.setattr(ancrage.cli, "__path__", [*ancrage.cli.__path__, str(folder)])
    importlib.invalidate_caches()
    for name in ("sample", "samples"):
        monkeypatch.setitem(COMMANDS, name, "Show the version and stop.")
        monkeypatch.delitem(sys.modules, f"ancrage.cli.{name}", raising=False)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "ANCRAGE_PROJECT"):
        monkeypatch.delenv(name, raising=False)


def test_without_arguments_the_help_lists_the_commands(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    listed = capsys.readouterr().out
    assert "Usage: ancrage [OPTIONS] COMMAND [ARGUMENTS]..." in listed
    assert "  sample " in listed


def test_help_loads_no_command() -> None:
    main(["--help"])
    assert "ancrage.cli.sample" not in sys.modules


def test_a_command_is_offered_once_its_module_is_there(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "nowhere", "Show the version and stop.")
    main(["--help"])
    assert "nowhere" not in capsys.readouterr().out


@pytest.mark.parametrize("variable", ["LANG", "LC_ALL"])
def test_help_follows_the_language_of_the_environment(
    variable: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "fr_FR.UTF-8")
    main(["sample", "--help"])
    helped = capsys.readouterr().out
    assert "Utilisation\N{NO-BREAK SPACE}: ancrage sample" in helped
    assert "Affiche la version et s’arrête." in helped
    assert "Show" not in helped


def test_the_language_asked_for_wins_wherever_it_stands(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    for arguments in (["--language", "fr", "sample", "show"], ["sample", "show", "--language=fr"]):
        assert main(arguments) == 0
        assert capsys.readouterr().out == "l’option x n’existe pas\n"


def test_a_command_knows_folder_language_and_instant(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", "emit", "--json", "--project", "a/b", "--as-of", "2026-03-01T09:00+01:00"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "shape": "ancrage.sample",
        "version": 1,
        "project": "a/b",
        "language": "en",
        "as_of": "2026-03-01T09:00:00+01:00",
    }


def test_the_folder_comes_from_the_environment_else_is_here(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    main(["samples", "inner"])
    monkeypatch.setenv("ANCRAGE_PROJECT", "elsewhere")
    main(["samples", "inner"])
    main(["samples", "inner", "--project", "said", "--language", "fr"])
    assert capsys.readouterr().out.splitlines() == [". en", "elsewhere en", "said fr"]


@pytest.mark.parametrize(("what", "code"), [("refuse", 1), ("problems", 1), ("unknown", 2)])
def test_a_refusal_is_said_without_a_traceback(what: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", what, "--language", "fr"]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert "il manque x" in said.err
    assert "Traceback" not in said.err


def test_a_refusal_is_json_where_json_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sample", "refuse", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert said == {"shape": "ancrage.refusal", "version": 1, "code": "limit", "message": "x is missing"}


def test_problems_are_shown_with_their_place_or_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    main(["sample", "problems"])
    assert "error[E-UNIT-UNKNOWN]: unit is missing\n --> map.yaml:3:7" in capsys.readouterr().err
    assert main(["sample", "problems", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["shape"], said["problems"][0]["code"], said["problems"][0]["place"]["line"]) == ("ancrage.problems", "E-UNIT-UNKNOWN", 3)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sampl"], "command sampl does not exist; did you mean sample"),
        (["zzzzzz"], "command zzzzzz does not exist; `ancrage --help` lists them"),
        (["sample"], "'what' is missing"),
        (["sample", "show", "more"], "too many arguments: more"),
        (["sample", "show", "--jsn"], "option --jsn does not exist; did you mean --json?"),
        (["sample", "show", "--as-of", "2026-03-01T09:00"], "is not an instant with its offset"),
        (["sample", "show", "--as-of", "soon"], "is not an instant with its offset"),
        (["samples"], "a command is missing or unknown: take one of inner"),
        (["samples", "outer"], "a command is missing or unknown: take one of inner"),
        (["--language", "de", "sample", "show"], "language de is not known: take one of fr, en"),
    ],
)
def test_wrong_use_is_explained(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err


def test_a_foreign_models_package_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == "models"]:
        monkeypatch.delitem(sys.modules, name)
    assert main(["sample", "show"]) == 2
    assert f"hidden by {tmp_path / 'models'}" in capsys.readouterr().err
