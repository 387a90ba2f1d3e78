"""`ancrage score`: the calculator on a bare file, as a person or another program calls it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ancrage.cli.main import main
from ancrage.cli.score_help import describe_all
from ancrage.domain.assessment.sheets.base import folded
from ancrage.domain.assessment.sheets.registry import CALCULATORS, calculator_spec

METHODS = pytest.mark.parametrize("method", CALCULATORS)
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "methods.md"


Sheet = Callable[..., str]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Writes a file of ratings and gives its path."""

    def write(text: str, name: str = "ratings.csv") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["score", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, err = run(capsys, *arguments, "--json")
    assert code == 0, err + out
    found: dict[str, Any] = json.loads(out)
    return found


WORKED = {
    "samm": "activity,answer\n" + "\n".join(f"D-SA-{stream}-{level},0.25" for stream in "AB" for level in "123"),
    "dsomm": "sub_dimension,level,activity,team,state\nS,1,act1,A,100%\nS,1,act1,B,20%\nS,1,act2,A,50%\nS,1,act2,B,",
    "iso33020": "process,attribute,rating\nx,1.1,F\nx,2.1,F\nx,2.2,L\nx,3.1,L\nx,3.2,L",
    "assessors": "attribute,criterion,assessor,rating\n1.1,a,A,F\n1.1,a,B,L\n1.1,b,A,P\n1.1,b,B,P\n1.1,c,A,L\n1.1,c,B,N",
    "cmmi": "area,level,practice,value\na,1,p,FI\na,1,p,FI\na,1,p,NY\na,2,q,PI\na,3,r,FI\na,3,s,LI\na,3,s,PI",
    "fitsm6": "requirement,score,goal\nPR1.1,1,2\nPR1.2,3,2",
    "weighted": "section,item,score,weight\n1,a,80,1\n1,b,60,1\n2,c,40,1\n2,d,100,3",
}
EXPECTED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "samm": lambda found: found["practices"][0]["score"] == 0.75,
    "dsomm": lambda found: found["sectors"][0]["share"] == 0.425,
    "iso33020": lambda found: found["processes"][0]["capability_level"] == 2,
    "assessors": lambda found: (found["attributes"][0]["value"], found["attributes"][0]["rating"]) == (0.5, "P"),
    "cmmi": lambda found: found["areas"][0]["capability_level"] == 1 and found["practices"][-1]["value"] == "JUDGE",
    "fitsm6": lambda found: (found["groups"][0]["average"], found["groups"][0]["goal_met"], found["groups"][0]["level"]) == (2, False, 1),
    "weighted": lambda found: (found["overall"]["average"], found["overall"]["average_of_averages"]) == (80, 77.5),
}


@METHODS
def test_the_worked_examples_of_each_method(method: str, capsys: pytest.CaptureFixture[str], sheet: Sheet) -> None:
    found = answer(capsys, sheet(WORKED[method]), "--method", method)
    assert EXPECTED[method](found), found


@METHODS
def test_every_answer_prints_method_rounding_rules_and_the_fingerprint_of_its_inputs(
    method: str, capsys: pytest.CaptureFixture[str], sheet: Sheet
) -> None:
    lines = WORKED[method].splitlines()
    found = answer(capsys, sheet(WORKED[method]), "--method", method)
    assert (found["shape"], found["version"], found["method"]["name"], found["model"]) == ("ancrage.score", 1, method, None)
    assert found["method"]["version"]
    assert found["method"]["rounding"]
    assert found["rules"]
    assert found["rows"] == len(lines) - 1
    turned = answer(capsys, sheet("\n".join([lines[0], *lines[:0:-1]])), "--method", method)
    assert turned == found
    other = answer(capsys, sheet("\n".join([*lines[:-1]])), "--method", method)
    assert other["inputs_fingerprint"] != found["inputs_fingerprint"]


@METHODS
def test_the_example_of_each_method_works_and_its_records_have_exactly_the_documented_fields(
    method: str, capsys: pytest.CaptureFixture[str], sheet: Sheet
) -> None:
    spec = calculator_spec(method)
    found = answer(capsys, sheet("\n".join(",".join(row) for row in spec.example)), "--method", method)
    for part in spec.parts:
        records = [found[part.name]] if part.single else found[part.name]
        assert records
        assert {tuple(record) for record in records} == {tuple(field.name for field in part.fields)}, part.name


