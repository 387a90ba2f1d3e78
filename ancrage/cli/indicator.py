"""`ancrage indicator`: the metrics referential and its readings."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli import indicator_collect, indicator_decisions
from ancrage.cli.indicator_collect import OUTCOMES
from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import By, acting_person, instant_or_now, opened
from ancrage.cli.tables import show_table
from ancrage.cli.values import day
from ancrage.language import N_, say

if TYPE_CHECKING:
    from ancrage.services.collecting_views import CollectionView
    from ancrage.services.indicator_views import IndicatorView, ReadingView

app = typer.Typer(no_args_is_help=True, help=N_("The metrics referential: what is measured, for which decision, and its readings."))
Indicator = Annotated[str, typer.Argument(metavar="INDICATOR", help=N_("Id of the indicator."))]
READINGS_SHOWN = 12
indicator_decisions.register(app)
app.command("collect", help=indicator_collect.HELP)(indicator_collect.command)


@app.command("list", help=N_("Every indicator with its last reading, its target and its verdict."))
def list_(ctx: typer.Context, json: Json = False) -> None:
    from ancrage.services.indicator_views import list_indicators

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        views = list_indicators(work)
    if json:
        asked.emit("indicator.list", 1, {"indicators": [_json(view) for view in views]})
        return
    rows = [
        (it.indicator.id, it.indicator.name, it.indicator.cadence.value, it.last.day.isoformat() if it.last else None,
         _figure(it.last), it.late_since.date().isoformat() if it.late_since else None,
         say(OUTCOMES[it.collection.outcome]) if it.collection else None, it.indicator.thresholds.target,
         sum(alert.closed_at is None for alert in it.alerts),
         it.verdict.headline if it.verdict else None)
        for it in views
    ]  # fmt: skip
    heads = (say("Indicator"), say("Name"), say("Every"), say("Last"), say("Figure"), say("Late since"), say("Collected"), say("Target"),
             say("Alerts"), say("Verdict"))  # fmt: skip
    show_table(asked, heads, rows, say("No indicator is declared."))


def _figure(reading: ReadingView | None) -> str | None:
    return None if reading is None or reading.figure is None else f"{reading.figure:.4g}"


def _json(view: IndicatorView) -> dict[str, object]:
    it, verdict = view.indicator, view.verdict
    return {
        "id": it.id, "name": it.name, "objective": it.objective, "definition": it.definition, "formula": it.formula, "type": it.type,
        "kind": it.kind.value, "unit": it.unit, "direction": it.direction.value, "cadence": it.cadence.value, "source": it.source,
        "owner": it.owner, "owner_name": view.owner, "reports_to": it.reports_to, "decision": it.decision, "phase": it.phase.value,
        "target": it.thresholds.target, "alert": it.thresholds.alert, "last": _reading_json(view.last) if view.last else None,
        "readings": len(view.readings), "open_alerts": [alert.id for alert in view.alerts if alert.closed_at is None],
        "late_since": view.late_since, "collection": _collection_json(view.collection) if view.collection else None,
        "verdict": {"state": verdict.state, "headline": verdict.headline, "target_met": verdict.target_met} if verdict else None,
    }  # fmt: skip


def _collection_json(view: CollectionView) -> dict[str, object]:
    return {
        "attempted_at": view.attempted_at, "succeeded_at": view.succeeded_at, "outcome": view.outcome, "recorded": view.recorded,
        "message": view.message,
    }  # fmt: skip


def _reading_json(reading: ReadingView) -> dict[str, object]:
    return {
        "day": reading.day, "value": reading.value, "numerator": reading.numerator, "denominator": reading.denominator,
        "figure": reading.figure, "recorded_at": reading.recorded_at, "recorded_by": reading.recorded_by, "source": reading.source,
        "revision": reading.revision, "note": reading.note,
    }  # fmt: skip


@app.command(help=N_("One indicator: what it means, what is decided from it, its last readings, alerts and verdict."))
def show(
    ctx: typer.Context,
    indicator: Indicator,
    everything: Annotated[bool, typer.Option("--all", help=N_("Every reading, not only the last ones."))] = False,
    json: Json = False,
) -> None:
    from ancrage.services.indicator_views import show_indicator

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        view = show_indicator(work, indicator)
    if json:
        alerts = [{"id": it.id, "message": it.message, "raised_at": it.raised_at, "closed_at": it.closed_at} for it in view.alerts]
        series = [_reading_json(reading) for reading in view.readings]
        asked.emit("indicator.show", 1, {**_json(view), "series": series, "alerts": alerts})
        return
    it = view.indicator
    asked.show(say("{name} ({id}), for “{objective}”", name=it.name, id=it.id, objective=view.objective))
    asked.show(it.definition)
    asked.show(say("every {cadence}, by {owner}; {direction} is good; target {target}, alert {alert} ({unit}); decides {decision}",
                   cadence=it.cadence.value, owner=view.owner, direction=it.direction.value, target=_number(it.thresholds.target),
                   alert=_number(it.thresholds.alert), unit=it.unit, decision=it.decision or "-"))  # fmt: skip
    if view.verdict:
        asked.show(view.verdict.headline)
        asked.show(view.verdict.next_change)
    for alert in view.alerts:
        if alert.closed_at is None:
            asked.show(say("! {message} (alert:{id})", message=alert.message, id=alert.id))
    asked.show()
    shown = view.readings if everything else view.readings[-READINGS_SHOWN:]
    show_table(
        asked, (say("Day"), say("Figure"), say("Numerator"), say("Denominator"), say("By"), say("Source"), say("Note")),
        [(row.day.isoformat(), _figure(row), row.numerator, row.denominator, row.recorded_by, row.source, row.note) for row in shown],
        say("No reading yet."),
    )  # fmt: skip


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"


@app.command(help=N_("Record a reading of a period: a value, or numerator and denominator. The same figures again change nothing."))
def record(
    ctx: typer.Context,
    indicator: Indicator,
    on: Annotated[date, typer.Argument(metavar="DAY", parser=day, help=N_("A day of the period, as 2026-03-31."))],
    value: Annotated[float | None, typer.Argument(metavar="[VALUE]", help=N_("The figure."))] = None,
    numerator: Annotated[float | None, typer.Option("--numerator", help=N_("Cases counted, of a proportion."))] = None,
    denominator: Annotated[float | None, typer.Option("--denominator", help=N_("Cases looked at, of a proportion."))] = None,
    note: Annotated[str, typer.Option("--note", help=N_("Anything to add; kept."))] = "",
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.programme import current_programme
    from ancrage.services.readings import NewReading, record_reading

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            new = NewReading(indicator, on, value, numerator, denominator, note)
            recorded = record_reading(work, current_programme(work), new, person, "manual", at)
    if json:
        asked.emit("indicator.record", 1, {"indicator": indicator, "day": on, "recorded": recorded, "at": at})
        return
    asked.show(say("Recorded.") if recorded else say("Known already; nothing changes."))


@app.command("import-csv", help=N_(
    "Record every reading of a CSV file with the columns indicator, date and value, or indicator, date, numerator and denominator. Of a "
    "file with a bad row nothing is taken; rows that are known already change nothing."
))  # fmt: skip
def import_csv(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help=N_("File to read."))],
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.indicator_views import import_readings

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            taken = import_readings(work, file, person, at)
    if json:
        asked.emit("indicator.import", 1, {"file": str(file), "rows": taken.rows, "recorded": taken.recorded, "known": taken.known})
        return
    asked.show(say("{rows} rows: {recorded} readings recorded, {known} known already.", rows=taken.rows, recorded=taken.recorded,
                   known=taken.known))  # fmt: skip
