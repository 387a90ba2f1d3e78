"""What a scenario file may say (ESC-F): the keys of each section. References are plain texts; `scenario_building` resolves them."""

from __future__ import annotations

from typing import Any

from ancrage.declarations.budgets import HOURS_OR_DAYS, BudgetKind, DelayKind, OffsetKind
from ancrage.declarations.composites import Field, ListOf
from ancrage.declarations.kinds import Boolean, Choice, Kind, Number, Schema, Text, TimeOfDay
from ancrage.declarations.reading import Reading, Refused
from ancrage.declarations.scenario_kinds import DateOrInstant, Instant, OneOrMany, Seconds, SpanKind, TolerantRecord
from ancrage.declarations.schedules import ExceptionsKind, WeekKind, Zone
from ancrage.declarations.shapes.organisation import HolidaysKind
from ancrage.declarations.yaml_nodes import MappingNode, Node, ScalarNode
from ancrage.domain.escalation.scenario import EventKind
from ancrage.language import N_, say


class AnyValue(Kind):
    """What is not judged here: a title, an expectation, a part that is read by itself."""

    def read(self, node: Node, _: Reading) -> Any:
        return node

    def schema(self) -> Schema:
        return {}


CALENDAR = TolerantRecord(
    Field("tz", Zone(), N_("Time zone of the IANA list."), required=True),
    Field("week", WeekKind(), N_("Working hours by day or span of days."), required=True),
    Field("holidays", HolidaysKind(), N_("Closed days: a list of dates, or `{country, subdivision, dates}`.")),
    Field("exceptions", ExceptionsKind(), N_("Hours of single dates; an empty list closes the day.")),
)

CHANGED_CALENDAR = TolerantRecord(*(Field(field.name, field.kind, field.meaning) for field in CALENDAR.fields.values()))
"""A calendar in an event: what is not said stays as it was."""

PERSON = TolerantRecord(
    Field("calendar", Text(), N_("Own working time; may be left out where there is one calendar.")),
    Field("absences", OneOrMany(SpanKind(moment=DateOrInstant())), N_("Spans of absence: pairs, or `{from, to}`.")),
    Field("digest_at", TimeOfDay(), N_("Local time of the daily message.")),
    Field("max_per_day", Number(1, 1000, whole=True), N_("Most messages a day that are not urgent.")),
    Field("name", Text(), N_("Name, for people.")),
    Field("language", Text(), N_("Language of messages, for people.")),
    Field("email", Text(), N_("Mail address, for people.")),
)

HOLDING = TolerantRecord(
    Field("holder", Text(), N_("Who holds the role.")),
    Field("person", Text(), N_("The same as `holder`.")),
    *(Field(name, DateOrInstant(), N_("Beginning of the period; always, when left out.")) for name in ("from", "start", "since")),
    *(Field(name, DateOrInstant(), N_("End of the period, not included; never, when left out.")) for name in ("to", "end", "until")),
)

STEP = TolerantRecord(
    Field("id", Text(), N_("Name of the step, unique in its ladder."), required=True),
    Field("offset", OffsetKind(), N_("`-1wd`, `-PT2H`, `0`, `PT4H`, `2wd`."), required=True),
    Field("from", Choice("due", "previous"), N_("What the offset counts from; `due` for `0` and below, when left out.")),
    Field("to", OneOrMany(Text()), N_("`responsible`, `accountable`, or roles."), required=True),
    Field("urgent", Boolean(), N_("Whether it leaves at once, at any hour.")),
)

REPEAT = TolerantRecord(
    Field("every", BudgetKind(*HOURS_OR_DAYS), N_("How long after the last firing."), required=True),
    Field("times", Number(0, 1000, whole=True), N_("How many times more."), required=True),
)

POLICY = TolerantRecord(
    Field("steps", ListOf(STEP, repeats=True), N_("The ladder, in order."), required=True),
    Field("ack_ttl", BudgetKind(), N_("How long an acknowledgement without an end lasts; 1wd when left out.")),
    Field("max_snoozes", Number(0, 1000, whole=True), N_("How often a commitment may be snoozed; 1 when left out.")),
    Field("grace", Seconds(), N_("How late a pass may come and keep the planned instant; PT1H when left out.")),
    Field("repeat_last", REPEAT, N_("Fires the last step again.")),
    Field("waiver", OneOrMany(Text()), N_("Roles that may waive; anybody, when left out.")),
)

CHANGED_POLICY = TolerantRecord(*(Field(field.name, field.kind, field.meaning) for field in POLICY.fields.values()))
"""A policy in an event: what is not said stays as it was."""

COMMITMENT = TolerantRecord(
    Field("calendar", Text(), N_("Where its deadline is counted; may be left out where there is one calendar.")),
    Field("responsible", Text(), N_("The role that answers, or `person:ID`."), required=True),
    Field("budget", DelayKind(), N_("`PT4H`, `3wd`, `P10D`, `P1M`, or `{budget: P10D, roll: none}`.")),
    Field("roll", Choice("next", "none"), N_("Whether a last day that is not worked moves to the next working day.")),
    Field("every", Choice("month"), N_("One commitment per calendar month, instead of a budget.")),
    Field("policy", Text(), N_("Its ladder; may be left out where there is one policy.")),
    Field("waiver", OneOrMany(Text()), N_("Roles that may waive this one.")),
)

