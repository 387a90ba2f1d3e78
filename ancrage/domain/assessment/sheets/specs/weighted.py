"""What `--method weighted` reads and answers."""

from __future__ import annotations

from ancrage.domain.assessment.methods.base import MethodOption
from ancrage.domain.assessment.sheets.base import Column, Field, Part, Spec
from ancrage.domain.assessment.sheets.shared import COUNT_FIELDS
from ancrage.language import say

NA = MethodOption(
    "na",
    "leave_out",
    say("items that do not apply are left out, or count as if they reached their target (ASM-W2)"),
    ("leave_out", "target"),
)
SCALE = MethodOption(
    "scale",
    "auto",
    say("average scores, or shares of each item's own range; auto: shares where ranges differ (ASM-W3)"),
    ("auto", "score", "share"),
)

AVERAGES = (
    Field("average", say("sum(score x weight) / sum(weight); null: nothing scored, no score (ASM-W1, W2)")),
    Field("average_of_averages", say("mean of the averages of the sections directly below (and of the items of its own)")),
)
COMPLIANCE = Field("compliance", say("share (C + P/2) / (C + P + N); null where nothing was judged (ASM-W4)"))

SPEC = Spec(
    name="weighted",
    version="1",
    rounding="none",
    about=say("Scores with weights in sections, nested if need be, on one scale or several; compliance shares."),
    rules=("ASM-W1", "ASM-W2", "ASM-W3", "ASM-W4"),
    uses_model=True,
    options=(NA, SCALE),
    columns=(
        Column("section", say("section; A/B is section B in section A"), synonyms=("area", "group", "category", "chapitre")),
        Column("item", say("what is scored"), synonyms=("practice", "question", "requirement", "id", "criterion")),
        Column("score", say("a number"), synonyms=("value", "rating", "note", "answer")),
        Column("weight", say("a number from 0; empty is 1"), synonyms=("poids", "coefficient")),
        Column("minimum", say("lowest value of the item's scale"), synonyms=("min", "scale_min", "lowest")),
        Column("maximum", say("highest value of the item's scale"), synonyms=("max", "scale_max", "highest")),
        Column("target", say("target of the item, for --option na=target"), synonyms=("goal", "cible")),
        Column("compliance", say("C, P or N: compliant, partial, non-compliant"), synonyms=("conformity", "conformité", "status")),
    ),
    parts=(
        Part(
            "items",
            say("Items"),
            (
                Field("section", say("section")),
                Field("item", say("item")),
                Field("score", say("score as given; null: none")),
                Field("weight", say("weight")),
                Field("used", say("what entered the averages: score, share of range or target; null: left out")),
                Field("standing", say("rated, not_applicable, not_rated or not_assessed")),
                Field("compliance", say("C, P, N, or null")),
            ),
            key=("section", "item"),
            main=("score", "used"),
        ),
        Part(
            "sections",
            say("Sections"),
            (Field("section", say("section")), *AVERAGES, *COUNT_FIELDS, COMPLIANCE),
            key=("section",),
            main=("average", "average_of_averages"),
        ),
        Part(
            "overall",
            say("Overall"),
            (
                *AVERAGES,
                Field("unit", say("score, or share (of each item's own range, 0 to 1)")),
                Field("worst_sections", say("the sections with the lowest average (ASM-K5)")),
                Field("worst_average", say("their average")),
                *COUNT_FIELDS,
                COMPLIANCE,
            ),
            single=True,
            main=("average", "average_of_averages"),
        ),
    ),
    example=(
        ("section", "item", "score", "weight"),
        ("1", "a", "80", "1"),
        ("1", "b", "60", "1"),
        ("2", "c", "40", "1"),
        ("2", "d", "100", "3"),
    ),
)
