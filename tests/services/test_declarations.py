"""Declarations applied while commitments run: shown first, never over a fact, deadlines never earlier than announced (ESC-K2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ancrage.domain.programme import Programme
from ancrage.errors import Refused
from ancrage.project import Project
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.services.programme import current_programme
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.engine import fetch_journal
from tests.support.story import PASSED

CLOSED = frozenset({date(2026, 1, 29), date(2026, 1, 30)})
"""Two working days in front of the monthly deadline of 31 January."""


def with_days_off(programme: Programme, days: frozenset[date]) -> Programme:
    calendars = {key: replace(known, holidays=known.holidays | days) for key, known in programme.organisation.calendars.items()}
    return replace(programme, organisation=replace(programme.organisation, calendars=calendars), fingerprint="changed")


def test_what_is_in_force_already_changes_nothing(project: Project) -> None:
    with project.units() as work:
        plan = plan_apply(work, current_programme(work))
        assert plan.is_empty
        assert apply_plan(work, plan, "chloe", PASSED) == 1


def test_a_plan_made_before_somebody_else_applied_is_refused(project: Project) -> None:
    with project.units() as work:
        plan = plan_apply(work, with_days_off(current_programme(work), CLOSED))
        apply_plan(work, plan, "chloe", PASSED)
    with project.units() as work, pytest.raises(Refused, match="meanwhile"):
        apply_plan(work, plan, "anne", PASSED)


def test_a_calendar_change_never_makes_a_running_deadline_earlier_and_is_told(project: Project) -> None:
    with project.reading() as work:
        due = {row.id: row.due_at for row in fetch_commitments(work, only_open=True)}
    at = PASSED + timedelta(minutes=5)
    with project.units() as work:
        apply_plan(work, plan_apply(work, with_days_off(current_programme(work), CLOSED)), "chloe", at)
    with project.reading() as work:
        after = {row.id: row.due_at for row in fetch_commitments(work, only_open=True)}
        told = {row.subject for row in fetch_journal(work) if row.what == "replanned"}
    assert after.keys() == due.keys()
    assert all(after[key] >= due[key] for key in due)
    assert told == {f"commitment:{key}" for key in due}
