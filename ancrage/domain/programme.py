"""A programme: everything an organisation declares, resolved and without an error. What `apply` versions and the engine relies on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ancrage.domain.engagement import Clause, Contract
from ancrage.domain.indicators import Indicator, Transformation
from ancrage.domain.organisation import Organisation
from ancrage.domain.policies import Policy
from ancrage.domain.process_map import Link, Objective, Party, Process, Product, Tool
from ancrage.domain.reference_model import ReferenceModel
from ancrage.domain.working_time import Budget, WorkingDays
from ancrage.language import Label


@dataclass(frozen=True, slots=True)
class SigningTerms:
    """In what time a proposed contract is to be signed, and by which ladder; no `policy`: that of campaign requests."""

    budget: Budget = field(default_factory=lambda: WorkingDays(5))
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class DefaultPolicies:
    """Which policy and calendar run what the engine itself asks: requests, actions, late readings, signatures, talks with a sponsor."""

    calendar: str
    request: str
    action: str
    reading: str
    signing: SigningTerms = field(default_factory=SigningTerms)
    engagement: str = ""
    assessment_minutes: float | None = None
    """Most minutes a campaign may ask of one person (ASM-K10); None: no bound."""

    @property
    def engagement_or_action(self) -> str:
        """The policy by which a steward is asked to speak with a sponsor; that of actions where none is declared."""
        return self.engagement or self.action

    @property
    def signing_policy(self) -> str:
        """The ladder of a request to sign."""
        return self.signing.policy or self.request


@dataclass(frozen=True, slots=True)
class Programme:
    """All mappings are keyed by id, in declared order. `fingerprint` changes with any declared fact, never with layout or comments."""

    id: str
    name: Label
    steward: str
    """Role id of the improvement lead, who hears about what nobody else does."""
    organisation: Organisation
    defaults: DefaultPolicies
    processes: Mapping[str, Process] = field(default_factory=dict)
    products: Mapping[str, Product] = field(default_factory=dict)
    parties: Mapping[str, Party] = field(default_factory=dict)
    tools: Mapping[str, Tool] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    objectives: Mapping[str, Objective] = field(default_factory=dict)
    reference_models: Mapping[str, ReferenceModel] = field(default_factory=dict)
    policies: Mapping[str, Policy] = field(default_factory=dict)
    contracts: Mapping[str, Contract] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    transformations: Mapping[str, Transformation] = field(default_factory=dict)
    languages: tuple[str, ...] = ("fr", "en")
    fingerprint: str = ""

    def clauses(self) -> Iterator[tuple[Contract, Clause]]:
        """Every clause with its contract, in declared order."""
        for contract in self.contracts.values():
            for clause in contract.clauses:
                yield contract, clause

    def clause(self, clause_id: str) -> tuple[Contract, Clause]:
        """The clause and its contract; KeyError with the id when it is not declared."""
        for contract, clause in self.clauses():
            if clause.id == clause_id:
                return contract, clause
        raise KeyError(clause_id)

    def clauses_for_alert(self, indicator_id: str) -> tuple[tuple[Contract, Clause], ...]:
        """Clauses that an alert of this indicator opens: those whose trigger names it."""
        return tuple(
            (contract, clause)
            for contract, clause in self.clauses()
            if clause.trigger is not None and indicator_id in clause.trigger.indicators
        )