SERIES = TolerantRecord(
    Field("start", Instant(), N_("When the clock of this party started."), required=True),
    Field("end", Instant(), N_("When it stopped; the instant of `measure_closed`, when left out.")),
    Field("pauses", ListOf(SpanKind(), repeats=True), N_("Spans that do not count.")),
)

BOTH_SERIES = TolerantRecord(
    Field("internal", SERIES, N_("Our own figures.")),
    Field("supplier", SERIES, N_("The supplier's figures.")),
)

LOGS = ("log", "responsibility", "responsibilities", "responsibility_log", "holders")
MEASURE = TolerantRecord(
    Field("calendar", Text(), N_("Where both series are judged; may be left out where there is one calendar.")),
    Field("budget", DelayKind(), N_("What was promised."), required=True),
    Field("tolerance", Seconds(), N_("By how much elapsed times may differ without disagreement; 0 when left out.")),
    Field("internal", SERIES, N_("Our own figures.")),
    Field("supplier", SERIES, N_("The supplier's figures.")),
    Field("series", BOTH_SERIES, N_("Both of them, instead of beside each other.")),
    *(Field(name, ListOf(HOLDING, repeats=True), N_("Who held the responsibility when.")) for name in LOGS),
    Field("reconcile", Text(), N_("The commitment a disagreement opens; `reconcile` when left out.")),
)

ENGINE = TolerantRecord(
    Field("start", Instant(), N_("The first pass; the first event, when left out.")),
    Field("down", ListOf(SpanKind(), repeats=True), N_("Spans without a pass.")),
    Field("until", Instant(), N_("The last pass; 90 days after the last event, when left out.")),
)


class RoleOrHoldings(Kind):
    """The log of a role: a list of holdings, one holding, or the name of who holds it always. A name comes as `{holder: name}`."""

    expected = say("a list of holders")

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, ScalarNode) and not node.is_null:
            return ({"holder": node.text},)
        if isinstance(node, MappingNode):
            found = HOLDING.read(node, reading)
            return found if isinstance(found, Refused) else (found,)
        return ListOf(HOLDING, repeats=True).read(node, reading)

    def schema(self) -> Schema:
        return {}


CONTENT = ("definition", "new", "with")
"""Keys under which an event may carry the whole new content of a calendar or a policy."""

EVENT = TolerantRecord(
    Field("at", Instant(), N_("When it happens."), required=True),
    Field("do", Choice(*EventKind), N_("What happens."), required=True),
    Field("commitment", Text(), N_("The commitment, the monthly clause, or one month of it (`id@2026-01`).")),
    Field("by", Text(), N_("Who does it.")),
    Field("id", Text(), N_("Of an action: the same id twice has one effect.")),
    Field("event_id", Text(), N_("Of a trigger: a known one opens nothing.")),
    Field("until", Instant(), N_("End of an acknowledgement, a snooze, a delegation, a holding.")),
    Field("to", AnyValue(), N_("Person who is delegated to, or new holder of a role.")),
    Field("step", AnyValue(), N_("Step the author of an escalation was looking at; empty: none had fired.")),
    Field("reason", Text(), N_("Why.")),
    Field("why", Text(), N_("The same as `reason`.")),
    Field("role", Text(), N_("Role that changes hands.")),
    Field("holder", AnyValue(), N_("New holder of the role; empty: nobody.")),
    Field("person", Text(), N_("The same as `to` or `holder`.")),
    Field("calendar", AnyValue(), N_("Calendar that changes.")),
    Field("policy", AnyValue(), N_("Policy that changes.")),
    *(Field(name, AnyValue(), N_("New content of the calendar or policy, instead of keys beside it.")) for name in CONTENT),
    Field("calendars", AnyValue(), N_("The calendar that changes, by its id.")),
    Field("policies", AnyValue(), N_("The policy that changes, by its id.")),
    Field("measure", Text(), N_("Measure that is closed.")),
    Field("internal", SERIES, N_("Figures of our own, known at the close.")),
    Field("supplier", SERIES, N_("Figures of the supplier, known at the close.")),
    Field("occurred_at", Instant(), N_("When it happened in the world; starts and stops no clock (ESC-A1, C4).")),
    Field("note", AnyValue(), N_("For people.")),
    *(Field(name, AnyValue(), N_("New content of a calendar.")) for name in CALENDAR.fields),
    *(Field(name, AnyValue(), N_("New content of a policy.")) for name in POLICY.fields),
)

SCENARIO = TolerantRecord(
    Field("id", Text(), N_("Name of the scenario.")),
    *(Field(name, AnyValue(), N_("For people.")) for name in ("title", "about", "rules", "source", "note", "description", "expect")),
    *(
        Field(name, AnyValue(), N_("A section."))
        for name in ("calendars", "people", "roles", "backups", "fallback", "policies", "commitments", "measures", "engine", "events")
    ),
)
