"""From a fired step to a message that has left: claimed before, recorded after, the same message on every attempt (ESC-G1 to G3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from ancrage.domain.escalation.facts import Action, ActionKind, NoticeStatus
from ancrage.language import say
from ancrage.notices.channels import Accepted, Outcome, Permanent, Temporary, Uncertain
from ancrage.notices.message import Envelope
from ancrage.project import Project
from ancrage.services.advance import advance
from ancrage.services.commitments import act_on_commitment
from ancrage.services.delivery import BACK_OFF
from ancrage.services.outbox import NoticeView, view_notices
from ancrage.services.programme import current_programme
from ancrage.storage.notices import fetch_messages
from models.notices import MessageStatus
from tests.support.story import DUE, PASSED

WHY = say("for the test")


@dataclass
class Scripted:
    """A channel that answers as it is told, and remembers what it was handed; when the script is used up it accepts."""

    name: str = "file"
    answers: list[Outcome] = field(default_factory=list)
    handed: list[Envelope] = field(default_factory=list)
    on_delivery: Callable[[], None] = lambda: None

    def deliver(self, envelope: Envelope) -> Outcome:
        self.handed.append(envelope)
        self.on_delivery()
        return self.answers.pop(0) if self.answers else Accepted()


def with_channel(project: Project, answers: Sequence[Outcome]) -> Scripted:
    channel = Scripted(answers=list(answers))
    project.__dict__["channels"] = {"file": channel}
    return channel


def notices(project: Project) -> tuple[NoticeView, ...]:
    with project.reading() as work:
        return view_notices(work, current_programme(work))


def test_a_message_that_was_accepted_is_sent_once(project: Project) -> None:
    channel = with_channel(project, [])
    advance(project, DUE)
    first = len(channel.handed)
    assert first > 0
    advance(project, DUE + timedelta(minutes=1))
    ids = [envelope.message_id for envelope in channel.handed]
    assert len(ids) == len(set(ids)) == first
    assert {view.status for view in notices(project)} <= {NoticeStatus.SENT, NoticeStatus.WAITING}


@pytest.mark.parametrize("answer", [Temporary(WHY), Uncertain(WHY)], ids=["temporary", "uncertain"])
def test_a_message_not_taken_is_tried_again_with_the_same_message_id(project: Project, answer: Outcome) -> None:
    channel = with_channel(project, [answer])
    advance(project, DUE)
    missed = channel.handed[0].message_id
    assert [envelope.message_id for envelope in channel.handed].count(missed) == 1  # not twice in one pass
    advance(project, DUE + BACK_OFF[0])
    assert [envelope.message_id for envelope in channel.handed].count(missed) == 2
    with project.reading() as work:
        again = next(message for message in fetch_messages(work) if message.header_id == missed)
    assert (again.status, again.attempts, again.uncertain) == (MessageStatus.SENT, 2, isinstance(answer, Uncertain))


def test_a_message_refused_for_good_has_failed_and_the_steward_hears_of_it(embedded: Project) -> None:
    channel = with_channel(embedded, [Permanent(WHY)])
    advance(embedded, DUE)
    failed = [view for view in notices(embedded) if view.status is NoticeStatus.FAILED]
    assert failed
    advance(embedded, DUE + timedelta(minutes=1))
    alarms = [view for view in notices(embedded) if view.step == "undelivered"]
    assert {alarm.person for alarm in alarms} == {"Chloé Martin"}
    assert {alarm.status for alarm in alarms} == {NoticeStatus.SENT}
    assert any(failed[0].person in envelope.text for envelope in channel.handed[1:])


def test_a_channel_that_stays_down_fails_in_the_end_and_never_silently(embedded: Project) -> None:
    with_channel(embedded, [Temporary(WHY, channel_down=True)] * 1000)
    at = DUE
    advance(embedded, at)
    for wait in (*BACK_OFF, timedelta(days=1)):
        at += wait
        advance(embedded, at)
    with embedded.reading() as work:
        oldest = next(message for message in fetch_messages(work) if message.send_at > PASSED)
    assert oldest.status is MessageStatus.FAILED
    assert oldest.attempts == len(BACK_OFF) + 1


def test_when_a_channel_is_down_the_other_messages_are_not_handed_to_it_in_that_pass(embedded: Project) -> None:
    channel = with_channel(embedded, [Temporary(WHY, channel_down=True)])
    advance(embedded, DUE)
    assert len(channel.handed) == 1


def test_a_notice_whose_commitment_was_answered_before_the_next_attempt_is_cancelled(embedded: Project) -> None:
    channel = with_channel(embedded, [Temporary(WHY, channel_down=True)])
    advance(embedded, DUE)
    waiting = [view for view in notices(embedded) if view.status is NoticeStatus.WAITING and view.next_at <= DUE]
    assert waiting
    with embedded.units() as work:
        programme = current_programme(work)
        for view in waiting:
            fulfil(embedded, work, programme, view.commitment, DUE + timedelta(seconds=30))
    advance(embedded, DUE + BACK_OFF[0])
    assert len(channel.handed) == 1
    assert {view.status for view in notices(embedded) if view.id in {one.id for one in waiting}} == {NoticeStatus.CANCELLED}


def fulfil(project: Project, work: object, programme: object, commitment: str, at: datetime) -> None:
    action = Action(id=f"test:{commitment}", kind=ActionKind.CANCEL, at=at, by="chloe")
    act_on_commitment(work, programme, commitment, action, project.first_channels)  # type: ignore[arg-type]


def test_a_crash_after_the_server_took_it_sends_the_same_message_again(embedded: Project) -> None:
    """ESC-G3: the one case of a second copy, and it is recognisable."""
    channel = with_channel(embedded, [])

    def die() -> None:
        raise KeyboardInterrupt

    channel.on_delivery = die
    with pytest.raises(KeyboardInterrupt):
        advance(embedded, DUE)
    channel.on_delivery = lambda: None
    advance(embedded, DUE)
    first = channel.handed[0]
    copies = [envelope for envelope in channel.handed if envelope.message_id == first.message_id]
    assert len(copies) == 2
    assert copies[0].subject == copies[1].subject
    assert len({envelope.message_id for envelope in channel.handed}) == len(channel.handed) - 1
