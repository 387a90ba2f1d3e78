"""How a campaign is shown: as tables, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from ancrage.cli.attribution import attribution_json
from ancrage.cli.invocation import Invocation
from ancrage.cli.opening import local
from ancrage.cli.state_words import state_word
from ancrage.cli.tables import Cell, show_table
from ancrage.language import say

if TYPE_CHECKING:
    from ancrage.domain.assessment.types import AreaKey
    from ancrage.domain.reference_model import Attribution
    from ancrage.services.campaign_views import CampaignDetail, CellView, CycleView
    from ancrage.services.status import CampaignView

CELLS_SHOWN = 12


def campaign_json(view: CampaignView) -> dict[str, object]:
    """One campaign of a list."""
    return {
        "id": view.id, "name": view.name, "status": view.status, "due_on": view.due_on, "closes_on": view.closes_on, "people": view.people,
        "submitted": view.submitted, "cells": view.cells, "rated": view.rated, "silent": list(view.silent),
    }  # fmt: skip


def detail_json(detail: CampaignDetail) -> dict[str, object]:
    """One campaign with everything in it."""
    return {
        "campaign": campaign_json(detail.campaign), "model": detail.model, "opened_at": detail.opened_at, "opened_by": detail.opened_by,
        "closed_at": detail.closed_at, "previous": detail.previous, "scope": list(detail.scope), "targets": detail.targets,
        "respondents": [
            {"person": who.person, "name": who.name, "asked": who.asked, "rated": who.rated, "minutes": who.minutes,
             "submitted_at": who.submitted_at}
            for who in detail.respondents
        ],
        "cells": [
            {"process": cell.process, "practice": cell.practice,
             "answers": [{"name": name, "value": value} for name, value in cell.answers],
             "asked": cell.asked, "counts": cell.counts, "judge": cell.judge, "disagreement": round(cell.disagreement, 4), "why": cell.why,
             "decided_by": cell.decided_by}
            for cell in detail.cells
        ],
        "levels": [
            {"process": level.process, "area": level.area, "value": level.value, "state": level.state, "target": level.target,
             "blockers": list(level.blockers)}
            for level in detail.levels
        ],
        "attribution": attribution_json(detail.attribution),
    }  # fmt: skip


def comparison_json(found: CycleView) -> dict[str, object]:
    """Two cycles on the same rows."""
    levels = found.levels
    return {
        "before": found.before, "after": found.after, "change": levels.change, "mean_before": levels.mean_before,
        "mean_after": levels.mean_after, "naive_change": levels.naive_change,
        "rows": [{"process": it.row.process, "area": it.row.area, "before": it.before, "after": it.after} for it in levels.movements],
        "new": _rows(levels.new), "gone": _rows(levels.gone), "not_applicable": _rows(levels.not_applicable),
        "undetermined": _rows(levels.undetermined), "warnings": list(levels.warnings),
    }  # fmt: skip


def _rows(rows: Iterable[AreaKey]) -> list[dict[str, str]]:
    return [{"process": row.process, "area": row.area} for row in rows]


def show_campaigns(asked: Invocation, views: Sequence[CampaignView]) -> None:
    """The list of campaigns."""
    show_table(
        asked, (say("Campaign"), say("Name"), say("State"), say("Due"), say("Closes"), say("Handed in"), say("Answers"), say("Silent")),
        [(view.id, view.name, state_word(view.status), view.due_on.isoformat(), view.closes_on.isoformat(),
          f"{view.submitted}/{view.people}", f"{view.rated}/{view.cells}", ", ".join(view.silent) or None) for view in views],
        say("No campaign yet."),
    )  # fmt: skip


def show_detail(asked: Invocation, detail: CampaignDetail, *, everything: bool) -> None:
    """One campaign: people, then what they must talk about, then levels."""
    view = detail.campaign
    asked.show(
        say(
            "{name} ({id}), {status}: reference model {model}, {processes} processes, due {due}, closes {closes}",
            name=view.name, id=view.id, status=state_word(view.status), model=detail.model, processes=len(detail.scope),
            due=view.due_on.isoformat(), closes=view.closes_on.isoformat(),
        )
    )  # fmt: skip
    asked.show(
        say("{submitted} of {people} have handed in, {rated} of {cells} answers given, {silent} silent", submitted=view.submitted,
            people=view.people, rated=view.rated, cells=view.cells, silent=sum(who.is_silent for who in detail.respondents))
    )  # fmt: skip
    asked.show()
    show_table(
        asked, (say("Who"), say("Answers"), say("Minutes"), say("Handed in")),
        [(who.name, f"{who.rated}/{who.asked}", f"{who.minutes:.0f}", local(detail.zone, who.submitted_at)) for who in detail.respondents],
        say("Nobody is asked."),
    )  # fmt: skip
    asked.show()
    _show_cells(asked, detail, everything=everything)
    if detail.levels:
        asked.show()
        show_table(
            asked, (say("Process"), say("Practice area"), say("Level"), say("Target"), say("What stands before the next level")),
            [(level.process_name, level.area_name, level.value, level.target, ", ".join(level.blockers) or None)
             for level in detail.levels],
            say("No level."),
        )  # fmt: skip
    _show_owner(asked, detail.attribution)


def _show_owner(asked: Invocation, attribution: Attribution | None) -> None:
    """Whose texts the names above are."""
    if attribution is not None:
        asked.show()
        asked.show(attribution.line())


def _show_cells(asked: Invocation, detail: CampaignDetail, *, everything: bool) -> None:
    """Cells to talk about: judgements and disagreements; all of them when asked for."""
    wanted = list(detail.cells) if everything else [cell for cell in detail.cells if cell.judge or cell.disagreement > 0]
    shown = wanted if everything else wanted[:CELLS_SHOWN]
    asked.show(say("{judge} cells await a judgement, {differ} show a disagreement", judge=len(detail.to_judge),
                   differ=sum(cell.disagreement > 0 for cell in detail.cells)))  # fmt: skip
    if not shown:
        return
    show_table(
        asked, (say("Process"), say("Practice"), say("Answers"), say("Apart"), say("Counts"), say("Why")),
        [_cell_row(cell) for cell in shown],
        say("Nobody is asked."),
    )  # fmt: skip
    if len(wanted) > len(shown):
        asked.show(say("... and {count} more: --all shows them", count=len(wanted) - len(shown)))


def _cell_row(cell: CellView) -> tuple[Cell, ...]:
    answers = ", ".join(f"{name}: {value}" for name, value in cell.answers)
    counts = say("to judge") if cell.judge else cell.counts
    return (cell.process, cell.practice, answers or None, f"{100 * cell.disagreement:.0f} %", counts, cell.why)


def show_comparison(asked: Invocation, found: CycleView) -> None:
    """Two cycles: the true change first, then its rows, then what cannot be compared."""
    levels = found.levels
    for warning in levels.warnings:
        asked.show(say("! {warning}", warning=warning))
    if levels.change is None:
        asked.show(say("No row has a level in both {before} and {after}.", before=found.before, after=found.after))
    else:
        asked.show(
            say("From {before} to {after}, on the same {rows} rows: mean level {old} to {new} ({up} up, {down} down)", before=found.before,
                after=found.after, rows=len(levels.movements), old=f"{levels.mean_before:.2f}", new=f"{levels.mean_after:.2f}",
                up=len(levels.improved), down=len(levels.declined))
        )  # fmt: skip
    asked.show(
        say("Not compared: {new} new, {gone} gone, {na} not applicable, {undetermined} not determined", new=len(levels.new),
            gone=len(levels.gone), na=len(levels.not_applicable), undetermined=len(levels.undetermined))
    )  # fmt: skip
    moved = [*levels.improved, *levels.declined]
    rows: list[tuple[Cell, ...]] = [(*found.names[it.row], f"{it.before:g}", f"{it.after:g}", f"{it.change:+g}") for it in moved]
    asked.show()
    show_table(asked, (say("Process"), say("Practice area"), say("Before"), say("After"), say("Change")), rows, say("No level moved."))
    _show_owner(asked, found.attribution)
