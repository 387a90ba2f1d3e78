"""`ancrage answer`: what a person is asked, a sheet to answer offline, and handing in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.answer_workbook import TAKE_HELP, WORKBOOK_HELP, take, workbook
from ancrage.cli.attribution import attribution_json
from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import acting_person, instant_or_now, opened
from ancrage.cli.tables import show_table
from ancrage.errors import NotFound, Refused
from ancrage.language import N_, Message, say

if TYPE_CHECKING:
    from ancrage.services.request_views import EarlierAnswer, QuestionView, RequestView

app = typer.Typer(no_args_is_help=True, help=N_("What a person is asked in campaigns; `ancrage rate` records the answers."))
Person = Annotated[str, typer.Option("--person", help=N_("Who answers (default: ANCRAGE_PERSON)."))]
Campaign = Annotated[str, typer.Argument(metavar="CAMPAIGN", help=N_("Id of the campaign."))]


@app.command("list", help=N_("The questions a person is asked in open campaigns, with the answers given so far."))
def list_(
    ctx: typer.Context,
    person: Person = "",
    campaign: Annotated[str, typer.Option("--campaign", help=N_("Only this campaign, open or closed."))] = "",
    missing: Annotated[bool, typer.Option("--missing", help=N_("Only questions without an answer."))] = False,
    json: Json = False,
) -> None:
    from ancrage.services.request_views import requests_of

    asked, who = Invocation.of(ctx), acting_person(person)
    with opened(asked, who) as project, project.reading() as work:
        requests = requests_of(work, who, campaign or None)
    if json:
        asked.emit("answer.list", 1, {"person": who, "requests": [_json(request, missing=missing) for request in requests]})
        return
    if not requests:
        asked.show(say("{person} is asked nothing.", person=who))
    for request in requests:
        _show(asked, request, missing=missing)


def _json(request: RequestView, *, missing: bool) -> dict[str, object]:
    return {
        "campaign": request.campaign.id, "name": request.campaign.name, "due_on": request.campaign.due_on,
        "submitted_at": request.submitted_at, "minutes": request.minutes, "unanswered": request.unanswered,
        "scale": [{"code": value.code, "label": value.label} for value in request.scale],
        "questions": [
            {"process": it.process, "process_name": it.process_name, "practice": it.practice, "practice_name": it.practice_name,
             "question": it.question, "value": it.value, "comment": it.comment, "evidence": list(it.evidence),
             "answers": [{"code": value.code, "label": value.label} for value in it.scale],
             "earlier": _earlier_json(it.earlier) if it.earlier else None}
            for it in request.questions
            if it.value is None or not missing
        ],
        "attribution": attribution_json(request.attribution),
    }  # fmt: skip


def _earlier_json(earlier: EarlierAnswer) -> dict[str, object]:
    return {
        "value": earlier.value, "campaign": earlier.campaign, "age_days": earlier.age_days, "evidence": list(earlier.evidence),
        "expired": list(earlier.expired), "fading": earlier.fading,
    }  # fmt: skip


def _earlier_words(earlier: EarlierAnswer | None) -> Message | None:
    """What an earlier cycle agreed on, to be confirmed (ASM-K3)."""
    if earlier is None:
        return None
    if earlier.fading:
        return say("{value}, {days} days old; {indicator} is fading", value=earlier.value, days=earlier.age_days, indicator=earlier.fading)
    if earlier.expired:
        return say("{value}, {days} days old; its evidence has expired", value=earlier.value, days=earlier.age_days)
    return say("{value}, {days} days old", value=earlier.value, days=earlier.age_days)


def _show(asked: Invocation, request: RequestView, *, missing: bool) -> None:
    view = request.campaign
    asked.show(
        say("{campaign} ({id}) for {person}, due {due}: {questions} questions, {unanswered} without an answer, about {minutes} minutes",
            campaign=view.name, id=view.id, person=request.name, due=view.due_on.isoformat(), questions=len(request.questions),
            unanswered=request.unanswered, minutes=f"{request.minutes:.0f}")
    )  # fmt: skip
    if request.submitted_at is not None:
        asked.show(say("Handed in: nothing more is asked."))
    for value in request.scale:
        asked.show(say("  {code}: {label}", code=value.code, label=value.label))
    rows = [
        (it.process, it.practice, it.value, _earlier_words(it.earlier), _question(asked, request, it))
        for it in request.questions
        if it.value is None or not missing
    ]
    head = (say("Process"), say("Practice"), say("Answer"), say("Earlier"), say("Question"))
    show_table(asked, head, rows, say("Every question has its answer."))
    if request.attribution is not None:
        asked.show(request.attribution.line())
    asked.show()


def _question(asked: Invocation, request: RequestView, it: QuestionView) -> str:
    """The question, with its own answers behind it where they are other words than the scale's."""
    question = asked.text(it.question) or asked.text(it.practice_name)
    if it.scale == request.scale:
        return question
    return f"{question} [{'; '.join(f'{value.code} {asked.text(value.label)}' for value in it.scale)}]"


