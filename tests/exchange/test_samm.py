"""The SAMM importer: the core model, toolbox workbooks and `.samm` files; every defect told, none fatal."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from ancrage.domain.assessment.sheets.registry import calculator_spec, score_sheet
from ancrage.errors import NotFound, ProblemsFound
from ancrage.exchange.ratings_csv import read_ratings_text
from ancrage.exchange.samm import import_samm
from ancrage.exchange.sources.model_text import model_text
from ancrage.exchange.sources.outcome import SourceImport
from tests.support.sources import NO_SET, codes, model_in, samm_files, told, write

MODEL = "reference_models/samm.yaml"


def imported(folder: Path, **changed: str) -> SourceImport:
    """The small model with some files changed: `activities__C_SP_1_A` stands for `activities/C-SP-1-A.yml`."""
    files = samm_files()
    for name, text in changed.items():
        files[name.replace("__", "/").replace("_", "-").replace("security-", "security_").replace("answer-", "answer_") + ".yml"] = text
    return import_samm([write(folder / "samm-core-7.1.0", files)])


def test_activities_bear_the_codes_of_the_workbook_with_their_questions_and_answers(tmp_path: Path) -> None:
    found = imported(tmp_path)
    model = model_in(found.files[MODEL])
    (area,) = model.areas
    assert (area.id, area.group.en, model.method, model.version) == ("C-SP", "Cooking", "samm", "7.1.0")
    assert [practice.id for practice in area.practices] == [f"C-SP-{letter}-{level}" for letter in "AB" for level in (1, 2, 3)]
    first = area.practices[0]
    assert (first.question.en, first.guidance.en, first.stream) == ("Is step A1 done?", "- It is seen\n- It is tasted", "A: Way A")
    assert {value.code: value.label.en for value in model.scale_of(first)} == dict(zip(("0", "0.25", "0.5", "1"), NO_SET, strict=True))
    assert model.prerequisites() == (("C-SP-B-3", "C-SP-A-1"),)
    assert found.counts["questions"] == 6


def test_what_other_readers_misread_is_told_and_taken_as_it_is_written(tmp_path: Path) -> None:
    found = imported(tmp_path)
    assert told(found.defects, "W-SOURCE-BOOLEAN") == ["No is a truth value to YAML 1.1 readers (taken as the text it is)"]
    assert told(found.defects, "W-SOURCE-EMPTY") == ["color is empty: what follows it is a comment (taken as empty)"]
    (name,) = [problem for problem in found.defects if problem.code == "W-SOURCE-NAME"]
    assert len(name.related) == 5


ACTIVITY = "id: xA1\nstream: sA\nlevel: l1\ntitle: T\ntype: Activity\n"

DEFECTS = [
    ("a key twice", {"activities__C_SP_1_A": ACTIVITY + "title: U\n"}, "W-SOURCE-YAML", 6),
    ("an anchor and an alias", {"activities__C_SP_1_A": ACTIVITY.replace("T\n", "&t T\nbenefit: *t\n")}, "W-SOURCE-YAML", 6),
    ("no YAML", {"activities__C_SP_1_A": "id: [\n"}, "W-SOURCE-YAML", 5),
    ("no id", {"activities__C_SP_1_A": ACTIVITY.replace("id: xA1\n", "")}, "W-SOURCE-MISSING", 5),
    ("an id twice", {"activities__C_SP_1_A": ACTIVITY.replace("xA1", "xa2")}, "W-SOURCE-TWICE", 5),
    ("an unknown stream", {"activities__C_SP_1_A": ACTIVITY.replace("sA", "sZ")}, "W-SOURCE-REFERENCE", 5),
    ("an unknown kind", {"activities__C_SP_1_A": ACTIVITY.replace("type: Activity", "type: Thing")}, "W-LEFT-OUT", 5),
    ("a code twice", {"activities__C_SP_1_A": ACTIVITY.replace("l1", "l2")}, "W-SOURCE-TWICE", 5),
    ("no question", {"questions__C_SP_1_A": "id: q\ntype: Question\n"}, "W-SOURCE-MISSING", 6),
    ("two questions", {"questions__extra": "id: qx\nactivity: xA1\nanswerSet: a1\ntext: X\norder: 2\ntype: Question\n"}, "W-LEFT-OUT", 6),
    ("an answer of 0.3", {"answer_sets__A": "id: a1\nvalues:\n- {text: x, value: 0.3}\ntype: AnswerSet\n"}, "W-SOURCE-VALUE", 6),
    ("a list for a text", {"activities__C_SP_1_A": ACTIVITY.replace("title: T", "title: [T]")}, "W-SOURCE-VALUE", 6),
    ("a circle", {"activities__C_SP_1_A": ACTIVITY + "relatedActivities: [xB3]\n"}, "W-SOURCE-CYCLE", 6),
    ("an unknown prerequisite", {"activities__C_SP_1_A": ACTIVITY + "relatedActivities: [zz]\n"}, "W-SOURCE-REFERENCE", 6),
    ("no short name", {"security_practices__Soup": "id: p1\nfunction: f1\nname: Soup\ntype: Practice\n"}, "W-SOURCE-VALUE", 0),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "code", "kept"), [row[1:] for row in DEFECTS], ids=[row[0] for row in DEFECTS])
def test_a_defect_is_told_and_the_rest_is_taken(tmp_path: Path, changed: dict[str, str], code: str, kept: int) -> None:
    found = imported(tmp_path, **changed)
    assert code in codes(found.defects)
    assert all(problem.hint is not None for problem in found.defects), "what was done is said of each"
    if kept:
        model = model_in(found.files[MODEL])
        assert sum(len(area.practices) for area in model.areas) == kept
    else:
        assert found.files == {}


def test_the_way_round_a_circle_is_broken_at_its_last_link(tmp_path: Path) -> None:
    found = imported(tmp_path, activities__C_SP_1_A=ACTIVITY + "relatedActivities: [xB3]\n")
    assert model_in(found.files[MODEL]).prerequisites() == (("C-SP-A-1", "C-SP-B-3"),)


def test_written_read_and_written_again_is_the_same(tmp_path: Path) -> None:
    text = imported(tmp_path).files[MODEL]
    assert model_text(model_in(text), "OWASP SAMM, imported by Ancrage.") == text


def test_a_folder_without_anything_of_samm_is_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        import_samm([write(tmp_path, {"shopping.yml": "milk: 2\n"})])
    assert codes(found.value.problems) == ["E-SOURCE-NOTHING", "W-LEFT-OUT"]
    with pytest.raises(NotFound):
        import_samm([tmp_path / "nowhere"])


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    secret = write(tmp_path / "elsewhere", {"secret.yml": "id: f9\nname: Secret\ntype: Function\n"})
    folder = write(tmp_path / "model", samm_files())
    (folder / "streams" / "link.yml").symlink_to(secret / "secret.yml")
    found = import_samm([folder])
    assert any("no plain file" in text for text in told(found.defects, "W-LEFT-OUT"))
    assert found.counts["functions"] == 1


# --- .samm files ---


def exchange_file(path: Path, answers: list[dict[str, object]], **more: object) -> Path:
    assessment = {"version": "1", "organization": "Kitchen", "scope": "Red", "date": "2026-01-02", "answers": answers}
    path.write_text(json.dumps({"formatVersion": "1.0.0", "assessment": {**assessment, **more}}), encoding="utf-8")
    return path


def test_answers_of_an_exchange_file_are_ratings_and_bad_ones_are_told(tmp_path: Path) -> None:
    answers: list[dict[str, object]] = [
        {"questionCode": "D-SA-A-1", "answerScore": 0.25}, {"questionCode": "D-SA-2-A", "answerScore": 1}, {"questionCode": "D-SA-A-3"},
        {"questionCode": "D-SA-B-1", "answerScore": 0.3}, {"questionCode": "soup"}, {"questionCode": "d-sa-a-1", "answerScore": 1},
    ]  # fmt: skip
    remarks = [{"name": "n", "version": "1", "assessmentStreamRemarks": {"D-SA-A": [{"text": "Well done", "type": "COMMENT"}]}}]
    found = import_samm([exchange_file(tmp_path / "a.json", answers, extensions=remarks)])
    (text,) = found.files.values()
    assert text.splitlines()[1:] == ["Red,D-SA-A-1,0.25,,,Well done", "Red,D-SA-A-2,1,,,", "Red,D-SA-A-3,,,,", "Red,D-SA-B-1,,,,"]
    assert codes(found.defects) == ["W-LEFT-OUT", "W-SOURCE-REFERENCE", "W-SOURCE-TWICE", "W-SOURCE-VALUE"]


# --- the published data ---


@pytest.mark.reference_data
def test_the_published_model_has_the_counts_of_its_readme_and_its_traps_are_told(reference_data: Path) -> None:
    found = import_samm([reference_data / "assessment" / "samm-core-2.2.0", reference_data / "assessment" / "samm-interchange"])
    counts = {"functions": 5, "practices": 15, "streams": 30, "levels": 3, "practice_levels": 45, "activities": 90, "questions": 90,
              "answer_sets": 24, "prerequisites": 22, "schemas": 3}  # fmt: skip
    assert found.counts == counts
    model = model_in(found.files[MODEL])
    assert (len(model.areas), len(model.answer_sets), len(model.prerequisites())) == (15, 24, 22)
    by_code = {problem.code: problem for problem in found.defects}
    assert len(by_code["W-SOURCE-BOOLEAN"].related) + 1 == 24
    assert len(by_code["W-SOURCE-EMPTY"].related) + 1 == 5
    (files,) = [one for one in found.defects if one.code == "W-SOURCE-NAME" and "file names" in str(one.message)]
    assert len(files.related) + 1 == 90
    assert any("extensions beside" in text for text in told(found.defects, "W-SOURCE-NAME"))
    assert model.attribution is not None
    assert model.attribution.licence.startswith("CC BY-SA 4.0")
    assert model_text(model, "OWASP SAMM, imported by Ancrage.") == found.files[MODEL]


@pytest.mark.reference_data
def test_the_blank_workbook_has_ninety_questions_and_no_answer(reference_data: Path) -> None:
    found = import_samm([reference_data / "assessment" / "samm-toolbox" / "SAMM_spreadsheet.xlsx"])
    assert found.counts == {"workbooks": 1, "workbook_questions": 90, "answers": 0}
    assert found.files == {}
    assert codes(found.defects) == ["W-SOURCE-FORMULA", "W-SOURCE-LICENCE", "W-SOURCE-NAME"]
    (formula,) = [problem for problem in found.defects if problem.code == "W-SOURCE-FORMULA"]
    assert len(formula.related) + 1 == 15


@pytest.mark.reference_data
def test_a_filled_workbook_is_scored_as_it_says(reference_data: Path, tmp_path: Path) -> None:
    """All quarters in one practice give 0.75; the phase planned last is the target, the road map's present the baseline (S2, S5)."""
    book = openpyxl.load_workbook(reference_data / "assessment" / "samm-toolbox" / "SAMM_spreadsheet.xlsx")
    interview, roadmap = book["Interview"], book["Roadmap"]
    sets = {row[0].value: row for row in book["imp-answers"].iter_rows()}
    asked = {row[0].value: row[7].value for row in book["imp-questions"].iter_rows()}
    interview["D11"] = "Red"
    for row in (18, 20, 22, 25, 27, 29):
        interview[f"F{row}"] = sets[asked[interview[f"A{row}"].value]][2].value
    interview["F32"] = "Perhaps"
    for row in roadmap.iter_rows(min_row=18, max_col=1):  # computed by every spreadsheet program, and not by the one that writes here
        cell = row[0]
        if isinstance(cell.value, str) and cell.value.startswith("="):
            cell.value = interview[cell.value.rpartition("!")[2]].value
    roadmap["F18"], roadmap["J18"], roadmap["N18"] = "No", "0.5", sets[asked["G-SM-A-1-1"]][4].value
    book.save(tmp_path / "filled plan.xlsx")
    found = import_samm([tmp_path / "filled plan.xlsx"])
    assert list(found.files) == ["ratings/samm-filled-plan.csv"]
    assert any("F32" in str(problem.place) for problem in found.defects if problem.code == "W-SOURCE-VALUE")
    lines = found.files["ratings/samm-filled-plan.csv"].splitlines()
    assert lines[1] == "Red,G-SM-A-1,0.25,1,0,0.5,1,"
    assert len(lines) == 91
    spec = calculator_spec("samm")
    result = score_sheet(read_ratings_text(found.files["ratings/samm-filled-plan.csv"], "r", spec.columns).sheet, "samm")
    assert {row["practice"]: row["counted"] for row in result.answer.parts["practices"] if row["counted"]} == {"G-SM": 0.75}
