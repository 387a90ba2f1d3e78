"""Fetches one JSON answer over HTTP, bounded in time and size, from an address that may be hostile."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

import httpx

from ancrage.exchange.collecting.connections import LOOPBACK, Connection
from ancrage.language import Message, say

MOST_REDIRECTS = 3
TRIES = 3
PAUSE_SECONDS = 0.3
DEEPEST = 32
CHUNK = 64 * 1024
AGAIN = frozenset({429, 500, 502, 503, 504})
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


class AnswerRefused(Exception):
    """There is no answer that can be used; `code` is a problem code."""

    def __init__(self, code: str, message: Message, *, again: bool = False) -> None:
        super().__init__(code)
        self.code, self.message, self.again = code, message, again


@dataclass(slots=True)
class _Watch:
    """Ends a request at its deadline, wherever it hangs: a server that sends one byte a second never lets a read time out."""

    deadline: float
    streams: list[Any] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def over(self) -> bool:
        return self.ended.is_set()

    @property
    def left(self) -> float:
        return max(0.001, self.deadline - time.monotonic())

    def trace(self, event: str, info: dict[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self.streams.append(info["return_value"])

    def end(self) -> None:
        self.ended.set()
        for stream in self.streams:
            found = stream.get_extra_info("socket")
            if found is not None:
                with suppress(OSError):
                    found.shutdown(socket.SHUT_RDWR)


def fetch_json(connection: Connection, path: str) -> Any:
    """The JSON value at `path` of a connection. AnswerRefused for anything else, within the time of the connection in all.

    Only JSON is read, at most `most_bytes` after unpacking and `DEEPEST` levels; a redirect stays on the host. What may pass by
    itself (no connection, 429, 5xx) is tried again, `TRIES` times at most.
    """
    address = _address(connection, path)
    watch = _Watch(time.monotonic() + connection.timeout_seconds)
    for tried in range(1, TRIES + 1):
        try:
            return _parsed(_fetched(connection, address, watch))
        except AnswerRefused as refused:
            if not refused.again or tried == TRIES or watch.left <= PAUSE_SECONDS * tried:
                raise
            watch.ended.wait(PAUSE_SECONDS * tried)
    raise AssertionError("the last try returns or raises")


def _address(connection: Connection, path: str) -> str:
    parts = urlsplit(connection.url)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK and not connection.allow_http:
        message = say("[sources.{name}] url is not https; allow_http = true takes it all the same", name=connection.name)
        raise AnswerRefused("E-COLLECT-CONNECTION", message)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AnswerRefused("E-COLLECT-CONNECTION", say("[sources.{name}] url is not an http address", name=connection.name))
    return connection.url.rstrip("/") + path


def _fetched(connection: Connection, address: str, watch: _Watch) -> bytes:
    timer = threading.Timer(watch.left, watch.end)
    timer.daemon = True
    timer.start()
    try:
        with httpx.Client(follow_redirects=False, trust_env=False, timeout=min(watch.left, 10.0)) as client:
            for _ in range(MOST_REDIRECTS + 1):
                with _answer(client, connection, address, watch) as answer:
                    if not answer.is_redirect:
                        return _body(connection, answer, watch)
                    address = _next_address(connection, address, answer.headers["location"])
        raise AnswerRefused("E-COLLECT-REDIRECT", say("the answer redirects more than {count} times", count=MOST_REDIRECTS))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, zlib.error) as error:
        if watch.over or time.monotonic() >= watch.deadline:
            raise _too_slow(connection) from None
        if isinstance(error, httpx.TimeoutException):
            raise AnswerRefused("E-COLLECT-TIME", say("no answer for 10 seconds"), again=True) from None
        reason = connection.redacted(str(error)) or type(error).__name__
        again = isinstance(error, httpx.TransportError)
        raise AnswerRefused("E-COLLECT-ANSWER", say("there is no usable answer: {reason}", reason=reason), again=again) from None
    finally:
        timer.cancel()


def _too_slow(connection: Connection) -> AnswerRefused:
    return AnswerRefused("E-COLLECT-TIME", say("the answer was not whole after {seconds} seconds", seconds=connection.timeout_seconds))


@contextmanager
def _answer(client: httpx.Client, connection: Connection, address: str, watch: _Watch) -> Iterator[httpx.Response]:
    headers = {"accept": "application/json", "accept-encoding": "gzip, identity", "user-agent": "ancrage"}
    if connection.token:
        headers["authorization"] = f"Bearer {connection.token}"
    with client.stream("GET", address, headers=headers, extensions={"trace": watch.trace}) as answer:
        yield answer


def _next_address(connection: Connection, address: str, location: str) -> str:
    """Where a redirect leads, when it stays with the same scheme, host and port: a token goes nowhere else, and no file is opened."""
    try:
        here, there = urlsplit(address), urlsplit(urljoin(address, location))
        stays = _origin(here) == _origin(there)
    except ValueError:
        stays = False
    if not stays:
        scheme = connection.redacted(location.partition(":")[0][:20])
        message = say("the answer redirects elsewhere ({scheme}), and nothing there is read", scheme=scheme)
        raise AnswerRefused("E-COLLECT-REDIRECT", message)
    return there.geturl()


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port


def _body(connection: Connection, answer: httpx.Response, watch: _Watch) -> bytes:
    if answer.status_code != httpx.codes.OK:
        message = say("the source answers {status}", status=answer.status_code)
        raise AnswerRefused("E-COLLECT-ANSWER", message, again=answer.status_code in AGAIN)
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().casefold()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise AnswerRefused("E-COLLECT-ANSWER", say("the answer is not JSON but {kind}", kind=kind[:60] or "-"))
    unpack = _unpacker(answer.headers.get("content-encoding", "identity").strip().casefold())
    body = bytearray()
    for chunk in answer.iter_raw(CHUNK):
        body += unpack(chunk, connection.most_bytes + 1 - len(body))
        if len(body) > connection.most_bytes:
            raise AnswerRefused("E-COLLECT-SIZE", say("the answer has more than {count} bytes", count=connection.most_bytes))
        if time.monotonic() >= watch.deadline:
            raise _too_slow(connection)
    if watch.over:
        raise _too_slow(connection)
    return bytes(body)


def _unpacker(encoding: str) -> Any:
    if encoding in ("", "identity"):
        return lambda chunk, most: chunk[:most]
    if encoding == "gzip":
        return zlib.decompressobj(wbits=31).decompress  # its second argument is the most it gives
    raise AnswerRefused("E-COLLECT-ANSWER", say("the answer is packed in an unknown way ({encoding})", encoding=encoding[:40]))


def _parsed(body: bytes) -> Any:
    deep = 0
    for token in _TOKENS.finditer(body):
        sign = token.group()
        deep += (sign in (b"[", b"{")) - (sign in (b"]", b"}"))
        if deep > DEEPEST:
            raise AnswerRefused("E-COLLECT-ANSWER", say("the answer is nested more than {count} levels deep", count=DEEPEST))
    try:
        return json.loads(body.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise AnswerRefused("E-COLLECT-ANSWER", say("the answer is not well-formed JSON")) from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(word: str) -> None:
    raise ValueError(word)
