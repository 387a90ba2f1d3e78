"""Reads scenario files (ESC-F): one scenario, a list of them, or a list under `scenarios`. Every problem of the file at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ancrage.declarations import scenario_shapes as shapes
from ancrage.declarations.reading import Reading, Refused
from ancrage.declarations.scenario_building import Declared, Sections
from ancrage.declarations.scenario_events import Events
from ancrage.declarations.scenario_sheet import Sheet
from ancrage.declarations.strict_yaml import Document, read_yaml
from ancrage.declarations.yaml_nodes import MappingNode, Node, Plain, ScalarNode, SequenceNode
from ancrage.domain.escalation.scenario import Scenario
from ancrage.domain.escalation.sending import Gap
from ancrage.domain.working_time import start_of_day
from ancrage.errors import Problem, ProblemsFound, Severity
from ancrage.language import say

AFTERWARDS = timedelta(days=90)
"""How long a scenario without `until` goes on after its last event."""
NO_EVENT = datetime(2026, 1, 1, tzinfo=UTC)
"""When a scenario begins that says neither a start nor an event: it needs some instant to be judged at."""


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """What a file holds. `expected` are the `expect` parts, by position, as plain values; `warnings` do not refuse the file."""

    scenarios: tuple[Scenario, ...]
    expected: tuple[Plain, ...]
    warnings: tuple[Problem, ...]


def read_scenarios(path: Path) -> ScenarioFile:
    """The scenarios of a file. ProblemsFound with every problem when one of them cannot be played: nothing is half read."""
    document = read_yaml(path)
    problems = list(document.problems)
    sheets = [Sheet(document, node) for node in _roots(document, problems) if isinstance(node, MappingNode)]
    scenarios = [_scenario(sheet, f"{path.stem}-{number}" if len(sheets) > 1 else path.stem) for number, sheet in enumerate(sheets, 1)]
    problems += [problem for sheet in sheets for problem in sheet.problems]
    problems += _repeated_ids(scenarios, sheets)
    in_order = sorted(problems, key=lambda problem: (problem.place.line, problem.place.column) if problem.place else (0, 0))
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise ProblemsFound(say("{path} cannot be played: {count} problems", path=str(path), count=len(problems)), in_order)
    expected = tuple(found.plain() if (found := sheet.root.get("expect")) is not None else None for sheet in sheets)
    return ScenarioFile(tuple(scenario for scenario in scenarios if scenario is not None), expected, tuple(in_order))


def _roots(document: Document, problems: list[Problem]) -> Sequence[Node]:
    """The nodes that are scenarios."""
    root = document.root
    listed = root.entries.get("scenarios") if isinstance(root, MappingNode) else root
    if isinstance(root, MappingNode) and listed is None:
        return [root]
    if isinstance(listed, SequenceNode):
        reading = Reading(document)
        for node in listed.items:
            if not isinstance(node, MappingNode):
                reading.wrong_type(node, say("a scenario"))
        problems += reading.problems
        return listed.items
    if root is not None:
        reading = Reading(document)
        reading.wrong_type(listed if listed is not None else root, say("a scenario, or a list of scenarios"))
        problems += reading.problems
    return []


def _repeated_ids(scenarios: Sequence[Scenario | None], sheets: Sequence[Sheet]) -> list[Problem]:
    seen: set[str] = set()
    found = []
    for scenario, sheet in zip(scenarios, sheets, strict=True):
        if scenario is not None and scenario.id in seen:
            place = sheet.reading.document.place(sheet.node("id"))
            found.append(Problem("W-SCENARIO-DUPLICATE", say('scenario "{name}" stands twice in this file', name=scenario.id), place))
        seen |= {scenario.id} if scenario is not None else set()
    return found


def _scenario(sheet: Sheet, default_id: str) -> Scenario | None:
    """One scenario, or None when something in it is wrong; then its problems are on the sheet."""
    raw = shapes.SCENARIO.read(sheet.root, sheet.reading)
    assert not isinstance(raw, Refused), "a sheet is a mapping"
    engine = _engine(sheet)
    instants = _instants(sheet)
    start = engine.get("start", min(instants, default=engine.get("until", NO_EVENT)))
    sections = Sections(sheet, start)
    declared = sections.read()
    events = Events(sections).read()
    until = engine.get("until", max((event.at for event in events), default=start) + AFTERWARDS)
    if sheet.is_faulty:
        return None
    if "start" not in engine:
        start = _start_of_first_month(declared, start)
    title = getattr(raw.get("title"), "text", "")
    return Scenario(
        id=raw.get("id", default_id), title=title, organisation=declared.organisation(), policies=declared.policies,
        commitments=declared.commitments, measures=declared.measures, start=start, until=until, down=_gaps(engine), events=events,
    )  # fmt: skip


def _engine(sheet: Sheet) -> dict[str, Any]:
    node = sheet.root.entries.get("engine")
    if node is None or (isinstance(node, ScalarNode) and node.is_null):
        return {}
    found = shapes.ENGINE.read(node, sheet.reading)
    if isinstance(found, Refused):
        return {}
    if "start" in found and "until" in found and found["until"] < found["start"]:
        sheet.refuse("E-SPAN", say("the engine ends before it starts"), "engine", "until")
    return found


def _instants(sheet: Sheet) -> list[datetime]:
    """Instants of the events, read ahead to know when the scenario begins; what is wrong with them is told when they are read."""
    node = sheet.root.entries.get("events")
    silent = Reading(sheet.reading.document)
    items = node.items if isinstance(node, SequenceNode) else []
    found = [shapes.EVENT.fields["at"].kind.read(at, silent) for item in items if (at := item.get("at")) is not None]
    return [at for at in found if isinstance(at, datetime)]


def _start_of_first_month(declared: Declared, start: datetime) -> datetime:
    """Where no start is said, a monthly clause has been in force since the beginning of the month of the first event (ESC-M1)."""
    calendars = [declared.calendars[promise.calendar] for promise in declared.commitments.values() if promise.is_monthly]
    begun = [start_of_day(calendar, start.date().replace(day=1)) for calendar in calendars]
    return min((start, *begun))


def _gaps(engine: dict[str, Any]) -> tuple[Gap, ...]:
    """The `down` spans in order, joined where they touch."""
    joined: list[Gap] = []
    for span in sorted(engine.get("down", ()), key=lambda span: span.since):
        if joined and span.since <= joined[-1].until:
            joined[-1] = replace(joined[-1], until=max(joined[-1].until, span.until))
        else:
            joined.append(Gap(span.since, span.until))
    return tuple(joined)

