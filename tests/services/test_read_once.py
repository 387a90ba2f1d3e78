"""What a unit of work remembers is never older than what it has changed itself, and never older than the unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event

from ancrage.language import Label
from ancrage.project import Project, open_project
from ancrage.services.advance import advance
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.services.programme import current_programme, record_absence
from ancrage.services.readings import points_of, points_of_each
from tests.support.story import DUE


def apply_another_name(project: Project, name: str) -> None:
    with project.units() as work:
        programme = replace(current_programme(work), name=Label.same(name), fingerprint=name)
        apply_plan(work, plan_apply(work, programme), "chloe", DUE)
        assert current_programme(work).name.en == name


def test_what_a_unit_applies_it_reads_itself_and_an_open_process_reads_in_its_next_unit(embedded: Project) -> None:
    with embedded.reading() as work:
        before = current_programme(work)
    elsewhere = open_project(embedded.folder)
    apply_another_name(elsewhere, "Renamed")
    elsewhere.close()
    with embedded.reading() as work:
        assert current_programme(work).name.en == "Renamed" != before.name.en


def test_an_absence_counts_in_the_unit_that_records_it(embedded: Project) -> None:
    with embedded.units() as work:
        assert not current_programme(work).organisation.is_absent("anne", DUE)
        record_absence(work, "anne", DUE, DUE + timedelta(days=1), "leave", "anne", DUE)
        assert current_programme(work).organisation.is_absent("anne", DUE)
    with embedded.reading() as work:
        assert current_programme(work).organisation.is_absent("anne", DUE)


def test_indicators_read_together_are_the_same_as_one_by_one(embedded: Project) -> None:
    with embedded.reading() as work:
        ids = [*current_programme(work).indicators, "unknown"]
        together = points_of_each(work, ids)
        assert together == {indicator: points_of(work, indicator) for indicator in ids}
        assert any(together.values())


def test_a_pass_with_nothing_to_do_asks_little_of_the_database(embedded: Project) -> None:
    """The number of its questions is fixed: it does not grow with commitments, readings or people."""
    advance(embedded, DUE)
    advance(embedded, DUE + timedelta(seconds=1))
    asked: list[str] = []

    @event.listens_for(embedded.database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    report = advance(embedded, DUE + timedelta(seconds=2))
    assert not any(stage.counts for stage in report.stages)
    assert len(asked) <= 20, asked
