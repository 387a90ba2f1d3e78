"""`ancrage people sessions` and `revoke`: who is signed in to the pages, and how that ends."""

from __future__ import annotations

from typing import Annotated

import typer

from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import By, acting_person, instant_or_now, local, opened
from ancrage.cli.tables import show_table
from ancrage.language import N_, say

SESSIONS_HELP = N_("Who is signed in to the pages, since when and until when.")
REVOKE_HELP = N_("Sign somebody out of the pages: every session of a person, or one by its id.")


def sessions(
    ctx: typer.Context,
    person: Annotated[str, typer.Option("--person", help=N_("Only this person."))] = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """List running sessions."""
    from ancrage.services.access import list_sessions
    from ancrage.services.programme import current_programme, require_person
    from ancrage.services.status import zone_of_programme

    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        views = list_sessions(work, instant_or_now(project, as_of), person or None)
        zone = zone_of_programme(current_programme(work))
        if person and not views:
            require_person(current_programme(work), person)
    if json:
        rows = [
            {"id": view.id, "person": view.person_id, "name": view.person, "started_at": view.started_at, "expires_at": view.expires_at}
            for view in views
        ]
        asked.emit("people.sessions", 1, {"sessions": rows})
        return
    rows_shown = [(view.id, view.person, local(zone, view.started_at), local(zone, view.expires_at)) for view in views]
    show_table(asked, (say("Id"), say("Who"), say("Since"), say("Until")), rows_shown, say("Nobody is signed in."))


def revoke(
    ctx: typer.Context,
    wanted: Annotated[str, typer.Argument(metavar="PERSON|ID", help=N_("Id of a person, or of one session."))],
    by: By = "",
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """End sessions."""
    from ancrage.services.access import revoke_sessions

    asked, who = Invocation.of(ctx), acting_person(by)
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        with project.units() as work:
            ended = revoke_sessions(work, wanted, who, at)
    if json:
        asked.emit("people.revoke", 1, {"ended": ended})
        return
    asked.show(say("{count} sessions ended.", count=ended))
