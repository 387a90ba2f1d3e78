"""`ancrage explain`: why a deadline, a level, a rank, a verdict is what it is; or what a problem code means."""

from __future__ import annotations

from typing import Annotated

import typer

from ancrage.cli.invocation import Invocation, Json
from ancrage.cli.opening import opened
from ancrage.language import N_, say

HELP = N_(
    "Explain, line by line from stored facts: commitment:ID, alert:ID, campaign:ID, level:CAMPAIGN/PROCESS/AREA, action:ID, "
    "indicator:ID, contract:ID, transformation:ID, engagement:PERSON; or a problem code such as E-UNIT-UNKNOWN."
)
WIDTHS = (17, 10)


def command(
    ctx: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="WHAT", help=N_("What to explain."))],
    json: Json = False,
) -> None:
    """Explain one thing."""
    asked = Invocation.of(ctx)
    if subject.upper().startswith(("E-", "W-")):
        _explain_code(asked, subject)
        return
    from ancrage.services.explanation import explain

    with opened(asked) as project, project.reading() as work:
        found = explain(work, subject)
    if json:
        lines = [{"at": line.at, "rule": line.rule or None, "what": line.what, "follow": line.follow or None} for line in found.lines]
        asked.emit("explain", 1, {"subject": subject, "title": found.title, "zone": found.zone, "lines": lines})
        return
    asked.show(found.title)
    asked.show(say("(instants in {zone})", zone=found.zone))
    for line in found.lines:
        at = line.at.strftime("%Y-%m-%d %H:%M") if line.at else ""
        follow = f"  -> {line.follow}" if line.follow else ""
        asked.show(f"{at:<{WIDTHS[0]}} {line.rule:<{WIDTHS[1]}} {asked.text(line.what)}{follow}")


def _explain_code(asked: Invocation, code: str) -> None:
    from ancrage.declarations.codes import page_of
    from ancrage.declarations.codes.page import render_page

    page = page_of(code)
    if asked.json:
        asked.emit("explain.code", 1, {"code": code, "text": render_page(page, asked.language)})
        return
    asked.show(render_page(page, asked.language))
