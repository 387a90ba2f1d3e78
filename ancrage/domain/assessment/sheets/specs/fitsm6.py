"""What `--method fitsm6` reads and answers."""

from __future__ import annotations

from ancrage.domain.assessment.sheets.base import Column, Field, Part, Spec
from ancrage.domain.assessment.sheets.shared import PROCESS, WHY
from ancrage.language import say

_PROCESS = Field("process", say("process"))
_GROUP = Field("group", say("requirement group"))

SPEC = Spec(
    name="fitsm6",
    version="1",
    rounding="none",
    about=say("Requirements scored 0 to 4 against the goal of their group: who meets it, and the level of each group."),
    rules=("ASM-F1", "ASM-F2", "ASM-F3", "ASM-F4", "ASM-F5", "ASM-F6", "ASM-F7"),
    uses_model=True,
    columns=(
        PROCESS,
        Column("group", say("requirement group; empty: the part of the requirement before its dot"), synonyms=("area", "groupe")),
        Column("requirement", say("requirement, as in PR1.2"), required=True, synonyms=("practice", "req", "exigence", "id")),
        Column("score", say("whole number from 0 to 4"), required=True, synonyms=("value", "rating", "result", "note")),
        Column("goal", say("goal of the group, 1 to 4, on one or all of its rows"), synonyms=("target", "cible")),
        Column("scope", say("no: the requirement (or every row of the group) is out of scope; empty is yes"), synonyms=("in_scope",)),
    ),
    parts=(
        Part(
            "requirements",
            say("Requirements"),
            (
                _PROCESS,
                _GROUP,
                Field("requirement", say("requirement")),
                Field("score", say("0 to 4; null: unscored, which is not 0")),
                Field("standing", say("rated, not_applicable, not_rated or not_assessed")),
                Field("goal", say("goal of its group; null: none")),
                Field("status", say("out_of_scope, no_target, no_result, met or not_met: the first that matches (ASM-F3)")),
            ),
            key=("process", "requirement"),
            main=("score",),
        ),
        Part(
            "groups",
            say("Groups"),
            (
                _PROCESS,
                _GROUP,
                Field("in_scope", say("false: no requirement of it is in scope")),
                Field("goal", say("goal; null: none")),
                Field("goal_met", say("true only if every requirement in scope meets the goal; null without goal or scope")),
                Field("level", say("lowest requirement score; null while one is unscored (ASM-F5)")),
                Field("level_state", say("determined, not_determined, not_applicable or not_assessed")),
                Field("average", say("a trend that decides nothing (ASM-F6); null without a score")),
                Field("not_met", say("requirements below the goal")),
                Field("unscored", say("requirements without a score")),
                Field("out_of_scope", say("requirements out of scope or not applicable")),
                Field("blockers", say("what stands between the group and its next level")),
                WHY,
            ),
            key=("process", "group"),
            main=("goal", "goal_met", "level"),
        ),
        Part(
            "overall",
            say("Overall (our own formulas: FitSM has none, ASM-F7)"),
            (
                Field("lowest_level", say("level of the worst group in scope; null while one is not determined (ASM-K5)")),
                Field("worst_groups", say("the groups at that level")),
                Field("undetermined_groups", say("groups in scope without a level")),
                Field("groups_with_goal", say("groups in scope that have a goal")),
                Field("groups_meeting_goal", say("how many of them meet it")),
                Field("share_of_groups_meeting_goal", say("the second as a share of the first; null without a goal")),
                Field("share_of_requirements_met", say("requirements met as a share of those in scope with a goal")),
            ),
            single=True,
            main=("lowest_level",),
        ),
    ),
    example=(
        ("group", "requirement", "score", "goal", "scope"),
        ("PR1", "PR1.1", "3", "2", "yes"),
        ("PR1", "PR1.2", "1", "2", "yes"),
        ("PR1", "PR1.3", "", "2", "yes"),
    ),
)
