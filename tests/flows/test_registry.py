"""The registry: what is deployed is one list of plain values, and `prefect.yaml` is that list."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest

from flows.manifest import render_manifest
from flows.registry import DEPLOYMENTS, Deployment, Every, deployment_of

ROOT = Path(__file__).resolve().parents[2]


def test_the_committed_prefect_yaml_is_the_registry() -> None:
    committed = (ROOT / "prefect.yaml").read_text(encoding="utf-8")
    assert committed == render_manifest(), "write it again: python -P -m flows.manifest > prefect.yaml"


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda deployment: deployment.flow)
def test_an_entry_point_is_a_flow_of_that_name_that_takes_what_it_is_given(deployment: Deployment) -> None:
    from prefect import Flow

    module, _, name = deployment.entrypoint.rpartition(".")
    flow = getattr(import_module(module), name)
    assert isinstance(flow, Flow)
    assert flow.name == deployment.flow
    assert ("project" in flow.parameters.properties) is deployment.takes_project
    assert deployment.schedule is None or not flow.parameters.required, "a scheduled run has no parameters but its deployment's"


def test_two_ticks_do_not_start_in_the_same_second() -> None:
    starts = sorted(deployment.schedule.anchor for deployment in DEPLOYMENTS if isinstance(deployment.schedule, Every))
    assert all(one < other for one, other in pairwise(starts))


def test_a_scheduled_flow_never_runs_twice_at_once() -> None:
    assert {deployment.concurrency for deployment in DEPLOYMENTS if deployment.schedule} == {1}


def test_an_unknown_flow_is_refused() -> None:
    with pytest.raises(KeyError, match="teatime"):
        deployment_of("teatime")


def test_pages_and_commands_do_not_import_prefect() -> None:
    modules = "flows.registry, flows.manifest, flows.server, flows.serving, flows.once, ancrage.cli.serve, ancrage.services.run_requests"
    program = f"import sys, {modules}; print('prefect' in sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
