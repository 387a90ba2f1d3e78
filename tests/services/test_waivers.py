"""A request to be let off reaches those who may decide it, and its answer reaches who asked (ESC-A8, W3, W6, S7, S8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from ancrage.domain.escalation.facts import Action, ActionKind, NoticeStatus
from ancrage.domain.escalation.recipients import Recipient
from ancrage.errors import Refused
from ancrage.project import Project
from ancrage.services.advance import advance
from ancrage.services.commitments import act_on_commitment
from ancrage.services.declarations import apply_plan, plan_apply
from ancrage.services.outbox import NoticeView, view_notices
from ancrage.services.programme import current_programme, record_absence
from ancrage.services.waivers import ask_for_waiver, deciders, fetch_waiver_requests, may_waive, refuse_waivers
from ancrage.storage.commitments import fetch_commitment
from tests.services.test_delivery import with_channel
from tests.support.story import DUE

ALERT = "react_incident_alert@alert:incident_backlog/threshold:2026-01-12"
"""Owed by Anne, the sponsor; Chloé may waive it, and Nadia stands in for her."""
ASKED = DUE + timedelta(minutes=30)


@pytest.fixture
def raised(embedded: Project) -> Project:
    """The alert has opened its commitment; what is due has left."""
    with_channel(embedded, [])
    advance(embedded, DUE)
    return embedded


def ask(project: Project, by: str = "anne", reason: str = "The tool is being replaced", at: datetime = ASKED, key: str = "") -> None:
    with project.units() as work:
        ask_for_waiver(work, ALERT, Action(key or f"ask:{by}:{at}", ActionKind.WAIVE, at, by, reason=reason), project.first_channels)


def refuse(project: Project, by: str = "chloe", up_to: int = 9, reason: str = "Not yet", at: datetime = ASKED, key: str = "no") -> None:
    with project.units() as work:
        refuse_waivers(work, ALERT, Action(key, ActionKind.WAIVE, at, by, reason=reason), up_to, project.first_channels)


def told(project: Project, step: str = "waiver_asked") -> list[NoticeView]:
    with project.reading() as work:
        return [view for view in view_notices(work, current_programme(work), commitment_id=ALERT) if view.step == step]


def away(project: Project, *people: str) -> None:
    for person in people:
        with project.units() as work:
            record_absence(work, person, DUE, DUE + timedelta(days=30), "", person, DUE)


def test_on_either_database_a_request_reaches_who_may_waive_it_once(project: Project) -> None:
    channel = with_channel(project, [])
    advance(project, DUE)
    for _ in range(2):  # the same act twice
        ask(project, key="one act")
    advance(project, ASKED + timedelta(minutes=1))
    (notice,) = told(project)
    assert (notice.person, notice.occurrence, notice.status) == ("Chloé Martin", 1, NoticeStatus.SENT)
    (mail,) = [envelope for envelope in channel.handed if "The tool is being replaced" in envelope.text]
    assert mail.to == "chloe.martin@tressane.example"
    assert "Anne Delorme" in mail.subject
    assert mail.calendar is None  # a deadline of somebody else
    refuse(project, at=ASKED + timedelta(minutes=2))
    advance(project, DUE.replace(day=28, hour=8))  # her digest, at nine in Paris (ESC-S3)
    (answer,) = told(project, "waiver_refused")
    assert (answer.person, answer.status) == ("Anne Delorme", NoticeStatus.SENT)
    assert any("Not yet" in envelope.text and envelope.to == "anne.delorme@tressane.example" for envelope in channel.handed)


def test_who_stands_in_is_told_while_the_one_who_may_waive_is_away_and_the_right_does_not_move(raised: Project) -> None:
    away(raised, "chloe")
    ask(raised)
    (notice,) = told(raised)
    assert notice.person == "Nadia Benali"  # ESC-W3
    with pytest.raises(Refused) as refused:
        refuse(raised, by="nadia")
    assert refused.value.code == "not_allowed"


def test_the_fallback_is_told_when_nobody_else_can_be(raised: Project) -> None:
    away(raised, "chloe", "nadia")
    with raised.reading() as work:
        programme, row = current_programme(work), fetch_commitment(work, ALERT)
        assert row is not None
        elsewhere = replace(programme, organisation=replace(programme.organisation, fallback="claire"))
        asked = Action("ask", ActionKind.WAIVE, ASKED, "anne", reason="why")
        assert deciders(elsewhere, row, asked) == (Recipient("claire"),)  # ESC-W6
        assert not may_waive(elsewhere, row, "claire", ASKED)
    ask(raised)
    assert [notice.person for notice in told(raised)] == ["Chloé Martin"]  # the fallback of the example, away or not


def test_a_fallback_who_may_not_waive_reads_that_nobody_else_was_told(raised: Project) -> None:
    away(raised, "chloe", "nadia")
    with raised.units() as work:
        programme = current_programme(work)
        moved = replace(programme, organisation=replace(programme.organisation, absences=(), fallback="claire"))
        apply_plan(work, plan_apply(work, moved), by="chloe", at=DUE)
    channel = with_channel(raised, [])
    ask(raised)
    advance(raised, ASKED + timedelta(minutes=1))
    (mail,) = [envelope for envelope in channel.handed if envelope.to == "claire.dubois@tressane.example"]
    assert "personne" in mail.text or "Nobody who may waive it can be told" in mail.text


def test_nobody_is_told_of_their_own_request(raised: Project) -> None:
    ask(raised, by="chloe")  # she may waive it, and is the fallback
    assert told(raised) == []


def test_several_askers_are_told_apart_and_answered_together(raised: Project) -> None:
    ask(raised)
    ask(raised, by="david", reason="Nobody reads it")
    assert [notice.occurrence for notice in told(raised)] == [1, 2]
    refuse(raised)
    assert {(notice.person, notice.occurrence) for notice in told(raised, "waiver_refused")} == {("Anne Delorme", 1), ("David Okafor", 2)}


def test_a_refusal_says_nothing_about_a_request_its_author_had_not_read(raised: Project) -> None:
    ask(raised)
    ask(raised, by="david")
    refuse(raised, up_to=1)
    assert [notice.person for notice in told(raised, "waiver_refused")] == ["Anne Delorme"]
    with raised.reading() as work:
        assert [one.refused is None for one in fetch_waiver_requests(work, ALERT)] == [False, True]


def test_asking_again_before_the_answer_is_refused_and_after_it_is_a_new_request(raised: Project) -> None:
    ask(raised)
    with pytest.raises(Refused) as refused:
        ask(raised, at=ASKED + timedelta(minutes=5))
    assert refused.value.code == "already_asked"
    assert len(told(raised)) == 1
    refuse(raised, at=ASKED + timedelta(minutes=6))
    ask(raised, at=ASKED + timedelta(minutes=7))
    assert [notice.occurrence for notice in told(raised)] == [1, 2]


def test_refusing_twice_is_refusing_once(raised: Project) -> None:
    ask(raised)
    for _ in range(2):
        refuse(raised)
    refuse(raised, key="another press, nothing left to refuse")
    assert len(told(raised, "waiver_refused")) == 1


@pytest.mark.parametrize("step", ["waiver_asked", "waiver_refused"])
def test_an_acknowledgement_does_not_take_it_back_and_closing_does(raised: Project, step: str) -> None:
    ask(raised, at=ASKED)
    if step == "waiver_refused":
        refuse(raised)
    evening = ASKED.replace(hour=20)
    away(raised)
    with raised.units() as work:
        programme = current_programme(work)
        act_on_commitment(work, programme, ALERT, Action("ack", ActionKind.ACK, ASKED, "anne"), raised.first_channels)
    advance(raised, evening)
    kept = {notice.status for notice in told(raised, step)}
    assert NoticeStatus.CANCELLED not in kept  # ESC-S7


def test_a_request_that_still_waits_is_cancelled_when_the_commitment_closes(raised: Project) -> None:
    night = DUE.replace(hour=21)
    ask(raised, at=night)
    with raised.units() as work:
        programme = current_programme(work)
        act_on_commitment(work, programme, ALERT, Action("done", ActionKind.FULFIL, night, "anne"), raised.first_channels)
    advance(raised, night + timedelta(hours=12))
    assert {notice.status for notice in told(raised)} == {NoticeStatus.CANCELLED}


def test_a_step_of_the_ladder_does_not_replace_a_request_that_waits(raised: Project) -> None:
    night = DUE.replace(hour=21)  # Chloé reads tomorrow; the ladder goes on meanwhile
    ask(raised, at=night)
    for hours in (12, 36, 60, 84):
        advance(raised, night + timedelta(hours=hours))
    assert {notice.status for notice in told(raised)} == {NoticeStatus.SENT}  # ESC-S8


def test_nothing_is_asked_or_refused_once_it_is_closed(raised: Project) -> None:
    with raised.units() as work:
        programme = current_programme(work)
        act_on_commitment(work, programme, ALERT, Action("done", ActionKind.FULFIL, ASKED, "anne"), raised.first_channels)
    ask(raised)
    assert told(raised) == []
    with pytest.raises(Refused) as refused:
        refuse(raised)
    assert refused.value.code == "already_closed"


@pytest.mark.parametrize("what", [ask, refuse])
def test_both_need_a_reason(raised: Project, what: object) -> None:
    ask(raised, by="david")
    with pytest.raises(Refused) as refused:
        what(raised, reason="")  # type: ignore[operator]
    assert refused.value.code == "reason_missing"
