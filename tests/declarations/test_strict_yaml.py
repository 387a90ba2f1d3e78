"""The strict reader: what it keeps, what it refuses, and that nothing makes it crash."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ancrage.declarations.strict_yaml import Document, Limits, read_yaml, read_yaml_text
from ancrage.declarations.yaml_nodes import ScalarNode


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("no", "no"), ("on", "on"), ("yes", "yes"), ("Off", "Off"),
        ("1.10", "1.10"), ("09:00", "09:00"), ("12:30:45", "12:30:45"), ("007", "007"), ("1e3", "1e3"), ("1_000", "1_000"),
        ("0x1F", "0x1F"), ("2026-01-01", "2026-01-01"), (".inf", ".inf"), ("NULL", "NULL"), ("True", "True"), ("-0", "-0"),
        ("12", 12), ("-3", -3), ("0", 0), ("1.5", 1.5), ("-0.25", -0.25), ("2.0", 2.0),
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None),
        ('"12"', "12"), ("'true'", "true"), ('""', ""),
    ],
)  # fmt: skip
def test_a_scalar_is_a_number_only_when_writing_it_back_gives_the_same_text(written: str, meant: object) -> None:
    document = read_yaml_text(f"key: {written}\n")
    assert document.problems == []
    root = document.mapping()
    assert root is not None
    assert root.plain() == {"key": meant}


def test_a_shape_that_wants_a_number_takes_what_the_plain_rules_keep_as_text() -> None:
    root = read_yaml_text("{a: 1.50, b: +3, c: '4', d: 1e3, e: nan}").mapping()
    assert root is not None
    found = {key: node.number() for key, node in root.entries.items() if isinstance(node, ScalarNode)}
    assert found == {"a": 1.5, "b": 3, "c": None, "d": None, "e": None}


def test_every_key_and_value_knows_its_line_and_column() -> None:
    document = read_yaml_text("first: 1\nunits:\n  ing:\n    name: 'Ingénierie'   # comment\n", "map.yaml")
    root = document.mapping()
    assert root is not None
    name = root.get("units", "ing", "name")
    assert name is not None
    value, key = document.place(name), document.key_place(name)
    assert (str(value), value.length, value.source) == ("map.yaml:4:11", 12, "    name: 'Ingénierie'   # comment")
    assert (str(key), key.length) == ("map.yaml:4:5", 4)


def test_a_duplicate_key_is_an_error_that_shows_the_first() -> None:
    document = read_yaml_text("a: 1\nb:\n  c: 2\n  'c': {deep: [3]}\na: 4\n")
    assert codes(document) == ["E-YAML-DUPLICATE", "E-YAML-DUPLICATE"]
    assert [problem.place and problem.place.line for problem in document.problems] == [4, 5]
    assert document.problems[0].related[0].line == 3
    assert document.root is not None
    assert document.root.plain() == {"a": 1, "b": {"c": 2}}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a: &x 1\n", "E-YAML-ANCHOR"),
        ("a: *x\n", "E-YAML-ALIAS"),
        ("a: !!python/object:os.system x\n", "E-YAML-TAG"),
        ("a: !mine {b: 1}\n", "E-YAML-TAG"),
        ("<<: {a: 1}\nb: 2\n", "E-YAML-MERGE"),
        ("? [a, b]\n: 1\n", "E-YAML-KEY"),
        ("'': 1\n", "E-YAML-KEY"),
        ("a: 1\n---\nb: 2\n", "E-YAML-DOCUMENTS"),
        ("", "E-FILE-EMPTY"),
        ("# nothing but a comment\n", "E-FILE-EMPTY"),
        ("a: [1, 2\nb: 3\n", "E-YAML-SYNTAX"),
        ("a: 'never closed\n", "E-YAML-SYNTAX"),
        ("a: \x07\n", "E-YAML-SYNTAX"),
        ("[" * 5000, "E-YAML-DEPTH"),
        ("a: \0\n", "E-FILE-BINARY"),
        ("a: \ud800\n", "E-FILE-ENCODING"),
    ],
)
def test_what_is_dangerous_or_ambiguous_is_refused_with_a_hint(text: str, code: str) -> None:
    document = read_yaml_text(text)
    assert codes(document) == [code]
    problem = document.problems[0]
    assert problem.place is not None
    assert problem.hint is not None
    assert problem.message.text("fr")


def test_an_alias_bomb_is_refused_without_being_expanded() -> None:
    lines = ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"{name}: &{name} [{', '.join(['*' + before] * 9)}]" for before, name in zip("abcdefgh", "bcdefghi", strict=True)]
    document = read_yaml_text("\n".join(lines))
    assert set(codes(document)) == {"E-YAML-ANCHOR", "E-YAML-ALIAS"}
    assert len(str(document.root and document.root.plain())) < 1000


def test_the_size_is_looked_at_before_a_byte_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    huge = tmp_path / "huge.yaml"
    with huge.open("wb") as stream:
        stream.truncate(100 * 1024 * 1024)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("opened")

    monkeypatch.setattr(Path, "open", refuse)
    assert codes(read_yaml(huge)) == ["E-FILE-SIZE"]


def test_too_many_values_are_refused() -> None:
    assert codes(read_yaml_text("[" + "a," * 50 + "]", limits=Limits(events=20))) == ["E-YAML-TOO-MANY"]


def test_a_file_in_which_everything_is_wrong_is_left_after_a_thousand_problems() -> None:
    document = read_yaml_text("[" + "*a, " * 5000 + "]")
    assert len(document.problems) == 1001
    assert codes(document)[-1] == "E-TOO-MANY-PROBLEMS"
    assert not document.is_whole


def test_files_that_are_no_text_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "picture.yaml").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (tmp_path / "latin.yaml").write_bytes("a: 1\nb: é\n".encode("latin-1"))
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "pipe.yaml")
    found = {name: read_yaml(tmp_path / f"{name}.yaml", f"{name}.yaml") for name in ("picture", "latin", "folder", "pipe", "missing")}
    assert {name: codes(document) for name, document in found.items()} == {
        "picture": ["E-FILE-BINARY"],
        "latin": ["E-FILE-ENCODING"],
        "folder": ["E-FILE-UNREADABLE"],
        "pipe": ["E-FILE-UNREADABLE"],
        "missing": ["E-FILE-MISSING"],
    }
    assert str(found["latin"].problems[0].place) == "latin.yaml:2:4"
    assert "picture.yaml" in str(found["missing"].problems[0].hint)


def test_a_caller_may_ask_for_several_documents() -> None:
    document = read_yaml_text("a: 1\n---\nb: 2\n", many=True)
    assert [root.plain() for root in document.roots] == [{"a": 1}, {"b": 2}]
    assert document.is_whole


def test_a_text_that_breaks_off_is_not_whole_and_gives_no_half_tree() -> None:
    document = read_yaml_text("a: 1\nb: [2,\n")
    assert (document.is_whole, document.roots) == (False, [])


def test_a_byte_order_mark_is_not_part_of_the_first_key() -> None:
    document = read_yaml_text("\ufeffa: 1\n")
    assert document.root is not None
    assert document.root.plain() == {"a": 1}


@given(st.text(max_size=60) | st.text(alphabet="ab:-[]{}*&!|>'\"#%@? \n\t,<~", max_size=40))
def test_no_text_ever_crashes_the_reader(text: str) -> None:
    document = read_yaml_text(text)
    assert document.root is not None or document.problems
    for problem in document.problems:
        assert problem.message.text("en")
        assert problem.place is not None


@given(st.binary(max_size=60))
def test_no_bytes_ever_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(data)
    document = read_yaml(path)
    assert document.root is not None or document.problems


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdé_ .:#-", min_size=1, max_size=6), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text("abc", min_size=1, max_size=4), PLAIN, min_size=1, max_size=4))
def test_load_dump_load_is_identity(tree: dict[str, object]) -> None:
    first = read_yaml_text(yaml.safe_dump(tree, allow_unicode=True, sort_keys=False))
    assert first.problems == []
    assert first.root is not None
    second = read_yaml_text(yaml.safe_dump(first.root.plain(), allow_unicode=True, sort_keys=False))
    assert second.root is not None
    assert second.root.plain() == first.root.plain() == tree
