"""The pages that everybody may see, the page of one person, and what holds for every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from ancrage.notices.links import Page
from ancrage.web import create_app, status_page
from ancrage.web.person_page import person_link
from tests.support.story import DUE
from tests.web.conftest import ALERT, Browser, Pages, Shown

EVERY_PAGE: dict[str, Callable[[Pages], str]] = {
    "status": lambda pages: "/",
    "journal": lambda pages: "/journal",
    "commitment": lambda pages: pages.link(),
    "person": lambda pages: pages.link(page=Page.PERSON),
}


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_a_page_opened_or_looked_at_changes_nothing(looking: Pages, name: str) -> None:
    address, before = EVERY_PAGE[name](looking), looking.rows()
    assert looking.client.head(address).status_code == 200
    for _ in range(5):
        looking.open(address)
    assert looking.rows() == before


@pytest.mark.parametrize("name", EVERY_PAGE)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_is_whole_without_script_or_inline_style(looking: Pages, name: str, language: str) -> None:
    response = looking.client.get(EVERY_PAGE[name](looking), params={"lang": language})
    shown = Shown(response.text)
    assert shown.language == language == response.headers["content-language"]
    assert "script" not in shown.tags
    assert not shown.styled
    assert shown.tags.count("h1") == 1
    assert shown.tags.count("main") == 1
    assert shown.unlabelled == []
    assert len(shown.ids) == len(set(shown.ids))
    assert not [link for link in shown.links if "://" in link]
    assert [link for link in shown.links if link.startswith("?")] == ["?lang=fr", "?lang=en"]


@pytest.mark.parametrize("name", EVERY_PAGE)
def test_every_answer_carries_the_headers_that_protect_it(looking: Pages, name: str) -> None:
    headers = looking.client.get(EVERY_PAGE[name](looking)).headers
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_the_first_page_says_who_must_do_what_next_and_where_the_loop_stands(looking: Pages) -> None:
    shown = looking.open("/?lang=en")
    assert "Nothing is overdue. Next: Anne" in shown.text
    assert "The loop" not in shown.text
    assert "Thursday 29 January 2026, end of the day" in shown.text
    assert "Last pass of the engine: Tuesday 27 January 2026 at 11:00." in shown.text
    assert "The engine was stopped from Wednesday 14 January 2026 at 16:00 to Tuesday 27 January 2026 at 11:00" in shown.text
    for name in ("Declare", "Assess", "Prioritise", "Measure", "Commit", "Escalate", "Give back"):
        assert name in shown.text


def test_the_first_page_holds_no_link_that_acts(looking: Pages) -> None:
    assert not [link for link in looking.open("/").links if link.startswith(("/c/", "/p/"))]


def test_an_overdue_promise_comes_first(pages: Pages) -> None:
    pages.now = DUE + timedelta(days=3)
    text = pages.open("/?lang=en").text
    assert "1 overdue. Next: Anne" in text
    assert "The engine is silent" in text


def test_the_first_page_filters_by_person(looking: Pages) -> None:
    name = looking.view().person
    text = looking.open("/", params={"person": name, "lang": "en"}).text.partition("Alerts that are not over")[0]
    assert "I answer within two working days" in text
    assert "I chair the monthly review of changes" not in text


def test_before_anything_is_applied_the_page_says_what_to_do(pages: Pages) -> None:
    empty = replace(pages.project, programme_id="nothing-here")
    empty.__dict__["database"] = pages.project.database
    response = Browser(create_app(empty)).get("/?lang=en")
    assert response.status_code == 404
    assert "ancrage apply" in response.text


def test_the_journal_shows_lines_with_their_rules_and_filters_by_subject(looking: Pages) -> None:
    everything = looking.open("/journal?lang=en").text
    assert "contract signed" in everything
    one = looking.open("/journal", params={"subject": f"commitment:{ALERT}", "lang": "en"}).text
    assert "commitment opened" in one
    assert "contract signed" not in one


def test_a_long_journal_is_shown_in_part_with_a_way_to_the_rest(looking: Pages) -> None:
    few = looking.open("/journal?lines=3")
    assert few.tags.count("tr") == 4
    assert "/journal?lines=6" in few.links
    assert looking.client.get("/journal?lines=many").status_code == 400


def test_a_person_finds_their_requests_with_a_link_to_each(pages: Pages) -> None:
    shown = pages.open(pages.link(page=Page.PERSON) + "?lang=en")
    links = [link for link in shown.links if link.startswith("/c/")]
    assert "I answer within two working days" in shown.text
    assert "I chair the monthly review of changes" not in shown.text
    pages.press(links[0], "done")
    assert "Closed in the last 90 days" in pages.open(pages.link(page=Page.PERSON) + "?lang=en").text


def test_the_links_of_a_persons_page_end_with_it(pages: Pages) -> None:
    (link, *_) = [link for link in pages.open(pages.link(page=Page.PERSON, days=2)).links if link.startswith("/c/")]
    pages.now = DUE + timedelta(days=2)
    assert pages.client.get(link).status_code == 410


def test_a_commitment_link_does_not_open_the_persons_page(looking: Pages) -> None:
    assert looking.client.get(looking.link().replace("/c/", "/p/")).status_code == 403
    assert looking.client.get(person_link(looking.project, "anne", DUE, DUE + timedelta(days=9))).status_code == 200


@pytest.mark.parametrize(("address", "status"), [("/nothing", 404), ("/static/nothing.css", 404), ("/openapi.json", 404), ("/docs", 404)])
def test_what_is_not_there_has_a_page_that_says_so(looking: Pages, address: str, status: int) -> None:
    response = looking.client.get(address, headers={"Accept-Language": "en"})
    assert response.status_code == status
    assert "There is no such page." in response.text
    assert response.headers["content-security-policy"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_method_a_page_does_not_know_is_refused(looking: Pages, method: str) -> None:
    assert looking.client.request(method, "/").status_code == 405


def test_a_fault_of_ours_is_a_page_that_says_what_to_do(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(status_page, "fetch_status", broken)
    response = pages.client.get("/?lang=en")
    assert response.status_code == 500
    assert "Something went wrong here." in response.text
    assert "secret detail" not in response.text
    assert response.headers["content-security-policy"]


def test_the_style_is_kept_by_browsers_and_holds_nothing_from_elsewhere(looking: Pages) -> None:
    (address,) = [link for link in looking.open("/").links if "ancrage.css" in link]
    response = looking.client.get(address)
    assert response.headers["content-type"].startswith("text/css")
    assert "immutable" in response.headers["cache-control"]
    assert "url(" not in response.text
    assert "@import" not in response.text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("fr", "fr"), ("fr-FR,fr;q=0.9,en;q=0.8", "fr"), ("de,en;q=0.5,fr;q=0.7", "fr"), ("de", "en"), ("", "en"), ("fr;q=x,en;q=0.1", "en"),
     ("fr;q=0,en", "en"), ("*" * 5000, "en")],
)
def test_the_browser_chooses_the_language_of_the_first_page(looking: Pages, accepted: str, language: str) -> None:
    assert looking.open("/", headers={"Accept-Language": accepted}).language == language
