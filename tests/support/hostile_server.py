"""HTTP servers on the loopback address that answer as a good, a slow or a hostile source would."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[[socket.socket, "HostileServer"], None]


@dataclass
class HostileServer:
    """What was asked of it, and how many bytes of body it got rid of."""

    port: int
    requests: list[str] = field(default_factory=list)
    sent: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def listen(self, listener: socket.socket, answer: Answer) -> None:
        while not self.stop.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    self.requests.append(connection.recv(65_536).decode(errors="replace"))
                    answer(connection, self)

    def pour(self, connection: socket.socket, chunk: bytes, most: int) -> None:
        """Send a chunk again and again, until there were `most` bytes or nobody takes them."""
        with suppress(OSError):
            while self.sent < most and not self.stop.is_set():
                connection.sendall(chunk)
                self.sent += len(chunk)

    def pour_slowly(self, connection: socket.socket, data: bytes) -> None:
        """Send a byte every 50 ms."""
        with suppress(OSError):
            for place in range(len(data)):
                connection.sendall(data[place : place + 1])
                if self.stop.wait(0.05):
                    return


@contextmanager
def serving(answer: Answer) -> Iterator[HostileServer]:
    """A server that gives every request this answer, until the end of the `with`."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = HostileServer(listener.getsockname()[1])
        thread = threading.Thread(target=server.listen, args=(listener, answer), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stop.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def plain(body: str | bytes, kind: str = "application/json", status: str = "200 OK", *headers: str) -> Answer:
    """One whole answer."""
    data = body.encode() if isinstance(body, str) else body
    head = "\r\n".join((f"HTTP/1.1 {status}", f"content-type: {kind}", f"content-length: {len(data)}", "connection: close", *headers))

    def answer(connection: socket.socket, _: HostileServer) -> None:
        connection.sendall(f"{head}\r\n\r\n".encode() + data)

    return answer
