"""The story of the demonstration on one screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ancrage.language import say

if TYPE_CHECKING:
    from ancrage.demonstration.story import Story

MARKS = {"good": "+", "warning": "!", "plain": " "}
"""A sign, never colour alone."""


def render_story(story: Story, language: str) -> str:
    """Who, what, when; each event with what `ancrage explain` takes below it; then the record of each who promised, and counts."""
    blocks = []
    for line in story.lines:
        blocks.append(f"{line.at:%d/%m/%Y} {MARKS[line.tone.value]} {line.what.text(language)}")
        blocks.append(f"             {line.subject}")
    blocks.append("")
    blocks += [
        say(
            "{person}: {kept} promises kept, {late} late, {missed} missed",
            person=story.names.get(record.person, record.person),
            kept=record.kept,
            late=record.late,
            missed=record.missed,
        ).text(language)
        for record in story.records
    ]
    counts = story.counts
    blocks += [
        "",
        say(
            "{messages} messages carried {notices} notices; {open} commitments open, {overdue} of them overdue; "
            "{actions} actions in the plan.",
            messages=counts["messages_sent"],
            notices=counts["notices_sent"],
            open=counts["open_commitments"],
            overdue=counts["overdue"],
            actions=counts["actions"],
        ).text(language),
    ]
    return "\n".join(blocks)
