"""`ancrage actions`: the one action plan and its segments."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer

from ancrage.cli.action_rows import action_json, show_actions
from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import By, acting_person, instant_or_now, opened
from ancrage.cli.values import day
from ancrage.errors import NotFound
from ancrage.language import N_, Message, say

app = typer.Typer(no_args_is_help=True, help=N_("The one action plan: list a segment of it, accept an action, say that it is done."))
Id = Annotated[str, typer.Argument(metavar="ACTION", help=N_("Id of the action, as listed."))]
Why = Annotated[str, typer.Option("--why", help=N_("Why; kept in the journal."))]


@app.command("list", help=N_("The plan in the order of its ranking; --explain adds what each rank rests on."))
def list_(
    ctx: typer.Context,
    segment: Annotated[str, typer.Option("--segment", help=N_("Only this segment, as improvement or anchoring."))] = "",
    status: Annotated[str, typer.Option("--status", help=N_("Only these: proposed, accepted, done, verified, dropped."))] = "",
    campaign: Annotated[str, typer.Option("--campaign", help=N_("Only what came out of this campaign."))] = "",
    owner: Annotated[str, typer.Option("--owner", metavar="PERSON|ROLE", help=N_("Only what this person or role owns."))] = "",
    explain: Annotated[bool, typer.Option("--explain", help=N_("What each rank rests on."))] = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.action_plan import list_plan

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        actions = list_plan(
            work, campaign_id=campaign or None, segment=segment or None, status=status or None, owner=owner or None,
            as_of=instant_or_now(project, as_of),
        )  # fmt: skip
    if json:
        asked.emit("actions.list", 1, {"actions": [action_json(action) for action in actions]})
        return
    show_actions(asked, actions, explain=explain)


@app.command(help=N_("Take a proposed action into the plan: its owner owes it by a day. Accepting twice changes nothing."))
def accept(
    ctx: typer.Context,
    action: Id,
    due: Annotated[date, typer.Option("--due", parser=day, metavar="DAY", help=N_("Last day to have done it."))],
    owner: Annotated[str, typer.Option("--owner", metavar="PERSON|ROLE", help=N_("Who owes it (default: who the ranking proposed)."))] = "",
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.action_plan import default_owner, known_owner
    from ancrage.services.prioritisation import Acceptance, accept_action

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        if due < at.date():
            raise NotFound(say("{due} has passed already", due=due.isoformat()))
        with project.units() as work:
            proposed = default_owner(work, action)
            wanted = known_owner(work, owner) if owner else proposed
            if wanted is None:
                raise NotFound(say("say who owes it with --owner: nobody answers for its process"))
            accept_action(work, Acceptance(action, wanted, due), person, at)
    _tell(asked, action, "accepted", at, json, say("Accepted: {owner} owes it by {due}.", owner=wanted, due=due.isoformat()))


def _tell(asked: Invocation, action: str, status: str, at: datetime, json: bool, message: Message) -> None:
    if json:
        asked.emit("actions.act", 1, {"action": action, "status": status, "at": at})
        return
    asked.show(message)


def _end(ctx: typer.Context, action: str, status: str, by: str, as_of: datetime | None, json: bool, why: str, *, wants_why: bool) -> None:
    from ancrage.services.action_plan import default_owner, end_action

    asked, person = Invocation.of(ctx), acting_person(by)
    if wants_why and not why.strip():
        raise NotFound(say("say why with --why"))
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            default_owner(work, action)
            end_action(work, action, status, person, at, project.first_channels, why)
    _tell(asked, action, status, at, json, say("Recorded: the action is {status}.", status=status))


@app.command(help=N_("Say that an accepted action is done: what was owed is kept or late. It ends only when its effect is verified."))
def done(ctx: typer.Context, action: Id, why: Why = "", by: By = "", as_of: AsOf = None, json: Json = False) -> None:
    _end(ctx, action, "done", by, as_of, json, why, wants_why=False)


@app.command(help=N_("Say that the effect of an action that is done has been seen, and where; a later campaign does it by itself."))
def verified(ctx: typer.Context, action: Id, why: Why = "", by: By = "", as_of: AsOf = None, json: Json = False) -> None:
    _end(ctx, action, "verified", by, as_of, json, why, wants_why=True)


@app.command(help=N_("Drop an action, with a reason; what was owed for it is cancelled."))
def drop(ctx: typer.Context, action: Id, why: Why = "", by: By = "", as_of: AsOf = None, json: Json = False) -> None:
    _end(ctx, action, "dropped", by, as_of, json, why, wants_why=True)
