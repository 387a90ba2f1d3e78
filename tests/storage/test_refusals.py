"""What the database itself refuses, on both kinds: changing the journal (ESC-G5) and a closed campaign (ASM-K2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ancrage.storage.database import Database, connect
from ancrage.storage.engine import find_broken_line
from models.campaigns import CampaignRow, CampaignStatus, RatingRow

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = connect(database_url)
    yield opened
    opened.close()


@pytest.fixture
def written(database: Database) -> Database:
    """Three journal lines, and a closed campaign with one rating."""
    for number in range(3):
        with database.unit("p") as work:
            work.record(AT, "ann", "test", "thing:1", number=number)
    with database.unit("p") as work:
        work.session.add(
            CampaignRow(
                programme_id="p", id="winter", name_fr="Hiver", name_en="Winter", model_id="m", declaration_version=1, pins={},
                scope=["incident"], targets={}, opened_at=AT, opened_by="ann", due_on=date(2026, 3, 9), closes_on=date(2026, 3, 9),
                status=CampaignStatus.OPEN,
            )
        )
        work.session.add(rating("ann"))
    with database.unit("p") as work:
        campaign = work.session.get(CampaignRow, ("p", "winter"))
        assert campaign is not None
        campaign.status = CampaignStatus.CLOSED
        work.session.add(campaign)
    return database


def rating(person: str) -> RatingRow:
    return RatingRow(
        programme_id="p", campaign_id="winter", process_id="incident", practice_id="a", person_id=person, value="FI", rated_at=AT
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'eve'",
        "DELETE FROM journal WHERE number = 2",
        "UPDATE campaign SET status = 'open'",
        "DELETE FROM campaign",
        "UPDATE rating SET value = 'NI'",
        "DELETE FROM rating",
    ],
)
def test_a_statement_against_what_must_not_change_is_refused(written: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match=r"append-only|never changes"), written.unit("p") as work:
        work.session.execute(text(statement))


def test_nothing_is_added_to_a_closed_campaign(written: Database) -> None:
    with pytest.raises(DBAPIError, match="never changes"), written.unit("p") as work:
        work.session.add(rating("eve"))


def test_an_untouched_journal_is_whole(written: Database) -> None:
    with written.unit("p", reading=True) as work:
        assert find_broken_line(work) is None


def test_the_offset_in_which_an_instant_was_given_does_not_break_the_chain(database: Database) -> None:
    with database.unit("p") as work:
        work.record(AT.astimezone(timezone(timedelta(hours=1))), "ann", "test", "thing:1")
    with database.unit("p", reading=True) as work:
        assert find_broken_line(work) is None


@pytest.mark.parametrize("change", ["UPDATE journal SET actor = 'eve' WHERE number = 2", "DELETE FROM journal WHERE number = 2"])
def test_a_line_changed_behind_our_back_is_found(written: Database, change: str) -> None:
    with written.unit("p") as work:  # whoever owns the database can take its guards away; the chain still tells
        if written.engine.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                work.session.execute(text(f"DROP TRIGGER journal_no_{verb}"))
        else:
            work.session.execute(text("DROP TRIGGER journal_frozen ON journal"))
        work.session.execute(text(change))
    with written.unit("p", reading=True) as work:
        assert find_broken_line(work) == 2


def test_an_instant_without_offset_is_refused_when_written(database: Database) -> None:
    naive = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - the fault itself
    with pytest.raises(Exception, match="offset"), database.unit("p") as work:
        work.record(naive, "ann", "test", "thing:1")


def test_what_fails_half_way_leaves_nothing(database: Database) -> None:
    def half() -> None:
        with database.unit("p") as work:
            work.session.add(rating("ann"))
            work.record(AT, "ann", "test", "thing:1")
            work.flush()
            raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        half()
    with database.unit("p", reading=True) as work:
        assert work.session.get(RatingRow, ("p", "winter", "incident", "a", "ann", 1)) is None
