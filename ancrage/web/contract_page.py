"""The buttons of a request to sign: sign, decline, comment, validate the perimeter. The page itself is that of the commitment."""

from __future__ import annotations

import hashlib
import re
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse
from pydantic import BaseModel
from starlette.responses import Response

from ancrage.errors import Refused
from ancrage.language import say
from ancrage.notices.links import Page
from ancrage.notices.plain import one_line
from ancrage.services.contract_desk import ContractDeed, act_on_contract
from ancrage.services.desk import reader_of
from ancrage.services.programme import current_programme
from ancrage.web.commitment_page import open_link
from ancrage.web.port import ProjectLike, project_of

LONGEST_TEXT = 2000
ABOUT = "contract-"
DEEDS = ("sign", "decline", "comment", "validate")

router = APIRouter()


class ContractAnswer(BaseModel):
    """The fields of the form as they came. `clause` is empty for the whole contract."""

    deed: str = ""
    act: str = ""
    clause: str = ""
    text: str = ""


@router.post("/c/{token}/contract")
def answer_contract(
    request: Request, token: str, form: Annotated[ContractAnswer, Form()], project: Annotated[ProjectLike, Depends(project_of)]
) -> Response:
    """Do what a button asks, once, then show the page again."""
    claims = open_link(project, token, Page.COMMITMENT)
    with project.units() as work:
        reader_of(current_programme(work), claims.person)
        deed = _deed_of(form, claims.subject, claims.person, project)
        act_on_contract(work, claims.subject, deed, project.first_channels)
    return RedirectResponse(f"{request.url.path.removesuffix('/contract')}?after={ABOUT}{form.deed}", status_code=303)


def _deed_of(form: ContractAnswer, commitment_id: str, person: str, project: ProjectLike) -> ContractDeed:
    if form.deed not in DEEDS or not re.fullmatch(r"[0-9a-f]{16,64}", form.act):
        raise Refused("form", say("This form is not complete. Open the link of your message again."))
    key = hashlib.sha256("\0".join((commitment_id, person, form.deed, form.act)).encode()).hexdigest()[:32]
    return ContractDeed(key, form.deed, person, project.now(), one_line(form.text, LONGEST_TEXT), form.clause or None)
