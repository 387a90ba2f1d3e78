"""The reference pages that are made from the tables: every section and key of the language, every problem code."""

from __future__ import annotations

from collections.abc import Iterator

from ancrage.declarations.budgets import Amount, DelayKind
from ancrage.declarations.codes import BEYOND, PAGES, CodePage
from ancrage.declarations.codes.page import BASE
from ancrage.declarations.codes.page import SETTINGS as EXAMPLE_SETTINGS
from ancrage.declarations.composites import Field, ListOf, MapOf, Record
from ancrage.declarations.kinds import Choice, Kind, Reference
from ancrage.declarations.sections import SECTIONS, SETTINGS, Section
from ancrage.declarations.shapes.engagement import TriggerShape
from ancrage.declarations.shapes.organisation import HolidaysKind

MADE = "<!-- Made by `make reference`: change the tables in ancrage/declarations, not this page. -->"


def declarations_page() -> str:
    """docs/reference/declarations.md."""
    return "\n".join(_declarations()) + "\n"


def _declarations() -> Iterator[str]:
    yield "# The declaration language"
    yield f"\n{MADE}\n"
    yield (
        "A project is a folder with a file `project.yaml`, which holds the settings and lists the other files. Any section may stand "
        "in any file, and in several; ids are unique per section over all files; names may be used before they are declared.\n\n"
        "A *text* in the table is `{fr: ..., en: ...}`, or one text for both languages. Scalars mean what their key expects: `no` and "
        "`1.10` stay texts, dates need no quotes. Keys stand once; there are no aliases, anchors, tags or merge keys. "
        "[Problem codes](problems.md) says what is refused and why."
    )
    yield "\n## Settings (`project.yaml`)\n"
    yield from _table(SETTINGS)
    for section in SECTIONS.values():
        yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    form = "A list." if section.is_list else "By id."
    yield f"\n## `{section.name}`\n"
    yield f"{section.meaning} {form}\n"
    yield from _table(section.record)


def _table(record: Record) -> Iterator[str]:
    yield "| key | | what | meaning |"
    yield "| --- | --- | --- | --- |"
    yield from _rows(record, "")


def _rows(record: Record, prefix: str) -> Iterator[str]:
    for field in record.fields.values():
        yield f"| `{prefix}{field.name}` | {'required' if field.required else ''} | {form_of(field.kind)} | {_cell(field)} |"
        inner, step = _inside(field.kind)
        if inner is not None:
            yield from _rows(inner, f"{prefix}{field.name}{step}.")


def _cell(field: Field) -> str:
    return field.meaning.replace("|", "\\|")


def _inside(kind: Kind) -> tuple[Record | None, str]:
    """The record whose keys are shown below a field, and how one gets into it."""
    match kind:
        case Record():
            return kind, ""
        case ListOf(item=Record() as item):
            return item, "[]"
        case MapOf(item=Record() as item):
            return item, ".*"
        case _:
            return None, ""


def form_of(kind: Kind) -> str:
    """What may be written, in a few words."""
    match kind:
        case ListOf():
            return f"list of {form_of(kind.item)}"
        case MapOf():
            return "mapping by id"
        case Record():
            return "mapping"
        case Reference():
            return f"id of a {kind.target.replace('_', ' ')}"
        case Choice():
            return ", ".join(f"`{word}`" for word in kind.words)
        case Amount() | DelayKind() | TriggerShape() | HolidaysKind():
            return str(kind.expected)
        case _:
            return str(kind.expected).removeprefix("a ").removeprefix("an ")


def problems_page() -> str:
    """docs/reference/problems.md."""
    return "\n".join(_problems()) + "\n"


def _problems() -> Iterator[str]:
    yield "# Problem codes"
    yield f"\n{MADE}\n"
    yield (
        "`ancrage check` names each problem with a code; `ancrage explain CODE` shows its entry here. `E-` refuses the declarations, `W-` "
        "lets them pass and is shown. Every example is loaded by a test: the wrong one has the problem, the right one has not. "
        "Examples extend this small project:\n"
    )
    yield from _yaml(f"# project.yaml\n{EXAMPLE_SETTINGS}\n# base.yaml\n{BASE}")
    for title, letter in (("Errors", "E-"), ("Warnings", "W-")):
        yield f"\n## {title}"
        for code in sorted(PAGES):
            if code.startswith(letter):
                yield from _problem(PAGES[code])
    yield "\n## In other files and questions\n"
    yield (
        "Tables of ratings, scenarios, the settings file, and what is asked of a campaign. An example that starts with `$ ancrage` is "
        "run by a test."
    )
    for code in sorted(BEYOND):
        yield from _problem(BEYOND[code])


def _problem(page: CodePage) -> Iterator[str]:
    yield f"\n### {page.code}\n"
    yield f"{page.title}. {page.why}\n"
    yield "Wrong:\n"
    yield from _yaml(page.wrong)
    yield "\nRight:\n"
    yield from _yaml(page.right)


def _yaml(text: str) -> Iterator[str]:
    yield "```yaml"
    yield text.rstrip("\n")
    yield "```"
