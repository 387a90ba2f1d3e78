"""Contracts in the words of those who sign them: what calls a promise in, in what time, and who is told, when, if it is not kept."""

from __future__ import annotations

from collections.abc import Callable

from ancrage.domain.engagement import Trigger, TriggerKind
from ancrage.domain.policies import Origin, Policy, Step
from ancrage.domain.working_time import Budget, CalendarSpan, DueDate, WorkingDays, WorkingTime
from ancrage.language import Label, Message, say

NameOf = Callable[[str], Label]
"""The name of a role by its id."""


def trigger_words(trigger: Trigger | None) -> Message:
    """What calls a promise in."""
    if trigger is None:
        return say("nothing")
    match trigger.kind:
        case TriggerKind.ALERT:
            return say("an alert of {indicators}", indicators=", ".join(trigger.indicators))
        case TriggerKind.PERIODIC:
            return say("every month")
        case TriggerKind.CAMPAIGN:
            return say("the end of a campaign")
        case TriggerKind.MANUAL:
            return say("somebody who asks")


def amount_words(budget: Budget) -> Message:
    """An amount of time: "2 working days", "4 working hours", "10 days"."""
    match budget:
        case WorkingDays(1):
            return say("one working day")
        case WorkingDays(days):
            return say("{count} working days", count=days)
        case WorkingTime(seconds) if seconds % 3600:
            return say("{count} working minutes", count=-(-seconds // 60))
        case WorkingTime(3600):
            return say("one working hour")
        case WorkingTime(seconds):
            return say("{count} working hours", count=seconds // 3600)
        case DueDate(day):
            return say("until {day}", day=day)
        case CalendarSpan():
            return _span_words(budget)


def _span_words(span: CalendarSpan) -> Message:
    days = say("one day") if span.days == 1 else say("{count} days", count=span.days)
    months = say("one month") if span.months == 1 else say("{count} months", count=span.months)
    if not span.months:
        return days
    return say("{months} and {days}", months=months, days=days) if span.days else months


def ladder_words(policy: Policy, name_of: NameOf) -> tuple[Message, ...]:
    """The ladder in words, one line per step in order, then its repetition (ESC-L1, L7)."""
    lines = [_step_words(step, name_of) for step in policy.steps]
    if policy.repeat_last is not None:
        every, times = amount_words(policy.repeat_last.every), policy.repeat_last.times
        lines.append(say("then the same again every {amount}, at most {count} times", amount=every, count=times))
    return tuple(lines)


def _step_words(step: Step, name_of: NameOf) -> Message:
    who = _people_words(step, name_of)
    when = _instant_words(step)
    if step.urgent:
        return say("{when}: {who} told, at once, even outside working hours", when=when, who=who)
    return say("{when}: {who} told", when=when, who=who)


def _instant_words(step: Step) -> Message:
    if step.offset.amount is None:
        return say("at the deadline")
    amount = amount_words(step.offset.amount)
    if step.origin is Origin.PREVIOUS:
        return say("{amount} later without an answer", amount=amount)
    return say("{amount} before the deadline", amount=amount)


def _people_words(step: Step, name_of: NameOf) -> Label:
    promised = say("who promised").label()
    names = [promised if role in ("responsible", "accountable") else name_of(role) for role in step.to]
    names = list(dict.fromkeys(names))
    return Label(", ".join(name.text("fr") for name in names), ", ".join(name.text("en") for name in names))
