"""A sponsor whose answers slow down opens one commitment of the steward; it ends when they come as they used to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ancrage.domain.answer_trend import Pace, determine_answer_trend
from ancrage.domain.escalation.facts import Action, ActionKind, Result, Status
from ancrage.domain.working_time import WorkingTime, due_instant
from ancrage.project import Project
from ancrage.services.commitments import act_on_commitment
from ancrage.services.engagement import fetch_promises
from ancrage.services.engagement_views import list_engagement, median_words, show_engagement
from ancrage.services.engagement_watch import watch_engagement
from ancrage.services.explanation import explain
from ancrage.services.message_items import why_opened
from ancrage.services.programme import current_programme
from ancrage.services.promises import call_promise
from ancrage.storage.commitments import fetch_commitments
from ancrage.storage.unit_of_work import UnitOfWork
from models.commitments import CommitmentKind, CommitmentRow
from tests.support.story import BEGUN

CLAUSE = "validate_incident_perimeter"
CHANNELS = ("file",)
QUICK, SLOW = 4.0, 20.0


def asked(work: UnitOfWork, week: int, hours: float | None, by: str = "anne") -> None:
    """Called every Monday at 10 in Paris, due five working days later; answered after working `hours` (None: never)."""
    at = BEGUN + timedelta(weeks=week, hours=1)
    programme = current_programme(work)
    assert call_promise(work, programme, CLAUSE, f"called:{week}", "because", "chloe", at)
    if hours is not None:
        answered = due_instant(programme.organisation.calendars["lyon"], at, WorkingTime(int(hours * 3600)))
        answer = Action(id=f"answer:{week}", kind=ActionKind.FULFIL, at=answered, by=by, reason="agreed")
        assert act_on_commitment(work, programme, f"{CLAUSE}@called:{week}", answer, CHANNELS).refused is None
    work.flush()


def talks(work: UnitOfWork) -> list[CommitmentRow]:
    return [row for row in fetch_commitments(work, kind=CommitmentKind.REVIEW) if "sponsor" in row.subject]


def look(work: UnitOfWork, week: float) -> tuple[int, int, int]:
    report = watch_engagement(work, current_programme(work), BEGUN + timedelta(weeks=week), CHANNELS)
    work.flush()
    return report.slowing, report.opened, report.closed


@pytest.fixture
def slowing(embedded: Project) -> Project:
    """Twelve quick answers, then six slower from week to week, all of them in time; the last one 17 weeks after the beginning."""
    with embedded.units() as work:
        for week in range(12):
            asked(work, week, QUICK + 7 * week % 5 / 10)
        for week in range(12, 18):
            asked(work, week, SLOW + 2 * (week - 12))
    return embedded


def test_a_steady_sponsor_is_left_in_peace(slowing: Project) -> None:
    with slowing.units() as work:
        assert look(work, 11.9) == (0, 0, 0)


def test_slower_answers_ask_the_steward_to_speak_with_the_sponsor_once(slowing: Project) -> None:
    with slowing.units() as work:
        assert look(work, 18.5) == (1, 1, 0)
        assert look(work, 18.6) == (1, 0, 0)
        (row,) = talks(work)
        assert (row.responsible, row.answerable, row.policy_hash != "") == ("improvement_lead", "chloe", True)
        assert row.terms["policy"]["id"] == "steward_promise"
        assert "Anne Delorme" in row.title_en
        assert "percent of the delay is used" in str(why_opened(work, row))


def test_it_is_heard_before_the_first_promise_stalls(slowing: Project) -> None:
    with slowing.reading() as work:
        promises = [promise for promise in fetch_promises(work) if promise.clause == CLAUSE]
        assert all(promise.result is Result.KEPT for promise in promises)
        assert determine_answer_trend(promises, BEGUN + timedelta(weeks=18.5)).pace is Pace.SLOWING


def test_one_slow_row_is_spoken_about_once(slowing: Project) -> None:
    with slowing.units() as work:
        look(work, 18.5)
        (row,) = talks(work)
        done = Action(id="spoken", kind=ActionKind.FULFIL, at=BEGUN + timedelta(weeks=18.6), by="chloe")
        act_on_commitment(work, current_programme(work), row.id, done, CHANNELS)
        assert look(work, 18.7) == (1, 0, 0)
        assert len(talks(work)) == 1


def test_it_ends_by_itself_when_answers_come_as_they_used_to(slowing: Project) -> None:
    with slowing.units() as work:
        look(work, 18.5)
        for week in range(19, 26):
            asked(work, week, 1.0)
        assert look(work, 26) == (0, 0, 1)
        (row,) = talks(work)
        assert (row.status, row.result) == (Status.CLOSED, Result.CANCELLED)
        assert look(work, 26.1) == (0, 0, 0)


def test_silence_thins_out(embedded: Project) -> None:
    with embedded.units() as work:
        for week in range(20):
            asked(work, week, QUICK + 7 * week % 5 / 10 if week < 14 else None)
        assert look(work, 23)[0] == 1
        view = show_engagement(work, "anne", BEGUN + timedelta(weeks=23))
        assert view.trend.pace is Pace.THINNING
        assert "thin out" in talks(work)[0].title_en


def test_what_somebody_else_takes_over_is_no_answer_of_the_sponsor(embedded: Project) -> None:
    with embedded.units() as work:
        asked(work, 0, QUICK)
        asked(work, 1, SLOW, by="chloe")
        view = show_engagement(work, "anne", BEGUN + timedelta(weeks=4))
        lines = {line.commitment: line for line in view.lines}
        taken = lines[f"{CLAUSE}@called:1"]
        assert (taken.taken_over, taken.answered_at) == (True, None)
        assert lines[f"{CLAUSE}@called:0"].hours == QUICK  # 10 to 12 and 14 to 16 in Paris: lunch is nobody's delay


def test_the_median_says_how_many_are_still_waited_for(embedded: Project) -> None:
    with embedded.units() as work:
        for week, wait in enumerate((QUICK, None, None)):
            asked(work, week, wait)
        view = show_engagement(work, "anne", BEGUN + timedelta(weeks=4))
        assert str(median_words(view.together, view.hours_a_day)).startswith("Median not reached: 1 of 3 answered")
        assert next(iter(list_engagement(work, BEGUN + timedelta(weeks=4)))).person == "anne"


def test_every_figure_is_explained_by_its_commitments(slowing: Project) -> None:
    with slowing.units() as work:
        look(work, 18.5)
    with slowing.reading() as work:
        found = explain(work, "engagement:anne")
        told = [str(line.what) for line in found.lines]
        assert any("score" in line and "added up" in line for line in told)
        assert {"ENG-COUNT", "ENG-KM", "ENG-TREND"} <= {line.rule for line in found.lines}
        assert any(line.follow.startswith(f"commitment:{CLAUSE}") for line in found.lines)
