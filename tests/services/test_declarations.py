"""Declarations applied while commitments run: shown first, never over a fact, deadlines never earlier than announced (ESC-K2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.programme import Programme
from ancrage.errors import Refused
from ancrage.project import Project
from ancrage.services.advance import advance
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.services.outbox import view_notices
from ancrage.services.programme import current_programme
from ancrage.services.waivers import ask_for_waiver
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.engine import fetch_journal
from tests.support.story import DUE, PASSED

ALERT = "react_incident_alert@alert:incident_backlog/threshold:2026-01-12"
CLOSED = frozenset({date(2026, 1, 29), date(2026, 1, 30)})
"""Two working days in front of the monthly deadline of 31 January."""


def with_days_off(programme: Programme, days: frozenset[date]) -> Programme:
    calendars = {key: replace(known, holidays=known.holidays | days) for key, known in programme.organisation.calendars.items()}
    return replace(programme, organisation=replace(programme.organisation, calendars=calendars), fingerprint="changed")


def with_hours_of(programme: Programme, person: str, week: tuple[tuple[tuple[int, int], ...], ...]) -> Programme:
    """One person on a calendar of their own, whose name is new."""
    organisation = programme.organisation
    own = replace(organisation.calendar_of(person), id="own", week=week)
    people = {**organisation.people, person: replace(organisation.people[person], calendar="own", digest_at=None)}
    return replace(programme, fingerprint=f"hours {week[0]}", organisation=replace(
        organisation, people=people, calendars={**organisation.calendars, "own": own}
    ))  # fmt: skip


@pytest.mark.parametrize(
    ("opens", "leaves"),
    [(19, "19:30"), (20, "20:00"), (None, None)],
    ids=["open already: at once, never before the change", "open soon", "never"],
)
def test_a_notice_that_waits_is_planned_anew_when_its_readers_hours_change(
    project: Project, opens: int | None, leaves: str | None
) -> None:
    """ESC-S1: asked at 19:00 in Paris, for tomorrow's opening; at 19:30 the hours of its reader change."""
    advance(project, DUE)
    asked = DUE.replace(hour=18, minute=0)
    with project.units() as work:
        ask_for_waiver(work, ALERT, Action("ask", ActionKind.WAIVE, asked, "anne", reason="why"), project.first_channels)
    advance(project, asked + timedelta(minutes=10))
    changed = asked + timedelta(minutes=30)
    week = ((((opens * 60, 23 * 60),) if opens else ()),) * 5 + (((9 * 60, 10 * 60),), ())
    with project.units() as work:
        apply_plan(work, plan_apply(work, with_hours_of(current_programme(work), "chloe", week)), "chloe", changed)
    for minutes in range(30, 70, 10):
        advance(project, asked + timedelta(minutes=minutes))
    with project.reading() as work:
        (notice,) = [view for view in view_notices(work, current_programme(work), commitment_id=ALERT) if view.step == "waiver_asked"]
    sent = notice.settled_at.astimezone(ZoneInfo("Europe/Paris")).strftime("%H:%M") if notice.settled_at else None
    assert sent == leaves


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
