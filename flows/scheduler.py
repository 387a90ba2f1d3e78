"""What the scheduler asks of Prefect: deployments and automation that exist once, and a runner that starts each run as a process.

Imported by `flows.serving` only after the environment names the server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from prefect import get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterTags,
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterNextScheduledStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.schedules import Cron, Interval, Schedule

from flows.automations import ensure_zombie_automation
from flows.housekeeping import crash_runs_begun_before
from flows.registry import DEPLOYMENT_NAME, DEPLOYMENTS, Daily, Deployment, Every
from flows.server import HEARTBEAT_SECONDS

TAG = "ancrage"
POLL_SECONDS = 5
LOOK_SECONDS = 0.5
RUNS_AT_ONCE = 2
"""More than two at once gains nothing on SQLite."""


def runner_deployment(deployment: Deployment, project: Path) -> RunnerDeployment:
    """The registry's deployment as Prefect's runner takes it, for one project folder."""
    made = RunnerDeployment.from_entrypoint(
        deployment.entrypoint, name=DEPLOYMENT_NAME, description=deployment.description, tags=[TAG],
        schedule=schedule_of(deployment), concurrency_limit=limit_of(deployment),
        parameters={"project": str(project)} if deployment.takes_project else {},
    )
    made.work_pool_name = made.work_queue_name = None  # set, so that a deployment once given to a pool comes back to this runner
    return made


def limit_of(deployment: Deployment) -> ConcurrencyLimitConfig | None:
    """Never more at once than the registry says: the run that would be too many is cancelled, its work is the next tick's."""
    if deployment.concurrency is None:
        return None
    return ConcurrencyLimitConfig(limit=deployment.concurrency, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW)


def schedule_of(deployment: Deployment) -> Schedule | None:
    """The registry's schedule in Prefect's form; None where runs are only asked for."""
    match deployment.schedule:
        case Every(seconds) as every:
            return Interval(timedelta(seconds=seconds), anchor_date=every.anchor, timezone="UTC")
        case Daily(cron, timezone):
            return Cron(cron, timezone=timezone)
        case None:
            return None


async def run_scheduler(project: Path, embedded: bool, may_go_on: Callable[[], bool], when_ready: Callable[[], None]) -> None:
    """Register, make the first pass, then start runs as they come due, while `may_go_on` says so; errors end it.

    The server answers already. With an `embedded` one, what it finds unfinished or forgotten is put right first.
    """
    runner = Runner(
        name="ancrage", query_seconds=POLL_SECONDS, heartbeat_seconds=HEARTBEAT_SECONDS, limit=RUNS_AT_ONCE,
        pause_on_shutdown=False,  # a schedule paused at shutdown stays paused
    )
    if embedded:
        await asyncio.to_thread(put_right_what_was_left)
    deployments = await register(runner, project)
    if embedded:
        await forget_strangers(deployments.values())
    running = asyncio.create_task(runner.start())
    await pass_at_start(deployments)
    when_ready()
    while not running.done() and may_go_on():
        await asyncio.sleep(LOOK_SECONDS)
    if not running.done():
        await runner.astop()
    await running


async def register(runner: Runner, project: Path) -> dict[str, UUID]:
    """Give the runner every deployment of the registry, and see that the automation exists; the ids by flow name.

    Deployments are found by name and updated, so that doing it again, or from another process, adds nothing.
    """
    await ensure_zombie_automation()
    return {each.flow: await runner.aadd_deployment(runner_deployment(each, project)) for each in DEPLOYMENTS}


async def forget_strangers(known: Collection[UUID]) -> None:
    """Delete our deployments that the registry no longer has (an earlier version had them): their runs would be late for ever."""
    async with get_client() as client:
        ours = await client.read_deployments(deployment_filter=DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG])))
        for stranger in [deployment.id for deployment in ours if deployment.id not in known]:
            await client.delete_deployment(stranger)


async def pass_at_start(deployments: Mapping[str, UUID]) -> None:
    """Ask for one run of each scheduled pass now: an engine makes a pass as soon as it starts (ESC-C6)."""
    key = f"start {datetime.now(UTC).isoformat()}"
    async with get_client() as client:
        for deployment in DEPLOYMENTS:
            if deployment.schedule is not None and deployment.takes_project:
                await client.create_flow_run_from_deployment(deployments[deployment.flow], idempotency_key=f"{key} {deployment.flow}")


def put_right_what_was_left() -> None:
    """What an embedded server finds when it starts: runs that ended with the machine, and passes that nobody was there to make.

    The first are marked as crashed. The second are deleted: Prefect would make them all, one after the other, and the pass at start
    does the work of all of them. What people asked for stays.
    """
    now = datetime.now(UTC)
    overdue = FlowRunFilter(
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])),
        next_scheduled_start_time=FlowRunFilterNextScheduledStartTime(before_=now),
    )
    passes = FlowFilter(name=FlowFilterName(any_=[deployment.flow for deployment in DEPLOYMENTS if deployment.schedule]))
    with get_client(sync_client=True) as client:
        crash_runs_begun_before(client, now)
        for run in client.read_flow_runs(flow_filter=passes, flow_run_filter=overdue):
            client.delete_flow_run(run.id)
