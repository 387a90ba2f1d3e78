"""`ancrage rate`: record answers of one person, one at a time or from a file."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ancrage.cli.campaign_evidence import keep_evidence, read_evidence
from ancrage.cli.invocation import AsOf, Invocation, Json
from ancrage.cli.opening import acting_person, instant_or_now, opened
from ancrage.cli.values import day
from ancrage.errors import NotFound
from ancrage.language import N_, say

if TYPE_CHECKING:
    from ancrage.domain.assessment.types import CellKey
    from ancrage.project import Project
    from ancrage.storage.unit_of_work import UnitOfWork

HELP = N_(
    "Record what one person answers in a campaign: one practice of one process, or every row of a CSV file with the columns process, "
    "practice, value, comment. Of a file with a bad row nothing is taken. `ancrage answer list` shows the questions, `ancrage answer "
    "submit` hands in."
)


def command(
    ctx: typer.Context,
    campaign: Annotated[str, typer.Argument(metavar="CAMPAIGN", help=N_("Id of the campaign."))],
    process: Annotated[str | None, typer.Argument(metavar="PROCESS", help=N_("Id of the process."))] = None,
    practice: Annotated[str | None, typer.Argument(metavar="PRACTICE", help=N_("Id of the practice."))] = None,
    value: Annotated[str | None, typer.Argument(metavar="VALUE", help=N_("A value of the scale, or NA."))] = None,
    person: Annotated[str, typer.Option("--person", help=N_("Who answers (default: ANCRAGE_PERSON)."))] = "",
    comment: Annotated[str, typer.Option("--comment", help=N_("Anything to add to the answer."))] = "",
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE.csv", help=N_("Take every answer of this file."))] = None,
    evidence: Annotated[
        list[str] | None, typer.Option("--evidence", metavar="FILE|ADDRESS|ID", help=N_("What shows it; may be repeated."))
    ] = None,
    dated: Annotated[
        date | None, typer.Option("--dated", parser=day, metavar="DAY", help=N_("What day the evidence shows (default: today)."))
    ] = None,
    expires: Annotated[
        date | None, typer.Option("--expires", parser=day, metavar="DAY", help=N_("Last day the evidence is good for."))
    ] = None,
    as_of: AsOf = None,
    json: Json = False,
) -> None:
    """Rate one cell, or all cells of a file."""
    from ancrage.domain.assessment.types import CellKey
    from ancrage.services.answer_files import FiledAnswers, rate_file
    from ancrage.services.campaigns import GivenRating, rate

    asked, who = Invocation.of(ctx), acting_person(person)
    with opened(asked, who) as project:
        at = instant_or_now(project, as_of)
        used: list[str] = []
        with project.units() as work:
            if file is not None:
                if process or evidence:
                    raise NotFound(say("give either --file, or a process, a practice and a value"))
                taken = rate_file(work, campaign, who, file, at)
            elif process and practice and value:
                taken = FiledAnswers(1, 0, rate(work, campaign, who, [GivenRating(process, practice, value, comment)], at))
                cell = CellKey(process, practice)
                used = [_use(project, work, campaign, cell, given, dated or at.date(), expires, who, at) for given in evidence or ()]
            else:
                raise NotFound(say("give either --file, or a process, a practice and a value"))
    if json:
        asked.emit(
            "rate", 1, {"campaign": campaign, "person": who, "answers": taken.answered, "empty": taken.empty, "changed": taken.changed,
                      "evidence": used},
        )
        return
    asked.show(say("{answers} answers read, {changed} new or changed, {empty} left empty.", answers=taken.answered, changed=taken.changed,
                   empty=taken.empty))  # fmt: skip


def _use(
    project: Project, work: UnitOfWork, campaign: str, cell: CellKey, given: str, dated: date, expires: date | None, who: str, at: datetime
) -> str:
    """Put one piece of evidence behind a cell: one that is known by its id, else a new one."""
    from ancrage.services.evidence import add_evidence, is_known, use_evidence

    identity = given
    if not is_known(work, given):
        new = read_evidence(given, dated, expires)
        identity = add_evidence(work, new, who, at)
        keep_evidence(project, new)
    use_evidence(work, campaign, cell, identity, who, at)
    return identity
