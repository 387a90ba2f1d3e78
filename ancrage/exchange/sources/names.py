"""Ids for what a source calls by free text."""

from __future__ import annotations

import re
import unicodedata

from ancrage.declarations.composites import is_id

LONGEST = 80


def slug(text: str) -> str:
    """An id made of a text: letters without accents, digits, `-` between words; `unnamed` where nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    return "-".join(words)[:LONGEST].strip("-") or "unnamed"


class Names:
    """Gives every thing an id of its own: its own word where that can be an id and is free, else one made of it."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def give(self, wanted: str) -> str:
        """A free id as near to `wanted` as can be; ids that differ only in capitals are the same one."""
        base = wanted if is_id(wanted) else slug(wanted)
        name, number = base, 1
        while name.casefold() in self._taken:
            number += 1
            name = f"{base[:LONGEST]}-{number}"
        self._taken.add(name.casefold())
        return name
