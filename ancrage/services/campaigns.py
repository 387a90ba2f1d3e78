"""Assessment campaigns: answers are given and handed in. Launching lives in `campaign_launch`, levels in `determinations`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.assessment.types import NOT_APPLICABLE, CellKey
from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.reference_model import ReferenceModel
from ancrage.errors import NotFound, Place, Problem, ProblemsFound, Refused
from ancrage.language import say
from ancrage.services.commitments import act_on_commitment
from ancrage.services.programme import current_programme
from ancrage.storage.campaigns import fetch_campaign, fetch_ratings, fetch_request, fetch_request_events, fetch_requests
from ancrage.storage.programmes import fetch_programme
from ancrage.storage.ratings import StoredAnswer, fetch_answers, save_answers
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRequestRow, CampaignRow, CampaignStatus, RequestEventKind, RequestEventRow


@dataclass(frozen=True, slots=True)
class GivenRating:
    """One answer: `value` is a code of the model's scale, or NA."""

    process: str
    practice: str
    value: str
    comment: str = ""
    place: Place | None = None
    """Where it was read, when it comes from a file."""


def rate(work: UnitOfWork, campaign_id: str, person_id: str, given: Sequence[GivenRating], at: datetime) -> int:
    """Record one person's answers; a changed answer supersedes the older one. Returns how many were new or changed.

    ProblemsFound lists every answer that cannot be taken; then none is.
    """
    campaign = open_campaign_row(work, campaign_id)
    request = asked_request(work, campaign_id, person_id)
    if request.submitted_at is not None:
        raise Refused("submitted", say("{person} has submitted; reopen the request to change answers", person=person_id))
    model = pinned_model(work, campaign)
    problems = _rating_problems(request, model, given)
    if problems:
        raise ProblemsFound(say("no answer was taken: {count} cannot be", count=len(problems)), problems)
    changed = _changed_answers(given, fetch_answers(work, campaign_id, person_id, {rating.process for rating in given}))
    if changed:
        save_answers(work, campaign_id, person_id, changed, at)
        work.record(at, person_id, "rated", f"campaign:{campaign_id}", count=len(changed))
    return len(changed)


def rating_problems(work: UnitOfWork, campaign_id: str, person_id: str, given: Sequence[GivenRating]) -> tuple[Problem, ...]:
    """What keeps each of these answers from being taken; empty when all can be. NotFound and Refused as for `rate`."""
    model = pinned_model(work, open_campaign_row(work, campaign_id))
    return tuple(_rating_problems(asked_request(work, campaign_id, person_id), model, given))


def _rating_problems(request: CampaignRequestRow, model: ReferenceModel, given: Sequence[GivenRating]) -> list[Problem]:
    asked = {tuple(cell) for cell in request.cells}
    codes = [value.code for value in model.scale] + [NOT_APPLICABLE]
    problems = []
    for rating in given:
        if (rating.process, rating.practice) not in asked:
            problems.append(Problem("E-CELL-UNKNOWN", say("{person} was not asked about practice {practice} of process {process}",
                                                          person=request.person_id, practice=rating.practice, process=rating.process),
                                    rating.place))
        if rating.value not in codes:
            problems.append(Problem("E-RATING-VALUE", say("{value} is not on the scale", value=rating.value), rating.place,
                                    hint=say("allowed: {codes}", codes=", ".join(codes))))
    return problems


def _changed_answers(given: Sequence[GivenRating], known: Mapping[CellKey, StoredAnswer]) -> dict[CellKey, StoredAnswer]:
    """The answers that say something new, with their next revision; of a cell given twice the last counts."""
    changed: dict[CellKey, StoredAnswer] = {}
    for rating in given:
        cell = CellKey(rating.process, rating.practice)
        old = known.get(cell)
        if old is None:
            changed[cell] = StoredAnswer(rating.value, rating.comment, 1)
        elif (old.value, old.comment) != (rating.value, rating.comment):
            changed[cell] = StoredAnswer(rating.value, rating.comment, old.revision + 1)
        else:
            changed.pop(cell, None)
    return changed


