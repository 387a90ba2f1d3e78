"""Answers by the thousand: written in few statements, with the same rules as one by one, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from ancrage.domain.assessment.types import CellKey
from ancrage.storage.bulk import COPY_FROM
from ancrage.storage.campaigns import fetch_rating_history, fetch_ratings
from ancrage.storage.database import Database, connect
from ancrage.storage.ratings import (
    FEW,
    AgreedValue,
    StoredAnswer,
    fetch_agreed_values,
    fetch_answers,
    fetch_values,
    save_agreed,
    save_answers,
)
from models.campaigns import CampaignRow, CampaignStatus

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = AT + timedelta(days=1)
PRACTICES = 10


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = connect(database_url)
    with opened.unit("p") as work:
        work.session.add(
            CampaignRow(
                programme_id="p", id="winter", name_fr="Hiver", name_en="Winter", model_id="m", declaration_version=1, pins={},
                scope=[], targets={}, opened_at=AT, opened_by="ann", due_on=date(2026, 3, 9), closes_on=date(2026, 3, 9),
                status=CampaignStatus.OPEN,
            )
        )  # fmt: skip
    yield opened
    opened.close()


def answers(count: int, value: str = "FI", revision: int = 1) -> dict[CellKey, StoredAnswer]:
    """`count` answers, ten practices a process; comments that a stream of text must escape."""
    return {
        CellKey(f"process_{number // PRACTICES}", f"practice_{number % PRACTICES}"): StoredAnswer(value, "tab\there\nand \\N", revision)
        for number in range(count)
    }


SIZES = (3, COPY_FROM + 20)
"""Below and above where PostgreSQL gets a stream, and where a statement goes through the whole campaign."""


@pytest.mark.parametrize("count", SIZES)
def test_what_is_written_in_one_go_is_read_again(database: Database, count: int) -> None:
    with database.unit("p") as work:
        save_answers(work, "winter", "ann", answers(count), AT)
    with database.unit("p", reading=True) as work:
        rows = fetch_ratings(work, "winter", "ann")
        found = {(row.value, row.comment, row.revision, row.current, row.rated_at) for row in rows}
        assert found == {("FI", "tab\there\nand \\N", 1, True, AT)}
        assert {CellKey(row.process_id, row.practice_id) for row in rows} == set(answers(count))


@pytest.mark.parametrize("count", SIZES)
def test_a_newer_answer_supersedes_the_older_and_both_stay(database: Database, count: int) -> None:
    with database.unit("p") as work:
        save_answers(work, "winter", "ann", answers(count), AT)
        save_answers(work, "winter", "bob", answers(count), AT)
    with database.unit("p") as work:
        before = fetch_ratings(work, "winter", "ann")
        save_answers(work, "winter", "ann", answers(count, "PI", 2), LATER)
        assert not any(row.current for row in before)  # what was read before the change has changed too
    with database.unit("p", reading=True) as work:
        history = {(row.revision, row.value, row.current) for row in fetch_rating_history(work, "winter", "ann")}
        assert history == {(1, "FI", False), (2, "PI", True)}
        assert all(row.current for row in fetch_ratings(work, "winter", "bob"))
        assert len(fetch_values(work, "winter")) == 2 * count


def test_some_answers_are_superseded_and_the_others_stay_current(database: Database) -> None:
    every = answers(2 * FEW)
    newer = dict(list(answers(2 * FEW, "NI", 2).items())[: FEW + 1])
    with database.unit("p") as work:
        save_answers(work, "winter", "ann", every, AT)
        save_answers(work, "winter", "ann", newer, LATER)
    with database.unit("p", reading=True) as work:
        assert fetch_answers(work, "winter", "ann", {cell.process for cell in every}) == every | newer


def test_answers_are_read_of_the_processes_asked_for_only(database: Database) -> None:
    with database.unit("p") as work:
        save_answers(work, "winter", "ann", answers(30), AT)
    with database.unit("p", reading=True) as work:
        assert {cell.process for cell in fetch_answers(work, "winter", "ann", {"process_1", "none"})} == {"process_1"}
        assert {process for process, _, _ in fetch_values(work, "winter", ["process_2"])} == {"process_2"}


def test_agreed_values_keep_what_people_must_still_judge(database: Database) -> None:
    agreed = {CellKey("a", "1"): AgreedValue(None, "JUDGE", "divided"), CellKey("a", "2"): AgreedValue("FI", "min", "alike")}
    with database.unit("p") as work:
        save_agreed(work, "winter", agreed, AT)
    with database.unit("p", reading=True) as work:
        assert sorted(tuple(row) for row in fetch_agreed_values(work, "winter")) == [("a", "1", None, "JUDGE"), ("a", "2", "FI", "min")]


@pytest.mark.parametrize("count", SIZES)
def test_a_closed_campaign_refuses_answers_in_one_go_too(database: Database, count: int) -> None:
    with database.unit("p") as work:
        work.session.execute(text("UPDATE campaign SET status = 'closed'"))
    with pytest.raises(DBAPIError, match="never changes"), database.unit("p") as work:
        save_answers(work, "winter", "ann", answers(count), AT)


@pytest.mark.parametrize("count", SIZES)
def test_the_same_revision_twice_is_refused_and_nothing_of_it_stays(database: Database, count: int) -> None:
    with database.unit("p") as work:
        save_answers(work, "winter", "ann", answers(1), AT)
    with pytest.raises(DBAPIError), database.unit("p") as work:
        save_answers(work, "winter", "ann", answers(count), AT)
    with database.unit("p", reading=True) as work:
        assert len(fetch_values(work, "winter")) == 1


def test_ten_times_the_answers_need_no_more_statements(database: Database) -> None:
    def statements_for(person: str, count: int) -> int:
        seen: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *arguments: seen.append(arguments[2]))
        with database.unit("p") as work:
            save_answers(work, "winter", person, answers(count), AT)
        return len(seen)

    assert statements_for("ann", 40) == statements_for("bob", 400) <= 10
