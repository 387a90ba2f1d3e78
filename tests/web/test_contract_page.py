"""Signing by a link: the page shows the whole contract, opening it changes nothing, its buttons act once, and only for whom they may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ancrage.domain.escalation.facts import Result, Status
from ancrage.notices.links import LinkClaims, LinkKeys, Page, sign_link
from ancrage.project import open_project
from ancrage.services.contract_requests import propose_contract, withdraw_contract
from ancrage.services.contract_versions import standing_of
from ancrage.services.programme import current_programme
from tests.services.test_contracts import CONTRACT, declare_delay
from tests.support.story import DUE, copy_of
from tests.web.conftest import LATER, Pages

REQUEST = f"sign:{CONTRACT}@2/sponsor_dsi"
"""Asked of Anne, the sponsor; Bruno is co-sponsor, Chloé the steward."""


@pytest.fixture(scope="session")
def proposed(story: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second version, with another delay, is proposed; to be copied, never changed."""
    folder = copy_of(story, tmp_path_factory.mktemp("contract") / "project")
    with closing(open_project(folder)) as project:
        declare_delay(project, "4wd", DUE)
        with project.units() as work:
            propose_contract(work, current_programme(work), CONTRACT, "chloe", DUE, ("file",))
    return folder


@pytest.fixture
def pages(proposed: Path, tmp_path: Path) -> Iterator[Pages]:
    with closing(open_project(copy_of(proposed, tmp_path / "project"))) as project:
        yield Pages(project)


def link(pages: Pages, person: str = "anne", commitment: str = REQUEST) -> str:
    return pages.link(person, commitment)


def press(pages: Pages, deed: str, person: str = "anne", act: str = "a" * 32, **fields: str) -> Any:
    """Press a button as a browser sends it, whether the page offers it or not."""
    address = f"{link(pages, person)}/contract"
    return pages.client.post(address, data={"deed": deed, "act": act, **fields}, headers={"Sec-Fetch-Site": "same-origin"})


def signed(pages: Pages) -> set[str]:
    with pages.project.reading() as work:
        version = standing_of(work, CONTRACT).version(2)
    assert version is not None
    return set(version.signed)


def test_the_page_shows_the_whole_contract_in_words(pages: Pages) -> None:
    shown = pages.open(link(pages) + "?lang=en")
    for wanted in (
        "I answer within two working days",  # the promise
        "Sponsor of the improvement programme (Anne Delorme)",  # by whom
        "4 working days",  # in what time
        "1.5 hours a month",  # at what cost
        "one working day before the deadline: who promised told",  # the ladder in words
        "Incident management",  # the perimeter
        "Choosing or replacing the service management tool.",  # what is outside
        "if agreed in advance",  # where there is room for negotiation
        "react_incident_alert, delay: 2wd → 4wd",  # what this version changes
        "Version 1 is in force until every party has signed this one.",
        "Chloé Martin proposes version 2",  # why now
    ):
        assert wanted in shown.text
    assert {form.get("deed") for form in shown.forms} >= {"sign", "comment", "decline", "acknowledge", "put_off"}
    assert not {"done", "delegate"} & {form.get("deed") for form in shown.forms}
    assert (shown.unlabelled, shown.styled) == ([], False)


def test_a_scanner_changes_nothing(pages: Pages) -> None:
    before = pages.rows()
    assert pages.client.head(link(pages)).status_code == 200
    for _ in range(5):
        pages.open(link(pages))
    for method in ("GET", "HEAD"):
        assert pages.client.request(method, f"{link(pages)}/contract?deed=sign&act={'0' * 32}").status_code == 405
    assert pages.rows() == before


def test_signing_ends_the_request_in_time_and_pressing_again_changes_nothing(pages: Pages) -> None:
    pressed = press(pages, "sign")
    assert pressed.status_code == 303
    assert "Signed. Thank you." in pages.open(pressed.headers["location"] + "&lang=en").text
    assert signed(pages) == {"sponsor_dsi"}
    view = pages.view(REQUEST)
    assert (view.status, view.result, view.closed_at) == (Status.CLOSED, Result.KEPT, LATER)
    before = pages.rows()
    assert press(pages, "sign", act="b" * 32).status_code == 303
    assert pages.rows() == before


@pytest.mark.parametrize("deed", ["sign", "decline"])
@pytest.mark.parametrize("person", ["bruno", "chloe", "karim"])
def test_another_person_neither_signs_nor_declines(pages: Pages, deed: str, person: str) -> None:
    before = pages.rows()
    assert press(pages, deed, person, text="no").status_code == 409
    assert pages.rows() == before
    assert not {"sign", "decline", "validate"} & {form.get("deed") for form in pages.open(link(pages, person)).forms}


def test_a_request_to_sign_is_not_done_without_a_signature(pages: Pages) -> None:
    act = pages.open(link(pages)).form("acknowledge")["act"]
    forced = pages.client.post(link(pages), data={"deed": "done", "act": act})
    assert "ends by a signature" in pages.open(forced.headers["location"] + "&lang=en").text
    assert pages.view(REQUEST).status is Status.OPEN


