"""What the scheduler leaves in Prefect: everything once, however often it starts; nothing that blocks the next pass."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from ancrage.errors import NotFound
from ancrage.services.run_requests import find_server, request_run
from flows.registry import DEPLOYMENTS, WORK_POOL
from flows.server import EmbeddedServer, client_environment, prefect_home, using_server
from tests.support.patient_client import PatientClient
from tests.support.story import CAMPAIGN

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.prefect, pytest.mark.xdist_group("prefect")]


@pytest.fixture
def api(server: EmbeddedServer) -> Iterator[httpx.Client]:
    """Prefect's HTTP API of the shared server."""
    with PatientClient(base_url=server.api_url, trust_env=False, timeout=10) as client:
        yield client


@pytest.fixture(scope="module")
def deployed(shared_server: EmbeddedServer, story: Path) -> dict[str, str]:
    """Ids of the registry's deployments by flow, registered as the scheduler does."""
    with using_server(client_environment(shared_server.home, shared_server.api_url)):
        return register(story)


def register(project: Path) -> dict[str, str]:
    """One life of the scheduler, as far as its registrations."""
    from prefect.runner import Runner

    import flows.scheduler

    made = asyncio.run(flows.scheduler.register(Runner(name="test"), project))
    return {flow: str(deployment) for flow, deployment in made.items()}


def found(api: httpx.Client, kind: str) -> list[dict[str, Any]]:
    """Everything of one kind, as the API tells it."""
    answer = api.post(f"/{kind}/filter", json={})
    answer.raise_for_status()
    return list(answer.json())


def run_of(api: httpx.Client, deployment: str) -> str:
    """A new run of a deployment."""
    return str(api.post(f"/deployments/{deployment}/create_flow_run", json={}).json()["id"])


def ask_for_state(api: httpx.Client, run: str, state: str) -> str:
    """Propose a state as a runner does; the server's answer."""
    return str(api.post(f"/flow_runs/{run}/set_state", json={"state": {"type": state}}).json()["status"])


