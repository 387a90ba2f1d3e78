"""Ask for work to be done apart: by a run of one of our flows where a Prefect server is there, here and now where none is.

Pages and commands call this; none of them imports Prefect. What a run does is a service, so both ways give the same rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

from ancrage.errors import AncrageError, NotFound
from ancrage.language import say

DEPLOYMENT_NAME = "ancrage"
ADDRESS_FILE = Path("prefect") / "server.json"
"""Where a running `ancrage serve` writes, in the project's data folder, how its Prefect server is reached."""
TIMEOUT_SECONDS = 5.0
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class RequestedRun:
    """What became of a request: a run on the server, or the work itself, done."""

    name: str
    run_id: str | None
    """The flow run; None where the work was done directly."""
    is_new: bool = True
    """False when the same key had been asked for before: that run answers for this request too."""


def find_server(configured: str | None, data_folder: Path) -> str | None:
    """The address of the Prefect API to ask: the configured one, else that of a running `ancrage serve`, else None.

    An address left behind by a server that is gone counts as none; a configured one is believed, so that its absence is reported.
    """
    if configured:
        return configured
    try:
        address = str(json.loads((data_folder / ADDRESS_FILE).read_text(encoding="utf-8"))["api_url"])
        with _client(address) as client:
            return address if client.get("/health").is_success else None
    except (OSError, ValueError, KeyError, httpx.TransportError):
        return None


def request_run(server: str | None, name: str, parameters: Mapping[str, Any], key: str, directly: Callable[[], object]) -> RequestedRun:
    """Have the flow `name` run with `parameters`, once per `key`; without a server, do the work by calling `directly`.

    `key` says what makes two requests the same one: what is worked on and the fingerprint of its inputs. NotFound when the server
    does not know the flow, AncrageError when it does not answer or refuses.
    """
    if server is not None:
        try:
            with _client(server) as client:
                asked = _ask(client, name, parameters, key)
        except httpx.HTTPError as error:
            message = say("the Prefect server at {server} did not take the request: {error}", server=server, error=str(error))
            raise AncrageError(message) from error
        if asked is not None:
            return asked
    directly()
    return RequestedRun(name, None)


def _ask(client: httpx.Client, name: str, parameters: Mapping[str, Any], key: str) -> RequestedRun | None:
    """The run that answers for this key; None where the server is too busy to take it (on SQLite it is, now and then)."""
    found = client.get(f"/deployments/name/{quote(name)}/{DEPLOYMENT_NAME}")
    if found.status_code == httpx.codes.NOT_FOUND:
        raise NotFound(say("the Prefect server knows no deployment {name}; run `prefect deploy --all`, or `ancrage serve`", name=name))
    path = f"/deployments/{found.raise_for_status().json()['id']}/create_flow_run"
    wanted = {"parameters": dict(parameters), "idempotency_key": key}
    for _ in range(ATTEMPTS):  # the key makes repeating safe
        made = client.post(path, json=wanted)
        if made.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return RequestedRun(name, str(made.raise_for_status().json()["id"]), is_new=made.status_code == httpx.codes.CREATED)
    return None


def _client(server: str) -> httpx.Client:
    return httpx.Client(base_url=server, timeout=TIMEOUT_SECONDS)
