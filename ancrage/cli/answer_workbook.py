"""`ancrage answer workbook` and `ancrage answer take`: a person's questions as an Excel file, and the filled file taken back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.new_file import write_new_file
from ancrage.cli.opening import acting_person, instant_or_now, opened
from ancrage.cli.tables import Cell, show_table
from ancrage.errors import Refused
from ancrage.language import N_, Message, say

if TYPE_CHECKING:
    from ancrage.project import Project
    from ancrage.services.workbook_intake import CellDifference, TakenWorkbook, WorkbookDifference

WORKBOOK_HELP = N_(
    "Write a person's open questions as an Excel workbook to answer offline, in the person's language: lists to choose from, locked "
    "cells, progress. Give the filled file to `ancrage answer take`, or on the person's page."
)
TAKE_HELP = N_(
    "Show what a filled workbook would change, cell by cell; with --accept take what is good of it. Bad cells are listed and left out; an "
    "answer given in the meantime stays, unless --overwrite-newer says otherwise. Exit code 1 when there is something to correct."
)


def workbook(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option("--out", metavar="FILE.xlsx", help=N_("File to write; it must not exist yet."))],
    person: Annotated[str, typer.Argument(metavar="PERSON", help=N_("Who answers (default: ANCRAGE_PERSON)."))] = "",
    campaign: Annotated[str, typer.Option("--campaign", help=N_("Only this campaign (default: every open one together)."))] = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Write the workbook of one person."""
    from ancrage.services.answer_workbooks import answer_workbook

    asked, who = Invocation.of(ctx), acting_person(person)
    with opened(asked, who) as project, project.reading() as work:
        written = answer_workbook(work, who, project.link_keys, instant_or_now(project, as_of), campaign or None)
    write_new_file(out, written.content)
    if json:
        counts = {"questions": written.questions, "answered": written.answered}
        asked.emit("answer.workbook", 1, {"person": who, "campaigns": list(written.campaigns), "file": str(out), **counts})
        return
    asked.show(say("{count} questions written to {path}, {answered} of them with the answer given so far.", count=written.questions,
                   path=str(out), answered=written.answered))  # fmt: skip


def take(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help=N_("The filled workbook."))],
    accept: Annotated[bool, typer.Option("--accept", help=N_("Take what is new or changed (default: show it)."))] = False,
    overwrite_newer: Annotated[
        bool, typer.Option("--overwrite-newer", help=N_("Also take answers that are older than those given in the meantime."))
    ] = False,
    person: Annotated[str, typer.Option("--person", help=N_("Refuse a workbook that was written for anybody else."))] = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Look at a filled workbook, and take it."""
    asked = Invocation.of(ctx)
    with opened(asked) as project:
        difference, taken = _look_and_take(project, file, person, as_of, accept=accept, over=overwrite_newer)
    if json:
        asked.emit("answer.take", 1, _payload(asked, difference, taken))
    else:
        _show(asked, difference, taken, accept=accept, over=overwrite_newer)
    if difference.needs_correction(overwrite_newer=overwrite_newer):
        raise typer.Exit(1)


def _look_and_take(
    project: Project, file: Path, person: str, as_of: AsOf, *, accept: bool, over: bool
) -> tuple[WorkbookDifference, TakenWorkbook | None]:
    from ancrage.services.workbook_intake import examine_workbook, take_workbook

    data, at = _content(file), instant_or_now(project, as_of)
    with project.units() if accept else project.reading() as work:
        difference = examine_workbook(work, data, file.name, project.link_keys, person or None)
        taken = take_workbook(work, difference, at, overwrite_newer=over) if accept else None
    return difference, taken


def _content(file: Path) -> bytes:
    """The bytes of a file, unless it is larger than any workbook may be."""
    from ancrage.exchange.answer_workbook import LARGEST_FILE, refuse_large

    try:
        size = file.stat().st_size
        if size > LARGEST_FILE:
            refuse_large(file.name, size)
        return file.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused("not_read", say("{path} cannot be read: {reason}", path=str(file), reason=reason)) from error


def _payload(asked: Invocation, difference: WorkbookDifference, taken: TakenWorkbook | None) -> dict[str, object]:
    """What `--json` says: shape `ancrage.answer.take`, version 1."""
    from ancrage.declarations.rendering import problem_as_json

    return {
        "file": difference.file, "sha256": difference.sha256, "person": difference.person, "written_at": difference.written_at,
        "sheets": [
            {"campaign": sheet.campaign, "sheet": sheet.sheet, **sheet.counts, "missing": [list(key) for key in sheet.missing],
             "cells": [_cell_json(cell) for cell in sheet.cells]}
            for sheet in difference.sheets
        ],
        "problems": [problem_as_json(problem, asked.language) for problem in difference.problems],
        "taken": None if taken is None else {"changed": taken.changed, "overwritten": taken.overwritten, "links": taken.links},
    }  # fmt: skip


def _cell_json(cell: CellDifference) -> dict[str, object]:
    return {
        "cell": cell.cell, "process": cell.process, "practice": cell.practice, "state": cell.state.value, "links": list(cell.links),
        "known": _answer_json(cell.known), "found": _answer_json(cell.found),
    }  # fmt: skip


def _answer_json(answer: tuple[str, str] | None) -> dict[str, str] | None:
    return {"value": answer[0], "comment": answer[1]} if answer else None


def _show(asked: Invocation, difference: WorkbookDifference, taken: TakenWorkbook | None, *, accept: bool, over: bool) -> None:
    from ancrage.declarations.rendering import render_text
    from ancrage.services.workbook_intake import CellState

    for sheet in difference.sheets:
        asked.show(say("{sheet}: {campaign} ({id})", sheet=sheet.sheet, campaign=sheet.name, id=sheet.campaign))
        rows = [_row(cell) for cell in sheet.cells if cell.state not in (CellState.SAME, CellState.EMPTY, CellState.KEPT)]
        show_table(asked, HEADS, rows, say("Nothing in it is new."))
        asked.show(say("{new} new, {changed} changed, {same} as known, {newer} older than a newer answer, {empty} empty",
                       new=sheet.counts["new"], changed=sheet.counts["changed"], same=sheet.counts["same"] + sheet.counts["kept"],
                       newer=sheet.counts["newer"], empty=sheet.counts["empty"]))  # fmt: skip
        asked.show()
    if difference.problems:
        asked.warn(render_text(difference.problems, asked.language))
    if difference.count(CellState.NEWER) and not over:
        asked.warn(say("Answers given in the meantime stay: --overwrite-newer takes those of the file instead."))
    asked.show(_last_line(difference, taken, accept=accept))


HEADS = (say("Cell"), say("Process"), say("Practice"), say("State"), say("Known"), say("In the file"), say("Links"))
STATES = {"new": N_("new"), "changed": N_("changed"), "newer": N_("a newer answer is known")}


def _row(cell: CellDifference) -> tuple[Cell, ...]:
    texts = [": ".join(filter(None, answer)).replace("\n", " ") if answer else None for answer in (cell.known, cell.found)]
    return (cell.cell, cell.process, cell.practice, Message(STATES[cell.state.value]), *texts, len(cell.links) or None)


def _last_line(difference: WorkbookDifference, taken: TakenWorkbook | None, *, accept: bool) -> Message:
    if taken is not None and accept:
        return say("{changed} answers taken, {over} of them over a newer one, {links} links added.", changed=taken.changed,
                   over=taken.overwritten, links=taken.links)  # fmt: skip
    if difference.would_change:
        return say("Nothing was taken yet: --accept takes what is new or changed.")
    return say("There is nothing to take.")
