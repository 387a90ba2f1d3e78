"""Measures of a supplier contract, recorded by both parties and judged when they are closed (ESC-X), on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ancrage.domain.escalation.facts import Result
from ancrage.domain.escalation.measures import Side
from ancrage.domain.working_time import WorkingDays, WorkingTime
from ancrage.errors import NotFound, Refused
from ancrage.language import Label
from ancrage.services.measures import (
    MeasureTerms,
    NewMeasure,
    Reconcile,
    close_measure,
    end_series,
    hand_over,
    open_measure,
    pause_series,
    resume_series,
    start_series,
    view_measure,
)
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.database import connect
from ancrage.storage.measures import fetch_measures
from ancrage.storage.unit_of_work import UnitOfWork
from tests.support.engine_bench import BenchPlace, EngineBench
from tests.support.scenario_files import every_scenario

SIDES = (Side.INTERNAL, Side.SUPPLIER)


def at(clock: str) -> datetime:
    """An instant of Thursday, 12 February 2026, in Paris."""
    return datetime.fromisoformat(f"2026-02-12T{clock}:00+01:00")


@pytest.fixture
def place(database_url: str) -> Iterator[BenchPlace]:
    """A programme with a calendar, a steward and a ladder, and one open measure of four working hours."""
    database = connect(database_url)
    scenario = every_scenario()["PUB-1"][0]
    place = EngineBench(scenario, database, timedelta(minutes=30), "measures").place
    terms = MeasureTerms("fr", WorkingTime(4 * 3600), 900, Reconcile("reconcile", "steward", "fr", WorkingDays(1), "p"))
    with place.units() as work:
        assert open_measure(work, current_programme(work), NewMeasure("repair", Label.same("Repair"), terms), at("08:00"), "ben")
    yield place
    database.close()


def begin(work: UnitOfWork) -> None:
    for side in SIDES:
        start_series(work, "repair", side, at("10:00"), at("10:00"), "ben")


def test_different_verdicts_open_the_commitment_once(place: BenchPlace) -> None:
    """ESC-X1, X2: five hours by our figures, three and a half by theirs."""
    with place.units() as work:
        begin(work)
        pause_series(work, "repair", Side.SUPPLIER, at("14:00"), at("17:00"), "ben", "no access")
        resume_series(work, "repair", Side.SUPPLIER, at("15:30"), at("17:00"), "ben")
        first = close_measure(work, current_programme(work), "repair", at("17:00"), "ben")
    with place.units() as work:
        assert close_measure(work, current_programme(work), "repair", at("18:00"), "ann") == first
        row = fetch_commitment(work, "reconcile")
        view = view_measure(work, current_programme(work), "repair", at("18:00"))
    assert (first.internal.elapsed_seconds, first.internal.verdict) == (5 * 3600, Result.LATE)
    assert (first.supplier.elapsed_seconds, first.supplier.verdict) == (12600, Result.KEPT)
    assert row is not None
    assert (row.subject, row.started_at, row.responsible) == ({"measure": "repair"}, at("17:00"), "steward")
    assert (view.commitment_id, view.report, view.closed_at) == ("reconcile", first, at("17:00"))


def test_figures_within_the_tolerance_open_nothing(place: BenchPlace) -> None:
    with place.units() as work:
        begin(work)
        end_series(work, "repair", Side.SUPPLIER, at("11:45"), at("11:45"), "ben")
        end_series(work, "repair", Side.INTERNAL, at("12:00"), at("12:00"), "ben")
        report = close_measure(work, current_programme(work), "repair", at("17:00"), "ben")
    with place.reading() as work:
        assert not report.disagreement
        assert fetch_commitment(work, "reconcile") is None


def test_one_second_beyond_the_tolerance_does(place: BenchPlace) -> None:
    with place.units() as work:
        begin(work)
        end_series(work, "repair", Side.SUPPLIER, at("11:45") - timedelta(seconds=1), at("12:00"), "ben")
        end_series(work, "repair", Side.INTERNAL, at("12:00"), at("12:00"), "ben")
        assert close_measure(work, current_programme(work), "repair", at("12:00"), "ben").disagreement


def test_a_series_that_runs_ends_with_the_measure_and_so_does_its_pause(place: BenchPlace) -> None:
    with place.units() as work:
        begin(work)
        pause_series(work, "repair", Side.INTERNAL, at("11:00"), at("11:00"), "ben")
        report = close_measure(work, current_programme(work), "repair", at("12:00"), "ben")
    assert (report.internal.elapsed_seconds, report.supplier.elapsed_seconds) == (3600, 7200)


def test_who_held_it_and_who_held_it_at_the_deadline(place: BenchPlace) -> None:
    """ESC-X3: half-open intervals without overlap, working time only, pauses of the internal series taken off."""
    with place.units() as work:
        begin(work)
        hand_over(work, "repair", "us", at("10:00"), at("10:00"), "ben")
        hand_over(work, "repair", "them", at("11:00"), at("11:00"), "ben")
        with pytest.raises(Refused) as refused:
            hand_over(work, "repair", "us", at("10:30"), at("11:30"), "ben")
        hand_over(work, "repair", None, at("16:00"), at("16:00"), "ben")
        report = close_measure(work, current_programme(work), "repair", at("17:00"), "ben")
    assert refused.value.code == "period"
    assert report.held_seconds == {"us": 3600, "them": 3 * 3600}
    assert (report.internal_due, report.holder_at_due) == (at("16:00"), None)


def test_what_it_says_while_it_runs_moves_with_the_clock(place: BenchPlace) -> None:
    with place.units() as work:
        assert view_measure(work, current_programme(work), "repair", at("11:00")).report is None
        begin(work)
        view = view_measure(work, current_programme(work), "repair", at("11:00"))
    assert view.report is not None
    assert (view.report.internal.elapsed_seconds, view.report.internal.verdict) == (3600, None)


@pytest.mark.parametrize(
    ("code", "stated", "recorded"),
    [("future", "11:00", "10:30"), ("not_started", "09:00", "10:30"), ("already_ended", "12:30", "13:00")],
)
def test_a_record_that_cannot_be_true_is_refused(place: BenchPlace, code: str, stated: str, recorded: str) -> None:
    with place.units() as work:
        begin(work)
        if code == "already_ended":
            end_series(work, "repair", Side.INTERNAL, at("12:00"), at("12:00"), "ben")
        with pytest.raises(Refused) as refused:
            end_series(work, "repair", Side.INTERNAL, at(stated), at(recorded), "ben")
    assert refused.value.code == code


def test_pauses_of_a_series_do_not_overlap(place: BenchPlace) -> None:
    with place.units() as work:
        begin(work)
        with pytest.raises(Refused, match="not paused"):
            resume_series(work, "repair", Side.INTERNAL, at("10:30"), at("10:30"), "ben")
        pause_series(work, "repair", Side.INTERNAL, at("11:00"), at("11:00"), "ben")
        with pytest.raises(Refused, match="is paused"):
            pause_series(work, "repair", Side.INTERNAL, at("11:30"), at("11:30"), "ben")
        resume_series(work, "repair", Side.INTERNAL, at("11:30"), at("11:30"), "ben")
        with pytest.raises(Refused) as refused:
            end_series(work, "repair", Side.INTERNAL, at("11:10"), at("12:00"), "ben")
    assert refused.value.code == "period"


def test_a_closed_measure_does_not_change_any_more(place: BenchPlace) -> None:
    with place.units() as work:
        with pytest.raises(Refused) as early:
            close_measure(work, current_programme(work), "repair", at("10:00"), "ben")
        begin(work)
        close_measure(work, current_programme(work), "repair", at("12:00"), "ben")
        with pytest.raises(Refused) as late:
            hand_over(work, "repair", "us", at("12:00"), at("12:00"), "ben")
    assert (early.value.code, late.value.code) == ("not_started", "already_closed")


def test_a_measure_is_opened_once_and_an_unknown_one_is_named(place: BenchPlace) -> None:
    with place.units() as work:
        programme = current_programme(work)
        again = NewMeasure("repair", Label.same("Again"), MeasureTerms("fr", WorkingTime(60), 0))
        assert not open_measure(work, programme, again, at("09:00"), "ben")
        with pytest.raises(NotFound, match="nowhere"):
            open_measure(work, programme, replace(again, id="other", terms=replace(again.terms, calendar="nowhere")), at("09:00"), "ben")
        with pytest.raises(NotFound, match="no measure lost"):
            view_measure(work, programme, "lost", at("09:00"))
        assert [row.id for row in fetch_measures(work, only_open=True)] == ["repair"]
