"""Signed links: the only secret a message carries, bound to one person, one commitment and one page (ESC-A12).

A token is readable by whoever holds it and forgeable by nobody without a key. Whether it was used is a fact of the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from itsdangerous import BadData, BadSignature, URLSafeSerializer

from ancrage.language import Message, say

SHORTEST_KEY = 32
LONGEST_TOKEN = 2000


class Page(StrEnum):
    """What a link opens; also the salt, so that a link to one page is a forgery on any other."""

    COMMITMENT = "commitment"
    PERSON = "person"
    SIGN_IN = "sign_in"


class LinkFault(StrEnum):
    """Why a link opens nothing."""

    FORGED = "forged"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class LinkKeys:
    """Signing keys, oldest first: the last one signs, all of them are accepted. Rotate by adding one; forget by removing the first."""

    keys: tuple[str, ...] = field(repr=False)

    def __post_init__(self) -> None:
        if not self.keys or any(len(key) < SHORTEST_KEY for key in self.keys):
            raise ValueError(f"link keys need at least one key, each of at least {SHORTEST_KEY} characters")


@dataclass(frozen=True, slots=True)
class LinkClaims:
    """What a link says: who may act, on what, from when to when. Instants are aware UTC, to the second; `expires` is excluded."""

    page: Page
    person: str
    subject: str
    """Commitment id for `Page.COMMITMENT`; empty for `Page.PERSON`; for `Page.SIGN_IN` the id of the link, which works once."""
    issued: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class LinkRefused:
    """A link that opens nothing, and what to tell its holder. `claims` is known for an expired link: its signature was right."""

    code: LinkFault
    message: Message
    claims: LinkClaims | None = None


def sign_link(keys: LinkKeys, claims: LinkClaims) -> str:
    """The token of `claims`, safe in an address. Equal claims and keys give equal tokens."""
    fields = [claims.person, claims.subject, int(claims.issued.timestamp()), int(claims.expires.timestamp())]
    token = _serializer(keys, claims.page).dumps(fields)
    return token if isinstance(token, str) else token.decode("ascii")


def read_link(keys: LinkKeys, token: str, page: Page, now: datetime) -> LinkClaims | LinkRefused:
    """The claims of a token made for `page` by `sign_link`, or why it opens nothing. `now` is the instant of the request."""
    forged = LinkRefused(LinkFault.FORGED, say("This link was not made here, or a part of it is missing."))
    if len(token) > LONGEST_TOKEN:
        return forged
    try:
        claims = _claims(page, _serializer(keys, page).loads(token))
    except (BadSignature, BadData, ValueError, TypeError, OverflowError):
        return forged
    if now >= claims.expires:
        expired = say("This link has expired; a newer message about the same request has one that works.")
        return LinkRefused(LinkFault.EXPIRED, expired, claims)
    return claims


def _serializer(keys: LinkKeys, page: Page) -> URLSafeSerializer:
    # Not the timed serializer of the library: it reads the clock by itself.
    secrets: Sequence[str] = keys.keys
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(list(secrets), salt=f"ancrage.link.{page.value}", signer_kwargs=options)


def _claims(page: Page, fields: Sequence[object]) -> LinkClaims:
    person, subject, issued, expires = fields
    return LinkClaims(page, str(person), str(subject), _instant(issued), _instant(expires))


def _instant(seconds: object) -> datetime:
    return datetime.fromtimestamp(int(str(seconds)), UTC)
