"""The request form: answers saved together, confirmed, handed in, taken up again; nothing newer is overwritten unseen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from httpx import Response

from ancrage.domain.assessment.types import CellKey
from ancrage.language import Label
from ancrage.notices.links import Page
from ancrage.project import open_project
from ancrage.services.campaign_closing import end_campaign
from ancrage.services.campaign_launch import CampaignPlan, open_campaign
from ancrage.services.campaign_requests import request_changes
from ancrage.services.campaigns import GivenRating, rate
from ancrage.services.request_views import RequestView, requests_of
from tests.support.story import CAMPAIGN, PASSED, copy_of, project_in_the_middle
from tests.web.conftest import Pages, Shown

WHO = "sofia"
OURS = {"Sec-Fetch-Site": "same-origin"}
PDF = b"%PDF-1.7 the minutes of the review"


@pytest.fixture(scope="module")
def answering(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project while its campaign is open; to be copied."""
    return project_in_the_middle(tmp_path_factory.mktemp("form") / "project")


@pytest.fixture
def pages(answering: Path, tmp_path: Path) -> Iterator[Pages]:
    with closing(open_project(copy_of(answering, tmp_path / "project"))) as project:
        yield Pages(project, PASSED)


def form(pages: Pages, campaign: str = CAMPAIGN, person: str = WHO) -> str:
    return f"{pages.link(person, page=Page.PERSON)}/campaigns/{campaign}"


def asked(pages: Pages, campaign: str = CAMPAIGN) -> RequestView:
    with pages.project.reading() as work:
        return requests_of(work, WHO, campaign)[0]


def fields(pages: Pages, campaign: str = CAMPAIGN) -> dict[str, str]:
    """What a browser would send of the form as it is shown now."""
    sent: dict[str, str] = {}
    for it in asked(pages, campaign).questions:
        key = f"{it.process}/{it.practice}"
        sent |= {f"known/{key}": str(it.revision), f"comment/{key}": it.comment}
        if it.value:
            sent[f"answer/{key}"] = it.value
    return sent


def send(pages: Pages, sent: dict[str, str], then: str = "save", campaign: str = CAMPAIGN) -> Response:
    return pages.client.post(f"{form(pages, campaign)}?lang=en", data={**sent, "then": then}, headers=OURS)


def open_keys(pages: Pages, campaign: str = CAMPAIGN) -> list[str]:
    return [f"{it.process}/{it.practice}" for it in asked(pages, campaign).questions if it.value is None]


def value(pages: Pages, key: str, campaign: str = CAMPAIGN) -> str | None:
    return next(it.value for it in asked(pages, campaign).questions if f"{it.process}/{it.practice}" == key)


def fill(pages: Pages, code: str = "LI") -> dict[str, str]:
    return {**{f"answer/{key}": code for key in open_keys(pages)}, **{k: v for k, v in fields(pages).items()}}


def second_cycle(pages: Pages) -> None:
    with pages.project.units() as work:
        end_campaign(work, CAMPAIGN, "chloe", PASSED, ())
    with pages.project.units() as work:
        day = (PASSED + timedelta(days=30)).date()
        plan = CampaignPlan("second", Label.same("Second"), "pmo_competences", ("incident", "problem"), day, day)
        open_campaign(work, plan, "chloe", PASSED)


def test_the_form_shows_every_question_once_and_opening_it_changes_nothing(pages: Pages) -> None:
    before = pages.rows()
    for language in ("en", "fr"):
        shown = pages.open(f"{form(pages)}?lang={language}")
        view = asked(pages)
        assert all(it.practice_name.text(language) in shown.text for it in view.questions)
        assert shown.unlabelled == []
        assert not shown.styled
        assert "script" not in shown.tags
        assert shown.tags.count("fieldset") == len(view.questions)
        assert len(shown.ids) == len(set(shown.ids))
    assert pages.client.head(form(pages)).status_code == 200
    assert pages.rows() == before


def test_progress_counts_answers_and_says_nothing_of_levels(pages: Pages) -> None:
    view, shown = asked(pages), pages.open(f"{form(pages)}?lang=en")
    answered = len(view.questions) - view.unanswered
    assert 0 < answered < len(view.questions)
    assert f"{answered} of {len(view.questions)} answered" in shown.text
    assert "evel" not in shown.text


