"""Codes of reference models: what comes before what, and the words of answers."""

from __future__ import annotations

from ancrage.declarations.codes.page import CodePage
from ancrage.language import N_

_MODEL = """reference_models:
  m:
    name: M
    version: "1.0"
    method: cmmi
    scale: [{code: FI, label: Yes}, {code: NI, label: No}]
    answer_sets: {often: {labels: {FI: Always}}}
    areas:
      need: {name: Need, practices: {ask: {name: Ask%s}, look: {name: Look%s}}}
"""

PAGES = (
    CodePage(
        "E-REQUIRES-UNKNOWN",
        N_("A practice requires one that is not there"),
        N_("Prerequisites are practices of the same reference model, by their id."),
        _MODEL % (", requires: [loook]", ""),
        _MODEL % (", requires: [look]", ""),
    ),
    CodePage(
        "E-REQUIRES-CYCLE",
        N_("Practices require each other"),
        N_("Each would have to come before the other: none could ever be the first."),
        _MODEL % (", requires: [look]", ", requires: [ask]"),
        _MODEL % (", requires: [look]", ""),
    ),
    CodePage(
        "E-ANSWERS-UNKNOWN",
        N_("An answer set, or a code in one, is not declared"),
        N_("A practice names the answer set whose words are shown; the set words codes of the scale."),
        _MODEL % (", answers: seldom", ""),
        _MODEL % (", answers: often", ""),
    ),
)
