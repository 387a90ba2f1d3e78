"""A campaign of any size in a database of its own: 20 areas x 5 practices asked about each process, answers of seed 7."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from pathlib import Path

from ancrage.domain.assessment.types import CellKey
from ancrage.domain.organisation import Organisation, Person
from ancrage.domain.programme import DefaultPolicies, Programme
from ancrage.domain.reference_model import Practice, PracticeArea, ReferenceModel, ScaleValue
from ancrage.domain.working_time import Calendar
from ancrage.language import Label
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.storage.database import Database, connect, sqlite_url
from ancrage.storage.ratings import StoredAnswer
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import CampaignRequestRow, CampaignRow, CampaignStatus

SEED, AREAS, EACH = 7, 20, 5
CAMPAIGN, PROGRAMME = "bench", "bench"
OPENED = datetime(2026, 1, 5, 8, tzinfo=UTC)
CODES = ("FI", "LI", "PI", "NI", "NY")
WEIGHTS = (50, 25, 12, 8, 5)
"""How often each characterisation is given: most practices of a living organisation are there, in whole or nearly."""


def reference_model() -> ReferenceModel:
    """A hundred practices by method cmmi; two of each area at level 1, two at level 2, one at level 3."""
    areas = tuple(
        PracticeArea(
            f"area_{area}", Label.same(f"Area {area}"),
            practices=tuple(
                Practice(f"area_{area}.{number}", Label.same(f"Practice {number}"), level=1 + number // 2) for number in range(EACH)
            ),
        )
        for area in range(AREAS)
    )  # fmt: skip
    return ReferenceModel("model", Label.same("Model"), "1.0", "cmmi", tuple(ScaleValue(code, Label.same(code)) for code in CODES), areas)


def processes_of(count: int) -> list[str]:
    return [f"process_{number}" for number in range(count)]


def given_answers(processes: int, model: ReferenceModel, revision: int = 1) -> dict[CellKey, StoredAnswer]:
    """An answer to every practice of every process; every tenth has a comment."""
    dice = random.Random(SEED + revision)
    cells = [CellKey(process, practice.id) for process in processes_of(processes) for area in model.areas for practice in area.practices]
    codes = dice.choices(CODES, WEIGHTS, k=len(cells))
    comments = ("seen in the minutes", *[""] * 9)
    return {
        cell: StoredAnswer(code, comments[number % 10], revision)
        for number, (cell, code) in enumerate(zip(cells, codes, strict=True))
    }  # fmt: skip


def empty_campaign(folder: Path, processes: int, url: str = "", one_person: str = "") -> Database:
    """A database with one open campaign that asks one person about each process, or one person about all; nobody has answered yet."""
    database = connect(url or sqlite_url(folder / "campaign.sqlite"))
    model = reference_model()
    with database.unit(PROGRAMME) as work:
        _apply_programme(work, model)
        work.session.add(
            CampaignRow(
                programme_id=PROGRAMME, id=CAMPAIGN, name_fr="Mesure", name_en="Bench", model_id=model.id, declaration_version=1, pins={},
                scope=processes_of(processes), targets={}, opened_at=OPENED, opened_by="ann", due_on=date(2026, 2, 1),
                closes_on=date(2026, 2, 1), status=CampaignStatus.OPEN,
            )
        )  # fmt: skip
        practices = [practice.id for area in model.areas for practice in area.practices]
        asked = {f"owner_of_{process}": [process] for process in processes_of(processes)}
        for person, theirs in ({one_person: processes_of(processes)} if one_person else asked).items():
            cells = [[process, practice] for process in theirs for practice in practices]
            request = CampaignRequestRow(
                programme_id=PROGRAMME, campaign_id=CAMPAIGN, person_id=person, commitment_id=person, cells=cells
            )
            work.session.add(request)
    return database


def _apply_programme(work: UnitOfWork, model: ReferenceModel) -> None:
    calendar = Calendar("office", "Europe/Paris", (((540, 1080),),) * 5 + ((), ()))
    organisation = Organisation({"ann": Person("ann", "Ann", "office", "ann@example.org")}, {}, {"office": calendar}, "ann")
    programme = Programme(
        PROGRAMME, Label.same("Bench"), "lead", organisation, DefaultPolicies("office", "ladder", "ladder", "ladder"),
        reference_models={model.id: model}, fingerprint="1",
    )  # fmt: skip
    apply_plan(work, plan_apply(work, programme), "ann", OPENED)
