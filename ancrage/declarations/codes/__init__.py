"""Every problem code and its page: `PAGES` of the declarations, `BEYOND` of everything else. `ancrage explain CODE` reads both."""

from __future__ import annotations

from ancrage.declarations.codes import (
    beyond,
    collected,
    collection,
    engagement,
    files,
    imports,
    models,
    names,
    organisation,
    sources,
    values,
    workbooks,
)
from ancrage.declarations.codes.page import CodePage
from ancrage.declarations.suggestions import closest
from ancrage.errors import NotFound
from ancrage.language import say

PAGES: dict[str, CodePage] = {
    page.code: page for module in (files, values, names, organisation, engagement, collection, models) for page in module.PAGES
}  # fmt: skip
BEYOND: dict[str, CodePage] = {page.code: page for module in (beyond, collected, imports, sources, workbooks) for page in module.PAGES}


def page_of(code: str) -> CodePage:
    """The page of a code, however it is capitalised; NotFound with the nearest one."""
    wanted = code.upper()
    pages = PAGES | BEYOND
    if wanted in pages:
        return pages[wanted]
    close = closest(wanted, pages)
    if close is None:
        raise NotFound(say("there is no problem code {code}", code=code))
    raise NotFound(say("there is no problem code {code}; did you mean {close}?", code=code, close=close))


__all__ = ["BEYOND", "PAGES", "CodePage", "page_of"]
