"""What people do with contracts at the command line: propose, sign, decline, comment, answer, validate, tell."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import By, acting_person, instant_or_now, opened
from ancrage.language import N_, say

Contract = Annotated[str, typer.Argument(metavar="CONTRACT", help=N_("Id of the contract."))]
Person = Annotated[str, typer.Option("--person", help=N_("Who does this (default: ANCRAGE_PERSON)."))]
Clause = Annotated[str, typer.Option("--clause", help=N_("Id of the clause it is about; the whole contract when left out."))]
ActionId = Annotated[str, typer.Option("--action-id", help=N_("Id of this action: the same id twice has one effect."))]

PROPOSE = N_("Propose the declared text: it becomes a version, and each party is asked to sign it. Proposing it twice asks nobody twice.")
WITHDRAW = N_("Take back the version that waits for signatures; what is in force stays in force.")
SIGN = N_("Sign the version that waits for signatures, for one role or for every one you hold. Signing twice changes nothing.")
DECLINE = N_("Decline to sign, with a reason; the request stays open, and the steward is told.")
COMMENT = N_("Say what should change, in a clause or in the whole; the steward is told.")
SETTLE = N_("Answer a comment or a refusal, which closes it.")
VALIDATE = N_("Validate the perimeter as the sponsor; another perimeter is validated anew.")
TELL = N_("Record that a stakeholder was told about the contract, and how.")


def propose(ctx: typer.Context, contract: Contract, by: By = "", as_of: AsOf = None, json: Json = False) -> None:
    from ancrage.services.contract_requests import propose_contract
    from ancrage.services.programme import current_programme

    asked, who = Invocation.of(ctx), acting_person(by)
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            made = propose_contract(work, current_programme(work), contract, who, at, project.first_channels)
    if json:
        asked.emit("contracts.propose", 1, {"contract": contract, "contract_version": made.version.number, "asked": list(made.asked),
                                            "waiting_for": list(made.version.missing), "replaces": made.replaces, "at": at})  # fmt: skip
        return
    if made.replaces is not None:
        asked.show(say("Version {version}, which still waited for signatures, is withdrawn.", version=made.replaces))
    if made.asked:
        asked.show(say("Version {version} is proposed; asked to sign: {roles}.", version=made.version.number, roles=", ".join(made.asked)))
    else:
        asked.show(say("Version {version} was proposed before; nothing changes.", version=made.version.number))


def withdraw(
    ctx: typer.Context,
    contract: Contract,
    reason: Annotated[str, typer.Option("--reason", help=N_("Why; kept in the journal."))],
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.contract_requests import withdraw_contract
    from ancrage.services.programme import current_programme

    asked, who = Invocation.of(ctx), acting_person(by)
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            taken = withdraw_contract(work, current_programme(work), contract, who, reason, at, project.first_channels)
    if json:
        asked.emit("contracts.withdraw", 1, {"contract": contract, "contract_version": taken.number, "at": at})
        return
    asked.show(say("Version {version} is withdrawn.", version=taken.number))


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
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            signed = sign_for(work, contract, who, at, role or None, project.first_channels)
            work.flush()
            view = show_contract(work, contract, at)
    if json:
        waiting = [party.role for party in view.waiting_for]
        version = view.proposed_version or view.in_force_version
        asked.emit("contracts.sign", 1, {"contract": contract, "contract_version": version, "signed": list(signed),
                                         "in_force": view.in_force, "waiting_for": waiting})  # fmt: skip
        return
    asked.show(say("Signed as {roles}.", roles=", ".join(signed)) if signed else say("Signed before; nothing changes."))
    names = ", ".join(party.person_name or party.role for party in view.waiting_for)
    asked.show(say("It waits for {names}.", names=names) if view.waiting_for else say("The contract is in force."))


def decline(
    ctx: typer.Context,
    contract: Contract,
    reason: Annotated[str, typer.Option("--reason", help=N_("Why; the steward reads it."))],
    role: Annotated[str, typer.Option("--role", help=N_("The party you decline as."))],
    person: Person = "",
    action_id: ActionId = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.contract_signing import NewRemark, Signing, decline_version, version_in_discussion
    from ancrage.services.programme import current_programme

    asked, who = Invocation.of(ctx), acting_person(person)
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        remark = NewRemark(action_id or uuid.uuid4().hex, who, at, reason)
        with project.units() as work:
            programme = current_programme(work)
            version = version_in_discussion(work, programme, contract)
            decline_version(work, programme, version, Signing(role, who, at), remark, project.first_channels)
    if json:
        facts = {"contract": contract, "contract_version": version.number, "role": role, "remark": remark.id, "at": at}
        asked.emit("contracts.decline", 1, facts)
        return
    asked.show(say("Recorded: version {version} is not signed as {role}. The steward is told.", version=version.number, role=role))


def comment(
    ctx: typer.Context,
    contract: Contract,
    text: Annotated[str, typer.Option("--text", help=N_("What should change."))],
    clause: Clause = "",
    person: Person = "",
    action_id: ActionId = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.contract_signing import NewRemark, comment_on_version, version_in_discussion
    from ancrage.services.programme import current_programme

    asked, who = Invocation.of(ctx), acting_person(person)
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        remark = NewRemark(action_id or uuid.uuid4().hex, who, at, text, clause or None)
        with project.units() as work:
            programme = current_programme(work)
            version = version_in_discussion(work, programme, contract)
            comment_on_version(work, programme, version, remark, project.first_channels)
    if json:
        asked.emit("contracts.comment", 1, {"contract": contract, "contract_version": version.number, "clause": clause or None,
                                            "remark": remark.id, "at": at})  # fmt: skip
        return
    asked.show(say("Recorded as {id}, on version {version}.", id=remark.id, version=version.number))


def settle(
    ctx: typer.Context,
    remark: Annotated[str, typer.Argument(metavar="COMMENT", help=N_("Id of the comment, as listed."))],
    answer: Annotated[str, typer.Option("--answer", help=N_("What becomes of it."))],
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.contract_signing import answer_remark

    asked, who = Invocation.of(ctx), acting_person(by)
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            answered = answer_remark(work, remark, who, answer, at)
    _answer(asked, json, "contracts.settle", {"remark": remark, "answered": answered, "at": at})


def validate(ctx: typer.Context, contract: Contract, person: Person = "", as_of: AsOf = None, json: Json = False) -> None:
    from ancrage.services.contract_signing import validate_perimeter
    from ancrage.services.programme import current_programme

    asked, who = Invocation.of(ctx), acting_person(person)
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            validated = validate_perimeter(work, current_programme(work), contract, who, at)
    _answer(asked, json, "contracts.validate", {"contract": contract, "validated": validated, "at": at})


def tell(
    ctx: typer.Context,
    contract: Contract,
    role: Annotated[str, typer.Option("--role", help=N_("Role of the stakeholder, as declared."))],
    how: Annotated[str, typer.Option("--how", help=N_("Where or by what means."))] = "",
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.contract_signing import record_told
    from ancrage.services.programme import current_programme

    asked, who = Invocation.of(ctx), acting_person(by)
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            told = record_told(work, current_programme(work), contract, role, who, how, at)
    _answer(asked, json, "contracts.tell", {"contract": contract, "role": role, "told": told, "at": at})


def _answer(asked: Invocation, json: bool, shape: str, facts: dict[str, str | bool | datetime]) -> None:
    """Recorded, or known before."""
    if json:
        asked.emit(shape, 1, facts)
        return
    asked.show(say("Recorded.") if any(value is True for value in facts.values()) else say("Recorded before; nothing changes."))
