"""`ancrage serve`: pages at once, the scheduler when its server answers, everything gone at the end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from ancrage.project import Project, open_project
from ancrage.services.advance import Stage
from ancrage.services.heartbeat import last_pass
from flows.server import ADDRESS_FILE, LOOPBACK, only_one_server, prefect_home
from tests.flows.conftest import fresh_home

ANCRAGE = [sys.executable, "-P", "-c", "from ancrage.cli.main import run; run()", "--language", "en"]


@contextmanager
def serving(project: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A running `ancrage serve`; asked to stop at the end, and killed when it does not."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    command = [*ANCRAGE, "--project", str(project), "serve", "--port", "0", *options]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()


def read_until(process: subprocess.Popen[str], ending: str) -> str:
    """What the process says up to and with the first line that ends so."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.rstrip("\n").endswith(ending):
            return said
    raise AssertionError(f"it ended without saying {ending!r}:\n{said}")


def test_pages_alone_need_no_scheduler(project: Path) -> None:
    with serving(project, "--no-scheduler", "--json") as process:
        answer = json.loads(read_until(process, "}"))
        assert (answer["shape"], answer["version"], answer["operators"]) == ("ancrage.serve", 1, None)
        assert httpx.get(answer["pages"], trust_env=False, follow_redirects=True).is_success
    assert process.returncode == 0
    assert not prefect_home(project / ".ancrage").exists()


def test_a_port_that_is_taken_is_named_before_anything_starts(project: Path) -> None:
    with socket.create_server((LOOPBACK, 0)) as taken:
        port = taken.getsockname()[1]
        command = [*ANCRAGE, "--project", str(project), "serve", "--port", str(port)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"cannot listen on {LOOPBACK} port {port}" in done.stderr
    assert not prefect_home(project / ".ancrage").exists()


@pytest.mark.prefect
@pytest.mark.xdist_group("prefect-serve")
def test_serve_makes_the_first_pass_and_stops_everything(template: Path, project: Path) -> None:
    home = fresh_home(template, prefect_home(project / ".ancrage"))
    with closing(open_project(project)) as opened, serving(project) as process:
        before = newest_pass(opened)
        said = read_until(process, "Scheduler: ready.")
        operators = said.partition("for operators: ")[2].partition("\n")[0]
        assert httpx.get(f"{operators}/api/health", trust_env=False).is_success
        deadline = time.monotonic() + 60
        while newest_pass(opened) == before and time.monotonic() < deadline:
            time.sleep(0.2)
        assert newest_pass(opened) > before, "the engine makes a pass as soon as it starts (ESC-C6)"
    assert process.returncode == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{operators}/api/health", trust_env=False)
    assert not (home / ADDRESS_FILE).exists()
    only_one_server(home).close()


def newest_pass(project: Project) -> datetime:
    """When any stage of the engine made its last pass."""
    with project.reading() as work:
        return max(passed for stage in Stage if (passed := last_pass(work, stage)))
