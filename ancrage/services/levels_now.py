"""The levels of an open campaign as they would be now: of all its processes at once, or of the one that has just changed.

Only levels and scores, in the time it takes to read the answers; `determine_now` says why. The two agree.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from ancrage.domain.assessment.proposal import combine
from ancrage.domain.assessment.types import JUDGE, CellKey, Judgement
from ancrage.domain.reference_model import ReferenceModel
from ancrage.services.determinations import targets_of
from ancrage.storage.campaigns import fetch_judgements, fetch_requests
from ancrage.storage.ratings import fetch_agreed_values, fetch_values
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRow

if TYPE_CHECKING:
    from ancrage.domain.assessment.arrays import AnswerSheet, LevelTable


def levels_now(work: UnitOfWork, campaign: CampaignRow, model: ReferenceModel, process: str | None = None) -> LevelTable:
    """Level and score of every area of every process in scope, or of one process: then only its answers are read.

    `model` is the one the campaign is pinned to. Empty for a process that is not in scope.
    """
    from ancrage.domain.assessment.arrays import AnswerSheet, determine_levels  # numpy: only where levels are asked for

    chosen = None if process is None else {process}
    sheet = AnswerSheet(model, [each for each in campaign.scope if chosen is None or each in chosen])
    _fill(work, campaign, sheet, chosen)
    judged = [
        Judgement(row.process_id, row.area_id, row.level, row.significant, row.decided_by, row.why)
        for row in fetch_judgements(work, campaign.id)
    ]
    return determine_levels(sheet, judgements=judged, targets=targets_of(campaign, model, chosen))


def _fill(work: UnitOfWork, campaign: CampaignRow, sheet: AnswerSheet, processes: Collection[str] | None) -> None:
    """Everybody's answers, then what was decided or carried over, which wins."""
    work.flush()  # answers given in the same unit of work count

    def proposed(values: Sequence[str | None]) -> str | None:
        proposal = combine(values, sheet.model)
        return JUDGE if proposal.judge else proposal.value

    if answers := fetch_values(work, campaign.id, processes):
        named, practices, values = ([row[column] for row in answers] for column in range(3))
        sheet.put(named, practices, values, proposed)
    if agreed := fetch_agreed_values(work, campaign.id, processes):
        counted = [JUDGE if value is None and how == JUDGE else value for _, _, value, how in agreed]
        sheet.put([process for process, *_ in agreed], [practice for _, practice, *_ in agreed], counted)
    if sheet.has_empty_cells:
        sheet.mark_asked(CellKey(*cell) for request in fetch_requests(work, campaign.id) for cell in request.cells)
