"""The levels of a campaign as pictures: the grid of processes and areas, and a radar of two cycles and the target."""

from __future__ import annotations

from collections.abc import Iterable

from ancrage.domain.assessment.types import AreaKey, LevelState
from ancrage.language import Message, say
from ancrage.pictures.heat_map import LevelCell, LevelGrid, Radar, RadarAxis, draw_heat_map, draw_radar
from ancrage.pictures.svg import Picture
from ancrage.services.campaign_reports import CampaignReport, missing
from ancrage.services.campaign_views import LevelView

MOST_ROWS = 60
"""Processes of one grid: more are not read at a glance; the table beside it has them all."""
FEWEST_AXES = 3


def heat_map_of(report: CampaignReport, language: str) -> Picture:
    """The levels as a grid, in the order of scope and model; beyond MOST_ROWS processes, those that lie furthest below their targets."""
    levels = report.detail.levels
    rows = dict.fromkeys(level.process for level in levels)
    if len(rows) > MOST_ROWS:
        rows = dict.fromkeys(_furthest_below(levels)[:MOST_ROWS])
    shown = [level for level in levels if level.process in rows]
    title = _title(report).text(language)
    cells = {
        (it.process, it.area): LevelCell(it.value, LevelState(it.state), it.target, report.before.get(AreaKey(it.process, it.area)))
        for it in shown
    }
    names = {it.process: it.process_name.text(language) for it in shown}
    areas = {it.area: it.area_name.text(language) for it in shown}
    return draw_heat_map(LevelGrid(title, language, {row: names[row] for row in rows}, areas, cells, report.top))


def _title(report: CampaignReport) -> Message:
    return say("Levels: {campaign}", campaign=report.detail.campaign.name)


def _furthest_below(levels: Iterable[LevelView]) -> list[str]:
    far: dict[str, int] = {}
    for level in levels:
        far[level.process] = far.get(level.process, 0) + missing(level)
    return sorted(far, key=lambda process: -far[process])


def radar_of(report: CampaignReport, language: str) -> Picture | None:
    """The lowest level of each area over its processes, never an average (ASM-K5), now and in the cycle before on the same rows.

    Axes are the processes where there are too few areas; None where there are too few of both.
    """
    by_area = _axes(report, language, by_area=True)
    axes = by_area if len(by_area) >= FEWEST_AXES else _axes(report, language, by_area=False)
    if len(axes) < FEWEST_AXES or len(axes) > MOST_ROWS:
        return None
    earlier = report.previous_name.text(language) if report.previous_name and report.before else ""
    what = say("Lowest level by practice area") if axes is by_area else say("Lowest level by process")
    return draw_radar(Radar(what.text(language), language, axes, report.top, report.detail.campaign.name.text(language), earlier))


def _axes(report: CampaignReport, language: str, *, by_area: bool) -> tuple[RadarAxis, ...]:
    axes: dict[str, list[LevelView]] = {}
    for level in report.detail.levels:
        if level.state != LevelState.NOT_APPLICABLE.value:
            axes.setdefault(level.area if by_area else level.process, []).append(level)
    return tuple(_axis(report, levels, (levels[0].area_name if by_area else levels[0].process_name).text(language))
                 for levels in axes.values())  # fmt: skip


def _axis(report: CampaignReport, levels: list[LevelView], name: str) -> RadarAxis:
    before = [found for it in levels if (found := report.before.get(AreaKey(it.process, it.area))) is not None]
    return RadarAxis(
        name, min((it.value for it in levels if it.value is not None), default=None), min(before, default=None),
        max((it.target for it in levels if it.target is not None), default=None),
    )
