"""The engagement contracts as a graph: who promises what to whom, what opens it, and where it goes when nobody answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from ancrage.domain.engagement import Clause, Contract
from ancrage.domain.organisation import Organisation
from ancrage.domain.policies import Policy, Step
from ancrage.domain.programme import Programme

if TYPE_CHECKING:
    import networkx as nx

Node = tuple[str, str]
"""Kind (`person`, `role`, `contract`, `clause`, `indicator`, `process`, `transformation`) and id."""
Edge = tuple[Node, Node, str]

RESPONSIBLE = ("responsible", "accountable")


@dataclass(frozen=True, slots=True)
class Load:
    """What a person has promised: `hours` a month over the clauses, against `available` (None where nobody said)."""

    person: str
    hours: float
    available: float | None
    clauses: tuple[str, ...]

    @property
    def is_too_much(self) -> bool:
        return self.available is not None and self.hours > self.available


class EngagementGraph:
    """People, roles, clauses and what they hang on, as they are at one instant (role holders change).

    Edges: person -holds-> role, role -backed_by-> role, role -promises-> clause, clause -part_of-> contract, indicator -opens->
    clause, clause -escalates_to-> role, contract -covers-> process, transformation -carried_by-> contract.
    """

    def __init__(self, programme: Programme, at: datetime) -> None:
        self.programme = programme
        self.organisation: Organisation = programme.organisation
        self.at = at
        self._holders: dict[str, str | None] = {}

    @cached_property
    def graph(self) -> nx.DiGraph[Node]:
        """Everything that hangs together; made when a question first needs it, as in `map_graph`."""
        import networkx as nx

        graph: nx.DiGraph[Node] = nx.DiGraph()
        for edges in (self._people_edges(), self._clause_edges(), self._coverage_edges()):
            for source, target, relation in edges:
                graph.add_edge(source, target, relation=relation)
        return graph

    def _people_edges(self) -> Iterator[Edge]:
        for role in self.organisation.roles.values():
            person = role.holder(self.at)
            if person:
                yield ("person", person), ("role", role.id), "holds"
            if role.backup:
                yield ("role", role.id), ("role", role.backup), "backed_by"

    def _clause_edges(self) -> Iterator[Edge]:
        for contract, clause in self.programme.clauses():
            yield ("role", clause.by), ("clause", clause.id), "promises"
            yield ("clause", clause.id), ("contract", contract.id), "part_of"
            for indicator in clause.trigger.indicators if clause.trigger else ():
                yield ("indicator", indicator), ("clause", clause.id), "opens"
            for _, step in self.ladder(clause):
                for recipient in step.to:
                    if recipient not in RESPONSIBLE:
                        yield ("clause", clause.id), ("role", recipient), "escalates_to"

    def _coverage_edges(self) -> Iterator[Edge]:
        for contract in self.programme.contracts.values():
            for process in contract.perimeter:
                yield ("contract", contract.id), ("process", process), "covers"
        for transformation in self.programme.transformations.values():
            for contract_id in self.contracts_of(transformation.id):
                yield ("transformation", transformation.id), ("contract", contract_id), "carried_by"

    # --- people ---

    def holder(self, role: str) -> str | None:
        """The person who holds `role` at the instant of this graph."""
        if role not in self._holders:
            self._holders[role] = self.organisation.holder(role, self.at)
        return self._holders[role]

    def loads(self) -> tuple[Load, ...]:
        """What each person has promised, by the clauses of the roles held, in the declared order of people."""
        hours: dict[str, float] = {}
        clauses: dict[str, list[str]] = {}
        for _, clause in self.programme.clauses():
            person = self.holder(clause.by)
            if person is not None and person in self.organisation.people:
                hours[person] = hours.get(person, 0.0) + clause.cost_hours_per_month
                clauses.setdefault(person, []).append(clause.id)
        people = self.organisation.people
        return tuple(Load(name, hours[name], people[name].hours_per_month, tuple(clauses[name])) for name in people if name in hours)

    def promised_by(self, person: str) -> tuple[str, ...]:
        """Ids of the clauses that a person has promised, through any role."""
        return next((load.clauses for load in self.loads() if load.person == person), ())

    # --- ladders ---

    def policy_of(self, clause: Clause) -> Policy | None:
        return self.programme.policies.get(clause.policy) if clause.policy else None

    def ladder(self, clause: Clause) -> tuple[tuple[int, Step], ...]:
        """Numbered steps of the clause's policy; empty when it has none."""
        policy = self.policy_of(clause)
        return tuple(enumerate(policy.steps)) if policy else ()

    def reached_by(self, policy: Policy, responsible: str | None) -> frozenset[str]:
        """Persons the ladder reaches besides who is `responsible` (a person)."""
        named = (recipient for step in policy.steps for recipient in step.to if recipient not in RESPONSIBLE)
        return frozenset(person for role in named if (person := self.holder(role)) and person != responsible)

    def leaves_its_start(self, policy: Policy) -> bool:
        """Whether the ladder is addressed to anybody but the responsible."""
        return any(recipient not in RESPONSIBLE for step in policy.steps for recipient in step.to)

    def vacant_recipients(self, policy: Policy) -> tuple[tuple[int, int, str], ...]:
        """(step number, position in `to`, role) of recipients that nobody holds."""
        return tuple(
            (number, position, recipient)
            for number, step in enumerate(policy.steps)
            for position, recipient in enumerate(step.to)
            if recipient in self.organisation.roles and self.holder(recipient) is None
        )

    # --- coverage ---

    def contracts_of(self, transformation: str) -> tuple[str, ...]:
        """Ids of the contracts that carry a transformation, named from either side."""
        declared = self.programme.transformations[transformation].contract
        return tuple(
            contract.id
            for contract in self.programme.contracts.values()
            if contract.id == declared or contract.transformation == transformation
        )

    def covered_processes(self) -> frozenset[str]:
        """Ids of processes in the perimeter of some contract."""
        return frozenset(process for contract in self.programme.contracts.values() for process in contract.perimeter)

    def told_people(self, contract: Contract) -> frozenset[str]:
        """Persons who hear about a contract because they are a party of it or a stakeholder."""
        roles = (*contract.parties(), *contract.stakeholders)
        return frozenset(person for role in roles if (person := self.holder(role)))

    def hangs_on(self, person: str) -> tuple[Node, ...]:
        """Everything that hangs on one person: roles held, clauses promised, contracts, processes covered; sorted."""
        import networkx as nx

        start: Node = ("person", person)
        return tuple(sorted(nx.descendants(self.graph, start))) if start in self.graph else ()
