"""A project in the middle of its life: the example organisation, signed, with a campaign about to close and an alert to raise."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ancrage.declarations.loading import load_programme
from ancrage.domain.programme import Programme
from ancrage.language import Label
from ancrage.project import Project, open_project
from ancrage.services.advance import advance
from ancrage.services.campaign_launch import CampaignPlan, open_campaign
from ancrage.services.campaigns import GivenRating, rate
from ancrage.services.contract_signing import record_told, validate_perimeter
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.services.programme import sign_contract
from ancrage.services.readings import NewReading, record_reading
from ancrage.shipped import EXAMPLE
from ancrage.storage.campaigns import fetch_requests
from ancrage.storage.unit_of_work import UnitOfWork

CAMPAIGN = "january"
BEGUN = datetime(2026, 1, 12, 8, tzinfo=UTC)
PASSED = datetime(2026, 1, 14, 15, tzinfo=UTC)
"""The last pass that was made."""
DUE = datetime(2026, 1, 27, 10, tzinfo=UTC)
"""Something is due now in every stage: a campaign closes, an alert is raised, steps fire, notices leave."""


def project_in_the_middle(folder: Path) -> Path:
    """A project folder with everything that a pass at `DUE` finds something to do in."""
    shutil.copytree(EXAMPLE, folder)
    programme = load_programme(folder, BEGUN.date()).require()
    with closing(open_project(folder)) as project:
        with project.units() as work:
            apply_plan(work, plan_apply(work, programme), by="chloe", at=BEGUN)
        with project.units() as work:
            _sign_everything(work, programme)
            _open_and_answer(work)
        advance(project, BEGUN)
        advance(project, PASSED)
        with project.units() as work:
            late = NewReading("incident_backlog", date(2026, 1, 12), value=400)
            record_reading(work, programme, late, "chloe", "manual", datetime(2026, 1, 18, 9, tzinfo=UTC))
    return folder


def _sign_everything(work: UnitOfWork, programme: Programme) -> None:
    for contract in programme.contracts.values():
        for role in contract.parties():
            if holder := programme.organisation.holder(role, BEGUN):
                sign_contract(work, contract.id, role, holder, BEGUN)
        if sponsor := programme.organisation.holder(contract.sponsor, BEGUN):
            validate_perimeter(work, programme, contract.id, sponsor, BEGUN)
        for role in contract.stakeholders:
            record_told(work, programme, contract.id, role, "chloe", "meeting", BEGUN)


def _open_and_answer(work: UnitOfWork) -> None:
    plan = CampaignPlan(
        CAMPAIGN, Label.same("January"), "pmo_competences", ("incident", "problem"), date(2026, 1, 14), date(2026, 1, 16), {"*": 2}
    )
    open_campaign(work, plan, "chloe", BEGUN)
    work.flush()
    for request in fetch_requests(work, CAMPAIGN):
        some = [GivenRating(process, practice, "PI") for process, practice in request.cells[:6]]
        rate(work, CAMPAIGN, request.person_id, some, BEGUN)


def copy_of(folder: Path, to: Path) -> Path:
    """Another project folder with the same rows."""
    shutil.copytree(folder, to)
    return to


def rows_of(project: Project) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of the embedded database, in an order of its own."""
    path = project.settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: sorted((dict(row) for row in connection.execute(f'SELECT * FROM "{name}"')), key=repr) for name in names}


def rows_in(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of the project in `folder`."""
    with closing(open_project(folder)) as project:
        return rows_of(project)
