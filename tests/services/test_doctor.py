"""What the doctor finds, on both kinds of database: the faults that would make the engine's promises untrue (ESC-G2, G5, C5)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from ancrage.services.doctor import Check, Patient, Symptom, examine
from ancrage.storage.database import Database, open_database
from tests.support.journal import unguarded
from tests.support.kills.story import BASE, FIRES, PROGRAMME, make_story

NOW = (FIRES - timedelta(minutes=4)).astimezone(UTC)
"""A minute after the last pass of the story."""
WALL = datetime(2026, 11, 22, 12, tzinfo=UTC)
WEEK = 'week: {mon-fri: ["09:00-12:00", "14:00-18:00"]}'


@dataclass
class Ward:
    """A small project on a database of its own, and the doctor's visit."""

    folder: Path
    url: str

    def change(self, *statements: str) -> None:
        with closing(Database(open_database(self.url))) as database, database.engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def symptoms(self, as_of: datetime = NOW) -> Sequence[Symptom]:
        keys = self.folder / ".ancrage" / "link.keys"
        return examine(Patient(self.folder, keys, self.url, PROGRAMME, as_of, WALL)).symptoms

    def found(self, as_of: datetime = NOW) -> list[tuple[Check, str]]:
        return [(symptom.check, symptom.message.text("en")) for symptom in self.symptoms(as_of)]


@pytest.fixture
def ward(database_url: str, tmp_path: Path) -> Ward:
    make_story(tmp_path / "project", database_url, mail_port=25)
    return Ward(tmp_path / "project", database_url)


def test_nothing_is_wrong_between_two_passes(ward: Ward) -> None:
    assert ward.found() == []


def test_a_journal_line_changed_behind_the_guards_is_named(ward: Ward) -> None:
    with closing(Database(open_database(ward.url))) as database:
        unguarded(database, "UPDATE journal SET actor = 'nobody' WHERE number = 3")
    assert ward.found() == [(Check.JOURNAL, "the journal breaks its chain at line 3: a line was changed, taken away or added")]


def test_a_notice_that_should_have_left_an_hour_ago_is_told(ward: Ward) -> None:
    ward.change("UPDATE outbox SET next_at = '2026-03-05 11:56:00+00:00' WHERE commitment_id = 'digested'")
    assert ward.found() == []
    ward.change("UPDATE outbox SET next_at = '2026-03-05 11:55:00+00:00' WHERE commitment_id = 'digested'")
    assert ward.found() == [(Check.OUTBOX, "1 notices should have left, the oldest at 2026-03-05T11:55:00+00:00")]


def test_a_message_whose_lease_has_ended_is_told_and_one_still_at_work_is_not(ward: Ward) -> None:
    values = {
        "programme_id": PROGRAMME, "id": "m", "person_id": "ben", "channel": "smtp", "urgent": False, "status": "claimed",
        "send_at": "2026-03-05 12:55:00+00:00", "try_at": "2026-03-05 12:55:00+00:00", "lease_until": "2026-11-22 12:01:00+00:00",
        "claimed_by": "host:1", "header_id": "<m@x>", "attempts": 0, "uncertain": False, "subject": "", "last_error": "",
    }  # fmt: skip
    ward.change(f"INSERT INTO message ({', '.join(values)}) VALUES ({', '.join(map(repr, values.values()))})")
    assert ward.found() == []
    ward.change("UPDATE message SET lease_until = '2026-11-22 11:59:00+00:00'")
    assert ward.found() == [(Check.OUTBOX, "1 messages were claimed by an engine that is gone, as host:1")]


def test_an_engine_without_a_pass_for_more_than_an_hour_of_work_is_told(ward: Ward) -> None:
    last = "the engine made its last pass at 2026-03-05T12:55:00+00:00"
    assert (Check.ENGINE, last) not in ward.found(FIRES.astimezone(UTC) + timedelta(hours=1))
    assert (Check.ENGINE, last) in ward.found(FIRES.astimezone(UTC) + timedelta(hours=1, seconds=1))


def test_a_clock_that_went_back_is_told(ward: Ward) -> None:
    (symptom,) = ward.symptoms(NOW - timedelta(minutes=7))
    assert (symptom.check, symptom.is_error) == (Check.CLOCK, True)
    assert symptom.message.text("en") == "the database knows 2026-03-05T12:55:00+00:00, later than now (2026-03-05T12:49:00+00:00)"


@pytest.mark.parametrize(("last", "is_told"), [("2027-03-04", True), ("2027-03-05", False)])
def test_a_list_of_holidays_that_ends_within_twelve_months_is_told(database_url: str, tmp_path: Path, last: str, is_told: bool) -> None:
    listed = BASE.replace(WEEK, f'{WEEK}, holidays: ["2026-05-01", "{last}"]')
    make_story(tmp_path / "project", database_url, mail_port=25, base=listed)
    told = (Check.CALENDARS, f"the holidays of calendar office end on {last}: later deadlines would fall on holidays")
    assert Ward(tmp_path / "project", database_url).found() == ([told] if is_told else [])
