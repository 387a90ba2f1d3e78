"""`ancrage advance`: one pass of everything that is due."""

from __future__ import annotations

from typing import Annotated

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import instant_or_now, local, opened
from ancrage.cli.tables import show_table
from ancrage.language import N_, say

HELP = N_(
    "Do one pass of everything that is due now: close campaigns, watch indicators, walk ladders, deliver notices. Doing it twice for "
    "one instant adds nothing. With --explain nothing is done: it says what the pass would do."
)


def command(
    ctx: typer.Context,
    explain: Annotated[bool, typer.Option("--explain", help=N_("Say what the pass would do, and do nothing."))] = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """One pass."""
    from ancrage.services.advance import advance
    from ancrage.services.foresight import foresee_pass

    asked = Invocation.of(ctx)
    with opened(asked) as project:
        at = instant_or_now(project, as_of)
        if explain:
            with project.reading() as work:
                foreseen = foresee_pass(work, at)
            if json:
                rows = [{"subject": line.subject, "rule": line.rule, "what": line.what} for line in foreseen.lines]
                asked.emit("advance.explain", 1, {"as_of": at, "lines": rows})
                return
            heads = (say("Subject"), say("Rule"), say("What would happen"))
            rows_shown = [(line.subject, line.rule, line.what) for line in foreseen.lines]
            show_table(asked, heads, rows_shown, say("Nothing is due at {at}.", at=local(foreseen.zone, at)))
            return
        report = advance(project, at)
    stages = {stage.stage.value: dict(stage.counts) for stage in report.stages}
    if json:
        asked.emit("advance", 1, {"as_of": at, "stages": stages})
        return
    lines = [
        f"{stage}: " + ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
        for stage, counts in stages.items()
        if counts
    ]
    asked.show("\n".join(lines) if lines else say("Nothing was due."))
