"""`ancrage campaign ...`: what a lead does while a campaign runs and after it: scope, answers given back, judgements, findings."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.campaign_evidence import evidence_app
from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import By, acting_person, instant_or_now, local, opened
from ancrage.cli.state_words import state_word
from ancrage.cli.tables import show_table
from ancrage.cli.values import day
from ancrage.errors import NotFound
from ancrage.language import N_, say

if TYPE_CHECKING:
    from ancrage.services.campaign_scope import ScopeChange
    from ancrage.services.findings import FindingView

Campaign = Annotated[str, typer.Argument(metavar="CAMPAIGN", help=N_("Id of the campaign."))]
Why = Annotated[str, typer.Option("--why", help=N_("The reason; kept."))]

def register(app: typer.Typer) -> None:
    """Add these commands to those of `ancrage campaign`."""
    app.command(help=N_("Add processes to a running campaign or take some out: the difference is shown, --accept takes it."))(scope)
    app.command("return", help=N_("Give answers that were handed in back to a person, with what should change; they owe them again."))(
        return_
    )
    app.command(help=N_("What happened to a person's request: handed in, given back, taken up again."))(history)
    app.command(help=N_("Groups of practices whose weaknesses a team may judge, and what was judged (ASM-C3)."))(groups)
    app.command(help=N_("Record what a team judged of a group: its weaknesses hurt the goal significantly, or they do not."))(judge)
    app.command(help=N_("Findings of closed campaigns: what was found, which action answers it, what a later cycle says."))(findings)
    app.command(help=N_("Record the cause of a finding, who answers for it and by when."))(finding)
    app.add_typer(evidence_app, name="evidence")


def scope(
    ctx: typer.Context,
    campaign: Campaign,
    add: Annotated[list[str] | None, typer.Option("--add", metavar="PROCESS", help=N_("A process to add; may be repeated."))] = None,
    remove: Annotated[
        list[str] | None, typer.Option("--remove", metavar="PROCESS", help=N_("A process to take out; may be repeated."))
    ] = None,
    accept: Annotated[bool, typer.Option("--accept", help=N_("Take the change that is shown."))] = False,
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.campaign_launch import Respondents
    from ancrage.services.campaign_scope import change_scope, plan_scope_change

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() if accept else project.reading() as work:
            change = plan_scope_change(work, campaign, add or [], remove or [], (Respondents.OWNER,), at)
            if accept:
                change_scope(work, change, person, at, project.first_channels)
    if json:
        asked.emit("campaign.scope", 1, {"accepted": accept, **_scope_json(change)})
        return
    _show_scope(asked, change, accepted=accept)


def _scope_json(change: ScopeChange) -> dict[str, object]:
    return {
        "campaign": change.campaign, "scope": list(change.scope), "added": list(change.added), "removed": list(change.removed),
        "asked": {person: len(cells) for person, cells in change.asked.items()},
        "no_longer": {person: len(cells) for person, cells in change.no_longer.items()}, "answers_left_out": change.answers_left_out,
    }  # fmt: skip


def _show_scope(asked: Invocation, change: ScopeChange, *, accepted: bool) -> None:
    if change.is_empty:
        asked.show(say("The scope stays as it is."))
        return
    people = list(dict.fromkeys([*change.asked, *change.no_longer]))
    rows = [(person, len(change.asked.get(person, ())), len(change.no_longer.get(person, ()))) for person in people]
    show_table(asked, (say("Who"), say("Asked more"), say("Asked no more")), rows, say("Nobody is asked more or less."))
    asked.show(say("Added: {added}. Taken out: {removed}. {count} answers would count no more.", added=", ".join(change.added) or "-",
                   removed=", ".join(change.removed) or "-", count=change.answers_left_out))  # fmt: skip
    asked.show(say("The scope was changed.") if accepted else say("Nothing was changed; --accept takes it."))


def return_(
    ctx: typer.Context,
    campaign: Campaign,
    person: Annotated[str, typer.Argument(metavar="PERSON", help=N_("Whose answers."))],
    why: Annotated[str, typer.Option("--why", help=N_("What should change; the person reads it."))],
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.campaign_requests import request_changes

    asked, lead = Invocation.of(ctx), acting_person(by)
    with opened(asked, lead) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            commitment = request_changes(work, campaign, person, lead, why, at)
    if json:
        asked.emit("campaign.return", 1, {"campaign": campaign, "person": person, "commitment": commitment, "why": why, "at": at})
        return
    asked.show(say("Given back to {person}, who owes the answers again: {commitment}.", person=person, commitment=commitment))


def history(
    ctx: typer.Context,
    campaign: Campaign,
    person: Annotated[str, typer.Argument(metavar="PERSON", help=N_("Whose request."))],
    json: Json = False,
) -> None:
    from ancrage.services.campaign_requests import history_of_request
    from ancrage.services.campaign_views import detail_campaign

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        zone = detail_campaign(work, campaign).zone
        events = history_of_request(work, campaign, person)
    if json:
        rows = [
            {"number": it.number, "what": it.what, "at": it.at, "by": it.by, "why": it.why, "commitment": it.commitment} for it in events
        ]
        asked.emit("campaign.history", 1, {"campaign": campaign, "person": person, "events": rows})
        return
    lines = [(it.number, local(zone, it.at), it.what, it.by, it.why) for it in events]
    show_table(asked, (say("Number"), say("When"), say("What"), say("Who"), say("Why")), lines, say("Asked, and not handed in yet."))


def groups(ctx: typer.Context, campaign: Campaign, json: Json = False) -> None:
    from ancrage.services.judgements import groups_to_judge

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        found = groups_to_judge(work, campaign)
    if json:
        rows = [
            {"process": it.process, "area": it.area, "level": it.level, "status": it.status, "significant": it.significant, "by": it.by,
             "why": it.why, "weaknesses": [{"practice": practice, "value": value} for practice, value in it.weaknesses]}
            for it in found
        ]  # fmt: skip
        asked.emit("campaign.groups", 1, {"campaign": campaign, "groups": rows})
        return
    lines = [
        (it.process, it.area, it.level, ", ".join(f"{practice} {value or '-'}" for practice, value in it.weaknesses),
         say("not judged: assumed not significant") if it.significant is None else say("significant") if it.significant
         else say("not significant"), it.by, it.why)
        for it in found
    ]  # fmt: skip
    head = (say("Process"), say("Area"), say("Level"), say("Weaknesses"), say("Together"), say("Who"), say("Why"))
    show_table(asked, head, lines, say("There is no group whose weaknesses could be judged."))


def judge(
    ctx: typer.Context,
    campaign: Campaign,
    process: Annotated[str, typer.Argument(metavar="PROCESS", help=N_("Id of the process."))],
    area: Annotated[str, typer.Argument(metavar="AREA", help=N_("Id of the practice area."))],
    level: Annotated[int, typer.Argument(metavar="LEVEL", help=N_("Capability level of the group."))],
    significant: Annotated[bool, typer.Option("--significant/--not-significant", help=N_("Do the weaknesses, together, hurt the goal?"))],
    why: Why,
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.judgements import GroupJudgement, judge_group

    asked, person = Invocation.of(ctx), acting_person(by)
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            judge_group(work, campaign, GroupJudgement(process, area, level, significant, why), person, at)
    if json:
        group = {"campaign": campaign, "process": process, "area": area, "level": level}
        asked.emit("campaign.judge", 1, {**group, "significant": significant, "by": person, "why": why, "at": at})
        return
    asked.show(say("Recorded."))


def findings(
    ctx: typer.Context,
    campaign: Annotated[str, typer.Argument(metavar="[CAMPAIGN]", help=N_("Only of this campaign."), show_default=False)] = "",
    everything: Annotated[bool, typer.Option("--all", help=N_("Strengths too, not only weaknesses."))] = False,
    json: Json = False,
) -> None:
    from ancrage.services.findings import list_findings

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        found = list_findings(work, campaign or None, weaknesses_only=not everything)
    if json:
        asked.emit("campaign.findings", 1, {"findings": [finding_json(it) for it in found]})
        return
    rows = [
        (it.id, SEVERITIES[it.severity], it.value, it.cause, it.owner, it.due_on.isoformat() if it.due_on else None,
         ", ".join(f"{action.id} ({asked.text(state_word(action.status))})" for action in it.actions),
         ", ".join(f"{later.campaign} {later.value}" for later in it.rerated))
        for it in found
    ]  # fmt: skip
    head = (say("Finding"), say("Severity"), say("Rated"), say("Cause"), say("Owner"), say("Due"), say("Action"), say("Rated since"))
    show_table(asked, head, rows, say("There is no finding."))


SEVERITIES = {"high": say("high"), "medium": say("medium"), "low": say("low"), "none": say("strength")}


def finding_json(it: FindingView) -> dict[str, object]:
    """One finding of a list."""
    return {
        "id": it.id, "campaign": it.campaign, "kind": it.kind, "severity": it.severity, "process": it.process,
        "process_name": it.process_name, "area": it.area, "area_name": it.area_name, "practice": it.practice,
        "practice_name": it.practice_name, "value": it.value,
        "cause": it.cause, "owner": it.owner, "due_on": it.due_on, "found_at": it.found_at, "changed_at": it.changed_at,
        "changed_by": it.changed_by, "answered": it.is_answered,
        "actions": [{"id": action.id, "title": action.title, "status": action.status, "due_on": action.due_on} for action in it.actions],
        "rerated": [{"campaign": later.campaign, "value": later.value} for later in it.rerated],
    }  # fmt: skip


def finding(
    ctx: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="FINDING", help=N_("Id of the finding."))],
    cause: Annotated[str | None, typer.Option("--cause", help=N_("Why it is so."))] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="ROLE|PERSON", help=N_("Who answers for it."))] = None,
    due: Annotated[date | None, typer.Option("--due", parser=day, metavar="DAY", help=N_("By when."))] = None,
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.findings import FindingChange, change_finding, list_findings

    asked, person = Invocation.of(ctx), acting_person(by)
    if cause is None and owner is None and due is None:
        raise NotFound(say("say what to record: --cause, --owner or --due"))
    with opened(asked, person) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            change_finding(work, identity, FindingChange(cause, owner, due), person, at)
        with project.reading() as work:
            view = next(it for it in list_findings(work) if it.id == identity)
    if json:
        asked.emit("campaign.finding", 1, finding_json(view))
        return
    asked.show(say("Recorded."))
