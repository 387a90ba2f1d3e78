"""The end of a campaign, whoever ends it: levels, findings, verified actions, the new ranking, the promises it calls in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.assessment.recurrence import Recurrence, next_review
from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.programme import Programme
from ancrage.domain.working_time import DueDate
from ancrage.language import Label, say
from ancrage.services.anchoring_watch import local_day
from ancrage.services.campaign_launch import review_event
from ancrage.services.campaigns import open_campaign_row
from ancrage.services.commitments import ENGINE, NewCommitment, act_on_commitment, open_commitment
from ancrage.services.determinations import CLOSING_STEPS, cells_to_judge, close_campaign, is_complete
from ancrage.services.findings import record_findings
from ancrage.services.prioritisation import prioritise_campaign, verify_actions
from ancrage.services.programme import current_programme
from ancrage.services.progress import Progress, quiet
from ancrage.services.promises import open_campaign_promises
from ancrage.storage.campaigns import fetch_campaigns
from ancrage.storage.commitments import fetch_commitment_by_event
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRow
from models.commitments import CommitmentKind


@dataclass(frozen=True, slots=True)
class ClosedCampaign:
    """What ending one campaign brought: gaps and findings, actions verified by the new levels, actions ranked, commitments opened."""

    gaps: int
    findings: int
    verified: int
    ranked: int
    opened: int


def end_campaign(
    work: UnitOfWork, campaign_id: str, by: str, at: datetime, channels: Sequence[str], progress: Progress = quiet
) -> ClosedCampaign:
    """Close a campaign by hand, with all that the engine does when it closes one; `progress` hears how far it is.

    Refused `closed` when it is closed already.
    """
    campaign = open_campaign_row(work, campaign_id)
    programme = current_programme(work)
    determination, gaps = close_campaign(work, campaign_id, by, at, channels, progress)
    progress(say("The findings are written down"), 3, CLOSING_STEPS)
    work.flush()
    findings = record_findings(work, programme, campaign, determination, at, by)
    progress(say("The actions are ranked"), 4, CLOSING_STEPS)
    verified = verify_actions(work, campaign_id, by, at)[0]
    ranked = len(prioritise_campaign(work, campaign_id, at, by).actions)
    progress(say("The actions are ranked"), CLOSING_STEPS, CLOSING_STEPS)
    opened = open_campaign_promises(work, programme, campaign_id, at) + _ask_for_next_cycle(work, programme, campaign, at)
    _end_consensus(work, programme, campaign_id, by, at, channels)
    return ClosedCampaign(len(gaps), findings, verified, ranked, opened)


def _ask_for_next_cycle(work: UnitOfWork, programme: Programme, campaign: CampaignRow, at: datetime) -> bool:
    """The lead owes the launch of the next cycle by the day its recurrence gives (ASM-K8)."""
    if campaign.recurrence is None:
        return False
    due = next_review(Recurrence.unpacked(campaign.recurrence), local_day(programme, at))
    title = say("Launch the cycle after the campaign “{name}”", name=Label(campaign.name_fr, campaign.name_en))
    return _ask_steward(work, programme, f"review:{campaign.id}", review_event(campaign.id), title.label(), DueDate(due), campaign, at)


def _ask_steward(
    work: UnitOfWork, programme: Programme, commitment_id: str, event: str, title: Label, budget: DueDate, campaign: CampaignRow,
    at: datetime,
) -> bool:
    defaults = programme.defaults
    new = NewCommitment(
        id=commitment_id, kind=CommitmentKind.REVIEW, title=title, event_id=event, responsible=programme.steward,
        calendar=defaults.calendar, budget=budget, policy=programme.policies[defaults.request], subject={"campaign": campaign.id},
    )
    return open_commitment(work, programme, new, at, ENGINE) is not None


def ask_for_consensus(work: UnitOfWork, programme: Programme, at: datetime) -> int:
    """Where everybody has handed in and cells are left to judge (ASM-C2), the lead owes the consensus by the campaign's last day.

    Each campaign asks once. Returns how many were asked.
    """
    asked = 0
    for campaign, cells in campaigns_without_consensus(work):
        name = Label(campaign.name_fr, campaign.name_en)
        title = say("Agree on {count} answers of the campaign “{name}”", count=cells, name=name).label()
        budget = DueDate(max(campaign.closes_on, local_day(programme, at)))
        asked += _ask_steward(work, programme, f"consensus:{campaign.id}", _consensus_event(campaign.id), title, budget, campaign, at)
    return asked


def campaigns_without_consensus(work: UnitOfWork) -> tuple[tuple[CampaignRow, int], ...]:
    """Campaigns for which the lead is to be asked, and how many cells are left to judge. Reads only."""
    waiting = [
        campaign for campaign in fetch_campaigns(work, only_open=True)
        if is_complete(work, campaign) and fetch_commitment_by_event(work, _consensus_event(campaign.id)) is None
    ]  # fmt: skip
    counted = ((campaign, len(cells_to_judge(work, campaign))) for campaign in waiting)
    return tuple((campaign, cells) for campaign, cells in counted if cells)


def _consensus_event(campaign_id: str) -> str:
    return f"consensus:{campaign_id}"


def _end_consensus(work: UnitOfWork, programme: Programme, campaign_id: str, by: str, at: datetime, channels: Sequence[str]) -> None:
    """The end of the campaign ends what it asked of the lead: fulfilled when people agreed, cancelled when the last day came first."""
    owed = fetch_commitment_by_event(work, _consensus_event(campaign_id))
    if owed is None or owed.result is not None:
        return
    kind = ActionKind.CANCEL if by == ENGINE else ActionKind.FULFIL
    action = Action(id=f"closed:{campaign_id}", kind=kind, at=at, by=by, reason="campaign_closed")
    act_on_commitment(work, programme, owed.id, action, channels)
