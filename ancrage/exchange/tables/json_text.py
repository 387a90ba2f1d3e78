"""A table as one JSON object: columns with their words, facts, and a row per object; lists stay lists, nothing stays null."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from ancrage.exchange.tables.table import Table, Value, plain

SHAPE, VERSION = "ancrage.table", 1


def render_json(table: Table, language: str) -> bytes:
    """The object in UTF-8, words in one language; one row per line, so that large tables can be compared line by line."""
    names = [column.name for column in table.columns]
    head = {
        "shape": SHAPE,
        "version": VERSION,
        "table": table.name,
        "title": table.title.text(language),
        "facts": {name: _json(value, language) for name, _, value in table.facts},
        "columns": [{"name": it.name, "label": it.head.text(language), "kind": it.kind.value} for it in table.columns],
    }
    lines = [_line(dict(zip(names, (_json(value, language) for value in row), strict=True))) for row in table.rows]
    rows = "[\n" + ",\n".join(lines) + "\n]" if lines else "[]"
    return (_line(head)[:-1] + f', "rows": {rows}}}\n').encode()


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _json(value: Value, language: str) -> str | bool | int | float | Sequence[str] | None:
    match plain(value, language):
        case datetime() | date() as moment:
            return moment.isoformat()
        case tuple() as several:
            return list(several)
        case other:
            return other