@METHODS
def test_a_person_reads_the_same_figures_in_both_languages(method: str, capsys: pytest.CaptureFixture[str], sheet: Sheet) -> None:
    path = sheet(WORKED[method])
    for language in ("en", "fr"):
        code, out, _ = run(capsys, path, "--method", method, "--language", language)
        assert code == 0
        for part in calculator_spec(method).parts:
            assert part.title.text(language) in out


def test_no_score_is_shown_as_a_dash_and_zero_as_zero(capsys: pytest.CaptureFixture[str], sheet: Sheet) -> None:
    _, out, _ = run(capsys, sheet("requirement,score\nPR1.1,0\nPR2.1,"), "--method", "fitsm6")
    rows = [re.split(r"\s{2,}", line.strip()) for line in out.splitlines()]
    assert ["PR1", "PR1.1", "0", "rated", "no_target"] in rows
    assert ["PR2", "PR2.1", "–", "not_rated", "no_target"] in rows


def test_every_bad_row_is_reported_with_its_line_and_nothing_is_scored(capsys: pytest.CaptureFixture[str], sheet: Sheet) -> None:
    path = sheet("group,requirement,score,goal\nPR1,PR1.1,5,2\nPR1,PR1.2,3,3\nPR1,,2,2\nPR1,PR1.2,3,2\nPR1,PR1.4\nPR1,PR1.5,two,9\n")
    code, out, err = run(capsys, path, "--method", "fitsm6")
    assert (code, out) == (1, "")
    assert re.findall(r"ratings\.csv:(\d+)", err) == ["2", "3", "4", "5", "6", "7", "7"]
    code, out, _ = run(capsys, path, "--method", "fitsm6", "--json")
    problems = json.loads(out)["problems"]
    assert code == 1
    found = [(problem["code"], problem["place"]["line"]) for problem in problems]
    assert found == [
        ("E-CELL-VALUE", 2),
        ("E-ROW-CONTRADICTS", 3),
        ("E-CELL-EMPTY", 4),
        ("E-ROW-TWICE", 5),
        ("E-ROW-CELLS", 6),
        ("E-CELL-VALUE", 7),
        ("E-CELL-VALUE", 7),
    ]


def test_contradictions_between_rows_are_refused_with_both_lines(capsys: pytest.CaptureFixture[str], sheet: Sheet) -> None:
    _, out, _ = run(capsys, sheet("group,requirement,score,goal\nPR1,PR1.1,2,2\nPR1,PR1.2,3,3\n"), "--method", "fitsm6", "--json")
    (problem,) = json.loads(out)["problems"]
    assert (problem["code"], problem["message"]) == ("E-ROW-CONTRADICTS", "goal is 3 here and 2 at line 2")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--method", "cmmi"], 2, "RATINGS"),
        (["{file}"], 2, "samm, dsomm, iso33020, assessors, cmmi, fitsm6, weighted"),
        (["{file}", "--method", "guess"], 2, "method guess does not exist"),
        (["--help-method", "guess"], 2, "method guess does not exist"),
        (["{file}", "--method", "iso33020", "--option", "aggregation=loudest", "--option", "mood=good"], 1, "has no option mood"),
        (["{file}", "--method", "iso33020", "--option", "aggregation"], 1, "is not NAME=VALUE"),
        (["{file}", "--method", "iso33020", "--option", "median=lower", "--option", "median=upper"], 1, "is given twice"),
        (["{file}", "--method", "dsomm"], 1, "column activity is missing"),
        (["none.csv", "--method", "cmmi"], 1, "cannot be read"),
        (["{file}", "--method", "iso33020", "--model", "{model}"], 2, "takes no reference model"),
    ],
)
def test_wrong_use_is_refused_with_what_is_allowed(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str], sheet: Sheet
) -> None:
    places = {"file": sheet(WORKED["iso33020"]), "model": sheet(MODEL, "model.yaml")}
    found, out, err = run(capsys, *(argument.format(**places) for argument in arguments))
    assert (found, out) == (code, "")
    assert said in err


