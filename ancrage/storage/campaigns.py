"""Queries: campaigns, requests, ratings, levels, the action plan."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col, func, select

from ancrage.storage.unit_of_work import UnitOfWork
from models.actions import ActionRow, ActionStatus, RankingRow
from models.campaigns import (
    AgreedRatingRow,
    CampaignRequestRow,
    CampaignRow,
    CampaignStatus,
    DeterminationRow,
    FindingRow,
    JudgementRow,
    LevelRow,
    RatingRow,
    RequestEventRow,
)


def fetch_campaigns(work: UnitOfWork, *, only_open: bool = False) -> Sequence[CampaignRow]:
    """Campaigns, oldest first."""
    query = select(CampaignRow).where(col(CampaignRow.programme_id) == work.programme_id)
    if only_open:
        query = query.where(col(CampaignRow.status) == CampaignStatus.OPEN)
    return work.session.exec(query.order_by(col(CampaignRow.opened_at), col(CampaignRow.id))).all()


def fetch_campaign(work: UnitOfWork, campaign_id: str, *, lock: bool = False) -> CampaignRow | None:
    """One campaign, locked until the unit of work ends when `lock`."""
    query = select(CampaignRow).where(col(CampaignRow.programme_id) == work.programme_id, col(CampaignRow.id) == campaign_id)
    return work.session.exec(query.with_for_update() if lock else query).first()


def fetch_requests(work: UnitOfWork, campaign_id: str) -> Sequence[CampaignRequestRow]:
    """Who was asked, by person id."""
    query = select(CampaignRequestRow).where(
        col(CampaignRequestRow.programme_id) == work.programme_id, col(CampaignRequestRow.campaign_id) == campaign_id
    )
    return work.session.exec(query.order_by(col(CampaignRequestRow.person_id))).all()


def fetch_request(work: UnitOfWork, campaign_id: str, person_id: str) -> CampaignRequestRow | None:
    """What one person was asked in one campaign."""
    return work.session.get(CampaignRequestRow, (work.programme_id, campaign_id, person_id))


def fetch_ratings(work: UnitOfWork, campaign_id: str, person_id: str | None = None) -> Sequence[RatingRow]:
    """Current ratings of a campaign, by process, practice, person."""
    query = select(RatingRow).where(
        col(RatingRow.programme_id) == work.programme_id, col(RatingRow.campaign_id) == campaign_id, col(RatingRow.current)
    )
    if person_id is not None:
        query = query.where(col(RatingRow.person_id) == person_id)
    return work.session.exec(query.order_by(col(RatingRow.process_id), col(RatingRow.practice_id), col(RatingRow.person_id))).all()


def fetch_rating_history(work: UnitOfWork, campaign_id: str, person_id: str) -> Sequence[RatingRow]:
    """Every rating one person has given in a campaign, current or superseded, oldest revision first."""
    query = select(RatingRow).where(
        col(RatingRow.programme_id) == work.programme_id, col(RatingRow.campaign_id) == campaign_id, col(RatingRow.person_id) == person_id
    )
    return work.session.exec(query.order_by(col(RatingRow.revision))).all()


def count_ratings(work: UnitOfWork, campaign_id: str) -> dict[str, int]:
    """Number of current ratings by person id."""
    query = (
        select(RatingRow.person_id, func.count())
        .where(col(RatingRow.programme_id) == work.programme_id, col(RatingRow.campaign_id) == campaign_id, col(RatingRow.current))
        .group_by(col(RatingRow.person_id))
    )
    return dict(work.session.exec(query).all())


def fetch_agreed(work: UnitOfWork, campaign_id: str) -> Sequence[AgreedRatingRow]:
    """The values a campaign counts."""
    query = select(AgreedRatingRow).where(
        col(AgreedRatingRow.programme_id) == work.programme_id, col(AgreedRatingRow.campaign_id) == campaign_id
    )
    return work.session.exec(query.order_by(col(AgreedRatingRow.process_id), col(AgreedRatingRow.practice_id))).all()


def fetch_determination(work: UnitOfWork, campaign_id: str) -> DeterminationRow | None:
    """What a closed campaign determined."""
    return work.session.get(DeterminationRow, (work.programme_id, campaign_id))


def fetch_levels(work: UnitOfWork, campaign_id: str) -> Sequence[LevelRow]:
    """Capability levels of a closed campaign, by process, area."""
    query = select(LevelRow).where(col(LevelRow.programme_id) == work.programme_id, col(LevelRow.campaign_id) == campaign_id)
    return work.session.exec(query.order_by(col(LevelRow.process_id), col(LevelRow.area_id))).all()


def fetch_actions(
    work: UnitOfWork, *, campaign_id: str | None = None, segment: str | None = None, status: ActionStatus | None = None
) -> Sequence[ActionRow]:
    """The action plan in the order of the newest ranking, then by id."""
    query = select(ActionRow).where(col(ActionRow.programme_id) == work.programme_id)
    if campaign_id is not None:
        query = query.where(col(ActionRow.campaign_id) == campaign_id)
    if segment is not None:
        query = query.where(col(ActionRow.segment) == segment)
    if status is not None:
        query = query.where(col(ActionRow.status) == status)
    rows = work.session.exec(query).all()
    return sorted(rows, key=lambda row: (row.campaign_id or "", row.rank is None, row.rank or 0, row.id))


def fetch_action(work: UnitOfWork, action_id: str) -> ActionRow | None:
    """One action of the plan."""
    return work.session.get(ActionRow, (work.programme_id, action_id))


def fetch_rankings(work: UnitOfWork, campaign_id: str) -> Sequence[RankingRow]:
    """Rankings of a campaign, oldest first."""
    query = select(RankingRow).where(col(RankingRow.programme_id) == work.programme_id, col(RankingRow.campaign_id) == campaign_id)
    return work.session.exec(query.order_by(col(RankingRow.ranked_at))).all()


def fetch_request_events(work: UnitOfWork, campaign_id: str, person_id: str | None = None) -> Sequence[RequestEventRow]:
    """What happened to the requests of a campaign, by person, oldest first."""
    query = select(RequestEventRow).where(
        col(RequestEventRow.programme_id) == work.programme_id, col(RequestEventRow.campaign_id) == campaign_id
    )
    if person_id is not None:
        query = query.where(col(RequestEventRow.person_id) == person_id)
    return work.session.exec(query.order_by(col(RequestEventRow.person_id), col(RequestEventRow.number))).all()


def fetch_judgements(work: UnitOfWork, campaign_id: str) -> Sequence[JudgementRow]:
    """What people judged about groups, by process, area, level."""
    query = select(JudgementRow).where(
        col(JudgementRow.programme_id) == work.programme_id, col(JudgementRow.campaign_id) == campaign_id
    )
    return work.session.exec(query.order_by(col(JudgementRow.process_id), col(JudgementRow.area_id), col(JudgementRow.level))).all()


def fetch_findings(work: UnitOfWork, campaign_id: str | None = None) -> Sequence[FindingRow]:
    """Findings, of one campaign or of all, by campaign and id."""
    query = select(FindingRow).where(col(FindingRow.programme_id) == work.programme_id)
    if campaign_id is not None:
        query = query.where(col(FindingRow.campaign_id) == campaign_id)
    return work.session.exec(query.order_by(col(FindingRow.campaign_id), col(FindingRow.id))).all()


def fetch_finding(work: UnitOfWork, finding_id: str) -> FindingRow | None:
    """One finding."""
    return work.session.get(FindingRow, (work.programme_id, finding_id))
