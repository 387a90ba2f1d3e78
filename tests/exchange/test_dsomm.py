"""The DSOMM importer: the model in its two documents, overlays, progress merged, evidence; every defect told, none fatal."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from ancrage.domain.assessment.sheets.registry import calculator_spec, score_sheet
from ancrage.errors import ProblemsFound
from ancrage.exchange.dsomm import import_dsomm
from ancrage.exchange.ratings_csv import read_ratings_text
from ancrage.exchange.sources.model_text import model_text
from tests.support.sources import DSOMM, DSOMM_META, DSOMM_TEAMS, codes, model_in, told, write

MODEL, RATINGS = "reference_models/dsomm.yaml", "ratings/dsomm.csv"
PROGRESS = "progress:\n  AAAA-1:\n    Red: {Begun: 2026-01-02, Done: 2026-03-01}\n  Bake bread:\n    Red: {Begun: 2026-02-02}\n"


def test_both_documents_are_read_and_dependencies_named_in_any_way_are_found(tmp_path: Path) -> None:
    found = import_dsomm([write(tmp_path, {"model.yaml": DSOMM, "meta.yaml": DSOMM_META})])
    model = model_in(found.files[MODEL])
    assert (model.version, model.method, [area.id for area in model.areas]) == ("9.1.0", "dsomm", ["Baking", "Serving"])
    assert model.prerequisites() == (("bake-bread", "heat-the-oven"), ("serve-bread", "bake-bread"), ("serve-bread", "heat-the-oven"))
    assert [(value.code, value.label.en, value.number) for value in model.scale] == [
        ("100", "Done", 1), ("20", "Begun", 0.2), ("0", "Nothing", 0),
    ]  # fmt: skip
    bread = model.areas[0].practices[1]
    assert (bread.question.en, bread.guidance.en, bread.level) == ("Bake it.", "Bread is good.\n\nIt burns.", 2)
    assert codes(found.defects) == ["W-SOURCE-NAME", "W-SOURCE-VALUE", "W-SOURCE-YAML"]
    assert told(found.defects, "W-SOURCE-NAME") == ["bbbb-2 is written in other capitals where it is declared (taken as the same)"]
    assert model_text(model, "OWASP DSOMM, imported by Ancrage.") == found.files[MODEL]


OVERLAY = """\
Kitchen:
  Baking:
    Warm the oven: {uuid: AAAA-1, description: Our words.}
    Serve bread: {ignore: true}
    Ice the cake: {uuid: DDDD-4, level: 1, measure: Ice it.}
Shop:
  Selling:
    Bake for sale: {uuid: BBBB-2}
    Nobody knows: {ignore: true}
