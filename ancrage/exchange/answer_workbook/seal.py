"""The signed part of an answer workbook: for whom it was written, what was asked, and which answers were known then.

A seal says where a workbook comes from; it cannot say who filled it in. Whoever has the file can read it and nobody without a key of the
project can make one. It has no end: a closed campaign refuses answers by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from itsdangerous import BadData, URLSafeSerializer

from ancrage.notices.links import LinkKeys

SALT = "ancrage.workbook.answers"


@dataclass(frozen=True, slots=True)
class SealedRequest:
    """One request of the workbook: its sheet, the fingerprint of what is asked, and the revision of each answer in asking order."""

    campaign: str
    sheet: str
    fingerprint: str
    revisions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """What a workbook was made for. `written_at` is aware UTC, to the second."""

    programme: str
    person: str
    language: str
    written_at: datetime
    requests: tuple[SealedRequest, ...]


def sign_seal(keys: LinkKeys, seal: Seal) -> str:
    """The seal as text of letters, digits, `-`, `_` and `.`; equal seals and keys give equal texts."""
    requests = [[it.campaign, it.sheet, it.fingerprint, _run_lengths(it.revisions)] for it in seal.requests]
    token = _serializer(keys).dumps([seal.programme, seal.person, seal.language, int(seal.written_at.timestamp()), requests])
    return token if isinstance(token, str) else token.decode("ascii")


def read_seal(keys: LinkKeys, token: str) -> Seal | None:
    """The seal behind a text made by `sign_seal` with one of these keys; None for anything else."""
    try:
        programme, person, language, seconds, requests = _serializer(keys).loads(token)
        return Seal(
            str(programme), str(person), str(language), datetime.fromtimestamp(int(seconds), UTC),
            tuple(SealedRequest(str(it[0]), str(it[1]), str(it[2]), tuple(_spread(it[3]))) for it in requests),
        )  # fmt: skip
    except (BadData, ValueError, TypeError, IndexError, OverflowError):
        return None


def _serializer(keys: LinkKeys) -> URLSafeSerializer:
    options = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(list(keys.keys), salt=SALT, signer_kwargs=options)


def _run_lengths(revisions: Sequence[int]) -> list[list[int]]:
    return [[revision, len(list(run))] for revision, run in groupby(revisions)]


def _spread(runs: Sequence[Sequence[int]]) -> list[int]:
    return [int(revision) for revision, count in runs for _ in range(int(count))]
