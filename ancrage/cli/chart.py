"""`ancrage chart`: the control chart of a bare file (no project, no database), or of an indicator of the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ancrage.cli.check import day
from ancrage.cli.invocation import Invocation, Json
from ancrage.domain.anchoring.chart import Chart, ChartPhase, ChartPoint, draw_chart
from ancrage.domain.anchoring.limits import ChartKind
from ancrage.domain.anchoring.series import Point
from ancrage.domain.indicators import Direction
from ancrage.exchange.series_csv import read_series
from ancrage.language import N_, Message, say
from ancrage.pictures.control_chart import Event, Subject, draw, lay_out
from ancrage.pictures.png import render_png
from ancrage.pictures.style import standalone_style
from ancrage.pictures.svg import Picture, standalone

HELP = N_(
    "Centre, natural limits and signals of a series, by a named set of rules: nhs, western_electric, nelson, wheeler or anhoej. "
    "A file is CSV with the columns date,value or date,numerator,denominator, and no project is needed. An indicator of the project is "
    "drawn with its accepted phases, its target and what happened to it."
)
Row = dict[str, object]


def command(
    ctx: typer.Context,
    series: Annotated[Path, typer.Argument(metavar="SERIES|INDICATOR", help=N_("CSV file of one series, or id of an indicator."))],
    profile: Annotated[str, typer.Option("--profile", help=N_("Set of rules: nhs, western_electric, nelson, wheeler or anhoej."))] = "nhs",
    kind: Annotated[ChartKind | None, typer.Option("--kind", help=N_("Kind of chart (default: xmr, or run with anhoej)."))] = None,
    rebase: Annotated[
        list[date] | None, typer.Option("--rebase", parser=day, metavar="DATE", help=N_("First day of a new phase; may be repeated."))
    ] = None,
    target: Annotated[float | None, typer.Option("--target", help=N_("Target, for assurance."))] = None,
    direction: Annotated[Direction | None, typer.Option("--direction", help=N_("Which way is good."))] = None,
    first: Annotated[int | None, typer.Option("--first", metavar="N", help=N_("Limits from the first N points of each phase."))] = None,
    svg: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help=N_("Draw the chart into this SVG file."))] = None,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help=N_("Draw the chart into this PNG file."))] = None,
    title: Annotated[str, typer.Option("--title", help=N_("Title of the picture (default: name of the file)."))] = "",
    event: Annotated[
        list[str] | None, typer.Option("--event", metavar="DATE=TEXT", help=N_("What happened then, for the picture; may be repeated."))
    ] = None,
    json: Json = False,  # noqa: ARG001 - remembered by the invocation
) -> None:
    asked = Invocation.of(ctx)
    happened = tuple(_event(ctx, text) for text in event or ())
    wanted = Wanted(profile, kind, tuple(rebase or ()), target, direction, first)
    chart, subject = _of_file(asked, series, wanted) if is_file_name(series) else _of_indicator(asked, str(series), wanted)
    if svg or png:
        named = replace(subject, title=title or subject.title, events=(*subject.events, *happened))
        _draw(draw(lay_out(chart, named)), svg, png)
    if asked.json:
        asked.emit("chart", 1, chart_record(chart))
    else:
        _show(asked, chart)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options say about a chart."""

    profile: str
    kind: ChartKind | None
    rebase: tuple[date, ...]
    target: float | None
    direction: Direction | None
    first: int | None


def is_file_name(name: Path) -> bool:
    """Whether a file is meant: one that exists, or a name with a folder or an ending, which no id of an indicator has."""
    return name.exists() or bool(name.suffix) or len(name.parts) > 1


def _of_file(asked: Invocation, series: Path, wanted: Wanted) -> tuple[Chart, Subject]:
    points = read_series(series)
    chart = _chart(points, wanted)
    share = bool(points) and all(point.denominator is not None for point in points)
    return chart, Subject(series.stem, asked.language, share=share and chart.kind is not ChartKind.C)


def _chart(points: Sequence[Point], wanted: Wanted) -> Chart:
    return draw_chart(
        points, wanted.profile, kind=wanted.kind, rebase=wanted.rebase, target=wanted.target, direction=wanted.direction, first=wanted.first
    )


def _of_indicator(asked: Invocation, indicator: str, wanted: Wanted) -> tuple[Chart, Subject]:
    """The chart of a declared indicator; what the options say stands above what is declared and decided."""
    from ancrage.cli.opening import opened
    from ancrage.services.indicator_charts import study_indicator

    with opened(asked) as project, project.reading() as work:
        study = study_indicator(work, indicator, project.now())
    it = study.indicator
    target = it.thresholds.target if wanted.target is None else wanted.target
    known = replace(
        wanted, rebase=wanted.rebase or study.known.rebases, target=target, direction=wanted.direction or it.direction
    )
    chart = _chart(study.points, known)
    events = tuple(Event(one.day, asked.text(one.text)) for one in study.events)
    share = study.is_share and chart.kind is not ChartKind.C
    return chart, Subject(it.name.text(asked.language), asked.language, "" if share else it.unit, share, events)


def _event(ctx: typer.Context, text: str) -> Event:
    written, sign, what = text.partition("=")
    if not sign or not what.strip():
        raise typer.BadParameter(Invocation.of(ctx).text(say("write it as 2026-03-31=What happened")), ctx=ctx, param_hint="--event")
    return Event(day(written.strip()), what.strip())


def _draw(picture: Picture, svg: Path | None, png: Path | None) -> None:
    """Both pictures, or none: the PNG is made before anything is written."""
    made = render_png(picture) if png else b""
    if svg:
        svg.write_text(standalone(picture, standalone_style()), encoding="utf-8")
    if png:
        png.write_bytes(made)


def chart_record(chart: Chart) -> Row:
    """The fields of shape `ancrage.chart` 1."""
    return {
        "profile": chart.profile, "kind": chart.kind, "phases": [_phase(phase) for phase in chart.phases],
        "points": [_point(point) for point in chart.points], "variation": chart.variation, "assurance": chart.assurance,
    }  # fmt: skip


def _phase(phase: ChartPhase) -> Row:
    return {"from": phase.first, "to": phase.last, "centre": phase.centre, "lower": phase.lower, "upper": phase.upper}


def _point(point: ChartPoint) -> Row:
    return {
        "date": point.day, "value": point.value, "rules": list(point.rules), "side": point.side,
        "centre": point.centre, "lower": point.lower, "upper": point.upper,
    }  # fmt: skip


def _show(asked: Invocation, chart: Chart) -> None:
    for phase in chart.phases:
        asked.show(_phase_line(phase))
    for point in chart.points:
        if point.rules and point.value is not None:
            asked.show(say("  {day}  {value}  {rules}", day=point.day, value=_shown(point.value), rules=", ".join(point.rules)))
    if chart.variation is not None:
        asked.show(say("variation: {variation}", variation=chart.variation.value))
    if chart.assurance is not None:
        asked.show(say("assurance: {assurance}", assurance=chart.assurance.value))


def _phase_line(phase: ChartPhase) -> Message:
    told: Row = {"first": phase.first, "last": phase.last, "centre": _shown(phase.centre)}
    if phase.lower is None or phase.upper is None:
        return say("{first} to {last}: centre {centre}, no limits", **told)
    told |= {"lower": _shown(phase.lower), "upper": _shown(phase.upper)}
    return say("{first} to {last}: centre {centre}, limits {lower} to {upper}", **told)


def _shown(value: float) -> str:
    return f"{value:.6g}"
