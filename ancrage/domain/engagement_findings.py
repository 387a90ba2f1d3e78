"""What is weak in the engagement contracts: promises nobody can open, ladders that lead nowhere, people who were never told."""

from __future__ import annotations

from collections.abc import Iterator

from ancrage.domain.engagement import Clause, Contract
from ancrage.domain.engagement_graph import EngagementGraph
from ancrage.domain.finding import Finding, Subject
from ancrage.domain.policies import Policy
from ancrage.language import say


def engagement_findings(graph: EngagementGraph) -> Iterator[Finding]:
    """Every weakness, as a warning at the declaration concerned."""
    for contract in graph.programme.contracts.values():
        yield from contract_warnings(graph, contract)
        for clause in contract.clauses:
            yield from clause_warnings(graph, contract, clause)
    for policy in graph.programme.policies.values():
        yield from vacant_steps(graph, policy)
    yield from own_ladders(graph)
    yield from overloaded_people(graph)
    yield from uncovered_transformations(graph)


def contract_warnings(graph: EngagementGraph, contract: Contract) -> Iterator[Finding]:
    """W-SPONSOR-NO-BACKUP, W-PERIMETER-EMPTY, W-CONTRACT-ONE-SIDED, W-STAKEHOLDER-UNTOLD."""
    subject = ("contracts", contract.id)
    yield from _sponsor_without_backup(graph, contract)
    if not contract.perimeter:
        message = say('contract "{contract}" covers no process', contract=contract.id)
        hint = say("add perimeter: and the processes it covers")
        yield Finding("W-PERIMETER-EMPTY", message, subject, say("what is it about?"), hint)
    for role, side in ((contract.sponsor, say("the sponsor")), (contract.steward, say("the steward"))):
        if not any(clause.by == role for clause in contract.clauses):
            message = say('in contract "{contract}", {side} promises nothing', contract=contract.id, side=side)
            hint = say("a contract holds promises of both sides: add a clause by {role}", role=role)
            yield Finding("W-CONTRACT-ONE-SIDED", message, subject, say("one side only"), hint)
    yield from _untold(graph, contract)


def _sponsor_without_backup(graph: EngagementGraph, contract: Contract) -> Iterator[Finding]:
    role = graph.organisation.roles.get(contract.sponsor)
    if role is None:
        return
    subject = ("contracts", contract.id, "sponsor")
    if role.backup is None:
        message = say('nobody stands in for "{role}", who sponsors contract "{contract}"', role=role.id, contract=contract.id)
        hint = say("add backup: and a role to {role}", role=role.id)
        yield Finding("W-SPONSOR-NO-BACKUP", message, subject, say("no backup"), hint, (("roles", role.id),))
        return
    sponsor, backup = graph.holder(role.id), graph.holder(role.backup)
    if role.backup in graph.organisation.roles and (backup is None or backup == sponsor):
        message = say('the backup of "{role}" is the same person, or nobody', role=role.id)
        hint = say("give {backup} another holder", backup=role.backup)
        yield Finding("W-SPONSOR-NO-BACKUP", message, subject, say("no real backup"), hint, (("roles", role.id, "backup"),))


def _untold(graph: EngagementGraph, contract: Contract) -> Iterator[Finding]:
    """Stakeholders nobody holds, and owners of processes in the perimeter who are neither party nor stakeholder."""
    for index, role in enumerate(contract.stakeholders):
        if role in graph.organisation.roles and graph.holder(role) is None:
            message = say('nobody holds "{role}", which must be told about contract "{contract}"', role=role, contract=contract.id)
            subject = ("contracts", contract.id, "stakeholders", str(index))
            yield Finding("W-STAKEHOLDER-UNTOLD", message, subject, say("vacant"), say("give the role a holder"))
    told, named = graph.told_people(contract), {*contract.parties(), *contract.stakeholders}
    for index, name in enumerate(contract.perimeter):
        process = graph.programme.processes.get(name)
        owner = process.owner if process else None
        if owner is None or owner in named or graph.holder(owner) is None or graph.holder(owner) in told:
            continue
        message = say('"{role}" owns process "{process}" and is never told about contract "{contract}"',
                      role=owner, process=name, contract=contract.id)  # fmt: skip
        subject = ("contracts", contract.id, "perimeter", str(index))
        hint = say("add {role} to the stakeholders", role=owner)
        yield Finding("W-STAKEHOLDER-UNTOLD", message, subject, say("its owner is not told"), hint, (("processes", name),))


def clause_warnings(graph: EngagementGraph, contract: Contract, clause: Clause) -> Iterator[Finding]:
    """W-CLAUSE-NO-TRIGGER, W-CLAUSE-NO-POLICY, W-LADDER-BACK, W-LADDER-NOWHERE."""
    subject = ("contracts", contract.id, "clauses", clause.id)
    if clause.trigger is None:
        message = say('nothing opens clause "{clause}"', clause=clause.id)
        hint = say("add trigger: manual, {{alert: [...]}}, {{every: month}} or {{campaign: closed}}")
        yield Finding("W-CLAUSE-NO-TRIGGER", message, subject, say("no trigger"), hint)
    policy = graph.policy_of(clause)
    if clause.policy is None:
        message = say('nobody is told when clause "{clause}" is not kept', clause=clause.id)
        yield Finding("W-CLAUSE-NO-POLICY", message, subject, say("no ladder"), say("add policy: and an escalation policy"))
    elif policy is not None and policy.steps:
        yield from _ladder_warnings(graph, policy, clause, (*subject, "policy"))


