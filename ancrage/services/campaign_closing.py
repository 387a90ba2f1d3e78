"""The end of a campaign, whoever ends it: levels, what they say about earlier actions, the new ranking, the promises it calls in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.services.determinations import close_campaign
from ancrage.services.prioritisation import prioritise_campaign, verify_actions
from ancrage.services.programme import current_programme
from ancrage.services.promises import open_campaign_promises
from ancrage.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ClosedCampaign:
    """What ending one campaign brought: gaps found, actions verified by the new levels, actions ranked, commitments opened."""

    gaps: int
    verified: int
    ranked: int
    opened: int


def end_campaign(work: UnitOfWork, campaign_id: str, by: str, at: datetime, channels: Sequence[str]) -> ClosedCampaign:
    """Close a campaign by hand, with all that the engine does when it closes one. Refused `closed` when it is closed already."""
    _, gaps = close_campaign(work, campaign_id, by, at, channels)
    work.flush()
    verified = verify_actions(work, campaign_id, by, at)[0]
    ranked = len(prioritise_campaign(work, campaign_id, at, by).actions)
    opened = open_campaign_promises(work, current_programme(work), campaign_id, at)
    return ClosedCampaign(len(gaps), verified, ranked, opened)