class TestRegistration:
    def test_starting_again_adds_no_deployment_and_no_automation(self, api: httpx.Client, deployed: dict[str, str], story: Path) -> None:
        assert register(story) == deployed
        assert sorted(deployed) == sorted(deployment.flow for deployment in DEPLOYMENTS)
        assert {each["id"] for each in found(api, "deployments")} == set(deployed.values())
        assert len(found(api, "automations")) == 1

    def test_deployments_are_what_the_registry_says(self, api: httpx.Client, deployed: dict[str, str], story: Path) -> None:
        by_id = {each["id"]: each for each in found(api, "deployments")}
        for wanted in DEPLOYMENTS:
            made = by_id[deployed[wanted.flow]]
            assert made["entrypoint"] == wanted.entrypoint
            assert made["parameters"] == ({"project": str(story)} if wanted.takes_project else {})
            assert len(made["schedules"]) == (1 if wanted.schedule else 0)
            assert not made["paused"]
            limit = made["global_concurrency_limit"]
            assert (limit and limit["limit"]) == wanted.concurrency
            assert wanted.concurrency is None or made["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"

    def test_the_server_plans_the_ticks(self, api: httpx.Client, deployed: dict[str, str]) -> None:
        ticking = {deployed[deployment.flow] for deployment in DEPLOYMENTS if deployment.schedule}
        deadline = time.monotonic() + 20
        planned: set[str] = set()
        while planned != ticking and time.monotonic() < deadline:
            time.sleep(0.2)
            planned = {run["deployment_id"] for run in found(api, "flow_runs") if run["auto_scheduled"]}
        assert planned == ticking, "the server's scheduler is at fault: its log says why"

    def test_a_deployment_that_the_registry_forgot_is_removed(self, api: httpx.Client, deployed: dict[str, str]) -> None:
        import flows.scheduler

        flow = api.post("/flows/", json={"name": "of-yesterday"}).json()["id"]
        ours = {"name": "ancrage", "flow_id": flow, "tags": ["ancrage"]}
        theirs = {"name": "somebody-elses", "flow_id": flow}
        api.post("/deployments/", json=ours).raise_for_status()
        kept = api.post("/deployments/", json=theirs).json()["id"]
        asyncio.run(flows.scheduler.forget_strangers([UUID(each) for each in deployed.values()]))
        assert {each["id"] for each in found(api, "deployments")} == {*deployed.values(), kept}
        api.delete(f"/deployments/{kept}").raise_for_status()


class TestWhatWasLeft:
    def test_a_run_that_died_with_the_machine_gives_its_place_back(self, api: httpx.Client, deployed: dict[str, str]) -> None:
        from flows.scheduler import put_right_what_was_left

        watch = deployed["commitment-watch"]
        dead = run_of(api, watch)
        assert ask_for_state(api, dead, "PENDING") == "ACCEPT"
        assert ask_for_state(api, dead, "RUNNING") == "ACCEPT"
        turned_away = run_of(api, watch)
        ask_for_state(api, turned_away, "PENDING")
        assert api.get(f"/flow_runs/{turned_away}").json()["state"]["type"] == "CANCELLED", "the dead run holds the only place"
        put_right_what_was_left()
        assert api.get(f"/flow_runs/{dead}").json()["state"]["type"] == "CRASHED"
        assert ask_for_state(api, run_of(api, watch), "PENDING") == "ACCEPT"

    def test_passes_nobody_made_are_dropped_and_what_people_asked_for_stays(self, api: httpx.Client, deployed: dict[str, str]) -> None:
        from flows.scheduler import put_right_what_was_left

        missed = [run_of(api, deployed[flow]) for flow in ("notice-delivery", "notice-delivery", "assessment-cycle")]
        wanted = {"parameters": {"campaign": CAMPAIGN}}
        asked = api.post(f"/deployments/{deployed['prioritisation']}/create_flow_run", json=wanted).json()["id"]
        put_right_what_was_left()
        left = {run["id"] for run in found(api, "flow_runs")}
        assert left.isdisjoint(missed)
        assert asked in left


class TestRequests:
    def test_one_key_makes_one_run(self, server: EmbeddedServer, api: httpx.Client, deployed: dict[str, str]) -> None:
        first = request_run(server.api_url, "prioritisation", {"campaign": CAMPAIGN}, f"{CAMPAIGN} abc", refuse_to_work)
        again = request_run(server.api_url, "prioritisation", {"campaign": CAMPAIGN}, f"{CAMPAIGN} abc", refuse_to_work)
        other = request_run(server.api_url, "prioritisation", {"campaign": CAMPAIGN}, f"{CAMPAIGN} def", refuse_to_work)
        assert (first.is_new, again.is_new, other.is_new) == (True, False, True)
        assert first.run_id == again.run_id != other.run_id
        assert api.get(f"/flow_runs/{first.run_id}").json()["parameters"]["campaign"] == CAMPAIGN

    def test_an_unknown_flow_is_refused_with_what_to_do(self, server: EmbeddedServer) -> None:
        with pytest.raises(NotFound, match="knows no deployment teatime"):
            request_run(server.api_url, "teatime", {}, "key", refuse_to_work)

    def test_a_served_project_is_found_by_its_address_file(self, server: EmbeddedServer, tmp_path: Path) -> None:
        prefect_home(tmp_path).symlink_to(server.home)
        assert find_server(None, tmp_path) == server.api_url


def refuse_to_work() -> None:
    raise AssertionError("the work was done here although a server is there")


def test_prefect_deploy_takes_the_committed_manifest(server: EmbeddedServer, api: httpx.Client) -> None:
    api.post("/work_pools/", json={"name": WORK_POOL, "type": "process"}).raise_for_status()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "prefect", "--no-prompt", "deploy", "--all"],
        cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    deployed = {each["entrypoint"]: each for each in found(api, "deployments")}
    for wanted in DEPLOYMENTS:
        made = deployed[wanted.entrypoint]
        assert (made["name"], made["work_pool_name"], made["pull_steps"]) == ("ancrage", WORK_POOL, [])
        assert [each["active"] for each in made["schedules"]] == ([True] if wanted.schedule else [])
    for each in deployed.values():
        api.delete(f"/deployments/{each['id']}").raise_for_status()
    api.delete(f"/work_pools/{WORK_POOL}").raise_for_status()
