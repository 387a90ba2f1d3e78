"""Launching a campaign: what it rests on is pinned, people are asked within their time, still-valid answers may stand (ASM-K1, K3, K10)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from ancrage.domain.assessment.recurrence import Recurrence
from ancrage.domain.assessment.types import CellKey
from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.organisation import PERSON_PREFIX
from ancrage.domain.process_map import Process
from ancrage.domain.programme import Programme
from ancrage.domain.reference_model import ReferenceModel
from ancrage.domain.working_time import DueDate
from ancrage.errors import NotFound, Problem, ProblemsFound
from ancrage.language import Label, say
from ancrage.services.anchoring_watch import local_day
from ancrage.services.carried import Carried, carried_for
from ancrage.services.commitments import NewCommitment, act_on_commitment, open_commitment
from ancrage.services.programme import current_programme
from ancrage.services.solicitation import check_solicitation, cut_to_budget, solicitation_problems
from ancrage.storage.campaigns import fetch_campaign, fetch_campaigns, fetch_requests
from ancrage.storage.commitments import fetch_commitment_by_event
from ancrage.storage.programmes import fetch_version
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import AgreedRatingRow, CampaignRequestRow, CampaignRow, CampaignStatus
from models.commitments import CommitmentKind

CARRIED = "carried_over"
"""Method of an agreed value that stands from an earlier cycle."""


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
    reuse_valid: bool = False
    """Answers that are still valid stand without being asked again (ASM-K10)."""
    within_budget: bool = False
    """Leave out what the solicitation budget proposes to leave out, instead of refusing (ASM-K10)."""
    recurrence: Recurrence | None = None
    """How the next cycle follows (ASM-K8)."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked what, and which cells are not asked because an earlier answer stands in for them."""

    cells: Mapping[str, Sequence[CellKey]]
    standing: Mapping[CellKey, Carried] = field(default_factory=dict)


def open_campaign(work: UnitOfWork, plan: CampaignPlan, by: str, at: datetime) -> CampaignRow:
    """Launch a campaign: pin what it rests on (ASM-K1) and ask each person, as one commitment per person.

    Launching the same id again gives the campaign that exists. ProblemsFound when the plan cannot run, with every reason.
    """
    known = fetch_campaign(work, plan.id)
    if known is not None:
        return known
    programme = current_programme(work)
    _check_plan(programme, plan, at)
    model = programme.reference_models[plan.model_id]
    _check_respondents(programme, plan, cells_by_person(programme, model, plan.scope, plan.respondents, at))
    asking = plan_asking(work, programme, model, plan, at)
    row = _campaign_row(work, programme, plan, model, by, at)
    work.session.add(row)
    work.flush()
    for person, cells in asking.cells.items():
        ask(work, programme, row, person, cells, at)
    _let_stand(work, plan.id, asking.standing, at)
    _fulfil_review(work, programme, row, by, at)
    work.flush()
    work.record(
        at, by, "campaign_opened", f"campaign:{plan.id}", model=plan.model_id, scope=list(plan.scope), people=sorted(asking.cells),
        cells=sum(len(cells) for cells in asking.cells.values()), standing=len(asking.standing),
    )
    return row


def plan_asking(work: UnitOfWork, programme: Programme, model: ReferenceModel, plan: CampaignPlan, at: datetime) -> Asking:
    """Who would be asked what, within everybody's minutes (ASM-K10). ProblemsFound says who is asked too much and what to leave out."""
    asked = cells_by_person(programme, model, plan.scope, plan.respondents, at)
    cells = dict.fromkeys(cell for theirs in asked.values() for cell in theirs)
    carried = carried_for(work, programme, model, cells, at)
    standing = {cell: found for cell, found in carried.items() if found.stands}
    if plan.reuse_valid:
        asked = _without(asked, {(person, cell) for person in asked for cell in standing})
    check = check_solicitation(programme, model, asked, frozenset(standing))
    kept = standing if plan.reuse_valid else {}
    if check.holds:
        return Asking(asked, kept)
    left_out, valid = cut_to_budget(check)
    if not plan.within_budget or any(load.still_over for load in check.loads):
        raise ProblemsFound(say("campaign {campaign} asks more of people than they have time for", campaign=plan.id),
                            list(solicitation_problems(check)))  # fmt: skip
    return Asking(_without(asked, left_out), kept | {cell: standing[cell] for cell in valid})


