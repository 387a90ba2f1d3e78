"""What the engine's flows share: one task that runs one stage of a pass, and what an operator is told about it.

The texts here are for operators, on Prefect's own pages, which speak English only.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import State, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.states import Completed, Failed

from ancrage.errors import AncrageError, EngineBusy
from ancrage.project import Project, open_project
from ancrage.services.advance import Stage, advance_stage
from flows.events import announce
from flows.lifeline import leave_with_parent

leave_with_parent()  # every flow module imports this one

PATIENCE_SECONDS: list[float] = [5, 20, 60]
"""Before a stage is tried again: another engine is at work, or the database was locked or away."""


@dataclass(frozen=True, slots=True)
class StageDone:
    """What one stage of one pass did, in the form that leaves the task."""

    programme: str
    as_of: datetime
    counts: Mapping[str, int] = field(default_factory=dict)
    """How many of each thing, by the service's own words; empty when there was nothing to do."""

    @property
    def headline(self) -> str:
        """One line for the list of runs: what happened, or that nothing did."""
        return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in self.counts.items() if count) or "nothing due"


def project_at(folder: str) -> closing[Project]:
    """The project in `folder`, or the one the environment names when it is empty; to be used with `with`, which closes it."""
    return closing(open_project(Path(folder) if folder else None))


def instant_of(project: Project, as_of: str | None) -> datetime:
    """The instant a flow was asked to act at, or the project's own now. A time without offset is refused as ambiguous."""
    if not as_of:
        return project.now()
    instant = datetime.fromisoformat(as_of)
    if instant.tzinfo is None:
        raise ValueError(f"as_of must carry its offset, as in 2026-03-01T08:00Z, found {as_of!r}")
    return instant


def run_name() -> str:
    """`commitment-watch 2026-03-01T08:00Z`: the flow, and the instant it was asked for or planned at, in UTC to the minute."""
    asked = flow_run.get_parameters().get("as_of")
    instant: datetime = datetime.fromisoformat(asked) if asked else flow_run.get_scheduled_start_time()
    return f"{flow_run.get_flow_name()} {instant.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def worth_repeating(_task: object, _run: object, state: State[Any]) -> bool:
    """An engine at work leaves in a moment, a locked or lost database may come back; any other refusal is the same next time."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, EngineBusy) or not isinstance(error, AncrageError | ValueError)


@task(
    task_run_name="{stage}", retries=len(PATIENCE_SECONDS), retry_delay_seconds=PATIENCE_SECONDS, retry_condition_fn=worth_repeating,
    cache_policy=NO_CACHE, persist_result=False,
)  # fmt: skip
def run_stage(project: str, stage: Stage, as_of: str | None) -> StageDone:
    """One stage of a pass, batches inside. Repeating it is safe: every stage is idempotent for one instant (ESC-C1)."""
    with project_at(project) as opened:
        instant = instant_of(opened, as_of)
        report = advance_stage(opened, stage, instant)
        with suppress(Exception):  # the stage is committed: nothing that merely tells of it may fail it
            announce(opened)
        return StageDone(opened.programme_id, instant, dict(report.counts))


def conclude(title: str, ended: State[StageDone]) -> State[Any]:
    """The state that ends a flow run, with its artifact, from the state that ended its stage.

    Where another engine was at work all the while, nothing is wrong and nothing was done here: the next tick looks again.
    """
    done = ended.result(raise_on_failure=False)
    if isinstance(done, EngineBusy):
        return Completed(name="Skipped", message="another engine is at work")
    if isinstance(done, Exception):
        return Failed(message=str(done), data=done)
    with suppress(Exception):
        create_markdown_artifact(key=flow_run.get_flow_name(), markdown=render_artifact(title, done), description=done.headline)
    return Completed(message=done.headline, data=dict(done.counts))


def render_artifact(title: str, done: StageDone) -> str:
    """The page of one pass: for whom, when, how many of what."""
    rows = "\n".join(f"| {name.replace('_', ' ')} | {count} |" for name, count in done.counts.items())
    table = f"| what | how many |\n| --- | ---: |\n{rows}" if rows else "Nothing was due."
    return f"# {title}\n\nProgramme `{done.programme}`, as of {done.as_of.isoformat()}.\n\n{table}\n"
