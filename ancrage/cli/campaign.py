"""`ancrage campaign`: open an assessment campaign, follow it, agree on its cells, close it, compare it with the one before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli import campaign_work
from ancrage.cli.campaign_report import REPORT_HELP, report
from ancrage.cli.campaign_view import campaign_json, comparison_json, detail_json, show_campaigns, show_comparison, show_detail
from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import By, acting_person, instant_or_now, local, opened
from ancrage.cli.tables import show_table
from ancrage.cli.values import day, targets
from ancrage.cli.waiting import shown_progress
from ancrage.errors import NotFound, Refused
from ancrage.language import N_, Label, say

if TYPE_CHECKING:
    from ancrage.domain.assessment.recurrence import Recurrence
    from ancrage.domain.programme import Programme
    from ancrage.services.campaign_launch import CampaignPlan
    from ancrage.services.campaign_views import CampaignDetail

app = typer.Typer(no_args_is_help=True, help=N_("Open an assessment campaign, follow it, agree on its cells, close it, compare cycles."))
Campaign = Annotated[str, typer.Argument(metavar="CAMPAIGN", help=N_("Id of the campaign."))]
campaign_work.register(app)
app.command(help=REPORT_HELP)(report)


@app.command("open", help=N_(
    "Launch a campaign: each respondent is asked the questions of the reference model about the processes in scope, by a day. With "
    "--dry-run nothing is kept: it says who would be asked how much."
))  # fmt: skip
def open_(
    ctx: typer.Context,
    identity: Annotated[str, typer.Option("--id", help=N_("Id of the campaign: a short word."))],
    due: Annotated[date, typer.Option("--due", parser=day, metavar="DAY", help=N_("Last day to answer."))],
    closes: Annotated[
        date | None,
        typer.Option("--closes", parser=day, metavar="DAY", help=N_("Day it closes at the latest (default: the last day to answer).")),
    ] = None,
    name: Annotated[str, typer.Option("--name", help=N_("Its name (default: its id)."))] = "",
    name_fr: Annotated[str, typer.Option("--name-fr", help=N_("Its name for those who read French."))] = "",
    model: Annotated[str, typer.Option("--model", metavar="MODEL", help=N_("Reference model (default: the only one declared)."))] = "",
    scope: Annotated[
        list[str] | None, typer.Option("--scope", metavar="PROCESS,...", help=N_("Processes in scope; may be repeated."))
    ] = None,
    objective: Annotated[str, typer.Option("--objective", help=N_("In scope: every process that serves this objective."))] = "",
    interfaces: Annotated[bool, typer.Option("--with-interfaces", help=N_("And the processes that feed them or that they feed."))] = False,
    target: Annotated[
        list[str] | None, typer.Option("--target", metavar="[AREA=]LEVEL", help=N_("Level wanted: of one area, or of every other one."))
    ] = None,
    respondents: Annotated[
        str, typer.Option("--respondents", metavar="WHO,...", help=N_("Who answers for a process: owner, deputy, responsible."))
    ] = "owner",
    reuse: Annotated[bool, typer.Option("--reuse-valid", help=N_("Do not ask again where an earlier answer is still valid."))] = False,
    within: Annotated[
        bool, typer.Option("--within-budget", help=N_("Leave out what people have no time for, instead of refusing (ASM-K10)."))
    ] = False,
    every: Annotated[int, typer.Option("--every", metavar="MONTHS", min=0, help=N_("Ask for the next cycle after so many months."))] = 0,
    counted: Annotated[
        date | None, typer.Option("--counted-from", parser=day, metavar="DAY", help=N_("Count months from this day, whenever it closes."))
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=N_("Say who would be asked how much, and keep nothing."))] = False,
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.campaign_launch import open_campaign
    from ancrage.services.campaign_views import campaign_exists, detail_campaign
    from ancrage.services.programme import current_programme

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.reading() if dry_run else project.units() as work:
            programme, known = current_programme(work), campaign_exists(work, identity)
            label, wanted = Label(name_fr or name or identity, name or identity), _scope(programme, scope or [], objective, interfaces)
            plan = _plan(programme, identity, label, _model(programme, model), wanted, due, closes or due, target or [], respondents)
            plan = replace(plan, reuse_valid=reuse, within_budget=within, recurrence=_recurrence(every, counted))
            open_campaign(work, plan, person, at)
            detail = detail_campaign(work, identity)
    if json:
        asked.emit("campaign.open", 1, {"opened": not known and not dry_run, "dry_run": dry_run, **detail_json(detail)})
        return
    if known:
        asked.show(
            say("Campaign {campaign} exists since {at}; nothing changes.", campaign=identity, at=local(detail.zone, detail.opened_at))
        )
        return
    _show_opened(asked, detail, kept=not dry_run)


def _recurrence(every: int, counted: date | None) -> Recurrence | None:
    from ancrage.domain.assessment.recurrence import Counted, Recurrence

    if not every:
        if counted is not None:
            raise NotFound(say("--counted-from goes with --every"))
        return None
    return Recurrence(every, Counted.SEQUENCE if counted else Counted.REVIEW, counted)


def _model(programme: Programme, model: str) -> str:
    known = list(programme.reference_models)
    if not model and len(known) != 1:
        raise NotFound(say("say which reference model with --model; declared: {known}", known=", ".join(known) or "-"))
    return model or known[0]


def _scope(programme: Programme, given: list[str], objective: str, interfaces: bool) -> tuple[str, ...]:
    """Named processes, then those that serve the objective; each once. Without either: the whole map."""
    from ancrage.services.campaign_views import scope_serving

    named = [process.strip() for text in given for process in text.split(",") if process.strip()]
    if objective:
        named += scope_serving(programme, objective, with_interfaces=interfaces)
    elif interfaces:
        raise NotFound(say("--with-interfaces goes with --objective"))
    return tuple(dict.fromkeys(named)) or tuple(programme.processes)


def _plan(
    programme: Programme, identity: str, name: Label, model: str, scope: tuple[str, ...], due: date, closes: date, target: list[str],
    respondents: str,
) -> CampaignPlan:  # fmt: skip
    from ancrage.services.campaign_launch import CampaignPlan, Respondents
    from ancrage.services.determinations import ANY_AREA

    wanted = targets(target, ANY_AREA)
    declared = programme.reference_models.get(model)
    areas = {area.id for area in declared.areas} if declared else set()
    if declared and (unknown := sorted(wanted.keys() - areas - {ANY_AREA})):
        raise NotFound(say("reference model {model} has no practice area {unknown}; it has: {known}", model=model,
                           unknown=", ".join(unknown), known=", ".join(sorted(areas))))  # fmt: skip
    who = [word.strip() for word in respondents.split(",") if word.strip()]
    if not who or (set(who) - set(Respondents)):
        raise NotFound(say("respondents cannot be {found}; allowed: {known}", found=respondents or "-", known=", ".join(Respondents)))
    return CampaignPlan(identity, name, model, scope, due, closes, wanted, tuple(Respondents(word) for word in who))


def _show_opened(asked: Invocation, detail: CampaignDetail, *, kept: bool) -> None:
    view = detail.campaign
    counts = {"campaign": view.id, "people": view.people, "cells": view.cells, "due": view.due_on.isoformat()}
    asked.show(
        say("Campaign {campaign} is open: {people} people are asked {cells} questions by {due}.", **counts) if kept
        else say("Nothing was kept. Campaign {campaign} would ask {people} people {cells} questions by {due}.", **counts)
    )  # fmt: skip
    rows = [(person.name, person.person, person.asked, f"{person.minutes:.0f}") for person in detail.respondents]
    show_table(asked, (say("Who"), say("Id"), say("Questions"), say("Minutes")), rows, say("Nobody is asked."))


@app.command("list", help=N_("Every campaign with how far it is."))
def list_(ctx: typer.Context, json: Json = False) -> None:
    from ancrage.services.campaign_views import list_campaigns

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        views = list_campaigns(work)
    if json:
        asked.emit("campaign.list", 1, {"campaigns": [campaign_json(view) for view in views]})
        return
    show_campaigns(asked, views)


@app.command(
    help=N_("One campaign: who is silent, largest disagreements first, what awaits a judgement, and its levels once it is closed.")
)
def show(
    ctx: typer.Context,
    campaign: Campaign,
    everything: Annotated[bool, typer.Option("--all", help=N_("Every cell, not only those that people must talk about."))] = False,
    json: Json = False,
) -> None:
    from ancrage.services.campaign_views import detail_campaign

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        detail = detail_campaign(work, campaign)
    if json:
        asked.emit("campaign.show", 1, detail_json(detail))
        return
    show_detail(asked, detail, everything=everything)


@app.command(help=N_("Record the value people agreed on for one cell, who decided and why; it wins over what answers propose."))
def decide(
    ctx: typer.Context,
    campaign: Campaign,
    process: Annotated[str, typer.Argument(metavar="PROCESS", help=N_("Id of the process."))],
    practice: Annotated[str, typer.Argument(metavar="PRACTICE", help=N_("Id of the practice."))],
    value: Annotated[str, typer.Argument(metavar="VALUE", help=N_("A value of the scale, or NA."))],
    why: Annotated[str, typer.Option("--why", help=N_("What they agreed on; kept."))],
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.domain.assessment.types import CellKey
    from ancrage.services.campaign_views import detail_campaign
    from ancrage.services.determinations import decide_cell

    asked, person = Invocation.of(ctx), acting_person(by)
    if not why.strip():
        raise NotFound(say("say why with --why: a decision without a reason cannot be explained"))
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            if (process, practice) not in {(cell.process, cell.practice) for cell in detail_campaign(work, campaign).cells}:
                raise NotFound(say("campaign {campaign} does not ask about practice {practice} of process {process}",
                                   campaign=campaign, practice=practice, process=process))  # fmt: skip
            decide_cell(work, campaign, CellKey(process, practice), value, person, why, at)
    if json:
        payload = {"campaign": campaign, "process": process, "practice": practice, "value": value, "by": person, "why": why, "at": at}
        asked.emit("campaign.decide", 1, payload)
        return
    asked.show(say("Recorded: {practice} of {process} counts as {value}.", practice=practice, process=process, value=value))


@app.command(help=N_("Determine levels and gaps from the answers, end what is still asked, rank the actions, and freeze the campaign."))
def close(
    ctx: typer.Context,
    campaign: Campaign,
    force: Annotated[bool, typer.Option("--force", help=N_("Close although some have not handed in."))] = False,
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.campaign_closing import end_campaign
    from ancrage.services.campaign_views import detail_campaign

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            before = detail_campaign(work, campaign)
            waiting = [found.name for found in before.respondents if found.submitted_at is None]
            if waiting and not force and before.closed_at is None:
                raise Refused("incomplete", say("{count} people have not handed in: {names}; close anyway with --force",
                                                count=len(waiting), names=", ".join(waiting)))  # fmt: skip
            with shown_progress(asked) as progress:
                done = end_campaign(work, campaign, person, at, project.first_channels, progress)
        with project.reading() as work:
            detail = detail_campaign(work, campaign)
    if json:
        counts = {
            "gaps": done.gaps, "findings": done.findings, "actions_verified": done.verified, "actions_ranked": done.ranked,
            "commitments_opened": done.opened,
        }  # fmt: skip
        asked.emit("campaign.close", 1, {**counts, **detail_json(detail)})
        return
    asked.show(say("Closed: {areas} levels, {gaps} gaps, {actions} actions ranked.", areas=len(detail.levels), gaps=done.gaps,
                   actions=done.ranked))  # fmt: skip
    show_detail(asked, detail, everything=False)


@app.command(
    help=N_("What moved since the cycle before, on the rows that are in both; new, gone and not applicable rows are counted apart.")
)
def compare(
    ctx: typer.Context,
    campaign: Campaign,
    before: Annotated[
        str, typer.Option("--before", metavar="CAMPAIGN", help=N_("Compare with this one (default: the cycle before)."))
    ] = "",
    json: Json = False,
) -> None:
    from ancrage.services.campaign_views import compare_campaigns

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        found = compare_campaigns(work, campaign, before or None)
    if json:
        asked.emit("campaign.compare", 1, comparison_json(found))
        return
    show_comparison(asked, found)
