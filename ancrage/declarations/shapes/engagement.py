"""Escalation policies and engagement contracts."""

from __future__ import annotations

from typing import Any

from ancrage.declarations.budgets import HOURS_OR_DAYS, BudgetKind, DelayKind, OffsetKind
from ancrage.declarations.building import Building
from ancrage.declarations.composites import Field, ListOf, MapOf, Record
from ancrage.declarations.kinds import Boolean, Choice, Kind, LabelKind, Number, Reference, Schema, Text
from ancrage.declarations.reading import REFUSED, Reading, Refused
from ancrage.declarations.yaml_nodes import MappingNode, Node, ScalarNode
from ancrage.domain.engagement import Clause, Contract, Trigger, TriggerKind
from ancrage.domain.finding import Finding
from ancrage.domain.policies import Origin, Policy, Repeat, Step
from ancrage.domain.working_time import WorkingTime
from ancrage.language import N_, Label, say

PARTIES_OF_A_COMMITMENT = ("responsible", "accountable")
RECIPIENT = Reference("role", also=PARTIES_OF_A_COMMITMENT)

STEP = Record(
    Field("id", Text(), N_("Name of the step, unique in the ladder."), required=True),
    Field("offset", OffsetKind(), N_("`-1wd` before the due instant, `0` at it, `2wd` after the previous step."), required=True),
    Field("from", Choice("due", "previous"), N_("What the offset counts from."), required=True),
    Field("to", ListOf(RECIPIENT, least=1), N_("Who is told: `responsible`, `accountable`, or roles."), required=True),
    Field("urgent", Boolean(), N_("Whether it may leave outside the reader's working time.")),
)

REPEAT = Record(
    Field("every", BudgetKind(*HOURS_OR_DAYS), N_("How long after the last firing."), required=True),
    Field("times", Number(1, 100, whole=True), N_("How many times more."), required=True),
)

POLICY = Record(
    Field("steps", ListOf(STEP, repeats=True, least=1), N_("The ladder, in order."), required=True),
    Field("ack_ttl", BudgetKind(), N_("How long an acknowledgement without an end holds the ladder.")),
    Field("max_snoozes", Number(0, 100, whole=True), N_("How often a commitment may be snoozed; 1 by default.")),
    Field("grace", BudgetKind(WorkingTime), N_("How late a pass may come and still keep the planned instant; PT1H by default.")),
    Field("repeat_last", REPEAT, N_("Fires the last step again.")),
    Field("waiver", ListOf(Reference("role")), N_("Roles that may waive; the steward of the contract when left out.")),
)


class TriggerShape(Kind):
    """`manual`, or one of `{alert: [...]}`, `{every: month}`, `{campaign: closed}`."""

    expected = say("manual, or one of alert, every, campaign")
    _mapping = Record(
        Field("alert", ListOf(Reference("indicator"), least=1), N_("Indicators whose alert opens a commitment.")),
        Field("every", Choice("month"), N_("One commitment per calendar month.")),
        Field("campaign", Choice("closed"), N_("The close of an assessment campaign opens one.")),
    )

    def read(self, node: Node, reading: Reading) -> Trigger | Refused:
        if isinstance(node, ScalarNode) and node.text == "manual":
            return Trigger(TriggerKind.MANUAL)
        if not isinstance(node, MappingNode):
            return reading.wrong_type(node, self.expected)
        found = self._mapping.read(node, reading)
        if isinstance(found, Refused) or len(found) != len(node.entries):
            return REFUSED
        if len(found) != 1:
            message, hint = say("a trigger is exactly one of alert, every, campaign"), say("make one clause per trigger")
            return reading.refuse(node, "E-TRIGGER", message, hint=hint)
        if "alert" in found:
            return Trigger(TriggerKind.ALERT, indicators=found["alert"])
        return Trigger(TriggerKind.PERIODIC, every=found["every"]) if "every" in found else Trigger(TriggerKind.CAMPAIGN)

    def schema(self) -> Schema:
        return {"anyOf": [{"const": "manual"}, {**self._mapping.schema(), "minProperties": 1, "maxProperties": 1}]}


