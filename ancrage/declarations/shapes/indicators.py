"""Indicators and transformations (anchoring.md)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from ancrage.declarations.budgets import BudgetKind
from ancrage.declarations.building import Building
from ancrage.declarations.composites import Field, ListOf, Record
from ancrage.declarations.kinds import Choice, Day, LabelKind, Number, Reference, Text
from ancrage.declarations.shapes.indicator_sources import SourceKind, build_source, check_source
from ancrage.domain.finding import Finding
from ancrage.domain.indicators import Cadence, Direction, Indicator, Phase, Thresholds, Transformation, ValueKind
from ancrage.domain.working_time import CalendarSpan
from ancrage.language import N_, Label, say

TYPES = (
    "activity", "reactivity", "proactivity", "expertise", "respect_of_commitments", "completeness", "data_quality", "effect",
)  # fmt: skip
CLOCKS = ("defined", "tool_delivered", "adopted")

THRESHOLDS = Record(
    Field("target", Number(), N_("What was promised.")),
    Field("alert", Number(), N_("Crossing it on the bad side opens an alert.")),
)

LIFETIME = Record(
    Field("phase", Choice("follow", "watch", "retire"), N_("Followed closely, only watched, or retired."), required=True),
    Field("until", Day(), N_("The last day it is followed closely.")),
)

INDICATOR = Record(
    Field("name", LabelKind(), N_("Name of the indicator."), required=True),
    Field("objective", Reference("objective"), N_("The objective it serves."), required=True),
    Field("criterion", Text(), N_("The criterion of that objective it measures.")),
    Field("definition", LabelKind(), N_("What exactly is counted."), required=True),
    Field("type", Choice(*TYPES), N_("What it tells about."), required=True),
    Field("kind", Choice("value", "proportion", "count"), N_("A value, a proportion of cases, or a count of events."), required=True),
    Field("unit", Text(), N_("Unit of the number, as in `%`, `tickets`, `days`."), required=True),
    Field("direction", Choice("increase", "decrease"), N_("Which way is good."), required=True),
    Field("formula", LabelKind(), N_("How it is computed.")),
    Field("source", SourceKind(), N_("Where readings come from: who hands them in, or what is collected."), required=True),
    Field("cadence", Choice("day", "week", "month"), N_("How often a reading is due."), required=True),
    Field("owner", Reference("role"), N_("Who answers for its readings."), required=True),
    Field("reports_to", Reference("role"), N_("Who is told."), required=True),
    Field("thresholds", THRESHOLDS, N_("Target and alert.")),
    Field("decision", Reference("clause"), N_("The clause of a contract that is decided from it.")),
    Field("cost_minutes", Number(0), N_("What one reading costs.")),
    Field("minimum_volume", Number(0, whole=True), N_("Cases per reading below which it says nothing.")),
    Field("lifetime", LIFETIME, N_("How long it is followed.")),
    Field("process", Reference("process"), N_("The process it measures.")),
    Field("transformation", Reference("transformation"), N_("The transformation it belongs to.")),
    Field("clock", Choice(*CLOCKS), N_("The clock of the transformation whose date is its event.")),
)

PLANNED = Record(
    Field("defined", Day(), N_("Process defined.")),
    Field("tool_delivered", Day(), N_("Tool delivered.")),
    Field("adopted", Day(), N_("Practice adopted.")),
    Field("effects", Day(), N_("Effects observed.")),
)

TRANSFORMATION = Record(
    Field("name", LabelKind(), N_("Name of the transformation."), required=True),
    Field("objectives", ListOf(Reference("objective")), N_("Objectives it serves.")),
    Field("processes", ListOf(Reference("process")), N_("Processes it changes.")),
    Field("planned", PLANNED, N_("Planned dates of the four clocks.")),
    Field("effects_lag", BudgetKind(CalendarSpan), N_("How long after adoption effects can be expected, as in `P60D`.")),
    Field("adoption_indicators", ListOf(Reference("indicator")), N_("Indicators that tell whether the practice is adopted.")),
    Field("effect_indicators", ListOf(Reference("indicator")), N_("Indicators that tell its effects.")),
    Field("contract", Reference("contract"), N_("The engagement contract that carries it.")),
)
_DAYS_A_MONTH = 30


def build_indicator(name: str, raw: dict[str, Any], building: Building) -> Indicator:
    get = raw.get
    word, collected = build_source(raw["source"])
    check_source(name, ValueKind(raw["kind"]), collected, building)
    limits, lifetime = get("thresholds", {}), get("lifetime", {})
    return Indicator(
        id=name,
        name=raw["name"],
        objective=raw["objective"],
        definition=raw["definition"],
        type=raw["type"],
        kind=ValueKind(raw["kind"]),
        unit=raw["unit"],
        direction=Direction(raw["direction"]),
        source=word,
        cadence=Cadence(raw["cadence"]),
        owner=raw["owner"],
        reports_to=raw["reports_to"],
        thresholds=Thresholds(limits.get("target"), limits.get("alert")),
        criterion=get("criterion", ""),
        decision=get("decision"),
        cost_minutes=get("cost_minutes", 0.0),
        minimum_volume=get("minimum_volume", 0),
        phase=Phase(lifetime.get("phase", "follow")),
        follow_until=lifetime.get("until"),
        process=get("process"),
        transformation=get("transformation"),
        clock=get("clock"),
        formula=get("formula", Label()),
        collected=collected,
    )


def build_transformation(name: str, raw: dict[str, Any], building: Building) -> Transformation:
    planned, lag = raw.get("planned", {}), raw.get("effects_lag", CalendarSpan())
    dates = [(clock, planned[clock]) for clock in PLANNED.fields if clock in planned]
    for (earlier, before), (later, after) in pairwise(dates):
        if after < before:
            message = say("{later} is planned before {earlier}", later=later, earlier=earlier)
            hint = say("the order of the clocks is: {clocks}", clocks=", ".join(PLANNED.fields))
            building.findings.append(
                Finding("E-CLOCK-ORDER", message, ("transformations", name, "planned", later), say("too early"), hint)
            )
    return Transformation(
        id=name,
        name=raw["name"],
        objectives=raw.get("objectives", ()),
        processes=raw.get("processes", ()),
        planned_defined=planned.get("defined"),
        planned_tool_delivered=planned.get("tool_delivered"),
        planned_adopted=planned.get("adopted"),
        planned_effects=planned.get("effects"),
        effects_lag_days=_DAYS_A_MONTH * lag.months + lag.days,
        adoption_indicators=raw.get("adoption_indicators", ()),
        effect_indicators=raw.get("effect_indicators", ()),
        contract=raw.get("contract"),
    )
