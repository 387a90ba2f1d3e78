"""The words of an answer cell: what the list offers, and what people may have written instead."""

from __future__ import annotations

from collections.abc import Sequence

from ancrage.domain.assessment.types import NOT_APPLICABLE
from ancrage.domain.reference_model import ScaleValue
from ancrage.language import LANGUAGES, Label, say

NOT_APPLICABLE_WORD = say("not applicable")


def choices(scale: Sequence[ScaleValue]) -> tuple[tuple[str, Label], ...]:
    """Code and words of every allowed answer: the scale in its order, then not applicable."""
    return (*((value.code, value.label) for value in scale), (NOT_APPLICABLE, NOT_APPLICABLE_WORD.label()))


def shown(code: str, label: Label, language: str) -> str:
    """An answer as the list offers it: `FI · Fully implemented`."""
    text = label.text(language)
    return f"{code} · {text}" if text and text != code else code


class AnswerWords:
    """Finds the code that a cell means: what the list offers, the code alone, or its words alone, in either language and any case."""

    def __init__(self, scale: Sequence[ScaleValue]) -> None:
        offered = choices(scale)
        self.codes = tuple(code for code, _ in offered)
        self._exact: dict[str, str] = {code: code for code in self.codes}
        self._known: dict[str, str] = {}
        by_code = [(code, code) for code, _ in offered]
        as_shown = [(shown(code, label, language), code) for code, label in offered for language in LANGUAGES]
        by_words = [(label.text(language), code) for code, label in offered for language in LANGUAGES]
        for text, code in (*by_code, *as_shown, *by_words):  # a code goes before the words of another one
            self._known.setdefault(_folded(text), code)
        self._known.pop("", None)

    def code_of(self, text: str) -> str | None:
        """The code; None when the text is no answer of this scale."""
        found = self._exact.get(text)
        if found is None:
            found = self._known.get(_folded(text))
            if found is not None:
                self._exact[text] = found
        return found


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()
