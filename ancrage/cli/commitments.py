"""`ancrage commitments`: what is owed by a date, and what a person may do about it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from ancrage.cli.commitment_rows import COMMITMENT_HEADS, commitment_json, commitment_row
from ancrage.cli.invocation import AsOf, Invocation, Json, instant
from ancrage.cli.opening import By, acting_person, instant_or_now, local, opened, require_declared
from ancrage.cli.state_words import state_word
from ancrage.cli.tables import show_table
from ancrage.cli.values import day
from ancrage.errors import Refused
from ancrage.language import N_, Message, say

app = typer.Typer(no_args_is_help=True, help=N_("What is owed by a date: list it, acknowledge it, end it, call a promise in."))
Id = Annotated[str, typer.Argument(metavar="COMMITMENT", help=N_("Id of the commitment, as listed."))]
Until = Annotated[
    datetime | None, typer.Option("--until", parser=instant, metavar="INSTANT", help=N_("Until this instant, with its offset."))
]
Reason = Annotated[str, typer.Option("--reason", help=N_("Why; kept in the journal."))]
ActionId = Annotated[str, typer.Option("--action-id", help=N_("Id of this action: the same id twice has one effect."))]

REFUSALS = {
    "already_closed": N_("the commitment is closed already"),
    "limit": N_("it has been put off as often as its policy allows"),
    "already_escalated": N_("another step has fired meanwhile; look again"),
    "not_allowed": N_("only those the contract names may do this"),
    "not_paused": N_("its clock is not stopped"),
    "already_paused": N_("its clock is stopped already"),
    "not_decided": N_("it ends by a decision: `ancrage indicator lifetime`"),
    "not_signed": N_("it ends by a signature: `ancrage contracts sign`"),
}


@app.command("list", help=N_("What is open, by due date; with --all also what is closed."))
def list_(
    ctx: typer.Context,
    person: Annotated[str, typer.Option("--person", help=N_("Only what this person answers for."))] = "",
    everything: Annotated[bool, typer.Option("--all", help=N_("Closed ones too."))] = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """List commitments."""
    from ancrage.services.programme import current_programme, require_person
    from ancrage.services.status import view_commitments, zone_of_programme

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        programme = current_programme(work)
        zone = zone_of_programme(programme)
        views = view_commitments(work, programme, instant_or_now(project, as_of), only_open=not everything)
        views = tuple(view for view in views if not person or view.person_id == person)
        if person and not views:
            require_person(programme, person)
    if json:
        asked.emit("commitments", 1, {"commitments": [commitment_json(view) for view in views]})
        return
    show_table(asked, COMMITMENT_HEADS, [commitment_row(view, zone) for view in views], say("Nothing is owed."))


@app.command(help=N_("One commitment: what is owed, by whom, by when, and under which version of its contract."))
def show(ctx: typer.Context, commitment: Id, as_of: AsOf = None, json: Json = False) -> None:
    from ancrage.services.programme import current_programme
    from ancrage.services.status import find_commitment, zone_of_programme

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        programme = current_programme(work)
        zone = zone_of_programme(programme)
        view = find_commitment(work, programme, commitment, instant_or_now(project, as_of))
    if json:
        asked.emit("commitments.show", 1, commitment_json(view))
        return
    asked.show(view.title)
    if view.contract is not None:
        asked.show(say("Contract: {contract}, version {version}", contract=view.contract, version=view.contract_version or "-"))
    show_table(asked, COMMITMENT_HEADS, [commitment_row(view, zone)], say("Nothing is owed."))
    asked.show(say("Why, line by line: `ancrage explain {subject}`", subject=f"commitment:{view.id}"))


def _act(
    ctx: typer.Context, commitment: str, kind: str, by: str, action_id: str, as_of: datetime | None, json: bool, *,
    until: datetime | None = None, to: str | None = None, step: str | None = None, reason: str = "",
) -> None:  # fmt: skip
    from ancrage.domain.escalation.facts import Action, ActionKind, Status
    from ancrage.notices.dates import Clock
    from ancrage.notices.wording import spoken
    from ancrage.services.commitments import act_on_commitment
    from ancrage.services.programme import current_programme
    from ancrage.services.status import zone_of_programme

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        if to is not None:
            require_declared(project, to)
        action = Action(action_id or uuid.uuid4().hex, ActionKind(kind), at, person, until, to, step, reason)
        with project.units() as work:
            decision = act_on_commitment(work, current_programme(work), commitment, action, project.first_channels)
            zone = zone_of_programme(current_programme(work))
    if decision.refused:
        raise Refused(decision.refused, _refusal(decision.refused))
    state = decision.state
    if json:
        asked.emit(
            "commitments.act",
            1,
            {
                "commitment": commitment,
                "action": action.id,
                "status": state.status.value,
                "result": state.result.value if state.result else None,
                "due": state.due,
            },
        )
        return
    clock = Clock(asked.language, zone)
    for reason_line in decision.reasons:
        asked.show(f"{reason_line.rule}  {spoken(reason_line.message, clock)}")
    now = state.result.value if state.result else "waiting" if state.status is Status.OPEN else state.status.value
    asked.show(say("Recorded: the commitment is {status}.", status=state_word(now)))


def _refusal(code: str) -> Message:
    return Message(REFUSALS[code]) if code in REFUSALS else say("refused: {code}", code=code)


@app.command(help=N_("Say that it is being taken care of; no step fires until then."))
def ack(
    ctx: typer.Context, commitment: Id, until: Until = None, by: By = "", action_id: ActionId = "", as_of: AsOf = None, json: Json = False
) -> None:
    _act(ctx, commitment, "ack", by, action_id, as_of, json, until=until)


@app.command(help=N_("Put it off until an instant, as often as its policy allows."))
def snooze(
    ctx: typer.Context, commitment: Id, until: Until = None, by: By = "", action_id: ActionId = "", as_of: AsOf = None, json: Json = False
) -> None:
    _act(ctx, commitment, "snooze", by, action_id, as_of, json, until=until)


@app.command(help=N_("Say that it is done; the commitment ends kept or late."))
def fulfil(
    ctx: typer.Context, commitment: Id, reason: Reason = "", by: By = "", action_id: ActionId = "", as_of: AsOf = None, json: Json = False
) -> None:
    _act(ctx, commitment, "fulfil", by, action_id, as_of, json, reason=reason)


@app.command(help=N_("Waive it, with a reason; only roles its policy names may."))
def waive(
    ctx: typer.Context, commitment: Id, reason: Reason = "", by: By = "", action_id: ActionId = "", as_of: AsOf = None, json: Json = False
) -> None:
    _act(ctx, commitment, "waive", by, action_id, as_of, json, reason=reason)


@app.command(help=N_("Cancel it, with a reason; it counts neither as kept nor as late."))
def cancel(
    ctx: typer.Context, commitment: Id, reason: Reason = "", by: By = "", action_id: ActionId = "", as_of: AsOf = None, json: Json = False
) -> None:
    _act(ctx, commitment, "cancel", by, action_id, as_of, json, reason=reason)


@app.command(help=N_("Let somebody else answer, until an instant or until it is closed."))
def delegate(
    ctx: typer.Context,
    commitment: Id,
    to: Annotated[str, typer.Option("--to", metavar="PERSON", help=N_("Who answers from now on."))],
    until: Until = None,
    by: By = "",
    action_id: ActionId = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    _act(ctx, commitment, "delegate", by, action_id, as_of, json, until=until, to=to)


@app.command(help=N_("Stop the clock, with a reason."))
def pause(
    ctx: typer.Context, commitment: Id, reason: Reason = "", by: By = "", action_id: ActionId = "", as_of: AsOf = None, json: Json = False
) -> None:
    _act(ctx, commitment, "pause", by, action_id, as_of, json, reason=reason)


@app.command(help=N_("Start the clock again; the deadline is computed anew."))
def resume(ctx: typer.Context, commitment: Id, by: By = "", action_id: ActionId = "", as_of: AsOf = None, json: Json = False) -> None:
    _act(ctx, commitment, "resume", by, action_id, as_of, json)


@app.command(help=N_("Fire the next step now; refused when another one has fired since you looked."))
def escalate(
    ctx: typer.Context,
    commitment: Id,
    step: Annotated[str, typer.Option("--step", help=N_("The last fired step you were looking at (empty: none yet)."))] = "",
    by: By = "",
    action_id: ActionId = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    _act(ctx, commitment, "escalate", by, action_id, as_of, json, step=step or None)


@app.command(help=N_("Call in a promise whose trigger is manual: a decision asked of the sponsor, a perimeter to confirm."))
def call(
    ctx: typer.Context,
    clause: Annotated[str, typer.Argument(metavar="CLAUSE", help=N_("Id of the clause."))],
    event: Annotated[str, typer.Option("--event", help=N_("What calls it; the same event opens it once."))],
    why: Annotated[str, typer.Option("--why", help=N_("What is asked, in a sentence."))] = "",
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.programme import current_programme
    from ancrage.services.promises import call_promise

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            made = call_promise(work, current_programme(work), clause, event, why, person, at)
    if json:
        asked.emit("commitments.call", 1, {"clause": clause, "event": event, "opened": made, "at": at})
        return
    asked.show(say("Opened at {at}.", at=local("UTC", at)) if made else say("This event has opened it before; nothing changes."))


class Answer(StrEnum):
    """What a sponsor answers to an alert; to waive it is `ancrage commitments waive`."""

    ACT = "act"
    ACCEPT_LEVEL = "accept_level"
    ANALYSE = "analyse"


@app.command(help=N_(
    "Answer an alert: act (an action of the plan with a date, or one that runs already), accept_level (an eroded level is the new one), or "
    "analyse (the owner of the indicator is asked why). Each fulfils the commitment."
))  # fmt: skip
def answer(
    ctx: typer.Context,
    commitment: Id,
    what: Annotated[Answer, typer.Argument(metavar="ANSWER", help=N_("act, accept_level or analyse."))],
    reason: Reason = "",
    until: Annotated[date | None, typer.Option("--until", parser=day, metavar="DAY", help=N_("When the action will be done."))] = None,
    action: Annotated[str, typer.Option("--action", help=N_("An action of the plan that answers it already."))] = "",
    by: By = "",
    action_id: ActionId = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.domain.escalation.facts import Action, ActionKind
    from ancrage.services.alert_answers import AlertAnswer, Plan, answer_alert

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        done = Action(id=action_id or f"cli-{uuid.uuid4()}", kind=ActionKind.FULFIL, at=at, by=person, reason=reason)
        with project.units() as work:
            plan = Plan(reason, until, action or None)
            refused = answer_alert(work, commitment, done, AlertAnswer(what.value), project.first_channels, plan)
    if refused:
        raise Refused(refused, _refusal(refused))
    if json:
        asked.emit("commitments.answer", 1, {"commitment": commitment, "answer": what.value, "action": done.id, "at": at})
        return
    asked.show(say("Recorded: the alert is answered."))
