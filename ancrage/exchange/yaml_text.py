"""Writes declarations as YAML that people like to read: texts in quotes or folded, short things on one line, comments where they help.

Only entries are made here; the words around them stand in templates. What is written is read back alike by the strict reader, and by
any other YAML reader: an id that another reader would take for a number or a boolean stands in quotes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from ancrage.language import Label

WIDTH = 120
INDENT = "  "

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*\Z")
_TAKEN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_WORD = r"[^\s\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]+"
_FOLDABLE = re.compile(rf"{_WORD}(?: {_WORD})*\Z")
_STRANGE = (0x7F, *range(0x80, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)
_ESCAPED = {code: f"\\u{code:04x}" for code in _STRANGE}
_BLANKED = dict.fromkeys((*range(0x20), *_STRANGE), " ")


@dataclass(frozen=True, slots=True)
class Inline:
    """A mapping on one line."""

    entries: tuple[Entry, ...]


Value = str | int | float | Label | Inline | tuple[str, ...] | tuple["Entry", ...] | tuple[Inline, ...]
"""An id, a number, a text, a short mapping, a list of ids, a mapping, a list of short mappings."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A key and its value. `beside` is a comment on the line of the key, `below` are comments that belong to it, after its value."""

    key: str
    value: Value
    below: tuple[str, ...] = ()
    beside: str = ""


def render_entries(entries: Iterable[Entry], depth: int = 0) -> str:
    """The entries as lines, `depth` levels in, without a newline at the end."""
    return "\n".join(line for entry in entries for line in _lines(entry, INDENT * depth))


def _lines(entry: Entry, margin: str) -> Iterator[str]:
    head = f"{margin}{scalar(entry.key)}:"
    beside = f"  # {_one_line(entry.beside)}" if entry.beside else ""
    value = _spread(entry.value, head)
    folded = _folded(value, head)
    if folded is not None:
        yield f"{head} >-{beside}"
        yield from _wrapped(folded, margin + INDENT, margin + INDENT)
    elif isinstance(value, tuple):
        yield from _of_several(head, beside, value, margin)
    else:
        yield f"{head} {_on_one_line(value)}{beside}"
    for text in entry.below:  # as deep as a folded text, a comment would be part of it
        yield from comment_lines(text, margin if folded is not None else margin + INDENT)


def _spread(value: Value, head: str) -> Value:
    """A text in two languages that is too long for one line, as a mapping; anything else as it is."""
    if not isinstance(value, Label) or value.fr == value.en or len(head) + len(value.fr) + len(value.en) + 18 <= WIDTH:
        return value
    return (Entry("fr", Label.same(value.fr)), Entry("en", Label.same(value.en)))


def _folded(value: Value, head: str) -> str | None:
    """The text that is better written on several lines; None for what stays on the line of its key."""
    if not isinstance(value, Label) or value.fr != value.en or len(head) + len(value.en) <= WIDTH or not _FOLDABLE.match(value.en):
        return None
    return value.en


def _of_several(head: str, beside: str, several: Sequence[str] | Sequence[Entry] | Sequence[Inline], margin: str) -> Iterator[str]:
    rows = [value for value in several if isinstance(value, Inline)]
    if rows:
        yield f"{head}{beside}"
        yield from (f"{margin}{INDENT}- {_on_one_line(row)}" for row in rows)
        return
    inner = [value for value in several if isinstance(value, Entry)]
    if inner:
        yield f"{head}{beside}"
        for entry in inner:
            yield from _lines(entry, margin + INDENT)
        return
    names = [scalar(value) for value in several if isinstance(value, str)]
    line = f"{head} [{', '.join(names)}]"
    if len(line) <= WIDTH:
        yield f"{line}{beside}"
        return
    yield f"{head}{beside}"
    yield from (f"{margin}{INDENT}- {name}" for name in names)


def _on_one_line(value: Value) -> str:
    match value:
        case str():
            return scalar(value)
        case Label() if value.fr == value.en:
            return quoted(value.en)
        case Label():
            return f"{{fr: {quoted(value.fr)}, en: {quoted(value.en)}}}"
        case Inline():
            return "{" + ", ".join(f"{scalar(entry.key)}: {_on_one_line(entry.value)}" for entry in value.entries) + "}"
        case tuple():
            return "[" + ", ".join(scalar(name) for name in value if isinstance(name, str)) + "]"
        case _:
            return str(value)


def scalar(text: str) -> str:
    """An id as it stands, in quotes where it could be taken for something else."""
    return text if _PLAIN.match(text) and text.lower() not in _TAKEN else quoted(text)


def quoted(text: str) -> str:
    """Any text in double quotes."""
    return json.dumps(text, ensure_ascii=False).translate(_ESCAPED)


def comment_lines(text: str, margin: str = "") -> list[str]:
    """A text as comment lines of readable width; an empty text is an empty comment."""
    start = f"{margin}# "
    hanging = f"{margin}#   " if text.startswith("- ") else start
    return _wrapped(_one_line(text), start, hanging) or [start.rstrip()]


def _wrapped(text: str, first: str, further: str) -> list[str]:
    """Lines of readable width that break at spaces only."""
    return wrap(text, WIDTH, initial_indent=first, subsequent_indent=further, break_long_words=False, break_on_hyphens=False)


def _one_line(text: str) -> str:
    return " ".join(text.translate(_BLANKED).split())
