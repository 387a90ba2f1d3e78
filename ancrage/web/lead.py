"""Who may see and press what only leads do.

Signed in, it is the visitor, who must be a lead. Where the pages ask nobody who they are, whoever sits at this machine says in whose name
they act, as on the command line; a request that comes from anywhere else, or through another server, acts for nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from starlette.requests import Request

from ancrage.domain.access import AccessRole, access_roles
from ancrage.domain.programme import Programme
from ancrage.errors import Refused
from ancrage.language import Message, say
from ancrage.services.access import Visitor
from ancrage.web.protection import LOOPBACK_HOSTS

PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Acting:
    """In whose name the buttons of a page act: the visitor, or one of `choices` (id, name); `none`: there are no buttons here."""

    visitor: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def may_act(self) -> bool:
        return bool(self.visitor or self.choices)


def require_role(request: Request, *allowed: AccessRole) -> None:
    """Refused (`not_allowed`) for a visitor who is none of these, where signing in is asked for."""
    visitor = _visitor(request)
    if request.app.state.asks_for_sign_in and (visitor is None or not set(visitor.roles) & set(allowed)):
        raise Refused("not_allowed", _only_for(allowed))


def _only_for(allowed: tuple[AccessRole, ...]) -> Message:
    if AccessRole.SPONSOR in allowed:
        return say("This page is for leads and sponsors.")
    return say("This page is for leads.")


def acting_lead(request: Request, programme: Programme, at: datetime) -> Acting:
    """In whose name this page acts."""
    visitor = _visitor(request)
    if visitor is not None:
        return Acting(visitor=visitor.reader.person_id if AccessRole.LEAD in visitor.roles else "")
    if request.app.state.asks_for_sign_in or not _sits_here(request):
        return Acting()
    people = programme.organisation.people.values()
    return Acting(choices=tuple((it.id, it.name) for it in people if AccessRole.LEAD in access_roles(programme, it.id, at)))


def person_who_acts(request: Request, programme: Programme, at: datetime, by: str) -> str:
    """The lead who presses a button; `by` is the choice of the form. Refused (`not_allowed`) for everybody else."""
    acting = acting_lead(request, programme, at)
    person = acting.visitor or (by if by in dict(acting.choices) else "")
    if not person:
        raise Refused("not_allowed", say("Only a lead may do this: nothing was changed."))
    return person


def _visitor(request: Request) -> Visitor | None:
    found: Visitor | None = getattr(request.state, "visitor", None)
    return found


def _sits_here(request: Request) -> bool:
    """The request was made on this machine, to this machine's own name, and was not passed on by another server."""
    host = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
    if any(name in request.headers for name in PASSED_ON) or host.lower() not in LOOPBACK_HOSTS or request.client is None:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
