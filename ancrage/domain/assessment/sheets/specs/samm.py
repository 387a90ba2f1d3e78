"""What `--method samm` reads and answers."""

from __future__ import annotations

from ancrage.domain.assessment.sheets.base import Column, Field, Part, Spec
from ancrage.domain.assessment.sheets.shared import PROCESS
from ancrage.language import say

_TEAM = Field("team", say("team, process or scope"))
_FUNCTION = Field("function", say("business function"))
_PRACTICE = Field("practice", say("security practice"))

SCORE_FIELDS = (
    Field("score", say("0 to 3; null where no activity was answered")),
    Field("counted", say("the score as the overall figure counts it: unanswered is 0 (ASM-S3)")),
    Field("maximum", say("what could be reached without activities that do not apply (ASM-S6)")),
    Field("answered", say("activities with an answer, 0 included")),
    Field("not_applicable", say("activities that do not apply")),
    Field("not_rated", say("activities asked and not answered")),
    Field("not_assessed", say("activities nobody was asked about")),
)
TARGET_FIELDS = (
    Field("baseline", say("score of the baseline; null unless every activity that applies has one")),
    Field("target", say("score of the target, where an activity without one stays as it is; null without any")),
    Field("percent_to_target", say("share 0 to 1: 1 - sum(max(0, target - current)) / sum(target) over activities (ASM-S4)")),
    Field("progress", say("share: (current - baseline) / (target - baseline) (ASM-S5)")),
)

SPEC = Spec(
    name="samm",
    version="1",
    rounding="none",
    about=say("Activities answered 0, 0.25, 0.5 or 1: streams, practices, functions, overall, and the way to the target."),
    rules=("ASM-S1", "ASM-S2", "ASM-S3", "ASM-S4", "ASM-S5", "ASM-S6", "ASM-S7"),
    uses_model=True,
    columns=(
        Column("team", PROCESS.help, synonyms=("process", "scope", "processus", "équipe", "project")),
        Column(
            "activity",
            say("code of the activity, as in D-SA-A-1 or D-SA-1-A; or give practice, stream and level"),
            synonyms=("id", "code", "question", "question_code", "activité"),
        ),
        Column("function", say("business function; empty: from the activity's code"), synonyms=("business_function", "fonction")),
        Column("practice", say("security practice; empty: from the activity's code"), synonyms=("security_practice", "pratique")),
        Column("stream", say("A or B")),
        Column("level", say("1, 2 or 3"), synonyms=("maturity", "maturity_level", "niveau")),
        Column("answer", say("0, 0.25, 0.5 or 1"), required=True, synonyms=("score", "value", "current", "rating", "réponse")),
        Column("target", say("answer wanted: 0, 0.25, 0.5 or 1"), synonyms=("cible", "goal")),
        Column("baseline", say("answer at the start: 0, 0.25, 0.5 or 1"), synonyms=("start", "départ")),
    ),
    parts=(
        Part(
            "streams",
            say("Streams"),
            (
                _TEAM,
                _FUNCTION,
                _PRACTICE,
                Field("stream", say("A or B")),
                *SCORE_FIELDS,
                *TARGET_FIELDS,
                Field("priority", say("(1 + target - current)^2 - 1, of 15 (ASM-S7); null without target")),
                Field("priority_share", say("the same as a share of 15")),
            ),
            key=("team", "practice", "stream"),
            main=("score",),
        ),
        Part(
            "practices",
            say("Practices"),
            (_TEAM, _FUNCTION, _PRACTICE, *SCORE_FIELDS, *TARGET_FIELDS),
            key=("team", "practice"),
            main=("score",),
        ),
        Part("functions", say("Functions"), (_TEAM, _FUNCTION, *SCORE_FIELDS, *TARGET_FIELDS), key=("team", "function"), main=("score",)),
        Part(
            "overall",
            say("Overall"),
            (
                _TEAM,
                *SCORE_FIELDS,
                *TARGET_FIELDS,
                Field("worst_practices", say("the practices with the lowest counted score (ASM-K5)")),
                Field("worst_score", say("their counted score")),
            ),
            key=("team",),
            main=("score",),
        ),
    ),
    example=(
        ("activity", "answer", "target", "baseline"),
        ("D-SA-A-1", "0.5", "1", "0.25"),
        ("D-SA-A-2", "0.25", "0.5", "0"),
        ("D-SA-A-3", "", "0.25", "0"),
        ("D-SA-B-1", "0", "1", "0"),
        ("D-SA-B-2", "NA", "", ""),
    ),
)
