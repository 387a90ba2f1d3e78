"""Every problem code of the declarations and its page. `PAGES` is what `ancrage explain CODE` reads."""

from __future__ import annotations

from ancrage.declarations.codes import engagement, files, names, organisation, values
from ancrage.declarations.codes.page import CodePage
from ancrage.declarations.suggestions import closest
from ancrage.errors import NotFound
from ancrage.language import say

PAGES: dict[str, CodePage] = {
    page.code: page for module in (files, values, names, organisation, engagement) for page in module.PAGES
}  # fmt: skip


def page_of(code: str) -> CodePage:
    """The page of a code, however it is capitalised; NotFound with the nearest one."""
    wanted = code.upper()
    if wanted in PAGES:
        return PAGES[wanted]
    close = closest(wanted, PAGES)
    if close is None:
        raise NotFound(say("there is no problem code {code}", code=code))
    raise NotFound(say("there is no problem code {code}; did you mean {close}?", code=code, close=close))


__all__ = ["PAGES", "CodePage", "page_of"]
