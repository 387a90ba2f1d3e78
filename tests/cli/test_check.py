"""`ancrage check`, as people and programs meet it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ancrage.cli.main import main
from ancrage.declarations.starting import start_project

ROOT = Path(__file__).resolve().parents[2]
MISTAKES = (
    ("project.yaml", "fallback: leo", "fallback: lea", "E-NO-FALLBACK"),
    ("project.yaml", '"models/*.yaml"]', '"models/*.yaml", extra.yaml]', "E-FILE-MISSING"),
    ("organisation.yaml", "tz: Europe/Paris", "tz: Europe/Pari", "E-TZ"),
    ("organisation.yaml", "holder: noa", "holder: nora", "E-PERSON-UNKNOWN"),
    ("organisation.yaml", '"14:00-18:00"', '"11:00-18:00"', "E-CAL-OVERLAP"),
    ("map.yaml", "kind: operational", "kind: operationnal", "E-CHOICE"),
    ("map.yaml", "outputs: [known_error]", "output: [known_error]", "E-KEY-UNKNOWN"),
    ("map.yaml", "product: call}", "product: cal}", "E-PRODUCT-UNKNOWN"),
    ("map.yaml", "errors_become_known:", "user_calls:", "E-YAML-DUPLICATE"),
    ("engagement.yaml", "delay: 3wd", "delay: 3 days", "E-BUDGET"),
    ("engagement.yaml", "{id: due, offset: 0,", "{id: remind, offset: 0,", "E-STEP-DUPLICATE"),
    ("indicators.yaml", "definition:", "# definition:", "E-KEY-MISSING"),
    ("models/first_model.yaml", 'version: "1.0"', "version: 1.0", "E-VERSION-UNQUOTED"),
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A sound project, to be broken."""
    start_project(tmp_path / "project", "en")
    return tmp_path / "project"


def change(project: Path, name: str, before: str, after: str) -> None:
    text = (project / name).read_text("utf-8")
    assert before in text
    (project / name).write_text(text.replace(before, after, 1), encoding="utf-8")


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    code = main([str(argument) for argument in arguments])
    return code, capsys.readouterr().out


def answer(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, object]]:
    code, out = run(capsys, *arguments)
    return code, json.loads(out)


