"""How the cells of an answer workbook look, and which of them may be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from ancrage.language import say

INK, SOFT, PAPER, LINE, ANSWERED = "#1f2933", "#5f6b76", "#eef2f6", "#c5ced8", "#fffbe6"
TEXT_FORMAT = "@"
"""A cell of this format keeps what is typed as text: `=1+1` stays four characters, `3` the code 3."""

LINE_HEIGHT, TITLE_HEIGHT = 15.0, 24.0
"""Points."""
MOST_HEIGHT = 409.0


@dataclass(frozen=True, slots=True)
class Looks:
    """The formats of one workbook; `answer` and `free` are the only cells that are not locked."""

    book: Any
    title: Any
    plain: Any
    soft: Any
    head: Any
    text: Any
    answer: Any
    free: Any
    id: Any

    @classmethod
    def of(cls, book: Any) -> Looks:
        # `quote_prefix` marks a text as a text: without it, a program that opens `=1+1` for editing makes a formula of it.
        base = {"font_color": INK, "quote_prefix": True, "valign": "top"}
        boxed = {**base, "border": 1, "border_color": LINE, "text_wrap": True}
        written = {**boxed, "locked": False, "num_format": TEXT_FORMAT, "bg_color": ANSWERED}
        return cls(
            book,
            title=book.add_format({**base, "bold": True, "font_size": 15}),
            plain=book.add_format(base),
            soft=book.add_format({**base, "font_color": SOFT, "text_wrap": True}),
            head=book.add_format({**boxed, "bold": True, "bg_color": PAPER, "valign": "vcenter"}),
            text=book.add_format(boxed),
            answer=book.add_format({**written, "bold": True}),
            free=book.add_format(written),
            id=book.add_format({**boxed, "font_color": SOFT, "font_size": 8}),
        )

    def count_of(self, all_of_them: int, language: str) -> Any:
        """Shows a number of answers together with how many are asked for."""
        words = say("of {count}", count=all_of_them).text(language)
        return self.book.add_format({"bold": True, "font_color": INK, "align": "left", "num_format": f'0" {words}"'})


def height_of(texts: Sequence[str], widths: Sequence[float]) -> float:
    """Points that a row needs for its wrapped texts, in columns of these widths (characters): LibreOffice does not find out by itself."""
    lines = [sum(max(1, ceil(1.1 * len(part) / width)) for part in text.split("\n")) for text, width in zip(texts, widths, strict=False)]
    return min(MOST_HEIGHT, LINE_HEIGHT * max(lines, default=1))
