"""Refusals as pages: what happened, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ancrage.errors import AncrageError, NotFound, Refused
from ancrage.language import Message, say
from ancrage.notices.dates import Clock
from ancrage.notices.links import LinkFault, LinkRefused
from ancrage.web.reader import language_of
from ancrage.web.render import show
from ancrage.web.visitor import SignInNeededError


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """A refusal. `hint` says what to do next."""

    status: int
    message: Message
    hint: Message


class LinkUnusableError(AncrageError):
    """A link that opens nothing."""

    def __init__(self, refused: LinkRefused) -> None:
        super().__init__(refused.message)
        self.code = refused.code


def refusal_page(request: Request, status: int, message: Message) -> Response:
    """A page that says why a request was not taken."""
    page = ErrorPage(status, message, _hint(status))
    return show(request, "error.html", page, Clock(language_of(request), "UTC"), status_code=status)


def _hint(status: int) -> Message:
    match status:
        case 403 | 410:
            return say("Open the link of your newest message, or ask the improvement lead for a new one. Nothing was changed.")
        case 400 | 409 | 413:
            return say("Go back and try again. Nothing was changed.")
        case 500:
            return say("Try again in a moment. If it stays so, tell the person who runs Ancrage; nothing you answered before is lost.")
        case _:
            return say("The first page shows where everything is.")


def handle_errors(app: FastAPI) -> None:
    """Give every refusal a page. What is nobody's fault but ours gets its page in `protection`, and is logged by the server."""

    @app.exception_handler(SignInNeededError)
    def unknown_visitor(_request: Request, _error: SignInNeededError) -> Response:
        return RedirectResponse("/sign-in", status_code=303)

    @app.exception_handler(AncrageError)
    def ours(request: Request, error: AncrageError) -> Response:
        return refusal_page(request, _status(error), error.message)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        message = say("There is no such page.") if error.status_code == 404 else say("A page cannot be used in this way.")
        response = refusal_page(request, error.status_code, message)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, _error: RequestValidationError) -> Response:
        return refusal_page(request, 400, say("This form is not complete. Open the link of your message again."))


def _status(error: AncrageError) -> int:
    match error:
        case LinkUnusableError(code=LinkFault.EXPIRED):
            return 410
        case LinkUnusableError():
            return 403
        case NotFound():
            return 404
        case Refused(code="form"):
            return 400
        case Refused(code="not_allowed" | "not_yours"):
            return 403
        case Refused():
            return 409
        case _:
            return 500
