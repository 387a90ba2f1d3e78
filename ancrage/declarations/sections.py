"""Every section and setting of the language: what a project may declare, in the order the reference page shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ancrage.declarations.budgets import DelayKind
from ancrage.declarations.building import Building
from ancrage.declarations.composites import Field, ListOf, Record
from ancrage.declarations.kinds import Choice, LabelKind, Number, Reference, Text
from ancrage.declarations.shapes import engagement, indicators, organisation, process_map, reference_model
from ancrage.language import LANGUAGES, N_

LANGUAGE_VERSION = 1
PROJECT_FILE = "project.yaml"


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind by id (or, for `absences`, a list). `late` ones are made when every file is read, because they need a zone."""

    name: str
    record: Record
    build: Callable[[str, dict[str, Any], Building], Any]
    meaning: str
    late: bool = False
    is_list: bool = False


SECTIONS: dict[str, Section] = {
    section.name: section
    for section in (
        Section("calendars", organisation.CALENDAR, organisation.build_calendar, N_("Working time of a place.")),
        Section("units", organisation.UNIT, organisation.build_unit, N_("Parts of the organisation.")),
        Section("people", organisation.PERSON, organisation.build_person, N_("Those who promise, answer or are told.")),
        Section("roles", organisation.ROLE, organisation.build_role, N_("Responsibilities and who holds them, by period."), late=True),
        Section("absences", organisation.ABSENCE, organisation.build_absence, N_("Who is away, and when."), late=True, is_list=True),
        Section("objectives", process_map.OBJECTIVE, process_map.build_objective, N_("What the organisation wants.")),
        Section("tools", process_map.TOOL, process_map.build_tool, N_("Means that processes use.")),
        Section("products", process_map.PRODUCT, process_map.build_product, N_("What passes between processes.")),
        Section("parties", process_map.PARTY, process_map.build_party, N_("Those outside the map.")),
        Section("processes", process_map.PROCESS, process_map.build_process, N_("The process map.")),
        Section("links", process_map.LINK, process_map.build_link, N_("Flows: a product passing from one to another.")),
        Section(
            "reference_models", reference_model.REFERENCE_MODEL, reference_model.build_reference_model,
            N_("What processes are assessed against."),
        ),
        Section("policies", engagement.POLICY, engagement.build_policy, N_("Ladders: who is told when a promise is not kept.")),
        Section("contracts", engagement.CONTRACT, engagement.build_contract, N_("Engagement contracts: promises of both sides.")),
        Section("indicators", indicators.INDICATOR, indicators.build_indicator, N_("The metrics referential.")),
        Section("transformations", indicators.TRANSFORMATION, indicators.build_transformation, N_("Changes and their four clocks.")),
    )
}  # fmt: skip

SIGNING = Record(
    Field("delay", DelayKind(), N_("Time to sign a contract that is proposed; 5wd by default.")),
    Field("policy", Reference("policy"), N_("Ladder of a request to sign; that of campaign requests by default.")),
)

DEFAULTS = Record(
    Field("calendar", Reference("calendar"), N_("Calendar of whoever does not name one."), required=True),
    Field("request", Reference("policy"), N_("Ladder of the requests of a campaign."), required=True),
    Field("action", Reference("policy"), N_("Ladder of actions."), required=True),
    Field("reading", Reference("policy"), N_("Ladder of late readings."), required=True),
    Field("engagement", Reference("policy"), N_("Ladder of the steward who is to speak with a sponsor; that of actions when left out.")),
    Field("signing", SIGNING, N_("Delay and ladder of the requests to sign a contract.")),
    Field("assessment_minutes", Number(1, 10_000), N_("Most minutes a campaign may ask of one person; no bound when left out.")),
)

SETTINGS = Record(
    Field("ancrage", Number(LANGUAGE_VERSION, LANGUAGE_VERSION, whole=True), N_("Version of this language: 1."), required=True),
    Field("programme", Text(), N_("Id of the programme; it is part of everything that is stored."), required=True),
    Field("name", LabelKind(), N_("Name of the programme."), required=True),
    Field("languages", ListOf(Choice(*LANGUAGES), least=1), N_("Languages in which every text is wanted.")),
    Field("steward", Reference("role"), N_("Role of the lead, who hears about what nobody else does."), required=True),
    Field("fallback", Reference("fallback_person"), N_("Person who is told when a ladder reaches nobody (ESC-W6); required.")),
    Field("defaults", DEFAULTS, N_("Calendar and ladders of what the engine itself asks."), required=True),
    Field("include", ListOf(Text()), N_("Further files, relative to this one and below it: `map.yaml`, `models/*.yaml`.")),
)
EVERYWHERE = frozenset({"ancrage", "include"})
"""Settings that any file may have; the others stand in project.yaml."""
