"""The rules that only the whole of the declarations can break, and the questions that are asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from ancrage.declarations.building import Building
from ancrage.declarations.registry import Registry
from ancrage.declarations.suggestions import did_you_mean
from ancrage.domain.assessment.determination import AREA_METHODS
from ancrage.domain.engagement_findings import engagement_findings
from ancrage.domain.engagement_graph import EngagementGraph
from ancrage.domain.escalation import checks
from ancrage.domain.finding import Finding
from ancrage.domain.map_graph import ProcessMap, map_findings
from ancrage.domain.programme import Programme
from ancrage.domain.reference_model import ReferenceModel
from ancrage.domain.referential import referential_findings
from ancrage.domain.working_time import Budget
from ancrage.errors import ProblemsFound
from ancrage.language import say


def broken_rules(programme: Programme, building: Building, registry: Registry) -> Iterator[Finding]:
    """Errors of the whole: those of ESC-V1, loops of parents and backups, ids with two meanings, sides that disagree."""
    organisation = programme.organisation
    for calendar in organisation.calendars.values():
        yield from checks.calendar_faults(calendar, building.as_of)
    for policy in programme.policies.values():
        yield from checks.policy_faults(policy)
    for role in organisation.roles.values():
        yield from checks.role_faults(role)
    if "fallback" not in building.settings:
        yield from checks.fallback_faults("", organisation.people)
    for model in programme.reference_models.values():
        yield from _unsuitable_scale(model)
    yield from _loops("units", {unit.id: unit.parent for unit in organisation.units.values()}, "parent")
    yield from _loops("processes", {process.id: process.parent for process in programme.processes.values()}, "parent")
    yield from _loops("roles", {role.id: role.backup for role in organisation.roles.values() if role.backup == role.id}, "backup")
    yield from _two_meanings(registry)
    yield from _unknown_criteria(programme)
    yield from _disagreeing_contracts(programme)


def _unsuitable_scale(model: ReferenceModel) -> Iterator[Finding]:
    """What the method of a reference model says against its scale: a campaign on it could not be determined."""
    try:
        AREA_METHODS[model.method].codes(model)
    except ProblemsFound as refused:
        for problem in refused.problems:
            yield Finding(problem.code, problem.message, ("reference_models", model.id, "scale"), say("not for this method"), problem.hint)


def _loops(section: str, parents: Mapping[str, str | None], key: str) -> Iterator[Finding]:
    """E-PARENT-LOOP, once per loop, at its first declared member."""
    done: set[str] = set()
    for start in parents:
        way: list[str] = []
        here: str | None = start
        while here is not None and here not in done and here not in way:
            way.append(here)
            here = parents.get(here)
        if here is not None and here in way:
            loop = " -> ".join((*way[way.index(here) :], here))
            message = say('"{name}" comes back to itself: {loop}', name=here, loop=loop)
            yield Finding("E-PARENT-LOOP", message, (section, here, key), say("a loop"), say("take one {key} of this loop away", key=key))
        done.update(way)


def _two_meanings(registry: Registry) -> Iterator[Finding]:
    for name in registry.declared_in["parties"]:
        if name in registry.declared_in["processes"]:
            message = say('"{name}" is both a process and a party, so a link cannot name it', name=name)
            others = (("processes", name),)
            yield Finding("E-END-TWICE", message, ("parties", name), say("a process too"), say("rename one of them"), others)


def _unknown_criteria(programme: Programme) -> Iterator[Finding]:
    for indicator in programme.indicators.values():
        objective = programme.objectives.get(indicator.objective)
        if objective is not None and indicator.criterion and indicator.criterion not in objective.criteria:
            message = say('objective "{objective}" has no criterion "{criterion}"', objective=objective.id, criterion=indicator.criterion)
            known, add = objective.criteria, say("add it to the criteria of the objective")
            hint = did_you_mean(indicator.criterion, known) if known else add
            subject = ("indicators", indicator.id, "criterion")
            yield Finding("E-CRITERION-UNKNOWN", message, subject, say("no such criterion"), hint, (("objectives", objective.id),))


def _disagreeing_contracts(programme: Programme) -> Iterator[Finding]:
    for transformation in programme.transformations.values():
        contract = programme.contracts.get(transformation.contract or "")
        if contract is not None and contract.transformation not in (None, transformation.id):
            message = say('contract "{contract}" is about transformation "{other}", not about "{name}"',
                          contract=contract.id, other=contract.transformation, name=transformation.id)  # fmt: skip
            others = (("contracts", contract.id, "transformation"),)
            subject, hint = ("transformations", transformation.id, "contract"), say("write the same pair on both sides")
            yield Finding("E-CONTRACT-MISMATCH", message, subject, say("disagrees"), hint, others)


def findings(programme: Programme, building: Building, registry: Registry) -> Iterator[Finding]:
    """Warnings: what the map, the contracts and the referential lack, at the date of the load.

    A warning is left out when what it misses may stand in something that was refused or could not be read.
    """
    at = building.start_of(building.as_of)
    complete = {section: registry.is_complete(section) for sections in MAY_STAND_IN.values() for section in sections}
    yield from (
        finding
        for finding in (
            *map_findings(ProcessMap(programme), at),
            *engagement_findings(EngagementGraph(programme, at)),
            *referential_findings(programme),
            *_reminders_never_sent(programme, at),
        )
        if all(complete[section] for section in MAY_STAND_IN.get(finding.code, ()))
    )


MAY_STAND_IN: Mapping[str, tuple[str, ...]] = {
    "W-PROCESS-NO-OWNER": ("roles", "people"),
    "W-OUTPUT-UNUSED": ("links",),
    "W-INPUT-UNFED": ("links",),
    "W-SPONSOR-NO-BACKUP": ("roles", "people"),
    "W-STAKEHOLDER-UNTOLD": ("roles", "people"),
    "W-LADDER-NOWHERE": ("roles", "people"),
    "W-TRANSFORMATION-NO-CONTRACT": ("contracts",),
    "W-PROCESS-NO-CONTRACT": ("contracts",),
    "W-ALERT-UNANSWERED": ("contracts",),
    "W-INDICATOR-NO-DECISION": ("contracts",),
    "W-CRITERION-NO-INDICATOR": ("indicators",),
}
"""By warning: the sections where what it misses would stand."""


def _reminders_never_sent(programme: Programme, at: datetime) -> Iterator[Finding]:
    late: dict[tuple[str, str, Budget], bool] = {}
    for contract, clause in programme.clauses():
        policy = programme.policies.get(clause.policy or "")
        calendar = programme.organisation.calendars.get(contract.calendar)
        if policy is None or calendar is None or clause.budget is None:
            continue
        terms = (policy.id, calendar.id, clause.budget)
        if terms not in late:  # many clauses share their terms, and the answer takes a walk through a year
            late[terms] = bool(checks.reminders_longer(policy, clause.budget, calendar, at.date()))
        if late[terms]:
            subject = ("contracts", contract.id, "clauses", clause.id, "delay")
            yield from checks.reminder_warnings(policy, clause.budget, calendar, at.date(), subject)
