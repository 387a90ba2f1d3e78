"""Who looks at a page: language by choice, cookie or browser; time zone by person or programme."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from ancrage.language import DEFAULT_LANGUAGE, LANGUAGES

COOKIE = "ancrage_language"
ONE_YEAR_SECONDS = 365 * 24 * 3600


def language_of(request: Request, declared: str | None = None) -> str:
    """`?lang=`, else the cookie of an earlier choice, else what is `declared` for the reader, else the browser's list, else English."""
    asked = (request.query_params.get("lang"), request.cookies.get(COOKIE), declared, *_accepted(request))
    return next((language for language in asked if language in LANGUAGES), DEFAULT_LANGUAGE)


def remember_language(request: Request, response: Response) -> None:
    """Keep an explicit choice for the next page."""
    chosen = request.query_params.get("lang")
    if chosen in LANGUAGES:
        response.set_cookie(COOKIE, chosen, max_age=ONE_YEAR_SECONDS, httponly=True, samesite="lax", secure=request.url.scheme == "https")


def _accepted(request: Request) -> Iterator[str]:
    """Languages of Accept-Language, best first; what cannot be read counts least."""
    weighed = [_weighed(part) for part in request.headers.get("accept-language", "")[:500].split(",")]
    yield from (language for weight, language in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0)


def _weighed(part: str) -> tuple[float, str]:
    name, _, quality = part.partition(";")
    try:
        weight = float(quality.strip().removeprefix("q=") or 1)
    except ValueError:
        weight = 0.0
    return weight, name.strip().lower()[:2]
