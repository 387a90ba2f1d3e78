"""The pages of the lead: launch after a look, cockpit, decisions with their reason, findings, reports; and who may press what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from httpx import Response

from ancrage.project import open_project
from ancrage.services.access import ask_for_link, begin_session
from ancrage.services.campaign_views import CampaignDetail, CellView, detail_campaign
from ancrage.services.campaigns import GivenRating, rate, submit
from ancrage.services.findings import list_findings
from ancrage.storage.campaigns import fetch_requests
from ancrage.web.visitor import COOKIE, write_cookie
from tests.support.story import CAMPAIGN, PASSED, copy_of, project_in_the_middle
from tests.web.conftest import Pages, Shown

OURS = {"Sec-Fetch-Site": "same-origin"}
HERE = f"/campaigns/{CAMPAIGN}"
WHY = "we looked at the records together"


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with a campaign in which everybody has answered, some have handed in; to be copied."""
    folder = project_in_the_middle(tmp_path_factory.mktemp("cockpit") / "project")
    with closing(open_project(folder)) as project, project.units() as work:
        for place, request in enumerate(fetch_requests(work, CAMPAIGN)):
            given = [GivenRating(process, practice, ("FI", "NI")[place % 2]) for process, practice in request.cells]
            rate(work, CAMPAIGN, request.person_id, given, PASSED)
            if place == 0:
                submit(work, CAMPAIGN, request.person_id, PASSED, ())
    return folder


@pytest.fixture
def pages(answered: Path, tmp_path: Path) -> Iterator[Pages]:
    with closing(open_project(copy_of(answered, tmp_path / "project"))) as project:
        yield Pages(project, PASSED)


@pytest.fixture
def guarded(pages: Pages) -> Pages:
    """The same pages where signing in is asked for."""
    return Pages(replace(pages.project, settings=replace(pages.project.settings, sign_in="required")), PASSED)


def sign_in(pages: Pages, email: str) -> None:
    with pages.project.units() as work:
        link = ask_for_link(work, email, PASSED)
        assert link is not None
        work.flush()
        secret = begin_session(work, link.id, link.reader.person_id, PASSED)
    assert secret is not None
    pages.client.cookies.set(COOKIE, write_cookie(pages.project.link_keys, secret, PASSED))


def detail(pages: Pages, campaign: str = CAMPAIGN) -> CampaignDetail:
    with pages.project.reading() as work:
        return detail_campaign(work, campaign)


def press(pages: Pages, deed: str, campaign: str = CAMPAIGN, **fields: Any) -> Response:
    data = {"by": "chloe", "why": WHY, **fields}
    return pages.client.post(f"/campaigns/{campaign}/{deed}?lang=en", data=data, headers=OURS)


def decide(pages: Pages, cell: CellView, value: str, **more: Any) -> Response:
    return press(pages, "decide", process=cell.process, practice=cell.practice, value=value, **more)


def close(pages: Pages, **more: Any) -> Response:
    waiting = sum(who.submitted_at is None for who in detail(pages).respondents)
    return press(pages, "close", **{"sure": "yes", "waiting": waiting, **more})


LOOKED_AT = (
    "/campaigns", HERE, f"{HERE}?cells=all", "/campaigns/new", f"{HERE}/findings", f"{HERE}/report?for=sponsor", f"{HERE}/report?for=lead",
)  # fmt: skip


def test_looking_changes_nothing_and_every_page_is_whole_in_both_languages(pages: Pages) -> None:
    before = pages.rows()
    for address, language in product(LOOKED_AT, ("en", "fr")):
        shown = pages.open(address, params={"lang": language, **dict(re.findall(r"(\w+)=(\w+)", address))})
        assert shown.language == language
        assert shown.unlabelled == []
        assert not shown.styled
        assert "script" not in shown.tags
        assert shown.tags.count("h1") == 1
        assert pages.client.head(address).status_code == 200
    assert pages.rows() == before


def test_the_menu_leads_to_the_campaigns(pages: Pages) -> None:
    assert "/campaigns" in pages.open("/").links
    assert HERE in pages.open("/campaigns").links


def test_the_cockpit_says_who_has_answered_and_what_to_talk_about(pages: Pages) -> None:
    shown, found = pages.open(f"{HERE}?lang=en"), detail(pages)
    assert f"{found.campaign.submitted} / {found.campaign.people}" in shown.text
    assert all(who.name in shown.text for who in found.respondents)
    for cell in found.to_judge[:5]:
        assert cell.practice_name.text("en") in shown.text


def test_a_decision_counts_with_its_reason_and_who_made_it(pages: Pages) -> None:
    cell = detail(pages).cells[0]
    assert decide(pages, cell, "PI").headers["location"] == f"{HERE}?after=decided#talk"
    found = next(it for it in detail(pages).cells if (it.process, it.practice) == (cell.process, cell.practice))
    assert (found.counts, found.decided_by, found.why) == ("PI", "chloe", WHY)


