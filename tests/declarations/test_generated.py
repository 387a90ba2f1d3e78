"""What is made from the tables is up to date, and says the same as the reader."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from ancrage.declarations.codes import PAGES
from ancrage.declarations.codes.page import files_of
from ancrage.declarations.generate import stale_files, write_files
from ancrage.declarations.json_schema import schemas
from ancrage.declarations.strict_yaml import read_yaml, read_yaml_text

ROOT = Path(__file__).resolve().parents[2]
SEEN_BY_A_SCHEMA = (
    "E-KEY-UNKNOWN", "E-KEY-MISSING", "E-CHOICE", "E-RANGE", "E-LABEL-LANGUAGE", "E-INTERVAL", "E-WEEKDAY", "E-ID", "E-BUDGET",
)  # fmt: skip
"""Codes that a schema of one file can know of."""


def complaints(name: str, value: Any) -> list[str]:
    schema = schemas()["project.schema.json" if name == "project.yaml" else "declarations.schema.json"]
    validator = import_module("jsonschema").Draft7Validator(schema)
    return [f"{name} {error.json_path} {error.message[:80]}" for error in validator.iter_errors(value)]


def test_schemas_and_reference_pages_are_up_to_date() -> None:
    assert stale_files(ROOT) == [], "run: python -m ancrage.declarations.generate"


def test_a_changed_page_is_seen(tmp_path: Path) -> None:
    write_files(tmp_path)
    assert stale_files(tmp_path) == []
    (tmp_path / "docs" / "reference" / "problems.md").write_text("other", encoding="utf-8")
    assert stale_files(tmp_path) == ["docs/reference/problems.md"]


@pytest.mark.parametrize("folder", ["process_maps/example", "ancrage/templates/project/en", "ancrage/templates/project/fr"])
def test_the_schemas_accept_what_the_reader_accepts(folder: str) -> None:
    documents = {path.name: read_yaml(path) for path in sorted((ROOT / folder).rglob("*.yaml"))}
    assert len(documents) > 5
    found = [line for name, document in documents.items() if document.root for line in complaints(name, document.root.plain())]
    assert found == []


@pytest.mark.parametrize("code", sorted(SEEN_BY_A_SCHEMA))
def test_the_schemas_refuse_what_one_file_shows_to_be_wrong(code: str) -> None:
    wrong, right = (files_of(example)["example.yaml"] for example in (PAGES[code].wrong, PAGES[code].right))
    assert complaints("example.yaml", plain(wrong))
    assert complaints("example.yaml", plain(right)) == []


def plain(text: str) -> Any:
    root = read_yaml_text(text).root
    assert root is not None
    return root.plain()


def test_every_key_of_the_schemas_has_a_hover() -> None:
    silent = [path for schema in schemas().values() for path in undescribed(schema, "$")]
    assert silent == []


def undescribed(schema: Any, path: str) -> list[str]:
    if isinstance(schema, list):
        return [found for index, entry in enumerate(schema) for found in undescribed(entry, f"{path}[{index}]")]
    if not isinstance(schema, dict):
        return []
    missing = [f"{path}.{key}" for key, entry in schema.get("properties", {}).items() if "description" not in entry]
    inside = [found for key, entry in schema.items() if key != "$defs" for found in undescribed(entry, f"{path}.{key}")]
    return missing + inside


def test_the_committed_schemas_are_json() -> None:
    for name in schemas():
        assert json.loads((ROOT / "process_maps" / "schemas" / name).read_text("utf-8"))["title"]
