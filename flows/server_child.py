"""The process of the embedded Prefect server: it serves until its parent closes the pipe, or dies.

Started by `flows.server` as `python -P -m flows.server_child` with everything in its environment. Standard input is the lifeline:
the parent holds the other end and never writes; end of file means that the parent stopped us or is gone, however it died, on every
platform. `-P` keeps a folder called `models` in the working directory from shadowing ours.
"""

from __future__ import annotations

import os
import sys
import threading

import uvicorn


class Lifeline(threading.Thread):
    """Waits for the end of standard input, then makes the server leave in order, or the process where there is none yet."""

    def __init__(self) -> None:
        super().__init__(name="lifeline", daemon=True)
        self.server: uvicorn.Server | None = None

    def run(self) -> None:
        sys.stdin.buffer.read()
        if self.server is None:
            os._exit(0)
        self.server.should_exit = True


def main() -> None:
    """Serve Prefect's API and operator pages on the host and port of the environment."""
    lifeline = Lifeline()
    lifeline.start()
    from prefect.server.api.server import create_app  # some seconds

    config = uvicorn.Config(
        create_app(final=True),
        host=os.environ["PREFECT_SERVER_API_HOST"],
        port=int(os.environ["PREFECT_SERVER_API_PORT"]),
        log_level="warning",
        timeout_graceful_shutdown=3,
    )
    lifeline.server = uvicorn.Server(config)
    lifeline.server.run()


if __name__ == "__main__":
    main()
