"""Sending, where no scenario file reaches: planning again, notices that cannot leave, gaps nobody wrote down (ESC-S, G2)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from ancrage.domain.escalation.facts import ActionKind, Notice, Status
from ancrage.domain.escalation.ladder import act, open_ladder
from ancrage.domain.escalation.sending import Gap, LeftMessage, SendingPlan, WaitingNotice, plan_sending, sending_instant, waiting_notice
from ancrage.domain.organisation import Organisation
from ancrage.domain.working_time import Calendar
from tests.support.ladders import TORONTO, action, at, ladder, organisation, step, take, terms

SECOND = timedelta(seconds=1)


def notice(fired_at: datetime, *, to: str = "ann", about: str = "c1", name: str = "due", urgent: bool = False) -> Notice:
    return Notice(about, name, 1, to, fired_at, urgent)


def waiting(*notices: Notice, status: Status = Status.OPEN) -> list[WaitingNotice]:
    return [WaitingNotice(f"{item.commitment}/{item.step}", item, status) for item in notices]


def plan(
    items: list[WaitingNotice], as_of: datetime, who: Organisation | None = None, left: list[LeftMessage] | None = None
) -> SendingPlan:
    return plan_sending(items, left or [], who or organisation(), (), as_of)


def test_what_waits_says_when_it_may_leave_first() -> None:
    """ESC-S1: never early."""
    evening = notice(at("13 19:00"))
    planned = plan(waiting(evening), at("13 19:00"))
    assert planned.messages == ()
    assert planned.next_at == {"c1/due": at("16 09:00")}
    assert plan(waiting(evening), at("16 09:00") - SECOND).messages == ()
    assert [message.at for message in plan(waiting(evening), at("16 09:00")).messages] == [at("16 09:00")]


def test_planning_again_after_it_has_left_changes_nothing() -> None:
    """ESC-C1, S4: the message that has left is counted, not sent again."""
    who = organisation(max_per_day=1)
    first, second = notice(at("12 09:00")), notice(at("12 10:00"), about="c2")
    planned = plan(waiting(first, second), at("12 10:00"), who)
    (message,) = planned.messages
    assert planned.next_at == {"c2/due": at("13 09:00")}
    again = plan(waiting(second), at("12 10:30"), who, [LeftMessage("ann", message.at)])
    assert (again.messages, again.next_at) == ((), {"c2/due": at("13 09:00")})


def test_a_late_look_sends_in_the_order_of_time() -> None:
    """ESC-S5, S6: an engine that looks after forty minutes plans what a punctual one would have sent."""
    items = waiting(notice(at("12 09:00")), notice(at("12 09:30"), about="c2"), notice(at("12 09:30"), about="c3"))
    sent = [(message.at, message.keys) for message in plan(items, at("12 09:40")).messages]
    assert sent == [(at("12 09:00"), ("c1/due",)), (at("12 09:30"), ("c2/due", "c3/due"))]


def test_urgent_ones_leave_in_a_message_of_their_own() -> None:
    """ESC-S2, S5."""
    planned = plan(waiting(notice(at("12 09:00")), notice(at("12 09:00"), about="c2", urgent=True)), at("12 09:00"))
    assert [(message.urgent, message.keys) for message in planned.messages] == [(False, ("c1/due",)), (True, ("c2/due",))]


def test_a_gap_that_nobody_wrote_down_is_a_gap() -> None:
    """ESC-S6: more than an hour late, it is counted again from the pass that finds it."""
    found = plan(waiting(notice(at("12 09:00"))), at("12 12:30"))
    assert (found.messages, found.next_at) == ((), {"c1/due": at("12 14:00")})
    urgent = plan(waiting(notice(at("12 09:00"), urgent=True)), at("12 12:30"))
    assert [message.at for message in urgent.messages] == [at("12 12:30")]


def test_a_gap_on_record_is_remembered_after_its_end() -> None:
    """ESC-S6: counted from the first pass after the gap, not from the one that happens to send."""
    gap = Gap(at("12 09:00"), at("12 12:30"))
    item = waiting(notice(at("12 09:00")))
    assert plan_sending(item, [], organisation(), (gap,), at("12 12:30")).next_at == {"c1/due": at("12 14:00")}
    sent = plan_sending(item, [], organisation(), (gap,), at("12 14:20"))
    assert [message.at for message in sent.messages] == [at("12 14:00")]


def test_what_is_no_longer_true_is_cancelled_when_it_would_leave() -> None:
    """ESC-S7: every status but open; `assigned` only by closing."""
    for status in (Status.ACKNOWLEDGED, Status.SNOOZED, Status.PAUSED, Status.CLOSED):
        assert plan(waiting(notice(at("12 09:00")), status=status), at("12 09:00")).cancelled == ("c1/due",)
        assert plan(waiting(notice(at("12 19:00")), status=status), at("12 19:00")).cancelled == ()
    new = notice(at("12 09:00"), name="assigned")
    assert plan(waiting(new, status=Status.ACKNOWLEDGED), at("12 09:00")).messages != ()
    assert plan(waiting(new, status=Status.CLOSED), at("12 09:00")).cancelled == ("c1/assigned",)


def test_a_new_duty_is_told_when_the_pause_ends() -> None:
    """ESC-P1, S7: delegated while paused; nothing leaves before the clock runs again, then by the reader's hours."""
    who, about = organisation(), terms(ladder(step("due", "0")))
    state = take(about, open_ladder(about, who), action(ActionKind.PAUSE, "13 09:00"), who)
    decision = act(about, state, action(ActionKind.DELEGATE, "13 09:30", to="ben"), who)
    (told,) = decision.notices
    held = plan([waiting_notice("k", told, decision.state)], at("13 10:00"))
    assert (held.held, held.messages) == (("k",), ())
    state = take(about, decision.state, action(ActionKind.RESUME, "13 12:15"), who)
    after = plan([waiting_notice("k", told, state)], at("13 14:00"))
    assert [message.at for message in after.messages] == [at("13 14:00")]


