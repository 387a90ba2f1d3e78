"""JSON of others through the strict reader: the same values, every value with its place, what is no JSON refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancrage.declarations.strict_yaml import Limits
from ancrage.exchange.json_files import LIMITS, read_json


def read(folder: Path, text: str) -> tuple[object, list[tuple[str, str]]]:
    """The plain value, and code and place of every problem."""
    (folder / "a.json").write_text(text, encoding="utf-8", newline="")
    document = read_json(folder / "a.json", "a.json")
    value = document.root.plain() if document.root is not None else None
    return value, [(problem.code, str(problem.place)) for problem in document.problems]


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "b": [true, false, null, -2, 0.5]}',
        '{"a":"b","c"\t:\t"d"}',
        '[{"x": "y"}\r\n,\t{"z": "/\\/\\b\\f\\n\\r\\t\\"\\\\"}]',
        '{"emoji": "\\ud83d\\ude00", "not one": "\\\\ud83d\\\\ude00", "accent": "\\u00e9 é"}',
        '"a\u0085b\u2028c\u2029d\x7fe\ufefff"',
        '{"a": "# no comment: {x} [y] | > & * ! %"}',
    ],
)
def test_json_is_read_as_json_reads_it(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == (json.loads(text), [])


@given(value=st.recursive(st.text(st.characters(codec="utf-8")), lambda inner: st.lists(inner, max_size=3), max_leaves=8))
def test_whatever_a_writer_of_json_writes_is_read_back(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    folder = tmp_path_factory.mktemp("json")
    for plain in (True, False):
        assert read(folder, json.dumps(value, ensure_ascii=plain)) == (value, [])


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ('{"a": [1, 2,]}', "E-JSON-SYNTAX", "a.json:1"),
        ("{'a': 1}", "E-JSON-SYNTAX", "a.json:1:2"),
        ('{"a": 1} # why', "E-JSON-SYNTAX", "a.json:1:10"),
        ('{\n "a": 1\n "b": 2}', "E-JSON-SYNTAX", "a.json:3:2"),
        ('{\n "a" 1}', "E-JSON-SYNTAX", "a.json:2:6"),
        ('"abc', "E-JSON-SYNTAX", "a.json:1:1"),
        ('"a\nb"', "E-JSON-SYNTAX", "a.json:1:3"),
        ('"\\q"', "E-JSON-SYNTAX", "a.json:1:2"),
        ("a: 1", "E-JSON-SYNTAX", "a.json:1:1"),
        ('{"a": 1,\n "a": 2}', "E-YAML-DUPLICATE", "a.json:2:2"),
        ("[" * 100_000, "E-YAML-DEPTH", f"a.json:1:{LIMITS.depth + 1}"),
        ("", "E-FILE-EMPTY", "a.json"),
        ("  \n", "E-FILE-EMPTY", "a.json"),
        ('"\\ud83d"', "E-YAML-SYNTAX", "a.json:1:"),
    ],
    ids=range(14),
)
def test_what_is_no_json_or_too_much_of_it_is_refused_with_its_place(tmp_path: Path, text: str, code: str, place: str) -> None:
    _, problems = read(tmp_path, text)
    assert [(found, where.startswith(place)) for found, where in problems] == [(code, True)]


def test_more_values_than_the_bound_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[1, 2, 3, 4]", encoding="utf-8")
    document = read_json(tmp_path / "a.json", "a.json", Limits(events=5))
    assert [problem.code for problem in document.problems] == ["E-YAML-TOO-MANY"]


def test_every_value_knows_its_place(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{\n  "a": ["x",\n    "y"]\n}', encoding="utf-8")
    document = read_json(tmp_path / "a.json", "a.json")
    node = document.root.get("a", 1) if document.root else None
    assert node is not None
    assert str(document.place(node)) == "a.json:3:5"
