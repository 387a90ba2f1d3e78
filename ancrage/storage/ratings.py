"""Queries of a campaign's answers and levels by the thousand: columns instead of objects, and few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import col

from ancrage.domain.assessment.types import AreaKey, AreaResult, CellKey, Target
from ancrage.storage.bulk import insert_rows, table_of
from ancrage.storage.unit_of_work import UnitOfWork
from models.campaigns import AgreedRatingRow, LevelRow, RatingRow

FEW = 500
"""Up to this many rows or processes are named one by one; beyond, a statement goes through the campaign."""


class StoredAnswer(NamedTuple):
    """One person's newest answer to one cell; `revision` counts from 1."""

    value: str
    comment: str
    revision: int


class AgreedValue(NamedTuple):
    """What a campaign counts for one cell, and the rule or the person behind it. `value` None: people must still judge."""

    value: str | None
    method: str
    why: str


def fetch_answers(work: UnitOfWork, campaign_id: str, person_id: str, processes: Collection[str]) -> dict[CellKey, StoredAnswer]:
    """One person's current answers about these processes, by cell."""
    query = select(
        col(RatingRow.process_id), col(RatingRow.practice_id), col(RatingRow.value), col(RatingRow.comment), col(RatingRow.revision)
    ).where(*_of_campaign(work, campaign_id), col(RatingRow.person_id) == person_id, col(RatingRow.current))
    if len(processes) <= FEW:  # only then does the key of the table lead to them
        query = query.where(col(RatingRow.process_id).in_(processes))
    return {CellKey(process, practice): StoredAnswer(*rest) for process, practice, *rest in _rows(work, query)}


def fetch_values(work: UnitOfWork, campaign_id: str, processes: Collection[str] | None = None) -> Sequence[tuple[Any, ...]]:
    """Process, practice and value of every current answer, of all processes or of few; in no order that means anything."""
    query = select(col(RatingRow.process_id), col(RatingRow.practice_id), col(RatingRow.value)).where(
        *_of_campaign(work, campaign_id), col(RatingRow.current)
    )
    if processes is not None:
        query = query.where(col(RatingRow.process_id).in_(processes))
    return _rows(work, query)


def fetch_agreed_values(work: UnitOfWork, campaign_id: str, processes: Collection[str] | None = None) -> Sequence[tuple[Any, ...]]:
    """Process, practice, value and method of what was agreed, of all processes or of few."""
    agreed = AgreedRatingRow
    query = select(col(agreed.process_id), col(agreed.practice_id), col(agreed.value), col(agreed.method)).where(
        col(agreed.programme_id) == work.programme_id, col(agreed.campaign_id) == campaign_id
    )
    if processes is not None:
        query = query.where(col(agreed.process_id).in_(processes))
    return _rows(work, query)


def save_answers(work: UnitOfWork, campaign_id: str, person_id: str, answers: Mapping[CellKey, StoredAnswer], at: datetime) -> None:
    """Write one person's new answers; the ones they follow (revision above 1) are kept and are current no more."""
    insert_rows(work, RatingRow, [
        {
            "programme_id": work.programme_id, "campaign_id": campaign_id, "process_id": cell.process, "practice_id": cell.practice,
            "person_id": person_id, "revision": answer.revision, "value": answer.value, "comment": answer.comment, "rated_at": at,
            "current": True,
        }
        for cell, answer in answers.items()
    ])  # fmt: skip
    followed = {cell: answer.revision - 1 for cell, answer in answers.items() if answer.revision > 1}
    if followed:
        _supersede(work, campaign_id, person_id, followed)


def save_agreed(work: UnitOfWork, campaign_id: str, agreed: Mapping[CellKey, AgreedValue], at: datetime) -> None:
    """Write the value that counts of cells that have none yet; nobody in particular decided them."""
    insert_rows(work, AgreedRatingRow, [
        {
            "programme_id": work.programme_id, "campaign_id": campaign_id, "process_id": cell.process, "practice_id": cell.practice,
            "value": value, "method": method, "decided_by": None, "why": why, "agreed_at": at,
        }
        for cell, (value, method, why) in agreed.items()
    ])  # fmt: skip


def save_levels(work: UnitOfWork, campaign_id: str, results: Mapping[AreaKey, AreaResult], targets: Mapping[AreaKey, Target]) -> None:
    """Write the levels that a campaign ends with."""
    insert_rows(work, LevelRow, [
        {
            "programme_id": work.programme_id, "campaign_id": campaign_id, "process_id": key.process, "area_id": key.area,
            "value": result.level.value, "state": result.level.state.value,
            "target": targets[key].level if key in targets else None, "blockers": [list(blocker) for blocker in result.blockers],
        }
        for key, result in results.items()
    ])  # fmt: skip


def _of_campaign(work: UnitOfWork, campaign_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return col(RatingRow.programme_id) == work.programme_id, col(RatingRow.campaign_id) == campaign_id


def _rows(work: UnitOfWork, query: Select[Any]) -> Sequence[tuple[Any, ...]]:
    """The driver's own rows: they hold text and numbers only, and wrapping 200,000 of them costs as much as reading them."""
    with work.session.connection().execute(query) as result:
        rows: Sequence[tuple[Any, ...]] = cast(Any, result.cursor).fetchall()
    return rows


def _supersede(work: UnitOfWork, campaign_id: str, person_id: str, followed: Mapping[CellKey, int]) -> None:
    """Clear `current` of the answers that were followed, in the database and in the objects this unit of work has read."""
    rating = table_of(RatingRow)
    theirs = and_(*_of_campaign(work, campaign_id), rating.c.person_id == person_id, rating.c.current)
    connection = work.session.connection()
    if len(followed) > FEW:
        newer = rating.alias("newer")
        same = (newer.c[name] == rating.c[name] for name in rating.primary_key.columns.keys() if name != "revision")  # noqa: SIM118
        newest = select(func.max(newer.c.revision)).where(*same).scalar_subquery()
        connection.execute(update(rating).where(theirs, rating.c.revision < newest).values(current=False))
    else:
        one = and_(rating.c.process_id == bindparam("process"), rating.c.practice_id == bindparam("practice"))
        statement = update(rating).where(theirs, one, rating.c.revision == bindparam("followed")).values(current=False)
        keys = [{"process": cell.process, "practice": cell.practice, "followed": old} for cell, old in followed.items()]
        connection.execute(statement, keys)
    for row in _read_before(work, campaign_id, person_id):
        if followed.get(CellKey(row.process_id, row.practice_id), 0) >= row.revision:
            set_committed_value(row, "current", False)


def _read_before(work: UnitOfWork, campaign_id: str, person_id: str) -> Iterator[RatingRow]:
    for row in work.session.identity_map.values():
        if isinstance(row, RatingRow) and (row.campaign_id, row.person_id) == (campaign_id, person_id):
            yield row