def test_options_change_the_result_and_are_printed_with_it(capsys: pytest.CaptureFixture[str], sheet: Sheet) -> None:
    path = sheet(WORKED["assessors"])
    found = answer(capsys, path, "--method", "assessors", "--option", "combine=max")
    assert found["method"]["options"] == {"combine": "max"}
    assert found["processes"][0]["capability_level"] == 1
    assert answer(capsys, path, "--method", "assessors")["processes"][0]["capability_level"] == 0


def test_columns_that_a_method_does_not_know_are_said(capsys: pytest.CaptureFixture[str], sheet: Sheet) -> None:
    found = answer(capsys, sheet("requirement,score,remark\nPR1.1,2,fine"), "--method", "fitsm6")
    assert found["notes"] == ["columns that method fitsm6 does not use: remark"]


MODEL = """
reference_models:
  small:
    name: Small
    version: "1.0"
    method: cmmi
    scale: [{code: FI, label: Fully}, {code: NI, label: Not}]
    areas:
      plan:
        name: Planning
        practices:
          plan.1: {name: One, level: 1}
          plan.2: {name: Two, level: 2, weight: 3}
      build:
        name: Building
        practices:
          build.1: {name: One, level: 1}
"""


def test_a_reference_model_gives_areas_and_levels_and_what_nobody_was_asked(capsys: pytest.CaptureFixture[str], sheet: Sheet) -> None:
    model = sheet(MODEL, "model.yaml")
    found = answer(capsys, sheet("practice,value\nplan.1,FI\nplan.2,LI"), "--method", "cmmi", "--model", model)
    areas = {area["area"]: (area["capability_level"], area["level_state"]) for area in found["areas"]}
    assert areas == {"plan": (2, "determined"), "build": (None, "not_assessed")}
    assert (found["model"]["id"], found["model"]["version"], bool(found["model"]["fingerprint"])) == ("small", "1.0", True)
    weighted = answer(capsys, sheet("item,score\nplan.1,1\nplan.2,0"), "--method", "weighted", "--model", model)
    assert weighted["overall"]["average"] == 0.25
    assert weighted["overall"]["not_assessed"] == 1


def test_rows_that_do_not_fit_the_model_and_models_that_cannot_be_read_are_refused(
    capsys: pytest.CaptureFixture[str], sheet: Sheet
) -> None:
    model = sheet(MODEL, "model.yaml")
    code, _, err = run(capsys, sheet("area,practice,value\nplan,plan.9,FI\nbuild,plan.1,FI"), "--method", "cmmi", "--model", model)
    assert code == 1
    assert "practice plan.9 is not in reference model small" in err
    assert "plan.1 is in area build here and in area plan of reference model small" in err
    code, _, err = run(capsys, sheet("practice,value\np,FI"), "--method", "cmmi", "--model", sheet("policies: {}\n", "none.yaml"))
    assert code == 1
    assert "declares 0 reference models" in err
    broken = sheet(MODEL.replace("level: 1", "level: one"), "broken.yaml")
    code, _, err = run(capsys, sheet("practice,value\np,FI"), "--method", "cmmi", "--model", broken)
    assert code == 1
    assert "broken.yaml" in err


@METHODS
def test_no_two_columns_of_a_method_share_a_name(method: str) -> None:
    names = [folded(name) for column in calculator_spec(method).columns for name in {*map(folded, column.names())}]
    assert sorted(names) == sorted(set(names))


def test_help_describes_every_column_option_and_field(capsys: pytest.CaptureFixture[str]) -> None:
    for language in ("en", "fr"):
        code, out, _ = run(capsys, "--help-method", "iso33020", "--language", language)
        assert code == 0
        spec = calculator_spec("iso33020")
        named = [column.name for column in spec.columns] + [option.name for option in spec.options]
        named += [field.name for part in spec.parts for field in part.fields]
        assert [name for name in named if f"`{name}`" not in out] == []
    described = answer(capsys, "--help-method", "all")
    assert [method["name"] for method in described["methods"]] == list(CALCULATORS)


def test_the_reference_page_is_what_the_command_says() -> None:
    written = REFERENCE.read_text(encoding="utf-8")
    assert describe_all([spec for spec, _ in CALCULATORS.values()], "en").strip() in written
