"""Assessment campaigns: launch, ask, collect. What is determined from the answers lives in `determinations`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from ancrage.domain.assessment.types import NOT_APPLICABLE, CellKey
from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.organisation import PERSON_PREFIX
from ancrage.domain.process_map import Process
from ancrage.domain.programme import Programme
from ancrage.domain.reference_model import ReferenceModel
from ancrage.domain.working_time import DueDate
from ancrage.errors import NotFound, Place, Problem, ProblemsFound, Refused
from ancrage.language import Label, say
from ancrage.services.commitments import NewCommitment, act_on_commitment, open_commitment
from ancrage.services.programme import current_programme
from ancrage.storage.campaigns import fetch_campaign, fetch_campaigns, fetch_ratings, fetch_request, fetch_request_events, fetch_requests
from ancrage.storage.programmes import fetch_programme, fetch_version
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRequestRow, CampaignRow, CampaignStatus, RatingRow, RequestEventKind, RequestEventRow
from models.commitments import CommitmentKind


class Respondents(StrEnum):
    """Who of the map answers for a process."""

    OWNER = "owner"
    DEPUTY = "deputy"
    RESPONSIBLE = "responsible"


@dataclass(frozen=True, slots=True)
class CampaignPlan:
    """A campaign to launch. `due_on` is when answers are asked for, `closes_on` when it closes at the latest (both included).

    `targets` are capability levels: by practice area id, or `*` for every other area.
    """

    id: str
    name: Label
    model_id: str
    scope: tuple[str, ...]
    due_on: date
    closes_on: date
    targets: Mapping[str, int] = field(default_factory=dict)
    respondents: tuple[Respondents, ...] = (Respondents.OWNER,)


def open_campaign(work: UnitOfWork, plan: CampaignPlan, by: str, at: datetime) -> CampaignRow:
    """Launch a campaign: pin what it rests on (ASM-K1) and ask each person, as one commitment per person.

    Launching the same id again gives the campaign that exists. ProblemsFound when the plan cannot run, with every reason.
    """
    known = fetch_campaign(work, plan.id)
    if known is not None:
        return known
    programme = current_programme(work)
    _check_plan(programme, plan)
    model = programme.reference_models[plan.model_id]
    asked = cells_by_person(programme, model, plan.scope, plan.respondents, at)
    _check_respondents(programme, plan, asked)
    row = _campaign_row(work, programme, plan, model, by, at)
    work.session.add(row)
    work.flush()
    for person, cells in asked.items():
        _ask(work, programme, plan, person, cells, at)
    work.flush()
    work.record(
        at, by, "campaign_opened", f"campaign:{plan.id}", model=plan.model_id, scope=list(plan.scope), people=sorted(asked),
        cells=sum(len(cells) for cells in asked.values()),
    )
    return row


def _campaign_row(
    work: UnitOfWork, programme: Programme, plan: CampaignPlan, model: ReferenceModel, by: str, at: datetime
) -> CampaignRow:
    version = fetch_version(work)
    if version is None:
        raise NotFound(say("nothing has been applied yet; run `ancrage apply` first"))
    previous = [row.id for row in fetch_campaigns(work) if row.model_id == plan.model_id and row.status is CampaignStatus.CLOSED]
    return CampaignRow(
        programme_id=work.programme_id, id=plan.id, name_fr=plan.name.fr, name_en=plan.name.en, model_id=plan.model_id,
        declaration_version=version.version, pins=_pins(programme, model, plan.scope), scope=list(plan.scope),
        targets=dict(plan.targets), opened_at=at, opened_by=by, due_on=plan.due_on, closes_on=plan.closes_on,
        status=CampaignStatus.OPEN, previous_id=previous[-1] if previous else None,
    )


def _pins(programme: Programme, model: ReferenceModel, scope: Sequence[str]) -> dict[str, str]:
    """Fingerprints of what the campaign rests on (ASM-K1)."""
    owners = {process: programme.processes[process].owner for process in scope}
    people = hashlib.sha256(json.dumps(owners, sort_keys=True).encode()).hexdigest()
    return {"declarations": programme.fingerprint, "model": model.fingerprint, "method": model.method, "people": people}


def _check_plan(programme: Programme, plan: CampaignPlan) -> None:
    problems = []
    if plan.model_id not in programme.reference_models:
        known = ", ".join(programme.reference_models)
        problems.append(Problem("E-MODEL-UNKNOWN", say("reference model {model} is not declared", model=plan.model_id),
                                hint=say("declared: {known}", known=known)))
    problems += [
        Problem("E-PROCESS-UNKNOWN", say("process {process} is not declared", process=process))
        for process in plan.scope
        if process not in programme.processes
    ]
    if not plan.scope:
        problems.append(Problem("E-SCOPE-EMPTY", say("the scope of the campaign names no process")))
    if plan.closes_on < plan.due_on:
        problems.append(Problem("E-DATES", say("the campaign closes on {closes}, before answers are due on {due}",
                                               closes=plan.closes_on, due=plan.due_on)))
    if problems:
        raise ProblemsFound(say("campaign {campaign} cannot be launched", campaign=plan.id), problems)


def _check_respondents(programme: Programme, plan: CampaignPlan, asked: Mapping[str, Sequence[CellKey]]) -> None:
    covered = {cell.process for cells in asked.values() for cell in cells}
    problems = [
        Problem("E-NO-RESPONDENT", say("nobody can answer for process {process}", process=programme.processes[process].name),
                hint=say("name an owner, or choose other respondents"))
        for process in plan.scope
        if process not in covered and programme.reference_models[plan.model_id].areas_for(process)
    ]
    if problems:
        raise ProblemsFound(say("campaign {campaign} cannot be launched", campaign=plan.id), problems)


def cells_by_person(
    programme: Programme, model: ReferenceModel, scope: Iterable[str], respondents: Sequence[Respondents], at: datetime
) -> dict[str, list[CellKey]]:
    """What each person would be asked: cells in the order of scope and model, by person id in order of first mention."""
    asked: dict[str, list[CellKey]] = {}
    for process_id in scope:
        process = programme.processes[process_id]
        cells = [CellKey(process_id, practice.id) for area in model.areas_for(process_id) for practice in area.practices]
        for person in _people_of(programme, process, respondents, at):
            if cells:
                asked.setdefault(person, []).extend(cells)
    return asked


def _people_of(programme: Programme, process: Process, respondents: Sequence[Respondents], at: datetime) -> list[str]:
    roles = {
        Respondents.OWNER: (process.owner,),
        Respondents.DEPUTY: (process.deputy,),
        Respondents.RESPONSIBLE: process.performers.responsible,
    }
    wanted = [role for kind in respondents for role in roles[kind] if role]
    holders = (programme.organisation.holder(role, at) for role in wanted)
    return list(dict.fromkeys(person for person in holders if person))


def _ask(
    work: UnitOfWork, programme: Programme, plan: CampaignPlan, person: str, cells: Sequence[CellKey], at: datetime
) -> None:
    defaults = programme.defaults
    commitment_id = f"{plan.id}/{person}"
    open_commitment(
        work, programme,
        NewCommitment(
            id=commitment_id, kind=CommitmentKind.REQUEST,
            title=say("Answer the campaign “{name}”", name=plan.name).label(),
            event_id=f"campaign:{plan.id}:{person}", responsible=f"{PERSON_PREFIX}{person}", calendar=defaults.calendar,
            budget=DueDate(plan.due_on), policy=programme.policies[defaults.request],
            subject={"campaign": plan.id, "cells": len(cells)},
        ),
        at,
    )  # fmt: skip
    work.session.add(
        CampaignRequestRow(
            programme_id=work.programme_id, campaign_id=plan.id, person_id=person, commitment_id=commitment_id,
            cells=[list(cell) for cell in cells],
        )
    )


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
    current = {(row.process_id, row.practice_id): row for row in fetch_ratings(work, campaign_id, person_id)}
    changed = 0
    for rating in given:
        changed += _save_rating(work, campaign_id, person_id, rating, current.get((rating.process, rating.practice)), at)
    if changed:
        work.record(at, person_id, "rated", f"campaign:{campaign_id}", count=changed)
    return changed


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


def _save_rating(
    work: UnitOfWork, campaign_id: str, person_id: str, rating: GivenRating, old: RatingRow | None, at: datetime
) -> bool:
    if old is not None:
        if (old.value, old.comment) == (rating.value, rating.comment):
            return False
        old.current = False
        work.session.add(old)
    work.session.add(
        RatingRow(
            programme_id=work.programme_id, campaign_id=campaign_id, process_id=rating.process, practice_id=rating.practice,
            person_id=person_id, revision=old.revision + 1 if old else 1, value=rating.value, comment=rating.comment, rated_at=at,
        )
    )
    return True


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
