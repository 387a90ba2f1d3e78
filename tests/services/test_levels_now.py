"""Levels at once, from the database, agree with the determination that says why; and reading one process reads no other."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ancrage.domain.assessment.types import AreaKey, CapabilityLevel, CellKey
from ancrage.project import open_project
from ancrage.services.campaigns import GivenRating, open_campaign_row, pinned_model, rate
from ancrage.services.determinations import decide_cell, determine_now
from ancrage.services.levels_now import levels_now
from ancrage.storage.campaigns import fetch_requests
from ancrage.storage.unit_of_work import UnitOfWork
from tests.support.story import CAMPAIGN, project_in_the_middle

AT = datetime(2026, 1, 15, 9, tzinfo=UTC)
Levels = dict[AreaKey, tuple[CapabilityLevel, float | None]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project_in_the_middle(tmp_path_factory.mktemp("levels") / "project")


def at_once(work: UnitOfWork, process: str | None = None) -> Levels:
    campaign = open_campaign_row(work, CAMPAIGN)
    return levels_now(work, campaign, pinned_model(work, campaign), process).by_area()


def explained(work: UnitOfWork) -> Levels:
    campaign = open_campaign_row(work, CAMPAIGN)
    results = determine_now(work, campaign, pinned_model(work, campaign)).results
    return {key: (result.level, result.score) for key, result in results.items()}


def test_half_answered_fully_answered_and_decided(folder: Path) -> None:
    with closing(open_project(folder)) as project:
        with project.reading() as work:
            assert at_once(work) == explained(work)
        with project.units() as work:
            requests = fetch_requests(work, CAMPAIGN)
            for request in requests:
                if request.submitted_at is None:
                    given = [GivenRating(cell[0], cell[1], ("FI", "LI", "NI")[number % 3]) for number, cell in enumerate(request.cells)]
                    rate(work, CAMPAIGN, request.person_id, given, AT)
            decide_cell(work, CAMPAIGN, CellKey(*requests[0].cells[0]), "FI", "chloe", "seen", AT)
        with project.reading() as work:
            whole = at_once(work)
            assert whole == explained(work)
            assert at_once(work, "incident") == {key: found for key, found in whole.items() if key.process == "incident"}
            assert at_once(work, "nowhere") == {}
