"""A project with any number of open commitments: real ones, opened by the services, copied with other names and other dates."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from ancrage.domain.organisation import Organisation, Person, Role, RolePeriod
from ancrage.domain.policies import Offset, Origin, Policy, Step
from ancrage.domain.programme import DefaultPolicies, Programme
from ancrage.domain.working_time import Calendar, WorkingDays, WorkingTime
from ancrage.language import Label
from ancrage.project import Project, open_project
from ancrage.services.advance import advance
from ancrage.services.commitments import NewCommitment, ladder_of, open_commitment
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.settings import read_settings
from ancrage.storage.codec import dump
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind, CommitmentRow

PEOPLE = 400
OPENED = datetime(2026, 1, 5, 8, tzinfo=UTC)
"""A Monday morning."""
LATER = datetime(2027, 6, 1, 8, tzinfo=UTC)
"""What is not due wakes from here on."""
TOGETHER = 5000

WEEK = (((540, 1080),),) * 5 + ((), ())
LADDER = Policy(
    "ladder",
    (
        Step("remind", Offset(WorkingDays(1), before=True), Origin.DUE, ("responsible",)),
        Step("due", Offset(), Origin.DUE, ("responsible",)),
        Step("lead", Offset(WorkingTime(4 * 3600)), Origin.PREVIOUS, ("responsible", "r0")),
        Step("boss", Offset(WorkingDays(2)), Origin.PREVIOUS, ("r1",)),
    ),
)


def programme() -> Programme:
    """Four hundred people, each with a role; one calendar, one ladder."""
    people = {f"p{number}": Person(f"p{number}", f"Person {number}", "office", f"p{number}@example.org") for number in range(PEOPLE)}
    roles = {f"r{number}": Role(f"r{number}", Label.same(f"Role {number}"), (RolePeriod(f"p{number}"),)) for number in range(PEOPLE)}
    organisation = Organisation(people, roles, {"office": Calendar("office", "Europe/Paris", WEEK)}, "p0")
    defaults = DefaultPolicies("office", "ladder", "ladder", "ladder")
    return Programme("bench", Label.same("Bench"), "r0", organisation, defaults, policies={"ladder": LADDER}, fingerprint="1")


def empty_project(folder: Path, url: str = "") -> Project:
    """A project whose programme is applied and whose engine has made one pass, at `OPENED`."""
    folder.mkdir(parents=True)
    (folder / "project.yaml").write_text("programme: bench\n", encoding="utf-8")
    project = open_project(folder, settings=read_settings(folder, {"ANCRAGE_DATABASE_URL": url}))
    with project.units() as work:
        apply_plan(work, plan_apply(work, programme()), "p0", OPENED)
    advance(project, OPENED)
    return project


def add_commitments(project: Project, number: int, due: int, seed: int, since: int = 0, people: int = PEOPLE) -> None:
    """`number` more, of which `due` have a step to fire at the first pass after a week, owed by `people` persons."""
    with project.units() as work:
        _open_one(work, programme(), f"first{since}")
    with project.reading() as work:
        (first,) = fetch_commitments(work, ids=[f"first{since}"])
    copies = islice(_copies(first, due, random.Random(seed + since), since, people), number)
    with project.database.engine.begin() as connection:
        while some := list(islice(copies, TOGETHER)):
            connection.execute(insert(CommitmentRow), some)
        connection.execute(text("DELETE FROM commitment WHERE id = :id"), {"id": first.id})
    with project.database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("ANALYZE"))


def _open_one(work: UnitOfWork, found: Programme, name: str) -> None:
    new = NewCommitment(
        name, CommitmentKind.ACTION, Label("Ce qui est promis", "What is promised"), name, "r0", "office", WorkingDays(2), LADDER,
        {"action": name},
    )
    open_commitment(work, found, new, OPENED)


def _copies(first: CommitmentRow, due: int, dice: random.Random, since: int, people: int) -> Iterator[dict[str, Any]]:
    """Rows as the database takes them: those that are due first, the others due in the year after next."""
    head = first.model_dump()
    far = json.loads(json.dumps(dump(replace(ladder_of(first), due=LATER))))
    for number in count(since):
        role = f"r{dice.randrange(people)}"
        name = f"owed{number:07}"
        row = head | {
            "id": name, "event_id": name, "responsible": role, "answerable": role.replace("r", "p"),
            "terms": {**first.terms, "commitment": name, "responsible": role},
        }
        if number - since >= due:
            row |= _asleep(far, LATER + timedelta(minutes=dice.randrange(500_000)))
        yield row


def _asleep(ladder: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    return {"due_at": at, "wake_at": at, "ladder": {**ladder, "due": at.isoformat()}}
