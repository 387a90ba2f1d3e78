"""The French catalogue: extract the program's sentences, merge them into the translation, compile it, and check all of that.

    python scripts/catalogue.py update    after sentences were added or changed: template and translation follow the code
    python scripts/catalogue.py compile   after sentences were translated: write the .mo that the program reads
    python scripts/catalogue.py check     what `make lint` asks: exit 1 and say what is missing, stale or wrongly filled
    python scripts/catalogue.py missing   print what waits for a translation

The English sentence is the key, so there is no English catalogue.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from string import Formatter

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ROOT / "ancrage" / "locales"
TEMPLATE = LOCALES / "ancrage.pot"
FRENCH = LOCALES / "fr" / "LC_MESSAGES" / "ancrage.po"
COMPILED = FRENCH.with_suffix(".mo")

METHODS = [("**/locales/**", "ignore"), ("**.py", "python"), ("**/templates/**.*", "jinja2")]
OPTIONS = {"**/templates/**.*": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {"N_": None, "say": None, "_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
BIRTHDAY = datetime(2026, 11, 22, tzinfo=UTC)
ABOUT = {
    "project": "Ancrage",
    "version": "1",
    "charset": "utf-8",
    "copyright_holder": "The Ancrage contributors",
    "msgid_bugs_address": "the issue tracker",
    "last_translator": "the Ancrage contributors",
    "language_team": "the Ancrage contributors",
}
PACKAGES = ("ancrage", "flows")

SPACED_SIGN = re.compile(r" [:;?!»%](?=[\s.,)]|$)|« ")  # an ordinary space where French sets one that does not break
CODE = re.compile(r"`[^`]*`")
STRAIGHT_APOSTROPHE = re.compile(r"[^\W\d_]'[^\W\d_]")


def extract() -> Catalog:
    """Every sentence of the code and the templates, in the order of their text; files are named, lines are not (they move)."""
    catalogue = empty()
    for package in PACKAGES:
        found = extract_from_dir(ROOT / package, METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True)
        for filename, _line, message, comments, context in found:
            catalogue.add(message, None, [(f"{package}/{filename}", 0)], auto_comments=comments, context=context)
    return catalogue


def empty(locale: str | None = None) -> Catalog:
    """A catalogue with our header and no sentence."""
    return Catalog(locale, header_comment="# Sentences of Ancrage. MIT licence, the Ancrage contributors.", fuzzy=False, **ABOUT)


def as_text(catalogue: Catalog) -> str:
    """The catalogue as a file, without the dates that would change at every run."""
    buffer = BytesIO()
    write_po(buffer, catalogue, sort_output=True, ignore_obsolete=True, include_lineno=False, width=120)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By')))


def merged() -> Catalog:
    """The French translation brought up to the code: new sentences empty, sentences that went away left out."""
    french = read_french()
    french.update(extract(), no_fuzzy_matching=True)
    return french


def read_french() -> Catalog:
    """The committed translation (an empty one where there is none yet)."""
    if not FRENCH.exists():
        return empty("fr")
    with FRENCH.open("rb") as stream:
        return read_po(stream, locale="fr")


def compiled(french: Catalog) -> bytes:
    """The binary form that gettext reads; its header carries a date, which is kept still."""
    french.creation_date = french.revision_date = BIRTHDAY
    buffer = BytesIO()
    write_mo(buffer, french)
    return buffer.getvalue()


def compilation_is_stale(french: Catalog) -> bool:
    """Whether the committed binary says something else than the translation (headers apart: they name the version of Babel)."""
    if not COMPILED.exists():
        return True
    with COMPILED.open("rb") as stream:
        return sentences(read_mo(stream)) != sentences(french)


def sentences(catalogue: Catalog) -> dict[object, object]:
    """Every translated sentence by its English."""
    return {_texts(message.id): _texts(message.string) for message in catalogue if message.id and all(_texts(message.string))}


def untranslated(french: Catalog) -> list[Message]:
    """Sentences without a French text, or with one marked as doubtful."""
    return [message for message in french if message.id and (message.fuzzy or not all(_texts(message.string)))]


def faults(french: Catalog) -> Iterator[str]:
    """What is wrong inside the translation: other fields than the English, or typography that no French reader would accept."""
    for message in french:
        if not message.id or not all(_texts(message.string)):
            continue
        asked = set().union(*map(fields, _texts(message.id)))
        for text in _texts(message.string):
            if fields(text) != asked and not (isinstance(message.id, tuple) and fields(text) <= asked):
                yield f"other fields than the English: {message.id!r} -> {text!r}"
            prose = CODE.sub("", text)
            if SPACED_SIGN.search(prose):
                yield f"a space that may break before a sign (use U+00A0): {text!r}"
            if STRAIGHT_APOSTROPHE.search(prose):
                yield f"a straight apostrophe (use U+2019): {text!r}"


def fields(text: str) -> set[str]:
    """The names a template is filled with: `{unit}`, and `%(unit)s` in pages."""
    braces = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    return braces | set(re.findall(r"%\((\w+)\)s", text))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (str(value or ""),)


def problems() -> list[str]:
    """Everything `check` finds; empty when code, template, translation and binary agree."""
    french = read_french()
    found = [f"no French: {message.id!r}" for message in untranslated(merged())]
    found += faults(french)
    if not TEMPLATE.exists() or as_text(extract()) != TEMPLATE.read_text(encoding="utf-8"):
        found.append(f"{TEMPLATE.relative_to(ROOT)} is stale: run `make catalogue`")
    if compilation_is_stale(french):
        found.append(f"{COMPILED.relative_to(ROOT)} is stale: run `make catalogue`")
    return found


def update() -> None:
    """Write template, translation and binary anew from the code and the translations at hand."""
    FRENCH.parent.mkdir(parents=True, exist_ok=True)
    french = merged()
    TEMPLATE.write_text(as_text(extract()), encoding="utf-8")
    FRENCH.write_text(as_text(french), encoding="utf-8")
    compile_()


def compile_() -> None:
    """Write the binary from the translation."""
    COMPILED.write_bytes(compiled(read_french()))


def main(verb: str) -> int:
    """Run one verb of this script; 1 when `check` finds something."""
    if verb == "check":
        found = problems()
        print("\n".join(found) or "catalogue: complete")
        return min(1, len(found))
    if verb == "missing":
        print("\n".join(str(message.id) for message in untranslated(merged())))
        return 0
    {"update": update, "compile": compile_}[verb]()
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
