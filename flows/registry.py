"""What is deployed, how often and with which limits: the one list behind `prefect.yaml` and the embedded scheduler.

Plain values, no Prefect: reading the list costs nothing. Ticks are intervals, because an hourly cron in a local zone skips an hour
in spring and waits two in autumn; whether something is due is decided by our own calendars, never by a schedule (ESC-B2, ESC-C1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DEPLOYMENT_NAME = "ancrage"
WORK_POOL = "ancrage"
"""The process work pool that `prefect.yaml` deploys to; the embedded scheduler has none."""

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""Ticks are counted from a fixed instant, so that deploying again moves no run."""


@dataclass(frozen=True, slots=True)
class Every:
    """A tick each `seconds`, `after_seconds` later than a round instant, so that two flows do not start together."""

    seconds: int
    after_seconds: int = 0

    @property
    def anchor(self) -> datetime:
        return EPOCH + timedelta(seconds=self.after_seconds)


@dataclass(frozen=True, slots=True)
class Daily:
    """A cron line in a named zone, for what belongs to an hour of the day."""

    cron: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployed flow. Never two runs of it at once: a run that would overlap is cancelled, the next tick catches up."""

    flow: str
    """The flow's name in Prefect."""
    entrypoint: str
    """Module path of the flow function: the same on every host where Ancrage is installed."""
    description: str
    schedule: Every | Daily | None
    """None: only on demand."""
    takes_project: bool = True
    """Whether its parameter `project` names the folder it works on."""
    concurrency: int | None = 1
    """How many runs at once; None where each run has its own parameters and key."""
    is_stage: bool = True
    """Whether it is a stage of `ancrage advance`, where it is scheduled and takes a project."""

    @property
    def full_name(self) -> str:
        """The name Prefect's API finds it by: flow, slash, deployment."""
        return f"{self.flow}/{DEPLOYMENT_NAME}"


DEPLOYMENTS: tuple[Deployment, ...] = (
    Deployment(
        "assessment-cycle", "flows.assessment.tick",
        "Move every campaign that has something due: remind, close, determine levels, compare with the last cycle.",
        Every(15 * 60),
    ),
    Deployment(
        "prioritisation", "flows.assessment.prioritise",
        "Rank the improvement actions of one campaign. Asked for by a page, a command or a closed campaign; never scheduled.",
        None, concurrency=None,
    ),
    Deployment(
        "anchoring-watch", "flows.anchoring.watch",
        "Look at the indicators, once a day and after each new reading: late readings, signals, alerts that open commitments.",
        Every(15 * 60, after_seconds=30),
    ),
    Deployment(
        "indicator-collection", "flows.collection.gather",
        "Collect the readings that are due, daily, weekly or monthly by their cadence, and take what was put into the drop folder.",
        Every(60 * 60, after_seconds=180), is_stage=False,
    ),
    Deployment(
        "commitment-watch", "flows.commitments.watch",
        "Walk the ladder of everything owed by a date: fire steps, stall, escalate, hand over. Writes to the outbox only.",
        Every(10 * 60, after_seconds=60),
    ),
    Deployment(
        "notice-delivery", "flows.delivery.deliver",
        "Take what is due from the outbox to its channel, and record what became of it.",
        Every(10 * 60, after_seconds=120),
    ),
    Deployment(
        "housekeeping", "flows.housekeeping.tidy",
        "Mark as crashed the runs that Prefect still believes running after their process is long gone.",
        Daily("17 3 * * *", "UTC"), takes_project=False,
    ),
)


def deployment_of(flow: str) -> Deployment:
    """The deployment of the flow called `flow`; KeyError when there is none."""
    return {deployment.flow: deployment for deployment in DEPLOYMENTS}[flow]
