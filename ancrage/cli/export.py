"""`ancrage export`: tables for other tools, with every field, as Excel, CSV or JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.new_file import write_new_file
from ancrage.cli.opening import instant_or_now, opened
from ancrage.errors import NotFound
from ancrage.language import N_, say

if TYPE_CHECKING:
    from ancrage.exchange.tables import Table
    from ancrage.storage.unit_of_work import UnitOfWork

FORMATS = ("xlsx", "csv", "json")
app = typer.Typer(
    no_args_is_help=True,
    help=N_("Write tables to files, with every field: Excel for people, CSV and JSON for tools. No text of theirs becomes a formula."),
)
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help=N_("File to write; it must not exist yet."))]
Format = Annotated[str, typer.Option("--format", metavar="xlsx|csv|json", help=N_("Kind of file (default: by the end of its name)."))]
Mark = Annotated[bool, typer.Option("--bom", help=N_("Begin a CSV file with a byte order mark, by which Excel sees that it is UTF-8."))]
OneCampaign = Annotated[str, typer.Option("--campaign", help=N_("Id of the campaign."))]
AnyCampaign = Annotated[str, typer.Option("--campaign", help=N_("Only of this campaign."))]


@app.command(help=N_("Every question of a campaign with its answer, who gave it, what counts and its evidence."))
def ratings(
    ctx: typer.Context, campaign: OneCampaign, out: Out, kind: Format = "", bom: Mark = False,
    history: Annotated[bool, typer.Option("--history", help=N_("Also answers that were replaced by a later one."))] = False,
    as_of: AsOf = None, json: Json = False,
) -> None:  # fmt: skip
    from ancrage.services.table_exports import ratings_table

    _export(ctx, lambda work, _: ratings_table(work, campaign, history=history), out, kind, as_of, mark=bom, json=json)


@app.command(help=N_("The levels of a closed campaign, with targets, blockers, and what they were determined from."))
def levels(
    ctx: typer.Context, campaign: OneCampaign, out: Out, kind: Format = "", bom: Mark = False, as_of: AsOf = None, json: Json = False
) -> None:
    from ancrage.services.table_exports import levels_table

    _export(ctx, lambda work, _: levels_table(work, campaign), out, kind, as_of, mark=bom, json=json)


@app.command(help=N_("Findings of closed campaigns, with their actions and how they were rated again."))
def findings(
    ctx: typer.Context, out: Out, campaign: AnyCampaign = "", kind: Format = "", bom: Mark = False, as_of: AsOf = None, json: Json = False
) -> None:
    from ancrage.services.table_exports import findings_table

    _export(ctx, lambda work, _: findings_table(work, campaign or None), out, kind, as_of, mark=bom, json=json)


@app.command(help=N_("Two closed campaigns compared on the same rows, and the rows that cannot be compared."))
def comparison(
    ctx: typer.Context, campaign: OneCampaign, out: Out,
    before: Annotated[str, typer.Option("--before", help=N_("The earlier campaign (default: the one before it)."))] = "",
    kind: Format = "", bom: Mark = False, as_of: AsOf = None, json: Json = False,
) -> None:  # fmt: skip
    from ancrage.services.table_exports import comparison_table

    _export(ctx, lambda work, _: comparison_table(work, campaign, before or None), out, kind, as_of, mark=bom, json=json)


@app.command(help=N_("The action plan in the order of its ranking."))
def actions(
    ctx: typer.Context, out: Out, campaign: AnyCampaign = "",
    segment: Annotated[str, typer.Option("--segment", help=N_("Only this segment."))] = "",
    kind: Format = "", bom: Mark = False, as_of: AsOf = None, json: Json = False,
) -> None:  # fmt: skip
    from ancrage.services.table_exports import actions_table

    _export(ctx, lambda work, at: actions_table(work, at, campaign or None, segment or None), out, kind, as_of, mark=bom, json=json)


@app.command(help=N_("What is and was owed by a date, of everybody or of one person."))
def commitments(
    ctx: typer.Context, out: Out,
    person: Annotated[str, typer.Option("--person", help=N_("Only what this person answers for."))] = "",
    only_open: Annotated[bool, typer.Option("--open", help=N_("Only what is open."))] = False,
    kind: Format = "", bom: Mark = False, as_of: AsOf = None, json: Json = False,
) -> None:  # fmt: skip
    from ancrage.services.table_exports import commitments_table

    _export(ctx, lambda work, at: commitments_table(work, at, person or None, only_open=only_open), out, kind, as_of, mark=bom, json=json)


@app.command(help=N_("The readings of indicators."))
def readings(
    ctx: typer.Context, out: Out,
    indicator: Annotated[str, typer.Option("--indicator", help=N_("Only of this indicator."))] = "",
    kind: Format = "", bom: Mark = False, as_of: AsOf = None, json: Json = False,
) -> None:  # fmt: skip
    from ancrage.services.table_exports import readings_table

    _export(ctx, lambda work, _: readings_table(work, indicator or None), out, kind, as_of, mark=bom, json=json)


@app.command(help=N_("The journal with its details and the digests that chain it."))
def journal(
    ctx: typer.Context, out: Out,
    subject: Annotated[str, typer.Option("--subject", help=N_("Only about this: campaign:ID, commitment:ID, ..."))] = "",
    last: Annotated[int | None, typer.Option("--last", min=1, metavar="COUNT", help=N_("Only the last lines, so many."))] = None,
    kind: Format = "", bom: Mark = False, as_of: AsOf = None, json: Json = False,
) -> None:  # fmt: skip
    from ancrage.services.table_exports import journal_table

    _export(ctx, lambda work, _: journal_table(work, subject or None, last), out, kind, as_of, mark=bom, json=json)


def _export(
    ctx: typer.Context, table_of: Callable[[UnitOfWork, datetime], Table], out: Path, kind: str, as_of: datetime | None, *,
    mark: bool, json: bool,
) -> None:  # fmt: skip
    """Read the rows, render them, write the file."""
    asked, wanted = Invocation.of(ctx), _format(kind, out)
    with opened(asked) as project:
        at = instant_or_now(project, as_of)
        with project.reading() as work:
            table = table_of(work, at)
    content, cut = _rendered(table, wanted, asked.language, at, mark=mark)
    write_new_file(out, content)
    if json:
        asked.emit("export.table", 1, {"table": table.name, "file": str(out), "format": wanted, "rows": len(table.rows), "cut": cut})
        return
    asked.show(say("{table}: {count} rows written to {path}", table=table.title, count=len(table.rows), path=str(out)))
    if cut:
        asked.warn(say("{count} texts are longer than an Excel cell can hold, and end in …; CSV and JSON have them whole", count=cut))


def _format(kind: str, out: Path) -> str:
    found = kind or out.suffix.removeprefix(".").lower()
    if found not in FORMATS:
        raise NotFound(say("say which kind of file: --format {known}, or end its name so", known=" | ".join(FORMATS)))
    return found


def _rendered(table: Table, wanted: str, language: str, at: datetime, *, mark: bool) -> tuple[bytes, int]:
    from ancrage.exchange.tables import render_csv, render_json, render_xlsx

    if wanted == "csv":
        return render_csv(table, language, mark=mark), 0
    if wanted == "json":
        return render_json(table, language), 0
    sheet = render_xlsx(table, language, at)
    return sheet.content, sheet.cut
