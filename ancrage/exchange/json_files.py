"""Reads a JSON file of somebody else's into the tree of the strict reader, so that every value knows its line and column.

JSON is nearly a part of YAML, and the strict reader takes it: what it refuses (size, binary, a key twice, depth) is refused here in
the same words. What YAML would take and JSON does not (single quotes, comments, a comma too many) is refused first.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from ancrage.declarations.strict_yaml import Document, Limits, read_yaml, read_yaml_text
from ancrage.errors import Place, Problem
from ancrage.language import say

LIMITS = Limits(bytes=4 * 1024 * 1024, depth=32, events=400_000)

_ESCAPE = re.compile(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|.)")
_ONLY_JSON = {code: f"\\u{code:04x}" for code in (0x7F, *range(0x80, 0xA0), 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)}
"""Characters that may stand in a JSON text as they are, and that YAML refuses or takes for the end of a line."""

_KNOWN = {
    "Expecting value": say("a value is missing"),
    "Expecting property name": say("a key in double quotes is missing"),
    "Expecting ','": say("a comma or a closing bracket is missing"),
    "Expecting ':'": say("a colon is missing"),
    "Illegal trailing comma": say("a comma before a closing bracket"),
    "Extra data": say("something follows the end of the value"),
    "Unterminated string": say("a quoted text is never closed"),
    "Invalid control character": say("a line end or another control character inside a text"),
    "Invalid": say("an unknown escape"),
}
"""What Python's reader says, by the beginning of it, in our words."""


def read_json(path: Path, name: str, limits: Limits = LIMITS) -> Document:
    """Read one JSON file; `name` is how problems call it. Never raises for bad input: the problems stand in the document.

    A file that cannot be read as a whole, or is no JSON, has no root and `is_whole` False.
    """
    document = read_yaml(path, name, limits=limits)
    if not document.text or any(problem.code.startswith("E-FILE") for problem in document.problems):
        return document
    if any(problem.code in ("E-YAML-DEPTH", "E-YAML-TOO-MANY") for problem in document.problems):
        return document  # refused before it is looked at as JSON, whose reader has no such bounds
    broken = _syntax_problem(document)
    if broken is not None:
        refused = Document(name, document.text)
        refused.problems.append(broken)
        return refused
    text = _for_yaml(document.text)
    return document if text == document.text else read_yaml_text(text, name, limits=limits)


def _syntax_problem(document: Document) -> Problem | None:
    try:
        json.loads(document.text, parse_int=str, parse_float=str)
    except json.JSONDecodeError as error:
        source = document.source_line(error.lineno)
        place = Place(document.name, error.lineno, error.colno, source)
        reason = next((known for start, known in _KNOWN.items() if error.msg.startswith(start)), error.msg)
        hint = say("look at the end of the line before, too")
        return Problem("E-JSON-SYNTAX", say("this is not JSON: {reason}", reason=reason), place, say("reading stopped here"), hint)
    return None


def _for_yaml(text: str) -> str:
    """The same JSON in characters and escapes that YAML reads alike; only the rest of such a line moves."""
    return _ESCAPE.sub(_character, text).translate(_ONLY_JSON)


def _character(found: re.Match[str]) -> str:
    return str(json.loads(f'"{found[0]}"')) if len(found[0]) > 2 else found[0]
