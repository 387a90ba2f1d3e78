"""What `--method assessors` reads and answers."""

from __future__ import annotations

from ancrage.domain.assessment.methods.assessors import COMBINATIONS
from ancrage.domain.assessment.methods.base import MethodOption
from ancrage.domain.assessment.sheets.base import Column, Field, Part, Spec
from ancrage.domain.assessment.sheets.shared import DECIDED_BY, LEVEL_FIELDS, PROCESS, WHY
from ancrage.language import say

COMBINE = MethodOption(
    "combine",
    "mean",
    say("how the values of several assessors become the proposed value of a criterion (ASM-N1); the choice changes levels"),
    COMBINATIONS,
)

SPEC = Spec(
    name="assessors",
    version="1",
    rounding="none; a value on a limit belongs to the lower band",
    about=say("Criteria rated N P L F by several people: proposed and agreed values, disagreements, attributes and levels."),
    rules=("ASM-N1", "ASM-I1", "ASM-I3"),
    options=(COMBINE,),
    columns=(
        PROCESS,
        Column(
            "attribute",
            say("process attribute (1.1 to 5.2, then the process gets a level) or any other heading of criteria"),
            synonyms=("process_attribute", "pa", "practice", "attribut"),
        ),
        Column("criterion", say("criterion"), required=True, synonyms=("criteria", "question", "critère", "indicator")),
        Column("assessor", say("who rates"), required=True, synonyms=("person", "rater", "respondent", "évaluateur")),
        Column("rating", say("N, P, L, F, or a value from 0 to 1"), required=True, synonyms=("value", "score", "valeur")),
        Column(
            "agreed",
            say("rating people agreed on for the criterion, on any of its rows; it wins over the proposal"),
            synonyms=("consensus",),
        ),
        DECIDED_BY,
        Column("reason", say("why it was decided so"), synonyms=("why", "raison")),
    ),
    parts=(
        Part(
            "criteria",
            say("Criteria, largest disagreements first"),
            (
                Field("process", say("process")),
                Field("attribute", say("attribute")),
                Field("criterion", say("criterion")),
                Field("ratings", say("who said what, as assessor=rating")),
                Field("spread", say("distance between the lowest and the highest value, 0 to 1; 1 where applicability is disputed")),
                Field("proposed", say("value by the chosen combination; null without a rating")),
                Field("agreed", say("rating people agreed on; null while they have not")),
                Field("decided_by", say("who decided")),
                Field("reason", say("why")),
                Field("value", say("the value that counts: of the agreed rating, else the proposed one")),
                Field("standing", say("rated, not_applicable, not_rated, not_assessed or judge (some rate it, others say NA)")),
            ),
            key=("process", "attribute", "criterion"),
            main=("value",),
        ),
        Part(
            "attributes",
            say("Attributes"),
            (
                Field("process", say("process")),
                Field("attribute", say("attribute")),
                Field("value", say("mean over its criteria, 0 to 1; null while a criterion is not rated")),
                Field("rating", say("N, P, L, F; null without a value")),
                Field("standing", say("rated, not_applicable, not_rated, not_assessed or judge")),
                Field("by_min", say("rating had the assessors been combined by min")),
                Field("by_mean", say("rating had they been combined by mean")),
                Field("by_max", say("rating had they been combined by max")),
            ),
            key=("process", "attribute"),
            main=("value", "rating"),
        ),
        Part(
            "processes",
            say("Processes (attributes 1.1 to 5.2)"),
            (
                Field("process", say("process")),
                *LEVEL_FIELDS,
                Field("level_by_min", say("level had the assessors been combined by min")),
                Field("level_by_mean", say("level had they been combined by mean")),
                Field("level_by_max", say("level had they been combined by max")),
                WHY,
            ),
            key=("process",),
            main=("capability_level",),
        ),
    ),
    example=(
        ("process", "attribute", "criterion", "assessor", "rating"),
        ("incident", "1.1", "a", "Anne", "F"),
        ("incident", "1.1", "a", "Bruno", "L"),
        ("incident", "1.1", "b", "Anne", "P"),
        ("incident", "1.1", "b", "Bruno", "P"),
    ),
)
