"""The server child: one per project, on this machine only, gone with its parent."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from ancrage.errors import AncrageError, Refused
from flows.server import (
    ADDRESS_FILE,
    LOG_FILE,
    LOOPBACK,
    EmbeddedServer,
    client_environment,
    free_port,
    inherited_environment,
    only_one_server,
    server_environment,
    using_server,
)
from tests.support.outside import Outside
from tests.support.processes import is_running


class TestSettings:
    def test_the_server_listens_on_this_machine_and_calls_nobody(self, tmp_path: Path) -> None:
        settings = server_environment(tmp_path, 4299)
        assert settings["PREFECT_SERVER_API_HOST"] == "127.0.0.1"
        assert settings["PREFECT_SERVER_API_PORT"] == "4299"
        assert settings["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4299"
        assert settings["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
        assert settings["DO_NOT_TRACK"] == "1"
        assert str(tmp_path / "prefect.db") in settings["PREFECT_SERVER_DATABASE_CONNECTION_URL"]

    def test_prefect_understands_every_one_of_them(self, tmp_path: Path) -> None:
        """Prefect ignores a setting it does not know: a misspelt one would be no setting."""
        given = server_environment(tmp_path, 4299)
        program = "from prefect.settings import get_current_settings as now; print(*now().to_environment_variables(exclude_unset=True))"
        command = [sys.executable, "-P", "-c", program]
        environment = {**inherited_environment(os.environ), **given}
        understood = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split()
        of_the_settings = {name for name in given if name.startswith("PREFECT_") and not name.startswith("PREFECT_LOGGING_HANDLERS")}
        assert of_the_settings <= set(understood)

    def test_somebodys_own_prefect_account_is_left_out(self) -> None:
        mine = {"PREFECT_PROFILE": "work", "PREFECT_API_KEY": "secret", "HOME": "/home/me"}
        assert inherited_environment(mine) == {"HOME": "/home/me"}

    def test_the_environment_is_what_it_was_afterwards(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PREFECT_HOME", "/mine")
        monkeypatch.setenv("PREFECT_PROFILE", "work")
        before = dict(os.environ)
        with using_server(client_environment(tmp_path, "http://127.0.0.1:4299/api")):
            assert os.environ["PREFECT_HOME"] == str(tmp_path)
            assert "PREFECT_PROFILE" not in os.environ
        assert dict(os.environ) == before


class TestOneServer:
    def test_a_second_one_is_refused_until_the_first_lets_go(self, tmp_path: Path) -> None:
        held = only_one_server(tmp_path)
        with pytest.raises(Refused, match="serves this project already"):
            EmbeddedServer(tmp_path).start()
        held.close()
        only_one_server(tmp_path).close()

    def test_a_taken_port_is_not_chosen(self) -> None:
        free = free_port(0)
        assert free_port(free) == free
        with socket.create_server((LOOPBACK, free)):
            assert free_port(free) != free

    def test_a_server_that_cannot_start_says_why_and_where_to_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        broken = tmp_path / "python"
        broken.write_text("#!/bin/sh\necho 'no such module' >&2\nexit 1\n", encoding="utf-8")
        broken.chmod(0o700)
        monkeypatch.setattr(sys, "executable", str(broken))
        with EmbeddedServer(tmp_path / "home") as server, pytest.raises(AncrageError, match="no such module") as refused:
            server.wait()
        assert str(tmp_path / "home" / LOG_FILE) in str(refused.value)

    def test_it_ends_when_its_parent_is_killed(self, tmp_path: Path) -> None:
        program = (
            "import sys, time; from pathlib import Path; from flows.server import EmbeddedServer\n"
            f"server = EmbeddedServer(Path({str(tmp_path / 'home')!r})); server.start()\n"
            "print(server._process.pid, flush=True); time.sleep(60)"
        )
        with subprocess.Popen([sys.executable, "-P", "-c", program], stdout=subprocess.PIPE, text=True) as parent:
            assert parent.stdout is not None
            child = int(parent.stdout.readline())
            assert is_running(child)
            parent.send_signal(signal.SIGKILL)
        deadline = time.monotonic() + 20
        while is_running(child) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not is_running(child)
        only_one_server(tmp_path / "home").close()


@pytest.mark.prefect
@pytest.mark.xdist_group("prefect")
class TestRunning:
    def test_its_address_is_written_down_for_pages_and_commands(self, server: EmbeddedServer) -> None:
        written = json.loads((server.home / ADDRESS_FILE).read_text(encoding="utf-8"))
        assert written["api_url"] == server.api_url

    def test_a_page_of_another_site_may_not_use_it(self, server: EmbeddedServer) -> None:
        asked = {"Origin": "http://elsewhere.example", "Access-Control-Request-Method": "POST"}
        answer = httpx.options(f"{server.api_url}/flow_runs/", headers=asked, trust_env=False)
        assert "access-control-allow-origin" not in answer.headers

    def test_it_asks_nothing_of_the_internet(self, server: EmbeddedServer, outside: Outside) -> None:
        """With analytics on, the proxy sees a call within half a minute; other tests have kept the server busy longer than that."""
        assert httpx.get(f"{server.api_url}/admin/settings", trust_env=False).json()["server"]["analytics_enabled"] is False
        with httpx.Client(proxy=f"http://{LOOPBACK}:{outside.port}") as client, pytest.raises(httpx.HTTPError):
            client.get("http://outside.example/")
        assert outside.calls == ["GET http://outside.example/ HTTP/1.1"], "ours alone: the trap works, and nobody else came"
        outside.calls.clear()
