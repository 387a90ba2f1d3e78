"""One real Prefect server for the engine tests of this run, and projects to run flows on."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

import pytest

from flows.server import EmbeddedServer, client_environment, free_port, using_server
from tests.support.outside import Outside, watched_outside
from tests.support.story import copy_of, project_in_the_middle

DATABASE, MEMO = "prefect.db", "memo_store.toml"
"""Prefect's schema, and the note that its own kinds of blocks are in it."""


@pytest.fixture(scope="session")
def template(pytestconfig: pytest.Config) -> Path:
    """A folder that keeps Prefect's fresh schema between runs: writing it takes longer than all these tests."""
    cache = pytestconfig.cache
    assert cache is not None
    return cache.mkdir(f"prefect-{version('prefect')}")


@pytest.fixture(scope="session")
def prefect_home(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Prefect home for the tests that share a server."""
    return fresh_home(template, tmp_path_factory.mktemp("prefect") / "home")


def fresh_home(template: Path, home: Path) -> Path:
    """A new Prefect home, with the schema when an earlier run has kept it."""
    home.mkdir(parents=True)
    if (template / DATABASE).is_file():
        for name in (DATABASE, MEMO):
            shutil.copy(template / name, home / name)
    return home


def keep_schema(home: Path, template: Path) -> None:
    """Keep the schema of a server that has only just started; complete or not at all."""
    if (template / DATABASE).is_file():
        return
    partial = template / f"{DATABASE}.{os.getpid()}"
    with closing(sqlite3.connect(home / DATABASE)) as running, closing(sqlite3.connect(partial)) as kept:
        running.backup(kept)
    shutil.copy(home / MEMO, template / MEMO)
    partial.replace(template / DATABASE)


@pytest.fixture(scope="session")
def outside() -> Iterator[Outside]:
    """The proxy that the shared server is given."""
    with watched_outside() as proxy:
        yield proxy


@pytest.fixture(scope="session")
def starting_server(prefect_home: Path, outside: Outside) -> Iterator[EmbeddedServer]:
    """The server child, started as `ancrage serve` starts it and not waited for: the story is written meanwhile."""
    server = EmbeddedServer(prefect_home, free_port(0))
    with using_server(outside.environment()):
        server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def shared_server(starting_server: EmbeddedServer, story: Path, template: Path) -> EmbeddedServer:
    """The server child, answering."""
    starting_server.wait()
    keep_schema(starting_server.home, template)
    return starting_server


@pytest.fixture
def server(shared_server: EmbeddedServer) -> Iterator[EmbeddedServer]:
    """The shared server, which this process talks to during the test; flows end without the second their heartbeat would take."""
    from flows.once import no_heartbeat, send_what_is_left

    with using_server(client_environment(shared_server.home, shared_server.api_url)), no_heartbeat():
        yield shared_server
        send_what_is_left()


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project in the middle of its life; to be copied, never changed."""
    return project_in_the_middle(tmp_path_factory.mktemp("story") / "project")


@pytest.fixture
def project(story: Path, tmp_path: Path) -> Path:
    """A copy of the story that a test may change."""
    return copy_of(story, tmp_path / "project")
