"""`ancrage import samm | dsomm | ciso | nplf`: what is said, what is written, and that what was imported works."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from ancrage.cli.import_sources import WORDS
from ancrage.exchange.ciso_assistant import import_ciso
from ancrage.exchange.ciso_assistant.metrics import Answerable
from ancrage.exchange.dsomm import import_dsomm
from ancrage.exchange.nplf import import_nplf
from ancrage.exchange.samm import import_samm
from ancrage.exchange.samm.workbook import ABOUT
from tests.support.commands import CommandLine
from tests.support.sources import CISO, DSOMM, DSOMM_TEAMS, samm_files, write

SCHEMA = '{"$schema": "x", "properties": {}}'
AT = ("--as-of", "2026-01-05T09:00Z")


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    project = CommandLine(tmp_path / "project", capsys)
    project.ok("init", str(tmp_path / "project"))
    return project


@pytest.fixture
def samm(tmp_path: Path) -> str:
    return str(write(tmp_path / "samm-core-7.1.0", samm_files()))


def include(run: CommandLine) -> None:
    """What the import asks for."""
    path = run.folder / "project.yaml"
    path.write_text(path.read_text("utf-8").replace('"models/*.yaml"', '"reference_models/*.yaml"'), encoding="utf-8")


def test_an_import_says_defects_files_whose_texts_and_what_comes_next(run: CommandLine, samm: str) -> None:
    said = run.ok("import", "samm", samm)
    assert "[W-SOURCE-BOOLEAN] No is a truth value to YAML 1.1 readers" in said
    assert "    = taken as the text it is" in said
    assert "\n  questions: 6\n" in said
    assert "\n  prerequisites: 1\n" in said
    assert "reference_models/samm.yaml: written" in said
    assert "Texts: OWASP SAMM project (OWASP Foundation); CC BY-SA 4.0" in said
    assert "next: add to include in project.yaml: reference_models/samm.yaml" in said


def test_json_has_every_place_and_what_was_done(run: CommandLine, samm: str) -> None:
    said = run.json("import", "samm", samm)
    assert (said["shape"], said["version"], said["format"], said["written"]) == ("ancrage.import.source", 1, "samm", True)
    assert [(one["fate"], Path(one["path"]).name) for one in said["files"]] == [("new", "samm.yaml")]
    (names,) = [problem for problem in said["problems"] if problem["code"] == "W-SOURCE-NAME"]
    assert len(names["related"]) == 5
    assert names["done"] == "the code of the workbook was taken, as in D-SA-A-1"
    assert said["attributions"][0]["version"] == "7.1.0"
    assert said["to_include"] == ["reference_models/samm.yaml"]


def test_a_file_that_was_changed_is_not_written_over_until_asked(run: CommandLine, samm: str) -> None:
    run.ok("import", "samm", samm)
    path = run.folder / "reference_models" / "samm.yaml"
    mine = path.read_text("utf-8").replace("Is step A1 done?", "Is the water hot?")
    path.write_text(mine, encoding="utf-8")
    said = run("import", "samm", samm)
    assert said.code == 1
    assert '-            question: "Is the water hot?"' in said.out
    assert "nothing was written" in said.out
    assert path.read_text("utf-8") == mine
    assert run("import", "samm", samm, "--json").json["written"] is False
    assert "replaced" in run.ok("import", "samm", samm, "--replace")
    assert "unchanged" in run.ok("import", "samm", samm)


def test_the_imported_model_is_checked_clean_and_scores(run: CommandLine, samm: str, tmp_path: Path) -> None:
    run.ok("import", "samm", samm)
    include(run)
    assert run.ok("check").startswith("clean")
    ratings = tmp_path / "r.csv"
    ratings.write_text("activity,answer\n" + "".join(f"C-SP-{stream}-{level},0.25\n" for stream in "AB" for level in "123"))
    model = str(run.folder / "reference_models" / "samm.yaml")
    said = run.json("score", str(ratings), "--method", "samm", "--model", model)
    assert [row["score"] for row in said["practices"]] == [0.75]
    assert said["attribution"]["licence"].startswith("CC BY-SA 4.0")
    assert "Texts: OWASP SAMM project" in run.ok("score", str(ratings), "--method", "samm", "--model", model)


def test_a_campaign_on_it_offers_the_answers_of_each_question_and_says_whose_they_are(run: CommandLine, samm: str, tmp_path: Path) -> None:
    run.ok("import", "samm", samm)
    include(run)
    run.ok("apply", "--yes")
    run.ok("campaign", "open", "--id", "c", "--due", "2026-01-30", "--respondents", "owner", "--by", "leo", "--scope", "incident", *AT)
    person = run.json("campaign", "show", "c")["respondents"][0]["person"]
    (request,) = run.json("answer", "list", "--person", person)["requests"]
    assert len(request["questions"]) == 6
    assert [value["label"] for value in request["questions"][0]["answers"]] == ["All of it", "About half", "A little", "No"]
    assert request["attribution"]["owner"].startswith("OWASP SAMM")
    shown = run.ok("answer", "list", "--person", person)
    assert "1 All of it; 0.5 About half; 0.25 A little; 0 No" in shown
    assert "Texts: OWASP SAMM project" in shown
    sheet = tmp_path / "sheet.csv"
    assert "Texts: OWASP SAMM project" in run.ok("answer", "sheet", "c", "--person", person, "--into", str(sheet))
    with sheet.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert rows[0]["answers"] == "1 All of it; 0.5 About half; 0.25 A little; 0 No"
    assert rows[0]["texts_of"].startswith("Texts: OWASP SAMM project")
    run.ok("rate", "c", "incident", "C-SP-A-1", "0.25", "--person", person, *AT)
    assert "Texts: OWASP SAMM project" in run.ok("campaign", "show", "c")
    exported = tmp_path / "ratings.json"
    run.ok("export", "ratings", "--campaign", "c", "--out", str(exported))
    assert json.loads(exported.read_text("utf-8"))["facts"]["texts_of_samm"].startswith("Texts: OWASP SAMM project")


def test_dsomm_and_a_library_are_checked_clean_too(run: CommandLine, tmp_path: Path) -> None:
    folder = write(tmp_path / "source", {"model.yaml": DSOMM, "p.yaml": "progress: {AAAA-1: {Red: {Started: 2026-01-02}}}\n"})
    said = run.ok("import", "dsomm", str(folder))
    assert f"next: `ancrage score {run.folder}/ratings/dsomm.csv --method dsomm`" in said
    assert run.json("score", str(run.folder / "ratings" / "dsomm.csv"), "--method", "dsomm")["activities"][0]["share"] == 0.2
    library = write(tmp_path / "library", {"soup.yaml": CISO})
    run.ok("import", "ciso", str(library), "--objective", "quick_help", "--owner", "support_lead", "--reports-to", "improvement_lead")
    include(run)
    assert run.ok("check").startswith("clean")


def test_a_table_is_written_where_it_is_wanted(run: CommandLine, tmp_path: Path) -> None:
    table = write(tmp_path, {"t.csv": "process,PA 1.1\na,F\n"}) / "t.csv"
    said = run.ok("import", "nplf", str(table), "--into", str(tmp_path / "elsewhere"))
    assert (tmp_path / "elsewhere" / "ratings" / "t.csv").is_file()
    assert "--method iso33020" in said


def test_a_source_with_nothing_in_it_is_refused_with_its_reasons(run: CommandLine, tmp_path: Path) -> None:
    said = run("import", "samm", str(write(tmp_path / "empty", {"x.yml": "a: 1\n"})))
    assert said.code == 1
    assert "error[E-SOURCE-NOTHING]" in said.err
    assert run("import", "samm", str(tmp_path / "nowhere")).code == 2


def test_every_count_and_fact_of_a_source_has_a_word(tmp_path: Path) -> None:
    samm_source = write(tmp_path / "samm", {**samm_files(), "a.json": '{"assessment": {"answers": []}}', "s.json": SCHEMA})
    dsomm = {"model.yaml": DSOMM, "teams.yaml": DSOMM_TEAMS, "p.yaml": "progress: {}\n", "e.yaml": "evidence: {}\n"}
    table = write(tmp_path, {"t.csv": "process,PA 1.1\na,F\n"}) / "t.csv"
    found = [
        import_samm([samm_source]), import_dsomm([write(tmp_path / "dsomm", dsomm)]),
        import_ciso([write(tmp_path / "ciso", {"soup.yaml": CISO})], Answerable()), import_nplf([table]),
    ]  # fmt: skip
    used = {name for one in found for name in (*one.counts, *one.notes)} | {*ABOUT, "workbooks", "workbook_questions", "answers"}
    assert used == set(WORDS)
