"""What the Prefect server does by itself: mark as crashed the runs whose heartbeat stopped."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from prefect.automations import Automation
from prefect.client.schemas.objects import StateType
from prefect.events.actions import ChangeFlowRunState
from prefect.events.schemas.automations import EventTrigger, Posture

from flows.server import HEARTBEAT_SECONDS

ZOMBIES = "Ancrage: a run without heartbeat has crashed"
SILENCE_SECONDS = 3 * HEARTBEAT_SECONDS


def zombie_automation() -> Automation:
    """After a heartbeat, silence for three more means that the process is gone: power cut, forced stop, lost host."""
    heartbeat = "prefect.flow-run.heartbeat"
    ends = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed", "AwaitingRetry")}
    return Automation(
        name=ZOMBIES,
        description="The next tick does what the crashed run left; no run holds the only place of its deployment for ever.",
        trigger=EventTrigger(
            after={heartbeat}, expect={heartbeat, *ends}, match={"prefect.resource.id": "prefect.flow-run.*"},
            for_each={"prefect.resource.id"}, posture=Posture.Proactive, threshold=1, within=timedelta(seconds=SILENCE_SECONDS),
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, message="No heartbeat: its process is gone.")],
    )


async def ensure_zombie_automation() -> bool:
    """Create the automation where it is missing; True when it was. Two callers at once can make two, which do the same."""
    try:
        await Automation.aread(name=ZOMBIES)
    except ValueError:
        await zombie_automation().acreate()
        return True
    return False


if __name__ == "__main__":  # for a shared server, that no `ancrage serve` has met
    asyncio.run(ensure_zombie_automation())
