"""Promises that the end of a campaign calls in: the clauses whose trigger is `campaign: closed`."""

from __future__ import annotations

from datetime import datetime

from ancrage.domain.engagement import Clause, TriggerKind
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Refused
from ancrage.language import say
from ancrage.services.anchoring_watch import open_clause
from ancrage.services.contract_versions import promises_in_force
from ancrage.storage.campaigns import fetch_campaign
from ancrage.storage.unit_of_work import UnitOfWork


def open_campaign_promises(work: UnitOfWork, programme: Programme, campaign_id: str, as_of: datetime) -> int:
    """Open what contracts in force promise for the end of a campaign that touched their perimeter. Returns how many were opened."""
    campaign = fetch_campaign(work, campaign_id)
    if campaign is None:
        raise NotFound(say("there is no campaign {campaign}", campaign=campaign_id))
    promised = promises_in_force(work, programme)
    opened = 0
    for contract, clause in promised.clauses():
        if _is_called_by_campaign(clause) and set(contract.perimeter) & set(campaign.scope):
            opened += open_clause(work, promised, contract, clause, f"campaign:{campaign_id}", {"campaign": campaign_id}, as_of)
    return opened


def _is_called_by_campaign(clause: Clause) -> bool:
    return clause.trigger is not None and clause.trigger.kind is TriggerKind.CAMPAIGN


def call_promise(work: UnitOfWork, programme: Programme, clause_id: str, event_id: str, why: str, by: str, at: datetime) -> bool:
    """Somebody calls a promise in (trigger `manual`): a decision asked of the sponsor, a perimeter to confirm.

    The same event opens it once. NotFound for an unknown clause; Refused while the contract is not signed by all.
    """
    promised = promises_in_force(work, programme)
    try:
        contract, clause = promised.clause(clause_id)
    except KeyError:
        raise _not_promised(programme, clause_id) from None
    opened = open_clause(work, promised, contract, clause, event_id, {"why": why, "asked_by": by}, at)
    if opened:
        work.record(at, by, "promise_called", f"clause:{clause_id}", event=event_id, why=why)
    return opened


def _not_promised(programme: Programme, clause_id: str) -> NotFound | Refused:
    """Why a clause cannot be called in: nobody has declared it, or not every party has signed it."""
    for contract, clause in programme.clauses():
        if clause.id == clause_id:
            return Refused("not_in_force", say("contract {contract} is not signed by every party yet", contract=contract.name))
    known = ", ".join(known.id for _, known in programme.clauses())
    return NotFound(say("there is no clause {clause}; declared: {known}", clause=clause_id, known=known))
