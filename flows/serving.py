"""The scheduler of `ancrage serve`, beside the pages: the server child, and a thread that keeps Prefect's runner alive.

Whatever stops (the server child, the runner after long trouble), the thread starts it again; what was missed is done by the next
tick, because every flow acts on stored state and does nothing twice. Importing this module does not import Prefect: its environment
is set first, and its import then costs the pages nothing, because the thread does it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ancrage.project import Project
from flows.lifeline import PARENT
from flows.server import LOG_FILE, EmbeddedServer, client_environment, never_outside, prefect_home, using_server

STOP_SECONDS = 30
"""For the runs at work to be cancelled in order; afterwards they are left to end with their server."""
REST_SECONDS = 5
"""Before the scheduler, or its server, is started again after trouble."""

log = logging.getLogger("ancrage.scheduler")


@contextmanager
def scheduling(project: Project, when_ready: Callable[[], None] = lambda: None) -> Iterator[str]:
    """The registry's flows run on their schedules inside the `with`; gives the address of Prefect's own pages, for operators.

    Returns at once, `when_ready` is called from a thread when the first passes are asked for. The server is the project's own child,
    or the one that the settings name. Raises Refused (`already_served`) when another process runs the project's child.
    """
    server = None if project.settings.prefect_api_url else EmbeddedServer(prefect_home(project.data_folder))
    if server is not None:
        server.start()
    api_url = server.api_url if server else str(project.settings.prefect_api_url)
    environment = client_environment(server.home, api_url) if server else {**never_outside(), "PREFECT_API_URL": api_url}
    scheduler = Scheduler(project.folder, server, when_ready)
    with using_server({**environment, PARENT: str(os.getpid())}):
        scheduler.start()
        try:
            yield api_url.removesuffix("/api")
        finally:
            scheduler.stop()


class Scheduler:
    """A thread that runs the deployments of one project, from `start` to `stop`, and owns its server child where there is one."""

    def __init__(self, project: Path, server: EmbeddedServer | None, when_ready: Callable[[], None]) -> None:
        self._project = project
        self._server = server
        self._when_ready = when_ready
        self._stopping = threading.Event()
        self._rest_until = 0.0
        self._thread = threading.Thread(target=self._live, name="ancrage-scheduler", daemon=True)

    def start(self) -> None:
        """Begin to wait for the server and then to run what is due; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more runs, cancel those at work (their next tick does it again), then stop the server child."""
        self._stopping.set()
        self._thread.join(timeout=STOP_SECONDS)
        if self._server is not None:
            self._server.stop()

    def _live(self) -> None:
        while not self._stopping.is_set():
            try:
                self._serve()
            except Exception as error:
                if not self._stopping.is_set():
                    log.error("the scheduler starts again in %s s: %s", REST_SECONDS, error)
            self._stopping.wait(REST_SECONDS)

    def _serve(self) -> None:
        """One life of the runner: it ends with `stop`, or with an error of its own."""
        from flows.scheduler import run_scheduler  # the long import: here it delays neither the pages nor the server child

        if self._server is not None:
            self._revive(self._server)
            self._server.wait(give_up=self._stopping.is_set)
        asyncio.run(run_scheduler(self._project, self._server is not None, self._may_go_on, self._tell_once))

    def _tell_once(self) -> None:
        """Say that it is ready, the first time only; a terminal that is gone is no trouble of the scheduler's."""
        tell, self._when_ready = self._when_ready, lambda: None
        with suppress(OSError):
            tell()

    def _may_go_on(self) -> bool:
        if self._server is not None and not self._stopping.is_set():
            self._revive(self._server)
        return not self._stopping.is_set()

    def _revive(self, server: EmbeddedServer) -> None:
        """Start the server child again where it died, under its old address: the runner and the flows at work wait for it."""
        if server.alive or time.monotonic() < self._rest_until:
            return
        log.error("the Prefect server has ended and is started again; its log: %s", server.home / LOG_FILE)
        self._rest_until = time.monotonic() + REST_SECONDS
        server.start()
