"""What every request passes before a page sees it: known host, bounded size, no unsafe method from another site; and the headers
that every answer carries. Plain ASGI, so that nothing is read before it is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ancrage.exchange.answer_workbook.package import LARGEST_FILE
from ancrage.language import Message as Sentence
from ancrage.language import say
from ancrage.services.evidence import LARGEST_FILE as LARGEST_EVIDENCE

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
LONGEST_BODY = 64 * 1024
LONGEST_ANSWERS = 2 * 1024**2
"""Bytes of a page of answers: many questions, each with a comment."""
UPLOADS = (
    (re.compile(r"/p/[^/]+/answers\Z"), LARGEST_FILE + LONGEST_BODY),
    (re.compile(r"/p/[^/]+/campaigns/[^/]+\Z"), LONGEST_ANSWERS),
    (re.compile(r"/p/[^/]+/campaigns/[^/]+/evidence\Z"), LARGEST_EVIDENCE + LONGEST_BODY),
)
"""Paths that take a file or many answers, with the bytes a form of theirs may have."""
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}

RefusalPage = Callable[[Request, int, Sentence], Response]


@dataclass(frozen=True, slots=True)
class Protection:
    """The guard in front of an application. `hosts` are the names it answers to, without port; `page` shows a refusal."""

    app: ASGIApp
    hosts: frozenset[str]
    page: RefusalPage

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        guarded = GuardedSend(send)
        refusal = self._refusal(Headers(scope=scope), scope["method"], longest_body(scope["path"]))
        if refusal is not None:
            await self.page(Request(scope), *refusal)(scope, receive, guarded)
            return
        try:
            await self.app(scope, receive, guarded)
        except Exception:
            if not guarded.started:
                await self.page(Request(scope), 500, say("Something went wrong here."))(scope, receive, guarded)
            raise  # the server logs it

    def _refusal(self, headers: Headers, method: str, longest: int) -> tuple[int, Sentence] | None:
        if _host_name(headers.get("host", "")) not in self.hosts:
            # A page of another name that was made to point here must not read ours (DNS rebinding).
            return 400, say("These pages answer at the address that the settings name ([web] url), and at no other.")
        if method in SAFE_METHODS:
            return None
        if not is_same_site(headers):
            return 403, say("This request comes from another site. Open the link of your message, and use the buttons of the page.")
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or int(length) > longest:
            return 413, say("This form is too large to be one of ours.")
        return None


def longest_body(path: str) -> int:
    """Bytes that a form sent to this path may have."""
    return next((longest for pattern, longest in UPLOADS if pattern.match(path)), LONGEST_BODY)


def is_same_site(headers: Headers) -> bool:
    """Whether an unsafe request was sent by one of our own pages, or by a program that is no browser.

    Browsers say so in `Sec-Fetch-Site`; older ones send `Origin`. Neither: no browser, and nothing a foreign page could abuse.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or (urlsplit(origin).netloc == headers.get("host") and origin != "null")


def allowed_hosts(web_url: str) -> frozenset[str]:
    """The names these pages answer to: this machine's own, and that of the configured address."""
    return LOOPBACK_HOSTS | {_host_name(urlsplit(web_url).netloc)}


def _host_name(netloc: str) -> str:
    name, _, port = netloc.rpartition(":")
    return (name if name and port.isdecimal() else netloc).lower()


@dataclass(slots=True)
class GuardedSend:
    """Puts the security headers on an answer where a page has not set its own."""

    send: Send
    started: bool = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
        await self.send(message)
