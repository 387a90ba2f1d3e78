"""A table as CSV by RFC 4180: comma, quotation marks doubled, lines ended by CR LF, the names of the columns in the first one.

A spreadsheet program takes a text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return for a formula. Such a text, and one that
begins with an apostrophe, gets an apostrophe before it: a program that reads the file takes one leading apostrophe off. Numbers, days and
instants are no texts and stay as they are.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, datetime
from io import StringIO

from ancrage.exchange.tables.table import Table, Value, plain

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "'", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}", "\N{FULLWIDTH COMMERCIAL AT}")
"""First characters of a text that gets an apostrophe; the last ones are taken for formulas by programs set to Japanese."""
SEPARATOR = "; "


def render_csv(table: Table, language: str, *, mark: bool = False) -> bytes:
    """The table in UTF-8. With `mark` it begins with a byte order mark, by which Excel sees that it is UTF-8."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows(list(_cells(row, language)) for row in table.rows)
    return text.getvalue().encode("utf-8-sig" if mark else "utf-8")


def _cells(row: object, language: str) -> Iterator[str]:
    assert isinstance(row, tuple | list)
    for value in row:
        yield cell_of(value, language)


def cell_of(value: Value, language: str) -> str:
    """One cell: empty where there is nothing, `true` or `false`, ISO 8601 with its offset, or a text that no program computes."""
    match plain(value, language):
        case None:
            return ""
        case bool() as flag:
            return "true" if flag else "false"
        case datetime() | date() as moment:
            return moment.isoformat()
        case tuple() as several:
            return harmless(SEPARATOR.join(several))
        case str() as text:
            return harmless(text)
        case number:
            return repr(number)


def harmless(text: str) -> str:
    """The text with an apostrophe before it where it could be taken for a formula."""
    return f"'{text}" if text.startswith(RISKY) else text
