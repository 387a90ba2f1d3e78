"""The pages of a project in the middle of its life, at an instant where an alert has just been raised."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Cookies, Response

from ancrage.notices.links import LinkClaims, Page, sign_link
from ancrage.project import Project, open_project
from ancrage.services.advance import advance
from ancrage.services.programme import current_programme
from ancrage.services.status import CommitmentView, view_commitments
from ancrage.web import create_app
from tests.support.story import DUE, copy_of, project_in_the_middle, rows_of

ADDRESS = "http://127.0.0.1:8400"
LATER = DUE + timedelta(hours=2)
ALERT = "react_incident_alert@alert:incident_backlog/threshold:2026-01-12"
"""Owed by Anne, the sponsor; its policy allows one snooze."""


class Shown(HTMLParser):
    """What a page holds: its language, tags, links, forms with their fields, and visible words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language = ""
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.styled = False
        self.forms: list[dict[str, str]] = []
        self.unlabelled: list[str] = []
        self._labels: set[str] = set()
        self._fields: list[str] = []
        self._words: list[str] = []
        self.feed(html)
        self.unlabelled = [name for name in self._fields if name not in self._labels]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.styled |= "style" in values or tag == "style" or any(name.startswith("on") for name in values)
        if tag == "html":
            self.language = values["lang"]
        if "id" in values:
            self.ids.append(values["id"])
        if "href" in values:
            self.links.append(values["href"])
        if tag == "form":
            self.forms.append({"method": values.get("method", "get"), "action": values.get("action", "")})
        if tag == "label":
            self._labels.add(values.get("for", ""))
        if tag in ("input", "select", "textarea"):
            self.forms[-1][values["name"]] = values.get("value", "")
            if values.get("type") != "hidden":
                self._fields.append(values.get("id", ""))

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._words).split())

    def form(self, deed: str) -> dict[str, str]:
        """The hidden fields of the form of one deed."""
        (found,) = [form for form in self.forms if form.get("deed") == deed]
        return {name: found[name] for name in ("deed", "act")}


@dataclass
class Browser:
    """Sends requests to an application and keeps its cookies. A fault inside becomes an answer, as it does behind a real server."""

    app: FastAPI
    cookies: Cookies = field(default_factory=Cookies)

    def request(self, method: str, address: str, **options: Any) -> Response:
        return asyncio.run(self._request(method, address, options))

    async def _request(self, method: str, address: str, options: dict[str, Any]) -> Response:
        transport = ASGITransport(self.app, raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url=ADDRESS, cookies=self.cookies) as client:
            response = await client.request(method, address, **options)
            self.cookies.update(client.cookies)
            return response

    def get(self, address: str, **options: Any) -> Response:
        return self.request("GET", address, **options)

    def head(self, address: str) -> Response:
        return self.request("HEAD", address)

    def post(self, address: str, **options: Any) -> Response:
        return self.request("POST", address, **options)


@dataclass
class Pages:
    """A browser on the pages of one project, and what the project holds. `now` is the instant the project believes."""

    project: Project
    now: datetime = LATER
    client: Browser = field(init=False)

    def __post_init__(self) -> None:
        clocked = replace(self.project, clock=lambda: self.now)
        clocked.__dict__["database"] = self.project.database  # or nobody would give its connections back
        self.client = Browser(create_app(clocked))

    def link(self, person: str = "anne", commitment: str = ALERT, page: Page = Page.COMMITMENT, days: int = 30) -> str:
        claims = LinkClaims(page, person, commitment if page is Page.COMMITMENT else "", DUE, DUE + timedelta(days=days))
        return f"/{page.value[0]}/{sign_link(self.project.link_keys, claims)}"

    def open(self, address: str, **options: Any) -> Shown:
        response = self.client.get(address, **options)
        assert response.status_code == 200, response.text
        return Shown(response.text)

    def press(self, address: str, deed: str, shown: Shown | None = None, **fields: str) -> Response:
        """Press a button of the page behind a link, as a browser sends it."""
        form = (shown or self.open(address)).form(deed)
        return self.client.post(address, data={**form, **fields}, headers={"Sec-Fetch-Site": "same-origin"})

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        return rows_of(self.project)

    def view(self, commitment: str = ALERT) -> CommitmentView:
        with self.project.reading() as work:
            (view,) = [one for one in view_commitments(work, current_programme(work), self.now) if one.id == commitment]
        return view


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project after the pass at `DUE`; to be copied, never changed."""
    folder = project_in_the_middle(tmp_path_factory.mktemp("web") / "project")
    with closing(open_project(folder)) as project:
        advance(project, DUE)
    return folder


@pytest.fixture(scope="session")
def unchanged(story: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """One open project for all the tests after which nothing has changed."""
    with closing(open_project(copy_of(story, tmp_path_factory.mktemp("web") / "unchanged"))) as project:
        yield project


@pytest.fixture
def looking(unchanged: Project) -> Pages:
    """Pages that are only looked at, or asked for what they refuse."""
    return Pages(unchanged)


@pytest.fixture
def pages(story: Path, tmp_path: Path) -> Iterator[Pages]:
    """Pages whose buttons may be pressed."""
    with closing(open_project(copy_of(story, tmp_path / "project"))) as project:
        yield Pages(project)


def words(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]+", text.lower()))
