"""`ancrage contracts`: what sponsors and stewards promise each other, and who has signed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import acting_person, instant_or_now, local, opened
from ancrage.cli.tables import show_table
from ancrage.language import N_, Message, say

if TYPE_CHECKING:
    from ancrage.domain.engagement import Trigger
    from ancrage.services.contract_views import ContractView

app = typer.Typer(no_args_is_help=True, help=N_("Engagement contracts: what is promised, by whom, at what cost; who has signed."))
Contract = Annotated[str, typer.Argument(metavar="CONTRACT", help=N_("Id of the contract."))]


@app.command("list", help=N_("Every contract, whether it is in force, and whose signature is missing."))
def list_(ctx: typer.Context, as_of: AsOf = None, json: Json = False) -> None:
    from ancrage.services.contract_views import list_contracts

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        views = list_contracts(work, instant_or_now(project, as_of))
    if json:
        asked.emit("contracts.list", 1, {"contracts": [_json(view) for view in views]})
        return
    rows = [
        (view.id, view.name, say("in force") if view.in_force else say("not in force"), len(view.clauses),
         f"{sum(clause.cost_hours_per_month for clause in view.clauses):g}", sum(clause.running for clause in view.clauses),
         ", ".join(party.person_name or party.role for party in view.waiting_for) or None)
        for view in views
    ]  # fmt: skip
    heads = (say("Contract"), say("Name"), say("State"), say("Clauses"), say("Hours a month"), say("Running"), say("To sign"))
    show_table(asked, heads, rows, say("No contract is declared."))


def _json(view: ContractView) -> dict[str, object]:
    return {
        "id": view.id, "name": view.name, "fingerprint": view.version, "in_force": view.in_force, "older_signatures": view.older_signatures,
        "parties": [
            {"role": it.role, "role_name": it.role_name, "person": it.person, "person_name": it.person_name or None,
             "signed_at": it.signed_at, "signed_by": it.signed_by}
            for it in view.parties
        ],
        "perimeter": list(view.perimeter), "outside": list(view.outside), "objectives": list(view.objectives),
        "clauses": [
            {"id": it.id, "promise": it.promise, "by": it.by, "by_name": it.by_name, "trigger": _trigger_json(it.trigger),
             "delay": it.delay, "policy": it.policy, "cost_hours_per_month": it.cost_hours_per_month, "waiver": it.waiver,
             "negotiable": it.negotiable, "running": it.running}
            for it in view.clauses
        ],
    }  # fmt: skip


def _trigger_json(trigger: Trigger | None) -> object:
    if trigger is None:
        return None
    return {"kind": trigger.kind.value, "indicators": list(trigger.indicators), "every": trigger.every}


@app.command(help=N_("One contract: parties and signatures, perimeter, clauses with what calls them, their delay and their cost."))
def show(ctx: typer.Context, contract: Contract, as_of: AsOf = None, json: Json = False) -> None:
    from ancrage.services.contract_views import show_contract

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        view = show_contract(work, contract, instant_or_now(project, as_of))
    if json:
        asked.emit("contracts.show", 1, _json(view))
        return
    state = say("in force") if view.in_force else say("not in force")
    asked.show(say("{name} ({id}, version {version}): {state}", name=view.name, id=view.id, version=view.version[:12], state=state))
    if view.older_signatures:
        asked.show(say("{count} signatures are under an older version: a changed text is signed anew.", count=view.older_signatures))
    show_table(
        asked, (say("Party"), say("Held by"), say("Signed"), say("Signed by")),
        [(it.role_name, it.person_name or None, local(view.zone, it.signed_at), it.signed_by) for it in view.parties], say("No party."),
    )  # fmt: skip
    for title, labels in ((say("Objectives"), view.objectives), (say("Perimeter"), view.perimeter)):
        asked.show(say("{title}: {list}", title=title, list=", ".join(asked.text(label) for label in labels) or "-"))
    for label in view.outside:
        asked.show(say("Outside: {what}", what=label))
    asked.show()
    for clause in view.clauses:
        asked.show(say("{id}: {promise}", id=clause.id, promise=clause.promise))
        asked.show(
            say("  by {role}; called by {trigger}; delay {delay}; {hours} hours a month; {running} running", role=clause.by_name,
                trigger=_trigger(clause.trigger), delay=clause.delay or "-", hours=f"{clause.cost_hours_per_month:g}",
                running=clause.running)
        )  # fmt: skip


def _trigger(trigger: Trigger | None) -> Message:
    match trigger.kind.value if trigger else None:
        case "alert":
            return say("an alert of {indicators}", indicators=", ".join(trigger.indicators if trigger else ()))
        case "periodic":
            return say("every month")
        case "campaign":
            return say("the end of a campaign")
        case "manual":
            return say("somebody who asks")
        case _:
            return say("nothing")


@app.command(help=N_("Sign the contract as it stands, for one role or for every one you hold. Signing twice changes nothing."))
def sign(
    ctx: typer.Context,
    contract: Contract,
    person: Annotated[str, typer.Option("--person", help=N_("Who signs (default: ANCRAGE_PERSON)."))] = "",
    role: Annotated[str, typer.Option("--role", help=N_("Sign as this party only."))] = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.contract_views import show_contract, sign_for

    asked, who = Invocation.of(ctx), acting_person(person)
    with opened(asked) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            signed = sign_for(work, contract, who, at, role or None)
            work.flush()
            view = show_contract(work, contract, at)
    if json:
        waiting = [party.role for party in view.waiting_for]
        asked.emit("contracts.sign", 1, {"contract": contract, "signed": list(signed), "in_force": view.in_force, "waiting_for": waiting})
        return
    asked.show(say("Signed as {roles}.", roles=", ".join(signed)) if signed else say("Signed before; nothing changes."))
    names = ", ".join(party.person_name or party.role for party in view.waiting_for)
    asked.show(say("The contract is in force.") if view.in_force else say("It waits for {names}.", names=names))
