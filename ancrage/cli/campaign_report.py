"""`ancrage campaign report`: the report of a campaign as files: HTML that needs nothing else, Excel, pictures."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.new_file import write_new_file
from ancrage.cli.opening import instant_or_now, opened
from ancrage.errors import NotFound
from ancrage.language import N_, say

if TYPE_CHECKING:
    from datetime import datetime

    from ancrage.exchange.tables import Table
    from ancrage.services.campaign_reports import CampaignReport
    from ancrage.storage.unit_of_work import UnitOfWork

REPORT_HELP = N_(
    "Write the report of a campaign: for the sponsor one page (levels, movement, the lowest ones, stalled promises), for the lead "
    "everything. Without a file, say the page of the sponsor in a few lines."
)


class Reader(StrEnum):
    """Who reads the report."""

    SPONSOR = "sponsor"
    LEAD = "lead"


def _file(option: str, words: str) -> typer.models.OptionInfo:
    option_info: typer.models.OptionInfo = typer.Option(option, metavar="FILE", help=words)
    return option_info


def report(
    ctx: typer.Context,
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help=N_("Id of the campaign."))],
    reader: Annotated[Reader, typer.Option("--for", help=N_("Who reads it."))] = Reader.SPONSOR,
    html: Annotated[Path | None, _file("--html", N_("HTML file, with its style and pictures inside."))] = None,
    xlsx: Annotated[Path | None, _file("--xlsx", N_("Excel workbook with the tables of the report."))] = None,
    svg_heat: Annotated[Path | None, _file("--svg-heat", N_("Levels by process and practice area, as SVG."))] = None,
    svg_radar: Annotated[Path | None, _file("--svg-radar", N_("Two cycles and the target around one centre, as SVG."))] = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.campaign_reports import report_campaign, require_levels

    asked = Invocation.of(ctx)
    with opened(asked) as project:
        at = instant_or_now(project, as_of)
        with project.reading() as work:
            found = report_campaign(work, campaign, at)
            if svg_heat or svg_radar:
                require_levels(found)
            wanted = {"html": html, "xlsx": xlsx, "svg_heat": svg_heat, "svg_radar": svg_radar}
            made = _made(work, found, reader, asked.language, wanted, at)
    for path, content in made.values():
        write_new_file(path, content)
    if json:
        asked.emit("campaign.report", 1, _json(found, reader, {kind: str(path) for kind, (path, _) in made.items()}))
        return
    if not made:
        _say(asked, found)
    for path, _ in made.values():
        asked.show(say("Written: {path}", path=str(path)))


def _made(
    work: UnitOfWork, found: CampaignReport, reader: Reader, language: str, wanted: dict[str, Path | None], at: datetime
) -> dict[str, tuple[Path, bytes]]:
    """Every file before the first one is written: a report that cannot be made leaves none."""
    makers = {
        "html": lambda: _html(work, found, reader, language), "xlsx": lambda: _xlsx(work, found, reader, language, at),
        "svg_heat": lambda: _heat(found, language), "svg_radar": lambda: _radar(found, language),
    }  # fmt: skip
    return {kind: (path, makers[kind]()) for kind, path in wanted.items() if path is not None}


def _html(work: UnitOfWork, found: CampaignReport, reader: Reader, language: str) -> bytes:
    from ancrage.web.report_page import Audience, render_report

    return render_report(work, found, Audience(reader.value), language).encode()


def _xlsx(work: UnitOfWork, found: CampaignReport, reader: Reader, language: str, at: datetime) -> bytes:
    from ancrage.exchange.tables import render_book
    from ancrage.services.campaign_report_tables import stalled_table

    tables = [stalled_table(found)] if reader is Reader.SPONSOR else _everything(work, found)
    return render_book([*_levels(work, found), *tables], language, at).content


def _levels(work: UnitOfWork, found: CampaignReport) -> list[Table]:
    from ancrage.services.table_exports import comparison_table, levels_table

    if not found.detail.levels:
        return []
    campaign = found.detail.campaign.id
    return [levels_table(work, campaign)] + ([comparison_table(work, campaign)] if found.comparison else [])


def _everything(work: UnitOfWork, found: CampaignReport) -> list[Table]:
    from ancrage.services.campaign_report_tables import respondents_table, stalled_table
    from ancrage.services.table_exports import findings_table, ratings_table

    campaign = found.detail.campaign.id
    tables = [stalled_table(found), respondents_table(found), ratings_table(work, campaign)]
    return [findings_table(work, campaign), *tables] if found.detail.closed_at else tables


def _heat(found: CampaignReport, language: str) -> bytes:
    from ancrage.pictures.style import standalone_style
    from ancrage.pictures.svg import standalone
    from ancrage.services.campaign_pictures import heat_map_of

    return standalone(heat_map_of(found, language), standalone_style()).encode()


def _radar(found: CampaignReport, language: str) -> bytes:
    from ancrage.pictures.style import standalone_style
    from ancrage.pictures.svg import standalone
    from ancrage.services.campaign_pictures import FEWEST_AXES, radar_of

    picture = radar_of(found, language)
    if picture is None:
        raise NotFound(say("a radar needs {count} practice areas or processes", count=FEWEST_AXES))
    return standalone(picture, standalone_style()).encode()


def _say(asked: Invocation, found: CampaignReport) -> None:
    asked.show(found.headline)
    if found.moved is not None:
        asked.show(found.moved)
    for view in found.stalled:
        asked.show(say("Overdue: {what} ({who})", what=view.title, who=view.person or say("nobody holds this role")))


def _json(found: CampaignReport, reader: Reader, files: dict[str, str]) -> dict[str, object]:
    compared = found.comparison.levels if found.comparison else None
    return {
        "campaign": found.detail.campaign.id, "for": reader.value, "as_of": found.as_of, "files": files, "headline": found.headline,
        "moved": found.moved, "up": len(compared.improved) if compared else None, "down": len(compared.declined) if compared else None,
        "levels": [
            {"process": it.process, "area": it.area, "value": it.value, "target": it.target, "movement": found.movement(it)}
            for it in found.worst_first
        ],
        "stalled": [
            {"commitment": it.id, "title": it.title, "person": it.person_id, "due_at": it.due_at} for it in found.stalled
        ],
        "engagement": [
            {"contract": it.contract, "sponsor": it.sponsor, "since": it.since, "moved": list(it.moved)} for it in found.promised
        ],
    }  # fmt: skip
