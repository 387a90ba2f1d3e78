"""Codes of policies, contracts, indicators, transformations and reference models."""

from __future__ import annotations

from ancrage.declarations.codes.names import contract, indicator
from ancrage.declarations.codes.page import CodePage
from ancrage.language import N_


def _policy(*steps: str) -> str:
    return "policies:\n  p:\n    steps:\n" + "".join(f"      - {{{step}}}\n" for step in steps)


def _clauses(*clauses: str, head: str = "sponsor: sponsor\n    perimeter: [incident]") -> str:
    return f"contracts:\n  c:\n    name: C\n    {head}\n    clauses:\n" + "".join(f"      {clause}\n" for clause in clauses)


_REPORT = "report: {promise: I report, by: lead, trigger: manual, delay: 5wd, policy: standard}"
_REACT = "react: {promise: I answer, by: sponsor, trigger: manual, delay: 2wd, policy: standard}"
_DUE = "id: due, offset: 0, from: due, to: [responsible]"
_BACK = "policies:\n  back: {steps: [{id: due, offset: 0, from: due, to: [%s]}]}\n"
_MODEL = """reference_models:
  m:
    name: M
    version: "1.0"
    method: cmmi
    scale: [{code: FI, label: Yes}, {code: %s, label: No}]
    areas:
      need: {name: Need, practices: {ask: {name: Ask}}}
      risk: {name: Risk, practices: {%s: {name: Look}}}
"""
_TRIAGE = "transformations:\n  triage: {name: Triage, processes: [incident], %s}\n"

