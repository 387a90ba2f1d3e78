"""An HTTP client for Prefect's server on SQLite, which now and then says that its database is busy."""

from __future__ import annotations

import time
from typing import Any

import httpx

ATTEMPTS = 20
PAUSE_SECONDS = 0.3


class PatientClient(httpx.Client):
    """Asks again while the server says 503, as Prefect's own client does."""

    def request(self, *args: Any, **kwargs: Any) -> httpx.Response:
        for _ in range(ATTEMPTS):
            answer = super().request(*args, **kwargs)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(PAUSE_SECONDS)
        return answer
