"""The two languages of Ancrage: labels that people declare, and messages that the program says.

A *label* is declared text, one version per language. A *message* is the program's own sentence: an English template (the key
of the gettext catalogue) and the values that fill it, translated only when it is shown. Nothing here knows who reads.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LANGUAGES = ("fr", "en")
DEFAULT_LANGUAGE = "en"
DOMAIN = "ancrage"
LOCALES = Path(__file__).parent / "locales"


@dataclass(frozen=True, slots=True)
class Label:
    """A declared text in French and English; either may be empty, never both."""

    fr: str = ""
    en: str = ""

    def text(self, language: str) -> str:
        """The text in `language` ("fr" or "en"), or in the other language where this one is missing."""
        return (self.fr or self.en) if language == "fr" else (self.en or self.fr)

    @classmethod
    def same(cls, text: str) -> Label:
        """One text for both languages: a name, an identifier."""
        return cls(fr=text, en=text)


def N_(template: str) -> str:  # noqa: N802 - the gettext marker every extractor knows
    """Mark a template for the catalogue without translating it here."""
    return template


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALES, languages=[language], fallback=language == DEFAULT_LANGUAGE)


def translate(template: str, language: str) -> str:
    """The template in `language`; values are filled in afterwards."""
    return _catalogue(language).gettext(template)


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence of the program: a template marked with `N_`, and named values (`str.format` fields)."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str = DEFAULT_LANGUAGE) -> str:
        """The sentence in `language`; values that are themselves labels or messages are put in the same language."""
        filled = {name: _shown(value, language) for name, value in self.values.items()}
        return translate(self.template, language).format(**filled)

    def label(self) -> Label:
        """The sentence in both languages, to be stored as a title."""
        return Label(fr=self.text("fr"), en=self.text("en"))

    def __str__(self) -> str:
        return self.text()


def _shown(value: object, language: str) -> object:
    return value.text(language) if isinstance(value, Label | Message) else value


def say(template: str, /, **values: object) -> Message:
    """A message from a literal template: `say("unit {unit} is not declared", unit=...)`; extractors treat it like gettext."""
    return Message(template, values)
