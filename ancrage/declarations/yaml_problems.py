"""What the strict reader refuses, each as one problem with its hint."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from yaml.reader import ReaderError

from ancrage.errors import Place, Problem
from ancrage.language import Message, say

if TYPE_CHECKING:
    from ancrage.declarations.strict_yaml import Document


def not_readable(where: Place, path: Path, error: OSError) -> Problem:
    """A file that is missing, a folder, or that may not be opened."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return Problem("E-FILE-MISSING", say("there is no file {path}", path=where.path), where, hint=_neighbours(path))
    if isinstance(error, IsADirectoryError):
        return Problem("E-FILE-UNREADABLE", say("{path} is a folder, not a file", path=where.path), where, hint=say("name a file in it"))
    hint = say("only plain files that you may read are taken")
    found = say("{path} cannot be read: {reason}", path=where.path, reason=error.strerror or error)
    return Problem("E-FILE-UNREADABLE", found, where, hint=hint)


def _neighbours(path: Path) -> Message:
    try:
        names = sorted(found.name for found in path.parent.iterdir() if found.suffix in (".yaml", ".yml"))[:5]
    except OSError:
        return say("its folder does not exist either")
    if not names:
        return say("its folder holds no YAML file")
    return say("in its folder: {names}", names=", ".join(names))


def too_big(where: Place, size: int, allowed: int) -> Problem:
    found = say("the file has {size} MB, at most {allowed} MB are read", size=round(size / 1048576, 1), allowed=round(allowed / 1048576, 1))
    return Problem("E-FILE-SIZE", found, where, hint=say("split it into several files and list them under include"))


def binary(where: Place) -> Problem:
    hint = say("declarations are YAML texts in UTF-8")
    return Problem("E-FILE-BINARY", say("this is not a text file: it contains NUL bytes"), where, hint=hint)


def not_utf8(where: Place) -> Problem:
    return Problem("E-FILE-ENCODING", say("the text is not UTF-8 from here on"), where, hint=say("save the file as UTF-8 in your editor"))


def empty(where: Place) -> Problem:
    hint = say("write at least one section, or take the file out of include")
    return Problem("E-FILE-EMPTY", say("the file declares nothing"), where, hint=hint)


def too_deep(where: Place, allowed: int) -> Problem:
    hint = say("no declaration needs that depth")
    return Problem("E-YAML-DEPTH", say("nested more than {allowed} levels deep", allowed=allowed), where, hint=hint)


def too_many(where: Place, allowed: int) -> Problem:
    hint = say("split it into several files and list them under include")
    return Problem("E-YAML-TOO-MANY", say("more than {allowed} keys and values in one file", allowed=allowed), where, hint=hint)


def too_many_problems(where: Place, allowed: int) -> Problem:
    found = say("more than {allowed} problems in this file; the others are not shown", allowed=allowed)
    return Problem("E-TOO-MANY-PROBLEMS", found, where, hint=say("repair these, then check again"))


def several_documents(where: Place) -> Problem:
    hint = say("take this line away, or put what follows into its own file")
    return Problem("E-YAML-DOCUMENTS", say("a second document starts here"), where, say("only one document per file"), hint)


def alias(where: Place, name: str) -> Problem:
    hint = say("write the value out: aliases can make a small file huge")
    return Problem("E-YAML-ALIAS", say('alias "{name}" is not allowed', name=name), where, say("an alias"), hint)


def anchor(where: Place, name: str) -> Problem:
    hint = say("take the anchor away and write the value out where it is used")
    return Problem("E-YAML-ANCHOR", say('anchor "{name}" is not allowed', name=name), where, say("an anchor"), hint)


def tag(where: Place, name: str) -> Problem:
    hint = say("take the tag away; what a value means is known from its key")
    return Problem("E-YAML-TAG", say('tag "{name}" is not allowed', name=name), where, say("a tag"), hint)


def merge_key(where: Place) -> Problem:
    hint = say("write out the keys that should be merged in")
    return Problem("E-YAML-MERGE", say('merge keys ("<<") are not allowed'), where, say("a merge key"), hint)


def odd_key(where: Place) -> Problem:
    return Problem("E-YAML-KEY", say("a key must be a text"), where, say("not a text"), say('write "key: value" with a name as the key'))


def duplicate_key(where: Place, key: str, first: Place) -> Problem:
    found = say('key "{key}" stands twice in the same mapping', key=key)
    hint = say("the first stands on line {line}; keep one of the two", line=first.line)
    return Problem("E-YAML-DUPLICATE", found, where, say("again"), hint, (first,))


def syntax(error: yaml.YAMLError, document: Document) -> Problem:
    """The one problem of a text that is not YAML, in our words where libyaml's are known."""
    if isinstance(error, ReaderError):
        return _strange_character(error, document)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = str(getattr(error, "problem", None) or error)
    found, hint = _KNOWN.get(reason, (say("this is not YAML: {reason}", reason=reason), say("look at the line before, too")))
    opened = getattr(error, "context_mark", None)
    related = (document.place_of_mark(opened),) if opened is not None and mark is not None and opened.line != mark.line else ()
    return Problem("E-YAML-SYNTAX", found, document.place_of_mark(mark), say("reading stopped here"), hint, related)


def _strange_character(error: ReaderError, document: Document) -> Problem:
    code = error.character if isinstance(error.character, int) else 0
    at = document.text.find(chr(code))
    before = re.split("\r\n|[\n\r\x85\u2028\u2029]", document.text[: max(at, 0)])
    where = Place(document.name, len(before), len(before[-1]) + 1, document.source_line(len(before)))
    found = say("control character U+{code} is not allowed in YAML", code=f"{code:04X}")
    return Problem("E-YAML-SYNTAX", found, where, say("reading stopped here"), say("delete this character"))


_COLLECTION = say("a list or mapping is not closed, or the indentation does not match the lines above")
_INDENT = say("align this line with its neighbours, and close every bracket and quote")
_KNOWN: dict[str, tuple[Message, Message]] = {
    "mapping values are not allowed in this context": (
        say('a ":" stands where no key can be'),
        say("put a text that contains a colon in quotes, or check the indentation"),
    ),
    "found character that cannot start any token": (
        say("a value cannot start with this character"),
        say("put the value in quotes; indent with spaces, never with tabs"),
    ),
    "found unexpected end of stream": (say("a quoted text is never closed"), say("add the closing quote")),
    "did not find expected ',' or ']'": (say('a list that starts with "[" is never closed'), say('add the closing "]"')),
    "did not find expected ',' or '}'": (say('a mapping that starts with "{{" is never closed'), say('add the closing "}}"')),
    "did not find expected key": (_COLLECTION, _INDENT),
    "did not find expected '-' indicator": (_COLLECTION, _INDENT),
    "did not find expected node content": (_COLLECTION, _INDENT),
    "could not find expected ':'": (say('a key without ":"'), say('write "key: value", with a space after the colon')),
    "found unknown escape character": (
        say('an unknown escape after "\\" in a text in double quotes'),
        say('use single quotes, or write "\\\\" for a backslash'),
    ),
    "found undefined tag handle": (say("a tag is not allowed"), say("put a value that starts with an exclamation mark in quotes")),
    "found incompatible YAML document": (say("only YAML 1.1 and 1.2 are read"), say("take the %YAML line away")),
}
