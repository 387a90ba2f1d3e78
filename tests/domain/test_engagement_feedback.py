"""What the engagement changed: the sponsor's note and the public line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ancrage.domain.engagement_feedback import Effect, summarise_feedback
from ancrage.domain.engagement_record import Promise
from ancrage.domain.escalation.facts import Result
from ancrage.language import say

START = datetime(2026, 1, 1, tzinfo=UTC)
END = datetime(2026, 4, 1, tzinfo=UTC)


def promise(name: str, opened: int, answered: int | None, person: str = "anne") -> Promise:
    at = START + timedelta(days=answered) if answered is not None else None
    opened_at = START + timedelta(days=opened)
    return Promise(name, "react", person, opened_at, opened_at + timedelta(days=5), at, at, Result.KEPT if at else None)


PROMISES = [
    promise("c1", 10, 12), promise("c2", 20, 21), promise("c3", 30, None), promise("c4", 40, 44), promise("c5", 88, None),
    promise("before", -20, -18), promise("after", 95, 96), promise("other", 10, 11, person="bruno"),
]  # fmt: skip
EFFECTS = [Effect("c2", say("an action began")), Effect("c2", say("the backlog is back under 60")), Effect("other", say("not hers"))]


def test_the_answers_of_the_quarter_and_what_they_changed() -> None:
    feedback = summarise_feedback("anne", PROMISES, EFFECTS, START, END)
    assert [answer.promise.commitment for answer in feedback.answers] == ["c1", "c2", "c4"]
    assert [[str(effect.message) for effect in answer.effects] for answer in feedback.answers] == [
        [], ["an action began", "the backlog is back under 60"], [],
    ]  # fmt: skip
    assert (feedback.asked, feedback.unanswered, feedback.changed, feedback.median_days) == (4, 1, 1, 2.0)


def test_the_note_and_the_public_line() -> None:
    feedback = summarise_feedback("anne", PROMISES, EFFECTS, START, END)
    assert str(feedback.headline) == "Your answers since 2026-01-01: 3. Answers that changed something: 1."
    assert str(feedback.public_line("Anne")) == "Anne: answered 3 of 4 since 2026-01-01; 1 changes followed."


def test_a_quarter_in_which_nothing_was_asked() -> None:
    feedback = summarise_feedback("anne", [], [], START, END)
    assert str(feedback.public_line("Anne")) == "Anne: nothing was asked since 2026-01-01."
    assert str(feedback.headline) == "Nothing was answered since 2026-01-01; 0 were asked."


def test_what_is_not_yet_due_is_not_unanswered() -> None:
    assert summarise_feedback("anne", [promise("c5", 88, None)], [], START, END).asked == 0
