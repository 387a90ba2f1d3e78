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


def stop_at_end_of_file(server: uvicorn.Server) -> None:
    """Block until standard input ends, then ask the server to leave."""
    sys.stdin.buffer.read()
    server.should_exit = True


def main() -> None:
    """Serve Prefect's API and operator pages on the host and port of the environment."""
    from prefect.server.api.server import create_app

    config = uvicorn.Config(
        create_app(final=True),
        host=os.environ["PREFECT_SERVER_API_HOST"],
        port=int(os.environ["PREFECT_SERVER_API_PORT"]),
        log_level="warning",
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    threading.Thread(target=stop_at_end_of_file, args=(server,), daemon=True).start()
    server.run()


if __name__ == "__main__":
    main()
