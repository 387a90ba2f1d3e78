"""What most commands do first: open the project, settle the instant, say who acts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.invocation import Invocation
from ancrage.errors import NotFound
from ancrage.language import N_, say

if TYPE_CHECKING:
    from ancrage.project import Project

ACTING_PERSON = "ANCRAGE_PERSON"
By = Annotated[str, typer.Option("--by", metavar="PERSON", help=N_("Id of the person who does this (default: ANCRAGE_PERSON)."))]


@contextmanager
def opened(asked: Invocation, acting: str = "") -> Iterator[Project]:
    """The project that was asked for; its connections are given back at the end. NotFound when who acts is not declared in it."""
    from ancrage.project import open_project

    project = open_project(asked.project)
    try:
        if acting:
            require_declared(project, acting)
        yield project
    finally:
        project.close()


def instant_or_now(project: Project, as_of: datetime | None) -> datetime:
    """The instant asked for, in UTC to the second, or the project's now."""
    from datetime import UTC

    return as_of.astimezone(UTC).replace(microsecond=0) if as_of else project.now()


def require_declared(project: Project, person: str) -> None:
    """Nobody acts, is filtered on or is named who is not declared: NotFound says who was meant, or where everybody is listed."""
    from ancrage.services.programme import current_programme, require_person

    with project.reading() as work:
        require_person(current_programme(work), person)


def acting_person(by: str) -> str:
    """Who acts: `--by`, else ANCRAGE_PERSON. NotFound when nobody is named, because every action is somebody's."""
    person = by or os.environ.get(ACTING_PERSON, "")
    if not person:
        raise NotFound(say("say who does this: --by PERSON, or set ANCRAGE_PERSON"))
    return person


def local(asked_zone: str, at: datetime | None) -> str:
    """An instant in a zone, to the minute; a dash where there is none."""
    from zoneinfo import ZoneInfo

    return at.astimezone(ZoneInfo(asked_zone)).strftime("%Y-%m-%d %H:%M") if at else "-"
