"""Writes what is made from the tables of the language: JSON Schemas and reference pages. `python -m ancrage.declarations.generate`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ancrage.declarations.json_schema import schemas
from ancrage.declarations.reference_pages import declarations_page, problems_page


def generated_files() -> dict[str, str]:
    """Text by path from the root of the checkout."""
    files = {f"process_maps/schemas/{name}": text for name, text in schema_texts().items()}
    return {**files, "docs/reference/declarations.md": declarations_page(), "docs/reference/problems.md": problems_page()}


def schema_texts() -> dict[str, str]:
    """The JSON Schemas as texts by file name."""
    return {name: json.dumps(schema, indent=1) + "\n" for name, schema in schemas().items()}


def stale_files(root: Path) -> list[str]:
    """Paths below `root` whose text is not what the tables give; empty when everything is up to date."""
    return [name for name, text in generated_files().items() if not (root / name).is_file() or (root / name).read_text("utf-8") != text]


def write_files(root: Path) -> None:
    """Write every file below `root`."""
    for name, text in generated_files().items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_files(Path(sys.argv[1]) if len(sys.argv) > 1 else Path())
