"""What happens in a scenario: each event of the file made into a value, changes of calendars and policies in the order of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from ancrage.declarations import scenario_shapes as shapes
from ancrage.declarations.reading import Reading, Refused
from ancrage.declarations.scenario_building import Sections, build_calendar, build_policy, build_series
from ancrage.declarations.scenario_kinds import TolerantRecord
from ancrage.declarations.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode
from ancrage.domain.escalation import checks
from ancrage.domain.escalation.scenario import Event, EventKind
from ancrage.domain.policies import Policy
from ancrage.domain.working_time import Calendar
from ancrage.language import say

Raw = Mapping[str, Any]


class Events:
    """Reads the events of one scenario against its sections."""

    def __init__(self, sections: Sections) -> None:
        self.sections = sections
        self.sheet = sections.sheet
        self.reading: Reading = sections.sheet.reading
        self.calendars = dict(sections.declared.calendars)
        self.policies = dict(sections.declared.policies)

    def read(self) -> tuple[Event, ...]:
        """The events in written order. What an event changes in part is completed from what held just before it."""
        node = self.sheet.root.entries.get("events")
        if node is None or (isinstance(node, ScalarNode) and node.is_null):
            return ()
        if not isinstance(node, SequenceNode):
            self.reading.wrong_type(node, say("a list"))
            return ()
        rows = [(position, shapes.EVENT.read(child, self.reading)) for position, child in enumerate(node.items)]
        complete = [(position, raw) for position, raw in rows if not isinstance(raw, Refused) and shapes.EVENT.is_complete(raw)]
        made = {position: self._event(position, raw) for position, raw in sorted(complete, key=lambda row: _instant(row[1]))}
        return tuple(made[position] for position, _ in complete)

    def _event(self, position: int, raw: Raw) -> Event:
        kind = EventKind(raw["do"])
        event = Event(
            at=raw["at"], kind=kind, id=raw.get("event_id", raw.get("id", "")), by=raw.get("by", ""), until=raw.get("until"),
            reason=raw.get("reason", raw.get("why", "")),
        )  # fmt: skip
        match kind:
            case EventKind.ROLE_CHANGE:
                return self._role_change(event, position, raw)
            case EventKind.CALENDAR_CHANGE:
                return self._calendar_change(event, position, raw)
            case EventKind.POLICY_CHANGE:
                return self._policy_change(event, position, raw)
            case EventKind.MEASURE_CLOSED:
                return self._measure_closed(event, position, raw)
            case _:
                return self._action(event, position, raw)

    def _name(self, section: str, kind: str, name: str | None, position: int) -> str:
        """The named thing, or the only one there is; reported when it is missing or not declared."""
        known = self.sections.names[section]
        if name is None and len(known) == 1:
            return known[0]
        if name is None:
            self.sheet.missing(kind, "events", position)
            return ""
        declared = name.partition("@")[0] if kind == "commitment" and name not in known else name
        return name if self.sheet.check_name(kind, declared, known, "events", position, kind) else ""

    def _action(self, event: Event, position: int, raw: Raw) -> Event:
        event = replace(event, commitment=self._name("commitments", "commitment", raw.get("commitment"), position))
        if event.kind is EventKind.DELEGATE:
            person = _text(raw.get("to")) or raw.get("person") or _text(raw.get("holder"))
            if person is None:
                self.sheet.missing("to", "events", position)
            elif self.sheet.check_name("person", person, self.sections.names["people"], "events", position, "to"):
                event = replace(event, to=person)
        if event.kind is EventKind.ESCALATE and "step" in raw:
            event = replace(event, step=_text(raw["step"]) or "")
        if event.kind is EventKind.SNOOZE and event.until is None and "until" not in self._written(position):
            self.sheet.missing("until", "events", position)
        return event

    def _written(self, position: int) -> Mapping[str, Node]:
        node = self.sheet.root.get("events", position)
        return node.entries if isinstance(node, MappingNode) else {}

    def _role_change(self, event: Event, position: int, raw: Raw) -> Event:
        role = self._name("roles", "role", raw.get("role"), position)
        key = next((key for key in ("holder", "to", "person") if key in self._written(position)), None)
        if key is None:
            self.sheet.missing("holder", "events", position)
        holder = _text(self._written(position)[key]) if key else None
        if holder is not None:
            self.sheet.check_name("person", holder, self.sections.names["people"], "events", position, key or "holder")
        return replace(event, role=role, holder=holder)

    def _measure_closed(self, event: Event, position: int, raw: Raw) -> Event:
        """Figures written in the event replace those of the measure."""
        name = self._name("measures", "measure", raw.get("measure"), position)
        declared = self.sections.declared.measures.get(name)
        if declared is not None:
            measure = declared.measure
            internal = build_series(raw.get("internal", {})) or measure.internal
            supplier = build_series(raw.get("supplier", {})) or measure.supplier
            self.sections.declared.measures[name] = replace(declared, measure=replace(measure, internal=internal, supplier=supplier))
        return replace(event, measure=name)

    def _content(self, raw: Raw, position: int, section: str, kind: str, record: TolerantRecord) -> tuple[str, Raw, bool]:
        """The id and the new content of what changes, in any of its forms, and whether it was written beside (then it is a part).

        `calendar: fr` with the content beside it or under `definition`; `calendar: {id: fr, ...}`; `calendars: {fr: {...}}`.
        """
        named, several = raw.get(kind), self._written(position).get(section)
        under = next((child for key, child in self._written(position).items() if key in shapes.CONTENT), None)
        name, is_part = _text(named), False
        content: Node
        if isinstance(several, MappingNode) and len(several.entries) == 1:
            ((name, content),) = several.entries.items()
        elif isinstance(named, MappingNode):
            name, content = _text(named.entries.get("id")), _without(named, ("id",))
        elif under is not None:
            content = under
        else:
            beside = {key: child for key, child in self._written(position).items() if key in record.fields}
            content, is_part = MappingNode(beside, self.sheet.root.mark, None), True
        found = record.read(content, self.reading)
        return self._name(section, kind, name, position), {} if isinstance(found, Refused) else found, is_part

    def _calendar_change(self, event: Event, position: int, raw: Raw) -> Event:
        name, content, is_part = self._content(raw, position, "calendars", "calendar", shapes.CHANGED_CALENDAR)
        before = self.calendars.get(name)
        if before is None:
            return event
        is_whole = not is_part and shapes.CALENDAR.is_complete(content)
        after = build_calendar(self.sheet, name, content, event.at.year) if is_whole else self._changed_calendar(before, content, event.at)
        self.sheet.report(checks.calendar_faults(after, event.at.date()), "events", position)
        self.calendars[name] = after
        return replace(event, calendar=after)

    def _changed_calendar(self, before: Calendar, content: Raw, at: datetime) -> Calendar:
        """With a week or a zone, what is written replaces what was; without, closed days and exceptions are added to it."""
        whole = {"tz": before.zone, "week": before.week, **content}
        after = build_calendar(self.sheet, before.id, whole, at.year)
        replaced = "week" in content or "tz" in content
        holidays = after.holidays if replaced and "holidays" in content else before.holidays | after.holidays
        exceptions = dict(after.exceptions) if replaced and "exceptions" in content else {**before.exceptions, **after.exceptions}
        return replace(after, holidays=holidays, exceptions=exceptions)

    def _policy_change(self, event: Event, position: int, raw: Raw) -> Event:
        name, content, is_part = self._content(raw, position, "policies", "policy", shapes.CHANGED_POLICY)
        before = self.policies.get(name)
        if before is None:
            return event
        is_whole = not is_part and shapes.POLICY.is_complete(content)
        self.policies[name] = build_policy(name, content) if is_whole else _changed_policy(before, content)
        self.sections.check_policy(self.policies[name], (), "events", position)
        return replace(event, policy=self.policies[name])


def _changed_policy(before: Policy, content: Raw) -> Policy:
    """What is written replaces what was; the rest stays."""
    after = build_policy(before.id, {"steps": (), **content})
    names = {"steps": "steps", "ack_ttl": "ack_ttl", "repeat_last": "repeat_last", "max_snoozes": "max_snoozes"}
    names |= {"grace": "grace_seconds", "waiver": "waiver_roles"}
    return replace(before, **{name: getattr(after, name) for key, name in names.items() if key in content})


def _instant(raw: Raw) -> datetime:
    at: datetime = raw["at"]
    return at


def _text(node: object) -> str | None:
    """The text of a scalar; None where nothing is written."""
    return node.text if isinstance(node, ScalarNode) and not node.is_null else None


def _without(node: MappingNode, keys: tuple[str, ...]) -> MappingNode:
    return MappingNode({key: child for key, child in node.entries.items() if key not in keys}, node.mark, node.key_mark)
