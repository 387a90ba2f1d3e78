"""Changing what an open campaign covers: the difference first, then the change (ASM-K1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.assessment.types import CellKey
from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.programme import Programme
from ancrage.errors import Problem, ProblemsFound
from ancrage.language import say
from ancrage.services.campaign_launch import Respondents, ask, cells_by_person
from ancrage.services.campaign_requests import reopen_request
from ancrage.services.campaigns import open_campaign_row, pinned_model
from ancrage.services.commitments import act_on_commitment
from ancrage.services.programme import current_programme
from ancrage.storage.campaigns import fetch_ratings, fetch_requests
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRequestRow


@dataclass(frozen=True, slots=True)
class ScopeChange:
    """What a new scope would change. `added` and `removed` are processes; `asked` and `no_longer` are cells by person.

    `answers_left_out` counts current answers to cells that are no longer asked: they stay stored and count for nothing.
    """

    campaign: str
    scope: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    asked: Mapping[str, tuple[CellKey, ...]]
    no_longer: Mapping[str, tuple[CellKey, ...]]
    answers_left_out: int

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.removed)


def plan_scope_change(
    work: UnitOfWork, campaign_id: str, add: Sequence[str], remove: Sequence[str], respondents: Sequence[Respondents], at: datetime
) -> ScopeChange:
    """The difference a change of scope would make. Reads only. ProblemsFound names unknown processes and an empty scope."""
    campaign, programme = open_campaign_row(work, campaign_id), current_programme(work)
    unknown = [
        Problem("E-PROCESS-UNKNOWN", say("process {process} is not declared", process=process))
        for process in add if process not in programme.processes
    ] + [
        Problem("E-PROCESS-UNKNOWN", say("process {process} is not in scope", process=process))
        for process in remove if process not in campaign.scope
    ]  # fmt: skip
    scope = tuple(dict.fromkeys([process for process in campaign.scope if process not in remove] + list(add)))
    if not scope:
        unknown.append(Problem("E-SCOPE-EMPTY", say("the scope of the campaign names no process")))
    if unknown:
        raise ProblemsFound(say("the scope of campaign {campaign} cannot be changed", campaign=campaign_id), unknown)
    model = pinned_model(work, campaign)
    fresh = tuple(process for process in scope if process not in campaign.scope)
    asked = {person: tuple(cells) for person, cells in cells_by_person(programme, model, fresh, respondents, at).items()}
    gone = set(campaign.scope) - set(scope)
    no_longer = {request.person_id: cells for request in fetch_requests(work, campaign_id) if (cells := _cells_of(request, gone))}
    left_out = sum(rating.process_id in gone for rating in fetch_ratings(work, campaign_id))
    return ScopeChange(campaign_id, scope, fresh, tuple(sorted(gone)), asked, no_longer, left_out)


def _cells_of(request: CampaignRequestRow, processes: set[str]) -> tuple[CellKey, ...]:
    return tuple(CellKey(*cell) for cell in request.cells if cell[0] in processes)


def change_scope(work: UnitOfWork, change: ScopeChange, by: str, at: datetime, channels: Sequence[str]) -> None:
    """Take a planned change. People who had handed in and are asked more owe it again; who is asked nothing more owes nothing."""
    campaign, programme = open_campaign_row(work, change.campaign), current_programme(work)
    if change.is_empty:
        return
    campaign.scope = list(change.scope)
    work.session.add(campaign)
    known = {request.person_id: request for request in fetch_requests(work, change.campaign)}
    for request in known.values():
        _change_request(work, programme, request, change, by, at, channels)
    for person, cells in change.asked.items():
        if person not in known:
            ask(work, programme, campaign, person, cells, at)
    work.record(
        at, by, "scope_changed", f"campaign:{change.campaign}", added=list(change.added), removed=list(change.removed),
        answers_left_out=change.answers_left_out,
    )


def _change_request(
    work: UnitOfWork, programme: Programme, request: CampaignRequestRow, change: ScopeChange, by: str, at: datetime,
    channels: Sequence[str],
) -> None:
    person = request.person_id
    gone, more = set(change.no_longer.get(person, ())), change.asked.get(person, ())
    kept = [cell for cell in request.cells if CellKey(*cell) not in gone]
    request.cells = kept + [list(cell) for cell in more]
    work.session.add(request)
    work.flush()
    if more and request.submitted_at is not None:
        reopen_request(work, change.campaign, person, by, at, say("The scope of the campaign has changed.").text())
    elif not request.cells and request.submitted_at is None:
        request.submitted_at = at
        identity = f"scope:{change.campaign}:{person}:{at:%Y%m%d%H%M%S}"
        action = Action(id=identity, kind=ActionKind.CANCEL, at=at, by=by, reason="scope_changed")
        act_on_commitment(work, programme, request.commitment_id, action, channels)
