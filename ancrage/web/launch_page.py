"""Launching a campaign on one page: what, about which processes, who answers, by when. The first button shows who would be asked how
much and keeps nothing; the second one launches."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.responses import Response

from ancrage.domain.access import AccessRole
from ancrage.domain.assessment.recurrence import Counted, Recurrence
from ancrage.domain.programme import Programme
from ancrage.errors import AncrageError, Problem, ProblemsFound, Refused
from ancrage.language import Label, Message, say
from ancrage.notices.dates import Clock
from ancrage.notices.plain import one_line
from ancrage.services.anchoring_watch import local_day
from ancrage.services.campaign_launch import CampaignPlan, Respondents, open_campaign
from ancrage.services.campaign_views import CampaignDetail, campaign_exists, detail_campaign, scope_serving
from ancrage.services.determinations import ANY_AREA
from ancrage.services.programme import current_programme
from ancrage.services.status import zone_of_programme
from ancrage.storage.unit_of_work import UnitOfWork
from ancrage.web.lead import Acting, acting_lead, person_who_acts, require_role
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show

IDENTITY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")
LONGEST_NAME = 120
HIGHEST_TARGET = 5
USUAL_TIME = timedelta(days=14)
USUAL_GRACE = timedelta(days=7)
RESPONDENTS = {Respondents.OWNER: say("owner"), Respondents.DEPUTY: say("deputy"), Respondents.RESPONSIBLE: say("who does the work")}

router = APIRouter()
Project = Annotated[ProjectLike, Depends(project_of)]


class Launch(BaseModel):
    """The fields of the form as they came, shown again as they were typed."""

    deed: str = ""
    shown: str = ""
    """What the dry run showed; another plan is not launched unseen."""
    by: str = ""
    id: str = ""
    name_en: str = ""
    name_fr: str = ""
    model: str = ""
    objective: str = ""
    interfaces: str = ""
    process: list[str] = []
    respondents: list[str] = [Respondents.OWNER.value]
    due: str = ""
    closes: str = ""
    target: str = ""
    targets: str = ""
    reuse: str = ""
    within: str = ""
    every: str = ""


@dataclass(frozen=True, slots=True)
class LaunchPage:
    """The form, with what a dry run found: `asked` (nothing was kept), or `problems` that keep it from running."""

    title: str
    programme: str
    form: Launch
    acting: Acting
    models: tuple[tuple[str, Label], ...]
    objectives: tuple[tuple[str, Label], ...]
    processes: tuple[tuple[str, Label], ...]
    respondents: dict[str, Message]
    asked: CampaignDetail | None
    shown: str
    refused: Message | None
    problems: tuple[Problem, ...]
    today: date
    highest_target: int
    longest_name: int


@router.api_route("/campaigns/new", methods=["GET", "HEAD"])
def blank(request: Request, project: Project) -> Response:
    """Show the form. Changes nothing."""
    require_role(request, AccessRole.LEAD)
    with project.reading() as work:
        today = local_day(current_programme(work), project.now())
    due = today + USUAL_TIME
    return _answer(request, project, Launch(due=due.isoformat(), closes=(due + USUAL_GRACE).isoformat()))


@router.post("/campaigns/new")
def launch(request: Request, form: Annotated[Launch, Form()], project: Project) -> Response:
    """Show who would be asked how much, or launch."""
    require_role(request, AccessRole.LEAD)
    if form.deed == "launch":
        return _launch(request, project, form)
    try:
        with project.reading() as work:  # nothing of a dry run is kept
            asked = _opened(request, work, project, form)
    except AncrageError as problem:
        return _refused(request, project, form, problem)
    return _answer(request, project, form, asked=asked)


def _launch(request: Request, project: ProjectLike, form: Launch) -> Response:
    try:
        with project.units() as work:
            if _shown(_opened(request, work, project, form)) != form.shown:
                raise Refused("plan", say("This is not what you were shown: look at who would be asked how much, then launch."))
    except AncrageError as problem:
        return _refused(request, project, form, problem)
    return RedirectResponse(f"/campaigns/{quote(form.id)}?after=launched", status_code=303)


def _opened(request: Request, work: UnitOfWork, project: ProjectLike, form: Launch) -> CampaignDetail:
    programme, at = current_programme(work), project.now()
    by = person_who_acts(request, programme, at, form.by)
    if campaign_exists(work, form.id):
        raise Refused("exists", say("There is a campaign {campaign} already: choose another short name.", campaign=form.id))
    open_campaign(work, _plan(programme, form), by, at)
    return detail_campaign(work, form.id)


def _shown(detail: CampaignDetail) -> str:
    """A digest of who is asked what, by when."""
    asked = [[who.person, who.asked, who.minutes] for who in detail.respondents]
    days = [str(detail.campaign.due_on), str(detail.campaign.closes_on)]
    told = [asked, sorted(detail.scope), sorted(detail.targets.items()), detail.model, days]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:24]


def _plan(programme: Programme, form: Launch) -> CampaignPlan:
    """The plan a form asks for. Refused (`plan`) with the first field that cannot be used."""
    if not IDENTITY.match(form.id) or form.id == "new":
        raise Refused("plan", say("The short name has small letters, digits, - and _, at most 40, and is not “new”."))
    name = Label(one_line(form.name_fr or form.name_en or form.id, LONGEST_NAME), one_line(form.name_en or form.id, LONGEST_NAME))
    who = tuple(kind for kind in Respondents if kind.value in form.respondents)
    if not who:
        raise Refused("plan", say("Choose who answers: nobody would be asked."))
    due = _day(form.due)
    return CampaignPlan(
        form.id, name, form.model, _scope(programme, form), due, _day(form.closes) if form.closes else due, _targets(programme, form), who,
        reuse_valid=bool(form.reuse), within_budget=bool(form.within), recurrence=_recurrence(form.every),
    )  # fmt: skip


def _scope(programme: Programme, form: Launch) -> tuple[str, ...]:
    """Processes chosen by hand and those that serve the objective, each once, in declared order; neither: the whole map."""
    wanted = set(form.process)
    if form.objective:
        wanted |= set(scope_serving(programme, form.objective, with_interfaces=bool(form.interfaces)))
    return tuple(process for process in programme.processes if not wanted or process in wanted)


def _targets(programme: Programme, form: Launch) -> dict[str, int]:
    found = {ANY_AREA: _level(form.target)} if form.target.strip() else {}
    model = programme.reference_models.get(form.model)
    areas = {area.id for area in model.areas} if model else set()
    for line in filter(None, (line.strip() for line in form.targets.splitlines())):
        area, _, level = (part.strip() for part in line.partition("="))
        if model and area not in areas:
            raise Refused("plan", say("There is no practice area {area}; there are: {known}.", area=one_line(area, 40),
                                      known=", ".join(sorted(areas))))  # fmt: skip
        found[area] = _level(level)
    return found


def _level(text: str) -> int:
    if not re.fullmatch(r"[0-9]", text.strip()) or int(text) > HIGHEST_TARGET:
        raise Refused("plan", say("A target is a level from 0 to {most}, found {found}.", most=HIGHEST_TARGET, found=repr(text[:20])))
    return int(text)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("plan", say("{text} is not a date.", text=repr(one_line(text, 40)))) from None


def _recurrence(every: str) -> Recurrence | None:
    if not every.strip():
        return None
    if not re.fullmatch(r"[1-9][0-9]?", every.strip()):
        raise Refused("plan", say("Months until the next cycle are a number from 1 to 99, found {found}.", found=repr(every[:20])))
    return Recurrence(int(every), Counted.REVIEW, None)


def _refused(request: Request, project: ProjectLike, form: Launch, problem: AncrageError) -> Response:
    if isinstance(problem, Refused) and problem.code == "not_allowed":
        raise problem
    found = problem.problems if isinstance(problem, ProblemsFound) else ()
    return _answer(request, project, form, refused=problem.message, problems=tuple(found))


def _answer(
    request: Request, project: ProjectLike, form: Launch, *, asked: CampaignDetail | None = None, refused: Message | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response:  # fmt: skip
    at = project.now()
    with project.reading() as work:
        programme = current_programme(work)
    clock = Clock(language_of(request), zone_of_programme(programme))
    page = LaunchPage(
        title=say("Launch a campaign").text(clock.language), programme=programme.name.text(clock.language), form=form,
        acting=acting_lead(request, programme, at),
        models=tuple((it.id, it.name) for it in programme.reference_models.values()),
        objectives=tuple((it.id, it.name) for it in programme.objectives.values()),
        processes=tuple((it.id, it.name) for it in programme.processes.values()),
        respondents={kind.value: words for kind, words in RESPONDENTS.items()}, asked=asked,
        shown=_shown(asked) if asked else "", refused=refused, problems=problems,
        today=local_day(programme, at), highest_target=HIGHEST_TARGET, longest_name=LONGEST_NAME,
    )  # fmt: skip
    return show(request, "launch.html", page, clock, status_code=422 if refused else 200)
