"""What `--method dsomm` reads and answers."""

from __future__ import annotations

from ancrage.domain.assessment.methods.base import MethodOption
from ancrage.domain.assessment.methods.dsomm import DEFAULT_STATES
from ancrage.domain.assessment.sheets.base import Column, Field, Part, Spec
from ancrage.language import say

STATES = MethodOption("states", DEFAULT_STATES, say("names of states with their percentages, as in Started=20, Done=100"))
AS_OF = MethodOption("as_of", "", say("a day, as in 2026-03-01: states reached later are left out; empty: all count"))

_DIMENSION = Field("dimension", say("dimension"))
_SUB_DIMENSION = Field("sub_dimension", say("sub-dimension"))
_LEVEL = Field("level", say("level"))
_COUNTED = Field("counted", say("the share as the next mean counts it: without a dated state 0; null where it applies to no team"))

SPEC = Spec(
    name="dsomm",
    version="1",
    rounding="none",
    about=say("Dated states of activities per team: shares of activities and of sectors (sub-dimension and level)."),
    rules=("ASM-D1", "ASM-D2", "ASM-D3"),
    options=(STATES, AS_OF),
    columns=(
        Column(
            "team", say("team; every team of the file counts in every activity"), required=True, synonyms=("équipe", "process", "scope")
        ),
        Column("activity", say("activity"), required=True, synonyms=("activité", "practice", "id", "uuid")),
        Column("dimension", say("dimension")),
        Column("sub_dimension", say("sub-dimension"), synonyms=("subdimension", "area", "category")),
        Column("level", say("level of the activity, 1 to 5"), synonyms=("niveau",)),
        Column(
            "state",
            say("a state named in option states, or its percentage; empty: the team has none"),
            required=True,
            synonyms=("percent", "score", "value", "progress", "état", "share"),
        ),
        Column(
            "date",
            say("day the state was reached, as in 2026-03-01; empty: not reached. Without the column, every state counts"),
            synonyms=("day", "since"),
        ),
    ),
    parts=(
        Part(
            "teams",
            say("Activities by team"),
            (
                _DIMENSION,
                _SUB_DIMENSION,
                _LEVEL,
                Field("activity", say("activity")),
                Field("team", say("team")),
                Field("share", say("share of the team's highest dated state; null: none, which counts 0 in the mean")),
                Field("date", say("when it reached that state")),
                Field("standing", say("rated, not_applicable, not_rated (no dated state) or not_assessed")),
            ),
            key=("activity", "team"),
            main=("share",),
        ),
        Part(
            "activities",
            say("Activities"),
            (
                _DIMENSION,
                _SUB_DIMENSION,
                _LEVEL,
                Field("activity", say("activity")),
                Field("share", say("mean over teams; null where no team has a dated state")),
                _COUNTED,
                Field("teams", say("teams in the mean")),
                Field("without_state", say("teams of them without a dated state, counted 0")),
                Field("not_applicable", say("teams left out because it does not apply")),
            ),
            key=("sub_dimension", "level", "activity"),
            main=("share",),
        ),
        Part(
            "sectors",
            say("Sectors"),
            (
                _DIMENSION,
                _SUB_DIMENSION,
                _LEVEL,
                Field("share", say("mean over activities of the mean over teams (ASM-D2); null where no team has a dated state")),
                _COUNTED,
                Field("activities", say("activities in the mean")),
                Field("left_out", say("activities that apply to no team, or that nobody was asked about")),
            ),
            key=("sub_dimension", "level"),
            main=("share",),
        ),
        Part(
            "overall",
            say("Overall"),
            (
                Field("worst_share", say("share of the worst sector (ASM-K5)")),
                Field("worst_sectors", say("the sectors with that share")),
                Field("mean_share", say("mean over all activities; never to be read alone (ASM-K5)")),
            ),
            single=True,
            main=("worst_share", "mean_share"),
        ),
    ),
    example=(
        ("sub_dimension", "level", "activity", "team", "state", "date"),
        ("Build", "1", "act1", "A", "100%", "2026-01-15"),
        ("Build", "1", "act1", "B", "20%", "2026-02-01"),
        ("Build", "1", "act2", "A", "50%", "2026-03-01"),
    ),
)