def test_hours_that_change_while_it_waits_are_counted_from_the_change() -> None:
    """ESC-S1: Saturday becomes worked on Sunday; the notice of Friday evening does not leave in the past."""
    open_on_weekends = Calendar("fr", "Europe/Paris", (((540, 720), (840, 1080)),) * 7)
    who = organisation(calendars=(open_on_weekends, TORONTO))
    about = terms(ladder(step("due", "0")))
    item = waiting_notice("k", notice(at("13 19:00")), open_ladder(about, who), hours_changed_at=at("15 10:30"))
    assert [message.at for message in plan([item], at("15 10:30"), who).messages] == [at("15 10:30")]


def test_a_notice_that_can_never_leave_is_reported() -> None:
    """ESC-G2: for somebody who is not there any more, or whose calendar has no working time."""
    gone = plan(waiting(notice(at("12 09:00"), to="zoe")), at("12 09:00"))
    assert gone.stuck == ("c1/due",)
    never = organisation(calendars=(Calendar("fr", "Europe/Paris", ((),) * 7), TORONTO))
    closed = plan(waiting(notice(at("12 09:00")), notice(at("12 09:00"), about="c2", urgent=True)), at("12 09:00"), never)
    assert closed.stuck == ("c1/due",)
    assert [message.keys for message in closed.messages] == [("c2/due",)]


def test_a_digest_before_the_opening_is_read_before_the_opening() -> None:
    """ESC-S3: only at that local time, on own working days, whatever the hours."""
    ann = organisation(digest_at=time(7, 30)).people["ann"]
    calendar = organisation().calendars["fr"]
    assert sending_instant(notice(at("13 09:00")), ann, calendar) == at("16 07:30")
    assert sending_instant(notice(at("16 07:30")), ann, calendar) == at("16 07:30")


def test_every_notice_is_in_exactly_one_place() -> None:
    items = waiting(notice(at("12 19:00")), notice(at("12 19:30"), name="lead"), notice(at("12 20:00"), about="c2"))
    items += waiting(notice(at("12 09:00"), to="zoe", about="c3"))
    planned = plan(items, at("12 20:00"))
    places = [*(key for message in planned.messages for key in message.keys), *planned.cancelled, *planned.superseded]
    places += [*planned.next_at, *planned.held, *planned.stuck]
    assert sorted(places) == sorted(item.key for item in items)
    assert set(planned.reasons) == {item.key for item in items}
