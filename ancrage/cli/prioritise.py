"""`ancrage prioritise`: rank the actions of a closed campaign again, with what is known today."""

from __future__ import annotations

from typing import Annotated

import typer

from ancrage.cli.action_rows import action_json, show_actions
from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import By, instant_or_now, opened
from ancrage.language import N_, say

HELP = N_(
    "Rank the improvement actions of a closed campaign, with what objectives weigh and how sponsors answer today. The same facts give the "
    "same order; what people accepted or ended keeps its state."
)


def command(
    ctx: typer.Context,
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help=N_("Id of a closed campaign."))],
    explain: Annotated[bool, typer.Option("--explain", help=N_("What each rank rests on."))] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Show the order only; keep nothing."))] = False,
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Rank again."""
    from ancrage.services.action_plan import rank_again

    asked = Invocation.of(ctx)
    with opened(asked) as project:
        at = instant_or_now(project, as_of)
        with project.reading() if dry_run else project.units() as work:
            ranked = rank_again(work, campaign, by or "operator", at)
    if json:
        moved = [{"id": identity, "before": before, "after": after} for identity, before, after in ranked.moved]
        actions = [action_json(action) for action in ranked.actions]
        asked.emit("prioritise", 1, {"campaign": campaign, "kept": not dry_run, "moved": moved, "actions": actions})
        return
    asked.show(say("{count} actions ranked; {moved} changed their rank.", count=len(ranked.actions), moved=len(ranked.moved)))
    show_actions(asked, ranked.actions, explain=explain)