def test_answers_and_comments_are_saved_together(pages: Pages) -> None:
    first, second, *_ = open_keys(pages)
    sent = {**fields(pages), f"answer/{first}": "FI", f"comment/{first}": "since\r\nMay", f"answer/{second}": "NA"}
    assert send(pages, sent).status_code == 303
    assert (value(pages, first), value(pages, second)) == ("FI", "NA")
    assert next(it.comment for it in asked(pages).questions if f"{it.process}/{it.practice}" == first) == "since\nMay"
    rows = pages.rows()["rating"]
    assert send(pages, fields(pages)).status_code == 303
    assert pages.rows()["rating"] == rows  # saving what is known already writes nothing


def test_an_answer_given_meanwhile_stays_until_its_reader_saves_again(pages: Pages) -> None:
    key, other = open_keys(pages)[:2]
    stale = {**fields(pages), f"answer/{key}": "FI", f"answer/{other}": "PI"}
    with pages.project.units() as work:
        rate(work, CAMPAIGN, WHO, [GivenRating(*CellKey(*key.split("/")), "NI")], PASSED)
    answered = send(pages, stale)
    shown = Shown(answered.text)
    assert answered.status_code == 409
    assert "answered differently since you opened this page" in shown.text
    assert "Answered meanwhile: Not in place" in shown.text
    assert (value(pages, key), value(pages, other)) == ("NI", "PI")  # the rest of the page is kept
    again = {**fields(pages), f"answer/{key}": "FI"}
    assert send(pages, again).status_code == 303
    assert value(pages, key) == "FI"


def test_what_the_reader_did_not_touch_is_left_as_it_became(pages: Pages) -> None:
    view = asked(pages)
    given = next(it for it in view.questions if it.value == "PI")
    stale = fields(pages)
    with pages.project.units() as work:
        rate(work, CAMPAIGN, WHO, [GivenRating(given.process, given.practice, "FI")], PASSED)
    assert send(pages, stale).status_code == 303
    assert value(pages, f"{given.process}/{given.practice}") == "FI"


def test_a_comment_without_an_answer_is_asked_back_and_not_lost(pages: Pages) -> None:
    key = open_keys(pages)[0]
    answered = send(pages, {**fields(pages), f"comment/{key}": "we are <not> sure"})
    assert answered.status_code == 409
    assert "we are &lt;not&gt; sure" in answered.text
    assert value(pages, key) is None


def test_handing_in_needs_every_answer_and_loses_none(pages: Pages) -> None:
    key = open_keys(pages)[0]
    early = send(pages, {**fields(pages), f"answer/{key}": "FI"}, "submit")
    assert early.status_code == 409
    assert "some questions have no answer" in early.text
    assert value(pages, key) == "FI"
    assert send(pages, fill(pages), "submit").headers["location"].endswith("?after=submitted")
    done = pages.open(f"{form(pages)}?lang=en&after=submitted")
    assert "Your answers are handed in" in done.text
    assert [one["action"] for one in done.forms] == [f"{form(pages)}/reopen"]
    assert send(pages, fields(pages) | {f"answer/{key}": "NI"}).status_code == 409
    assert value(pages, key) == "FI"


def test_answers_are_taken_up_again_and_the_history_says_so(pages: Pages) -> None:
    send(pages, fill(pages), "submit")
    with pages.project.units() as work:
        request_changes(work, CAMPAIGN, WHO, "chloe", "say why it is LI", PASSED)
    shown = pages.open(f"{form(pages)}?lang=en")
    assert "given back, with what should change · Chloé Martin: say why it is LI" in shown.text
    send(pages, fields(pages), "submit")
    reopened = pages.client.post(f"{form(pages)}/reopen", data={"why": "one was wrong"}, headers=OURS)
    assert reopened.status_code == 303
    shown = pages.open(f"{form(pages)}?lang=en")
    assert "taken up again · Sofia Ribeiro: one was wrong" in shown.text
    assert asked(pages).submitted_at is None


def test_an_earlier_answer_is_shown_with_its_age_and_confirmed_by_one_button(pages: Pages) -> None:
    second_cycle(pages)
    shown = pages.open(f"{form(pages, 'second')}?lang=en")
    assert "Agreed in january: Partly in place, 0 days ago." in shown.text
    earlier = next(it for it in asked(pages, "second").questions if it.earlier)
    key = f"{earlier.process}/{earlier.practice}"
    assert send(pages, fields(pages, "second"), f"confirm {key}", "second").status_code == 303
    assert value(pages, key, "second") == "PI"


def test_a_closed_campaign_shows_its_answers_and_takes_none(pages: Pages) -> None:
    key = open_keys(pages)[0]
    stale = {**fields(pages), f"answer/{key}": "FI"}
    second_cycle(pages)
    assert "This campaign is closed: its answers never change." in pages.open(f"{form(pages)}?lang=en").text
    before = pages.rows()
    assert send(pages, stale).status_code == 409
    assert pages.rows() == before


