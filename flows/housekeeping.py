"""Housekeeping: what Prefect still believes running after its process is long gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import State, flow, get_client, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterStartTime, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.runtime import flow_run
from prefect.states import Completed, Crashed

from flows.stages import run_name

LONGEST_RUN_MINUTES = 120
"""Our passes take seconds; nothing that runs longer than this is alive."""
UNFINISHED = [StateType.RUNNING, StateType.CANCELLING]


@flow(name="housekeeping", flow_run_name=run_name)
def tidy(older_than_minutes: int = LONGEST_RUN_MINUTES) -> State[Any]:
    """Mark as crashed every run that began more than `older_than_minutes` ago and never ended.

    A power cut, or a worker stopped by force, leaves runs Running for ever, and each holds the only place of its deployment. The
    automation of `flows.automations` finds them within two minutes while the server runs; this finds what it missed.
    """
    crashed = crash_old_runs(older_than_minutes)
    if crashed:
        names = "\n".join(f"- {name}" for name in crashed)
        create_markdown_artifact(key="housekeeping", markdown=f"# Marked as crashed\n\n{names}\n", description=f"{len(crashed)} runs")
    return Completed(message=f"{len(crashed)} runs marked as crashed" if crashed else "nothing to tidy", data=len(crashed))


@task(retries=2, retry_delay_seconds=10, cache_policy=NO_CACHE, persist_result=False)
def crash_old_runs(older_than_minutes: int) -> list[str]:
    """The names of the runs that were marked as crashed, oldest first."""
    before = datetime.now(UTC) - timedelta(minutes=older_than_minutes)
    with get_client(sync_client=True) as client:
        return crash_runs_begun_before(client, before, spare=flow_run.get_id())


def crash_runs_begun_before(client: SyncPrefectClient, before: datetime, spare: str | None = None) -> list[str]:
    """Mark as crashed the unfinished runs that began before `before`, except the run `spare`; returns their names, oldest first."""
    unfinished = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNFINISHED)), start_time=FlowRunFilterStartTime(before_=before)
    )
    left = [run for run in client.read_flow_runs(flow_run_filter=unfinished) if str(run.id) != spare]
    for run in left:
        _crash(client, run)
    return [run.name for run in left]


def _crash(client: SyncPrefectClient, run: FlowRun) -> None:
    state: State[Any] = Crashed(message="Its process is gone: it began long ago and never ended. The next tick does what it left.")
    client.set_flow_run_state(run.id, state, force=True)
