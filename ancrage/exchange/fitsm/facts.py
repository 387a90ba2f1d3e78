"""What the FitSM data says, as plain values: processes, flows, requirements, roles, records.

Flows are joined here. A row stands in the interface table of one process (`listedBy`); the same flow in both tables is one flow that
two processes list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ancrage.exchange.fitsm.shapes import OWNER, Placed
from ancrage.exchange.fitsm.source import Entry, FitsmSource, Raw, Section

WHOLE_SYSTEM = "SMS"
"""Id of the process of ours that stands for the whole service management system: the general requirements are asked of it."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the standard, unchanged, and where it stands: document, section, page."""

    text: str
    where: str


@dataclass(frozen=True, slots=True)
class ExternalFlow:
    """A flow with somebody who is no process of the map. `inwards`: the party gives."""

    inwards: bool
    party: str
    item: Said


@dataclass(frozen=True, slots=True)
class Process:
    """One process. `inputs` and `outputs` are the standard's own lists, which no flow refers to."""

    code: str
    name: str
    objective: Said
    inputs: tuple[Said, ...]
    outputs: tuple[Said, ...]
    external: tuple[ExternalFlow, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the interface table of one process."""

    giver: Placed
    taker: Placed
    item: Placed
    listed_by: Placed
    where: str

    @property
    def pair(self) -> tuple[str, str]:
        return self.giver.value, self.taker.value


@dataclass(frozen=True, slots=True)
class Flow:
    """A flow of the interface tables: the rows of equal ends and equal text, in the order of the source."""

    rows: tuple[Row, ...]
    note: str = ""

    @property
    def giver(self) -> str:
        return str(self.rows[0].giver.value)

    @property
    def taker(self) -> str:
        return str(self.rows[0].taker.value)

    @property
    def item(self) -> str:
        return str(self.rows[0].item.value)

    @property
    def listed_by(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(row.listed_by.value) for row in self.rows))


@dataclass(frozen=True, slots=True)
class Group:
    """A group of requirements: `process` is whose it is, or the whole system. Requirements by id, in order."""

    id: str
    name: str
    process: str
    where: str
    requirements: dict[str, Said]


@dataclass(frozen=True, slots=True)
class Role:
    """A role of one process. `count` says how many people hold it, in the words of the source."""

    id: str
    process: str
    is_owner: bool
    name: str
    count: str
    where: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """A record or database, and the processes that put it out."""

    id: str
    name: str
    definition: Said
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fitsm:
    """All of it, in the order of the source."""

    processes: tuple[Process, ...]
    flows: tuple[Flow, ...]
    groups: tuple[Group, ...]
    roles: tuple[Role, ...]
    generic_tasks: dict[str, tuple[str, ...]]
    records: tuple[Record, ...]


def facts_of(source: FitsmSource) -> Fitsm:
    """The values of a source without errors."""
    return Fitsm(
        processes=tuple(map(_process, source.processes.entries)),
        flows=join_flows(source.interfaces),
        groups=(*map(_general_group, source.general.entries), *map(_process_group, source.groups.entries)),
        roles=tuple(map(_role, source.roles.entries)),
        generic_tasks={raw["name"]: raw["tasks"] for raw in source.generic_roles.values()},
        records=tuple(map(_record, source.records.entries)),
    )


def join_flows(interfaces: Section) -> tuple[Flow, ...]:
    """The flows of all interface tables, each once, in the order of their first rows."""
    joined: dict[tuple[str, str, str], list[Row]] = {}
    notes: dict[tuple[str, str, str], str] = {}
    for entry in interfaces.entries:
        for row in rows_of(entry):
            key = (*row.pair, row.item.value)
            joined.setdefault(key, []).append(row)
            notes.setdefault(key, entry.value("note") or "")
    return tuple(Flow(tuple(rows), notes[key]) for key, rows in joined.items())


def rows_of(interface: Entry) -> Iterator[Row]:
    """The rows of one interface that could be read."""
    for raw in interface.raw["flows"]:
        yield Row(raw["from"], raw["to"], raw["item"], raw["listedBy"], _where(raw))


def _where(raw: Raw) -> str:
    found = raw["source"]
    return f"{found['doc']} {found['section']}, p. {found['page']}"


def _said(raw: Raw, key: str = "text") -> Said:
    found: Any = raw[key]
    return Said(found.value if isinstance(found, Placed) else found, _where(raw))


def _all(raws: Sequence[Raw]) -> tuple[Said, ...]:
    return tuple(_said(raw) for raw in raws)


def _process(entry: Entry) -> Process:
    raw = entry.raw
    external = tuple(ExternalFlow(flow["direction"] == "in", flow["party"].value, _said(flow, "item")) for flow in raw["externalFlows"])
    return Process(entry.value("code"), raw["name"], _said(raw["objective"]), _all(raw["inputs"]), _all(raw["outputs"]), external)


def _general_group(entry: Entry) -> Group:
    return Group(entry.value("id"), entry.raw["name"], WHOLE_SYSTEM, _where(entry.raw), _requirements(entry))


def _process_group(entry: Entry) -> Group:
    """The source gives these groups no name: their id says more than the name of their process once again."""
    return Group(entry.value("id"), entry.value("id"), entry.value("process"), _where(entry.raw), _requirements(entry))


def _requirements(entry: Entry) -> dict[str, Said]:
    return {raw["id"].value: _said(raw) for raw in entry.raw["items"]}


def _role(entry: Entry) -> Role:
    raw = entry.raw
    tasks = tuple(task["text"] for task in raw["tasks"])
    is_owner = raw["kind"] == OWNER
    return Role(entry.value("id"), entry.value("process"), is_owner, raw["name"], raw.get("count", ""), _where(raw), tasks)


def _record(entry: Entry) -> Record:
    used_by = tuple(dict.fromkeys(use["process"].value for use in entry.raw["usedBy"]))
    return Record(entry.value("id"), entry.raw["name"], _said(entry.raw["definition"]), used_by)
