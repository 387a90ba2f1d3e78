"""Run flows once through a real Prefect server and say what became of them: the Prefect part of the demo.

The server is the same child that `ancrage serve` starts. It needs some seconds to start: start it early (`EmbeddedServer.start`
returns at once) and give it here when its turn comes. Prefect is imported inside the function, after its environment is set.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ancrage.project import open_project
from flows.registry import DEPLOYMENTS, deployment_of
from flows.server import EmbeddedServer, client_environment, prefect_home, using_server

PASSES = tuple(deployment.flow for deployment in DEPLOYMENTS if deployment.is_stage and deployment.takes_project and deployment.schedule)
"""The flows that together do what `ancrage advance` does, in its order."""


@dataclass(frozen=True, slots=True)
class RanOnce:
    """One flow run that Prefect recorded."""

    flow: str
    run_id: str
    state: str
    headline: str
    """What it did, in one English line for operators."""
    seconds: float


@dataclass(frozen=True, slots=True)
class PrefectPart:
    """What the Prefect part of a demo cost, and what it ran."""

    runs: tuple[RanOnce, ...]
    waited_seconds: float
    """For the server to answer; nearly nothing when it was started early."""
    seconds: float
    """Everything, server start and stop included."""


def early_server(project: Path) -> EmbeddedServer:
    """The server of this project, started and not waited for."""
    server = EmbeddedServer(prefect_home(open_project(project).data_folder))
    server.start()
    return server


def run_flows_once(project: Path, as_of: datetime, flows: Sequence[str] = PASSES, server: EmbeddedServer | None = None) -> PrefectPart:
    """Run each of `flows` once at `as_of`, in order, through Prefect; the server is stopped at the end, also one that was given.

    KeyError when the registry has no such flow.
    """
    begun = time.monotonic()
    serving = server or early_server(project)
    try:
        serving.wait()
        waited = time.monotonic() - begun
        with using_server(client_environment(serving.home, serving.api_url)), no_heartbeat():
            runs = tuple(run_one(flow, project, as_of) for flow in flows)
            send_what_is_left()
    finally:
        serving.stop()
    return PrefectPart(runs, waited, time.monotonic() - begun)


def run_flow_once(project: Path, flow: str, as_of: datetime, server: EmbeddedServer | None = None) -> RanOnce:
    """One flow, once; see `run_flows_once`."""
    return run_flows_once(project, as_of, [flow], server).runs[0]


def run_one(flow: str, project: Path, as_of: datetime, **parameters: Any) -> RanOnce:
    """Run one flow here and now, recorded by the server that the environment names; a flow that fails is told, not raised."""
    from prefect.flows import load_flow_from_entrypoint

    function: Any = load_flow_from_entrypoint(deployment_of(flow).entrypoint, use_placeholder_flow=False)
    begun = time.monotonic()
    state = function(project=str(project), as_of=as_of.isoformat(), return_state=True, **parameters)
    seconds = time.monotonic() - begun
    return RanOnce(flow, str(state.state_details.flow_run_id), state.name, state.message or "", seconds)


def no_heartbeat() -> AbstractContextManager[object]:
    """Without a heartbeat a flow ends a second earlier; here its parent watches it."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    return temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None})


def send_what_is_left() -> None:
    """Wait until Prefect's threads have sent their last log lines and events, so that none meets a stopped server."""
    from prefect.events.worker import EventsWorker
    from prefect.logging.handlers import APILogWorker

    APILogWorker.drain_all()
    EventsWorker.drain_all()
