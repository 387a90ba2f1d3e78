"""An answer to a monthly promise keeps the month in which it is given, whichever page it was given on (ESC-M3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ancrage.domain.escalation.facts import Action, ActionKind, Result, Status
from ancrage.errors import NotFound
from ancrage.services.commitments import act_on_commitment
from ancrage.services.desk import fetch_sheet
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.database import connect
from tests.support.engine_bench import BenchPlace, EngineBench
from tests.support.scenario_files import every_scenario

JANUARY, FEBRUARY = "chair@2026-01", "chair@2026-02"
NOW = datetime.fromisoformat("2026-02-03T10:00:00+01:00")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[BenchPlace]:
    database = connect(f"sqlite:///{tmp_path / 'ancrage.sqlite'}")
    bench = EngineBench(every_scenario()["M3-an-event-counts-for-its-own-month"][0], database, timedelta(minutes=30), "months")
    bench.make_pass(NOW - timedelta(hours=1))
    yield bench.place
    database.close()


def answer(place: BenchPlace, at: datetime) -> tuple[str | None, list[str]]:
    action = Action("done", ActionKind.FULFIL, at, "ann")
    with place.units() as work:
        decision = act_on_commitment(work, current_programme(work), JANUARY, action, ())
    return decision.refused, [reason.rule for reason in decision.reasons]


def test_done_on_the_page_of_january_in_february_keeps_february(place: BenchPlace) -> None:
    assert answer(place, NOW) == (None, ["ESC-M3", "ESC-A7", "ESC-D5"])
    with place.reading() as work:
        rows = {name: fetch_commitment(work, name) for name in (JANUARY, FEBRUARY)}
        sheet = fetch_sheet(work, JANUARY, "ann", NOW, "done")
    assert {name: row.result for name, row in rows.items() if row} == {JANUARY: None, FEBRUARY: Result.KEPT}
    assert sheet.view.status is Status.OPEN
    assert sheet.outcome is not None
    assert sheet.outcome.counted_for == FEBRUARY


def test_the_same_answer_twice_is_one_answer(place: BenchPlace) -> None:
    answer(place, NOW)
    assert answer(place, NOW) == (None, [])


def test_an_answer_in_a_month_that_is_not_open_yet_finds_nothing_to_keep(place: BenchPlace) -> None:
    with pytest.raises(NotFound, match="chair@2026-03"):
        answer(place, datetime.fromisoformat("2026-03-01T10:00:00+01:00"))
