"""`ancrage contracts`: what sponsors and stewards promise each other, who has signed which version, and what they say about it."""

from __future__ import annotations

from typing import Annotated

import typer

from ancrage.cli import contract_acts
from ancrage.cli.contract_rows import (
    contract_json,
    finding_json,
    history_json,
    remark_json,
    show_remark,
    show_version,
    state_words,
)
from ancrage.cli.engagement_rows import public_json
from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import instant_or_now, local, opened
from ancrage.cli.tables import show_table
from ancrage.language import N_, say

app = typer.Typer(no_args_is_help=True, help=N_("Engagement contracts: what is promised, by whom, at what cost; who has signed."))
Contract = contract_acts.Contract


@app.command("list", help=N_("Every contract, whether it is in force, and whose signature is missing."))
def list_(ctx: typer.Context, as_of: AsOf = None, json: Json = False) -> None:
    from ancrage.services.contract_views import list_contracts

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        views = list_contracts(work, instant_or_now(project, as_of))
    if json:
        asked.emit("contracts.list", 1, {"contracts": [contract_json(view) for view in views]})
        return
    rows = [
        (view.id, view.name, state_words(view), len(view.clauses),
         f"{sum(clause.cost_hours_per_month for clause in view.clauses):g}", sum(clause.running for clause in view.clauses),
         ", ".join(party.person_name or party.role for party in view.waiting_for) or None, view.open_remarks or None)
        for view in views
    ]  # fmt: skip
    heads = (say("Contract"), say("Name"), say("State"), say("Clauses"), say("Hours a month"), say("Running"), say("To sign"),
             say("Comments"))  # fmt: skip
    show_table(asked, heads, rows, say("No contract is declared."))


@app.command(help=N_("One contract: where its versions stand, what has changed, perimeter, clauses with what calls them, delay and cost."))
def show(ctx: typer.Context, contract: Contract, as_of: AsOf = None, json: Json = False) -> None:
    from ancrage.domain.engagement_words import trigger_words
    from ancrage.services.contract_findings import find_contract_weaknesses
    from ancrage.services.contract_views import show_contract, view_remarks
    from ancrage.services.engagement_notes import prepare_public_line, published_lines
    from ancrage.services.programme import current_programme

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        at, programme = instant_or_now(project, as_of), current_programme(work)
        view = show_contract(work, contract, at)
        remarks = view_remarks(work, programme, contract, only_open=True)
        findings = find_contract_weaknesses(work, programme, at, contract)
        line, published = prepare_public_line(work, contract, at), published_lines(work, contract)
    if json:
        lists: dict[str, object] = {"public_line": public_json(line), "published": public_json(published[0]) if published else None}
        lists |= {"remarks": [remark_json(it) for it in remarks], "findings": [finding_json(it) for it in findings]}
        asked.emit("contracts.show", 1, {**contract_json(view), **lists})
        return
    asked.show(say("{name} ({id}): {state}", name=view.name, id=view.id, state=state_words(view)))
    show_table(
        asked, (say("Party"), say("Held by"), say("Signed"), say("Signed by")),
        [(it.role_name, it.person_name or None, local(view.zone, it.signed_at), it.signed_by) for it in view.parties], say("No party."),
    )  # fmt: skip
    if view.changes:
        asked.show()
        asked.show(say("What the declared text changes:"))
        for change in view.changes:
            asked.show(say("  {change}", change=change.words))
    for remark in remarks:
        show_remark(asked, remark, view.zone)
    for finding in findings:
        asked.show(say("! {message}: {advice}", message=finding.message, advice=finding.advice))
    asked.show(say("Public line as of now: {line}", line=line.line))
    for note in published:
        asked.show(say("Published on {day}: {line}", day=local(view.zone, note.told_at), line=note.line))
    asked.show()
    for title, labels in ((say("Objectives"), view.objectives), (say("Perimeter"), view.perimeter)):
        asked.show(say("{title}: {list}", title=title, list=", ".join(asked.text(label) for label in labels) or "-"))
    for label in view.outside:
        asked.show(say("Outside: {what}", what=label))
    asked.show()
    for clause in view.clauses:
        asked.show(say("{id}: {promise}", id=clause.id, promise=clause.promise))
        asked.show(
            say("  by {role}; called by {trigger}; delay {delay}; {hours} hours a month; {running} running", role=clause.by_name,
                trigger=trigger_words(clause.trigger), delay=clause.delay or "-", hours=f"{clause.cost_hours_per_month:g}",
                running=clause.running)
        )  # fmt: skip


@app.command(help=N_("The life of one contract: versions, signatures, comments, refusals, perimeters validated, stakeholders told."))
def history(ctx: typer.Context, contract: Contract, as_of: AsOf = None, json: Json = False) -> None:
    from ancrage.services.contract_history import fetch_contract_history

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        found = fetch_contract_history(work, contract, instant_or_now(project, as_of))
    if json:
        asked.emit("contracts.history", 1, history_json(found))
        return
    asked.show(say("{name} ({id})", name=found.name, id=found.id))
    for version in found.versions:
        show_version(asked, version, found.zone)
    for validation in found.validations:
        word = say("the declared one") if validation.is_present else say("an earlier one")
        asked.show(say("Perimeter validated {at} by {person} ({which}): {list}", at=local(found.zone, validation.at),
                       person=validation.person, which=word, list=", ".join(validation.perimeter)))  # fmt: skip
    for told in found.told:
        asked.show(say("Told {at}: {person} ({role}), by {by}: {how}", at=local(found.zone, told.at), person=told.person,
                       role=told.role_name, by=told.by, how=told.how or "-"))  # fmt: skip
    if not (found.versions or found.validations or found.told):
        asked.show(say("Nothing has happened yet: it was never proposed."))


@app.command(help=N_("What people said about a contract, or about all of them; with --all also what has been answered."))
def comments(
    ctx: typer.Context,
    contract: Annotated[str, typer.Argument(metavar="[CONTRACT]", help=N_("Id of the contract; all of them when left out."))] = "",
    everything: Annotated[bool, typer.Option("--all", help=N_("Answered ones too."))] = False,
    json: Json = False,
) -> None:
    from ancrage.services.contract_versions import declared_contract
    from ancrage.services.contract_views import view_remarks
    from ancrage.services.programme import current_programme
    from ancrage.services.status import zone_of_programme

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        programme = current_programme(work)
        if contract:
            declared_contract(programme, contract)
        found = view_remarks(work, programme, contract or None, only_open=not everything)
        zone = zone_of_programme(programme)
    if json:
        asked.emit("contracts.comments", 1, {"comments": [remark_json(view) for view in found]})
        return
    for view in found:
        show_remark(asked, view, zone)
    if not found:
        asked.show(say("No comment waits for an answer."))


for name, words in (
    ("propose", contract_acts.PROPOSE), ("withdraw", contract_acts.WITHDRAW), ("sign", contract_acts.SIGN),
    ("decline", contract_acts.DECLINE), ("comment", contract_acts.COMMENT), ("settle", contract_acts.SETTLE),
    ("validate", contract_acts.VALIDATE), ("tell", contract_acts.TELL),
):  # fmt: skip
    app.command(name, help=words)(getattr(contract_acts, name))
