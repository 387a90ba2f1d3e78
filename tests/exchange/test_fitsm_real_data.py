"""The FitSM importer on the published data, read in place: nothing lost, nothing changed, and its own disagreements told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ancrage.declarations.loading import Loaded, load_programme
from ancrage.domain.programme import Programme
from ancrage.exchange.fitsm import Imported, import_fitsm

pytestmark = pytest.mark.reference_data
AS_OF = date(2026, 1, 5)
KEPT = ("text", "name", "item", "note", "tasks", "count")
"""Keys of the data whose texts must all be found again in the project."""


@pytest.fixture(scope="module")
def made(reference_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    return import_fitsm(reference_data / "fitsm", tmp_path_factory.mktemp("fitsm") / "project", AS_OF)


@pytest.fixture(scope="module")
def loaded(made: Imported) -> Loaded:
    return load_programme(made.folder, AS_OF)


@pytest.fixture(scope="module")
def programme(loaded: Loaded) -> Programme:
    return loaded.require()


def data(reference_data: Path, name: str) -> Any:
    return json.loads((reference_data / "fitsm" / name).read_text("utf-8"))


def test_the_counts_are_those_of_the_standard(made: Imported, programme: Programme) -> None:
    assert made.counts == {
        "processes": 14, "flows": 42 + 3, "one_sided_flows": 20, "requirements": 82, "groups": 21, "roles": 58, "records": 9, "people": 16,
    }  # fmt: skip
    assert len(programme.processes) == 14 + 1
    assert len(programme.links) == 45
    assert len({(link.source, link.target) for link in programme.links.values() if "any" not in (link.source, link.target)}) == 37


def test_the_requirements_stand_in_their_groups_and_ask_their_processes(programme: Programme) -> None:
    model = programme.reference_models["fitsm"]
    assert [len(area.practices) for area in model.areas] == [3, 4, 2, 2, 2, 2, 2, 4, 5, 3, 4, 4, 5, 6, 4, 6, 4, 5, 6, 6, 3]
    assert [area.processes for area in model.areas[:7]] == [("SMS",)] * 7
    codes = ["SPM", "SLM", "SRM", "SACM", "CAPM", "ISM", "CRM", "SUPPM", "ISRM", "PM", "CONFM", "CHM", "RDM", "CSI"]
    assert [area.processes for area in model.areas[7:]] == [(code,) for code in codes]
    asked = [sum(len(area.practices) for area in model.areas_for(process)) for process in programme.processes]
    assert (asked[0], sum(asked)) == (17, 82)


def test_texts_are_unchanged(programme: Programme, reference_data: Path) -> None:
    groups = data(reference_data, "requirements.json")
    written = {item["id"]: item["text"] for group in (*groups["general"], *groups["process"]) for item in group["items"]}
    model = programme.reference_models["fitsm"]
    assert {practice.id: practice.question.en for area in model.areas for practice in area.practices} == written
    for process in data(reference_data, "processes.json"):
        found = programme.processes[process["code"]]
        assert (found.name.en, found.purpose.en) == (process["name"], process["objective"]["text"])
    rows = {(row["from"], row["to"], row["item"]) for entry in data(reference_data, "interfaces.json") for row in entry["flows"]}
    links = {(link.source, link.target, programme.products[link.product].name.en) for link in programme.links.values()}
    assert rows <= links
    assert {role["id"]: role["name"] for role in data(reference_data, "roles.json")["roles"]}.items() <= {
        role.id: role.name.en for role in programme.organisation.roles.values()
    }.items()


def test_every_text_of_the_source_is_somewhere_in_the_project(made: Imported, reference_data: Path) -> None:
    files = [made.folder / name for name in made.files if name.endswith(".yaml")]
    lines = [line.strip().removeprefix("#").strip() for path in files for line in path.read_text("utf-8").splitlines()]
    project = " ".join(" ".join(lines).split())
    texts = {text for path in sorted((reference_data / "fitsm").glob("*.json")) for text in texts_of(json.loads(path.read_text("utf-8")))}
    assert len(texts) > 400
    assert sorted(text for text in texts if " ".join(text.split()) not in project) == []


def texts_of(value: Any, key: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for inner, child in value.items():
            yield from texts_of(child, inner)
    elif isinstance(value, list):
        for child in value:
            yield from texts_of(child, key)
    elif isinstance(value, str) and key in KEPT:
        yield value


def test_check_finds_the_twenty_flows_that_one_side_lists_and_nothing_else(loaded: Loaded, programme: Programme, made: Imported) -> None:
    assert [problem.code for problem in loaded.problems] == ["W-LINK-ONE-SIDED"] * 20
    assert made.to_check == 20
    for problem in loaded.problems:
        link = programme.links[str(problem.message.values["link"])]
        assert f'from "{link.source}" to "{link.target}"' in str(problem.message)
        assert [place.source.strip(" :") for place in problem.related] == [link.source, link.target]


def test_the_import_tells_where_the_source_disagrees_with_itself(made: Imported) -> None:
    """As its own README lists them."""
    assert [(problem.code, tuple(map(str, problem.message.values.values()))[:2]) for problem in made.warnings if problem.place] == [
        ("W-SOURCE-NOTE", ("ISRM-SPM", made.warnings[0].message.values["note"])),
        ("W-FLOW-WORDING", ("SUPPM", "SLM")),
        ("W-FLOW-ENDS", ("CHM", "CONFM")),
    ]


def test_anybody_outside_the_map_is_the_party_any(programme: Programme) -> None:
    assert list(programme.parties) == ["any"]
    ends = [(link.source, link.target) for link in programme.links.values() if "any" in (link.source, link.target)]
    assert ends == [("CONFM", "any"), ("any", "CHM"), ("any", "CSI")]
