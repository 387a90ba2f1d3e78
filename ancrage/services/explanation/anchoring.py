"""Explain alerts, verdicts and the clocks of transformations."""

from __future__ import annotations

from collections.abc import Sequence

from ancrage.domain.programme import Programme
from ancrage.language import Label, say
from ancrage.services.explanation.lines import ExplanationLine, journal_lines, missing, reading_behind
from ancrage.storage.codec import unpack_message
from ancrage.storage.commitments import fetch_commitment
from ancrage.storage.engine import fetch_journal
from ancrage.storage.indicators import fetch_alert, fetch_verdicts
from ancrage.storage.programmes import fetch_clocks
from ancrage.storage.unit_of_work import UnitOfWork


def explain_alert(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    """The reading behind an alert, the limit it crossed, and the promises it called."""
    alert = fetch_alert(work, identity)
    if alert is None:
        raise missing("alert", identity)
    indicator = programme.indicators.get(alert.indicator_id)
    lines = list(reading_behind(work, alert))
    if indicator is not None and indicator.thresholds.alert is not None:
        lines.append(
            ExplanationLine(
                say(
                    "alert limit {limit}, good direction: {direction}",
                    limit=f"{indicator.thresholds.alert:g}",
                    direction=indicator.direction.value,
                ),
                follow=f"indicator:{indicator.id}",
            )
        )
    lines += journal_lines(fetch_journal(work, f"alert:{identity}"))
    for _, clause in programme.clauses():
        commitment = fetch_commitment(work, f"{clause.id}@alert:{identity}")
        if commitment is not None:
            lines.append(
                ExplanationLine(
                    say("opened what clause {clause} promises", clause=clause.id),
                    commitment.started_at,
                    "ESC-C4",
                    f"commitment:{commitment.id}",
                )
            )
    return (indicator.name if indicator else Label.same(alert.indicator_id)), lines


def explain_indicator(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    """Every change of the verdict with the rules it went by and what would change it next."""
    indicator = programme.indicators.get(identity)
    if indicator is None:
        raise missing("indicator", identity)
    lines = []
    for row in fetch_verdicts(work, identity):
        lines.append(ExplanationLine(say("verdict: {headline}", headline=unpack_message(row.result["headline"])), row.as_of))
        lines += [ExplanationLine(unpack_message(reason), row.as_of, reason["rule"]) for reason in row.result["reasons"]]
        lines.append(ExplanationLine(say("next: {next}", next=unpack_message(row.result["next_change"])), row.as_of))
    return indicator.name, lines


def explain_transformation(work: UnitOfWork, programme: Programme, identity: str) -> tuple[Label, Sequence[ExplanationLine]]:
    """The clocks that have struck, and the indicators that follow it."""
    transformation = programme.transformations.get(identity)
    if transformation is None:
        raise missing("transformation", identity)
    lines = [
        ExplanationLine(
            say("clock {clock}: {day}, recorded by {by}", clock=row.clock, day=row.actual_on, by=row.recorded_by), row.recorded_at
        )
        for row in fetch_clocks(work)
        if row.transformation_id == identity
    ]
    followed = (*transformation.adoption_indicators, *transformation.effect_indicators)
    lines += [ExplanationLine(say("followed by indicator {indicator}", indicator=key), follow=f"indicator:{key}") for key in followed]
    return transformation.name, lines