CLAUSE = Record(
    Field("promise", LabelKind(), N_("What is promised, in the words of who promises it."), required=True),
    Field("by", Reference("role"), N_("The role that promises: sponsor, co-sponsor or steward of this contract."), required=True),
    Field("trigger", TriggerShape(), N_("What opens a commitment: `manual`, `{alert: [...]}`, `{every: month}`, `{campaign: closed}`.")),
    Field("delay", DelayKind(), N_("Time to keep it, as in `2wd`; a monthly clause is due at the end of the month and has none.")),
    Field("cost_hours_per_month", Number(0, 744), N_("What keeping it costs that person.")),
    Field("policy", Reference("policy"), N_("The ladder that is walked when it is not kept.")),
    Field("waiver", Reference("role"), N_("The role that may waive it.")),
    Field("negotiable", LabelKind(), N_("Where there is room for negotiation.")),
)

CONTRACT = Record(
    Field("name", LabelKind(), N_("Name of the contract."), required=True),
    Field("sponsor", Reference("role"), N_("Who commits to the transformation."), required=True),
    Field("co_sponsor", Reference("role"), N_("Who commits with the sponsor, and takes over.")),
    Field("steward", Reference("role"), N_("The lead who carries it; the project's steward by default.")),
    Field("calendar", Reference("calendar"), N_("Where its deadlines are counted; the default calendar by default.")),
    Field("transformation", Reference("transformation"), N_("The transformation it is about.")),
    Field("perimeter", ListOf(Reference("process")), N_("Processes it covers.")),
    Field("outside", ListOf(LabelKind(), repeats=True), N_("What is not covered, said so that nobody assumes it.")),
    Field("objectives", ListOf(Reference("objective")), N_("Objectives it serves.")),
    Field("stakeholders", ListOf(Reference("role")), N_("Roles that must have been told.")),
    Field("clauses", MapOf(CLAUSE), N_("Promises of both sides by id; clause ids are unique in the programme."), required=True),
)


def build_policy(name: str, raw: dict[str, Any], _: Building) -> Policy:
    repeat, grace = raw.get("repeat_last"), raw.get("grace")
    return Policy(
        id=name,
        steps=tuple(
            Step(step["id"], step["offset"], Origin(step["from"]), step["to"], step.get("urgent", False)) for step in raw["steps"]
        ),
        ack_ttl=raw.get("ack_ttl"),
        repeat_last=Repeat(repeat["every"], repeat["times"]) if repeat else None,
        max_snoozes=raw.get("max_snoozes", 1),
        grace_seconds=grace.seconds if grace else 3600,
        waiver_roles=raw.get("waiver", ()),
    )


def build_contract(name: str, raw: dict[str, Any], building: Building) -> Contract:
    get = raw.get
    contract = Contract(
        id=name,
        name=raw["name"],
        sponsor=raw["sponsor"],
        steward=get("steward", building.settings.get("steward", "")),
        calendar=get("calendar", building.default_calendar),
        co_sponsor=get("co_sponsor"),
        transformation=get("transformation"),
        perimeter=get("perimeter", ()),
        outside=get("outside", ()),
        objectives=get("objectives", ()),
        stakeholders=get("stakeholders", ()),
        clauses=tuple(_clause(clause, entry) for clause, entry in raw["clauses"].items()),
    )
    for clause in contract.clauses:
        building.findings.extend(_clause_errors(contract, clause))
    return contract


def _clause(name: str, raw: dict[str, Any]) -> Clause:
    return Clause(
        id=name,
        promise=raw["promise"],
        by=raw["by"],
        trigger=raw.get("trigger"),
        budget=raw.get("delay"),
        policy=raw.get("policy"),
        cost_hours_per_month=raw.get("cost_hours_per_month", 0.0),
        waiver_role=raw.get("waiver"),
        negotiable=raw.get("negotiable", Label()),
    )


def _clause_errors(contract: Contract, clause: Clause) -> list[Finding]:
    subject = ("contracts", contract.id, "clauses", clause.id)
    found = []
    if clause.by not in contract.parties():
        message = say('"{role}" promises here but is not a party of this contract', role=clause.by)
        hint = say("parties are sponsor, co_sponsor and steward: {parties}", parties=", ".join(contract.parties()))
        found.append(Finding("E-CLAUSE-PARTY", message, (*subject, "by"), say("not a party"), hint))
    periodic = clause.trigger is not None and clause.trigger.kind is TriggerKind.PERIODIC
    if clause.budget is None and clause.trigger is not None and not periodic:
        message, hint = say("this clause has no delay"), say("add delay: 2wd, or what has been agreed")
        found.append(Finding("E-CLAUSE-DELAY", message, subject, say("by when?"), hint))
    if clause.budget is not None and periodic:
        message, hint = say("a monthly clause is due at the end of its month: this delay has no effect"), say("take the delay away")
        found.append(Finding("W-DELAY-UNUSED", message, (*subject, "delay"), say("no effect"), hint))
    return found
