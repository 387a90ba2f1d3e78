"""Who is in front of a page: the session in a cookie, and which pages ask for one.

The cookie holds the secret of the session and the instant it was last seen, signed with the keys of the links. So a page that is only
looked at writes nothing into the database, and a session that nobody uses ends by itself.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from itsdangerous import BadData, URLSafeSerializer
from starlette.responses import Response

from ancrage.errors import AncrageError, Refused
from ancrage.language import say
from ancrage.notices.links import LinkClaims, LinkKeys, Page, read_link
from ancrage.services.access import Visitor, find_visitor
from ancrage.settings import Settings
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.protection import SAFE_METHODS

COOKIE = "ancrage_session"
IDLE = timedelta(days=2)
"""A session that has shown no page for so long has ended."""
SEEN_ANEW_AFTER = timedelta(minutes=10)
LONGEST_COOKIE = 500


class SignInNeededError(AncrageError):
    """The page is for people who are known, and nobody is signed in."""

    def __init__(self) -> None:
        super().__init__(say("Please sign in."))


def asks_for_sign_in(settings: Settings, listens_on: str) -> bool:
    """Whether the pages for everybody want to know who is there. Undecided settings: where another machine can reach them."""
    if settings.sign_in == "auto":
        return not (_is_this_machine(urlsplit(settings.web_url).hostname or "") and _is_this_machine(listens_on))
    return settings.sign_in == "required"


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def visitor_of(request: Request, project: Annotated[ProjectLike, Depends(project_of)]) -> Visitor | None:
    """Who is signed in, or None; kept for the frame of the page."""
    request.state.open_to_all = not request.app.state.asks_for_sign_in
    now = project.now()
    read = _read(project.link_keys, request.cookies.get(COOKIE, ""), now)
    if read is None:
        return None
    secret, seen = read
    with project.reading() as work:
        visitor = find_visitor(work, secret, now)
    request.state.visitor = visitor
    if visitor is not None and now - seen > SEEN_ANEW_AFTER:
        request.state.cookie = write_cookie(project.link_keys, secret, now)
    return visitor


def known_visitor(request: Request, visitor: Annotated[Visitor | None, Depends(visitor_of)]) -> None:
    """The guard of pages for everybody who is known. SignInNeededError where signing in is asked for and nobody is."""
    if visitor is None and request.app.state.asks_for_sign_in:
        raise SignInNeededError


def own_link(request: Request, project: Annotated[ProjectLike, Depends(project_of)]) -> None:
    """The guard of pages behind a link: who is signed in as somebody else may look, and presses no button in the other's name (ESC-A12).

    Refused (`not_yours`). Without a session, the link alone says who is there.
    """
    if request.method in SAFE_METHODS:
        return
    now, token = project.now(), request.path_params.get("token", "")
    read = _read(project.link_keys, request.cookies.get(COOKIE, ""), now)
    owners = {claims.person for page in Page if isinstance(claims := read_link(project.link_keys, token, page, now), LinkClaims)}
    if read is None or not owners:
        return
    with project.reading() as work:
        visitor = find_visitor(work, read[0], now)
    if visitor is not None and visitor.reader.person_id not in owners:
        raise Refused("not_yours", say("This link is somebody else’s, and you are signed in: nothing was changed."))


def write_cookie(keys: LinkKeys, secret: str, now: datetime) -> str:
    """The value of the cookie of a session seen at `now`."""
    value = _serializer(keys).dumps([secret, int(now.timestamp())])
    return value if isinstance(value, str) else value.decode("ascii")


def _read(keys: LinkKeys, cookie: str, now: datetime) -> tuple[str, datetime] | None:
    if not cookie or len(cookie) > LONGEST_COOKIE:
        return None
    try:
        secret, seconds = _serializer(keys).loads(cookie)
        seen = datetime.fromtimestamp(int(seconds), UTC)
    except (BadData, ValueError, TypeError, OverflowError):
        return None
    return (str(secret), seen) if now - seen < IDLE else None


def _serializer(keys: LinkKeys) -> URLSafeSerializer:
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(list(keys.keys), salt="ancrage.session", signer_kwargs=options)


def keep_visitor(request: Request, response: Response) -> None:
    """Put the cookie of a session that was just seen on its answer."""
    cookie = getattr(request.state, "cookie", None)
    if cookie is not None:
        set_cookie(request, response, cookie)


def set_cookie(request: Request, response: Response, value: str) -> None:
    """The cookie of a session: for our pages only, out of reach of scripts, and never in clear where our address is https."""
    settings: Settings = request.app.state.project.settings
    secure = request.url.scheme == "https" or settings.web_url.startswith("https://")
    response.set_cookie(COOKIE, value, max_age=int(IDLE.total_seconds()), path="/", httponly=True, samesite="lax", secure=secure)
