"""`ancrage status`: who must do what next, what is late, what needs a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from ancrage.cli.commitment_rows import COMMITMENT_HEADS, commitment_json, commitment_row
from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import instant_or_now, local, opened
from ancrage.cli.state_words import state_word
from ancrage.cli.tables import show_table
from ancrage.language import N_, say

if TYPE_CHECKING:
    from ancrage.services.status import StatusView

HELP = N_("The loop on one screen: open commitments with who answers and what comes next, campaigns, alerts, verdicts, first actions.")
FIRST_ACTIONS = 5


def command(ctx: typer.Context, as_of: AsOf = None, json: Json = False) -> None:
    """Show the state of the loop."""
    from ancrage.services.status import fetch_status

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        status = fetch_status(work, instant_or_now(project, as_of))
    if json:
        asked.emit("status", 1, _payload(status))
        return
    _show(asked, status)


def _payload(status: StatusView) -> dict[str, object]:
    return {
        "programme": status.programme, "as_of": status.as_of, "last_pass": status.last_pass,
        "gaps": [{"since": gap.since, "until": gap.until} for gap in status.gaps],
        "overdue": status.overdue,
        "commitments": [commitment_json(view) for view in status.open_commitments],
        "campaigns": [
            {"id": view.id, "name": view.name, "status": view.status, "due_on": view.due_on, "people": view.people,
             "submitted": view.submitted, "cells": view.cells, "rated": view.rated, "silent": list(view.silent)}
            for view in status.campaigns
        ],
        "alerts": [
            {"id": view.id, "indicator": view.indicator, "message": view.message, "raised_at": view.raised_at} for view in status.alerts
        ],
        "verdicts": [
            {"indicator": view.indicator_id, "state": view.state, "headline": view.headline, "target_met": view.target_met,
             "since": view.since, "next": view.next_change}
            for view in status.verdicts
        ],
        "remarks": [{"contract": contract, "name": name, "open": count} for contract, name, count in status.open_remarks],
        "actions": [
            {"id": view.id, "rank": view.rank, "title": view.title, "status": view.status, "owner": view.owner} for view in status.actions
        ],
    }  # fmt: skip


def _show(asked: Invocation, status: StatusView) -> None:
    zone = status.zone
    asked.show(
        say(
            "{programme}, {at}: {open} commitments open, {overdue} overdue; last pass {last}",
            programme=status.programme,
            at=local(zone, status.as_of),
            open=len(status.open_commitments),
            overdue=status.overdue,
            last=local(zone, status.last_pass),
        )
    )
    for gap in status.gaps[-3:]:
        asked.show(say("! the engine was stopped from {since} to {until}", since=local(zone, gap.since), until=local(zone, gap.until)))
    for contract, name, count in status.open_remarks:
        asked.show(say("! {count} comments on “{name}” wait for an answer: `ancrage contracts comments {contract}`", count=count, name=name,
                       contract=contract))  # fmt: skip
    asked.show()
    show_table(asked, COMMITMENT_HEADS, [commitment_row(view, zone) for view in status.open_commitments], say("Nothing is owed."))
    asked.show()
    show_table(
        asked, (say("Campaign"), say("State"), say("Due"), say("Handed in"), say("Answers"), say("Silent")),
        [(view.name, view.status, view.due_on.isoformat(), f"{view.submitted}/{view.people}", f"{view.rated}/{view.cells}",
          ", ".join(view.silent) or None) for view in status.campaigns],
        say("No campaign yet."),
    )  # fmt: skip
    asked.show()
    for alert in status.alerts:
        asked.show(say("! {message} (alert:{id})", message=alert.message, id=alert.id))
    show_table(
        asked, (say("Indicator"), say("Verdict"), say("Target"), say("What would change it")),
        [(view.indicator, view.headline, _met(view.target_met), view.next_change) for view in status.verdicts], say("No verdict yet."),
    )  # fmt: skip
    asked.show()
    wanted = [view for view in status.actions if view.status in ("proposed", "accepted")][:FIRST_ACTIONS]
    show_table(
        asked,
        (say("Rank"), say("Action"), say("State"), say("Owner")),
        [(view.rank, view.title, state_word(view.status), view.owner) for view in wanted],
        say("No action is waiting."),
    )


def _met(met: bool | None) -> str:
    return {True: "+", False: "!", None: "-"}[met]
