"""What the last cycle knew, proposed to the next one: always to confirm, never taken over in silence (ASM-K3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ancrage.domain.assessment.types import CellKey

TO_CONFIRM = "to_confirm"


@dataclass(frozen=True, slots=True)
class PastEvidence:
    """A piece of evidence by its id, the day it dates from, and the last day it is good for (None: no expiry)."""

    id: str
    dated: date
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class PastRating:
    """An agreed value of a closed cycle: a scale code or `NA`, never None."""

    cell: CellKey
    value: str
    agreed_on: date
    evidence: tuple[PastEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class CarriedEvidence:
    """Evidence with its age in days; `expired` evidence is shown and must be renewed."""

    id: str
    age_days: int
    expired: bool


@dataclass(frozen=True, slots=True)
class CarriedRating:
    """A proposal for a cell of the new cycle; `status` is always "to_confirm"."""

    cell: CellKey
    value: str
    age_days: int
    evidence: tuple[CarriedEvidence, ...]
    status: str = TO_CONFIRM

    @property
    def still_valid(self) -> bool:
        """True when none of its evidence has expired: the answer may stand without asking again (ASM-K10)."""
        return not any(piece.expired for piece in self.evidence)


@dataclass(frozen=True, slots=True)
class CarryOver:
    """`proposed` in the order of the new scope, `dropped` past cells it no longer has, `fresh` cells nobody rated before."""

    proposed: tuple[CarriedRating, ...]
    dropped: tuple[CellKey, ...]
    fresh: tuple[CellKey, ...]


def carry_over(past: Iterable[PastRating], scope: Iterable[CellKey], as_of: date) -> CarryOver:
    """Propose the last rating of each cell in scope with its evidence and its age; of several ratings of a cell the latest counts."""
    latest: dict[CellKey, PastRating] = {}
    for rating in sorted(past, key=lambda rating: rating.agreed_on):
        latest[rating.cell] = rating
    cells = list(dict.fromkeys(scope))
    return CarryOver(
        proposed=tuple(_carried(latest[cell], as_of) for cell in cells if cell in latest),
        dropped=tuple(sorted(latest.keys() - set(cells))),
        fresh=tuple(cell for cell in cells if cell not in latest),
    )


def _carried(rating: PastRating, as_of: date) -> CarriedRating:
    evidence = tuple(
        CarriedEvidence(piece.id, (as_of - piece.dated).days, piece.expires is not None and piece.expires < as_of)
        for piece in rating.evidence
    )
    return CarriedRating(rating.cell, rating.value, (as_of - rating.agreed_on).days, evidence)
