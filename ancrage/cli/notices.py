"""`ancrage notices`: what has left, what waits, what failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import Invocation, Json
from ancrage.cli.opening import local, opened
from ancrage.cli.state_words import state_word
from ancrage.cli.tables import show_table
from ancrage.errors import NotFound
from ancrage.language import N_, Message, say

if TYPE_CHECKING:
    from ancrage.notices.dates import Clock
    from ancrage.services.outbox import NoticeView

HELP = N_("The outbox: every notice with its person, its step and what became of it.")


def command(
    ctx: typer.Context,
    commitment: Annotated[str, typer.Option("--commitment", help=N_("Only notices about this commitment."))] = "",
    person: Annotated[str, typer.Option("--person", help=N_("Only notices for this person."))] = "",
    status: Annotated[str, typer.Option("--status", help=N_("Only these: waiting, sent, cancelled, superseded, failed."))] = "",
    json: Json = False,
) -> None:
    """List notices."""
    from ancrage.domain.escalation.facts import NoticeStatus
    from ancrage.notices.dates import Clock
    from ancrage.services.outbox import view_notices
    from ancrage.services.programme import current_programme, require_person
    from ancrage.services.status import zone_of_programme

    if status and status not in set(NoticeStatus):
        raise NotFound(say("there is no status {found}; allowed: {known}", found=status, known=", ".join(NoticeStatus)))
    asked = Invocation.of(ctx)
    with opened(asked) as project, project.reading() as work:
        programme = current_programme(work)
        views = view_notices(
            work, programme, commitment_id=commitment or None, person_id=person or None, status=NoticeStatus(status) if status else None
        )
        if person and not views:
            require_person(programme, person)
    if json:
        fields = (
            "id",
            "commitment",
            "title",
            "step",
            "occurrence",
            "person",
            "channel",
            "urgent",
            "status",
            "fired_at",
            "next_at",
            "settled_at",
            "trouble",
            "try_at",
        )
        rows = [
            {field: getattr(view, field) for field in fields}
            | {"reasons": [{"rule": rule, "text": message} for rule, message in view.reasons]}
            for view in views
        ]
        asked.emit("notices", 1, {"notices": rows})
        return
    zone = zone_of_programme(programme)
    clock = Clock(asked.language, zone)
    show_table(
        asked, (say("Fired"), say("Left"), say("State"), say("Who"), say("Step"), say("What"), say("Why"), say("Commitment")),
        [(local(zone, view.fired_at), local(zone, view.settled_at), state_word(view.status.value), view.person,
          f"{view.step} #{view.occurrence}", view.title, _why(view, clock), view.commitment) for view in views],
        say("The outbox is empty."),
    )  # fmt: skip


def _why(view: NoticeView, clock: Clock) -> str | Message | None:
    """What a notice that has not left waits for, or why it never will; nothing for one that has left."""
    from ancrage.domain.escalation.facts import NoticeStatus
    from ancrage.notices.wording import moment, spoken

    if view.status is NoticeStatus.SENT:
        return None
    if view.trouble:
        again = moment(view.try_at, clock) if view.try_at else None
        return say("{trouble}; tried again {at}", trouble=view.trouble, at=again) if again else view.trouble
    if not view.reasons:
        return None
    rule, message = view.reasons[-1]
    return f"{rule}: {spoken(message, clock)}"