def test_declining_closes_nothing_and_tells_the_steward_once(pages: Pages) -> None:
    for _ in range(2):
        pressed = press(pages, "decline", text="Not before the budget")
    assert "you decline to sign" in pages.open(pressed.headers["location"] + "&lang=en").text
    assert pages.view(REQUEST).status is Status.OPEN
    told = [row for row in pages.rows()["outbox"] if row["step_id"] == "contract_declined"]
    assert [(row["person_id"], row["commitment_id"]) for row in told] == [("chloe", REQUEST)]
    assert "Not before the budget" in pages.open(link(pages, "bruno") + "?lang=en").text
    press(pages, "sign")  # a mind may be changed
    assert signed(pages) == {"sponsor_dsi"}
    assert press(pages, "decline", act="c" * 32, text="after all").status_code == 409


def test_a_comment_names_its_clause_and_is_kept_once(pages: Pages) -> None:
    for _ in range(2):
        press(pages, "comment", clause="react_incident_alert", text="Three days\n are enough")
    (row,) = pages.rows()["contract_remark"]
    assert (row["clause_id"], row["text"], row["version"], row["person_id"]) == ("react_incident_alert", "Three days are enough", 2, "anne")
    assert "on clause react_incident_alert" in pages.open(link(pages, "chloe") + "?lang=en").text


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 400), ({"deed": "sign"}, 400), ({"deed": "sign", "act": "../.."}, 400), ({"deed": "explode", "act": "0" * 32}, 400),
        ({"deed": "comment", "act": "0" * 32, "text": "  "}, 409), ({"deed": "decline", "act": "0" * 32}, 409),
        ({"deed": "comment", "act": "0" * 32, "text": "so", "clause": "nothing"}, 404),
    ],
)  # fmt: skip
def test_a_form_that_is_not_ours_is_refused_and_changes_nothing(pages: Pages, form: dict[str, str], status: int) -> None:
    before = pages.rows()
    assert pages.client.post(f"{link(pages)}/contract", data=form).status_code == status
    assert pages.rows() == before


def test_from_another_site_nothing_is_signed(pages: Pages) -> None:
    form = {"deed": "sign", "act": "0" * 32}
    assert pages.client.post(f"{link(pages)}/contract", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert signed(pages) == set()


def test_only_the_sponsor_validates_the_perimeter_and_once(pages: Pages) -> None:
    assert press(pages, "validate", "bruno").status_code == 409
    with pages.project.units() as work:  # what the project had validated is taken away, so that it is asked for again
        for row in work.session.exec(perimeter_rows()):
            work.session.delete(row)
    assert "not yet" in pages.open(link(pages) + "?lang=en").text
    for act in ("a", "b"):
        pressed = press(pages, "validate", act=act * 32)
    assert "the perimeter is validated" in pages.open(pressed.headers["location"] + "&lang=en").text
    (row,) = [row for row in pages.rows()["perimeter_validation"] if row["contract_id"] == CONTRACT]
    assert row["person_id"] == "anne"
    assert signed(pages) == set()


def perimeter_rows() -> Any:
    from sqlmodel import select

    from models.contracts import PerimeterValidationRow

    return select(PerimeterValidationRow)


@pytest.mark.parametrize("deed", ["sign", "decline", "comment", "validate"])
def test_a_version_that_was_withdrawn_has_no_button_and_takes_nothing(pages: Pages, deed: str) -> None:
    with pages.project.units() as work:
        withdraw_contract(work, current_programme(work), CONTRACT, "chloe", "too early", LATER, ())
    shown = pages.open(link(pages) + "?lang=en")
    assert "Version 2, withdrawn" in shown.text
    assert shown.forms == []
    before = pages.rows()
    assert press(pages, deed, text="late").status_code == 409
    assert pages.rows() == before


@pytest.mark.parametrize("fault", ["forged", "expired", "other page", "another commitment"])
def test_a_link_that_opens_nothing_signs_nothing(pages: Pages, fault: str) -> None:
    claims = LinkClaims(Page.COMMITMENT, "anne", REQUEST, DUE, DUE + timedelta(days=30))
    forged = LinkKeys(("another key, long enough to sign with",))
    address, status = {
        "forged": (sign_link(forged, claims), 403),
        "expired": (pages.link(commitment=REQUEST, days=0).removeprefix("/c/"), 410),
        "other page": (pages.link(page=Page.PERSON).removeprefix("/p/"), 403),
        "another commitment": (pages.link().removeprefix("/c/"), 404),
    }[fault]
    before = pages.rows()
    assert pages.client.post(f"/c/{address}/contract", data={"deed": "sign", "act": "0" * 32}).status_code == status
    assert pages.rows() == before


def test_hostile_text_stays_text(pages: Pages) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    press(pages, "comment", text=evil)
    shown = pages.open(link(pages, "chloe"))
    assert evil.split(">")[0] in shown.text
    assert not {"script", "img"} & set(shown.tags)
