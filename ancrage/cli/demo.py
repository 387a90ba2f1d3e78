"""`ancrage demo`: half a year of the example organisation on a virtual clock, then its story."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import Invocation, Json
from ancrage.language import N_, say

if TYPE_CHECKING:
    from ancrage.demonstration.play import Progress
    from ancrage.demonstration.story import Story
    from ancrage.project import Project
    from flows.once import PrefectPart
    from flows.server import EmbeddedServer

HELP = N_(
    "Play half a year of the example organisation on a virtual clock, one pass of the engine every two working hours, through the same "
    "services as real life. The last pass runs through Prefect. It leaves a project that `ancrage serve` opens. A demonstration that "
    "was interrupted goes on where it stopped."
)


def command(
    ctx: typer.Context,
    into: Annotated[Path, typer.Option("--into", help=N_("Folder of the project it makes or goes on with."))] = Path("demo-project"),
    prefect: Annotated[bool, typer.Option("--prefect/--no-prefect", help=N_("Run the last pass through a Prefect server."))] = True,
    json: Json = False,
) -> None:
    """Play, then tell."""
    from ancrage.demonstration import script
    from ancrage.demonstration.play import freeze, live_hour, play, prepare
    from ancrage.demonstration.story import tell
    from ancrage.services.advance import advance

    asked = Invocation.of(ctx)
    begun = time.monotonic()
    project = prepare(into)
    last = script.HOURS[-1]
    server = _early_server(project) if prefect else None
    try:
        with _bar(asked) as progress:
            hours = play(project, progress, until=script.HOURS[-2])
        live_hour(project, last)
        played = time.monotonic() - begun
        part = _through_prefect(project, last, server) if server is not None else None
    finally:
        if server is not None:
            server.stop()
    advance(project, last)
    freeze(project)
    story = tell(project)
    project.close()
    if json:
        asked.emit("demo", 1, {"hours": hours + 1, "seconds": round(played, 1), "prefect": _prefect_json(part), **story.as_json()})
        return
    _show(asked, story, into, hours + 1, played, part)


def _early_server(project: Project) -> EmbeddedServer:
    from flows.once import early_server

    return early_server(project.folder)


def _through_prefect(project: Project, as_of: datetime, server: EmbeddedServer) -> PrefectPart:
    from flows.once import run_flows_once

    return run_flows_once(project.folder, as_of, server=server)


@contextmanager
def _bar(asked: Invocation) -> Iterator[Progress]:
    """A progress bar on standard error; nothing where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=asked.json or not console.is_terminal) as bar:
        task = bar.add_task(asked.text(say("Half a year")), total=None)

        def progress(done: int, of: int, at: datetime) -> None:
            bar.update(task, completed=done, total=of, description=f"{at:%Y-%m-%d}")

        yield progress


def _prefect_json(part: PrefectPart | None) -> object:
    if part is None:
        return None
    runs = [{"flow": run.flow, "run": run.run_id, "state": run.state, "seconds": round(run.seconds, 1)} for run in part.runs]
    return {"runs": runs, "seconds": round(part.seconds, 1)}


def _show(asked: Invocation, story: Story, into: Path, hours: int, played: float, part: PrefectPart | None) -> None:
    from ancrage.cli.story_view import render_story

    asked.show(render_story(story, asked.language))
    asked.show(say("{hours} passes of the engine in {seconds:.0f} s.", hours=hours, seconds=played))
    if part is not None:
        flows = ", ".join(f"{run.flow} {run.state}" for run in part.runs)
        asked.show(say("The last pass ran through Prefect in {seconds:.0f} s: {flows}.", seconds=part.seconds, flows=flows))
    asked.show()
    asked.show(say("Follow any line:  ancrage --project {folder} explain WHAT", folder=str(into)))
    asked.show(say("Open it:          ancrage --project {folder} serve", folder=str(into)))
