"""The application: pages, their files, what guards them, and their errors."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

import ancrage
from ancrage.web import commitment_page, journal_page, person_page, status_page, workbook_page
from ancrage.web.errors import handle_errors, refusal_page
from ancrage.web.port import ProjectLike
from ancrage.web.protection import Protection, allowed_hosts
from ancrage.web.render import STATIC


class KeptFiles(StaticFiles):
    """Our own files. Their address changes with their content, so that a browser may keep them for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def create_app(project: ProjectLike) -> FastAPI:
    """The pages of one project, ready for an ASGI server. Nothing is read from the project before the first request."""
    app = FastAPI(title="Ancrage", version=ancrage.__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.project = project
    app.add_middleware(Protection, hosts=allowed_hosts(project.settings.web_url), page=refusal_page)
    app.mount("/static", KeptFiles(directory=STATIC), name="static")
    for page in (status_page, commitment_page, person_page, journal_page, workbook_page):
        app.include_router(page.router)
    handle_errors(app)
    return app
