"""Collection of readings: the sources that are due by their cadence, and the drop folder."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from prefect import State, flow, task
from prefect.cache_policies import NO_CACHE

from ancrage.services.collecting import collect
from flows.events import announce
from flows.stages import PATIENCE_SECONDS, StageDone, conclude, instant_of, project_at, run_name, worth_repeating


@flow(name="indicator-collection", flow_run_name=run_name)
def gather(project: str = "", as_of: str | None = None) -> State[Any]:
    """Ask every source that is due, and take the files that were dropped; what cannot be read is told to its owner, once.

    `project` is the folder (empty: the environment's), `as_of` an instant with its offset (none: the project's now).
    """
    return conclude("Indicator collection", collect_readings(project, as_of, return_state=True))


@task(
    task_run_name="collect", retries=len(PATIENCE_SECONDS), retry_delay_seconds=PATIENCE_SECONDS, retry_condition_fn=worth_repeating,
    cache_policy=NO_CACHE, persist_result=False,
)  # fmt: skip
def collect_readings(project: str, as_of: str | None) -> StageDone:
    """One run, recorded in one transaction. Repeating it is safe: what was taken is known by its content (ESC-C1)."""
    with project_at(project) as opened:
        instant = instant_of(opened, as_of)
        report = collect(opened, instant)
        with suppress(Exception):  # it is committed: nothing that merely tells of it may fail it
            announce(opened)
        return StageDone(opened.programme_id, instant, dict(report.counts))
