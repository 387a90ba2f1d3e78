"""Work that is asked for apart: what happens where no Prefect server answers. With one: tests/flows/test_scheduler.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from ancrage.errors import AncrageError
from ancrage.services.run_requests import ADDRESS_FILE, RequestedRun, find_server, request_run


def test_the_work_is_done_here_and_now() -> None:
    done: list[str] = []
    asked = request_run(None, "prioritisation", {}, "key", lambda: done.append("ranked"))
    assert asked == RequestedRun("prioritisation", None)
    assert done == ["ranked"]


def test_an_address_left_behind_counts_as_none(tmp_path: Path) -> None:
    assert find_server(None, tmp_path) is None
    (tmp_path / ADDRESS_FILE).parent.mkdir()
    (tmp_path / ADDRESS_FILE).write_text('{"api_url": "http://127.0.0.1:9/api"}', encoding="utf-8")
    assert find_server(None, tmp_path) is None


def test_a_configured_server_that_does_not_answer_is_an_error_not_a_silent_detour(tmp_path: Path) -> None:
    configured = find_server("http://127.0.0.1:9/api", tmp_path)
    with pytest.raises(AncrageError, match="did not take the request"):
        request_run(configured, "prioritisation", {}, "key", never)


def never() -> None:
    raise AssertionError("the work was done here although a server is configured")
