"""What is known about every indicator beside its readings: clocks that have struck, and what people decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ancrage.domain.anchoring.decisions import NOTHING_KNOWN, AnchoringDecision, Circumstances, DecisionKind, judge, with_lifetime
from ancrage.domain.indicators import Indicator, Transformation
from ancrage.domain.programme import Programme
from ancrage.services.readings import points_of
from ancrage.storage.indicators import fetch_decisions
from ancrage.storage.programmes import fetch_clocks
from ancrage.storage.unit_of_work import UnitOfWork

DELIVERED, ADOPTED = "tool_delivered", "adopted"
Struck = Mapping[tuple[str, str], date]
"""Actual days of clocks, by transformation and clock."""


def circumstances(work: UnitOfWork, programme: Programme, today: date) -> dict[str, Circumstances]:
    """The circumstances of every declared indicator, by its id.

    The practice is measured from its clock, the delivered tool by default; an effect from adoption and its lag, and what was measured
    before the tool came is its baseline.
    """
    struck = clocks_struck(work, today)
    decisions = decisions_by_subject(work)
    known = {indicator: Circumstances(decisions=decisions.get(indicator, ())) for indicator in programme.indicators}
    for transformation in programme.transformations.values():
        support = _support_ended(decisions.get(transformation.id, ()))
        for indicator in transformation.adoption_indicators:
            clock = programme.indicators[indicator].clock or DELIVERED
            event = struck.get((transformation.id, clock))
            known[indicator] = Circumstances(event, None, None, support, decisions.get(indicator, ()))
        adopted = adopted_on(work, programme, transformation, known, struck, today)
        delivered = struck.get((transformation.id, DELIVERED))
        for indicator in transformation.effect_indicators:
            lag = transformation.effects_lag_days
            known[indicator] = Circumstances(adopted, lag, delivered, support, decisions.get(indicator, ()))
    return known


def clocks_struck(work: UnitOfWork, today: date) -> dict[tuple[str, str], date]:
    """Recorded days of clocks up to `today`."""
    return {(row.transformation_id, row.clock): row.actual_on for row in fetch_clocks(work) if row.actual_on <= today}


def decisions_by_subject(work: UnitOfWork) -> dict[str, tuple[AnchoringDecision, ...]]:
    """Every decision by indicator or transformation, oldest first."""
    found: dict[str, list[AnchoringDecision]] = {}
    for decision in fetch_decisions(work):
        found.setdefault(decision.subject, []).append(decision)
    return {subject: tuple(each) for subject, each in found.items()}


def adopted_on(
    work: UnitOfWork, programme: Programme, transformation: Transformation, known: Mapping[str, Circumstances], struck: Struck, today: date
) -> date | None:
    """The recorded day of adoption, else the day the last of its indicators was adopted; None while one is not."""
    recorded = struck.get((transformation.id, ADOPTED))
    if recorded is not None or not transformation.effect_indicators:
        return recorded
    days = []
    for indicator in transformation.adoption_indicators:
        verdict = judge(programme.indicators[indicator], points_of(work, indicator), known[indicator], today)
        days.append(verdict.adopted_on)
    adopted = [day for day in days if day is not None]
    return max(adopted) if adopted and len(adopted) == len(days) else None


def _support_ended(decisions: Sequence[AnchoringDecision]) -> date | None:
    return next((one.day for one in reversed(decisions) if one.kind is DecisionKind.SUPPORT_ENDED), None)


def living(indicator: Indicator, known: Mapping[str, Circumstances], today: date) -> Indicator:
    """The indicator in the phase of life that people decided on."""
    return with_lifetime(indicator, known.get(indicator.id, NOTHING_KNOWN).decisions, today)