def test_a_decision_made_meanwhile_is_not_overwritten_unseen(pages: Pages) -> None:
    cell = detail(pages).cells[0]
    decide(pages, cell, "PI")
    refused = decide(pages, cell, "FI")
    assert refused.status_code == 409
    assert "decided this cell meanwhile" in refused.text
    assert decide(pages, cell, "FI", known="PI").status_code == 303


REFUSED: tuple[tuple[str, dict[str, Any], int], ...] = (
    ("decide", {"process": "incident", "practice": "nothing", "value": "FI"}, 404),
    ("decide", {"process": "incident", "practice": "metrics.1.1", "value": "FI", "why": " "}, 409),
    ("decide", {"process": "incident", "practice": "metrics.1.1", "value": "excellent"}, 409),
    ("judge", {"process": "incident", "area": "metrics", "level": 1}, 400),
    ("judge", {"process": "incident", "area": "metrics", "level": 99, "significant": "yes"}, 404),
    ("judge", {"process": "incident", "area": "metrics", "level": "x", "significant": "yes"}, 400),
    ("return", {"person": "nobody"}, 404),
    ("close", {"waiting": 1}, 400),
    ("close", {"sure": "yes", "waiting": 77}, 409),
    ("findings", {"finding": "january/incident/metrics"}, 404),
    ("findings", {"finding": "other/incident/metrics"}, 404),
)


def test_what_cannot_be_done_is_refused_with_its_reason(pages: Pages) -> None:
    before = pages.rows()
    for deed, fields, status in REFUSED:
        assert press(pages, deed, **fields).status_code == status, (deed, fields)
    assert pages.rows() == before


def test_a_team_judges_a_group(pages: Pages) -> None:
    judged = press(pages, "judge", process="incident", area="metrics", level=1, significant="yes")
    assert judged.status_code == 303
    (row,) = pages.rows()["judgement"]
    assert (row["decided_by"], row["why"], bool(row["significant"])) == ("chloe", WHY, True)


def test_answers_are_given_back_with_what_should_change(pages: Pages) -> None:
    person = next(who for who in detail(pages).respondents if who.submitted_at)
    assert press(pages, "return", person=person.person).status_code == 303
    assert f"{person.name}: given back, with what should change" in pages.open(f"{HERE}?lang=en").text
    assert next(who for who in detail(pages).respondents if who.person == person.person).submitted_at is None


def test_closing_determines_levels_that_are_shown_drawn_and_reported(pages: Pages) -> None:
    for cell in detail(pages).to_judge:
        decide(pages, cell, "LI")
    assert close(pages).headers["location"] == f"{HERE}?after=closed"
    shown = pages.open(f"{HERE}?lang=en&after=closed")
    assert "levels are below their target" in shown.text or "The lowest is" in shown.text
    assert "svg" in shown.tags
    assert not [form for form in shown.forms if form["action"].startswith(HERE)]
    assert decide(pages, detail(pages).cells[0], "FI", known="LI").status_code == 409  # a closed cycle never changes
    for audience in ("sponsor", "lead"):
        report = pages.open(f"{HERE}/report?for={audience}&lang=en")
        assert "first cycle of its reference model" in report.text
        assert "Stalled promises of the perimeter" in report.text
    assert "Every cell" in pages.open(f"{HERE}/report?for=lead&lang=en").text


def test_a_finding_gets_its_cause_owner_and_date(pages: Pages) -> None:
    close(pages)
    with pages.project.reading() as work:
        finding = next(it for it in list_findings(work, CAMPAIGN) if it.kind == "weakness")
    form = pages.open(f"{HERE}/findings", params={"finding": finding.id, "lang": "en"})
    assert form.unlabelled == []
    noted = press(pages, "findings", finding=finding.id, cause="nobody has time", owner="incident_owner", due="2026-05-01")
    assert noted.status_code == 303
    shown = pages.open(f"{HERE}/findings?lang=en")
    assert "nobody has time" in shown.text
    assert "1 May 2026" in shown.text
    assert press(pages, "findings", finding=finding.id, due="soon").status_code == 400


PLAN = {
    "id": "spring", "name_en": "Spring", "name_fr": "Printemps", "model": "pmo_competences", "objective": "reliability",
    "respondents": "owner", "due": "2026-02-10", "closes": "2026-02-20", "target": "2", "targets": "metrics=3", "every": "6", "by": "chloe",
}  # fmt: skip


def launch(pages: Pages, deed: str, **change: str) -> Response:
    return pages.client.post("/campaigns/new?lang=en", data={**PLAN, "deed": deed, **change}, headers=OURS)


