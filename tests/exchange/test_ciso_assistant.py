"""The CISO Assistant importer: frameworks as reference models, metrics as indicators."""

from __future__ import annotations

from pathlib import Path

import pytest

from ancrage.domain.assessment.determination import determine
from ancrage.domain.assessment.types import CapabilityLevel, CellKey
from ancrage.errors import ProblemsFound
from ancrage.exchange.ciso_assistant import import_ciso
from ancrage.exchange.ciso_assistant.metrics import Answerable
from ancrage.exchange.sources.model_text import model_text
from tests.support.declarations import load_texts
from tests.support.sources import CISO, codes, model_in, told, write

ANSWERABLE = Answerable("reliable", "lead", "sponsor")
MODEL, METRICS = "reference_models/soup.yaml", "indicators/soup-2.yaml"


def test_what_can_be_assessed_is_asked_under_its_heading_in_both_languages(tmp_path: Path) -> None:
    found = import_ciso([write(tmp_path, {"soup.yaml": CISO})], ANSWERABLE)
    model = model_in(found.files[MODEL])
    assert (model.version, model.method) == ("3", "weighted")
    assert {area.id: [practice.id for practice in area.practices] for area in model.areas} == {"A": ["A-1", "a-1-2"], "b-1": ["b-1"]}
    assert [(value.code, value.label.fr, value.label.en) for value in model.scale] == [
        ("2", "hot", "hot"), ("1", "warm", "warm"), ("0", "froide", "cold"),
    ]  # fmt: skip
    assert model_text(model, "Imported by Ancrage from a CISO Assistant library.") == found.files[MODEL]


def test_the_known_traps_of_such_files_are_told(tmp_path: Path) -> None:
    """Ids that differ in capitals only, a parent in other capitals or not there, a missing depth, an id with a space."""
    found = import_ciso([write(tmp_path, {"soup.yaml": CISO})], ANSWERABLE)
    assert told(found.defects, "W-SOURCE-NAME") == [
        "a-1 cannot be an id here, or is one already (taken as a-1-2)", "B 1 cannot be an id here, or is one already (taken as b-1)",
    ]  # fmt: skip
    assert told(found.defects, "W-SOURCE-REFERENCE") == ["the parent of urn:k:b-1 is not there (taken as a heading of its own)"]
    assert "a requirement has no depth (its parents say where it belongs)" in told(found.defects, "W-SOURCE-MISSING")
    assert "the metric does not say which way is good (taken as more is better)" in told(found.defects, "W-SOURCE-MISSING")


def test_metrics_are_indicators_that_the_project_takes(tmp_path: Path) -> None:
    found = import_ciso([write(tmp_path, {"soup.yaml": CISO})], ANSWERABLE)
    loaded = load_texts(found.files[METRICS])
    assert loaded.errors == ()
    indicators = loaded.require().indicators
    assert (indicators["M-1"].unit, indicators["M-1"].thresholds.target, indicators["M-1"].objective) == ("%", 85, "reliable")
    assert (indicators["M-2"].unit, indicators["M-2"].formula.en) == ("level", "1 Bad; 2 Good")


def test_without_an_owner_the_words_to_replace_are_told(tmp_path: Path) -> None:
    found = import_ciso([write(tmp_path, {"soup.yaml": CISO})], Answerable())
    assert any("--objective" in text for text in told(found.defects, "W-SOURCE-MISSING"))
    assert {problem.code for problem in load_texts(found.files[METRICS]).errors} == {"E-OBJECTIVE-UNKNOWN", "E-ROLE-UNKNOWN"}


BAD = [
    ("a circle of parents", 'ref_id: A, name: Pots', 'ref_id: A, name: Pots, parent_urn: "urn:k:A"', "W-SOURCE-CYCLE"),
    ("a urn twice", "urn:k:a-2", "urn:K:A-1", "W-SOURCE-TWICE"),
    ("a score that is a word", "score: 1", "score: one", "W-SOURCE-VALUE"),
    ("no urn", 'urn: "urn:k:a-2", ', "", "W-SOURCE-MISSING"),
    ("no licence", "copyright: Kitchen licence\n", "", "W-SOURCE-MISSING"),
]


@pytest.mark.parametrize(("old", "new", "code"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_defect_is_told_and_the_rest_is_taken(tmp_path: Path, old: str, new: str, code: str) -> None:
    assert old in CISO
    found = import_ciso([write(tmp_path, {"soup.yaml": CISO.replace(old, new)})], ANSWERABLE)
    assert code in codes(found.defects)
    assert model_in(found.files[MODEL]).areas


def test_a_framework_without_scores_gets_its_range(tmp_path: Path) -> None:
    text = CISO.replace("    scores_definition:\n", "    other:\n").replace("max_score: 2", "max_score: 100")
    found = import_ciso([write(tmp_path, {"soup.yaml": text})], ANSWERABLE)
    assert [value.code for value in model_in(found.files[MODEL]).scale] == [str(number) for number in range(100, -1, -10)]


def test_another_library_is_refused_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as found:
        import_ciso([write(tmp_path, {"x.yaml": "objects: {threats: []}\n"})], ANSWERABLE)
    assert codes(found.value.problems) == ["E-SOURCE-NOTHING", "W-LEFT-OUT"]


@pytest.mark.reference_data
def test_the_published_libraries_have_the_counts_of_their_readme(reference_data: Path) -> None:
    found = import_ciso([reference_data / "assessment" / "ciso-assistant"], ANSWERABLE)
    assert (found.counts["requirements"], found.counts["metrics"]) == (108, 25)
    model = model_in(found.files["reference_models/ict-minimal.yaml"])
    assert [value.code for value in model.scale] == ["4", "3", "2", "1", "0"]
    assert (len(model.areas), sum(len(area.practices) for area in model.areas)) == (23, 108)
    assert all(practice.question.fr != practice.question.en for area in model.areas for practice in area.practices[:1])
    assert sum("language" in text for text in told(found.defects, "W-LEFT-OUT")) == 2
    area = model.areas[0]
    rated = {CellKey("p", practice.id): "2" if place else "3" for place, practice in enumerate(area.practices)}
    result = next(found for key, found in determine(model, rated, ["p"]).results.items() if key.area == area.id)
    assert result.level == CapabilityLevel.determined(2)
