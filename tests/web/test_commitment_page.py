"""The page behind a link: opening it changes nothing, its buttons act once, and only for the person it was made for (ESC-A11, A12)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ancrage.domain.escalation.facts import Result, Status
from ancrage.notices.links import LinkClaims, LinkKeys, Page, sign_link
from tests.support.story import DUE
from tests.web.conftest import ALERT, LATER, Pages, Shown

END_OF_FRIDAY = datetime(2026, 1, 30, 23, 0, tzinfo=UTC)
"""24:00 of Friday 30 January in Paris."""


def test_it_says_what_was_promised_by_when_why_now_and_what_comes_next(looking: Pages) -> None:
    text = looking.open(looking.link() + "?lang=en").text
    for wanted in (
        "I answer within two working days",  # what was promised
        "Thursday 29 January 2026, end of the day",  # by when
        "400",  # why now: the reading that raised the alert
        "Anne",  # from whom
        "will be told, from Wednesday 28 January 2026 at 09:00 on",  # what happens if nobody moves
        "Europe/Paris",
    ):
        assert wanted in text
    assert ALERT not in text


def test_a_stop_of_the_engine_is_shown_on_every_commitment_it_touched(looking: Pages) -> None:
    stopped = "The engine was stopped from Wednesday 14 January 2026 at 16:00 to Tuesday 27 January 2026 at 11:00"  # ESC-C5
    assert stopped in looking.open(looking.link(commitment="chair_incident_committee@2026-01") + "?lang=en").text
    assert stopped not in looking.open(looking.link() + "?lang=en").text


def test_head_and_five_gets_change_nothing(looking: Pages) -> None:
    before = looking.rows()
    assert looking.client.head(looking.link()).status_code == 200
    for _ in range(5):
        looking.open(looking.link())
    assert looking.client.get(looking.link() + "?deed=done&act=" + "0" * 32).status_code == 200
    assert looking.rows() == before


def test_it_is_done_closes_it_once_and_says_so(pages: Pages) -> None:
    pressed = pages.press(pages.link(), "done", reason="Two more people on the desk")
    assert pressed.status_code == 303
    view = pages.view()
    assert (view.status, view.result, view.closed_at) == (Status.CLOSED, Result.KEPT, LATER)
    after = pages.open(pressed.headers["location"] + "&lang=en")
    assert "Noted: it is done" in after.text
    assert after.forms == []


def test_the_same_button_pressed_again_changes_nothing(pages: Pages) -> None:
    shown = pages.open(pages.link())
    pages.press(pages.link(), "acknowledge", shown, until="2026-01-30")
    before = pages.rows()
    pages.now = LATER + timedelta(minutes=5)
    for _ in range(3):
        assert pages.press(pages.link(), "acknowledge", shown, until="2026-02-12").status_code == 303
    assert pages.rows() == before


def test_an_acknowledgement_lasts_to_the_end_of_the_chosen_day(pages: Pages) -> None:
    pages.press(pages.link(), "acknowledge", until="2026-01-30")
    view = pages.view()
    assert view.status is Status.ACKNOWLEDGED
    assert view.held_until is not None
    assert view.held_until >= END_OF_FRIDAY
    assert "Taken care of until" in pages.open(pages.link() + "?lang=en").text
    pages.now = END_OF_FRIDAY - timedelta(hours=1)
    assert "Overdue, taken care of until" in pages.open(pages.link() + "?lang=en").text


def test_an_acknowledgement_without_a_date_lasts_as_the_policy_says(pages: Pages) -> None:
    pages.press(pages.link(), "acknowledge")
    assert pages.view().status is Status.ACKNOWLEDGED


def test_putting_off_works_as_often_as_the_policy_allows(pages: Pages) -> None:
    shown = pages.open(pages.link())
    pages.press(pages.link(), "put_off", shown, until="2026-01-30")
    assert pages.view().status is Status.SNOOZED
    assert all(form.get("deed") != "put_off" for form in pages.open(pages.link()).forms)
    second = pages.client.post(pages.link(), data={**shown.form("put_off"), "act": "f" * 32, "until": "2026-02-03"})
    assert "as often as its contract allows" in pages.open(second.headers["location"] + "&lang=en").text


def test_delegating_tells_the_other_person_and_moves_the_duty(pages: Pages) -> None:
    pages.press(pages.link(), "delegate", to="karim")
    assert pages.view().person_id == "karim"
    assert any(row["person_id"] == "karim" and row["step_id"] == "assigned" for row in pages.rows()["outbox"])


@pytest.mark.parametrize(
    ("deed", "fields", "words"),
    [
        ("delegate", {}, "Choose the person"),
        ("delegate", {"to": "nobody"}, "Choose the person"),
        ("put_off", {}, "needs a date"),
        ("put_off", {"until": "2026-01-20"}, "must lie in the future"),
        ("acknowledge", {"until": "2026-01-01"}, "must lie in the future"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(pages: Pages, deed: str, fields: dict[str, Any], words: str) -> None:
    before = pages.view()
    refused = pages.press(pages.link(), deed, **fields)
    after = pages.open(refused.headers["location"] + "&lang=en")
    assert words in after.text
    assert pages.view() == before


@pytest.mark.parametrize(
    "form",
    [
        {}, {"deed": "done"}, {"deed": "done", "act": "../.."}, {"deed": "explode", "act": "0" * 32},
        {"deed": "put_off", "act": "0" * 32, "until": "tomorrow"}, {"deed": "put_off", "act": "0" * 32, "until": "9999-12-31"},
        {"deed": "ask_waiver", "act": "0" * 32, "reason": "   "},
    ],
)
def test_a_form_that_is_not_ours_is_refused_and_changes_nothing(looking: Pages, form: dict[str, str]) -> None:
    before = looking.rows()
    assert looking.client.post(looking.link(), data=form).status_code in (400, 409)
    assert looking.rows() == before


def test_somebody_whom_the_contract_does_not_name_may_ask_for_a_waiver_but_not_give_it(pages: Pages) -> None:
    shown = pages.open(pages.link())
    before = pages.rows()
    forced = pages.client.post(pages.link(), data={**shown.form("ask_waiver"), "deed": "waive", "reason": "please"})
    assert forced.status_code == 403
    assert pages.rows() == before
    for _ in range(2):
        asked = pages.press(pages.link(), "ask_waiver", shown, reason="The tool is being replaced")
    assert "Noted" in pages.open(asked.headers["location"] + "&lang=en").text
    assert len([row for row in pages.rows()["journal"] if row["what"] == "waiver_asked"]) == 1
    assert pages.view().status is Status.OPEN


def test_who_may_waive_may_refuse_and_the_asker_reads_why(pages: Pages) -> None:
    asked = pages.press(pages.link(), "ask_waiver", reason="The tool is being replaced")
    assert "those who may waive it are told" in pages.open(asked.headers["location"] + "&lang=en").text
    assert all(form.get("deed") != "ask_waiver" for form in pages.open(pages.link()).forms)  # one request at a time
    shown = pages.open(pages.link("chloe"))
    form = {**shown.form("refuse_waiver"), "read": "1", "reason": "Wait for the new tool"}
    assert {"read": "1", "deed": "refuse_waiver"}.items() <= next(one for one in shown.forms if one.get("deed") == "refuse_waiver").items()
    for address, status in ((pages.link("karim"), 403), (pages.link("chloe"), 303), (pages.link("chloe"), 303)):
        pressed = pages.client.post(address, data=form)
        assert pressed.status_code == status
    assert "not waived, and who asked is told" in pages.open(pressed.headers["location"] + "&lang=en").text
    assert "Wait for the new tool" in pages.open(pages.link() + "?lang=en").text
    assert pages.view().status is Status.OPEN
    assert all(one.get("deed") != "refuse_waiver" for one in pages.open(pages.link("chloe")).forms)
    steps = [(row["step_id"], row["person_id"]) for row in pages.rows()["outbox"] if row["commitment_id"] == ALERT]
    assert ("waiver_asked", "chloe") in steps
    assert [step for step in steps if step[0] == "waiver_refused"] == [("waiver_refused", "anne")]


def test_the_person_whom_the_contract_names_reads_the_request_and_waives(pages: Pages) -> None:
    pages.press(pages.link(), "ask_waiver", reason="The tool is being replaced")
    steward = pages.link("chloe")
    assert "The tool is being replaced" in pages.open(steward).text
    pages.press(steward, "waive", reason="Agreed until the new tool is there")
    assert pages.view().result is Result.WAIVED


def test_two_persons_act_each_in_their_own_name(pages: Pages) -> None:
    pages.press(pages.link("anne"), "acknowledge")
    pages.press(pages.link("david"), "done")
    taken = [row for row in pages.rows()["commitment_action"] if row["commitment_id"] == ALERT]
    assert sorted((row["by"], row["kind"]) for row in taken) == [("anne", "ack"), ("david", "fulfil")]


@pytest.mark.parametrize(("person", "by_backup"), [("anne", False), ("bruno", True), ("karim", False)])
def test_what_the_stand_in_of_the_role_does_is_marked_as_such(pages: Pages, person: str, by_backup: bool) -> None:
    pages.press(pages.link(person), "done")  # ESC-M2
    (taken,) = [row for row in pages.rows()["commitment_action"] if row["commitment_id"] == ALERT]
    assert ('"by_backup": true' in taken["detail"]) is by_backup


def test_what_became_of_the_action_of_another_person_is_not_shown(pages: Pages) -> None:
    done = pages.press(pages.link("anne"), "acknowledge")
    after = done.headers["location"].partition("?")[2]
    assert "Noted" not in pages.open(f"{pages.link('david')}?{after}&lang=en").text


def test_a_closed_commitment_has_no_button_and_a_late_press_changes_nothing(pages: Pages) -> None:
    shown = pages.open(pages.link())
    pages.press(pages.link(), "done", shown)
    closed = pages.view()
    late = pages.press(pages.link(), "delegate", shown, to="karim")
    assert "already closed" in pages.open(late.headers["location"] + "&lang=en").text
    assert pages.view() == closed
    assert pages.open(pages.link()).forms == []


FORGED = LinkKeys(("another key, long enough to sign with",))


@pytest.mark.parametrize("fault", ["forged", "expired", "other page", "changed", "person gone", "commitment gone"])
def test_a_link_that_opens_nothing_shows_nothing_and_changes_nothing(looking: Pages, fault: str) -> None:
    claims = LinkClaims(Page.COMMITMENT, "anne", ALERT, DUE, DUE + timedelta(days=30))
    good = looking.link().removeprefix("/c/")
    address, status = {
        "forged": (sign_link(FORGED, claims), 403),
        "expired": (looking.link(days=0).removeprefix("/c/"), 410),
        "other page": (looking.link(page=Page.PERSON).removeprefix("/p/"), 403),
        "changed": (good[:10] + ("A" if good[10] != "A" else "B") + good[11:], 403),
        "person gone": (looking.link("somebody").removeprefix("/c/"), 404),
        "commitment gone": (looking.link(commitment="nothing").removeprefix("/c/"), 404),
    }[fault]
    before = looking.rows()
    form = looking.open(looking.link()).form("done")
    for response in (looking.client.get(f"/c/{address}?lang=en"), looking.client.post(f"/c/{address}?lang=en", data=form)):
        assert response.status_code == status
        text = Shown(response.text).text
        assert "I answer within two working days" not in text
        assert "Open the link of your newest message" in text or status == 404
    assert looking.rows() == before


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_speaks_the_language_of_its_person_unless_another_is_chosen(looking: Pages, language: str) -> None:
    assert looking.open(looking.link(), headers={"Accept-Language": "en"}).language == "fr"
    assert looking.open(f"{looking.link()}?lang={language}").language == language
    assert looking.open(looking.link()).language == language  # the choice is kept


def test_hostile_text_stays_text(pages: Pages) -> None:
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    pages.press(pages.link(), "ask_waiver", reason=evil)
    shown = pages.open(pages.link("chloe"))
    assert evil.split(">")[0] in shown.text
    assert not {"script", "img"} & set(shown.tags)