@pytest.mark.parametrize("change", [{"answer": "perfect"}, {"known": "-1"}, {"known": "x" * 90}])
def test_a_forged_field_changes_nothing(pages: Pages, change: dict[str, str]) -> None:
    key = open_keys(pages)[0]
    before = pages.rows()["rating"]
    forged = {**fields(pages), f"answer/{key}": "FI", **{f"{name}/{key}": text for name, text in change.items()}}
    send(pages, forged)
    assert pages.rows()["rating"] == before


def test_only_the_persons_own_link_and_our_own_page_may_answer(pages: Pages) -> None:
    before, sent = pages.rows(), fill(pages)
    assert pages.client.post(form(pages), data=sent, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert pages.client.post(f"/p/forged/campaigns/{CAMPAIGN}", data=sent, headers=OURS).status_code == 403
    assert pages.client.get(f"{pages.link('anne', page=Page.PERSON)}/campaigns/{CAMPAIGN}").status_code == 404  # asked nothing
    assert pages.client.get(form(pages, "nowhere")).status_code == 404
    assert pages.client.post(form(pages), content=b"x" * (2 * 1024**2 + 1), headers=OURS).status_code == 413
    assert pages.rows() == before


def test_the_page_of_a_person_and_of_the_commitment_lead_to_the_form(pages: Pages) -> None:
    assert form(pages) in pages.open(pages.link(WHO, page=Page.PERSON)).links
    (link,) = [one for one in pages.open(pages.link(WHO, f"{CAMPAIGN}/{WHO}")).links if one.endswith(f"/campaigns/{CAMPAIGN}")]
    assert "Incident" in pages.open(f"{link}?lang=en").text
    assert not [one for one in pages.open(pages.link("anne", f"{CAMPAIGN}/{WHO}")).links if "/campaigns/" in one]


def evidence(pages: Pages, key: str) -> str:
    process, practice = key.split("/")
    return f"{form(pages)}/evidence?process={process}&practice={practice}&lang=en"


def give(pages: Pages, key: str, content: bytes | None = None, file: str = "minutes.pdf", **data: str) -> Response:
    files = {"file": (file, content)} if content is not None else {"file": ("", b"")}
    return pages.client.post(evidence(pages, key), data=data, files=files, headers=OURS)


def test_evidence_is_given_as_a_link_or_a_file_and_handed_out_as_an_attachment(pages: Pages) -> None:
    key = open_keys(pages)[0]
    went = send(pages, {**fields(pages), f"answer/{key}": "FI"}, f"evidence {key}")
    assert pages.open(went.headers["location"]).unlabelled == []
    assert value(pages, key) == "FI"
    assert give(pages, key, link="https://wiki.example/minutes", name="Minutes").status_code == 303
    assert give(pages, key, PDF, "../../etc/minutes.pdf", expires="2027-01-01").status_code == 303
    shown = pages.open(evidence(pages, key))
    assert "Minutes" in shown.text
    assert "minutes.pdf" in shown.text
    (file,) = [link for link in shown.links if "/evidence/file-" in link]
    out = pages.client.get(file)
    assert (out.content, out.headers["content-type"]) == (PDF, "application/pdf")
    assert out.headers["content-disposition"] == "attachment; filename*=UTF-8''minutes.pdf"
    assert "sandbox" in out.headers["content-security-policy"]
    kept = [path for path in (pages.project.data_folder / "evidence").rglob("*") if path.is_file()]
    assert [len(path.name) for path in kept] == [64]
    assert pages.client.get(file.replace(pages.link(WHO, page=Page.PERSON), pages.link("david", page=Page.PERSON))).status_code == 404


@pytest.mark.parametrize(
    ("content", "data", "words"),
    [
        (b"MZ\x90\x00 a program", {}, "is of no kind that is taken"),
        (b"", {}, "is empty"),
        (None, {}, "one of them"),
        (PDF, {"link": "https://a.example"}, "one of them"),
        (None, {"link": "javascript:alert(1)"}, "begins with http"),
        (None, {"link": "https://a.example", "dated": "2026-05-02", "expires": "2026-05-01"}, "cannot expire"),
        (PDF, {"dated": "tomorrow"}, "is not a date"),
    ],
)
def test_evidence_that_cannot_be_taken_is_refused_with_its_reason(
    pages: Pages, content: bytes | None, data: dict[str, str], words: str
) -> None:
    key, before = open_keys(pages)[0], pages.rows()
    refused = give(pages, key, content, "tool.exe", **data)
    assert refused.status_code == 422
    assert words in refused.text
    assert pages.rows() == before
