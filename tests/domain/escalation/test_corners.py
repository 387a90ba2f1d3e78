"""Instants that fall together, bounds that belong to one side: each of these would pass unseen in an ordinary story."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ancrage.domain import working_time
from ancrage.domain.escalation.actions import is_on_time
from ancrage.domain.escalation.facts import ActionKind, Decision, Notice, SkipReason, Status
from ancrage.domain.escalation.ladder import act, advance_ladder, open_ladder, replan, wake_at
from ancrage.domain.escalation.playing import foresee, play
from ancrage.domain.escalation.recipients import responsible_person
from ancrage.domain.escalation.scenario import Event, EventKind, Promise, Running, Scenario
from ancrage.domain.escalation.sending import Gap, LeftMessage, WaitingNotice, plan_sending
from ancrage.domain.policies import Repeat
from ancrage.domain.working_time import Calendar, Pause, WorkingDays, WorkingTime
from tests.support.ladders import OFFICE, action, at, ladder, organisation, step, take, terms

SECOND = timedelta(seconds=1)
HOUR = 3600
FOUR_HOURS = WorkingTime(4 * HOUR)
"""From Thursday 12 at 09:00: due at 15:00."""


def test_at_the_deadline_itself_a_reminder_is_not_late() -> None:
    """ESC-L6: it is skipped when the deadline *has passed*, one second later."""
    who, about = organisation(), terms(ladder(step("remind", "-PT1H")), FOUR_HOURS, started_at=at("12 09:00"))
    state = open_ladder(about, who)
    assert [notice.step for notice in advance_ladder(about, state, who, at("12 15:00")).notices] == ["remind"]
    late = advance_ladder(about, state, who, at("12 15:00") + SECOND)
    assert [(skip.step, skip.reason) for skip in late.state.skipped] == [("remind", SkipReason.LATE)]


def test_a_reminder_planned_for_the_start_itself_is_skipped() -> None:
    """ESC-L6: at or before the start."""
    who = organisation()
    for hours, skipped in ((4, ["remind"]), (3, [])):
        about = terms(ladder(step("remind", f"-PT{hours}H")), FOUR_HOURS, started_at=at("12 09:00"))
        assert [skip.step for skip in open_ladder(about, who).skipped] == skipped


def test_two_steps_of_one_instant_need_two_passes() -> None:
    """ESC-L5, C1: the acknowledgement lapses in the second of the deadline; reminder first, the due step in the next pass, as of 15:00."""
    who = organisation()
    about = terms(ladder(step("remind", "-PT1H"), step("due", "0", "steward")), FOUR_HOURS, started_at=at("12 09:00"))
    state = take(about, open_ladder(about, who), action(ActionKind.ACK, "12 10:00", until="12 15:00"), who)
    first = advance_ladder(about, state, who, at("12 15:00"))
    assert [notice.step for notice in first.notices] == ["remind"]
    assert advance_ladder(about, first.state, who, at("12 15:00")) == Decision(first.state)
    second = advance_ladder(about, first.state, who, at("12 15:00") + SECOND)
    assert [(notice.step, notice.fired_at) for notice in second.notices] == [("due", at("12 15:00"))]


def test_whether_the_next_step_has_passed_is_judged_at_the_lapse() -> None:
    """ESC-A4, C2: lapse at 10:00, next step at 10:20; a pass at 10:30 repeats the last one as of 10:00, as a pass at 10:00 would have."""
    who = organisation()
    about = terms(ladder(step("due", "0"), step("lead", "PT4H", "steward")), FOUR_HOURS, started_at=at("12 09:20"))
    state = advance_ladder(about, open_ladder(about, who), who, at("12 15:20")).state
    state = take(about, state, action(ActionKind.ACK, "12 16:00", until="13 10:00"), who)
    for when in ("13 10:00", "13 10:30"):
        decision = advance_ladder(about, state, who, at(when))
        assert [(notice.step, notice.occurrence, notice.fired_at) for notice in decision.notices] == [("due", 2, at("13 10:00"))]
    after_a_gap = advance_ladder(about, state, who, at("13 17:00"))
    assert [notice.step for notice in after_a_gap.notices] == ["lead"]


def test_a_delegation_ends_just_before_its_end() -> None:
    """ESC-A6: half open, as every period."""
    who, about = organisation(), terms(ladder(step("due", "0")))
    state = take(about, open_ladder(about, who), action(ActionKind.DELEGATE, "13 10:00", to="eva", until="16 10:00"), who)
    assert responsible_person(about, state, who, at("16 10:00") - SECOND) == "eva"
    assert responsible_person(about, state, who, at("16 10:00")) == "ann"


def test_a_resumed_clock_keeps_what_a_calendar_change_had_left() -> None:
    """ESC-K2, P4: Saturday is opened, which would bring Tuesday forward; then a pause at night, which costs nothing."""
    who, about = organisation(), terms(ladder(step("due", "0")))
    saturday = organisation(calendars=(Calendar("fr", OFFICE.zone, OFFICE.week, exceptions={at("14 09:00").date(): ((540, 720),)}),))
    state = replan(about, open_ladder(about, who), who, saturday, at("13 10:00")).state
    state = take(about, state, action(ActionKind.PAUSE, "13 20:00"), saturday)
    state = take(about, state, action(ActionKind.RESUME, "13 21:00"), saturday)
    assert state.due == at("17 00:00")


def test_two_people_escalate_in_one_second() -> None:
    """ESC-A10: no step has fired between them, so neither is refused, and one step fires; a second later it has."""
    who, about = organisation(), terms(ladder(step("due", "0"), step("lead", "1wd", "steward")))
    state = take(about, open_ladder(about, who), action(ActionKind.ESCALATE, "13 10:00", by="ben", step=""), who)
    state = take(about, state, action(ActionKind.ESCALATE, "13 10:00", by="eva", step=""), who)
    assert act(about, state, action(ActionKind.ESCALATE, "13 10:01", by="eva", step=""), who).refused == "already_escalated"
    fired = advance_ladder(about, state, who, at("13 10:00"))
    assert [notice.step for notice in fired.notices] == ["due"]
    assert fired.state.forced_at is None


def test_a_passed_deadline_is_not_saved_by_closing_the_afternoon() -> None:
    """ESC-K2, D5: due at 12:00; on time until 14:00 by the calendar of that day, whatever is declared later."""
    who, about = organisation(), terms(ladder(step("due", "0")), WorkingTime(3 * HOUR), started_at=at("12 09:00"))
    closed = Calendar("fr", OFFICE.zone, OFFICE.week, exceptions={at("12 09:00").date(): ((540, 720),)})
    changed = organisation(calendars=(closed,))
    state = replan(about, open_ladder(about, who), who, changed, at("12 12:30")).state
    assert is_on_time(about, state, closed, at("12 14:00"))
    assert not is_on_time(about, state, closed, at("12 14:00") + SECOND)
    assert replan(about, state, changed, who, at("12 16:00")).state.on_time_until == state.on_time_until


def test_exactly_an_hour_of_gap_keeps_the_instant() -> None:
    """ESC-S6: up to one hour."""
    item = [WaitingNotice("k", Notice("c1", "due", 1, "ann", at("12 09:00")))]
    for until, left in (("12 10:00", "12 09:00"), ("12 10:01", "12 10:01")):
        plan = plan_sending(item, [], organisation(), [Gap(at("12 08:00"), at(until))], at(until))
        assert [message.at for message in plan.messages] == [at(left)]


def test_urgent_messages_do_not_use_up_the_day() -> None:
    """ESC-S4: the limit counts what is not urgent."""
    who, item = organisation(max_per_day=1), [WaitingNotice("k", Notice("c1", "due", 1, "ann", at("12 10:00")))]
    for urgent, sent in ((True, 1), (False, 0)):
        assert len(plan_sending(item, [LeftMessage("ann", at("12 09:00"), urgent)], who, [], at("12 10:00")).messages) == sent


def test_closing_comes_first_in_its_second() -> None:
    """ESC-A2: written after the acknowledgement, of the same second; the acknowledgement finds it closed."""
    events = (
        Event(at("12 16:00"), EventKind.TRIGGER, "c1"),
        Event(at("13 10:00"), EventKind.ACK, "c1", by="ann"),
        Event(at("13 10:00"), EventKind.FULFIL, "c1", by="ann"),
        Event(at("13 10:00"), EventKind.WAIVE, "c1", by="ben", reason="agreed"),
    )
    policy = ladder(step("due", "0"))
    promise = Promise("c1", "fr", "sponsor", "p", WorkingDays(2))
    played = play(Scenario("s", organisation(), {"p": policy}, {"c1": promise}, at("12 09:00"), at("17 09:00"), events=events))
    found = played.commitments["c1"]
    assert found.state.status is Status.CLOSED
    assert [(refused.kind.value, refused.code) for refused in found.rejected] == [("waive", "already_closed"), ("ack", "already_closed")]


def test_hours_before_an_end_inside_a_pause() -> None:
    """ESC-D4, P2."""
    pause = (Pause(at("12 11:30"), at("12 14:30")),)
    assert working_time.before(OFFICE, at("12 12:00"), HOUR, pause) == at("12 10:30")
    assert working_time.before(OFFICE, at("12 15:00"), HOUR, pause) == at("12 11:00")


def test_what_follows_a_gap_that_ends_at_night_does_not_depend_on_the_tick() -> None:
    """ESC-C6, C2: the pass at 03:00 finds it late; the one of 09:12 fires it as of 09:00, and the next one is counted from there."""
    who = organisation()
    about = terms(ladder(step("due", "0"), step("lead", "PT2H", "steward"), repeat=Repeat(WorkingDays(1), 1)))
    state = open_ladder(about, who)
    assert wake_at(about, state, who) == at("17 09:00")
    found = advance_ladder(about, state, who, at("19 03:00"))
    assert found.notices == ()
    assert advance_ladder(about, found.state, who, at("19 03:00")) == Decision(found.state)
    assert advance_ladder(about, found.state, who, at("19 08:00")).state == found.state
    assert wake_at(about, found.state, who) == at("19 09:00")
    fired = advance_ladder(about, found.state, who, at("19 09:12"))
    assert [(notice.step, notice.fired_at) for notice in fired.notices] == [("due", at("19 09:00"))]
    assert wake_at(about, fired.state, who) == at("19 11:00")
    off_again = advance_ladder(about, found.state, who, at("19 15:00"))
    assert [notice.fired_at for notice in off_again.notices] == [at("19 15:00")]


def test_what_will_be_sent_if_nobody_moves() -> None:
    """From commitments and notices as they stand: on the 16th the daily limit is used up, on the 17th the due step supersedes (S4, S8)."""
    who = organisation(max_per_day=1)
    about = terms(ladder(step("due", "0"), step("lead", "1wd", "steward")))
    waiting = Notice("c2", "remind", 1, "ann", at("16 10:00"))
    other = Running(replace(about, commitment="c2"), open_ladder(about, who))
    running, left = [Running(about, open_ladder(about, who)), other], [LeftMessage("ann", at("16 09:00"))]
    outcome = foresee(who, running, [waiting], left, at("16 10:30"), at("19 09:00"))
    told = [(message.at, message.to, [f"{notice.commitment} {notice.step}" for notice in message.items]) for message in outcome.messages]
    assert told == [(at("17 09:00"), "ann", ["c1 due", "c2 due"]), (at("19 09:00"), "ben", ["c1 lead", "c2 lead"])]
