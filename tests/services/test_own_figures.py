"""Ancrage's own figures are readings: time to answer, share in time, participation, action delays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ancrage.domain.anchoring.series import Point
from ancrage.domain.anchoring.signals import find_alerts
from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.domain.working_time import WorkingDays
from ancrage.services.commitments import NewCommitment, act_on_commitment, open_commitment
from ancrage.services.programme import current_programme
from models.actions import ActionRow, ActionStatus
from models.campaigns import CampaignRequestRow, CampaignRow, CampaignStatus
from models.commitments import CommitmentKind
from tests.support.collecting import CollectingProject, indicator, make_project

MONDAY = datetime(2026, 2, 2, 8, tzinfo=UTC)
"""09:00 in Paris, where the office opens."""


@pytest.fixture
def project(tmp_path: Path) -> Iterator[CollectingProject]:
    made = make_project(tmp_path / "project", [
        indicator("speed", "{own: time_to_answer}", cadence="month"),
        indicator("in_time", "{own: answered_in_time}", kind="proportion", cadence="month"),
        indicator("part", "{own: campaign_participation}", kind="proportion", cadence="month"),
        indicator("delay", "{own: action_delay}", cadence="month"),
    ])  # fmt: skip
    yield made
    made.close()


def promise(project: CollectingProject, name: str, answered_after: timedelta | None, action: date | None = None) -> None:
    """A commitment of two working days from Monday morning, answered or not; with `action`, of an action due that day."""
    with project.units() as work:
        programme = current_programme(work)
        new = NewCommitment(
            id=name, kind=CommitmentKind.ACTION if action else CommitmentKind.REVIEW, title=programme.name, event_id=name,
            responsible="lead", calendar="office", budget=WorkingDays(2), policy=programme.policies["standard"],
            subject={"action": name} if action else {},
        )
        open_commitment(work, programme, new, MONDAY)
        if action:
            work.session.add(ActionRow(
                programme_id=work.programme_id, id=name, segment="x", title_fr="x", title_en="x", owner="lead", due_on=action,
                status=ActionStatus.ACCEPTED, reasons={}, commitment_id=name, proposed_at=MONDAY, changed_at=MONDAY,
            ))  # fmt: skip
            work.flush()
        if answered_after is not None:
            at = MONDAY + answered_after
            act_on_commitment(work, programme, name, Action(id=f"a:{name}", kind=ActionKind.FULFIL, at=at, by="ben"), ("file",))


def campaign(project: CollectingProject, name: str, closed: datetime | None, submitted: int, asked: int) -> None:
    with project.units() as work:
        work.session.add(CampaignRow(
            programme_id=work.programme_id, id=name, name_fr=name, name_en=name, model_id="m", declaration_version=1, pins={}, scope=[],
            targets={}, opened_at=MONDAY, opened_by="ben", due_on=date(2026, 2, 20), closes_on=date(2026, 2, 20),
            status=CampaignStatus.CLOSED if closed else CampaignStatus.OPEN, closed_at=closed,
        ))  # fmt: skip
        for number in range(asked):
            work.session.add(CampaignRequestRow(
                programme_id=work.programme_id, campaign_id=name, person_id=f"p{number}", commitment_id=f"{name}{number}", cells=[],
                submitted_at=MONDAY if number < submitted else None,
            ))  # fmt: skip


def test_the_time_to_answer_is_a_median_of_working_hours_over_what_was_answered(project: CollectingProject) -> None:
    promise(project, "fast", timedelta(hours=1))
    promise(project, "next_day", timedelta(days=1))
    promise(project, "slow", timedelta(days=7))
    promise(project, "open", None)
    project.collect()
    assert project.readings("speed") == {date(2026, 2, 28): 7.0}, "an office day has 7 hours: 1, 7 and 35"


def test_the_share_in_time_counts_everything_that_was_due(project: CollectingProject) -> None:
    promise(project, "fast", timedelta(hours=1))
    promise(project, "slow", timedelta(days=7))
    promise(project, "open", None)
    project.collect()
    assert project.readings("in_time") == {date(2026, 2, 28): (1, 3)}


def test_participation_is_counted_in_the_month_a_campaign_closes(project: CollectingProject) -> None:
    campaign(project, "winter", MONDAY + timedelta(days=18), 3, 4)
    campaign(project, "spring", None, 1, 9)
    project.collect()
    assert project.readings("part") == {date(2026, 2, 28): (3, 4)}


def test_action_delays_are_days_and_early_ones_count_below_zero(project: CollectingProject) -> None:
    promise(project, "early", timedelta(days=1), action=date(2026, 2, 5))
    promise(project, "late", timedelta(days=7), action=date(2026, 2, 5))
    project.collect()
    assert project.readings("delay") == {date(2026, 2, 28): 1.0}, "between 2 days early and 4 days late"


def test_a_month_is_computed_once_and_corrected_when_something_was_recorded_late(project: CollectingProject) -> None:
    promise(project, "fast", timedelta(hours=1))
    assert project.collect().counts == {"readings_recorded": 2}
    assert project.collect().counts == {}
    assert project.collect(days=1).sources == ()
    promise(project, "slow", timedelta(days=1))
    assert project.collect("speed").counts == {"readings_recorded": 1}
    assert project.readings("speed") == {date(2026, 2, 28): 4.0}


def test_nobody_is_late_where_there_was_nothing_to_count(project: CollectingProject) -> None:
    with project.reading() as work:
        own = current_programme(work).indicators["part"]
    assert find_alerts(own, (Point(date(2025, 6, 30), None, 3, 4),), date(2026, 3, 10)) == ()
