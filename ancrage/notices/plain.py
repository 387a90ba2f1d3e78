"""Text that others declared or that a server said, made safe for a header, a line of text or a calendar file."""

from __future__ import annotations

import unicodedata

LONGEST_TEXT = 1000


def one_line(text: str, longest: int = LONGEST_TEXT) -> str:
    """Declared text on one line, without characters that could forge a header, a line of text or a direction of writing."""
    plain = " ".join(word for word in "".join(map(_harmless, text)).split(" ") if word)
    return plain if len(plain) <= longest else f"{plain[: longest - 1].rsplit(' ', 1)[0]}…"


def _harmless(character: str) -> str:
    """Spaces for control, format and line separator characters; non-breaking spaces and joiners of real scripts stay."""
    hidden = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in "\u200c\u200d"
    return " " if hidden else character
