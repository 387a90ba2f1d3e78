"""Kills what can be killed and looks at what follows: `python -m benchmarks.prove_prefect [1] [2] [3] [4]`; some minutes.

1. kill -9 of the process of a flow: its run is Crashed at once, and the next pass does its work.
2. kill -9 of `ancrage serve`: its server goes with it; started again, nothing is there twice, no run is left Running, passes go on.
3. kill -9 of a process that nobody watches (a power cut of its host): the automation marks the run as Crashed.
4. kill -9 of the server child under `ancrage serve`: it comes back, and passes go on.

A flow is held at work by holding the engine's lock. Exit code 1 when something is not as it should be.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

from ancrage.project import open_project
from flows.once import PASSES
from flows.registry import DEPLOYMENTS
from flows.server import EmbeddedServer, client_environment, free_port, prefect_home
from tests.support.patient_client import PatientClient
from tests.support.story import copy_of, project_in_the_middle

PATIENCE_SECONDS = 180


class Prefect:
    """What we ask of Prefect's HTTP API."""

    def __init__(self, address: str) -> None:
        self.port = address.rpartition(":")[2]
        self._client = PatientClient(base_url=f"{address}/api", trust_env=False, timeout=30)

    def all(self, kind: str) -> list[dict[str, Any]]:
        return list(self._answer("POST", f"/{kind}/filter", {}))

    def state(self, run: str) -> str:
        return str(self._answer("GET", f"/flow_runs/{run}")["state"]["type"])

    def ask(self, deployment: str) -> str:
        return str(self._answer("POST", f"/deployments/{deployment}/create_flow_run", {})["id"])

    def _answer(self, method: str, path: str, content: dict[str, Any] | None = None) -> Any:
        return self._client.request(method, path, json=content).raise_for_status().json()

    def deployments(self) -> dict[str, str]:
        flows = {flow["id"]: flow["name"] for flow in self.all("flows")}
        return {flows[deployment["flow_id"]]: deployment["id"] for deployment in self.all("deployments")}


def until(what: str, is_so: Callable[[], bool]) -> float:
    """Wait until it is so; the seconds it took. Leaves with 1 when it never is."""
    begun = time.monotonic()
    while not is_so():
        if time.monotonic() - begun > PATIENCE_SECONDS:
            sys.exit(f"FAILED: {what}: not so after {PATIENCE_SECONDS} s")
        time.sleep(0.2)
    seconds = time.monotonic() - begun
    print(f"  {what}: {seconds:.1f} s", flush=True)
    return seconds


