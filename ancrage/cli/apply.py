"""`ancrage apply`: show what the declarations would change, then take them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import ACTING_PERSON, By, instant_or_now, opened
from ancrage.language import N_, say

if TYPE_CHECKING:
    from ancrage.services.declarations import ApplyPlan

OPERATOR = "operator"
"""Who applies when nobody is named: the first declarations are what declares people."""
HELP = N_(
    "Show what the declarations would change in the database, then take them as a new version. Facts that people recorded are never "
    "overwritten, and running commitments keep the version they started with."
)


def command(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Take the changes without asking."))] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Show the changes only."))] = False,
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Show, ask, take."""
    from ancrage.declarations.loading import load_programme
    from ancrage.services.declarations import apply_plan, plan_apply
    from ancrage.services.programme import require_person

    asked, who = Invocation.of(ctx), by or os.environ.get(ACTING_PERSON) or OPERATOR
    with opened(asked) as project:
        at = instant_or_now(project, as_of)
        programme = load_programme(project.folder, at.date()).require()
        if who != OPERATOR:
            require_person(programme, who)
        with project.reading() as work:
            plan = plan_apply(work, programme)
        if not json:
            _show(asked, plan)
        taken = not dry_run and not plan.is_empty and (yes or json or typer.confirm(asked.text(say("Take these changes?"))))
        version = plan.from_version
        if taken:
            with project.units() as work:
                version = apply_plan(work, plan, who, at)
    if json:
        changes = [{"section": c.section, "id": c.id, "kind": c.kind, "fields": list(c.fields)} for c in plan.changes]
        asked.emit("apply", 1, {"taken": taken, "in_force": version, "changes": changes, "touched": list(plan.touched_commitments)})
    elif taken:
        asked.show(say("Version {version} is in force.", version=version))


def _show(asked: Invocation, plan: ApplyPlan) -> None:
    if plan.is_empty:
        asked.show(say("Nothing changes: version {version} is in force.", version=plan.from_version))
        return
    signs = {"added": "+", "changed": "~", "removed": "-"}
    for change in plan.changes:
        fields = f" ({', '.join(change.fields)})" if change.fields else ""
        asked.show(f"{signs[change.kind]} {change.section}/{change.id}{fields}")
    if plan.touched_commitments:
        asked.show(say("Running commitments whose calendar or role changes: {ids}", ids=", ".join(plan.touched_commitments)))
