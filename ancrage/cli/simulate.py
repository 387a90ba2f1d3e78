"""`ancrage simulate`: plays scenario files, and answers questions of working time; no project, no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json, instant
from ancrage.cli.opening import instant_or_now, local, opened
from ancrage.cli.tables import show_table
from ancrage.errors import NotFound
from ancrage.language import N_, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ancrage.errors import Problem

SIMULATION = "simulation"
WORKING_TIME = "working_time"
SHAPE_VERSION = 1

HELP = N_(
    "Play a scenario file: who would be told what, when, and how every commitment ends, decided by the functions of the real engine. "
    "With --time, answer questions of working time instead: deadlines, elapsed time, opening hours. No project is needed. "
    "Without a file, and with --until: what the project will send, to whom and when, if nobody moves."
)


def command(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(help=N_("YAML file of scenarios, or of questions with --time."), show_default=False)
    ] = None,
    time: Annotated[bool, typer.Option("--time", help=N_("The file asks about working time: calendars and cases."))] = False,
    tick: Annotated[
        int | None,
        typer.Option("--tick", min=1, metavar="MINUTES", help=N_("Look every so many minutes, instead of whenever something is due.")),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", parser=instant, metavar="INSTANT", help=N_("Look ahead in the project up to then.")),
    ] = None,
    as_of: AsOf = None,
    explain: Annotated[bool, typer.Option("--explain", help=N_("Show every decision with its rule."))] = False,
    json: Json = False,  # noqa: ARG001 - its callback has already told the invocation
) -> None:
    """Play the scenarios of a file, or answer its questions."""
    asked = Invocation.of(ctx)
    if (file is None) == (until is None):
        raise NotFound(say("name a file to play, or say with --until how far to look ahead in the project"))
    if until is not None:
        look_ahead(asked, as_of, until)
    elif file is not None and time:
        answer_file(asked, file)
    elif file is not None:
        play_file(asked, file, timedelta(minutes=tick) if tick else None, explain)


def look_ahead(asked: Invocation, as_of: datetime | None, until: datetime) -> None:
    """What the project will send up to `until` if nobody moves, by instant and person."""
    from ancrage.services.foresight import foresee_messages
    from ancrage.services.programme import current_programme
    from ancrage.services.status import zone_of_programme

    with opened(asked) as project, project.reading() as work:
        now = instant_or_now(project, as_of)
        if until <= now:
            raise NotFound(say("{until} is not ahead: it is {now} in the project", until=local("UTC", until), now=local("UTC", now)))
        messages = foresee_messages(work, now, until.astimezone(UTC))
        zone = zone_of_programme(current_programme(work))
    if asked.json:
        asked.emit("foresight", SHAPE_VERSION, {"until": until, "messages": [
            {"at": message.at, "to": message.person_id, "urgent": message.urgent,
             "items": [{"c": item[0], "title": item[1], "step": item[2], "occ": item[3]} for item in message.items]}
            for message in messages
        ]})  # fmt: skip
        return
    rows = [
        (local(zone, message.at), message.person, asked.text(item[1]), f"{item[2]} #{item[3]}", item[0])
        for message in messages
        for item in message.items
    ]
    heads = (say("Leaves"), say("Who"), say("What"), say("Step"), say("Commitment"))
    show_table(asked, heads, rows, say("Nothing will be sent until {until}.", until=local(zone, until)))


def play_file(asked: Invocation, file: Path, tick: timedelta | None, explain: bool) -> None:
    """Every scenario of the file, in order; ProblemsFound when one cannot be played."""
    from ancrage.cli import simulation_view as view
    from ancrage.declarations.scenario import read_scenarios
    from ancrage.domain.escalation.playing import play, regular_passes

    read = read_scenarios(file)
    warn(asked, read.warnings)
    played = [(scenario, play(scenario, list(regular_passes(scenario, tick)) if tick else None)) for scenario in read.scenarios]
    if asked.json:
        asked.emit(SIMULATION, SHAPE_VERSION, {"scenarios": [view.scenario_record(*pair, explain=explain) for pair in played]})
        return
    for scenario, outcome in played:
        for line in view.scenario_lines(scenario, outcome, explain=explain):
            asked.show(line)
        asked.show()


def answer_file(asked: Invocation, file: Path) -> None:
    """Every answer of the file, in order; ProblemsFound when a question cannot be answered."""
    from ancrage.cli import simulation_view as view
    from ancrage.declarations.time_questions import answer_questions

    answers, warnings = answer_questions(file)
    warn(asked, warnings)
    if asked.json:
        asked.emit(WORKING_TIME, SHAPE_VERSION, {"cases": [view.answer_record(answer, asked.language) for answer in answers]})
        return
    for answer in answers:
        for line in view.answer_lines(answer):
            asked.show(line)


def warn(asked: Invocation, warnings: Sequence[Problem]) -> None:
    """Warnings beside the answer."""
    for warning in warnings:
        asked.warn(say("{code} at {place}: {message}", code=warning.code, place=warning.place or "-", message=warning.message))
