"""Texts of a library in its languages."""

from __future__ import annotations

from ancrage.exchange.sources.yaml_source import Item
from ancrage.language import LANGUAGES, Label, say


def label(item: Item, key: str) -> Label:
    """A text in French and English, each where it is there, the text of the library where not; other languages are told."""
    own = item.text(key) or ""
    found = {language: "" for language in LANGUAGES}
    translations = item.mapping("translations")
    for language in translations.node.entries if translations else ():
        assert translations is not None
        if language in found:
            said = translations.mapping(language)
            found[language] = (said.text(key) if said else None) or ""
        else:
            message = say("language {language} is not taken over", language=language[:20])
            item.defects.repeat("W-LEFT-OUT", message, translations.place(language), say("left out: labels are French and English"))
    return Label(found["fr"] or own, found["en"] or own)
