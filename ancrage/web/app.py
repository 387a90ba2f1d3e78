"""The application: pages, their files, what guards them, and their errors."""

from __future__ import annotations

from fastapi import Depends, FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import ancrage
from ancrage.web import (
    answer_page,
    campaign_page,
    commitment_page,
    contract_page,
    engagement_page,
    evidence_page,
    indicator_page,
    journal_page,
    launch_page,
    note_page,
    person_page,
    report_page,
    sign_in_page,
    status_page,
    transformation_page,
    workbook_page,
)
from ancrage.web.errors import handle_errors, refusal_page
from ancrage.web.port import ProjectLike
from ancrage.web.protection import Protection, allowed_hosts
from ancrage.web.render import STATIC
from ancrage.web.visitor import asks_for_sign_in, known_visitor, own_link

BY_LINK = (commitment_page, contract_page, person_page, note_page, workbook_page, answer_page, evidence_page, sign_in_page)
"""Pages whose link says who is there, and the way to sign in."""
FOR_THE_KNOWN = (status_page, engagement_page, launch_page, campaign_page, report_page, indicator_page, transformation_page, journal_page)
"""Pages for everybody who is known; where signing in is asked for, nobody else sees them."""


class KeptFiles(StaticFiles):
    """Our own files. Their address changes with their content, so that a browser may keep them for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def create_app(project: ProjectLike, listens_on: str = "127.0.0.1") -> FastAPI:
    """The pages of one project, ready for an ASGI server that listens on the host `listens_on`.

    Nothing is read from the project before the first request.
    """
    app = FastAPI(title="Ancrage", version=ancrage.__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.project = project
    app.state.asks_for_sign_in = asks_for_sign_in(project.settings, listens_on)
    app.add_middleware(Protection, hosts=allowed_hosts(project.settings.web_url), page=refusal_page)
    app.mount("/static", KeptFiles(directory=STATIC), name="static")
    for page in BY_LINK:
        app.include_router(page.router, dependencies=[] if page is sign_in_page else [Depends(own_link)])
    for page in FOR_THE_KNOWN:
        app.include_router(page.router, dependencies=[Depends(known_visitor)])
    handle_errors(app)
    return app
