"""What people decide about indicators counts in verdicts and charts; an alert is answered in four ways, each ends what was owed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from ancrage.domain.anchoring.course import Detail
from ancrage.domain.anchoring.verdict import State
from ancrage.domain.escalation.facts import Action, ActionKind, Result, Status
from ancrage.domain.indicators import Phase
from ancrage.errors import NotFound, Refused
from ancrage.project import Project, open_project
from ancrage.services.advance import advance
from ancrage.services.alert_answers import AlertAnswer, Plan, answer_alert, answers_to
from ancrage.services.anchoring_decisions import ask_for_decisions, decide_lifetime, decide_rebase, record_support_ended
from ancrage.services.commitments import act_on_commitment
from ancrage.services.indicator_charts import proposed_rebases, study_indicator
from ancrage.services.programme import current_programme
from ancrage.services.readings import NewReading, record_reading
from ancrage.storage.campaigns import fetch_action
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.indicators import fetch_alert
from models.actions import ActionStatus
from models.commitments import CommitmentRow
from models.indicators import AlertStatus
from tests.support.fading import DELIVERED, EFFECT, FADING, FALLING, NOW, fading_project
from tests.support.story import copy_of

ALERT = f"{FADING}/erosion:{FALLING}"
ASKED = f"support_triage@alert:{ALERT}"
LATER = NOW + timedelta(hours=3)


@pytest.fixture(scope="module")
def faded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fading_project(tmp_path_factory.mktemp("fading") / "project")


@pytest.fixture
def project(faded: Path, tmp_path: Path) -> Iterator[Project]:
    with closing(open_project(copy_of(faded, tmp_path / "project"))) as opened:
        yield opened


def state(project: Project, indicator: str = FADING) -> tuple[State, Detail | None]:
    with project.reading() as work:
        verdict = study_indicator(work, indicator, LATER).verdict
    return verdict.state, verdict.detail


def commitment(project: Project, identity: str) -> CommitmentRow:
    with project.reading() as work:
        row = fetch_commitment(work, identity)
        assert row is not None
        work.session.expunge(row)
    return row


def answered(project: Project, answer: AlertAnswer, reason: str = "", plan: Plan | None = None, by: str = "anne") -> None:
    with project.units() as work:
        action = Action(id=f"a-{answer}", kind=ActionKind.FULFIL, at=LATER, by=by, reason=reason)
        assert answer_alert(work, ASKED, action, answer, ("file",), plan) is None


# --- verdicts --------------------------------------------------------------------------------------------------------------


def test_an_effect_whose_practice_is_not_adopted_is_too_early_and_never_without_an_event(project: Project) -> None:
    assert state(project, EFFECT) == (State.INSUFFICIENT_DATA, Detail.TOO_EARLY)


def test_a_practice_whose_tool_has_no_day_has_no_event(tmp_path: Path) -> None:
    with closing(open_project(fading_project(tmp_path / "project", delivered=False))) as project:
        assert state(project) == (State.INSUFFICIENT_DATA, Detail.NO_EVENT)
        assert state(project, EFFECT) == (State.INSUFFICIENT_DATA, Detail.TOO_EARLY)


def test_six_months_are_counted_from_the_end_of_support(project: Project) -> None:
    with project.reading() as work:
        assert study_indicator(work, FADING, LATER).verdict.anchored_on is not None
    with project.units() as work:
        record_support_ended(work, "incident_triage", date(2025, 6, 2), "the coach has left", "chloe", LATER)
    with project.reading() as work:
        study = study_indicator(work, FADING, LATER)
    assert study.verdict.anchored_on is None
    assert study.events[-1].text.text("en") == "support ended"


def test_an_end_of_support_to_come_or_of_an_unknown_transformation_is_refused(project: Project) -> None:
    with project.units() as work:
        with pytest.raises(Refused, match="has not happened yet"):
            record_support_ended(work, "incident_triage", date(2026, 12, 1), "-", "chloe", LATER)
        with pytest.raises(NotFound, match="incident_triage"):
            record_support_ended(work, "nothing", date(2025, 12, 1), "-", "chloe", LATER)


# --- phases of the chart ---------------------------------------------------------------------------------------------------


def test_phases_are_proposed_and_only_what_a_person_accepts_is_drawn(project: Project) -> None:
    with project.units() as work:
        proposals, accepted = proposed_rebases(work, FADING, LATER)
        assert ([one.day for one in proposals], accepted) == ([DELIVERED, FALLING], ())
        assert len(study_indicator(work, FADING, LATER).chart.phases) == 1
        assert decide_rebase(work, FADING, DELIVERED, accept=True, why="the tool came", by="sofia", at=LATER)
        assert not decide_rebase(work, FADING, DELIVERED, accept=True, why="again", by="sofia", at=LATER + timedelta(minutes=1))
        assert len(study_indicator(work, FADING, LATER).chart.phases) == 2
        assert decide_rebase(work, FADING, FALLING, accept=False, why="not a level to stay at", by="chloe", at=LATER)
        assert proposed_rebases(work, FADING, LATER) == ((), (DELIVERED,))


def test_a_later_decision_about_the_same_day_stands(project: Project) -> None:
    with project.units() as work:
        decide_rebase(work, FADING, DELIVERED, accept=True, why="the tool came", by="sofia", at=LATER)
        decide_rebase(work, FADING, DELIVERED, accept=False, why="a mistake", by="sofia", at=LATER + timedelta(hours=1))
        assert proposed_rebases(work, FADING, LATER)[1] == ()


@pytest.mark.parametrize(("day", "why", "by", "refused"), [
    (date(2025, 4, 8), "no reading", "sofia", NotFound), (DELIVERED, "", "sofia", Refused), (DELIVERED, "not mine", "david", Refused),
])  # fmt: skip
def test_a_phase_needs_a_reading_a_reason_and_somebody_who_may_decide(
    project: Project, day: date, why: str, by: str, refused: type[Exception]
) -> None:
    with project.units() as work, pytest.raises(refused):
        decide_rebase(work, FADING, day, accept=True, why=why, by=by, at=LATER)


# --- answers to an alert ---------------------------------------------------------------------------------------------------


def test_the_sponsor_has_all_answers_to_an_erosion_and_the_owner_cannot_accept_the_level(project: Project) -> None:
    with project.reading() as work:
        sponsor, owner = answers_to(work, ASKED, "anne", LATER), answers_to(work, ASKED, "sofia", LATER)
        other = answers_to(work, "react_incident_alert@alert:incident_backlog/threshold:2026-01-12", "anne", LATER)
    assert sponsor is not None
    assert sponsor.answers == tuple(AlertAnswer)
    assert sponsor.proposed == f"erosion:{FADING}:{FALLING}"
    assert owner is not None
    assert AlertAnswer.ACCEPT_LEVEL not in owner.answers
    assert other is not None
    assert AlertAnswer.ACCEPT_LEVEL not in other.answers


def test_to_act_takes_the_proposed_action_into_the_plan_and_keeps_the_promise(project: Project) -> None:
    answered(project, AlertAnswer.ACT, "two more people", Plan("two more people", date(2026, 3, 31)))
    with project.reading() as work:
        action = fetch_action(work, f"erosion:{FADING}:{FALLING}")
        assert action is not None
        assert (action.status, action.due_on, action.owner) == (ActionStatus.ACCEPTED, date(2026, 3, 31), "incident_owner")
    assert commitment(project, ASKED).result is Result.KEPT


def test_to_act_may_link_an_action_that_runs_and_needs_a_date_otherwise(project: Project) -> None:
    with pytest.raises(Refused, match="needs a date"):
        answered(project, AlertAnswer.ACT, "later", Plan("later"))
    assert commitment(project, ASKED).status is Status.OPEN
    with pytest.raises(NotFound):
        answered(project, AlertAnswer.ACT, "see there", Plan(action_id="nothing"))
    answered(project, AlertAnswer.ACT, "see there", Plan(action_id=f"erosion:{FADING}:{FALLING}"))
    assert commitment(project, ASKED).result is Result.KEPT


def test_an_accepted_level_ends_the_erosion_and_its_alert(project: Project) -> None:
    answered(project, AlertAnswer.ACCEPT_LEVEL, "we close earlier since November")
    assert commitment(project, ASKED).result is Result.KEPT
    assert state(project)[0] is State.ADOPTED
    advance(project, LATER + timedelta(hours=1))
    with project.reading() as work:
        alert = fetch_alert(work, ALERT)
        assert alert is not None
        assert alert.status is AlertStatus.CLOSED
        assert "new level accepted" in study_indicator(work, FADING, LATER).events[-1].text.text("en")


@pytest.mark.parametrize(("reason", "by", "code"), [("", "anne", "reason_missing"), ("mine", "sofia", "not_allowed")])
def test_a_level_is_accepted_with_a_reason_and_by_a_sponsor(project: Project, reason: str, by: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        answered(project, AlertAnswer.ACCEPT_LEVEL, reason, by=by)
    assert refused.value.code == code
    assert (state(project)[0], commitment(project, ASKED).status) == (State.ERODING, Status.OPEN)


def test_an_analysis_is_owed_by_the_owner_and_then_the_sponsor_is_asked_again(project: Project) -> None:
    answered(project, AlertAnswer.ANALYSE, "which teams?")
    analysis = commitment(project, f"analysis:{ALERT}")
    assert (analysis.responsible, analysis.status, commitment(project, ASKED).result) == ("incident_owner", Status.OPEN, Result.KEPT)
    tomorrow = LATER + timedelta(days=1)
    with project.units() as work:
        done = Action(id="said why", kind=ActionKind.FULFIL, at=tomorrow, by="sofia", reason="the night team")
        assert act_on_commitment(work, current_programme(work), analysis.id, done, ("file",)).refused is None
        assert ask_for_decisions(work, current_programme(work), tomorrow) == 1
        assert ask_for_decisions(work, current_programme(work), tomorrow) == 0
        again = f"support_triage@analysed:{ALERT}"
        possible = answers_to(work, again, "anne", tomorrow)
        assert possible is not None
        assert AlertAnswer.ANALYSE not in possible.answers
        with pytest.raises(Refused, match="asked for already"):
            answer_alert(work, again, Action(id="b", kind=ActionKind.FULFIL, at=tomorrow, by="anne"), AlertAnswer.ANALYSE, ("file",))


def test_an_answer_is_taken_once_and_what_asks_about_no_alert_takes_none(project: Project) -> None:
    answered(project, AlertAnswer.ANALYSE)
    answered(project, AlertAnswer.ANALYSE)
    other = Action(id="c", kind=ActionKind.FULFIL, at=LATER, by="sofia")
    with project.units() as work, pytest.raises(Refused, match="does not ask about an alert"):
        answer_alert(work, f"analysis:{ALERT}", other, AlertAnswer.ACT, ("file",))


# --- lifetimes -------------------------------------------------------------------------------------------------------------


def test_an_indicator_followed_for_its_time_asks_its_owner_once_and_only_a_decision_ends_that(project: Project) -> None:
    after = NOW.replace(year=2027, month=7, day=5)
    asked = f"lifetime:{FADING}:2027-06-30"
    with project.units() as work:
        opened = ask_for_decisions(work, current_programme(work), after)
        assert opened > 0
        assert ask_for_decisions(work, current_programme(work), after) == 0
        done = Action(id="done", kind=ActionKind.FULFIL, at=after, by="sofia")
        assert act_on_commitment(work, current_programme(work), asked, done, ("file",)).refused == "not_decided"
        decide_lifetime(work, FADING, Phase.WATCH, date(2028, 6, 30), "it holds", "sofia", after, ("file",))
    assert commitment(project, asked).result is Result.KEPT
    with project.units() as work:
        ask_for_decisions(work, current_programme(work), after.replace(year=2028))
    assert commitment(project, f"lifetime:{FADING}:2028-06-30").responsible == "incident_owner"


def test_a_retired_indicator_raises_nothing_and_does_not_come_back(project: Project) -> None:
    with project.units() as work:
        with pytest.raises(Refused, match="in the future"):
            decide_lifetime(work, FADING, Phase.WATCH, date(2025, 1, 1), "-", "sofia", LATER, ("file",))
        decide_lifetime(work, FADING, Phase.RETIRE, None, "the process has gone", "sofia", LATER, ("file",))
        with pytest.raises(Refused, match="cannot go back"):
            decide_lifetime(work, FADING, Phase.WATCH, None, "or not", "sofia", LATER, ("file",))
    advance(project, LATER + timedelta(days=60))
    with project.reading() as work:
        assert fetch_alert(work, f"{FADING}/missing:2026-W05") is None


def test_the_same_readings_are_judged_anew_after_a_decision_of_the_same_day(project: Project) -> None:
    with project.units() as work:
        record_reading(work, current_programme(work), NewReading(FADING, date(2026, 1, 26), numerator=88, denominator=100), "sofia", "csv",
                       LATER)  # fmt: skip
    answered(project, AlertAnswer.ACCEPT_LEVEL, "a new level")
    assert advance(project, LATER + timedelta(hours=2)).count("verdicts_changed") == 1
