"""From a page's value to HTML: what templates may call, and the frame around every page."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.numbers import format_decimal
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request

from ancrage.language import LANGUAGES, Label, Message
from ancrage.notices import wording
from ancrage.notices.dates import Clock
from ancrage.services.access import Visitor
from ancrage.web.reader import remember_language
from ancrage.web.visitor import keep_visitor
from ancrage.web.words import ROLES

HERE = Path(__file__).parent
STATIC = HERE / "static"
LANGUAGE_NAMES = {"fr": "Français", "en": "English"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One language a reader may choose, with the address of the same page in it."""

    code: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Voice:
    """How a template speaks to one reader: `say` sentences, `text` for labels, and dates in the reader's zone."""

    clock: Clock

    def say(self, template: str, /, **values: object) -> str:
        return wording.spoken(Message(template, values), self.clock)

    def text(self, value: Label | Message | str) -> str:
        match value:
            case Message():
                return wording.spoken(value, self.clock)
            case Label():
                return value.text(self.clock.language)
            case _:
                return value

    def moment(self, instant: datetime) -> str:
        return wording.moment(instant, self.clock).text(self.clock.language).replace(" h ", "\u00a0h\u00a0")  # "09 h 00" on one line

    def deadline(self, due: datetime) -> str:
        """The end of a day is named by that day (ESC-D2)."""
        return wording.deadline_of(due, self.clock).text(self.clock.language)

    def day(self, day: date) -> str:
        return self.clock.of_date(day)

    def number(self, value: float) -> str:
        return format_decimal(round(value, 1), locale=self.clock.language)


def show(request: Request, template: str, page: object, clock: Clock, *, status_code: int = 200) -> HTMLResponse:
    """The page as a response, and the reader's choice of language kept."""
    voice = Voice(clock)
    html = _templates().get_template(template).render(
        page=page, voice=voice, _=voice.say, language=clock.language, choices=_choices(request), static=static_address,
        path=request.url.path, open_to_all=getattr(request.state, "open_to_all", False), **_visitor(request, clock),
    )
    response = HTMLResponse(html, status_code, {"Content-Language": clock.language, "Vary": "Accept-Language, Cookie"})
    remember_language(request, response)
    keep_visitor(request, response)
    return response


def render_file(template: str, page: object, clock: Clock, **more: object) -> str:
    """The page as a file of its own, outside any frame."""
    voice = Voice(clock)
    return _templates().get_template(template).render(page=page, voice=voice, _=voice.say, language=clock.language, **more)


def _visitor(request: Request, clock: Clock) -> dict[str, object]:
    """Who is signed in, for the frame of the page: their name, and what they are here in words."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    roles = ", ".join(Message(ROLES[role]).text(clock.language) for role in visitor.roles) if visitor else ""
    return {"visitor": visitor, "visitor_roles": roles}


def _choices(request: Request) -> Sequence[Choice]:
    return [Choice(code, LANGUAGE_NAMES[code], str(request.url.include_query_params(lang=code).query)) for code in LANGUAGES]


@cache
def static_address(name: str) -> str:
    """The address of one of our files; it changes with the content, so that browsers may keep it for ever."""
    return f"/static/{name}?{hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


@cache
def _templates() -> Environment:
    loader = FileSystemLoader(HERE / "templates")
    options: dict[str, Any] = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    return Environment(loader=loader, autoescape=select_autoescape(["html"], default=True), **options)
