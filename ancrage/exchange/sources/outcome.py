"""What an import gives: texts of files by name, counts, defects, whose texts these are."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO

from ancrage.domain.reference_model import Attribution
from ancrage.errors import Problem


@dataclass(frozen=True, slots=True)
class SourceImport:
    """Nothing is written yet. `files` are texts by name relative to the project; empty where the source has nothing to keep."""

    files: Mapping[str, str]
    counts: Mapping[str, int]
    defects: tuple[Problem, ...]
    attributions: tuple[Attribution, ...] = ()
    method: str = ""
    """The method of `ancrage score` that reads the ratings written, if any were."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Facts about the source that are worth showing: organisation, date."""


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as CSV. A text that a spreadsheet would run as a formula is kept from it by a quote in front."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "@", "\t", "\r") or (cell[:1] == "-" and len(cell) > 1) else cell