def test_a_sound_project_is_clean(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(capsys, "check", project, "--as-of", "2026-01-05")
    assert code == 0
    assert out == "clean (files: 6, people: 4, processes: 2, flows: 3, contracts: 1, indicators: 1)\n"


def test_every_one_of_many_mistakes_is_reported_in_one_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, before, after, _ in MISTAKES:
        change(project, name, before, after)
    code, said = answer(capsys, "check", project, "--json", "--as-of", "2026-01-05")
    problems = said["problems"]
    assert isinstance(problems, list)
    assert code == 1
    assert (said["shape"], said["programme"], said["errors"]) == ("ancrage.check", None, len(problems))
    found = {(problem["code"], problem["place"]["path"]) for problem in problems}
    assert {(code, str(project / name)) for name, _, _, code in MISTAKES} <= found
    assert len(MISTAKES) >= 12
    for problem in problems:
        assert problem["hint"], problem
        assert problem["place"]["line"], problem
        assert problem["place"]["column"], problem
        source = (project / Path(problem["place"]["path"]).relative_to(project)).read_text("utf-8").splitlines()
        assert problem["place"]["source"] == source[problem["place"]["line"] - 1]


def test_no_mistake_makes_another_seem_to_be_there(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, before, after, _ in MISTAKES:
        change(project, name, before, after)
    _, said = answer(capsys, "check", project, "--json", "--as-of", "2026-01-05")
    problems = said["problems"]
    assert isinstance(problems, list)
    assert sorted(problem["code"] for problem in problems) == sorted(code for *_, code in MISTAKES)


@pytest.mark.parametrize(("name", "before", "after", "code"), MISTAKES, ids=[code for *_, code in MISTAKES])
def test_each_mistake_alone_is_shown_with_its_line(
    project: Path, capsys: pytest.CaptureFixture[str], name: str, before: str, after: str, code: str
) -> None:
    change(project, name, before, after)
    lines = (project / name).read_text("utf-8").splitlines()
    number = max(number for number, line in enumerate(lines, start=1) if after in line)
    exit_code, out = run(capsys, "check", project, "--as-of", "2026-01-05")
    assert exit_code == 1
    assert f"error[{code}]: " in out
    assert out.splitlines()[-1].startswith("errors: 1, ")
    if code != "E-KEY-MISSING":  # what is missing is shown at what lacks it
        assert f"--> {project / name}:{number}:" in out
        assert f"{number} | {lines[number - 1]}" in out


def test_warnings_alone_leave_the_exit_code_at_zero(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(project, "organisation.yaml", "    backup: co_sponsor", "    # backup: co_sponsor")
    code, out = run(capsys, "check", project, "--as-of", "2026-01-05")
    assert code == 0
    assert "warning[W-SPONSOR-NO-BACKUP]" in out


def test_the_date_decides_what_is_wrong(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(project, "organisation.yaml", 'from: "2026-01-01"}', 'from: "2026-01-01", to: "2026-06-01"}')
    assert run(capsys, "check", project, "--as-of", "2026-05-31")[1].startswith("clean")
    assert "W-LADDER-NOWHERE" in run(capsys, "check", project, "--as-of", "2026-06-01")[1]


def hostile(folder: Path) -> dict[str, str]:
    """Files that do harm to a careless reader, by name, with the code each must get."""
    bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    bomb += [f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]" for before, name in zip("abcdefgh", "bcdefghi", strict=True)]
    (folder / "bomb.yaml").write_text("\n".join(bomb), encoding="utf-8")
    with (folder / "huge.yaml").open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    (folder / "binary.yaml").write_bytes(bytes(range(256)))
    (folder / "twice.yaml").write_text("units: {a: {name: A}, a: {name: B}}\n", encoding="utf-8")
    (folder / "unknown.yaml").write_text("unites: {}\n", encoding="utf-8")
    (folder / "loop.yaml").write_text("include: [pool.yaml]\n", encoding="utf-8")
    (folder / "pool.yaml").write_text("include: [loop.yaml]\n", encoding="utf-8")
    return {
        "bomb.yaml": "E-YAML-ALIAS", "huge.yaml": "E-FILE-SIZE", "binary.yaml": "E-FILE-BINARY", "twice.yaml": "E-YAML-DUPLICATE",
        "unknown.yaml": "E-KEY-UNKNOWN", "missing.yaml": "E-FILE-MISSING", "loop.yaml": "E-INCLUDE-LOOP",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["bomb.yaml", "huge.yaml", "binary.yaml", "twice.yaml", "unknown.yaml", "missing.yaml", "loop.yaml"])
def test_a_hostile_or_broken_file_is_refused_with_a_clear_error(project: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    expected = hostile(project)[name]
    change(project, "project.yaml", '"models/*.yaml"]', f'"models/*.yaml", {name}]')
    code, out = run(capsys, "check", project)
    assert code == 1
    assert f"error[{expected}]: " in out
    assert " = help: " in out


def test_all_of_them_at_once_are_all_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = hostile(project)
    change(project, "project.yaml", '"models/*.yaml"]', f'"models/*.yaml", {", ".join(expected)}]')
    code, said = answer(capsys, "check", project, "--format", "json")
    problems = said["problems"]
    assert isinstance(problems, list)
    assert code == 1
    assert set(expected.values()) <= {problem["code"] for problem in problems}


def test_the_answer_is_in_the_readers_language(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(project, "map.yaml", "kind: operational", "kind: operationnal")
    english, french = (run(capsys, "check", project, "--language", language)[1] for language in ("en", "fr"))
    assert "error[E-CHOICE]" in english
    assert "[E-CHOICE]" in french


def test_github_and_sarif_name_the_same_places(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(project, "map.yaml", "kind: operational", "kind: operationnal")
    code, github = run(capsys, "check", project, "--format", "github")
    assert code == 1
    assert github.startswith(f"::error file={project / 'map.yaml'},line=")
    _, sarif = answer(capsys, "check", project, "--format", "sarif")
    assert sarif["version"] == "2.1.0"


def test_wrong_use_is_told_apart_from_wrong_declarations(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check", project / "nowhere")[0] == 2
    assert run(capsys, "check", project, "--as-of", "someday")[0] == 2
    assert run(capsys, "check", project, "--format", "xml")[0] == 2
    assert run(capsys, "check", project.parent)[0] == 1


def test_the_project_option_names_the_folder_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--project", project, "check", "--as-of", "2026-01-05")[1].startswith("clean")


def test_the_example_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = answer(capsys, "check", ROOT / "process_maps" / "example", "--json", "--as-of", "2026-01-05")
    assert (code, said["errors"], said["warnings"]) == (0, 0, 0)
