"""A pass without news asks once and marks once, and never overlooks what was recorded meanwhile (ESC-C1, E2), on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ancrage.services.advance import Stage, advance
from ancrage.storage.agenda import Agenda, anything_to_deliver, fetch_agenda, mark_pass
from ancrage.storage.database import Database, connect
from ancrage.storage.engine import fetch_last_pass
from tests.support.engine_bench import STAGES, EngineBench
from tests.support.scenario_files import every_scenario

MINUTE = timedelta(minutes=1)
AT = datetime(2026, 2, 11, 12, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = connect(database_url)
    yield opened
    opened.close()


def bench_of(name: str, database: Database) -> EngineBench:
    return EngineBench(every_scenario()[name][0], database, timedelta(minutes=30), name)


def agenda_at(bench: EngineBench, at: datetime) -> Agenda:
    with bench.place.reading() as work:
        return fetch_agenda(work, Stage.COMMITMENTS, at)


def test_before_the_first_pass_nothing_is_taken_for_quiet(database: Database) -> None:
    assert not agenda_at(bench_of("PUB-1", database), AT).is_quiet(AT)


def test_after_a_pass_it_is_quiet_until_somebody_does_something(database: Database) -> None:
    bench = bench_of("PUB-1", database)
    advance(bench.place, AT, STAGES)
    assert agenda_at(bench, AT + MINUTE).is_quiet(AT + MINUTE)
    bench.happen(every_scenario()["PUB-1"][0].events[0])
    assert not agenda_at(bench, AT + MINUTE).is_quiet(AT + MINUTE)


def test_a_ladder_that_is_due_and_a_notice_that_may_leave_end_the_quiet(database: Database) -> None:
    scenario = every_scenario()["PUB-1"][0]
    bench = bench_of("PUB-1", database)
    bench.happen(scenario.events[0])
    advance(bench.place, scenario.events[0].at, STAGES)
    reminder = datetime(2026, 2, 13, 8, tzinfo=UTC)
    assert not agenda_at(bench, reminder - MINUTE).is_due
    assert agenda_at(bench, reminder).is_due
    advance(bench.place, reminder, (Stage.COMMITMENTS,))
    with bench.place.reading() as work:
        assert anything_to_deliver(work, reminder) == (True, False)
        assert anything_to_deliver(work, reminder - MINUTE) == (False, False)


def test_a_new_month_ends_the_quiet_although_nobody_did_anything(database: Database) -> None:
    """ESC-M1: 1 March begins at 23:00 UTC."""
    bench = bench_of("M1-M2-M3-one-event-a-month", database)
    for at in (datetime(2026, 2, 20, 13, 30, tzinfo=UTC), datetime(2026, 2, 20, 13, 31, tzinfo=UTC)):
        advance(bench.place, at, STAGES)
    turn = datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert agenda_at(bench, turn - MINUTE).is_quiet(turn - MINUTE)
    assert not agenda_at(bench, turn).is_quiet(turn)
    assert advance(bench.place, turn, STAGES).count("commitments_opened") == 1


def test_the_mark_of_a_quiet_pass_never_goes_back(database: Database) -> None:
    bench = bench_of("PUB-1", database)
    with bench.place.units() as work:
        assert not mark_pass(work, Stage.COMMITMENTS, AT)
    advance(bench.place, AT, STAGES)
    with bench.place.units() as work:
        assert mark_pass(work, Stage.COMMITMENTS, AT + MINUTE)
        assert not mark_pass(work, Stage.COMMITMENTS, AT)
    with bench.place.reading() as work:
        assert fetch_last_pass(work, Stage.COMMITMENTS) == AT + MINUTE
