"""The process map: processes and the products that flow between them, as a networkx graph behind a thin class."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ancrage.language import Label


class ProcessKind(StrEnum):
    """The band of the house map a process stands in."""

    MANAGEMENT = "management"
    OPERATIONAL = "operational"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Product:
    """Something that passes from one process to another: a document, a decision, a service."""

    id: str
    name: Label


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody outside the map: a customer, a supplier, an authority."""

    id: str
    name: Label


@dataclass(frozen=True, slots=True)
class Tool:
    """A means several processes may use."""

    id: str
    name: Label


@dataclass(frozen=True, slots=True)
class Performers:
    """RACI of a process: role ids."""

    responsible: tuple[str, ...] = ()
    accountable: tuple[str, ...] = ()
    consulted: tuple[str, ...] = ()
    informed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Process:
    """One process at macro level. `owner` and `deputy` are role ids; inputs and outputs are product ids."""

    id: str
    name: Label
    kind: ProcessKind
    unit: str | None = None
    owner: str | None = None
    deputy: str | None = None
    purpose: Label = field(default_factory=Label)
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    performers: Performers = field(default_factory=Performers)
    parent: str | None = None
    objectives: tuple[str, ...] = ()
    """Ids of the objectives this process serves."""


@dataclass(frozen=True, slots=True)
class Link:
    """A flow: `product` passes from `source` to `target` (process or party ids). In code it is a link; Prefect owns "flow"."""

    id: str
    source: str
    target: str
    product: str
    listed_by: tuple[str, ...] = ()
    """Process ids whose own sheet lists this flow; empty when nobody recorded it (imported maps do)."""


@dataclass(frozen=True, slots=True)
class Objective:
    """What the organisation wants; `weight` counts in the value of actions."""

    id: str
    name: Label
    weight: float = 1.0
    criteria: tuple[str, ...] = ()


