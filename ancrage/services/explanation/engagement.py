"""Explain an engagement record: every figure, with the commitments it counts, and the trend wait by wait."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ancrage.domain.answer_trend import LEARNING, SLACK, trace_answer_trend
from ancrage.domain.engagement_record import Outcome, Promise
from ancrage.domain.programme import Programme
from ancrage.language import Label, Message, say
from ancrage.services.engagement import fetch_promises
from ancrage.services.engagement_views import OUTCOMES, EngagementView, PromiseLine, median_words, show_engagement
from ancrage.services.explanation.lines import ExplanationLine, journal_lines, missing
from ancrage.storage.engine import fetch_journal, fetch_last_pass
from ancrage.storage.unit_of_work import UnitOfWork

COUNTED = (Outcome.KEPT, Outcome.LATE, Outcome.MISSED, Outcome.WAIVED, Outcome.CANCELLED, Outcome.WAITING)


def explain_engagement(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    """The record of a person as of the last pass of the engine: counts, times to answer, survival, trend."""
    as_of = fetch_last_pass(work, "commitments")
    if as_of is None or identity not in programme.organisation.people:
        raise missing("engagement", identity)
    view = show_engagement(work, identity, as_of)
    promises = [promise for promise in fetch_promises(work, programme) if promise.person == identity]
    lines = [ExplanationLine(say("as of the last pass of the engine"), as_of)]
    lines += [*_counts(view), *_waits(view), *_survival(view), *_trend(view, promises)]
    return Label.same(view.name), [*lines, *journal_lines(fetch_journal(work, f"engagement:{identity}"))]


def _counts(view: EngagementView) -> Iterator[ExplanationLine]:
    for kind in COUNTED:
        found = [line for line in view.lines if line.outcome is kind]
        yield ExplanationLine(say("{outcome}: {count}", outcome=Message(OUTCOMES[kind]), count=len(found)), rule="ENG-COUNT")
        for line in found:
            yield ExplanationLine(_counted(line), line.closed_at or line.due_at, follow=f"commitment:{line.commitment}")


def _counted(line: PromiseLine) -> Message:
    if line.taken_over:
        return say("  {title}: somebody else took it over", title=line.title)
    return say("  {title}", title=line.title)


def _waits(view: EngagementView) -> Iterator[ExplanationLine]:
    asked = [line for line in view.lines if not line.periodic]
    yield ExplanationLine(median_words(view.together, view.hours_a_day), rule="ENG-KM")
    for line in sorted(asked, key=lambda each: each.hours):
        hours = f"{line.hours:.1f}"
        what = (
            say("  waited {hours} working hours without an answer: censored", hours=hours)
            if line.answered_at is None else say("  answered after {hours} working hours", hours=hours)
        )  # fmt: skip
        yield ExplanationLine(what, line.answered_at, follow=f"commitment:{line.commitment}")


def _survival(view: EngagementView) -> Iterator[ExplanationLine]:
    for step in view.curve:
        yield ExplanationLine(
            say("  after {hours} h: {answered} of {at_risk} who still waited had an answer; {open} percent still wait",
                hours=f"{step.time:.1f}", answered=step.answered, at_risk=step.at_risk, open=f"{100 * step.open:.0f}"),
            rule="ENG-KM",
        )  # fmt: skip


def _trend(view: EngagementView, promises: Sequence[Promise]) -> Iterator[ExplanationLine]:
    yield ExplanationLine(view.trend.message, rule="ENG-TREND")
    yield ExplanationLine(
        say("added up {strength}, limit {limit} for {promises} promises; the first {learning} only teach, {slack} is taken off each score",
            strength=f"{view.trend.strength:.2f}", limit=f"{view.trend.limit:.2f}", promises=view.trend.promises, learning=LEARNING,
            slack=SLACK),
        rule="ENG-TREND",
    )  # fmt: skip
    for number, heard in enumerate(trace_answer_trend(promises, view.as_of), start=1):
        yield ExplanationLine(
            say("  {number}: {share} percent of the delay used, score {score}, added up {strength}", number=number,
                share=f"{100 * heard.wait.share:.0f}", score=f"{heard.score:+.2f}", strength=f"{heard.strength:.2f}"),
            heard.wait.opened_at, "ENG-TREND", f"commitment:{heard.wait.commitment}",
        )  # fmt: skip
