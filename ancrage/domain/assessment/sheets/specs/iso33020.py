"""What `--method iso33020` reads and answers."""

from __future__ import annotations

from ancrage.domain.assessment.methods.base import MethodOption
from ancrage.domain.assessment.methods.numbers import HALF_UP, LOWER, MEDIANS, ROUNDINGS
from ancrage.domain.assessment.sheets.base import Column, Field, Part, Spec
from ancrage.domain.assessment.sheets.shared import AGREED, DECIDED_BY, LEVEL_FIELDS, PROCESS, WHY
from ancrage.language import say

AGGREGATION = MethodOption(
    "aggregation",
    "mean",
    say("one rating from several of the same attribute: mean or median of N P L F as 0 1 2 3, or judgement by people (ASM-I5)"),
    ("mean", "median", "judgement"),
)
ROUNDING = MethodOption("rounding", HALF_UP, say("where a mean falls half way between two ratings (ASM-I5)"), ROUNDINGS)
MEDIAN = MethodOption("median", LOWER, say("which of two middle ratings is the median (ASM-I5)"), MEDIANS)

SPEC = Spec(
    name="iso33020",
    version="1",
    rounding="half_up, lower median",
    about=say("Process attributes rated N P L F or in percent, once or several times: capability levels 0 to 5."),
    rules=("ASM-I1", "ASM-I2", "ASM-I3", "ASM-I5"),
    options=(AGGREGATION, ROUNDING, MEDIAN),
    columns=(
        PROCESS,
        Column(
            "attribute",
            say("1.1, 2.1, 2.2, 3.1, 3.2, 4.1, 4.2, 5.1 or 5.2; PA may stand before it"),
            required=True,
            synonyms=("process_attribute", "pa", "attribut"),
        ),
        Column(
            "rating",
            say("N, P, L, F, refined P-, P+, L-, L+, or a percentage from 0 to 100"),
            required=True,
            synonyms=("value", "score", "percent", "achievement", "valeur"),
        ),
        Column(
            "instance",
            say("project, indicator or person the rating comes from; rows of one attribute are aggregated (ASM-I5)"),
            synonyms=("project", "unit", "indicator", "assessor", "projet"),
        ),
        AGREED,
        DECIDED_BY,
    ),
    parts=(
        Part(
            "attributes",
            say("Process attributes"),
            (
                Field("process", say("process")),
                Field("attribute", say("process attribute")),
                Field("level", say("capability level it belongs to")),
                Field("rating", say("N, P, L, F, or null")),
                Field("refined", say("N, P-, P+, L-, L+, F where one percentage or refined rating says so; else null")),
                Field("standing", say("rated, not_applicable, not_rated, not_assessed or judge")),
                Field("ratings", say("the ratings it was aggregated from, lowest first")),
                Field("decided_by", say("who decided the agreed rating")),
            ),
            key=("process", "attribute"),
            main=("rating",),
        ),
        Part(
            "processes",
            say("Processes"),
            (Field("process", say("process")), *LEVEL_FIELDS, WHY),
            key=("process",),
            main=("capability_level",),
        ),
    ),
    example=(
        ("process", "attribute", "rating"),
        ("incident", "1.1", "F"),
        ("incident", "2.1", "70%"),
        ("incident", "2.2", "L+"),
    ),
)