def submit(work: UnitOfWork, campaign_id: str, person_id: str, at: datetime, channels: Sequence[str]) -> None:
    """Hand in: the person's commitment is fulfilled. Refused with the missing cells; submitting twice changes nothing."""
    work.flush()  # answers given in the same unit of work count
    open_campaign_row(work, campaign_id)
    request = asked_request(work, campaign_id, person_id)
    if request.submitted_at is not None:
        return
    rated = {(row.process_id, row.practice_id) for row in fetch_ratings(work, campaign_id, person_id)}
    missing = [tuple(cell) for cell in request.cells if tuple(cell) not in rated]
    if missing:
        raise Refused("incomplete", say("{count} questions have no answer yet; the first is {practice} of {process}",
                                        count=len(missing), practice=missing[0][1], process=missing[0][0]))
    request.submitted_at = at
    work.session.add(request)
    number = add_request_event(work, request, RequestEventKind.SUBMITTED, person_id, at)
    programme = current_programme(work)
    action = Action(id=f"submit:{campaign_id}:{person_id}:{number}", kind=ActionKind.FULFIL, at=at, by=person_id)
    act_on_commitment(work, programme, request.commitment_id, action, channels)


def add_request_event(
    work: UnitOfWork, request: CampaignRequestRow, what: RequestEventKind, by: str, at: datetime, why: str = "",
    commitment_id: str | None = None,
) -> int:
    """Write one line of a request's history; returns its number, from 1."""
    number = len(fetch_request_events(work, request.campaign_id, request.person_id)) + 1
    work.session.add(
        RequestEventRow(
            programme_id=work.programme_id, campaign_id=request.campaign_id, person_id=request.person_id, number=number, what=what,
            at=at, by=by, why=why, commitment_id=commitment_id,
        )
    )
    work.flush()
    return number


def open_campaign_row(work: UnitOfWork, campaign_id: str) -> CampaignRow:
    """The campaign, which must still be open: NotFound, or Refused `closed` (ASM-K2)."""
    row = fetch_campaign(work, campaign_id)
    if row is None:
        raise NotFound(say("there is no campaign {campaign}", campaign=campaign_id))
    if row.status is CampaignStatus.CLOSED:
        raise Refused("closed", say("campaign {campaign} is closed and never changes (ASM-K2)", campaign=campaign_id))
    return row


def pinned_model(work: UnitOfWork, campaign: CampaignRow) -> ReferenceModel:
    """The reference model as it stood at launch (ASM-K1)."""
    programme = fetch_programme(work, campaign.declaration_version)
    if programme is None:
        raise NotFound(say("version {version} of the declarations is missing", version=campaign.declaration_version))
    return programme.reference_models[campaign.model_id]


def asked_request(work: UnitOfWork, campaign_id: str, person_id: str) -> CampaignRequestRow:
    """What one person is asked in a campaign. NotFound names who is."""
    row = fetch_request(work, campaign_id, person_id)
    if row is None:
        asked = ", ".join(request.person_id for request in fetch_requests(work, campaign_id))
        raise NotFound(say("{person} is not asked in this campaign; asked: {asked}", person=person_id, asked=asked))
    return row


def asked_of(work: UnitOfWork, campaign_id: str) -> dict[str, list[CellKey]]:
    """What each person is still asked: cells in asking order, by person id; those who have handed in are missing."""
    return {
        request.person_id: [CellKey(process, practice) for process, practice in request.cells]
        for request in fetch_requests(work, campaign_id)
        if request.submitted_at is None
    }


def pinned_model_of(work: UnitOfWork, campaign_id: str) -> ReferenceModel:
    """The reference model an open campaign rests on."""
    return pinned_model(work, open_campaign_row(work, campaign_id))
