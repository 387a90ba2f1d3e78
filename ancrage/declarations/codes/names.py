"""Codes of names that nothing declares."""

from __future__ import annotations

from ancrage.declarations.codes.page import CodePage
from ancrage.language import N_

_CONTRACT = """contracts:
  c:
    name: C
    sponsor: sponsor
    perimeter: [incident]
    {more}
    clauses:
      react: {{promise: I answer, by: sponsor, trigger: {trigger}, delay: 2wd, policy: {policy}}}
      report: {{promise: I report, by: lead, trigger: manual, delay: 5wd, policy: standard}}
"""


def contract(trigger: str = "manual", policy: str = "standard", more: str = "co_sponsor: deputy") -> str:
    return _CONTRACT.format(trigger=trigger, policy=policy, more=more)


def indicator(**changed: str) -> str:
    fields = {
        "name": "Backlog", "objective": "reliable", "definition": "Open incidents", "type": "reactivity", "kind": "value",
        "unit": "tickets", "direction": "decrease", "source": "manual", "cadence": "week", "owner": "lead", "reports_to": "sponsor",
        **changed,
    }  # fmt: skip
    return "indicators:\n  backlog:\n" + "".join(f"    {key}: {value}\n" for key, value in fields.items())


PAGES = (
    CodePage(
        "E-CAL-UNKNOWN",
        N_("A calendar is not declared"),
        N_("Deadlines are counted on a calendar; this one is in no file of the project."),
        "people:\n  zoe: {name: Zoe, calendar: offices}\n",
        "people:\n  zoe: {name: Zoe, calendar: office}\n",
    ),
    CodePage(
        "E-UNIT-UNKNOWN",
        N_("A unit is not declared"),
        N_("A process or person belongs to a unit that is in no file of the project."),
        "units:\n  ing: {name: Engineering}\nprocesses:\n  change: {name: Change, kind: operational, owner: lead, unit: INGE}\n",
        "units:\n  ing: {name: Engineering}\nprocesses:\n  change: {name: Change, kind: operational, owner: lead, unit: ing}\n",
    ),
    CodePage(
        "E-PERSON-UNKNOWN",
        N_("A person is not declared"),
        N_("A role, an absence or the project names a person that is in no file of the project."),
        "roles:\n  tester: {holder: bob}\n",
        "roles:\n  tester: {holder: ben}\n",
    ),
    CodePage(
        "E-ROLE-UNKNOWN",
        N_("A role is not declared"),
        N_("Who answers, promises or is told is always a role. This one is in no file of the project."),
        "processes:\n  change: {name: Change, kind: operational, owner: leed}\n",
        "processes:\n  change: {name: Change, kind: operational, owner: lead}\n",
    ),
    CodePage(
        "E-OBJECTIVE-UNKNOWN",
        N_("An objective is not declared"),
        N_("Value is counted by objective; this one is in no file of the project."),
        "transformations:\n  triage: {name: Triage, objectives: [relyable]}\n",
        "transformations:\n  triage: {name: Triage, objectives: [reliable]}\n",
    ),
    CodePage(
        "E-TOOL-UNKNOWN",
        N_("A tool is not declared"),
        N_("What a failure hits is found through tools; this one is in no file of the project."),
        "processes:\n  change: {name: Change, kind: operational, owner: lead, tools: [itsm]}\n",
        "tools:\n  itsm: {name: Service tool}\nprocesses:\n  change: {name: Change, kind: operational, owner: lead, tools: [itsm]}\n",
    ),
    CodePage(
        "E-PRODUCT-UNKNOWN",
        N_("A product is not declared"),
        N_("What passes between processes is declared once under products, with its name."),
        "parties:\n  users: {name: Users}\nlinks:\n  call: {from: users, to: incident, product: call}\n",
        "parties:\n  users: {name: Users}\nproducts:\n  call: {name: Call}\nlinks:\n  call: {from: users, to: incident, product: call}\n",
    ),
    CodePage(
        "E-PROCESS-UNKNOWN",
        N_("A process is not declared"),
        N_("A perimeter, an area or a transformation names a process that is in no file of the project."),
        "transformations:\n  triage: {name: Triage, processes: [incidents]}\n",
        "transformations:\n  triage: {name: Triage, processes: [incident]}\n",
    ),
    CodePage(
        "E-END-UNKNOWN",
        N_("The end of a flow is neither a process nor a party"),
        N_("A flow goes from a process or a party to a process or a party."),
        "products:\n  call: {name: Call}\nlinks:\n  call: {from: users, to: incident, product: call}\n",
        "products:\n  call: {name: Call}\nparties:\n  users: {name: Users}\nlinks:\n  call: {from: users, to: incident, product: call}\n",
    ),
    CodePage(
        "E-END-TWICE",
        N_("One id is both a process and a party"),
        N_("A flow that names it would not say which of the two is meant."),
        "parties:\n  incident: {name: Incident desk}\n",
        "parties:\n  incident_desk: {name: Incident desk}\n",
    ),
    CodePage(
        "E-POLICY-UNKNOWN",
        N_("An escalation policy is not declared"),
        N_("Without its ladder nobody is told when the promise is not kept."),
        contract(policy="standart"),
        contract(policy="standard"),
    ),
    CodePage(
        "E-CONTRACT-UNKNOWN",
        N_("A contract is not declared"),
        N_("A transformation names an engagement contract that is in no file of the project."),
        "transformations:\n  triage: {name: Triage, contract: triage_contract}\n",
        "transformations:\n  triage: {name: Triage, contract: c}\n" + contract(),
    ),
    CodePage(
        "E-CLAUSE-UNKNOWN",
        N_("A clause is in no contract"),
        N_("What is decided from an indicator is a clause of an engagement contract."),
        indicator(decision="react"),
        indicator(decision="react") + contract(),
    ),
    CodePage(
        "E-INDICATOR-UNKNOWN",
        N_("An indicator is not declared"),
        N_("A trigger or a transformation names an indicator that is in no file of the project."),
        contract(trigger="{alert: [backlog]}"),
        contract(trigger="{alert: [backlog]}") + indicator(),
    ),
    CodePage(
        "E-TRANSFORMATION-UNKNOWN",
        N_("A transformation is not declared"),
        N_("A contract or an indicator names a transformation that is in no file of the project."),
        contract(more="transformation: triage"),
        contract(more="transformation: triage") + "transformations:\n  triage: {name: Triage, processes: [incident]}\n",
    ),
    CodePage(
        "E-CRITERION-UNKNOWN",
        N_("An objective has no such criterion"),
        N_("An indicator measures a criterion that its objective declares, so that the panel can be checked to be complete."),
        indicator(criterion="speed"),
        indicator(criterion="speed", objective="quick") + "objectives:\n  quick: {name: Quick services, criteria: [speed]}\n",
    ),
)
