"""`ancrage verdict`: "has it stuck?" on bare files (no project, no database), or for an indicator of the project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer

from ancrage.cli.chart import is_file_name
from ancrage.cli.check import day
from ancrage.cli.invocation import Invocation, Json
from ancrage.domain.anchoring.course import Standing, oriented_pairs, standings
from ancrage.domain.anchoring.verdict import Verdict, evaluate_verdict
from ancrage.domain.indicators import Direction, ValueKind
from ancrage.errors import Problem, ProblemsFound
from ancrage.exchange.series_csv import LongSeries, SeriesParameters, read_long_series, read_parameters, read_series
from ancrage.language import N_, say

HELP = N_(
    "Say whether a practice has stuck, from a file of readings: CSV with the columns date,value or date,numerator,denominator. "
    "With --long and --parameters, many undated series at once. No project is needed for a file. An indicator of the project is judged by "
    "its clocks, its target and what people decided. No later reading is looked at."
)

File = Annotated[Path | None, typer.Argument(metavar="[SERIES|INDICATOR]", help=N_("CSV file of one series, or id of an indicator."),
                                                     show_default=False)]
Event = Annotated[
    date | None, typer.Option("--event", parser=day, metavar="DATE", help=N_("Day of the change; readings before it are the baseline."))
]
Target = Annotated[float | None, typer.Option("--target", help=N_("What was promised; without it adoption cannot be stated."))]
Good = Annotated[Direction | None, typer.Option("--direction", help=N_("Which way is good."))]
Kind = Annotated[
    ValueKind | None, typer.Option("--kind", help=N_("What a reading is (default: proportion with a denominator, else value)."))
]
AsOfDay = Annotated[
    date | None, typer.Option("--as-of", parser=day, metavar="DATE", help=N_("Judge at this day (default: the last reading)."))
]
Ended = Annotated[
    date | None, typer.Option("--support-ended", parser=day, metavar="DATE", help=N_("Day on which support ended (default: the event)."))
]
Accepted = Annotated[
    list[date] | None,
    typer.Option("--accepted", parser=day, metavar="DATE", help=N_("Day on which an eroded level was accepted; may be repeated.")),
]
Row = dict[str, object]


def command(
    ctx: typer.Context,
    series: File = None,
    event: Event = None,
    target: Target = None,
    direction: Good = None,
    kind: Kind = None,
    as_of: AsOfDay = None,
    support_ended: Ended = None,
    accepted: Accepted = None,
    long: Annotated[Path | None, typer.Option("--long", help=N_("CSV file of many series, one a row."))] = None,
    parameters: Annotated[Path | None, typer.Option("--parameters", help=N_("CSV file: how each series of --long is judged."))] = None,
    each_point: Annotated[bool, typer.Option("--each-point", help=N_("The verdict after every reading since the event."))] = False,
    json: Json = False,  # noqa: ARG001 - remembered by the invocation
) -> None:
    asked = Invocation.of(ctx)
    if long is not None or parameters is not None:
        _judge_many(asked, _given(ctx, long, "--long"), _given(ctx, parameters, "--parameters"), each_point)
        return
    path = _given(ctx, series, "SERIES")
    if not is_file_name(path):
        _judge_indicator(asked, str(path), as_of, each_point)
        return
    if direction is None:
        raise typer.BadParameter(asked.text(say("say which way is good: increase or decrease")), ctx=ctx, param_hint="--direction")
    points = read_series(path)
    judged = kind or (ValueKind.PROPORTION if any(point.denominator is not None for point in points) else ValueKind.VALUE)
    last = as_of or max((point.day for point in points), default=date.min)

    def judge(at: date) -> Verdict:
        return evaluate_verdict(points, event, target, direction, judged, at, support_ended=support_ended, accepted=accepted or ())

    verdict = judge(last)
    days = [point.day for point in points if event is not None and event <= point.day <= last]
    told = [(number, judge(at)) for number, at in enumerate(days, start=1)] if each_point else [(len(days), verdict)]
    _tell(asked, path.stem, verdict, told, each_point)


def _judge_indicator(asked: Invocation, indicator: str, as_of: date | None, each_point: bool) -> None:
    """The verdict on a declared indicator, by everything that is recorded about it."""
    from ancrage.cli.opening import opened
    from ancrage.services.indicator_charts import study_indicator

    with opened(asked) as project, project.reading() as work:
        at = project.now() if as_of is None else datetime.combine(as_of, time(12), UTC)
        study = study_indicator(work, indicator, at)
    each = list(study.each_verdict()) if each_point else [study.verdict]
    counted = sum(1 for point in study.points if study.counts(point))
    told = list(enumerate(each, start=1)) if each_point else [(counted, study.verdict)]
    _tell(asked, indicator, study.verdict, told, each_point)


def _tell(asked: Invocation, name: str, verdict: Verdict, told: Sequence[tuple[int, Verdict]], each_point: bool) -> None:
    rows = [_row(name, number, each) for number, each in told]
    if asked.json:
        asked.emit("verdict", 1, {"rows": rows, **_record(verdict)})
        return
    for number, each in told if each_point else ():
        asked.show(say("{number}. {day}: {state}", number=number, day=each.as_of, state=each.headline))
    _show(asked, verdict)


def _given(ctx: typer.Context, path: Path | None, name: str) -> Path:
    if path is None:
        raise typer.BadParameter(Invocation.of(ctx).text(say("name the file")), ctx=ctx, param_hint=name)
    return path


def _row(series: str, number: int, verdict: Verdict) -> Row:
    return {
        "series": series, "t": number, "date": verdict.as_of, "state": verdict.state, "detail": verdict.detail,
        "target_met": verdict.target_met, "caveats": list(verdict.caveats),
    }  # fmt: skip


def _record(verdict: Verdict) -> Row:
    """The last verdict in full."""
    days = {
        "last_point": verdict.last_point, "changed_since": verdict.changed_since, "emerged_on": verdict.emerged_on,
        "adopted_on": verdict.adopted_on, "anchored_on": verdict.anchored_on, "eroding_since": verdict.eroding_since,
        "eroding_on": verdict.eroding_on,
    }  # fmt: skip
    return {
        "as_of": verdict.as_of, "state": verdict.state, "detail": verdict.detail, "target_met": verdict.target_met,
        "headline": verdict.headline, "next_change": verdict.next_change, "numbers": dict(verdict.numbers), **days,
        "reasons": [{"rule": reason.rule, "message": reason.message} for reason in verdict.reasons],
    }  # fmt: skip


def _show(asked: Invocation, verdict: Verdict) -> None:
    asked.show(say("As of {day}, the practice {headline}.", day=verdict.as_of, headline=verdict.headline))
    if verdict.target_met is True:
        asked.show(say("The last eight readings meet the target."))
    if verdict.target_met is False:
        asked.show(say("The last eight readings miss the target."))
    for reason in verdict.reasons:
        asked.show(say("  {rule}  {message}", rule=reason.rule, message=reason.message))
    asked.show(say("What would change it next: {change}", change=verdict.next_change))


def _judge_many(asked: Invocation, long: Path, parameters: Path, each_point: bool) -> None:
    series, wanted = read_long_series(long), read_parameters(parameters)
    lost = [each.series for each in wanted if each.series not in series]
    if lost:
        unknown = [Problem("E-ROW-MODEL", say("series {series} has parameters and no readings", series=name)) for name in lost]
        raise ProblemsFound(say("{path} lacks series", path=long), unknown)
    rows = [row for each in wanted for row in _long_rows(each, series[each.series], each_point)]
    if asked.json:
        asked.emit("verdict", 1, {"rows": rows})
        return
    for row in rows:
        asked.show(say("{series} {t}: {state}", series=row["series"], t=row["t"], state=row["state"]))


def _long_rows(wanted: SeriesParameters, series: LongSeries, each_point: bool) -> Iterator[Row]:
    samples = oriented_pairs(series.values, series.denominators, wanted.direction, wanted.kind)
    before = [sample for sample in samples[: wanted.baseline_points] if sample is not None]
    after = samples[wanted.baseline_points :]
    found: Sequence[Standing] = list(standings(before, after, target=wanted.target, direction=wanted.direction))
    told = enumerate(found, start=1) if each_point else [(len(found), found[-1])] if found else []
    for number, standing in told:
        yield {
            "series": wanted.series, "t": number, "state": standing.state, "detail": standing.detail,
            "target_met": standing.target_met, "caveats": standing.caveats,
        }  # fmt: skip
