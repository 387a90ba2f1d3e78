"""Lint of the metrics referential (anchoring.md)."""

from __future__ import annotations

from typing import Any

import pytest

from ancrage.domain.engagement import Clause, Contract, Trigger, TriggerKind
from ancrage.domain.indicators import Cadence, Direction, Indicator, Phase, Thresholds, ValueKind
from ancrage.domain.process_map import Objective
from ancrage.domain.programme import Programme
from ancrage.domain.referential import referential_findings
from ancrage.language import Label
from tests.support.maps import programme


def indicator(name: str, **fields: Any) -> Indicator:
    """An indicator that has everything, changed by the arguments."""
    return Indicator(**{
        "id": name, "name": Label.same(name), "objective": "o", "definition": Label.same(name), "type": "activity", "kind": ValueKind.VALUE,
        "unit": "x", "direction": Direction.INCREASE, "source": "manual", "cadence": Cadence.WEEK, "owner": "r", "reports_to": "r",
        "thresholds": Thresholds(), "criterion": name, "decision": "react", "phase": Phase.WATCH, **fields,
    })  # fmt: skip


def panel(*indicators: Indicator, alerts: tuple[str, ...] = (), criteria: tuple[str, ...] = ()) -> Programme:
    trigger = Trigger(TriggerKind.ALERT, indicators=alerts)
    clause = Clause("react", Label.same("react"), "r", trigger, None, None)
    return programme(
        indicators={one.id: one for one in indicators},
        objectives={"o": Objective("o", Label.same("o"), 1.0, criteria)},
        contracts={"c": Contract("c", Label.same("c"), "r", "s", "office", clauses=(clause,))},
    )


def found(given: Programme) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.code, finding.subject) for finding in referential_findings(given)]


def test_a_complete_panel_has_no_finding() -> None:
    assert found(panel(indicator("a", thresholds=Thresholds(alert=3)), indicator("b"), alerts=("a",), criteria=("a", "b"))) == []


def test_an_alert_that_opens_nothing_is_found_even_when_a_clause_decides_from_it() -> None:
    alerting = {"thresholds": Thresholds(alert=0.0)}
    unanswered = ("W-ALERT-UNANSWERED", ("indicators", "a", "thresholds", "alert"))
    assert found(panel(indicator("a", **alerting))) == [unanswered]
    assert found(panel(indicator("a", **alerting, decision=None))) == [unanswered, ("W-INDICATOR-NO-DECISION", ("indicators", "a"))]


def test_a_clause_that_its_alert_opens_is_a_decision() -> None:
    assert found(panel(indicator("a", decision=None), alerts=("a",))) == []


@pytest.mark.parametrize(("phase", "codes"), [(Phase.FOLLOW, ["W-INDICATOR-NO-END"]), (Phase.WATCH, []), (Phase.RETIRE, [])])
def test_a_measure_followed_for_ever(phase: Phase, codes: list[str]) -> None:
    assert [code for code, _ in found(panel(indicator("a", phase=phase)))] == codes


def test_a_second_measure_of_the_same_criterion() -> None:
    given = panel(indicator("a", criterion="x"), indicator("b", criterion="x"), indicator("c", criterion="y"))
    assert found(given) == [("W-INDICATOR-TWIN", ("indicators", "b", "criterion"))]


def test_two_measures_of_one_objective_without_criterion_are_twins() -> None:
    given = panel(indicator("a", criterion=""), indicator("b", criterion=""))
    assert found(given) == [("W-INDICATOR-TWIN", ("indicators", "b", "objective"))]


def test_a_retired_measure_is_no_twin_and_covers_nothing() -> None:
    retired = indicator("a", criterion="x", phase=Phase.RETIRE)
    assert found(panel(retired, indicator("b", criterion="x"), criteria=("x",))) == []
    assert found(panel(retired, criteria=("x",))) == [("W-CRITERION-NO-INDICATOR", ("objectives", "o", "criteria", "0"))]
