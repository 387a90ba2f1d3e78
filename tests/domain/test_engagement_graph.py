"""Questions to the engagement contracts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ancrage.domain.engagement import Clause, Contract, Trigger, TriggerKind
from ancrage.domain.engagement_findings import engagement_findings
from ancrage.domain.engagement_graph import EngagementGraph, Load
from ancrage.domain.indicators import Transformation
from ancrage.domain.organisation import Organisation
from ancrage.domain.policies import Offset, Origin, Policy, Step
from ancrage.domain.programme import DefaultPolicies, Programme
from ancrage.domain.working_time import WorkingDays
from ancrage.language import Label
from tests.support.maps import AT, organisation, process, programme

ROLES: dict[str, str | None] = {"sponsor": "ann", "deputy": "eve", "lead": "ben", "owner": "ann"}
PEOPLE = organisation(ROLES, {"sponsor": "deputy"})


def policy(*to: tuple[str, ...], name: str = "p") -> Policy:
    steps = (Step(f"s{number}", Offset(), Origin.DUE, recipients) for number, recipients in enumerate(to))
    return Policy(name, tuple(steps))


def clause(name: str, by: str, **fields: Any) -> Clause:
    return Clause(**{
        "id": name, "promise": Label.same(name), "by": by, "trigger": Trigger(TriggerKind.MANUAL), "budget": WorkingDays(2), "policy": "p",
        **fields,
    })  # fmt: skip


def engaged(*clauses: Clause, people: Organisation = PEOPLE, ladder: Policy | None = None, **fields: Any) -> Programme:
    """A programme with one sound contract, changed by the arguments."""
    written = clauses or (clause("react", "sponsor"), clause("report", "lead"))
    contract = Contract(**{
        "id": "c", "name": Label.same("c"), "sponsor": "sponsor", "steward": "lead", "calendar": "office", "perimeter": ("incident",),
        "clauses": written, **fields,
    })  # fmt: skip
    return programme(
        people,
        contracts={"c": contract},
        policies={"p": ladder or policy(("responsible", "lead", "deputy"))},
        processes={"incident": process("incident")},
    )


def found(given: Programme) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.code, finding.subject) for finding in engagement_findings(EngagementGraph(given, AT))]


def test_a_sound_contract_has_no_finding() -> None:
    assert found(engaged()) == []


def test_everything_hangs_on_the_people_who_promise() -> None:
    graph = EngagementGraph(engaged(), AT)
    assert ("clause", "react") in graph.hangs_on("ann")
    assert ("process", "incident") in graph.hangs_on("ben")
    assert graph.hangs_on("nobody") == ()
    assert graph.graph.edges[("role", "sponsor"), ("clause", "react")]["relation"] == "promises"
    assert graph.graph.edges[("clause", "react"), ("role", "deputy")]["relation"] == "escalates_to"


# --- clauses ---


def test_a_clause_that_nothing_opens() -> None:
    assert found(engaged(clause("react", "sponsor", trigger=None), clause("report", "lead"))) == [
        ("W-CLAUSE-NO-TRIGGER", ("contracts", "c", "clauses", "react"))
    ]


def test_a_clause_without_a_ladder() -> None:
    assert found(engaged(clause("react", "sponsor", policy=None), clause("report", "lead"))) == [
        ("W-CLAUSE-NO-POLICY", ("contracts", "c", "clauses", "react"))
    ]


# --- ladders ---


@pytest.mark.parametrize("to", [(("responsible",),), (("responsible",), ("accountable", "responsible")), (("responsible",), ("sponsor",))])
def test_a_ladder_that_only_tells_who_is_silent_comes_back_to_its_start(to: tuple[tuple[str, ...], ...]) -> None:
    given = engaged(clause("react", "sponsor"), clause("report", "lead", policy=None), ladder=policy(*to))
    assert ("W-LADDER-BACK", ("contracts", "c", "clauses", "react", "policy")) in found(given)


def test_a_ladder_to_the_same_person_under_another_name_leads_nowhere() -> None:
    people = organisation({**ROLES, "chair": "ann"}, {"sponsor": "deputy"})
    ladder = policy(("responsible",), ("chair",))
    given = engaged(clause("react", "sponsor"), clause("report", "lead", policy=None), people=people, ladder=ladder)
    assert ("W-LADDER-NOWHERE", ("contracts", "c", "clauses", "react", "policy")) in found(given)


def test_a_step_to_a_role_nobody_holds_leads_nowhere() -> None:
    people = organisation({**ROLES, "board": None}, {"sponsor": "deputy"})
    given = engaged(people=people, ladder=policy(("responsible", "lead", "deputy"), ("lead", "board")))
    assert found(given) == [("W-LADDER-NOWHERE", ("policies", "p", "steps", "1", "to", "1"))]


def test_the_ladders_of_what_the_engine_asks_are_looked_at_too() -> None:
    base = engaged()
    own = policy(("responsible",), name="own")
    given = replace(base, policies={**base.policies, "own": own}, defaults=DefaultPolicies("office", "own", "p", "p"))
    assert found(given) == [("W-LADDER-BACK", ("defaults", "request"))]


# --- people ---


def test_a_sponsor_without_backup() -> None:
    assert found(engaged(people=organisation(ROLES))) == [("W-SPONSOR-NO-BACKUP", ("contracts", "c", "sponsor"))]


@pytest.mark.parametrize("holder", ["ann", None])
def test_a_backup_that_is_the_same_person_or_nobody_is_none(holder: str | None) -> None:
    people = organisation({**ROLES, "second": holder}, {"sponsor": "second"})
    assert found(engaged(people=people)) == [("W-SPONSOR-NO-BACKUP", ("contracts", "c", "sponsor"))]


def test_hours_are_summed_over_all_roles_of_a_person() -> None:
    costly = (clause("react", "sponsor", cost_hours_per_month=3.0), clause("report", "lead", cost_hours_per_month=1.5))
    people = organisation({**ROLES, "lead": "ann"}, {"sponsor": "deputy"}, {"ann": 4.0})
    given = engaged(*costly, people=people, ladder=policy(("deputy",)))
    assert EngagementGraph(given, AT).loads() == (Load("ann", 4.5, 4.0, ("react", "report")),)
    assert found(given) == [("W-HOURS-EXCEEDED", ("people", "ann", "hours_per_month"))]
    assert EngagementGraph(given, AT).promised_by("ann") == ("react", "report")


@pytest.mark.parametrize("available", [4.5, 5.0, None])
def test_hours_that_suffice_or_that_nobody_gave_are_no_finding(available: float | None) -> None:
    people = organisation(ROLES, {"sponsor": "deputy"}, {"ann": available} if available else None)
    assert found(engaged(clause("react", "sponsor", cost_hours_per_month=4.5), clause("report", "lead"), people=people)) == []


# --- contracts ---


def test_a_contract_in_which_one_side_promises_nothing() -> None:
    assert found(engaged(clause("react", "sponsor"))) == [("W-CONTRACT-ONE-SIDED", ("contracts", "c"))]
    assert found(engaged(clause("report", "lead"))) == [("W-CONTRACT-ONE-SIDED", ("contracts", "c"))]


def test_a_contract_about_nothing() -> None:
    assert found(engaged(perimeter=())) == [("W-PERIMETER-EMPTY", ("contracts", "c"))]


def test_an_owner_in_the_perimeter_must_be_told() -> None:
    people = organisation({**ROLES, "owner": "zoe"}, {"sponsor": "deputy"})
    assert found(engaged(people=people)) == [("W-STAKEHOLDER-UNTOLD", ("contracts", "c", "perimeter", "0"))]
    assert found(engaged(people=people, stakeholders=("owner",))) == []


def test_a_stakeholder_nobody_holds_is_told_nothing() -> None:
    people = organisation({**ROLES, "users": None}, {"sponsor": "deputy"})
    assert found(engaged(people=people, stakeholders=("users",))) == [("W-STAKEHOLDER-UNTOLD", ("contracts", "c", "stakeholders", "0"))]


# --- transformations ---


def with_transformation(given: Programme, **fields: Any) -> Programme:
    transformation = Transformation(**{"id": "t", "name": Label.same("t"), "objectives": (), "processes": ("incident",), **fields})
    return replace(given, transformations={"t": transformation})


def test_a_transformation_without_a_contract_flies_under_the_radar() -> None:
    assert found(with_transformation(engaged())) == [("W-TRANSFORMATION-NO-CONTRACT", ("transformations", "t"))]


def test_either_side_may_name_the_other() -> None:
    assert found(with_transformation(engaged(), contract="c")) == []
    assert found(with_transformation(engaged(transformation="t"))) == []


def test_a_process_that_is_changed_outside_every_perimeter() -> None:
    given = engaged()
    given = replace(given, processes={**given.processes, "change": process("change")})
    changed = with_transformation(given, contract="c", processes=("incident", "change"))
    assert found(changed) == [("W-PROCESS-NO-CONTRACT", ("transformations", "t", "processes", "1"))]
