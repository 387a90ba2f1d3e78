"""The embedded Prefect server: one child process on SQLite, in the project's data folder, reachable from this machine only.

Its database and ours are two files. It listens on the loopback address, asks nothing of the internet (its analytics and the client's
are off) and stops with its parent, even when the parent is killed. Nothing here imports Prefect: starting the child costs this
process nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import TracebackType

import httpx

from ancrage.errors import AncrageError, Refused
from ancrage.language import Message, say

LOOPBACK = "127.0.0.1"
FAVOURITE_PORT = 4200
STARTUP_SECONDS = 120
"""A first start writes Prefect's schema: 13 s on two cores, more where the machine is busy. Later starts take 6 s."""
STOP_SECONDS = 10
KEPT_SECONDS = 7 * 24 * 3600
"""How long finished runs are kept, as long as Prefect keeps events: about 480 runs and 45 MB a day on the schedules of the registry."""
HEARTBEAT_SECONDS = 30
PERSONAL = ("PREFECT_PROFILE", "PREFECT_API_KEY")
ADDRESS_FILE = "server.json"
LOG_FILE = "server.log"


def prefect_home(data_folder: Path) -> Path:
    """Where Prefect keeps what is its own, inside the project's data folder."""
    return data_folder / "prefect"


def client_environment(home: Path, api_url: str) -> dict[str, str]:
    """What a process that talks to the server needs: this one, and every flow run it starts."""
    return {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api_url,
        "PREFECT_SERVER_EPHEMERAL_ENABLED": "false",
        "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",  # the server has none: it would be one useless request per client
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
        "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "ERROR",  # the operator's pages have every line; the terminal has ours
        **never_outside(),
    }


def never_outside() -> dict[str, str]:
    """The settings that keep Prefect from calling its makers: the server's analytics, and the client's in a terminal."""
    return {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1", "PYTHONSAFEPATH": "1"}


def server_environment(home: Path, port: int) -> dict[str, str]:
    """What the server child needs, beside what it inherits."""
    own = f"http://{LOOPBACK}:{port}"
    return {
        **client_environment(home, f"{own}/api"),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        "PREFECT_SERVER_API_HOST": LOOPBACK,
        "PREFECT_SERVER_API_PORT": str(port),  # by environment: given by flag, its pages would still call 4200
        "PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS": own,  # the default lets any page in the operator's browser start flows
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        # A short run's heartbeat arrives after its end; the automation then finds it ended and the server warns each time.
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        # In memory, a limit of one run would stay taken for ever by a run that was alive when the server stopped.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
        "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(KEPT_SECONDS),
    }


def inherited_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without the names that would tie the embedded server to somebody's own Prefect account."""
    return {name: value for name, value in environment.items() if name not in PERSONAL}


def free_port(favourite: int = FAVOURITE_PORT) -> int:
    """`favourite` when nobody listens there, else a port the system chooses."""
    for port in (favourite, 0):
        with contextlib.suppress(OSError), socket.create_server((LOOPBACK, port)) as probe:
            return int(probe.getsockname()[1])
    raise AncrageError(say("no free port on {host} for the Prefect server", host=LOOPBACK))


class EmbeddedServer:
    """The child server of one project: `start` at once, `wait` when it is needed, `stop` at the end (or use it with `with`)."""

    def __init__(self, home: Path, port: int | None = None) -> None:
        self.home = home
        self.port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: sqlite3.Connection | None = None

    @property
    def address(self) -> str:
        """Prefect's own pages, for operators."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def api_url(self) -> str:
        return f"{self.address}/api"

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start the child and return at once; `wait` says when it answers.

        Raises Refused (`already_served`) when another process runs the server of this project.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        self._lock = self._lock or only_one_server(self.home)
        self.port = self.port or free_port()
        with (self.home / LOG_FILE).open("ab" if self._process else "wb") as log:  # why an earlier one died stays readable
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "flows.server_child"],
                env={**inherited_environment(os.environ), **server_environment(self.home, self.port)},
                stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT,
                cwd=self.home,  # Prefect reads settings files from the working directory
                start_new_session=True,  # Ctrl-C is for the parent, which stops us in order
            )

    def wait(self, timeout_seconds: float = STARTUP_SECONDS, give_up: Callable[[], bool] = lambda: False) -> None:
        """Return once the server is healthy; its address is then written down for other processes of the project.

        Raises AncrageError when the child ends, the time is over or `give_up` says so.
        """
        deadline = time.monotonic() + timeout_seconds
        with httpx.Client(trust_env=False, timeout=2) as client:
            while not self._healthy(client):
                if not self.alive or time.monotonic() > deadline or give_up():
                    raise AncrageError(self._why_not())
                time.sleep(0.1)
        content = {"api_url": self.api_url, "process": os.getpid()}
        (self.home / ADDRESS_FILE).write_text(json.dumps(content), encoding="utf-8")

    def _healthy(self, client: httpx.Client) -> bool:
        try:
            return client.get(f"{self.api_url}/health").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def _why_not(self) -> Message:
        said = (self.home / LOG_FILE).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return say("the Prefect server did not start: {last} (all of it: {log})", last=said[-1] if said else "-", log=self.home / LOG_FILE)

    def stop(self) -> None:
        """Ask the child to leave, insist after ten seconds, and give the project free. Safe to call twice."""
        process, self._process = self._process, None
        if process is not None and process.stdin is not None:
            process.stdin.close()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        (self.home / ADDRESS_FILE).unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> EmbeddedServer:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


def only_one_server(home: Path) -> sqlite3.Connection:
    """Hold the project's server for this process, until closed or dead: a lock of SQLite is one of the system, on every platform."""
    connection = sqlite3.connect(home / "serving.lock", timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        message = say("another process serves this project already ({home}); stop it first, or start the pages alone", home=home)
        raise Refused("already_served", message) from error
    return connection


@contextlib.contextmanager
def using_server(environment: Mapping[str, str]) -> Iterator[None]:
    """This process and its threads talk to that server, inside the `with`; then the environment is what it was."""
    before = {name: os.environ.pop(name, None) for name in {*environment, *PERSONAL}}
    os.environ.update(environment)
    _tell_prefect()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        _tell_prefect()


def _tell_prefect() -> None:
    """Prefect reads the environment when it is imported; where it is already, it must read it again."""
    if "prefect.context" in sys.modules:
        from prefect.context import refresh_global_settings_context

        refresh_global_settings_context()