@contextmanager
def serve(project: Path) -> Iterator[tuple[subprocess.Popen[str], Prefect]]:
    """`ancrage serve`, its scheduler ready; stopped at the end when it is still there."""
    program = [sys.executable, "-P", "-c", "from ancrage.cli.main import run; run()", "--language", "en"]
    command = [*program, "--project", str(project), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith("Scheduler: ready"):
                break
        try:
            yield process, Prefect(said.partition("for operators: ")[2].partition("\n")[0])
        finally:
            process.terminate()
            process.wait()


def flow_process(run: str) -> int | None:
    """The process that runs this flow run, by the name Prefect gives it in its environment."""
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdecimal() and f"PREFECT__FLOW_RUN_ID={run}".encode() in (folder / "environ").read_bytes():
                return int(folder.name)
        except OSError:  # gone meanwhile, or not ours
            continue
    return None


@contextmanager
def run_held_at_work(project: Path, prefect: Prefect, flow: str) -> Iterator[tuple[str, int]]:
    """A run of `flow` that is Running and stays so, and its process."""
    passes = {each: prefect.deployments()[each] for each in PASSES}
    until("the passes at start are made", lambda: all(completed(prefect, each, "") for each in passes.values()) and not at_work(prefect))
    with closing(open_project(project)) as opened, opened.engine_lock():
        run = prefect.ask(prefect.deployments()[flow])
        until(f"a run of {flow} is at work", lambda: prefect.state(run) == "RUNNING")
        process = flow_process(run)
        assert process is not None
        yield run, process


def kill_a_flow(project: Path) -> None:
    print("1. kill -9 of the process of a flow")
    with serve(project) as (_, prefect):
        with run_held_at_work(project, prefect, "commitment-watch") as (run, process):
            os.kill(process, signal.SIGKILL)
            until("its run is Crashed", lambda: prefect.state(run) == "CRASHED")
        again = prefect.ask(prefect.deployments()["commitment-watch"])
        until("the next pass is made", lambda: prefect.state(again) == "COMPLETED")


def kill_serve(project: Path) -> None:
    print("2. kill -9 of `ancrage serve`")
    with serve(project) as (serving, prefect), run_held_at_work(project, prefect, "commitment-watch") as (run, process):
        before = prefect.deployments()
        serving.kill()
        serving.wait()
        until("the server went with it", lambda: not answers(prefect))
    until("the process of its flow went with it", lambda: flow_process(run) != process)
    with serve(project) as (_, prefect):
        until("the run is Crashed", lambda: prefect.state(run) == "CRASHED")
        check("no deployment is there twice", prefect.deployments() == before and len(prefect.all("deployments")) == len(DEPLOYMENTS))
        check("no automation is there twice", len(prefect.all("automations")) == 1)
        again = prefect.ask(before["commitment-watch"])
        until("the next pass is made", lambda: prefect.state(again) in ("COMPLETED", "CANCELLED"))
        until("a pass was completed", lambda: completed(prefect, before["commitment-watch"], run))


def kill_unwatched(project: Path) -> None:
    print("3. kill -9 of a process that nobody watches")
    with serve(project) as (_, prefect):
        deployments = prefect.deployments()
    home = prefect_home(project / ".ancrage")
    with EmbeddedServer(home, free_port(0)) as server, closing(open_project(project)) as opened:
        server.wait()
        prefect = Prefect(server.address)
        run = prefect.ask(deployments["anchoring-watch"])
        environment = {**os.environ, **client_environment(home, server.api_url), "PREFECT__FLOW_RUN_ID": run}
        with opened.engine_lock():
            with subprocess.Popen([sys.executable, "-P", "-m", "prefect.engine"], env=environment) as engine:
                until("a run is at work", lambda: prefect.state(run) == "RUNNING")
                time.sleep(5)  # for its first heartbeat to arrive
                engine.kill()
            until("its run is Crashed", lambda: prefect.state(run) == "CRASHED")


def kill_server_child(project: Path) -> None:
    print("4. kill -9 of the server child under `ancrage serve`")
    with serve(project) as (_, prefect):
        watch = prefect.deployments()["commitment-watch"]
        until("a pass is made", lambda: completed(prefect, watch, ""))
        os.kill(listener_of(prefect), signal.SIGKILL)
        until("it is gone", lambda: not answers(prefect))
        until("it is there again", lambda: answers(prefect))
        again = prefect.ask(watch)
        until("the next pass is made", lambda: prefect.state(again) == "COMPLETED")


def listener_of(prefect: Prefect) -> int:
    """The process of the server child."""
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdecimal() and f"PREFECT_SERVER_API_PORT={prefect.port}".encode() in (folder / "environ").read_bytes():
                return int(folder.name)
        except OSError:
            continue
    sys.exit("FAILED: no server child found")


def answers(prefect: Prefect) -> bool:
    try:
        prefect.all("deployments")
    except httpx.TransportError:
        return False
    return True


def at_work(prefect: Prefect) -> bool:
    """Whether any run has begun and not ended."""
    return any(run["state_type"] in ("PENDING", "RUNNING", "CANCELLING") for run in prefect.all("flow_runs"))


def completed(prefect: Prefect, deployment: str, other_than: str) -> bool:
    """Whether a run of the deployment has been completed."""
    runs = prefect.all("flow_runs")
    return any(run["deployment_id"] == deployment and run["state_type"] == "COMPLETED" and run["id"] != other_than for run in runs)


def check(what: str, is_so: bool) -> None:
    """Say it, or leave with 1."""
    if not is_so:
        sys.exit(f"FAILED: {what}")
    print(f"  {what}", flush=True)


PROOFS = {"1": kill_a_flow, "2": kill_serve, "3": kill_unwatched, "4": kill_server_child}


def main(wanted: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        story = project_in_the_middle(Path(folder) / "story")
        for number in wanted or PROOFS:
            PROOFS[number](copy_of(story, Path(folder) / f"project-{number}"))
    print("All as it should be.")


if __name__ == "__main__":
    main(sys.argv[1:])
