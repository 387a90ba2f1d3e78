"""Promises that the end of a campaign calls in: the clauses whose trigger is `campaign: closed`."""

from __future__ import annotations

from datetime import datetime

from ancrage.domain.engagement import Clause, Contract, TriggerKind
from ancrage.domain.programme import Programme
from ancrage.errors import NotFound, Refused
from ancrage.language import say
from ancrage.services.anchoring_watch import open_clause
from ancrage.services.programme import contracts_in_force
from ancrage.storage.campaigns import fetch_campaign
from ancrage.storage.unit_of_work import UnitOfWork


def open_campaign_promises(work: UnitOfWork, programme: Programme, campaign_id: str, as_of: datetime) -> int:
    """Open what contracts in force promise for the end of a campaign that touched their perimeter. Returns how many were opened."""
    campaign = fetch_campaign(work, campaign_id)
    if campaign is None:
        raise NotFound(say("there is no campaign {campaign}", campaign=campaign_id))
    in_force = contracts_in_force(work, programme)
    opened = 0
    for contract, clause in programme.clauses():
        if contract.id in in_force and _is_called_by_campaign(clause) and set(contract.perimeter) & set(campaign.scope):
            opened += open_clause(work, programme, contract, clause, f"campaign:{campaign_id}", {"campaign": campaign_id}, as_of)
    return opened


def _is_called_by_campaign(clause: Clause) -> bool:
    return clause.trigger is not None and clause.trigger.kind is TriggerKind.CAMPAIGN


def call_promise(work: UnitOfWork, programme: Programme, clause_id: str, event_id: str, why: str, by: str, at: datetime) -> bool:
    """Somebody calls a promise in (trigger `manual`): a decision asked of the sponsor, a perimeter to confirm.

    The same event opens it once. NotFound for an unknown clause; Refused while the contract is not signed by all.
    """
    try:
        contract, clause = programme.clause(clause_id)
    except KeyError:
        known = ", ".join(known.id for _, known in programme.clauses())
        raise NotFound(say("there is no clause {clause}; declared: {known}", clause=clause_id, known=known)) from None
    _require_in_force(work, programme, contract)
    opened = open_clause(work, programme, contract, clause, event_id, {"why": why, "asked_by": by}, at)
    if opened:
        work.record(at, by, "promise_called", f"clause:{clause_id}", event=event_id, why=why)
    return opened


def _require_in_force(work: UnitOfWork, programme: Programme, contract: Contract) -> None:
    if contract.id not in contracts_in_force(work, programme):
        raise Refused("not_in_force", say("contract {contract} is not signed by every party yet", contract=contract.name))