def _ladder_warnings(graph: EngagementGraph, policy: Policy, clause: Clause, subject: Subject) -> Iterator[Finding]:
    other = (("policies", policy.id),)
    if not graph.leaves_its_start(policy) or all(_is_start(role, clause) for step in policy.steps for role in step.to):
        message = say('the ladder "{policy}" of clause "{clause}" comes back to its start: it only tells who is silent',
                      policy=policy.id, clause=clause.id)  # fmt: skip
        hint = say("add a step to somebody else: a co-sponsor, the steward")
        yield Finding("W-LADDER-BACK", message, subject, say("back to its start"), hint, other)
        return
    responsible = graph.holder(clause.by)
    if responsible is not None and not graph.reached_by(policy, responsible):
        message = say('the ladder "{policy}" of clause "{clause}" leads nowhere: it reaches nobody but {person}, who is silent',
                      policy=policy.id, clause=clause.id, person=responsible)  # fmt: skip
        hint = say("add a step to a role that another person holds")
        yield Finding("W-LADDER-NOWHERE", message, subject, say("leads nowhere"), hint, other)


def _is_start(recipient: str, clause: Clause) -> bool:
    return recipient in ("responsible", "accountable", clause.by)


def vacant_steps(graph: EngagementGraph, policy: Policy) -> Iterator[Finding]:
    """W-LADDER-NOWHERE: a step to a role that nobody holds."""
    for number, position, role in graph.vacant_recipients(policy):
        message = say('step "{step}" of "{policy}" leads nowhere: nobody holds "{role}"',
                      step=policy.steps[number].id, policy=policy.id, role=role)  # fmt: skip
        subject = ("policies", policy.id, "steps", str(number), "to", str(position))
        yield Finding("W-LADDER-NOWHERE", message, subject, say("vacant"), say("give the role a holder"), (("roles", role),))


def own_ladders(graph: EngagementGraph) -> Iterator[Finding]:
    """W-LADDER-BACK for the ladders of what the engine itself asks: requests, actions, readings, signatures."""
    defaults = graph.programme.defaults
    own: list[tuple[Subject, str]] = [
        (("defaults", "request"), defaults.request), (("defaults", "action"), defaults.action), (("defaults", "reading"), defaults.reading),
    ]  # fmt: skip
    if defaults.signing.policy is not None:
        own.append((("defaults", "signing", "policy"), defaults.signing.policy))
    for subject, name in own:
        policy = graph.programme.policies.get(name)
        if policy is not None and policy.steps and not graph.leaves_its_start(policy):
            message = say('the default ladder "{policy}" comes back to its start: it only tells who is silent', policy=name)
            hint = say("add a step to somebody else: the steward")
            yield Finding("W-LADDER-BACK", message, subject, say("back to its start"), hint, (("policies", name),))


def overloaded_people(graph: EngagementGraph) -> Iterator[Finding]:
    """W-HOURS-EXCEEDED: somebody has promised more hours a month than they have."""
    for load in graph.loads():
        if load.is_too_much:
            message = say(
                "{person} has promised {hours} hours a month and has {available}",
                person=load.person, hours=round(load.hours, 2), available=load.available,
            )  # fmt: skip
            clauses = ", ".join(load.clauses)
            hint = say("take a clause away from {person}, or make one cheaper: {clauses}", person=load.person, clauses=clauses)
            others = tuple(("clauses", clause) for clause in load.clauses)
            yield Finding("W-HOURS-EXCEEDED", message, ("people", load.person, "hours_per_month"), say("too little"), hint, others)


def uncovered_transformations(graph: EngagementGraph) -> Iterator[Finding]:
    """W-TRANSFORMATION-NO-CONTRACT and W-PROCESS-NO-CONTRACT: what flies under the radar."""
    covered = graph.covered_processes()
    subject: Subject
    for transformation in graph.programme.transformations.values():
        if not graph.contracts_of(transformation.id):
            message = say('transformation "{name}" flies under the radar: no contract carries it', name=transformation.id)
            hint = say("write an engagement contract for it, and name it under contract:")
            subject = ("transformations", transformation.id)
            yield Finding("W-TRANSFORMATION-NO-CONTRACT", message, subject, say("no contract"), hint)
            continue
        for index, process in enumerate(transformation.processes):
            if process not in covered and process in graph.programme.processes:
                message = say('process "{process}", which "{name}" changes, is in the perimeter of no contract',
                              process=process, name=transformation.id)  # fmt: skip
                hint = say("add it to the perimeter of its contract, or take it out of the transformation")
                subject = ("transformations", transformation.id, "processes", str(index))
                yield Finding("W-PROCESS-NO-CONTRACT", message, subject, say("under the radar"), hint)
