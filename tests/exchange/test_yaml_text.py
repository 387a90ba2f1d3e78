"""YAML for people: what is written is read back alike, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ancrage.declarations.strict_yaml import read_yaml_text
from ancrage.exchange.yaml_text import WIDTH, Entry, Inline, Value, comment_lines, render_entries
from ancrage.language import Label

ANY_TEXT = st.text(st.characters(codec="utf-8"), min_size=1)
PIECES = ("a", "the", "flow:", "#", "-", "[x]", "{y}", ">", "|", "'q'", '"q"', "é", "…", "no", "1.10", "&", "*", "!", "%", "@", "`", "~")
PROSE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=60)


def read_back(text: str) -> object:
    document = read_yaml_text(text)
    assert document.problems == []
    assert document.root is not None
    return document.root.plain()


@given(text=ANY_TEXT | PROSE.map(" ".join))
def test_a_text_is_read_back_as_it_was_alone_inline_and_per_language(text: str) -> None:
    label, other = Label.same(text), Label(fr=text, en=text + "!")
    written = render_entries([Entry("a", label), Entry("b", Inline((Entry("name", label),))), Entry("c", other), Entry("d", text)], 1)
    assert read_back("top:\n" + written) == {"top": {"a": text, "b": {"name": text}, "c": {"fr": text, "en": text + "!"}, "d": text}}


@given(text=ANY_TEXT)
def test_a_comment_hides_all_of_its_text(text: str) -> None:
    long = Label.same("word " * 40 + "end")
    values: tuple[Value, ...] = (2, long, (Entry("in", long),), Inline((Entry("in", 3),)), ("x",) * 60)
    written = render_entries([Entry(f"b{number}", value, below=(text,), beside=text) for number, value in enumerate(values)])
    expected = [2, long.en, {"in": long.en}, {"in": 3}, ["x"] * 60]
    assert read_back("\n".join([*comment_lines(text), written])) == {f"b{number}": value for number, value in enumerate(expected)}


@pytest.mark.parametrize("name", ["no", "Yes", "null", "1", "1.5", "007", "2026-01-01", "-x", "a b", "", "true"])
def test_an_id_that_could_be_taken_for_something_else_stands_in_quotes(name: str) -> None:
    assert render_entries([Entry("a", name)]) == f'a: "{name}"'
    assert render_entries([Entry("a", (name, "ok"))]) == f'a: ["{name}", ok]'


def test_long_texts_are_folded_and_long_lists_stand_one_below_the_other() -> None:
    text, names = "word " * 59 + "word", tuple(f"name-{number}" for number in range(30))
    both = Label(fr=text + " fr", en=text + " en")
    written = render_entries([Entry("text", Label.same(text)), Entry("names", names), Entry("both", both)])
    assert max(map(len, written.splitlines())) <= WIDTH
    assert read_back(written) == {"text": text, "names": list(names), "both": {"fr": both.fr, "en": both.en}}
    assert "\n  - name-29" in written


def test_comments_belong_to_the_entry_above_them() -> None:
    entry = Entry("a", (Entry("b", 1, beside="here"),), below=("- one thing " + "and more " * 15, ""))
    lines = render_entries([entry]).splitlines()
    assert lines[:3] == ["a:", "  b: 1  # here", "  # - one thing " + "and more " * 11 + "and"]
    assert lines[3].startswith("  #   more and")
    assert lines[4] == "  #"
