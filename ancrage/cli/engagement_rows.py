"""How the command line shows engagement records, notes and public lines, as text and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ancrage.cli.invocation import Invocation
from ancrage.cli.opening import local
from ancrage.cli.tables import show_table
from ancrage.language import Message, say

if TYPE_CHECKING:
    from ancrage.domain.engagement_record import Record
    from ancrage.services.engagement_notes import FeedbackNote, PublicNote
    from ancrage.services.engagement_views import EngagementView


def records_json(views: tuple[EngagementView, ...]) -> list[dict[str, object]]:
    """Everything the record knows, of each person."""
    return [_view_json(view) for view in views]


def _view_json(view: EngagementView) -> dict[str, object]:
    trend = view.trend
    return {
        "person": view.person, "name": view.name, "sponsor_of": list(view.sponsor_of), "together": _record_json(view.together),
        "clauses": [
            {"clause": it.clause, "promise": it.promise, "contract": it.contract, **_record_json(it.record)} for it in view.clauses
        ],
        "curve": [
            {"hours": round(step.time, 2), "at_risk": step.at_risk, "answered": step.answered, "open": round(step.open, 4)}
            for step in view.curve
        ],
        "trend": {
            "pace": trend.pace.value, "strength": round(trend.strength, 3), "limit": round(trend.limit, 3), "promises": trend.promises,
            "since": trend.since, "usual_share": trend.usual_share, "recent_share": trend.recent_share, "recent": trend.recent,
            "silent": trend.silent, "message": trend.message,
        },
        "promises": [
            {"commitment": it.commitment, "title": it.title, "clause": it.clause, "opened_at": it.opened_at, "due_at": it.due_at,
             "answered_at": it.answered_at, "closed_at": it.closed_at, "outcome": it.outcome.value, "hours": round(it.hours, 2),
             "share": None if it.share is None else round(it.share, 4), "taken_over": it.taken_over, "periodic": it.periodic}
            for it in view.lines
        ],
    }  # fmt: skip


def _record_json(record: Record) -> dict[str, object]:
    return {
        "kept": record.kept, "late": record.late, "missed": record.missed, "waived": record.waived, "waiting": record.waiting,
        "median_hours": record.median_hours, "asked": record.asked, "answers": record.answers, "answering": record.answering,
    }  # fmt: skip


def show_records(asked: Invocation, views: tuple[EngagementView, ...]) -> None:
    """One line per person."""
    heads = (
        say("Id"), say("Name"), say("Kept"), say("Late"), say("Missed"), say("Waived"), say("Waiting"), say("Half answered after"),
        say("Answers"),
    )  # fmt: skip
    rows = [
        (view.person, view.name, *_counts(view.together), _median(view.together), view.pace) for view in views
    ]
    show_table(asked, heads, rows, say("Nobody has promised anything yet."))


def _counts(record: Record) -> tuple[int, int, int, int, int]:
    return record.kept, record.late, record.missed, record.waived, record.waiting


def _median(record: Record) -> Message | None:
    if not record.asked:
        return None
    if record.median_hours is None:
        return say("not reached ({answers} of {asked})", answers=record.answers, asked=record.asked)
    return say("{hours} h ({answers} of {asked})", hours=f"{record.median_hours:g}", answers=record.answers, asked=record.asked)


def show_record(asked: Invocation, view: EngagementView) -> None:
    """One person: counts per clause, the median with its censoring, the trend, every promise."""
    from ancrage.services.engagement_views import OUTCOMES, median_words

    asked.show(say("{name}: {kept} kept, {late} late, {missed} missed, {waived} waived, {waiting} waiting", name=view.name,
                   kept=view.together.kept, late=view.together.late, missed=view.together.missed, waived=view.together.waived,
                   waiting=view.together.waiting))  # fmt: skip
    asked.show(median_words(view.together, view.hours_a_day))
    asked.show(say("Trend: {pace}. {message}", pace=view.pace, message=view.trend.message))
    asked.show()
    heads = (say("Clause"), say("Kept"), say("Late"), say("Missed"), say("Waived"), say("Waiting"), say("Half answered after"))
    rows = [(it.clause, *_counts(it.record), _median(it.record)) for it in view.clauses]
    show_table(asked, heads, rows, say("Nothing was promised yet."))
    asked.show()
    show_table(
        asked, (say("Commitment"), say("Opened"), say("Answered"), say("Working hours"), say("Of the delay"), say("Became")),
        [
            (it.commitment, local(view.zone, it.opened_at), local(view.zone, it.answered_at), f"{it.hours:.1f}",
             None if it.share is None else f"{100 * it.share:.0f} %",
             say("taken over by somebody else") if it.taken_over else Message(OUTCOMES[it.outcome]))
            for it in view.lines
        ],
        say("Nothing was promised yet."),
    )  # fmt: skip
    asked.show(say("Line by line: ancrage explain {subject}", subject=f"engagement:{view.person}"))


def feedback_json(note: FeedbackNote) -> dict[str, object]:
    """A note, sent or only prepared."""
    return {
        "note": note.id, "person": note.person, "quarter": str(note.quarter), "headline": note.headline,
        "answers": [
            {"commitment": it.commitment, "title": it.title, "asked_on": it.asked_on, "answered_on": it.answered_on,
             "decision": it.decision, "effects": list(it.effects), "pending": it.pending}
            for it in note.answers
        ],
        "around": list(note.around), "sentence": note.sentence, "told_by": note.told_by or None, "told_at": note.told_at,
    }  # fmt: skip


def show_feedback(asked: Invocation, note: FeedbackNote) -> None:
    """The note as the sponsor reads it."""
    asked.show(say("To {name}, about {quarter}", name=note.name, quarter=str(note.quarter)))
    asked.show(note.headline)
    for answer in note.answers:
        asked.show(say("- {title} (answered on {day})", title=answer.title, day=answer.answered_on.isoformat()))
        for line in answer.lines:
            asked.show(say("    {line}", line=line))
    if note.around:
        asked.show(say("What else moved in your perimeter"))
        for line in note.around:
            asked.show(say("    {line}", line=line))


def public_json(note: PublicNote) -> dict[str, object]:
    """A public line, published or only prepared."""
    return {
        "note": note.id, "contract": note.contract, "quarter": str(note.quarter), "line": note.line, "sentence": note.sentence,
        "told_by": note.told_by or None, "told_at": note.told_at,
    }  # fmt: skip
