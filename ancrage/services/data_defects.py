"""What keeps readings from being taken, told to the owner once: one open commitment to repair it per cause."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import WorkingDays
from ancrage.language import Message, say
from ancrage.services.commitments import ENGINE, NewCommitment, act_on_commitment, open_commitment
from ancrage.storage.codec import pack_message
from ancrage.storage.collecting import fetch_open_defects
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.unit_of_work import UnitOfWork
from models.collecting import DataDefectRow
from models.commitments import CommitmentKind

REPAIR_BUDGET = WorkingDays(3)
"""How long the owner has to repair data, as for a late reading."""


class DefectKind(StrEnum):
    """What is wrong: a file that cannot be taken, one that came before, one that never becomes ready, one nobody waits for, a source."""

    REFUSED = "refused"
    AGAIN = "again"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Defect:
    """One cause. `origin` is the file or the source; `indicator_id` says whose owner is told, None: the steward of the programme."""

    kind: DefectKind
    origin: str
    indicator_id: str | None
    message: Message


@dataclass(slots=True)
class Ledger:
    """The open defects of one unit of work: what is told already, and what is over."""

    work: UnitOfWork
    programme: Programme
    as_of: datetime
    channels: Sequence[str]
    told: int = 0
    _open: dict[tuple[str, str, str | None], DataDefectRow] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in fetch_open_defects(self.work):
            known = fetch_commitment(self.work, row.commitment_id) if row.commitment_id else None
            if known is not None and known.result is not None:
                self._end(row)  # somebody said that it is repaired
            else:
                self._open[row.kind, row.origin, row.indicator_id] = row

    def tell(self, defect: Defect) -> bool:
        """Open the commitment of a cause; False when it is open already."""
        key = (defect.kind.value, defect.origin, defect.indicator_id)
        if key in self._open:
            return False
        name = hashlib.sha256("\x1f".join((*key[:2], key[2] or "")).encode()).hexdigest()[:16]
        row = DataDefectRow(
            programme_id=self.work.programme_id, id=f"{name}@{self.as_of:%Y%m%dT%H%M%SZ}", kind=defect.kind.value,
            origin=defect.origin[:400], indicator_id=defect.indicator_id, since=self.as_of, message=pack_message(defect.message),
        )
        row.commitment_id = self._ask(row, defect)
        self.work.session.add(row)
        self.work.flush()
        self._open[key] = row
        self.told += 1
        return True

    def _ask(self, row: DataDefectRow, defect: Defect) -> str | None:
        defaults, indicator = self.programme.defaults, self.programme.indicators.get(defect.indicator_id or "")
        title = (
            say("Repair the data of “{indicator}”: {what}", indicator=indicator.name, what=defect.message) if indicator
            else say("Repair data that no indicator waits for: {what}", what=defect.message)
        )  # fmt: skip
        new = NewCommitment(
            id=f"repair:{row.id}", kind=CommitmentKind.READING, title=title.label(), event_id=f"repair:{row.id}",
            responsible=indicator.owner if indicator else self.programme.steward, calendar=defaults.calendar, budget=REPAIR_BUDGET,
            policy=self.programme.policies[defaults.reading],
            subject={"defect": row.id, **({"indicator": indicator.id} if indicator else {})},
        )
        opened = open_commitment(self.work, self.programme, new, self.as_of)
        return opened.id if opened else None

    def over(self, kinds: Iterable[DefectKind], origin: str) -> None:
        """End the defects of these kinds of one file or source; their commitments are fulfilled."""
        for kind, where, indicator_id in list(self._open):
            if kind in set(kinds) and where == origin:
                self._finish(self._open.pop((kind, where, indicator_id)))

    def over_unless(self, kind: DefectKind, origins: Iterable[str]) -> None:
        """End the defects of a kind whose file is not among `origins` any more."""
        for where in {where for known, where, _ in self._open if known == kind} - set(origins):
            self.over((kind,), where)

    def _finish(self, row: DataDefectRow) -> None:
        self._end(row)
        if row.commitment_id is not None:
            action = Action(id=f"repaired:{row.id}", kind=ActionKind.FULFIL, at=self.as_of, by=ENGINE, reason="data_came")
            act_on_commitment(self.work, self.programme, row.commitment_id, action, self.channels)

    def _end(self, row: DataDefectRow) -> None:
        row.closed_at = self.as_of
        self.work.session.add(row)
