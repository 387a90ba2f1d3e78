"""`ancrage people`: who is who, who is away, how much is asked of each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli import people_engagement
from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import By, acting_person, instant_or_now, local, opened
from ancrage.cli.people_sessions import REVOKE_HELP, SESSIONS_HELP, revoke, sessions
from ancrage.cli.tables import Cell, show_table
from ancrage.cli.values import day_or_instant
from ancrage.language import N_, say

if TYPE_CHECKING:
    from ancrage.services.people_views import PersonView

app = typer.Typer(no_args_is_help=True, help=N_("People with their roles, absences and load."))


@app.command("list", help=N_("Everybody: roles held, absences to come, open commitments, hours promised a month against hours there are."))
def list_(
    ctx: typer.Context,
    person: Annotated[str, typer.Option("--person", help=N_("Only this person."))] = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.errors import NotFound
    from ancrage.services.people_views import list_people

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        views = list_people(work, instant_or_now(project, as_of))
    views = tuple(view for view in views if not person or view.id == person)
    if person and not views:
        raise NotFound(say("there is no person {person}", person=person))
    if json:
        asked.emit("people.list", 1, {"people": [_json(view) for view in views]})
        return
    heads = (say("Id"), say("Name"), say("Unit"), say("Roles"), say("Owes"), say("Overdue"), say("Hours a month"), say("Away"))
    show_table(asked, heads, [_row(asked, view) for view in views], say("Nobody is declared."))


def _row(asked: Invocation, view: PersonView) -> tuple[Cell, ...]:
    hours = f"{view.promised_hours:g}/" + ("-" if view.hours_per_month is None else f"{view.hours_per_month:g}")
    away = ", ".join(f"{local(view.zone, gone.since)} - {local(view.zone, gone.until)}" for gone in view.absences)
    roles = ", ".join(asked.text(name) or role for role, name in view.roles)
    return (view.id, view.name, view.unit, roles or None, view.owed, view.overdue, hours, away or None)


def _json(view: PersonView) -> dict[str, object]:
    return {
        "id": view.id, "name": view.name, "unit": view.unit, "email": view.email, "language": view.language, "calendar": view.calendar,
        "roles": [{"id": role, "name": name} for role, name in view.roles], "absent": view.is_absent,
        "absences": [{"since": gone.since, "until": gone.until, "reason": gone.reason} for gone in view.absences],
        "owed": view.owed, "overdue": view.overdue, "hours_per_month": view.hours_per_month, "promised_hours": view.promised_hours,
    }  # fmt: skip


@app.command(
    help=N_("Record that somebody is away: from a day to a day, both included, or between two instants. Stand-ins answer meanwhile.")
)
def absent(
    ctx: typer.Context,
    person: Annotated[str, typer.Argument(metavar="PERSON", help=N_("Id of the person who is away."))],
    since: Annotated[
        date, typer.Option("--from", parser=day_or_instant, metavar="DAY|INSTANT", help=N_("First day away, or the instant it begins."))
    ],
    until: Annotated[
        date, typer.Option("--to", parser=day_or_instant, metavar="DAY|INSTANT", help=N_("Last day away, or the instant it ends."))
    ],
    reason: Annotated[str, typer.Option("--reason", help=N_("Why, if it may be known; kept in the journal."))] = "",
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    from ancrage.services.people_views import record_days_away

    asked, who = Invocation.of(ctx), acting_person(by)
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            begins, ends = record_days_away(work, person, _utc(since), _utc(until), reason, who, at)
    if json:
        asked.emit("people.absent", 1, {"person": person, "since": begins, "until": ends, "reason": reason})
        return
    asked.show(say("{person} is away from {since} to {until} (UTC).", person=person, since=local("UTC", begins), until=local("UTC", ends)))


def _utc(when: date) -> date:
    return when.astimezone(UTC) if isinstance(when, datetime) else when


app.command("record", help=N_("The engagement record: kept, late, missed, waived, the time to answer, and whether answers slow down."))(
    people_engagement.record
)
app.command("feedback", help=N_("What a sponsor’s answers changed in a quarter: look at the note, then send it with --send."))(
    people_engagement.feedback
)
app.command("publish", help=N_("The public line of a contract, in counts and without names: look at it, then send it with --send."))(
    people_engagement.publish
)
app.command(help=SESSIONS_HELP)(sessions)
app.command(help=REVOKE_HELP)(revoke)
