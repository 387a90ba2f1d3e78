"""Objectives, tools, products, parties, processes and links."""

from __future__ import annotations

from typing import Any

from ancrage.declarations.building import Building
from ancrage.declarations.composites import Field, ListOf, Record
from ancrage.declarations.kinds import Choice, LabelKind, Number, Reference, Text
from ancrage.domain.process_map import Link, Objective, Party, Performers, Process, ProcessKind, Product, Tool
from ancrage.language import N_, Label

OBJECTIVE = Record(
    Field("name", LabelKind(), N_("What the organisation wants."), required=True),
    Field("weight", Number(0), N_("How much it counts in the value of actions; 1 by default.")),
    Field("criteria", ListOf(Text()), N_("What it is judged by; each criterion needs an indicator.")),
)
TOOL = Record(Field("name", LabelKind(), N_("Name of the tool."), required=True))
PRODUCT = Record(Field("name", LabelKind(), N_("What passes from one process to another."), required=True))
PARTY = Record(Field("name", LabelKind(), N_("Somebody outside the map: a customer, a supplier, an authority."), required=True))

PERFORMERS = Record(
    Field("responsible", ListOf(Reference("role")), N_("Roles that do the work.")),
    Field("accountable", ListOf(Reference("role")), N_("Roles that answer for it.")),
    Field("consulted", ListOf(Reference("role")), N_("Roles that are asked before.")),
    Field("informed", ListOf(Reference("role")), N_("Roles that are told after.")),
)

PROCESS = Record(
    Field("name", LabelKind(), N_("Name of the process."), required=True),
    Field("kind", Choice("management", "operational", "support"), N_("The band of the house map it stands in."), required=True),
    Field("unit", Reference("unit"), N_("The unit that runs it.")),
    Field("owner", Reference("role"), N_("The role that answers for it.")),
    Field("deputy", Reference("role"), N_("The role that stands in for the owner.")),
    Field("purpose", LabelKind(), N_("What it is for, in one sentence.")),
    Field("inputs", ListOf(Reference("product")), N_("Products it takes in.")),
    Field("outputs", ListOf(Reference("product")), N_("Products it gives out.")),
    Field("tools", ListOf(Reference("tool")), N_("Tools it uses.")),
    Field("performers", PERFORMERS, N_("Who does what: responsible, accountable, consulted, informed.")),
    Field("parent", Reference("process"), N_("The process it is a part of.")),
    Field("objectives", ListOf(Reference("objective")), N_("Objectives it serves.")),
)

LINK = Record(
    Field("from", Reference("end_of_link"), N_("The process or party that gives."), required=True),
    Field("to", Reference("end_of_link"), N_("The process or party that receives."), required=True),
    Field("product", Reference("product"), N_("What passes."), required=True),
    Field("listed_by", ListOf(Reference("process")), N_("Processes whose own sheet lists this flow, where that is known.")),
)

_EMPTY = Label()
_NOBODY = Performers()


def build_objective(name: str, raw: dict[str, Any], _: Building) -> Objective:
    return Objective(name, raw["name"], raw.get("weight", 1.0), raw.get("criteria", ()))


def build_tool(name: str, raw: dict[str, Any], _: Building) -> Tool:
    return Tool(name, raw["name"])


def build_product(name: str, raw: dict[str, Any], _: Building) -> Product:
    return Product(name, raw["name"])


def build_party(name: str, raw: dict[str, Any], _: Building) -> Party:
    return Party(name, raw["name"])


def build_process(name: str, raw: dict[str, Any], _: Building) -> Process:
    written, get = raw.get("performers"), raw.get
    return Process(
        name,
        raw["name"],
        ProcessKind(raw["kind"]),
        get("unit"),
        get("owner"),
        get("deputy"),
        get("purpose", _EMPTY),
        get("inputs", ()),
        get("outputs", ()),
        get("tools", ()),
        Performers(**written) if written else _NOBODY,
        get("parent"),
        get("objectives", ()),
    )


def build_link(name: str, raw: dict[str, Any], _: Building) -> Link:
    return Link(name, raw["from"], raw["to"], raw["product"], raw.get("listed_by", ()))
