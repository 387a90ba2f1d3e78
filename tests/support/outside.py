"""Where everything that wants to leave this machine arrives instead."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"
END = "end"


@dataclass
class Outside:
    """A proxy that notes who calls and answers nothing."""

    port: int
    calls: list[str] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """Send HTTP to us, except what stays on the loopback address."""
        proxy = f"http://{LOOPBACK}:{self.port}"
        return {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "ALL_PROXY": proxy, "NO_PROXY": f"{LOOPBACK},localhost"}

    def listen(self, listener: socket.socket) -> None:
        """Note the first line of every call, until one says that it is the end."""
        while True:
            connection, _ = listener.accept()
            with connection:
                asked = connection.recv(1000).partition(b"\r\n")[0].decode(errors="replace")
            if asked == END:
                return
            self.calls.append(asked)


@contextmanager
def watched_outside() -> Iterator[Outside]:
    """A proxy that listens until the end of the `with`."""
    with socket.create_server((LOOPBACK, 0)) as listener:
        proxy = Outside(listener.getsockname()[1])
        noting = threading.Thread(target=proxy.listen, args=(listener,), daemon=True)
        noting.start()
        yield proxy
        with socket.create_connection((LOOPBACK, proxy.port)) as connection:
            connection.sendall(f"{END}\r\n".encode())
        noting.join()
