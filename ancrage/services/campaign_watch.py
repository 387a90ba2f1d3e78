"""What the engine does for campaigns: closes those that are over, asks the lead for a consensus, asks for evidence to be renewed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.programme import Programme
from ancrage.services.anchoring_watch import local_day
from ancrage.services.campaign_closing import ask_for_consensus, campaigns_without_consensus, end_campaign
from ancrage.services.commitments import ENGINE
from ancrage.services.determinations import due_campaigns
from ancrage.services.evidence import ask_for_renewals, evidence_to_renew
from ancrage.services.programme import current_programme
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CampaignReport:
    """What one pass did: campaigns closed, actions verified and ranked by that, commitments opened."""

    closed: int = 0
    verified: int = 0
    ranked: int = 0
    opened: int = 0


def campaigns_need_a_pass(work: UnitOfWork, as_of: datetime) -> bool:
    """Whether a pass at `as_of` would do anything for campaigns. Reads only."""
    if due_campaigns(work, as_of) or campaigns_without_consensus(work):
        return True
    return bool(evidence_to_renew(work, local_day(current_programme(work), as_of)))


def run_campaigns(work: UnitOfWork, programme: Programme, as_of: datetime, channels: Sequence[str]) -> CampaignReport:
    """Do all of it; a second time at the same instant changes nothing (ESC-C1)."""
    ended = [end_campaign(work, campaign_id, ENGINE, as_of, channels) for campaign_id in due_campaigns(work, as_of)]
    asked = ask_for_consensus(work, programme, as_of) + ask_for_renewals(work, programme, local_day(programme, as_of), as_of)
    return CampaignReport(
        len(ended), sum(it.verified for it in ended), sum(it.ranked for it in ended), sum(it.opened for it in ended) + asked
    )  # fmt: skip
