"""What earlier cycles knew of the cells of a campaign: proposed to be confirmed, with its age and its evidence (ASM-K3, K9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from ancrage.domain.anchoring.verdict import State
from ancrage.domain.assessment.carry_over import CarriedRating, PastRating, carry_over
from ancrage.domain.assessment.types import CellKey
from ancrage.domain.programme import Programme
from ancrage.domain.reference_model import ReferenceModel
from ancrage.services.anchoring_watch import local_day
from ancrage.services.evidence import evidence_behind
from ancrage.storage.campaigns import fetch_agreed, fetch_campaigns
from ancrage.storage.indicators import fetch_verdicts
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignStatus


@dataclass(frozen=True, slots=True)
class Carried:
    """What is proposed for one cell. `campaign` is the cycle it comes from; `relapsed` names the fading indicator of its process."""

    rating: CarriedRating
    campaign: str
    relapsed: str | None = None

    @property
    def stands(self) -> bool:
        """It may stand without asking again (ASM-K10): its evidence has not expired, there is some, and nothing fades (ASM-K9)."""
        return bool(self.rating.evidence) and self.rating.still_valid and self.relapsed is None


def carried_for(
    work: UnitOfWork, programme: Programme, model: ReferenceModel, cells: Iterable[CellKey], at: datetime, before: str | None = None
) -> Mapping[CellKey, Carried]:
    """The last agreed value of each cell in closed cycles of the same reference model, by cell; cells nobody rated are missing.

    `before` leaves out that campaign and those opened after it. Ages are counted at `at`, in the programme's own zone.
    """
    today = local_day(programme, at)
    past, sources = _past(work, programme, model, before)
    fading = _fading_processes(work, programme)
    known = {practice.id for area in model.areas for practice in area.practices}
    wanted = [cell for cell in cells if cell.practice in known]
    return {
        rating.cell: Carried(rating, sources[rating.cell], fading.get(rating.cell.process))
        for rating in carry_over(past, wanted, today).proposed
    }


def _past(
    work: UnitOfWork, programme: Programme, model: ReferenceModel, before: str | None
) -> tuple[list[PastRating], dict[CellKey, str]]:
    """Agreed values of closed cycles, oldest first, and the cycle each cell's last one comes from."""
    past: list[PastRating] = []
    sources: dict[CellKey, str] = {}
    for campaign in fetch_campaigns(work):
        if campaign.id == before:
            break
        if campaign.status is not CampaignStatus.CLOSED or campaign.model_id != model.id or campaign.closed_at is None:
            continue
        evidence = evidence_behind(work, campaign.id)
        closed_on = local_day(programme, campaign.closed_at)
        for row in fetch_agreed(work, campaign.id):
            if row.value is not None:
                cell = CellKey(row.process_id, row.practice_id)
                past.append(PastRating(cell, row.value, _day(programme, row.agreed_at, closed_on), evidence.get(cell, ())))
                sources[cell] = campaign.id
    return past, sources


def _day(programme: Programme, agreed_at: datetime, closed_on: date) -> date:
    return min(local_day(programme, agreed_at), closed_on)


def _fading_processes(work: UnitOfWork, programme: Programme) -> dict[str, str]:
    """Processes of which an indicator is eroding, with that indicator (ASM-K9)."""
    found: dict[str, str] = {}
    for indicator in programme.indicators.values():
        if indicator.process is None:
            continue
        verdicts = fetch_verdicts(work, indicator.id)
        if verdicts and verdicts[-1].state == State.ERODING.value:
            found.setdefault(indicator.process, indicator.id)
    return found
