"""`prefect.yaml`, written from the registry: `python -P -m flows.manifest > prefect.yaml`. A test holds the committed file equal."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import chain

from flows.registry import DEPLOYMENT_NAME, DEPLOYMENTS, WORK_POOL, Daily, Deployment, Every

HEAD = f"""\
# Written by `python -P -m flows.manifest > prefect.yaml` from flows/registry.py: change the registry, not this file.
#
# For scaling out (docs/how-to/operate.md); on one machine `ancrage serve` needs none of this.
#   prefect work-pool create --type process {WORK_POOL}
#   prefect deploy --all
#   ANCRAGE_PROJECT=/path/to/project prefect worker start --pool {WORK_POOL}
# Entry points are modules, so Ancrage is installed where a worker runs and nothing is pulled; a worker's environment names its project.
name: ancrage
pull: []
deployments:
"""


def render_manifest(deployments: Sequence[Deployment] = DEPLOYMENTS) -> str:
    """The whole file, in the order of the registry."""
    return HEAD + "".join(f"{line}\n" for line in chain.from_iterable(map(_deployment, deployments)))


def _deployment(deployment: Deployment) -> list[str]:
    return [
        f"  - name: {DEPLOYMENT_NAME}",
        f"    entrypoint: {deployment.entrypoint}",
        f"    description: {json.dumps(deployment.description)}",
        "    tags: [ancrage]",
        f"    schedules: {_schedules(deployment.schedule)}",
        *_limit(deployment.concurrency),
        f"    work_pool: {{name: {WORK_POOL}}}",
    ]


def _schedules(schedule: Every | Daily | None) -> str:
    match schedule:
        case Every(seconds) as every:
            return f'[{{interval: {seconds}, anchor_date: "{every.anchor.isoformat()}", timezone: UTC}}]'
        case Daily(cron, timezone):
            return f'[{{cron: "{cron}", timezone: {timezone}}}]'
        case None:
            return "[]"


def _limit(concurrency: int | None) -> list[str]:
    return [] if concurrency is None else [f"    concurrency_limit: {{limit: {concurrency}, collision_strategy: CANCEL_NEW}}"]


if __name__ == "__main__":
    sys.stdout.write(render_manifest())
