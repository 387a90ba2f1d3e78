"""What the engagement changed: the sponsor's note and the public line."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ancrage.domain.engagement_feedback import Effect, PublicLine, count_public, summarise_feedback
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


def test_the_note_begins_with_what_was_answered() -> None:
    feedback = summarise_feedback("anne", PROMISES, EFFECTS, START, END)
    assert str(feedback.headline) == "Your answers since 2026-01-01: 3. Answers that changed something: 1."


def test_a_quarter_in_which_nothing_was_asked() -> None:
    feedback = summarise_feedback("anne", [], [], START, END)
    assert str(feedback.headline) == "Nothing was answered since 2026-01-01; 0 were asked."


def test_what_is_not_yet_due_is_not_unanswered() -> None:
    assert summarise_feedback("anne", [promise("c5", 88, None)], [], START, END).asked == 0


def test_what_somebody_else_took_over_is_not_answered() -> None:
    taken = replace(promise("c6", 50, 53), answered_at=None, taken_over=True)
    feedback = summarise_feedback("anne", [taken], [], START, END)
    assert (feedback.asked, feedback.unanswered, len(feedback.answers)) == (1, 1, 0)


def test_the_public_line_counts_what_came_due_and_names_nobody() -> None:
    assert count_public(PROMISES, START, END) == (5, 4)
    line = PublicLine(5, 4, alerts_ended=1).message(START.date())
    assert str(line) == (
        "Since 2026-01-01, both sides have kept 4 of 5 promises. Alerts that ended: 1; actions done: 0; levels that rose: 0."
    )


def test_the_public_line_claims_nothing_too_early() -> None:
    assert str(PublicLine(5, 4).message(START.date())).endswith("It is too early to say what changed.")
    assert str(PublicLine(0, 0).message(START.date())) == "No promise has come due since 2026-01-01."
