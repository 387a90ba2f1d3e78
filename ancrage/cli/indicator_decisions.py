"""What people decide about indicators at the command line: phases of a chart, accepted levels, lifetimes, clocks, the end of support."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import By, acting_person, instant_or_now, opened
from ancrage.cli.tables import show_table
from ancrage.cli.values import day
from ancrage.language import N_, say

Indicator = Annotated[str, typer.Argument(metavar="INDICATOR", help=N_("Id of the indicator."))]
Transformation = Annotated[str, typer.Argument(metavar="TRANSFORMATION", help=N_("Id of the transformation."))]
Why = Annotated[str, typer.Option("--why", help=N_("The reason; kept with the decision."))]
On = Annotated[date, typer.Argument(metavar="DAY", parser=day, help=N_("The day, as 2026-03-31."))]


class NextLife(StrEnum):
    """What an indicator may become."""

    WATCH = "watch"
    RETIRE = "retire"


class RecordedClock(StrEnum):
    """The clocks whose day a person records; effects are a verdict alone."""

    DEFINED = "defined"
    TOOL_DELIVERED = "tool_delivered"
    ADOPTED = "adopted"


def rebase(
    ctx: typer.Context,
    indicator: Indicator,
    accept: Annotated[date | None, typer.Option("--accept", parser=day, metavar="DAY", help=N_("A new phase begins on this day."))] = None,
    refuse: Annotated[
        date | None, typer.Option("--refuse", parser=day, metavar="DAY", help=N_("No phase begins there; it is not proposed again."))
    ] = None,
    why: Why = "",
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.anchoring_decisions import decide_rebase
    from ancrage.services.indicator_charts import proposed_rebases

    asked = Invocation.of(ctx)
    if accept is not None and refuse is not None:
        raise typer.BadParameter(asked.text(say("accept or refuse, not both")), ctx=ctx, param_hint="--accept")
    decided_day = accept or refuse
    decided, person = False, acting_person(by) if decided_day is not None else ""
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        if decided_day is not None:
            with project.units() as work:
                decided = decide_rebase(work, indicator, decided_day, accept=accept is not None, why=why, by=person, at=at)
        with project.reading() as work:
            proposals, accepted = proposed_rebases(work, indicator, at)
    if json:
        rows = [{"day": it.day, "before": it.before, "after": it.after, "points_before": it.points_before,
                 "points_after": it.points_after} for it in proposals]  # fmt: skip
        asked.emit("indicator.rebase", 1, {"indicator": indicator, "decided": decided, "accepted": list(accepted), "proposals": rows})
        return
    if decided_day is not None:
        asked.show(say("Recorded.") if decided else say("Decided so before; nothing changes."))
    if accepted:
        asked.show(say("New phases begin on: {days}", days=", ".join(map(str, accepted))))
    show_table(
        asked, (say("Proposed"), say("Mean before"), say("Mean after"), say("Readings before"), say("Readings after")),
        [(it.day.isoformat(), f"{it.before:.4g}", f"{it.after:.4g}", it.points_before, it.points_after) for it in proposals],
        say("No other phase is proposed."),
    )  # fmt: skip


def accept_level(
    ctx: typer.Context, indicator: Indicator, why: Why = "", by: By = "", as_of: AsOf = None, json: Json = False
) -> None:
    from ancrage.services import anchoring_decisions

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            accepted = anchoring_decisions.accept_level(work, indicator, why, person, at)
    if json:
        asked.emit("indicator.accept-level", 1, {"indicator": indicator, "day": accepted, "at": at})
        return
    asked.show(say("The new level is accepted from {day} on.", day=accepted))


def lifetime(
    ctx: typer.Context,
    indicator: Indicator,
    phase: Annotated[NextLife, typer.Argument(help=N_("watch: only alerts are followed; retire: nothing is collected any more."))],
    until: Annotated[date | None, typer.Option("--until", parser=day, metavar="DAY", help=N_("Watch until this day, then decide again."))]
    = None,
    why: Why = "",
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.domain.indicators import Phase
    from ancrage.services.anchoring_decisions import decide_lifetime

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            decide_lifetime(work, indicator, Phase(phase.value), until, why, person, at, project.first_channels)
    if json:
        asked.emit("indicator.lifetime", 1, {"indicator": indicator, "phase": phase.value, "until": until, "at": at})
        return
    asked.show(say("Recorded."))


def clock(
    ctx: typer.Context,
    transformation: Transformation,
    name: Annotated[RecordedClock, typer.Argument(metavar="CLOCK", help=N_("defined, tool_delivered, or adopted (not measured)."))],
    on: On,
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.programme import record_clock

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            recorded = record_clock(work, transformation, name.value, datetime.combine(on, time(12), UTC), person, at)
    if json:
        asked.emit(
            "indicator.clock", 1, {"transformation": transformation, "clock": name.value, "day": on, "recorded": recorded, "at": at}
        )
        return
    asked.show(say("Recorded.") if recorded else say("A day is recorded already, and stays."))


def support_ended(
    ctx: typer.Context, transformation: Transformation, on: On, why: Why = "", by: By = "", as_of: AsOf = None, json: Json = False
) -> None:
    from ancrage.services.anchoring_decisions import record_support_ended

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            record_support_ended(work, transformation, on, why, person, at)
    if json:
        asked.emit("indicator.support-ended", 1, {"transformation": transformation, "day": on, "at": at})
        return
    asked.show(say("Recorded: what holds six months from {day} on can be called anchored.", day=on))


def register(app: typer.Typer) -> None:
    """Hang the commands onto `ancrage indicator`."""
    app.command("rebase", help=N_("Phases of the chart that the readings suggest, accepted or refused by a person."))(rebase)
    app.command("accept-level", help=N_("Accept an eroded level as the new one, as a sponsor, with a reason."))(accept_level)
    app.command("lifetime", help=N_("Decide that an indicator is only watched from now on, or retired, with a reason."))(lifetime)
    app.command("clock", help=N_("Record the day on which a clock of a transformation really struck; the first record stays."))(clock)
    app.command("support-ended", help=N_("Record the day on which support of a transformation ended."))(support_ended)
