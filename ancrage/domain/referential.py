"""Lint of the metrics referential (anchoring.md): what is measured for nothing, twice, for ever, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

from ancrage.domain.finding import Finding
from ancrage.domain.indicators import Indicator, Phase
from ancrage.domain.programme import Programme
from ancrage.language import say


def referential_findings(programme: Programme) -> Iterator[Finding]:
    """Every weakness of the referential, as a warning at the declaration concerned. Retired indicators are left alone."""
    living = [indicator for indicator in programme.indicators.values() if indicator.phase is not Phase.RETIRE]
    for indicator in living:
        yield from unanswered(programme, indicator)
        yield from without_end(indicator)
    yield from twins(living)
    yield from unmeasured_criteria(programme, living)


def unanswered(programme: Programme, indicator: Indicator) -> Iterator[Finding]:
    """W-ALERT-UNANSWERED: an alert that no clause is opened by; W-INDICATOR-NO-DECISION: nobody decides from it."""
    opened = programme.clauses_for_alert(indicator.id)
    subject = ("indicators", indicator.id)
    if indicator.thresholds.alert is not None and not opened:
        message = say('nobody has promised to answer an alert of "{indicator}"', indicator=indicator.id)
        if indicator.decision is None:
            hint = say("add a clause with trigger: {{alert: [{indicator}]}} to a contract", indicator=indicator.id)
        else:
            hint = say("clause {clause} decides from it: give it trigger: {{alert: [{indicator}]}}",
                       clause=indicator.decision, indicator=indicator.id)  # fmt: skip
        yield Finding("W-ALERT-UNANSWERED", message, (*subject, "thresholds", "alert"), say("opens nothing"), hint)
    if indicator.decision is None and not opened:
        message = say('nobody decides anything from "{indicator}"', indicator=indicator.id)
        hint = say("add decision: and a clause, or stop measuring")
        yield Finding("W-INDICATOR-NO-DECISION", message, subject, say("what for?"), hint)


def without_end(indicator: Indicator) -> Iterator[Finding]:
    """W-INDICATOR-NO-END: a measure that is followed closely, for ever."""
    if indicator.phase is Phase.FOLLOW and indicator.follow_until is None:
        message = say('"{indicator}" is followed closely without an end', indicator=indicator.id)
        hint = say("add lifetime: {{phase: follow, until: ...}}, or phase: watch")
        yield Finding("W-INDICATOR-NO-END", message, ("indicators", indicator.id, "lifetime"), say("until when?"), hint)


def twins(indicators: list[Indicator]) -> Iterator[Finding]:
    """W-INDICATOR-TWIN: a second measure of the same criterion of the same objective."""
    first: dict[tuple[str, str], str] = {}
    for indicator in indicators:
        served = (indicator.objective, indicator.criterion)
        if served in first:
            message = say('"{indicator}" measures the same criterion of the same objective as "{other}"',
                          indicator=indicator.id, other=first[served])  # fmt: skip
            hint = say("keep one of the two, or name the criterion each of them measures")
            subject = ("indicators", indicator.id, "criterion" if indicator.criterion else "objective")
            yield Finding("W-INDICATOR-TWIN", message, subject, say("a second measure"), hint, (("indicators", first[served]),))
        first.setdefault(served, indicator.id)


def unmeasured_criteria(programme: Programme, indicators: list[Indicator]) -> Iterator[Finding]:
    """W-CRITERION-NO-INDICATOR: the panel does not cover a criterion of an objective."""
    measured = {(indicator.objective, indicator.criterion) for indicator in indicators}
    for objective in programme.objectives.values():
        for index, criterion in enumerate(objective.criteria):
            if (objective.id, criterion) not in measured:
                message = say('no indicator measures criterion "{criterion}" of objective "{objective}"',
                              criterion=criterion, objective=objective.id)  # fmt: skip
                hint = say("add an indicator for it, or take the criterion away")
                subject = ("objectives", objective.id, "criteria", str(index))
                yield Finding("W-CRITERION-NO-INDICATOR", message, subject, say("not measured"), hint)