PAGES = (
    CodePage(
        "E-STEP-ORDER",
        N_("A step of a ladder is out of order"),
        N_("Reminders before due, at most one step at due, then steps counted from the previous one (ESC-L1)."),
        _policy("id: chase, offset: 2wd, from: previous, to: [lead]", _DUE),
        _policy(_DUE, "id: chase, offset: 2wd, from: previous, to: [lead]"),
    ),
    CodePage(
        "E-STEP-DUPLICATE",
        N_("Two steps of a ladder have the same id"),
        N_("A notice is known by its step, so that it is sent once (ESC-G1)."),
        _policy(_DUE, "id: due, offset: 2wd, from: previous, to: [lead]"),
        _policy(_DUE, "id: chase, offset: 2wd, from: previous, to: [lead]"),
    ),
    CodePage(
        "W-REMINDER-LONGER",
        N_("A reminder would never be sent"),
        N_("It comes further before the deadline than the whole delay is long (ESC-V1)."),
        _policy("id: remind, offset: -5wd, from: due, to: [responsible]", "id: due, offset: 0, from: due, to: [lead, deputy]")
        + contract(policy="p"),
        _policy("id: remind, offset: -1wd, from: due, to: [responsible]", "id: due, offset: 0, from: due, to: [lead, deputy]")
        + contract(policy="p"),
    ),
    CodePage(
        "E-TRIGGER",
        N_("A trigger is not exactly one thing"),
        N_("One clause has one trigger; for two, make two clauses."),
        contract(trigger="{every: month, campaign: closed}"),
        contract(trigger="{campaign: closed}"),
    ),
    CodePage(
        "E-CLAUSE-PARTY",
        N_("Somebody promises who is not a party of the contract"),
        N_("A clause is promised by the sponsor, the co-sponsor or the steward, who sign the contract."),
        _clauses(_REPORT, "react: {promise: I answer, by: deputy, trigger: manual, delay: 2wd, policy: standard}"),
        _clauses(_REPORT, _REACT),
    ),
    CodePage(
        "E-CLAUSE-DELAY",
        N_("A clause has no delay"),
        N_("A promise without a date cannot be kept late. A monthly clause is due at the end of its month and needs none."),
        _clauses(_REPORT, "react: {promise: I answer, by: sponsor, trigger: manual, policy: standard}"),
        _clauses(_REPORT, _REACT),
    ),
    CodePage(
        "W-DELAY-UNUSED",
        N_("The delay of a monthly clause has no effect"),
        N_("It is due at the end of its month (ESC-M1)."),
        _clauses(_REPORT, "chair: {promise: I chair, by: sponsor, trigger: {every: month}, delay: 2wd, policy: standard}"),
        _clauses(_REPORT, "chair: {promise: I chair, by: sponsor, trigger: {every: month}, policy: standard}"),
    ),
    CodePage(
        "E-CLAUSE-DUPLICATE",
        N_("Two clauses have the same id"),
        N_("Commitments, alerts and indicators name a clause alone, so its id is unique in the programme."),
        contract() + "  d: {name: D, sponsor: sponsor, perimeter: [incident], clauses: {" + _REACT + "}}\n",
        contract() + "  d: {name: D, sponsor: sponsor, perimeter: [incident], clauses: {second_" + _REACT + "}}\n",
    ),
    CodePage(
        "E-CONTRACT-MISMATCH",
        N_("A contract and a transformation disagree"),
        N_("Each names the other, and they do not name the same pair."),
        contract(more="transformation: other") + _TRIAGE % "contract: c" + "  other: {name: Other}\n",
        contract(more="transformation: triage") + _TRIAGE % "contract: c",
    ),
    CodePage(
        "W-CLAUSE-NO-TRIGGER",
        N_("Nothing opens a clause"),
        N_("A promise that nothing calls in is never kept nor broken: it is forgotten."),
        _clauses(_REPORT, "react: {promise: I answer, by: sponsor, delay: 2wd, policy: standard}"),
        _clauses(_REPORT, _REACT),
    ),
    CodePage(
        "W-CLAUSE-NO-POLICY",
        N_("Nobody is told when a clause is not kept"),
        N_("Silence would be free of consequences."),
        _clauses(_REPORT, "react: {promise: I answer, by: sponsor, trigger: manual, delay: 2wd}"),
        _clauses(_REPORT, _REACT),
    ),
    CodePage(
        "W-LADDER-BACK",
        N_("A ladder comes back to its start"),
        N_("Every step only tells the one who is silent."),
        _BACK % "responsible" + contract(policy="back"),
        _BACK % "responsible, lead" + contract(policy="back"),
    ),
    CodePage(
        "W-LADDER-NOWHERE",
        N_("A ladder leads nowhere"),
        N_("A step goes to a role nobody holds, or the whole ladder reaches only the person who is silent, under other names."),
        "roles:\n  committee: {name: Committee}\n" + _BACK % "responsible, committee" + contract(policy="back"),
        "roles:\n  committee: {name: Committee, holder: eve}\n" + _BACK % "responsible, committee" + contract(policy="back"),
    ),
    CodePage(
        "W-SPONSOR-NO-BACKUP",
        N_("Nobody stands in for a sponsor"),
        N_("When the sponsor is away, every notice waits for nobody (ESC-W3)."),
        "roles:\n  patron: {holder: eve}\n" + _clauses(_REPORT, head="sponsor: patron\n    perimeter: [incident]"),
        "roles:\n  patron: {holder: eve, backup: deputy_patron}\n  deputy_patron: {holder: ann}\n"
        + _clauses(_REPORT, head="sponsor: patron\n    perimeter: [incident]"),
    ),
    CodePage(
        "W-PERIMETER-EMPTY",
        N_("A contract covers nothing"),
        N_("A perimeter that nobody wrote is a perimeter that nobody validated."),
        _clauses(_REPORT, _REACT, head="sponsor: sponsor"),
        _clauses(_REPORT, _REACT),
    ),
    CodePage(
        "W-CONTRACT-ONE-SIDED",
        N_("One side of a contract promises nothing"),
        N_("The sponsor reacts and decides; the steward gives back what the engagement has changed. A contract holds both."),
        _clauses(_REACT),
        _clauses(_REPORT, _REACT),
    ),
    CodePage(
        "W-STAKEHOLDER-UNTOLD",
        N_("Somebody concerned is never told"),
        N_("The owner of a process in the perimeter is neither a party nor a stakeholder, or nobody holds a stakeholder's role."),
        "processes:\n  change: {name: Change, kind: operational, owner: deputy}\n"
        + _clauses(_REPORT, _REACT, head="sponsor: sponsor\n    perimeter: [change]"),
        "processes:\n  change: {name: Change, kind: operational, owner: deputy}\n"
        + _clauses(_REPORT, _REACT, head="sponsor: sponsor\n    perimeter: [change]\n    stakeholders: [deputy]"),
    ),
    CodePage(
        "W-HOURS-EXCEEDED",
        N_("Somebody has promised more hours than they have"),
        N_("What cannot be kept should not be promised: the cost of all clauses of a person is more than the hours declared for them."),
        _clauses(_REPORT, _REACT.replace("delay: 2wd", "delay: 2wd, cost_hours_per_month: 6")),
        _clauses(_REPORT, _REACT.replace("delay: 2wd", "delay: 2wd, cost_hours_per_month: 3")),
    ),
    CodePage(
        "W-TRANSFORMATION-NO-CONTRACT",
        N_("A transformation flies under the radar"),
        N_("No engagement contract carries it: nobody has promised anything for it."),
        _TRIAGE % "objectives: [reliable]",
        _TRIAGE % "contract: c" + contract(),
    ),
    CodePage(
        "W-PROCESS-NO-CONTRACT",
        N_("A process is changed outside every perimeter"),
        N_("A transformation changes it, and no contract covers it."),
        "processes:\n  change: {name: Change, kind: operational, owner: lead}\n"
        + (_TRIAGE % "contract: c").replace("[incident]", "[change]") + contract(),
        _TRIAGE % "contract: c" + contract(),
    ),
    CodePage(
        "E-CLOCK-ORDER",
        N_("The clocks of a transformation are out of order"),
        N_("A process is defined, then its tool delivered, then the practice adopted, then effects observed."),
        _TRIAGE % 'planned: {defined: "2026-05-01", tool_delivered: "2026-03-01"}',
        _TRIAGE % 'planned: {defined: "2026-01-01", tool_delivered: "2026-03-01"}',
    ),
    CodePage(
        "W-ALERT-UNANSWERED",
        N_("Nobody has promised to answer an alert"),
        N_("The alert will be raised and nothing will happen: this is how transformations die."),
        indicator(thresholds="{alert: 60}"),
        indicator(thresholds="{alert: 60}") + contract(trigger="{alert: [backlog]}"),
    ),
    CodePage(
        "W-INDICATOR-NO-DECISION",
        N_("Nobody decides from an indicator"),
        N_("A measure nobody decides from costs time and trust. Name the clause that is decided from it, or stop measuring."),
        indicator(),
        indicator(decision="react") + contract(),
    ),
    CodePage(
        "W-INDICATOR-NO-END",
        N_("An indicator is followed without an end"),
        N_("What is followed closely for ever is followed by nobody. Say until when, then it is only watched."),
        indicator(),
        indicator(lifetime='{phase: follow, until: "2026-12-31"}'),
    ),
    CodePage(
        "W-INDICATOR-TWIN",
        N_("A second measure of the same criterion"),
        N_("Two figures for one thing are two opinions; keep the one that is decided from."),
        indicator() + indicator().replace("indicators:\n", "").replace("backlog", "queue"),
        indicator(),
    ),
    CodePage(
        "W-CRITERION-NO-INDICATOR",
        N_("A criterion of an objective is not measured"),
        N_("Nobody will know whether the objective is met in this respect."),
        "objectives:\n  quick: {name: Quick services, criteria: [speed]}\n",
        "objectives:\n  quick: {name: Quick services, criteria: [speed]}\n" + indicator(criterion="speed", objective="quick"),
    ),
    CodePage(
        "E-PRACTICE-DUPLICATE",
        N_("A practice is declared twice"),
        N_("Answers are kept by practice id, which is unique in a reference model."),
        _MODEL % ("NI", "ask"),
        _MODEL % ("NI", "look"),
    ),
    CodePage(
        "E-SCALE-DUPLICATE",
        N_("A code stands twice in a scale"),
        N_("Answers are stored by code: two answers with one code could not be told apart."),
        _MODEL % ("FI", "look"),
        _MODEL % ("NI", "look"),
    ),
)
