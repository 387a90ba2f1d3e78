"""The engagement record as pages: figures beside the picture, a steward's page that sends only when its button is pressed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ancrage.domain.escalation.facts import Action, ActionKind
from ancrage.notices.links import Page
from ancrage.services.commitments import act_on_commitment
from ancrage.services.programme import current_programme
from tests.support.story import DUE
from tests.web.conftest import ALERT, Pages


def answer_the_alert(pages: Pages) -> None:
    with pages.project.units() as work:
        done = Action(id="a", kind=ActionKind.FULFIL, at=DUE + timedelta(hours=1), by="anne", reason="two more people on triage")
        act_on_commitment(work, current_programme(work), ALERT, done, ("file",))


@pytest.mark.parametrize(("address", "words"), [
    ("/engagement?lang=en", ["Engagement record", "Anne Delorme", "The public line of each contract"]),
    ("/engagement?lang=fr", ["Anne Delorme"]),
    ("/engagement/anne?lang=en", ["Engagement record of Anne Delorme", "Every promise counted", "The note prepared about 2026-Q1"]),
    ("/engagement/anne?quarter=2025-Q4&lang=en", ["The note prepared about 2025-Q4"]),
    ("/engagement/nadia?lang=en", ["Engagement record of Nadia Benali"]),
])  # fmt: skip
def test_the_record_is_shown(looking: Pages, address: str, words: list[str]) -> None:
    shown = looking.open(address)
    assert all(word in shown.text for word in words)
    assert not shown.styled
    assert not shown.forms


def test_every_picture_has_a_spoken_title_and_an_equal_table(pages: Pages) -> None:
    answer_the_alert(pages)
    shown = pages.open("/engagement/anne?lang=en")
    assert shown.tags.count("svg") == 2
    assert {"survival-wide-title", "survival-narrow-title"} <= set(shown.ids)
    assert "Still waiting after it" in shown.text


@pytest.mark.parametrize("address", ["/engagement/nobody", "/engagement/anne?quarter=spring"])
def test_what_is_not_there_is_said(looking: Pages, address: str) -> None:
    assert looking.client.get(address).status_code == 404


def test_the_sponsor_sees_what_the_engagement_changed(pages: Pages) -> None:
    answer_the_alert(pages)
    shown = pages.open(pages.link(page=Page.PERSON) + "?lang=en")
    assert "What your engagement changed" in shown.text
    assert "two more people on triage" in shown.text
    assert "What you can give back" not in shown.text


def test_the_steward_sends_with_one_button_and_once(pages: Pages) -> None:
    answer_the_alert(pages)
    own = pages.link("chloe", page=Page.PERSON)
    address = f"{own}/feedback/anne"
    assert address in pages.open(own + "?lang=en").links
    before = pages.rows()["engagement_note"]
    shown = pages.open(address + "?lang=en")
    assert "two more people on triage" in shown.text
    assert shown.unlabelled == []
    assert pages.rows()["engagement_note"] == before == []
    (form,) = shown.forms
    for _ in range(2):
        sent = pages.client.post(
            address, data={"quarter": form["quarter"], "sentence": "Thank you."}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert sent.status_code == 303
    (note,) = pages.rows()["engagement_note"]
    assert (note["person_id"], note["told_by"], note["sentence"]) == ("anne", "chloe", "Thank you.")
    assert "Sent: it leaves with the next pass" in pages.open(sent.headers["location"]).text
    assert "Thank you." in pages.open(pages.link(page=Page.PERSON)).text


def test_the_public_line_is_published_from_the_steward_s_page_and_stands_on_the_first_one(pages: Pages) -> None:
    address = pages.link("chloe", page=Page.PERSON) + "/publish/incident_contract"
    assert "It goes to: " in pages.open(address + "?lang=en").text
    assert "What both sides have kept" not in pages.open("/?lang=en").text
    sent = pages.client.post(address, data={"quarter": "2026-Q1"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert sent.status_code == 303
    assert "What both sides have kept" in pages.open("/?lang=en").text


@pytest.mark.parametrize("path", ["feedback/anne", "publish/incident_contract"])
def test_nobody_else_sends(looking: Pages, path: str) -> None:
    address = f"{looking.link('karim', page=Page.PERSON)}/{path}"
    assert looking.client.get(address).status_code == 403
    assert looking.client.post(address, data={}, headers={"Sec-Fetch-Site": "same-origin"}).status_code == 403
