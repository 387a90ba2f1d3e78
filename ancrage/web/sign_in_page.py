"""Sign in: an address, a link by mail, a button. GET shows, only POST acts: a scanner that opens the link signs nobody in (ESC-A12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from ancrage.language import Message, say
from ancrage.notices.dates import Clock
from ancrage.notices.links import LinkClaims, LinkRefused, Page, read_link, sign_link
from ancrage.services.access import LINK_LIFE, MOST_LINKS_PER_HOUR, SignInLink, Visitor, begin_session, end_session, is_link_fresh
from ancrage.services.desk import reader_of
from ancrage.services.programme import current_programme
from ancrage.services.sign_in_mail import mail_sign_in_link
from ancrage.web.person_page import person_link
from ancrage.web.port import ProjectLike, project_of
from ancrage.web.reader import language_of
from ancrage.web.render import show
from ancrage.web.visitor import COOKIE, SignInNeededError, set_cookie, visitor_of, write_cookie

LONGEST_ADDRESS = 254

router = APIRouter()

Project = Annotated[ProjectLike, Depends(project_of)]
Signed = Annotated[Visitor | None, Depends(visitor_of)]


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The page that asks for an address. `said` tells what became of the last press of a button."""

    title: str
    programme: str
    said: Message | None
    wrong: bool
    longest: int


@dataclass(frozen=True, slots=True)
class SignInOpenPage:
    """The page behind a sign-in link: one button."""

    title: str
    programme: str
    name: str


@router.api_route("/sign-in", methods=["GET", "HEAD"])
def sign_in(request: Request, project: Project, _visitor: Signed, asked: str = "") -> Response:
    """Ask for an address. The answer is the same for every address, known or not."""
    minutes = int(LINK_LIFE.total_seconds()) // 60
    said = say(
        "If this address is one of ours, a link is on its way to it; it works for {minutes} minutes. At most {count} an hour are sent.",
        minutes=minutes, count=MOST_LINKS_PER_HOUR,
    )
    return _ask(request, project, said if asked else None)


@router.post("/sign-in")
def ask(project: Project, after: BackgroundTasks, email: Annotated[str, Form()] = "") -> Response:
    """Mail a link, after the answer has left: how long that takes tells nothing about the address."""
    at = project.now()

    def address_of(link: SignInLink) -> str:
        claims = LinkClaims(Page.SIGN_IN, link.reader.person_id, link.id, at, link.expires)
        return f"{project.settings.web_url.rstrip('/')}/sign-in/{sign_link(project.link_keys, claims)}"

    after.add_task(mail_sign_in_link, project, email[:LONGEST_ADDRESS], at, address_of)
    return RedirectResponse("/sign-in?asked=yes", status_code=303, background=after)


@router.api_route("/sign-in/{token}", methods=["GET", "HEAD"])
def opened(request: Request, token: str, project: Project) -> Response:
    """Show the button. Changes nothing, however often it is opened."""
    claims = _claims(project, token)
    if claims is None:
        return _used_up(request, project)
    with project.reading() as work:
        programme = current_programme(work)
        reader = reader_of(programme, claims.person)
        fresh = is_link_fresh(work, claims.subject, claims.person, project.now())
    if not fresh:
        return _used_up(request, project)
    clock = Clock(language_of(request, reader.language), reader.zone)
    title = say("Sign in").text(clock.language)
    return show(request, "sign_in_open.html", SignInOpenPage(title, programme.name.text(clock.language), reader.name), clock)


@router.post("/sign-in/{token}")
def enter(request: Request, token: str, project: Project) -> Response:
    """Begin a session, once."""
    claims = _claims(project, token)
    at = project.now()
    secret = None
    if claims is not None:
        with project.units() as work:
            secret = begin_session(work, claims.subject, claims.person, at)
    if secret is None:
        return _used_up(request, project)
    response = RedirectResponse("/", status_code=303)
    set_cookie(request, response, write_cookie(project.link_keys, secret, at))
    return response


@router.post("/sign-out")
def leave(project: Project, visitor: Signed) -> Response:
    """End the session of this browser, for good."""
    if visitor is not None:
        with project.units() as work:
            end_session(work, visitor.session, visitor.reader.person_id, project.now())
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
    return response


@router.api_route("/me", methods=["GET", "HEAD"])
def mine(project: Project, visitor: Signed) -> Response:
    """The way of a visitor to the page with their requests."""
    if visitor is None:
        raise SignInNeededError
    return RedirectResponse(person_link(project, visitor.reader.person_id, project.now(), visitor.expires), status_code=303)


def _claims(project: ProjectLike, token: str) -> LinkClaims | None:
    read = read_link(project.link_keys, token, Page.SIGN_IN, project.now())
    return None if isinstance(read, LinkRefused) else read


def _used_up(request: Request, project: ProjectLike) -> Response:
    said = say("This link signs nobody in: it was used, it has ended, or it was not made here. Ask for a new one.")
    return _ask(request, project, said, wrong=True)


def _ask(request: Request, project: ProjectLike, said: Message | None, *, wrong: bool = False) -> Response:
    with project.reading() as work:
        programme = current_programme(work)
    clock = Clock(language_of(request), programme.organisation.calendars[programme.defaults.calendar].zone)
    page = SignInPage(say("Sign in").text(clock.language), programme.name.text(clock.language), said, wrong, LONGEST_ADDRESS)
    return show(request, "sign_in.html", page, clock, status_code=410 if wrong else 200)
