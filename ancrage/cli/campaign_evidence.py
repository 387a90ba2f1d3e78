"""`ancrage campaign evidence ...`, and evidence as it is typed: list it, renew it before it expires, withdraw it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import By, acting_person, instant_or_now, opened
from ancrage.cli.tables import show_table
from ancrage.cli.values import day
from ancrage.errors import NotFound
from ancrage.language import N_, Message, say

if TYPE_CHECKING:
    from ancrage.project import Project
    from ancrage.services.evidence import EvidenceView, NewEvidence

EVIDENCE_FOLDER = "evidence"
Why = Annotated[str, typer.Option("--why", help=N_("The reason; kept."))]

evidence_app = typer.Typer(no_args_is_help=True, help=N_("Evidence behind ratings: list it, renew it before it expires, withdraw it."))


def read_evidence(given: str, dated: date, expires: date | None) -> NewEvidence:
    """Evidence from what was typed: an address, or the path of a file that is read now. NotFound for a file that cannot be read."""
    from ancrage.services.evidence import LARGEST_FILE, NewEvidence

    if given.startswith(("http://", "https://")):
        return NewEvidence(given, dated, expires, address=given)
    path = Path(given)
    try:
        with path.open("rb") as handle:
            content = handle.read(LARGEST_FILE + 1)
    except OSError as error:
        raise NotFound(say("{path} cannot be read: {error}", path=given, error=error.strerror or "")) from None
    return NewEvidence(path.name, dated, expires, content=content)


def keep_evidence(project: Project, new: NewEvidence) -> None:
    """The bytes of a file are kept before the database says that they are."""
    from ancrage.exchange.evidence_files import keep_file

    if new.content is not None:
        keep_file(project.data_folder / EVIDENCE_FOLDER, new.content)


@evidence_app.command("list", help=N_("Evidence with the cells it stands behind and its last day."))
def evidence_list(
    ctx: typer.Context,
    campaign: Annotated[str, typer.Option("--campaign", help=N_("Only behind cells of this campaign."))] = "",
    json: Json = False,
) -> None:
    from ancrage.services.evidence import list_evidence

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        found = list_evidence(work, campaign or None)
    if json:
        asked.emit("campaign.evidence", 1, {"evidence": [_evidence_json(it) for it in found]})
        return
    rows = [(it.id, it.name, it.dated_on.isoformat(), _day(it.expires_on), _standing(it), len(it.cells)) for it in found]
    head = (say("Id"), say("Name"), say("Dated"), say("Last day"), say("State"), say("Cells"))
    show_table(asked, head, rows, say("There is no evidence."))


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _standing(view: EvidenceView) -> Message:
    if view.withdrawn_at is not None:
        return say("withdrawn")
    return say("renewed by {id}", id=view.renewed_by) if view.renewed_by else say("stands")


def _evidence_json(it: EvidenceView) -> dict[str, object]:
    return {
        "id": it.id, "kind": it.kind, "name": it.name, "address": it.address, "sha256": it.sha256, "size": it.size, "dated_on": it.dated_on,
        "expires_on": it.expires_on, "added_by": it.added_by, "added_at": it.added_at, "renewed_by": it.renewed_by,
        "withdrawn_at": it.withdrawn_at,
        "cells": [{"campaign": campaign, "process": process, "practice": practice} for campaign, process, practice in it.cells],
    }  # fmt: skip


@evidence_app.command(help=N_("Put a newer file or address in the place of evidence that expires; closed campaigns keep the old one."))
def renew(
    ctx: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="EVIDENCE", help=N_("Id of the evidence."))],
    given: Annotated[str, typer.Argument(metavar="FILE|ADDRESS", help=N_("The newer file, or an address."))],
    dated: Annotated[
        date | None, typer.Option("--dated", parser=day, metavar="DAY", help=N_("What day it shows (default: today)."))
    ] = None,
    expires: Annotated[date | None, typer.Option("--expires", parser=day, metavar="DAY", help=N_("Last day it is good for."))] = None,
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.evidence import renew_evidence

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        new = read_evidence(given, dated or at.date(), expires)
        with project.units() as work:
            renewed = renew_evidence(work, identity, new, person, at, project.first_channels)
            keep_evidence(project, new)
    if json:
        asked.emit("campaign.evidence.renew", 1, {"evidence": identity, "renewed_by": renewed})
        return
    asked.show(say("Renewed by {id}.", id=renewed))


@evidence_app.command(help=N_("Say that evidence shows nothing any more, and why."))
def withdraw(
    ctx: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="EVIDENCE", help=N_("Id of the evidence."))],
    why: Why,
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.evidence import withdraw_evidence

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            withdraw_evidence(work, identity, why, person, at, project.first_channels)
    if json:
        asked.emit("campaign.evidence.withdraw", 1, {"evidence": identity, "why": why, "at": at})
        return
    asked.show(say("Recorded."))
