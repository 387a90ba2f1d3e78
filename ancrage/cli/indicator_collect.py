"""`ancrage indicator collect`: ask the sources of readings now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import instant_or_now, opened
from ancrage.cli.tables import show_table
from ancrage.language import N_, say

if TYPE_CHECKING:
    from ancrage.errors import Problem
    from ancrage.services.collecting import CollectionReport

HELP = N_(
    "Collect readings: take what was put into the drop folder, ask the databases and addresses that are due, make Ancrage's own figures. "
    "What cannot be read is told to the owner of the indicator, once. A repeated run changes nothing. Exit code 1 when something could not "
    "be taken."
)
OUTCOMES = {
    "taken": N_("taken"), "refused": N_("refused"), "again": N_("known already"), "waiting": N_("not ready yet"),
    "recorded": N_("recorded"), "unchanged": N_("nothing new"), "nothing": N_("nothing to count"), "failed": N_("failed"),
}  # fmt: skip


def command(
    ctx: typer.Context,
    indicator: Annotated[str | None, typer.Argument(metavar="[INDICATOR]", help=N_("Only this one, whether it is due or not."))] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Say what would be recorded; record, tell and move nothing."))] = False,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Collect, say what came, and exit 1 when something could not be taken."""
    from ancrage.services.collecting import collect

    asked = Invocation.of(ctx)
    with opened(asked) as project:
        report = collect(project, instant_or_now(project, as_of), indicator, dry_run=dry_run)
    if json:
        asked.emit("indicator.collect", 1, _payload(asked, report, dry_run=dry_run))
    else:
        _show(asked, report, dry_run=dry_run)
    if any(it.problems for it in report.sources) or any(it.outcome == "refused" for it in report.deliveries):
        raise typer.Exit(1)


def _payload(asked: Invocation, report: CollectionReport, *, dry_run: bool) -> dict[str, object]:
    return {
        "as_of": report.as_of, "dry_run": dry_run, "told": report.told,
        "sources": [
            {"indicator": it.indicator_id, "outcome": it.outcome.value, "recorded": it.recorded, "problems": _problems(asked, it.problems)}
            for it in report.sources
        ],
        "files": [
            {"name": it.name, "outcome": it.outcome, "recorded": it.recorded, "problems": _problems(asked, it.problems)}
            for it in report.deliveries
        ],
    }  # fmt: skip


def _problems(asked: Invocation, problems: tuple[Problem, ...]) -> list[dict[str, object]]:
    return [
        {"code": it.code, "place": str(it.place) if it.place else None, "message": asked.text(it.message),
         "hint": asked.text(it.hint) if it.hint else None}
        for it in problems
    ]  # fmt: skip


def _show(asked: Invocation, report: CollectionReport, *, dry_run: bool) -> None:
    rows = [(it.indicator_id, say(OUTCOMES[it.outcome.value]), it.recorded) for it in report.sources]
    rows += [(it.name, say(OUTCOMES[it.outcome]), it.recorded) for it in report.deliveries]
    show_table(asked, (say("Source"), say("Outcome"), say("Readings")), rows, say("Nothing is due, and nothing was dropped."))
    problems = [problem for it in report.sources for problem in it.problems]
    problems += [problem for it in report.deliveries for problem in it.problems]
    for problem in problems:
        asked.show(say("! {place}: {message} ({code})", place=str(problem.place or "-"), message=problem.message, code=problem.code))
        if problem.hint:
            asked.show(f"    {asked.text(problem.hint)}")
    if dry_run:
        asked.show(say("Nothing was recorded, told or moved."))
    elif report.told:
        asked.show(say("{count} owners are asked to repair data.", count=report.told))