def _without(asked: Mapping[str, Sequence[CellKey]], left_out: Set[tuple[str, CellKey]]) -> dict[str, list[CellKey]]:
    kept = {person: [cell for cell in cells if (person, cell) not in left_out] for person, cells in asked.items()}
    return {person: cells for person, cells in kept.items() if cells}


def _let_stand(work: UnitOfWork, campaign_id: str, standing: Mapping[CellKey, Carried], at: datetime) -> None:
    """An answer that stands counts as agreed, with where it comes from; a decision of people replaces it."""
    asked = {CellKey(*cell) for request in fetch_requests(work, campaign_id) for cell in request.cells}
    for cell, carried in standing.items():
        if cell not in asked:
            why = say("still valid from campaign {campaign}, {days} days old", campaign=carried.campaign, days=carried.rating.age_days)
            work.session.add(
                AgreedRatingRow(
                    programme_id=work.programme_id, campaign_id=campaign_id, process_id=cell.process, practice_id=cell.practice,
                    value=carried.rating.value, method=CARRIED, why=why.text(), agreed_at=at,
                )
            )


def review_event(campaign_id: str) -> str:
    """What opens the commitment to launch the cycle after this campaign."""
    return f"review:{campaign_id}"


def _fulfil_review(work: UnitOfWork, programme: Programme, campaign: CampaignRow, by: str, at: datetime) -> None:
    """Launching the next cycle is what the review of the previous one asked for (ASM-K8)."""
    owed = fetch_commitment_by_event(work, review_event(campaign.previous_id)) if campaign.previous_id else None
    if owed is not None and owed.result is None:
        action = Action(id=f"launched:{campaign.id}", kind=ActionKind.FULFIL, at=at, by=by, reason="campaign_opened")
        act_on_commitment(work, programme, owed.id, action, ())


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
        recurrence=plan.recurrence.packed() if plan.recurrence else None,
    )


def _pins(programme: Programme, model: ReferenceModel, scope: Sequence[str]) -> dict[str, str]:
    """Fingerprints of what the campaign rests on (ASM-K1)."""
    owners = {process: programme.processes[process].owner for process in scope}
    people = hashlib.sha256(json.dumps(owners, sort_keys=True).encode()).hexdigest()
    return {"declarations": programme.fingerprint, "model": model.fingerprint, "method": model.method, "people": people}


def _check_plan(programme: Programme, plan: CampaignPlan, at: datetime) -> None:
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
    if plan.due_on < local_day(programme, at):
        problems.append(Problem("E-DATES", say("answers would be due on {due}, which is over", due=plan.due_on)))
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


def ask(
    work: UnitOfWork, programme: Programme, campaign: CampaignRow, person: str, cells: Sequence[CellKey], at: datetime
) -> None:
    """Ask one person: a request with its cells, and the commitment that runs it."""
    defaults = programme.defaults
    commitment_id = f"{campaign.id}/{person}"
    open_commitment(
        work, programme,
        NewCommitment(
            id=commitment_id, kind=CommitmentKind.REQUEST,
            title=say("Answer the campaign “{name}”", name=Label(campaign.name_fr, campaign.name_en)).label(),
            event_id=f"campaign:{campaign.id}:{person}", responsible=f"{PERSON_PREFIX}{person}", calendar=defaults.calendar,
            budget=DueDate(campaign.due_on), policy=programme.policies[defaults.request],
            subject={"campaign": campaign.id, "cells": len(cells)},
        ),
        at,
    )  # fmt: skip
    work.session.add(
        CampaignRequestRow(
            programme_id=work.programme_id, campaign_id=campaign.id, person_id=person, commitment_id=commitment_id,
            cells=[list(cell) for cell in cells],
        )
    )
    work.flush()
