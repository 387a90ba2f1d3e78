"""What `--method cmmi` reads and answers."""

from __future__ import annotations

from ancrage.domain.assessment.methods.cmmi_areas import WEAKNESSES
from ancrage.domain.assessment.sheets.base import Column, Field, Part, Spec
from ancrage.domain.assessment.sheets.shared import AGREED, COUNT_FIELDS, DECIDED_BY, LEVEL_FIELDS, PROCESS, WHY
from ancrage.language import say

_PROCESS = Field("process", say("process"))
_AREA = Field("area", say("practice area"))
_LEVEL = Field("level", say("capability level it belongs to"))
_GOAL = Field("goal", say("goal or practice group within the level"))

SPEC = Spec(
    name="cmmi",
    version="1",
    rounding="none",
    about=say("Characterised practices, grouped by area and capability level: levels of areas, blockers, maturity level."),
    rules=("ASM-C1", "ASM-C2", "ASM-C3", "ASM-C4", "ASM-C5"),
    uses_model=True,
    options=(WEAKNESSES,),
    columns=(
        PROCESS,
        Column("area", say("practice area; without it, all rows are one area"), synonyms=("practice_area", "process_area", "pa")),
        Column("level", say("capability level of the practice, 1 to 5; empty is 1"), synonyms=("capability_level", "practice_level")),
        Column("goal", say("goal or practice group, where a level has several"), synonyms=("practice_group", "group")),
        Column("practice", say("practice"), required=True, synonyms=("practice_id", "pratique", "id")),
        Column(
            "instance",
            say("project or unit in which the practice was looked at; rows of one practice are its instances (ASM-C2)"),
            synonyms=("project", "unit", "projet", "unité"),
        ),
        Column(
            "value",
            say("FI, LI, PI, NI or NY"),
            required=True,
            synonyms=("rating", "characterisation", "characterization", "score", "valeur"),
        ),
        AGREED,
        DECIDED_BY,
        Column(
            "significant",
            say("yes or no, the recorded judgement of ASM-C3: do the weaknesses of this row's group together hurt its goal significantly?"),
            synonyms=("weaknesses_significant", "significant_weaknesses", "judgement"),
        ),
        Column("judged_by", say("who judged the weaknesses")),
        Column("maturity_level", say("maturity level the area belongs to, 1 to 5 (ASM-C5)"), synonyms=("ml",)),
    ),
    parts=(
        Part(
            "practices",
            say("Practices"),
            (
                _PROCESS,
                _AREA,
                _LEVEL,
                _GOAL,
                Field("practice", say("practice")),
                Field("value", say("FI, LI, PI, NI, NY, NA, JUDGE (people must decide), or null")),
                Field("standing", say("rated, not_applicable, not_rated, not_assessed or judge")),
                Field("instances", say("values of its instances, best first")),
                Field("agreed", say("true: people decided the value")),
                Field("decided_by", say("who decided")),
            ),
            key=("process", "area", "practice"),
            main=("value",),
        ),
        Part(
            "groups",
            say("Goals and practice groups"),
            (
                _PROCESS,
                _AREA,
                _LEVEL,
                _GOAL,
                Field("status", say("satisfied, unsatisfied, not_rated, judge or not_applicable")),
                Field("open", say("practices without a usable value")),
                Field("weaknesses", say("practices rated below FI")),
                Field("significant", say("the recorded judgement of the weaknesses; null: none")),
                Field("judged_by", say("who judged")),
                Field("assumed", say("true: nobody judged the weaknesses, and they were taken as not significant")),
            ),
            key=("process", "area", "level"),
            main=("status",),
        ),
        Part(
            "areas",
            say("Areas"),
            (_PROCESS, _AREA, *LEVEL_FIELDS, *COUNT_FIELDS, WHY),
            key=("process", "area"),
            main=("capability_level",),
        ),
        Part(
            "maturity",
            say("Maturity level"),
            (
                Field("maturity_level", say("maturity level of the whole; null where no area has one")),
                Field("at_least", say("true: the next level only waits for answers")),
                Field("areas", say("how many areas it rests on")),
            ),
            single=True,
            main=("maturity_level",),
        ),
    ),
    example=(
        ("area", "level", "practice", "instance", "value"),
        ("planning", "1", "PLAN 1.1", "project A", "FI"),
        ("planning", "1", "PLAN 1.1", "project B", "LI"),
        ("planning", "2", "PLAN 2.1", "project A", "PI"),
    ),
)
