"""Tables of the command line: columns as wide as their widest cell; cut to a terminal, whole when piped."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence

from ancrage.cli.invocation import Invocation
from ancrage.language import Label, Message

Cell = str | int | float | Message | Label | None
GAP = "  "


def show_table(asked: Invocation, heads: Sequence[Message], rows: Iterable[Sequence[Cell]], empty: Message) -> None:
    """Print a table, or `empty` where there is no row. The widest column gives way when the terminal is too narrow."""
    texts = [[_text(asked, cell) for cell in row] for row in rows]
    if not texts:
        asked.show(empty)
        return
    head = [asked.text(cell) for cell in heads]
    widths = [max(len(row[column]) for row in [head, *texts]) for column in range(len(head))]
    overflow = sum(widths) + len(GAP) * (len(widths) - 1) - shutil.get_terminal_size((160, 24)).columns
    if overflow > 0 and sys.stdout.isatty():
        widest = widths.index(max(widths))
        widths[widest] = max(12, widths[widest] - overflow)
    for row in [head, ["-" * width for width in widths], *texts]:
        asked.show(GAP.join(_cut(cell, width).ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _text(asked: Invocation, cell: Cell) -> str:
    if cell is None:
        return "-"
    return asked.text(cell) if isinstance(cell, str | Message | Label) else f"{cell:g}"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
