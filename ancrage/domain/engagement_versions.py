"""Which version of a contract holds: proposed, in force from the last signature on, superseded by the next one, or withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class VersionState(StrEnum):
    """Where a version of a contract stands."""

    PROPOSED = "proposed"      # signatures are missing
    IN_FORCE = "in_force"      # signed by every party, and by nothing newer replaced
    SUPERSEDED = "superseded"  # was in force until a newer one was signed by all
    WITHDRAWN = "withdrawn"    # taken back before every party had signed


@dataclass(frozen=True, slots=True)
class ContractVersion:
    """One version as its facts tell: numbers count from 1. `parties` are role ids, `signed` their instants of signature by role id."""

    contract: str
    number: int
    fingerprint: str
    parties: tuple[str, ...]
    proposed_at: datetime
    proposed_by: str
    declaration_version: int
    signed: Mapping[str, datetime] = field(default_factory=dict)
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""

    @property
    def missing(self) -> tuple[str, ...]:
        """Role ids of the parties whose signature is missing, in the order of the contract."""
        return tuple(role for role in self.parties if role not in self.signed)

    @property
    def complete_at(self) -> datetime | None:
        """The instant of the last signature; None while one is missing or when it was withdrawn before."""
        if self.missing or self.withdrawn_at is not None:
            return None
        return max(self.signed[role] for role in self.parties)


def in_force(versions: Iterable[ContractVersion]) -> ContractVersion | None:
    """Of the versions of one contract, the newest that every party has signed; None: the contract is not in force.

    Signatures of a version keep it in force until the next one is signed by all (product.md B, amended by version).
    """
    signed = [version for version in versions if version.complete_at is not None]
    return max(signed, key=lambda version: version.number, default=None)


def proposed(versions: Iterable[ContractVersion]) -> ContractVersion | None:
    """Of the versions of one contract, the one that waits for signatures; None when there is none. At most one does."""
    known = list(versions)
    holds = in_force(known)
    waiting = [version for version in known if version.missing and version.withdrawn_at is None]
    newest = max(waiting, key=lambda version: version.number, default=None)
    return newest if newest is not None and (holds is None or newest.number > holds.number) else None


def state_of(version: ContractVersion, versions: Iterable[ContractVersion]) -> VersionState:
    """Where `version` stands among all those of its contract."""
    known = list(versions)
    holds = in_force(known)
    if version.withdrawn_at is not None:
        return VersionState.WITHDRAWN
    if holds is not None and holds.number == version.number:
        return VersionState.IN_FORCE
    return VersionState.PROPOSED if version == proposed(known) else VersionState.SUPERSEDED
