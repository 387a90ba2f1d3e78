"""`ancrage serve`: the pages and the scheduler, in one process, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import signal
import socket
import sys
from contextlib import AbstractContextManager, closing, nullcontext
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import Invocation, Json
from ancrage.errors import Refused
from ancrage.language import N_, Message, say

if TYPE_CHECKING:
    from ancrage.project import Project

HELP = N_(
    "Start the web pages and the scheduler. The scheduler is Prefect, with a server of its own on this machine, unless the settings "
    "name another one. Everything stops with this command; a pass that was cut short is done again by the next one."
)
PORT = 8400


def command(
    ctx: typer.Context,
    port: Annotated[int, typer.Option(help=N_("Port of the pages."))] = PORT,
    host: Annotated[str, typer.Option(help=N_("Address to listen on; the default is reachable from this machine only."))] = "127.0.0.1",
    scheduler: Annotated[
        bool, typer.Option("--scheduler/--no-scheduler", help=N_("Run what is due, or serve the pages only."))
    ] = True,
    json: Json = False,  # noqa: ARG001 - its callback has already told the invocation
) -> None:
    """Serve until asked to stop."""
    from ancrage.project import open_project

    asked = Invocation.of(ctx)
    with closing(open_project(asked.project)) as project, listen(host, port) as listener:
        stop_on_signals()
        try:
            with schedule(asked, project, scheduler) as operators:
                serve_pages(asked, project, listener, operators)
        except KeyboardInterrupt:
            if not asked.json:
                tell(asked, say("Stopped."))


def listen(host: str, port: int) -> socket.socket:
    """The socket of the pages. Refused (`port_taken`) when somebody listens there."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        why = error.strerror or str(error)
        refusal = say("cannot listen on {host} port {port} ({why}); choose another with --port", host=host, port=port, why=why)
        raise Refused("port_taken", refusal) from error


def stop_on_signals() -> None:
    """SIGTERM (a service manager) does what Ctrl-C does: everything is stopped in order."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGINT, interrupt)


def schedule(asked: Invocation, project: Project, wanted: bool) -> AbstractContextManager[str | None]:
    """The scheduler inside a `with`, giving the address of Prefect's own pages; None where only our pages are wanted."""
    if not wanted:
        return nullcontext()
    from flows.serving import scheduling

    def ready() -> None:
        if not asked.json:
            tell(asked, say("Scheduler: ready."))

    return scheduling(project, ready)


def serve_pages(asked: Invocation, project: Project, listener: socket.socket, operators: str | None) -> None:
    """Say where everything is, then answer requests until a signal comes."""
    import uvicorn

    from ancrage.web.app import create_app

    server = uvicorn.Server(uvicorn.Config(create_app(project, listener.getsockname()[0]), log_level="warning"))
    host, port = listener.getsockname()[:2]
    pages = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    if asked.json:
        asked.emit("serve", 1, {"pages": pages, "operators": operators})
        sys.stdout.flush()
    else:
        tell(asked, say("Pages: {address}", address=pages))
        if operators:
            tell(asked, say("Scheduler: starting. Prefect's own pages, for operators: {address}", address=operators))
        tell(asked, say("Ctrl-C stops everything."))
    server.run(sockets=[listener])


def tell(asked: Invocation, message: Message) -> None:
    """Show a line now: a service manager reads through a pipe, and this command does not end."""
    asked.show(message)
    sys.stdout.flush()
