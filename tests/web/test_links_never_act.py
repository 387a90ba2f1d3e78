"""A link in a message never changes anything when it is opened, whoever opens it, and its owner's button works once (ESC-A12, show 6).

Every table of the database is compared, on both databases.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ancrage.domain.escalation.facts import Result, Status
from ancrage.notices.links import LinkClaims, LinkKeys, Page, sign_link
from ancrage.project import Project, open_project
from ancrage.services.access import ask_for_link, begin_session
from ancrage.services.advance import advance
from ancrage.web.visitor import COOKIE, write_cookie
from tests.support.snapshots import snapshot
from tests.support.story import DUE, project_in_the_middle
from tests.web.conftest import ALERT, LATER, Browser, Pages, Shown

SCANNER = {"User-Agent": "Mozilla/5.0 (compatible; MailScanner)", "Sec-Fetch-Site": "none"}
ACT = "0123456789abcdef0123456789abcdef"
DONE = {"deed": "done", "act": ACT}


@pytest.fixture
def pages(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pages]:
    monkeypatch.setenv("ANCRAGE_DATABASE_URL", database_url)
    with closing(open_project(project_in_the_middle(tmp_path / "project"))) as project:
        advance(project, DUE)
        yield Pages(project)


def sign_in(pages: Pages, email: str) -> None:
    with pages.project.units() as work:
        link = ask_for_link(work, email, LATER)
        assert link is not None
        work.flush()
        secret = begin_session(work, link.id, link.reader.person_id, LATER)
    assert secret is not None
    pages.client.cookies.set(COOKIE, write_cookie(pages.project.link_keys, secret, LATER))


def strange(project: Project) -> dict[str, tuple[str, int]]:
    """Links that are not Anne's, and what their pages answer."""
    keys, claims = project.link_keys, LinkClaims(Page.COMMITMENT, "anne", ALERT, DUE, DUE + timedelta(days=30))
    good = sign_link(keys, claims)
    return {
        "forged": (sign_link(LinkKeys(("a key of somebody else, long enough to sign",)), claims), 403),
        "one letter changed": (good[:-9] + ("A" if good[-9] != "A" else "B") + good[-8:], 403),
        "person changed, signature kept": (sign_link(keys, replace(claims, person="david")).split(".")[0] + "." + good.split(".")[1], 403),
        "expired": (sign_link(keys, replace(claims, expires=DUE)), 410),
        "made for another page": (sign_link(keys, replace(claims, page=Page.SIGN_IN)), 403),
        "of somebody unknown": (sign_link(keys, replace(claims, person="nobody")), 404),
        "about nothing": (sign_link(keys, replace(claims, subject="nothing")), 404),
        "nonsense": ("%00..", 403),
    }


def test_opening_changes_nothing_and_the_button_of_its_owner_works_once(pages: Pages) -> None:
    link, scanner = pages.link(), Browser(pages.client.app)
    before = snapshot(pages.project)
    assert len(before) > 20

    assert scanner.head(link).status_code == 200  # a scanner: one HEAD, five GETs, and whatever else it may try
    for _ in range(5):
        assert scanner.get(link, headers=SCANNER).status_code == 200
    assert scanner.get(f"{link}?deed=done&act={ACT}&after=page-{ACT}").status_code == 200
    for method in ("OPTIONS", "PUT", "PATCH", "DELETE"):
        assert scanner.request(method, link, data=DONE).status_code == 405
    for person in ("bruno", "chloe", "david"):  # another person's link to the same commitment shows, too
        assert scanner.get(pages.link(person)).status_code == 200
    assert scanner.get(pages.link("anne", page=Page.PERSON)).status_code == 200
    assert snapshot(pages.project) == before

    for name, (token, status) in strange(pages.project).items():
        for answered in (scanner.head(f"/c/{token}"), scanner.get(f"/c/{token}"), scanner.post(f"/c/{token}", data=DONE)):
            assert answered.status_code == status, name
    elsewhere = scanner.post(link, data=DONE, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    assert scanner.post(link, data=DONE, headers={"Origin": "https://evil.example"}).status_code == 403
    assert snapshot(pages.project) == before

    shown = pages.open(link)
    assert pages.press(link, "done", shown).status_code == 303
    assert (pages.view().status, pages.view().result) == (Status.CLOSED, Result.KEPT)
    after = snapshot(pages.project)
    assert after != before

    pages.now = LATER + timedelta(hours=1)
    for _ in range(3):
        assert pages.press(link, "done", shown).status_code == 303  # a replay of the same form
    assert snapshot(pages.project) == after


def test_a_closed_commitment_stays_as_it_is_whatever_is_pressed(pages: Pages) -> None:
    link = pages.link()
    shown = pages.open(link)
    pages.press(link, "done", shown)
    kept = {table: rows for table, rows in snapshot(pages.project).items() if table not in ("journal", "commitment_action")}
    for deed in ("done", "acknowledge", "put_off", "delegate", "ask_waiver"):
        pages.client.post(link, data={"deed": deed, "act": ACT, "to": "karim", "until": "2026-01-30", "reason": "why"})
    refused = pages.client.post(pages.link("chloe"), data={"deed": "waive", "act": ACT, "reason": "why"})
    assert refused.status_code == 303
    late = snapshot(pages.project)
    assert {table: rows for table, rows in late.items() if table in kept} == kept  # what was refused is only written down (ESC-A11)
    assert Shown(pages.client.get(link).text).forms == []


def test_who_is_signed_in_as_somebody_else_presses_no_button_of_a_link(pages: Pages) -> None:
    sign_in(pages, "david.okafor@tressane.example")
    before = snapshot(pages.project)
    shown = pages.open(pages.link())  # a forwarded message may be read
    assert pages.press(pages.link(), "done", shown).status_code == 403
    assert "somebody else" in pages.client.post(pages.link() + "?lang=en", data=DONE).text
    assert snapshot(pages.project) == before
    assert pages.press(pages.link("david"), "acknowledge").status_code == 303  # their own link works