def test_a_campaign_is_launched_after_it_has_shown_who_would_be_asked(pages: Pages) -> None:
    before = pages.rows()
    looked = Shown(launch(pages, "look", within="yes").text)
    assert "people would be asked" in looked.text
    assert pages.rows() == before
    shown = next(form["shown"] for form in looked.forms if "shown" in form)
    assert launch(pages, "launch", within="yes", shown="").status_code == 422  # not unseen
    assert launch(pages, "launch", within="yes", shown=shown, due="2026-02-11").status_code == 422
    assert pages.rows() == before
    assert launch(pages, "launch", within="yes", shown=shown).headers["location"] == "/campaigns/spring?after=launched"
    found = detail(pages, "spring")
    assert (found.targets, found.opened_by, found.campaign.name.text("fr")) == ({"*": 2, "metrics": 3}, "chloe", "Printemps")
    assert launch(pages, "launch", within="yes", shown=shown).status_code == 422  # it is there already


CANNOT_RUN: tuple[tuple[dict[str, str], str], ...] = (
    ({"id": "Été"}, "small letters"),
    ({"id": "new"}, "small letters"),
    ({"id": CAMPAIGN}, "already"),
    ({"model": "nothing"}, "is not declared"),
    ({"objective": "nothing"}, "there is no objective"),
    ({"respondents": "everybody"}, "Choose who answers"),
    ({"due": "tomorrow"}, "is not a date"),
    ({"closes": "2026-02-01"}, "before answers are due"),
    ({"target": "9"}, "from 0 to 5"),
    ({"targets": "cooking=2"}, "There is no practice area cooking"),
    ({"every": "-1"}, "from 1 to 99"),
    ({"process": "nothing", "objective": ""}, "names no process"),
)


def test_a_plan_that_cannot_run_says_why_and_keeps_what_was_typed(pages: Pages) -> None:
    before = pages.rows()
    for change, words in CANNOT_RUN:
        refused = launch(pages, "look", within="yes", **change)
        assert refused.status_code == 422, change
        assert words in Shown(refused.text).text
        assert "Printemps" in refused.text
    assert pages.rows() == before


def test_every_reason_against_a_plan_is_listed(pages: Pages) -> None:
    refused = Shown(launch(pages, "look", model="nothing", targets="", closes="2026-02-01").text)
    assert "reference model nothing is not declared" in refused.text
    assert "before answers are due" in refused.text
    assert refused.tags.count("li") > 1


def test_another_site_presses_no_button(pages: Pages) -> None:
    before = pages.rows()
    for deed in ("decide", "judge", "return", "close", "findings"):
        refused = pages.client.post(f"{HERE}/{deed}", data={"by": "chloe"}, headers={"Sec-Fetch-Site": "cross-site"})
        assert refused.status_code == 403
    assert pages.client.post("/campaigns/new", data=PLAN, headers={"Origin": "https://evil.example"}).status_code == 403
    assert pages.rows() == before


def test_where_nobody_signs_in_only_who_sits_at_this_machine_acts(pages: Pages) -> None:
    cell, before = detail(pages).cells[0], pages.rows()
    data = {"by": "chloe", "why": WHY, "process": cell.process, "practice": cell.practice, "value": "FI"}
    for passed_on in ({"X-Forwarded-For": "10.0.0.7"}, {"Forwarded": "for=10.0.0.7"}):
        assert pages.client.post(f"{HERE}/decide", data=data, headers={**OURS, **passed_on}).status_code == 403
    assert pages.rows() == before


def test_only_a_lead_acts_in_whose_name_it_is(pages: Pages) -> None:
    before = pages.rows()
    assert decide(pages, detail(pages).cells[0], "FI", by="paul").status_code == 403
    assert decide(pages, detail(pages).cells[0], "FI", by="").status_code == 403
    assert pages.rows() == before


def test_where_signing_in_is_asked_for_the_visitor_acts_and_must_be_a_lead(guarded: Pages) -> None:
    assert guarded.client.get(HERE).headers["location"] == "/sign-in"
    sign_in(guarded, "david.okafor@tressane.example")  # a sponsor
    assert guarded.client.get(HERE).status_code == 403
    assert guarded.client.get(f"{HERE}/report?for=lead").status_code == 403
    assert guarded.client.get(f"{HERE}/report?for=sponsor").status_code == 200
    cell = detail(guarded).cells[0]
    assert decide(guarded, cell, "FI").status_code == 403
    sign_in(guarded, "chloe.martin@tressane.example")
    assert "In whose name" not in guarded.open(f"{HERE}?lang=en").text
    assert decide(guarded, cell, "FI", by="anne").status_code == 303
    assert detail(guarded).cells != ()
    assert {row["decided_by"] for row in guarded.rows()["agreed_rating"]} == {"chloe"}
