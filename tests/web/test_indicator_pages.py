"""Indicators and the anchoring wall as pages: shown to who is known, decided by who is signed in and may; answers to an alert by link."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ancrage.domain.escalation.facts import Result
from ancrage.project import open_project
from ancrage.services.access import ask_for_link, begin_session
from ancrage.services.indicator_charts import proposed_rebases, study_indicator
from ancrage.services.programme import current_programme
from ancrage.web.visitor import COOKIE, write_cookie
from tests.support.fading import DELIVERED, FADING, FALLING, fading_project
from tests.support.story import copy_of
from tests.web.conftest import LATER, Pages

ASKED = f"support_triage@alert:{FADING}/erosion:{FALLING}"
PAGE = f"/indicators/{FADING}"
WITHIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture(scope="module")
def faded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fading_project(tmp_path_factory.mktemp("fading") / "project")


@pytest.fixture
def fading(faded: Path, tmp_path: Path) -> Iterator[Pages]:
    with closing(open_project(copy_of(faded, tmp_path / "project"))) as project:
        yield Pages(project)


def sign_in(pages: Pages, person: str) -> None:
    with pages.project.units() as work:
        email = current_programme(work).organisation.people[person].email
        link = ask_for_link(work, email, LATER)
        assert link is not None
        work.flush()
        secret = begin_session(work, link.id, link.reader.person_id, LATER)
    assert secret is not None
    pages.client.cookies.set(COOKIE, write_cookie(pages.project.link_keys, secret, LATER))


@pytest.mark.parametrize(("address", "words"), [
    ("/indicators?lang=en", ["Incidents triaged within two hours", "is fading", "Anne Delorme", "88%", "none yet"]),
    ("/indicators?lang=fr", ["Incidents triés dans les deux heures", "s’estompe"]),
    (PAGE + "?lang=en", ["The practice is fading.", "The fall began on", "What would change it next", "When we will know more",
                         "When the practice slips back", "a new phase begins on", "Natural limits", "followed closely"]),
    ("/transformations?lang=en", ["The anchoring wall", "We will know more on", "No day can be named yet"]),
    ("/transformations/incident_triage?lang=en", ["Tool delivered", "Is the practice adopted?", "Are its effects seen?",
                                                  "looked for 60 days after that"]),
])  # fmt: skip
def test_what_is_known_is_shown_and_nothing_acts(fading: Pages, address: str, words: list[str]) -> None:
    shown = fading.open(address)
    assert [word for word in words if word not in shown.text] == []
    assert not shown.styled
    assert not shown.forms
    assert len(shown.ids) == len(set(shown.ids))


@pytest.mark.parametrize("address", ["/indicators/nothing", "/transformations/nothing"])
def test_what_is_not_declared_is_said(looking: Pages, address: str) -> None:
    assert looking.client.get(address).status_code == 404


def test_every_picture_speaks_and_has_a_table_beside_it(fading: Pages) -> None:
    shown = fading.open(PAGE + "?lang=en")
    assert {"chart-wide-title", "chart-narrow-desc"} <= set(shown.ids)
    assert "The same figures as a table" in shown.text
    wall = fading.open("/transformations?lang=en")
    assert wall.tags.count("svg") == 2 * wall.text.count("The same days as a table") > 0


def test_nobody_decides_without_being_signed_in(fading: Pages) -> None:
    form = {"deed": "accept", "day": DELIVERED.isoformat(), "why": "the tool came"}
    assert fading.client.post(PAGE, data=form, headers=WITHIN).status_code in (303, 401, 403)
    with fading.project.reading() as work:
        assert proposed_rebases(work, FADING, LATER)[1] == ()


def test_the_owner_accepts_one_phase_and_refuses_another(fading: Pages) -> None:
    sign_in(fading, "sofia")
    shown = fading.open(PAGE + "?lang=en")
    assert [form.get("day") for form in shown.forms if "day" in form] == [DELIVERED.isoformat(), FALLING.isoformat()]
    assert not shown.unlabelled
    for deed, day in (("accept", DELIVERED), ("refuse", FALLING)):
        answer = fading.client.post(PAGE, data={"deed": deed, "day": day.isoformat(), "why": "seen together"}, headers=WITHIN)
        assert answer.status_code == 303
    with fading.project.reading() as work:
        assert proposed_rebases(work, FADING, LATER) == ((), (DELIVERED,))
    after = fading.open(PAGE + "?done=1&lang=en")
    assert "Noted, with your name and your reason." in after.text
    assert "no new phase begins on" in after.text


@pytest.mark.parametrize(("person", "form"), [
    ("david", {"deed": "accept", "day": DELIVERED.isoformat(), "why": "mine?"}),
    ("sofia", {"deed": "accept", "day": "spring", "why": "x"}),
    ("sofia", {"deed": "accept", "day": DELIVERED.isoformat(), "why": ""}),
    ("sofia", {"deed": "bend", "day": DELIVERED.isoformat(), "why": "x"}),
])  # fmt: skip
def test_a_decision_that_is_not_whole_or_not_theirs_changes_nothing(fading: Pages, person: str, form: dict[str, str]) -> None:
    sign_in(fading, person)
    assert 400 <= fading.client.post(PAGE, data=form, headers=WITHIN).status_code < 500
    with fading.project.reading() as work:
        assert study_indicator(work, FADING, LATER).known.decisions == ()


def test_the_owner_retires_it_on_its_page(fading: Pages) -> None:
    sign_in(fading, "sofia")
    form = {"deed": "retire", "why": "the process has gone"}
    assert fading.client.post(PAGE, data=form, headers=WITHIN).status_code == 303
    shown = fading.open(PAGE + "?lang=en")
    assert "retired: nothing is collected any more" in shown.text
    assert "Decide what becomes of it" not in shown.text


@pytest.mark.parametrize(("deed", "fields"), [
    ("act", {"reason": "two more people", "until": "2026-03-31"}), ("accept_level", {"reason": "as good as it gets"}), ("analyse", {}),
    ("waive", {"reason": "known already"}),
])  # fmt: skip
def test_the_sponsor_answers_the_alert_by_link_in_one_of_four_ways(fading: Pages, deed: str, fields: dict[str, str]) -> None:
    person = "anne" if deed != "waive" else "chloe"
    link = fading.link(person, ASKED)
    assert fading.press(link, deed, None, **fields).status_code == 303
    assert fading.view(ASKED).result is (Result.WAIVED if deed == "waive" else Result.KEPT)


def test_to_act_without_a_day_is_refused_and_leaves_the_request_open(fading: Pages) -> None:
    assert fading.press(fading.link("anne", ASKED), "act", reason="soon").status_code == 409
    assert fading.view(ASKED).closed_at is None
