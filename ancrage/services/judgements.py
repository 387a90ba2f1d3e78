"""Team judgements on groups of practices: do their weaknesses, together, hurt the goal significantly (ASM-C3)?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ancrage.domain.assessment.types import AreaResult, GroupResult, GroupStatus
from ancrage.errors import NotFound, Refused
from ancrage.language import say
from ancrage.services.campaigns import open_campaign_row, pinned_model
from ancrage.services.determinations import determine_now
from ancrage.storage.campaigns import fetch_campaign, fetch_judgements
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import JudgementRow


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with weaknesses: what is assumed or was judged of it. `weaknesses` are (practice, value); `by` is None while assumed."""

    process: str
    area: str
    level: int
    status: str
    weaknesses: tuple[tuple[str, str | None], ...]
    significant: bool | None
    by: str | None
    why: str


def groups_to_judge(work: UnitOfWork, campaign_id: str) -> tuple[GroupView, ...]:
    """Groups whose practices are all rated and all but full, in the order of scope and model: what a team may judge. Reads only.

    Without a judgement the method's own option decides (ASM-C3); the view then says `significant` None.
    """
    campaign = fetch_campaign(work, campaign_id)
    if campaign is None:
        raise NotFound(say("there is no campaign {campaign}", campaign=campaign_id))
    determination = determine_now(work, campaign, pinned_model(work, campaign))
    return tuple(_view(result, group) for result in determination.results.values() for group in result.groups if _is_open(group))


def _is_open(group: GroupResult) -> bool:
    """A judgement is possible where nothing is missing and every weakness is light, and it was made where one is stored."""
    asked = group.status in (GroupStatus.SATISFIED, GroupStatus.JUDGE) and bool(group.weaknesses) and not group.open
    return asked or group.judgement is not None


def _view(result: AreaResult, group: GroupResult) -> GroupView:
    judged = group.judgement
    return GroupView(
        result.process, result.area, group.level, group.status.value, tuple((cell.practice, cell.value) for cell in group.weaknesses),
        judged.significant if judged else None, judged.by if judged else None, judged.why if judged else "",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class GroupJudgement:
    """What a team says of one group."""

    process: str
    area: str
    level: int
    significant: bool
    why: str


def judge_group(work: UnitOfWork, campaign_id: str, judgement: GroupJudgement, by: str, at: datetime) -> None:
    """Record what a team judged; a later judgement replaces it until the campaign closes, and the journal keeps both.

    NotFound for a group the reference model does not have; Refused `reason_missing` without words, `closed` after the campaign.
    """
    campaign = open_campaign_row(work, campaign_id)
    if not judgement.why.strip():
        raise Refused("reason_missing", say("say why: a judgement without a reason cannot be explained"))
    model = pinned_model(work, campaign)
    levels = {
        (area.id, practice.level) for area in model.areas_for(judgement.process) for practice in area.practices
        if judgement.process in campaign.scope
    }  # fmt: skip
    if (judgement.area, judgement.level) not in levels:
        raise NotFound(say("campaign {campaign} has no group of level {level} in area {area} of process {process}", campaign=campaign_id,
                           level=judgement.level, area=judgement.area, process=judgement.process))  # fmt: skip
    work.session.merge(
        JudgementRow(
            programme_id=work.programme_id, campaign_id=campaign_id, process_id=judgement.process, area_id=judgement.area,
            level=judgement.level, significant=judgement.significant, decided_by=by, why=judgement.why.strip(), decided_at=at,
        )
    )
    work.flush()
    work.record(
        at, by, "group_judged", f"campaign:{campaign_id}", process=judgement.process, area=judgement.area, level=judgement.level,
        significant=judgement.significant, why=judgement.why.strip(),
    )


def judged_by(work: UnitOfWork, campaign_id: str) -> tuple[tuple[str, str, int, str, datetime], ...]:
    """Who judged what and when: (process, area, level, person, instant)."""
    return tuple((row.process_id, row.area_id, row.level, row.decided_by, row.decided_at) for row in fetch_judgements(work, campaign_id))