"""


def test_an_overlay_renames_moves_adds_and_ignores_by_uuid_or_name(tmp_path: Path) -> None:
    folder = write(tmp_path, {"model.yaml": DSOMM, "custom-activities.yaml": OVERLAY})
    plain = import_dsomm([folder])
    assert any("--overlay" in text for text in told(plain.defects, "W-LEFT-OUT"))
    assert plain.counts["activities"] == 3
    found = import_dsomm([folder], [folder / "custom-activities.yaml"])
    model = model_in(found.files[MODEL])
    assert {practice.name.en: area.id for area in model.areas for practice in area.practices} == {
        "Warm the oven": "Baking", "Ice the cake": "Baking", "Bake for sale": "Selling",
    }  # fmt: skip
    assert model.areas[0].practices[0].question.en == "Heat it."
    assert told(found.defects, "W-SOURCE-REFERENCE") == ["activity Nobody knows is to be ignored, and is not there (nothing was done)"]


def test_what_was_ignored_where_it_stood_can_be_moved(tmp_path: Path) -> None:
    moved = "Kitchen:\n  Baking:\n    Bake bread: {ignore: true}\nShop:\n  Selling:\n    Sold bread: {uuid: BBBB-2}\n"
    folder = write(tmp_path, {"model.yaml": DSOMM, "custom.yaml": moved})
    model = model_in(import_dsomm([folder], [folder / "custom.yaml"]).files[MODEL])
    assert {practice.name.en for practice in model.areas[-1].practices} == {"Sold bread"}
    assert len(model.prerequisites()) == 3


def scored(text: str) -> dict[object, object]:
    result = score_sheet(read_ratings_text(text, "r", calculator_spec("dsomm").columns).sheet, "dsomm")
    return {row["activity"]: row["share"] for row in result.answer.parts["activities"]}


def test_progress_of_several_files_is_merged_by_the_earlier_date_and_scored(tmp_path: Path) -> None:
    later = "progress:\n  aaaa-1:\n    Red: {Begun: 2026-01-05, Done: 2026-02-01}\n    Blue: {Begun: 2026-01-09}\n"
    files = {"model.yaml": DSOMM, "meta.yaml": DSOMM_META, "teams.yaml": DSOMM_TEAMS, "p1.yaml": PROGRESS, "p2.yaml": later}
    found = import_dsomm([write(tmp_path, files)])
    assert found.files[RATINGS].splitlines()[1:] == [
        "Blue,heat-the-oven,Kitchen,Baking,1,20%,2026-01-09", "Red,bake-bread,Kitchen,Baking,2,20%,2026-02-02",
        "Red,heat-the-oven,Kitchen,Baking,1,100%,2026-02-01", "Red,heat-the-oven,Kitchen,Baking,1,20%,2026-01-02",
    ]  # fmt: skip
    assert scored(found.files[RATINGS]) == {"heat-the-oven": Fraction(3, 5), "bake-bread": Fraction(1, 10)}
    assert (found.counts["states"], found.counts["teams"]) == (4, 2)
    assert told(found.defects, "W-SOURCE-REFERENCE") == ["group Day names team Green, which is not declared (left out of the group)"]


BAD = [
    ("an unknown state", "progress: {AAAA-1: {Red: {Sometimes: 2026-01-01}}}\n", "W-SOURCE-REFERENCE"),
    ("an unknown activity", "progress: {EEEE-5: {Red: {Begun: 2026-01-01}}}\n", "W-SOURCE-REFERENCE"),
    ("no day", "progress: {AAAA-1: {Red: {Begun: soon}}}\n", "W-SOURCE-VALUE"),
    ("a list", "progress: {AAAA-1: [Red]}\n", "W-SOURCE-VALUE"),
]


@pytest.mark.parametrize(("text", "code"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_state_that_cannot_be_taken_is_told(tmp_path: Path, text: str, code: str) -> None:
    found = import_dsomm([write(tmp_path, {"model.yaml": DSOMM, "progress.yaml": text.replace("Begun", "Started")})])
    assert code in codes(found.defects)
    assert MODEL in found.files


WRONG = [
    ("uuid: BBBB-2", "uuid: aaaa-1", "W-SOURCE-TWICE"), ("[AAAA-1]", "[CCCC-3]", "W-SOURCE-CYCLE"),
    ("[AAAA-1]", "[ZZ]", "W-SOURCE-REFERENCE"), ("level: 2", "level: high", "W-SOURCE-VALUE"),
    ("      uuid: AAAA-1\n", "", "W-SOURCE-MISSING"),
    ("Bake bread:", "Heat the oven:", "W-SOURCE-YAML"), ("version: 9.1.0, ", "version: , ", "W-SOURCE-MISSING"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "code"), WRONG, ids=[new or old for old, new, _ in WRONG])
def test_a_defect_of_the_model_is_told_and_the_rest_is_taken(tmp_path: Path, old: str, new: str, code: str) -> None:
    found = import_dsomm([write(tmp_path, {"model.yaml": DSOMM.replace(old, new)})])
    assert code in codes(found.defects)
    assert model_in(found.files[MODEL]).areas


def test_evidence_becomes_a_table_in_which_nothing_can_be_run(tmp_path: Path) -> None:
    piece = "{id: x, teams: [Red], title: '=SUM(A1)', evidenceRecorded: 2026-01-02, attachment: [{externalLink: L}]}"
    text = f"evidence:\n  AAAA-1:\n  - {piece}\n"
    found = import_dsomm([write(tmp_path, {"model.yaml": DSOMM, "e.yaml": text})])
    assert found.files["ratings/dsomm-evidence.csv"].splitlines()[1] == "heat-the-oven,Red,'=SUM(A1),2026-01-02,,,L"


def test_nothing_of_dsomm_is_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        import_dsomm([write(tmp_path, {"x.yaml": "a: 1\n"})])
    assert codes(found.value.problems) == ["E-SOURCE-NOTHING", "W-LEFT-OUT"]


@pytest.mark.reference_data
def test_the_published_model_has_the_counts_of_its_readme_and_its_traps_are_told(reference_data: Path) -> None:
    folder = reference_data / "assessment" / "dsomm-4.3.1"
    found = import_dsomm([folder])
    assert found.counts == {"activities": 194, "dependencies": 123, "sub_dimensions": 19, "teams": 4, "states": 0, "evidence": 0}
    model = model_in(found.files[MODEL])
    assert (model.version, len(model.prerequisites())) == ("4.3.1", 123)
    assert "W-SOURCE-CYCLE" not in codes(found.defects)
    assert any("2 YAML documents" in text for text in told(found.defects, "W-SOURCE-YAML"))
    assert any("20%" in text for text in told(found.defects, "W-SOURCE-VALUE"))
    assert sum("refers to another file" in text for text in told(found.defects, "W-LEFT-OUT")) == 2
    assert model.attribution is not None
    assert model.attribution.licence.startswith("GPL-3.0")
    laid = import_dsomm([folder], [folder / "custom-activities.yaml"])
    assert (laid.counts["activities"], laid.counts["dependencies"]) == (195, 123)