@app.command(help=N_("Write a person's questions to a CSV file: fill in the column value, then give it to `ancrage rate --file`."))
def sheet(
    ctx: typer.Context,
    campaign: Campaign,
    into: Annotated[Path, typer.Option("--into", metavar="FILE.csv", help=N_("File to write; it must not exist yet."))],
    person: Person = "",
    json: Json = False,
) -> None:
    from ancrage.services.answer_files import render_sheet
    from ancrage.services.request_views import requests_of

    asked, who = Invocation.of(ctx), acting_person(person)
    with opened(asked, who) as project, project.reading() as work:
        requests = requests_of(work, who, campaign)
    if not requests:
        raise NotFound(say("{person} is not asked anything in campaign {campaign}", person=who, campaign=campaign))
    try:
        with into.open("x", encoding="utf-8-sig", newline="") as handle:  # the mark lets spreadsheets see that it is UTF-8
            handle.write(render_sheet(requests[0], asked.language))
    except FileExistsError:
        raise Refused("exists", say("{path} exists already: somebody may have filled it in", path=str(into))) from None
    if json:
        answer = {"campaign": campaign, "person": who, "file": str(into), "questions": len(requests[0].questions)}
        asked.emit("answer.sheet", 1, {**answer, "attribution": attribution_json(requests[0].attribution)})
        return
    asked.show(say("{count} questions written to {path}.", count=len(requests[0].questions), path=str(into)))
    if requests[0].attribution is not None:
        asked.show(requests[0].attribution.line())


app.command("workbook", help=WORKBOOK_HELP)(workbook)
app.command("take", help=TAKE_HELP)(take)


@app.command(help=N_("Hand in: what was owed is done. Refused while a question has no answer; handing in twice changes nothing."))
def submit(ctx: typer.Context, campaign: Campaign, person: Person = "", as_of: AsOf = None, json: Json = False) -> None:
    from ancrage.services.campaigns import submit as hand_in

    asked, who = Invocation.of(ctx), acting_person(person)
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            hand_in(work, campaign, who, at, project.first_channels)
    if json:
        asked.emit("answer.submit", 1, {"campaign": campaign, "person": who, "at": at})
        return
    asked.show(say("Handed in. Thank you."))


@app.command(help=N_("Take up again what was handed in, before the campaign closes; it is owed again."))
def reopen(
    ctx: typer.Context,
    campaign: Campaign,
    person: Person = "",
    why: Annotated[str, typer.Option("--why", help=N_("The reason; kept."))] = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.campaign_requests import reopen_request

    asked, who = Invocation.of(ctx), acting_person(person)
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            commitment = reopen_request(work, campaign, who, who, at, why)
    if json:
        asked.emit("answer.reopen", 1, {"campaign": campaign, "person": who, "commitment": commitment, "at": at})
        return
    asked.show(say("Reopened: answers can be changed, and handed in again."))
