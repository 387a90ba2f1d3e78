"""News of the programme as Prefect events, so that others can hook in with automations: best effort, nothing depends on them."""

from __future__ import annotations

import re

from prefect.events import emit_event
from prefect.variables import Variable

from ancrage.project import Project
from ancrage.services.news import News, last_news, news_after


def announce(project: Project) -> None:
    """Emit one event for each piece of news since the last time, by whichever flow; two flows at once may tell one piece twice.

    How far it came is kept in a Prefect variable: losing it loses no fact, and the first time nothing old is told.
    """
    name = f"ancrage_news_{re.sub('[^a-z0-9_]', '_', project.programme_id.lower())}"
    told = Variable.get(name, default=None)
    with project.reading() as work:
        newest = last_news(work)
        news: tuple[News, ...] = () if told is None else news_after(work, int(str(told)))
    for piece in news:
        tell(project.programme_id, piece)
    if newest != told:
        Variable.set(name, newest, overwrite=True)


def tell(programme: str, piece: News) -> None:
    """One event: `ancrage.alert.raised` about `ancrage.<programme>.alert:<id>`, with the journal's own detail."""
    subject = f"ancrage.{programme}.{piece.subject}"
    emit_event(
        event=f"ancrage.{piece.name}",
        resource={"prefect.resource.id": subject, "prefect.resource.name": piece.subject},
        related=[{"prefect.resource.id": f"ancrage.{programme}", "prefect.resource.role": "programme"}],
        payload={"at": piece.at.isoformat(), "journal": piece.number, **piece.detail},
    )
