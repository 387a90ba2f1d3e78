"""What one person is asked: every question in the words it is answered in, with what an earlier cycle knew of it (ASM-K3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.assessment.types import CellKey
from ancrage.domain.programme import Programme
from ancrage.domain.reference_model import Attribution, Practice, ScaleValue
from ancrage.errors import NotFound
from ancrage.language import Label, say
from ancrage.services.campaign_requests import RequestEvent, history_of_request
from ancrage.services.campaign_views import existing_campaign, person_name, practices_of, process_name
from ancrage.services.campaigns import pinned_model
from ancrage.services.carried import Carried, carried_for
from ancrage.services.programme import current_programme
from ancrage.services.status import CampaignView, view_campaign
from ancrage.storage.campaigns import fetch_campaigns, fetch_ratings, fetch_request
from ancrage.storage.evidence import fetch_evidence_uses
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRow, RatingRow


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """What an earlier cycle agreed on, to be confirmed. `evidence` are ids of pieces that still stand, `expired` of those that do not;
    `fading` names the indicator whose erosion makes the answer doubtful (ASM-K9)."""

    value: str
    campaign: str
    age_days: int
    evidence: tuple[str, ...]
    expired: tuple[str, ...]
    fading: str | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question to one person, with the answer given so far (None: none yet). `scale`: in the words of its own answer set."""

    process: str
    process_name: Label
    area_name: Label
    practice: str
    practice_name: Label
    question: Label
    guidance: Label
    scale: tuple[ScaleValue, ...]
    value: str | None
    comment: str
    evidence: tuple[str, ...]
    earlier: EarlierAnswer | None
    revision: int = 0
    """How often it has been answered."""


@dataclass(frozen=True, slots=True)
class RequestView:
    """What one person is asked in one campaign. `attribution` is printed wherever the questions are shown."""

    campaign: CampaignView
    person: str
    name: str
    scale: tuple[ScaleValue, ...]
    questions: tuple[QuestionView, ...]
    minutes: float
    submitted_at: datetime | None
    attribution: Attribution | None
    history: tuple[RequestEvent, ...]

    @property
    def unanswered(self) -> int:
        return sum(question.value is None for question in self.questions)


def requests_of(work: UnitOfWork, person_id: str, campaign_id: str | None = None) -> tuple[RequestView, ...]:
    """What a person is asked: in one campaign, or in every open one, so that they travel together (ASM-K10). NotFound: unknown person."""
    programme = current_programme(work)
    if person_id not in programme.organisation.people:
        raise NotFound(say("there is no person {person}", person=person_id))
    rows: Sequence[CampaignRow] = [existing_campaign(work, campaign_id)] if campaign_id else fetch_campaigns(work, only_open=True)
    views = (_request_view(work, programme, row, person_id) for row in rows)
    return tuple(view for view in views if view is not None)


def _request_view(work: UnitOfWork, programme: Programme, row: CampaignRow, person_id: str) -> RequestView | None:
    request = fetch_request(work, row.id, person_id)
    if request is None:
        return None
    model = pinned_model(work, row)
    practices = practices_of(model)
    cells = [CellKey(*cell) for cell in request.cells]
    given = {CellKey(rating.process_id, rating.practice_id): rating for rating in fetch_ratings(work, row.id, person_id)}
    earlier = carried_for(work, programme, model, cells, row.opened_at, before=row.id)
    evidence = _evidence(work, row.id)
    areas = {practice.id: area.name for area in model.areas for practice in area.practices}
    questions = tuple(
        _question(programme, cell, practices[cell.practice], areas[cell.practice], model.scale_of(practices[cell.practice]),
                  given.get(cell), evidence.get(cell, ()), earlier.get(cell))
        for cell in cells
    )  # fmt: skip
    return RequestView(
        campaign=view_campaign(work, programme, row),
        person=person_id,
        name=person_name(programme, person_id),
        scale=model.scale,
        questions=questions,
        minutes=sum(practices[cell.practice].minutes for cell in cells),
        submitted_at=request.submitted_at,
        attribution=model.attribution,
        history=history_of_request(work, row.id, person_id),
    )


def _evidence(work: UnitOfWork, campaign_id: str) -> Mapping[CellKey, tuple[str, ...]]:
    found: dict[CellKey, tuple[str, ...]] = {}
    for use in fetch_evidence_uses(work, campaign_id=campaign_id):
        cell = CellKey(use.process_id, use.practice_id)
        found[cell] = (*found.get(cell, ()), use.evidence_id)
    return found


def _question(
    programme: Programme, cell: CellKey, practice: Practice, area: Label, scale: tuple[ScaleValue, ...], rating: RatingRow | None,
    evidence: tuple[str, ...], earlier: Carried | None,
) -> QuestionView:
    return QuestionView(
        process=cell.process, process_name=process_name(programme, cell.process), area_name=area, practice=cell.practice,
        practice_name=practice.name, question=practice.question, guidance=practice.guidance, scale=scale,
        value=rating.value if rating else None, comment=rating.comment if rating else "", evidence=evidence,
        earlier=_earlier(earlier) if earlier else None, revision=rating.revision if rating else 0,
    )


def _earlier(carried: Carried) -> EarlierAnswer:
    pieces = carried.rating.evidence
    return EarlierAnswer(
        value=carried.rating.value, campaign=carried.campaign, age_days=carried.rating.age_days,
        evidence=tuple(piece.id for piece in pieces if not piece.expired), expired=tuple(piece.id for piece in pieces if piece.expired),
        fading=carried.relapsed,
    )
